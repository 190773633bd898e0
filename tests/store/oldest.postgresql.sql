-- A database of the first release (schema 0001) with one subject, on PostgreSQL.
CREATE TABLE public.calibrations (
    id integer NOT NULL,
    name text NOT NULL,
    camera text NOT NULL,
    toml text NOT NULL,
    created_at text NOT NULL
);
CREATE SEQUENCE public.calibrations_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.calibrations_id_seq OWNED BY public.calibrations.id;
CREATE TABLE public.compensations (
    rep_id integer NOT NULL,
    name text NOT NULL,
    value double precision,
    unit text NOT NULL
);
CREATE TABLE public.diary (
    id integer NOT NULL,
    subject_id integer NOT NULL,
    noted_at text NOT NULL,
    discomfort integer,
    place text NOT NULL,
    stopped_early boolean NOT NULL,
    practised_min double precision NOT NULL,
    drill text NOT NULL,
    note text NOT NULL
);
CREATE SEQUENCE public.diary_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.diary_id_seq OWNED BY public.diary.id;
CREATE TABLE public.exclusions (
    id integer NOT NULL,
    rep_id integer NOT NULL,
    reason text NOT NULL,
    at text NOT NULL,
    undone_at text
);
CREATE SEQUENCE public.exclusions_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.exclusions_id_seq OWNED BY public.exclusions.id;
CREATE TABLE public.hiprom_revision (
    version_num character varying(32) NOT NULL
);
CREATE TABLE public.programmes (
    subject_id integer NOT NULL,
    sessions_least integer NOT NULL,
    sessions_most integer NOT NULL,
    minutes_least double precision NOT NULL,
    minutes_most double precision NOT NULL,
    drills json NOT NULL,
    red_flags json,
    changed_at text NOT NULL
);
CREATE TABLE public.reps (
    id integer NOT NULL,
    trial_id integer NOT NULL,
    side text NOT NULL,
    quantity text NOT NULL,
    number integer NOT NULL,
    start_s double precision,
    peak_s double precision,
    end_s double precision,
    plateau_start_s double precision,
    plateau_end_s double precision,
    end_range double precision,
    end_range_low double precision,
    end_range_high double precision,
    neutral double precision,
    excursion double precision,
    hold_s double precision,
    raise_s double precision,
    lower_s double precision,
    peak_velocity double precision,
    shank_tilt_deg double precision,
    compensation_deg double precision,
    flags text NOT NULL,
    valid boolean NOT NULL
);
CREATE SEQUENCE public.reps_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.reps_id_seq OWNED BY public.reps.id;
CREATE TABLE public.sessions (
    id integer NOT NULL,
    subject_id integer NOT NULL,
    day date NOT NULL,
    started_at text NOT NULL
);
CREATE SEQUENCE public.sessions_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.sessions_id_seq OWNED BY public.sessions.id;
CREATE TABLE public.subjects (
    id integer NOT NULL,
    code text NOT NULL,
    display_name text,
    sex text,
    birth_year integer,
    injured_side text,
    created_at text NOT NULL
);
CREATE SEQUENCE public.subjects_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.subjects_id_seq OWNED BY public.subjects.id;
CREATE TABLE public.trials (
    id integer NOT NULL,
    subject_id integer NOT NULL,
    session_id integer NOT NULL,
    video_id integer,
    source_sha256 text NOT NULL,
    settings_sha256 text NOT NULL,
    protocol text NOT NULL,
    side text NOT NULL,
    instrument text NOT NULL,
    video_name text NOT NULL,
    recorded_at text NOT NULL,
    analysed_at text,
    duration_s double precision,
    parameters json NOT NULL,
    software json NOT NULL,
    model_sha256 text NOT NULL,
    camera json NOT NULL,
    summary json NOT NULL,
    landmarks_sha256 text
);
CREATE SEQUENCE public.trials_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.trials_id_seq OWNED BY public.trials.id;
CREATE TABLE public.unsettled_landmarks (
    sha256 text NOT NULL,
    noted_at text NOT NULL
);
CREATE TABLE public.videos (
    id integer NOT NULL,
    sha256 text NOT NULL,
    name text NOT NULL,
    bytes bigint,
    facts json NOT NULL
);
CREATE SEQUENCE public.videos_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.videos_id_seq OWNED BY public.videos.id;
ALTER TABLE ONLY public.calibrations ALTER COLUMN id SET DEFAULT nextval('public.calibrations_id_seq'::regclass);
ALTER TABLE ONLY public.diary ALTER COLUMN id SET DEFAULT nextval('public.diary_id_seq'::regclass);
ALTER TABLE ONLY public.exclusions ALTER COLUMN id SET DEFAULT nextval('public.exclusions_id_seq'::regclass);
ALTER TABLE ONLY public.reps ALTER COLUMN id SET DEFAULT nextval('public.reps_id_seq'::regclass);
ALTER TABLE ONLY public.sessions ALTER COLUMN id SET DEFAULT nextval('public.sessions_id_seq'::regclass);
ALTER TABLE ONLY public.subjects ALTER COLUMN id SET DEFAULT nextval('public.subjects_id_seq'::regclass);
ALTER TABLE ONLY public.trials ALTER COLUMN id SET DEFAULT nextval('public.trials_id_seq'::regclass);
ALTER TABLE ONLY public.videos ALTER COLUMN id SET DEFAULT nextval('public.videos_id_seq'::regclass);
INSERT INTO public.compensations VALUES (1, 'trunk_lean', 2.5, 'deg');
INSERT INTO public.compensations VALUES (1, 'thigh_lift', NULL, 'deg');
INSERT INTO public.compensations VALUES (2, 'trunk_lean', 2.5, 'deg');
INSERT INTO public.compensations VALUES (2, 'thigh_lift', NULL, 'deg');
INSERT INTO public.compensations VALUES (3, 'trunk_lean', 2.5, 'deg');
INSERT INTO public.compensations VALUES (3, 'thigh_lift', NULL, 'deg');
INSERT INTO public.diary VALUES (1, 1, '2026-07-01T12:30:15.250000+02:00', 3, 'groin', true, 5, 'seated_ir', 'it pinched');
INSERT INTO public.exclusions VALUES (1, 2, 'slipped', '2026-11-22T19:15:26.474791+00:00', NULL);
INSERT INTO public.hiprom_revision VALUES ('0001');
INSERT INTO public.programmes VALUES (1, 2, 3, 5, 10, '[]', '["night_pain"]', '2026-11-22T19:15:26.484789+00:00');
INSERT INTO public.reps VALUES (1, 1, 'right', 'hip_rotation_deg', 1, 1, 1.5, 2.25, NULL, NULL, 31.5, 27, 36, -0.1, 31.6, 0, 0.5, 0.75, 0.3333333333333333, 34.5, 3, 'trunk_lean;späte Umkehr', true);
INSERT INTO public.reps VALUES (2, 1, 'right', 'hip_rotation_deg', 2, 2, 3, 4.5, NULL, NULL, 33.25, 28.75, 37.75, -0.1, 33.35, 0, 0.5, 0.75, 0.3333333333333333, 36.25, 3, 'trunk_lean;späte Umkehr', true);
INSERT INTO public.reps VALUES (3, 1, 'left', 'hip_rotation_deg', 1, 1, 1.5, 2.25, NULL, NULL, 31.5, 27, 36, -0.1, 31.6, 0, 0.5, 0.75, 0.3333333333333333, 34.5, 3, 'trunk_lean;späte Umkehr', true);
INSERT INTO public.sessions VALUES (1, 1, '2026-07-01', '2026-07-01T12:30:15.250000+02:00');
INSERT INTO public.subjects VALUES (1, 'OLD-1', 'Erna Ölmann', 'female', 1958, 'left', '2026-11-22T19:15:26.415879+00:00');
INSERT INTO public.trials VALUES (1, 1, 1, 1, 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'f909f6b4a717ba870d3c2e216358a1d62f6cb47b50cf514e1704ca361719ffde', 'seated_ir', 'both', 'hiprom video', 'größe & Höhe.mp4', '2026-07-01T12:30:15.250000+02:00', '2026-07-02T00:00:00+00:00', 31.25, '{"smoothing_hz": 6.0, "window": null}', '{"hiprom": "1.0.0"}', 'ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff', '{"yaw_deg": 3.0}', '{"schema": "hiprom.summary/1", "sides": {"right": {"mean": 32.4}}}', '3e0cf22dd6099be615524e23b7f71a7ee54025e2bab6fa23914d65a7f577feb6');
INSERT INTO public.videos VALUES (1, 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'größe & Höhe.mp4', 5000000000, '{"fps": 29.97, "frames": 900, "note": "naïve"}');
SELECT pg_catalog.setval('public.calibrations_id_seq', 1, false);
SELECT pg_catalog.setval('public.diary_id_seq', 1, true);
SELECT pg_catalog.setval('public.exclusions_id_seq', 1, true);
SELECT pg_catalog.setval('public.reps_id_seq', 3, true);
SELECT pg_catalog.setval('public.sessions_id_seq', 1, true);
SELECT pg_catalog.setval('public.subjects_id_seq', 1, true);
SELECT pg_catalog.setval('public.trials_id_seq', 1, true);
SELECT pg_catalog.setval('public.videos_id_seq', 1, true);
ALTER TABLE ONLY public.hiprom_revision
    ADD CONSTRAINT hiprom_revision_pkc PRIMARY KEY (version_num);
ALTER TABLE ONLY public.calibrations
    ADD CONSTRAINT pk_calibrations PRIMARY KEY (id);
ALTER TABLE ONLY public.compensations
    ADD CONSTRAINT pk_compensations PRIMARY KEY (rep_id, name);
ALTER TABLE ONLY public.diary
    ADD CONSTRAINT pk_diary PRIMARY KEY (id);
ALTER TABLE ONLY public.exclusions
    ADD CONSTRAINT pk_exclusions PRIMARY KEY (id);
ALTER TABLE ONLY public.programmes
    ADD CONSTRAINT pk_programmes PRIMARY KEY (subject_id);
ALTER TABLE ONLY public.reps
    ADD CONSTRAINT pk_reps PRIMARY KEY (id);
ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT pk_sessions PRIMARY KEY (id);
ALTER TABLE ONLY public.subjects
    ADD CONSTRAINT pk_subjects PRIMARY KEY (id);
ALTER TABLE ONLY public.trials
    ADD CONSTRAINT pk_trials PRIMARY KEY (id);
ALTER TABLE ONLY public.unsettled_landmarks
    ADD CONSTRAINT pk_unsettled_landmarks PRIMARY KEY (sha256);
ALTER TABLE ONLY public.videos
    ADD CONSTRAINT pk_videos PRIMARY KEY (id);
ALTER TABLE ONLY public.calibrations
    ADD CONSTRAINT uq_calibrations_name UNIQUE (name);
ALTER TABLE ONLY public.reps
    ADD CONSTRAINT uq_reps_trial_id_side_quantity_number UNIQUE (trial_id, side, quantity, number);
ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT uq_sessions_subject_id_day UNIQUE (subject_id, day);
ALTER TABLE ONLY public.subjects
    ADD CONSTRAINT uq_subjects_code UNIQUE (code);
ALTER TABLE ONLY public.trials
    ADD CONSTRAINT uq_trials_subject_id_source_sha256_settings_sha256 UNIQUE (subject_id, source_sha256, settings_sha256);
ALTER TABLE ONLY public.videos
    ADD CONSTRAINT uq_videos_sha256 UNIQUE (sha256);
CREATE INDEX ix_diary_subject_id ON public.diary USING btree (subject_id);
CREATE INDEX ix_exclusions_rep_id ON public.exclusions USING btree (rep_id);
CREATE INDEX ix_trials_landmarks_sha256 ON public.trials USING btree (landmarks_sha256);
CREATE INDEX ix_trials_session_id ON public.trials USING btree (session_id);
CREATE INDEX ix_trials_video_id ON public.trials USING btree (video_id);
ALTER TABLE ONLY public.compensations
    ADD CONSTRAINT fk_compensations_rep_id FOREIGN KEY (rep_id) REFERENCES public.reps(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.diary
    ADD CONSTRAINT fk_diary_subject_id FOREIGN KEY (subject_id) REFERENCES public.subjects(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.exclusions
    ADD CONSTRAINT fk_exclusions_rep_id FOREIGN KEY (rep_id) REFERENCES public.reps(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.programmes
    ADD CONSTRAINT fk_programmes_subject_id FOREIGN KEY (subject_id) REFERENCES public.subjects(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.reps
    ADD CONSTRAINT fk_reps_trial_id FOREIGN KEY (trial_id) REFERENCES public.trials(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT fk_sessions_subject_id FOREIGN KEY (subject_id) REFERENCES public.subjects(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.trials
    ADD CONSTRAINT fk_trials_session_id FOREIGN KEY (session_id) REFERENCES public.sessions(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.trials
    ADD CONSTRAINT fk_trials_subject_id FOREIGN KEY (subject_id) REFERENCES public.subjects(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.trials
    ADD CONSTRAINT fk_trials_video_id FOREIGN KEY (video_id) REFERENCES public.videos(id);

-- A database of the first release (schema 0001) with one subject, on SQLite.
BEGIN TRANSACTION;
CREATE TABLE calibrations (
	id INTEGER NOT NULL,
	name TEXT NOT NULL,
	camera TEXT NOT NULL,
	toml TEXT NOT NULL,
	created_at TEXT NOT NULL,
	CONSTRAINT pk_calibrations PRIMARY KEY (id),
	CONSTRAINT uq_calibrations_name UNIQUE (name)
);
CREATE TABLE compensations (
	rep_id INTEGER NOT NULL,
	name TEXT NOT NULL,
	value DOUBLE,
	unit TEXT NOT NULL,
	CONSTRAINT pk_compensations PRIMARY KEY (rep_id, name),
	CONSTRAINT fk_compensations_rep_id FOREIGN KEY(rep_id) REFERENCES reps (id) ON DELETE CASCADE
);
INSERT INTO "compensations" VALUES(1,'trunk_lean',2.5,'deg');
INSERT INTO "compensations" VALUES(1,'thigh_lift',NULL,'deg');
INSERT INTO "compensations" VALUES(2,'trunk_lean',2.5,'deg');
INSERT INTO "compensations" VALUES(2,'thigh_lift',NULL,'deg');
INSERT INTO "compensations" VALUES(3,'trunk_lean',2.5,'deg');
INSERT INTO "compensations" VALUES(3,'thigh_lift',NULL,'deg');
CREATE TABLE diary (
	id INTEGER NOT NULL,
	subject_id INTEGER NOT NULL,
	noted_at TEXT NOT NULL,
	discomfort INTEGER,
	place TEXT NOT NULL,
	stopped_early BOOLEAN NOT NULL,
	practised_min DOUBLE NOT NULL,
	drill TEXT NOT NULL,
	note TEXT NOT NULL,
	CONSTRAINT pk_diary PRIMARY KEY (id),
	CONSTRAINT fk_diary_subject_id FOREIGN KEY(subject_id) REFERENCES subjects (id) ON DELETE CASCADE
);
INSERT INTO "diary" VALUES(1,1,'2026-07-01T12:30:15.250000+02:00',3,'groin',1,5.0,'seated_ir','it pinched');
CREATE TABLE exclusions (
	id INTEGER NOT NULL,
	rep_id INTEGER NOT NULL,
	reason TEXT NOT NULL,
	at TEXT NOT NULL,
	undone_at TEXT,
	CONSTRAINT pk_exclusions PRIMARY KEY (id),
	CONSTRAINT fk_exclusions_rep_id FOREIGN KEY(rep_id) REFERENCES reps (id) ON DELETE CASCADE
);
INSERT INTO "exclusions" VALUES(1,2,'slipped','2026-11-22T19:15:26.019000+00:00',NULL);
CREATE TABLE hiprom_revision (
	version_num VARCHAR(32) NOT NULL,
	CONSTRAINT hiprom_revision_pkc PRIMARY KEY (version_num)
);
INSERT INTO "hiprom_revision" VALUES('0001');
CREATE TABLE programmes (
	subject_id INTEGER NOT NULL,
	sessions_least INTEGER NOT NULL,
	sessions_most INTEGER NOT NULL,
	minutes_least DOUBLE NOT NULL,
	minutes_most DOUBLE NOT NULL,
	drills JSON NOT NULL,
	red_flags JSON,
	changed_at TEXT NOT NULL,
	CONSTRAINT pk_programmes PRIMARY KEY (subject_id),
	CONSTRAINT fk_programmes_subject_id FOREIGN KEY(subject_id) REFERENCES subjects (id) ON DELETE CASCADE
);
INSERT INTO "programmes" VALUES(1,2,3,5.0,10.0,'[]','["night_pain"]','2026-11-22T19:15:26.027540+00:00');
CREATE TABLE reps (
	id INTEGER NOT NULL,
	trial_id INTEGER NOT NULL,
	side TEXT NOT NULL,
	quantity TEXT NOT NULL,
	number INTEGER NOT NULL,
	start_s DOUBLE,
	peak_s DOUBLE,
	end_s DOUBLE,
	plateau_start_s DOUBLE,
	plateau_end_s DOUBLE,
	end_range DOUBLE,
	end_range_low DOUBLE,
	end_range_high DOUBLE,
	neutral DOUBLE,
	excursion DOUBLE,
	hold_s DOUBLE,
	raise_s DOUBLE,
	lower_s DOUBLE,
	peak_velocity DOUBLE,
	shank_tilt_deg DOUBLE,
	compensation_deg DOUBLE,
	flags TEXT NOT NULL,
	valid BOOLEAN NOT NULL,
	CONSTRAINT pk_reps PRIMARY KEY (id),
	CONSTRAINT uq_reps_trial_id_side_quantity_number UNIQUE (trial_id, side, quantity, number),
	CONSTRAINT fk_reps_trial_id FOREIGN KEY(trial_id) REFERENCES trials (id) ON DELETE CASCADE
);
INSERT INTO "reps" VALUES(1,1,'right','hip_rotation_deg',1,1.0,1.5,2.25,NULL,NULL,31.5,27.0,36.0,-0.1,31.6,0.0,0.5,0.75,3.33333333333333314829e-01,34.5,3.0,'trunk_lean;späte Umkehr',1);
INSERT INTO "reps" VALUES(2,1,'right','hip_rotation_deg',2,2.0,3.0,4.5,NULL,NULL,33.25,28.75,37.75,-0.1,33.35,0.0,0.5,0.75,3.33333333333333314829e-01,36.25,3.0,'trunk_lean;späte Umkehr',1);
INSERT INTO "reps" VALUES(3,1,'left','hip_rotation_deg',1,1.0,1.5,2.25,NULL,NULL,31.5,27.0,36.0,-0.1,31.6,0.0,0.5,0.75,3.33333333333333314829e-01,34.5,3.0,'trunk_lean;späte Umkehr',1);
CREATE TABLE sessions (
	id INTEGER NOT NULL,
	subject_id INTEGER NOT NULL,
	day DATE NOT NULL,
	started_at TEXT NOT NULL,
	CONSTRAINT pk_sessions PRIMARY KEY (id),
	CONSTRAINT uq_sessions_subject_id_day UNIQUE (subject_id, day),
	CONSTRAINT fk_sessions_subject_id FOREIGN KEY(subject_id) REFERENCES subjects (id) ON DELETE CASCADE
);
INSERT INTO "sessions" VALUES(1,1,'2026-07-01','2026-07-01T12:30:15.250000+02:00');
CREATE TABLE subjects (
	id INTEGER NOT NULL,
	code TEXT NOT NULL,
	display_name TEXT,
	sex TEXT,
	birth_year INTEGER,
	injured_side TEXT,
	created_at TEXT NOT NULL,
	CONSTRAINT pk_subjects PRIMARY KEY (id),
	CONSTRAINT uq_subjects_code UNIQUE (code)
);
INSERT INTO "subjects" VALUES(1,'OLD-1','Erna Ölmann','female',1958,'left','2026-11-22T19:15:25.964148+00:00');
CREATE TABLE trials (
	id INTEGER NOT NULL,
	subject_id INTEGER NOT NULL,
	session_id INTEGER NOT NULL,
	video_id INTEGER,
	source_sha256 TEXT NOT NULL,
	settings_sha256 TEXT NOT NULL,
	protocol TEXT NOT NULL,
	side TEXT NOT NULL,
	instrument TEXT NOT NULL,
	video_name TEXT NOT NULL,
	recorded_at TEXT NOT NULL,
	analysed_at TEXT,
	duration_s DOUBLE,
	parameters JSON NOT NULL,
	software JSON NOT NULL,
	model_sha256 TEXT NOT NULL,
	camera JSON NOT NULL,
	summary JSON NOT NULL,
	landmarks_sha256 TEXT,
	CONSTRAINT pk_trials PRIMARY KEY (id),
	CONSTRAINT uq_trials_subject_id_source_sha256_settings_sha256 UNIQUE (subject_id, source_sha256, settings_sha256),
	CONSTRAINT fk_trials_subject_id FOREIGN KEY(subject_id) REFERENCES subjects (id) ON DELETE CASCADE,
	CONSTRAINT fk_trials_session_id FOREIGN KEY(session_id) REFERENCES sessions (id) ON DELETE CASCADE,
	CONSTRAINT fk_trials_video_id FOREIGN KEY(video_id) REFERENCES videos (id)
);
INSERT INTO "trials" VALUES(1,1,1,1,'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa','f909f6b4a717ba870d3c2e216358a1d62f6cb47b50cf514e1704ca361719ffde','seated_ir','both','hiprom video','größe & Höhe.mp4','2026-07-01T12:30:15.250000+02:00','2026-07-02T00:00:00+00:00',31.25,'{"smoothing_hz": 6.0, "window": null}','{"hiprom": "1.0.0"}','ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff','{"yaw_deg": 3.0}','{"schema": "hiprom.summary/1", "sides": {"right": {"mean": 32.4}}}','3e0cf22dd6099be615524e23b7f71a7ee54025e2bab6fa23914d65a7f577feb6');
CREATE TABLE unsettled_landmarks (
	sha256 TEXT NOT NULL,
	noted_at TEXT NOT NULL,
	CONSTRAINT pk_unsettled_landmarks PRIMARY KEY (sha256)
);
CREATE TABLE videos (
	id INTEGER NOT NULL,
	sha256 TEXT NOT NULL,
	name TEXT NOT NULL,
	bytes BIGINT,
	facts JSON NOT NULL,
	CONSTRAINT pk_videos PRIMARY KEY (id),
	CONSTRAINT uq_videos_sha256 UNIQUE (sha256)
);
INSERT INTO "videos" VALUES(1,'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa','größe & Höhe.mp4',5000000000,'{"fps": 29.97, "frames": 900, "note": "naïve"}');
CREATE INDEX ix_diary_subject_id ON diary (subject_id);
CREATE INDEX ix_trials_session_id ON trials (session_id);
CREATE INDEX ix_trials_video_id ON trials (video_id);
CREATE INDEX ix_trials_landmarks_sha256 ON trials (landmarks_sha256);
CREATE INDEX ix_exclusions_rep_id ON exclusions (rep_id);
COMMIT;

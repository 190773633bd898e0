"""Tests for hiprom.store.store: a trial goes in once and comes out as it was."""

import math
import stat
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields, replace
from datetime import timedelta

import pytest
import recordings
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from recordings import NOON, SUMMER, saved_rep, trial, write
from sqlalchemy import select

from hiprom.core.history import SavedRep, Subject
from hiprom.core.measurement import Rep
from hiprom.errors import InputError, StoreError, UnknownSubject
from hiprom.store.rep_rows import NUMBERS
from hiprom.store.store import Store
from hiprom.store.tables import reps, sessions

# Text that both databases hold: no NUL, no half of a surrogate pair.
WORDS = st.text(
    st.characters(exclude_characters="\0;", exclude_categories=["Cs"]), min_size=1
)
# SQLite keeps -0.0 as 0.0, which is the same angle.
DOUBLES = st.floats().map(lambda value: value + 0.0)
REPS = st.builds(
    Rep,
    number=st.integers(1, 10_000),
    flags=st.lists(WORDS, max_size=3).map(tuple),
    valid=st.booleans(),
    changes=st.dictionaries(WORDS, DOUBLES, max_size=3),
    **dict.fromkeys(NUMBERS, DOUBLES),
)
SAVED_REPS = st.builds(
    SavedRep,
    side=st.sampled_from(["left", "right", "both"]),
    quantity=st.sampled_from(["hip_rotation_deg", "knee_gap_m"]),
    rep=REPS,
    excluded=st.none() | WORDS,
)


def test_every_number_of_a_rep_has_a_column():
    numbers = {each.name for each in fields(Rep)} - {"changes", "further"}

    assert numbers <= set(reps.c.keys())


def test_a_trial_comes_back_as_it_was_saved(store):
    saved = store.save_trial("P01", trial(), write)
    (kept,) = store.trials("P01")

    assert saved.is_new
    assert repr(kept) == repr(saved.trial)
    assert kept.recorded_at == NOON
    assert kept.recorded_at.utcoffset() == timedelta(hours=2)
    assert (kept.protocol, kept.instrument) == ("seated_ir", "hiprom video")
    assert (kept.video, kept.duration_s) == ("größe & Höhe.mp4", 31.25)
    assert kept.summary == trial().summary
    assert recordings.alike(kept.reps) == recordings.alike(trial().reps)


@settings(
    max_examples=40,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(some=st.lists(SAVED_REPS, max_size=6))
def test_any_rep_comes_back_bit_for_bit(store, some):
    one_each = {(each.side, each.quantity, each.rep.number): each for each in some}
    new = trial(reps=tuple(one_each.values()), video=None)
    code = f"P{len(store.subjects())}"

    kept = store.save_trial(code, new).trial

    assert recordings.alike(kept.reps) == recordings.alike(new.reps)


def test_unknown_numbers_are_nan_again(store):
    new = trial(
        duration_s=math.nan, summary={"mean": math.nan}, parameters={"a": math.nan}
    )

    kept = store.save_trial("P01", new).trial

    assert math.isnan(kept.duration_s)
    assert kept.summary == {"mean": None}
    assert not store.save_trial("P01", new).is_new


class TestTheSameTrialTwice:
    def test_is_one_and_its_landmarks_are_not_written_again(self, store):
        first = store.save_trial("P01", trial(), write)

        def never(_path):
            raise AssertionError

        later = trial(reps=(), analysed_at=None, software={"hiprom": "2.0.0"})
        again = store.save_trial("P01", later, never)

        assert not again.is_new
        assert repr(again.trial) == repr(first.trial)
        assert len(store.trials("P01")) == 1

    @pytest.mark.parametrize(
        "other",
        [
            {"side": "left"},
            {"protocol": "seated_er"},
            {"parameters": {"smoothing_hz": 4.0}},
            {"model_sha256": "0" * 64},
            {"video": recordings.video("b")},
        ],
        ids=lambda other: next(iter(other)),
    )
    def test_is_two_where_the_video_or_a_setting_differs(self, store, other):
        store.save_trial("P01", trial())

        assert store.save_trial("P01", trial(**other)).is_new

    def test_is_two_for_two_subjects_who_share_the_video(self, store):
        store.save_trial("P01", trial(), write)

        assert store.save_trial("P02", trial(), write).is_new
        assert len(store.trials("P01")) == len(store.trials("P02")) == 1

    def test_without_a_video_the_moment_tells(self, store):
        store.save_trial("P01", trial(video=None))
        elsewhere = NOON.astimezone(None)
        later = NOON + timedelta(seconds=40)

        assert not store.save_trial(
            "P01", trial(video=None, recorded_at=elsewhere)
        ).is_new
        assert store.save_trial("P01", trial(video=None, recorded_at=later)).is_new

    def test_is_one_when_many_save_it_at_once(self, store):
        def save(number):
            def write_mine(path):
                path.write_text(f"analysed by {number}")

            return store.save_trial("P01", trial(), write_mine)

        with ThreadPoolExecutor(8) as crowd:
            saved = list(crowd.map(save, range(16)))

        assert sum(each.is_new for each in saved) == 1
        assert len({each.trial.trial_id for each in saved}) == 1
        assert len(store.trials("P01")) == 1
        assert store.fsck() == ()


class TestSessions:
    def test_a_session_is_a_day_on_the_subjects_own_calendar(self, store):
        late = NOON.replace(hour=23, minute=50)
        moments = [late, NOON, late + timedelta(minutes=20)]
        for moment in moments:
            store.save_trial("P01", trial(video=None, recorded_at=moment))

        kept = store.trials("P01")

        assert [each.recorded_at for each in kept] == sorted(moments)
        assert kept[0].session_id == kept[1].session_id != kept[2].session_id

    def test_a_session_starts_with_its_first_trial_whenever_that_is_saved(self, store):
        for minutes in (30, 0, 50):
            moment = NOON + timedelta(minutes=minutes)
            store.save_trial("P01", trial(video=None, recorded_at=moment))

        with store._database.reading() as connection:
            assert connection.execute(
                select(sessions.c.started_at)
            ).scalars().all() == [NOON]

    def test_two_subjects_on_one_day_have_a_session_each(self, store):
        one = store.save_trial("P01", trial()).trial
        other = store.save_trial("P02", trial()).trial

        assert one.session_id != other.session_id

    def test_trials_are_in_order_of_time_across_time_zones(self, store):
        first = NOON.astimezone(SUMMER)
        second = (NOON + timedelta(minutes=1)).astimezone(None)
        store.save_trial("P01", trial(video=None, recorded_at=second))
        store.save_trial("P01", trial(video=None, recorded_at=first))

        assert [each.recorded_at for each in store.trials("P01")] == [first, second]

    def test_one_protocol_can_be_asked_for(self, store):
        store.save_trial("P01", trial())
        store.save_trial("P01", trial(protocol="seated_er"))

        (kept,) = store.trials("P01", protocol="seated_er")

        assert kept.protocol == "seated_er"
        assert len(store.trials("P01")) == 2


class TestWhatCannotBeKept:
    def test_a_time_without_its_offset(self, store):
        with pytest.raises(InputError, match="no offset from UTC"):
            store.save_trial("P01", trial(recorded_at=NOON.replace(tzinfo=None)))

    def test_two_reps_that_cannot_be_told_apart(self, store):
        with pytest.raises(InputError, match=r"Rep 2 .* right side is there twice"):
            store.save_trial("P01", trial(reps=(saved_rep(2), saved_rep(2))))

    @pytest.mark.parametrize("flag", ["a;b", ""])
    def test_a_flag_that_would_be_read_as_two_or_none(self, store, flag):
        with pytest.raises(InputError, match="semicolon"):
            store.save_trial("P01", trial(reps=(saved_rep(flags=(flag,)),)))

        assert store.subjects() == ()

    @pytest.mark.parametrize("code", ["", " P01", "a\nb", "--yes", "x" * 65])
    def test_a_code_that_would_be_misread(self, store, code):
        with pytest.raises(InputError, match="The subject code"):
            store.save_trial(code, trial())

    def test_what_the_landmark_writer_says_is_passed_on_and_nothing_stays(
        self, store, folder
    ):
        def fails(path):
            path.write_bytes(b"half")
            raise StoreError("The pen broke.")

        with pytest.raises(StoreError, match="pen broke"):
            store.save_trial("P01", trial(), fails)

        assert [p for p in folder.rglob("*") if "landmarks" in str(p.parent)] == []
        assert store.subjects() == ()


class TestLandmarks:
    def test_are_named_by_their_contents_and_found_by_the_trial(self, store, folder):
        kept = store.save_trial("P01", trial(), write).trial
        path = store.landmarks(kept.trial_id)

        assert path.read_bytes() == recordings.LANDMARKS
        assert path.parent.parent == folder / "landmarks"
        assert path.parent.name == path.stem[:2]
        assert [p.name for p in (folder / "landmarks").iterdir()] == [path.parent.name]

    def test_are_none_for_a_trial_without(self, store):
        kept = store.save_trial("P01", trial()).trial

        assert store.landmarks(kept.trial_id) is None

    def test_that_are_gone_are_said_to_be(self, store):
        kept = store.save_trial("P01", trial(), write).trial
        store.landmarks(kept.trial_id).unlink()

        with pytest.raises(StoreError, match="are gone"):
            store.landmarks(kept.trial_id)

    def test_of_no_trial(self, store):
        with pytest.raises(InputError, match="no trial 7000000"):
            store.landmarks(7_000_000)


class TestExclusions:
    def test_a_rep_is_taken_out_and_back_in(self, store):
        kept = store.save_trial("P01", trial()).trial
        which = (kept.trial_id, "right", "hip_rotation_deg", 2)

        store.exclude_rep(*which, "slipped")
        store.exclude_rep(*which, "slipped off the chair")
        out = [each.excluded for each in store.trials("P01")[0].reps]
        store.include_rep(*which)
        store.include_rep(*which)
        back = store.trials("P01")[0].reps

        assert out == [None, "slipped off the chair", None]
        assert all(each.counts for each in back)

    def test_the_trail_is_never_erased(self, store):
        kept = store.save_trial("P01", trial()).trial
        which = (kept.trial_id, "right", "hip_rotation_deg", 2)
        store.exclude_rep(*which, "slipped")
        store.include_rep(*which)
        store.exclude_rep(*which, "cramp")

        trail = store.exclusions(kept.trial_id)
        assert [(each.reason, each.undone_at is None) for each in trail] == [
            ("slipped", False),
            ("cramp", True),
        ]
        assert (trail[1].side, trail[1].number) == ("right", 2)

        with store._database.reading() as connection:
            rows = connection.exec_driver_sql(
                "SELECT reason, undone_at IS NULL FROM exclusions ORDER BY id"
            ).all()

        assert [tuple(each) for each in rows] == [("slipped", 0), ("cramp", 1)]

    def test_no_reason_and_no_such_rep_are_refused(self, store):
        kept = store.save_trial("P01", trial()).trial

        with pytest.raises(InputError, match="for a reason"):
            store.exclude_rep(kept.trial_id, "left", "hip_rotation_deg", 1, " ")
        with pytest.raises(InputError, match="no rep 9"):
            store.exclude_rep(kept.trial_id, "left", "hip_rotation_deg", 9, "slipped")


class TestImports:
    def many(self, count=20):
        return [
            trial(
                recorded_at=NOON + timedelta(days=day),
                video=recordings.Video(f"day {day}.mp4"),
                instrument="goniometer",
                reps=tuple(saved_rep(number + 1) for number in range(4)),
            )
            for day in range(count)
        ]

    def test_add_all_reps_once(self, store):
        first = store.import_trials("P01", self.many())
        again = store.import_trials("P01", self.many())

        assert (first.trials, first.reps, first.known) == (20, 80, 0)
        assert (again.trials, again.reps, again.known) == (0, 0, 80)
        assert again.differing == 0
        kept = store.trials("P01")
        assert len(kept) == len({each.session_id for each in kept}) == 20
        assert recordings.alike(kept[3].reps) == recordings.alike(self.many()[3].reps)

    def test_a_longer_table_adds_what_is_new(self, store):
        (one,) = self.many(1)
        store.import_trials("P01", [replace(one, reps=one.reps[:2])])

        added = store.import_trials("P01", [one])

        assert (added.trials, added.reps, added.known) == (0, 2, 2)
        assert [each.rep.number for each in store.trials("P01")[0].reps] == [1, 2, 3, 4]

    def test_other_numbers_for_a_known_rep_are_counted_and_left_out(self, store):
        (one,) = self.many(1)
        store.import_trials("P01", [one])
        changed = replace(one, reps=(saved_rep(1, end_range=50.0), *one.reps[1:]))

        added = store.import_trials("P01", [changed])

        assert (added.known, added.differing) == (4, 1)
        assert store.trials("P01")[0].reps[0].rep.end_range == 31.5

    def test_rows_one_by_one_make_one_trial(self, store):
        (one,) = self.many(1)

        added = store.import_trials(
            "P01", [replace(one, reps=(each,)) for each in (*one.reps, one.reps[0])]
        )

        assert (added.trials, added.reps) == (1, 4)

    def test_rows_that_contradict_each_other_add_nothing(self, store):
        (one,) = self.many(1)
        other = replace(one, reps=(saved_rep(2, end_range=1.0),))

        with pytest.raises(InputError, match="with different numbers"):
            store.import_trials("P01", [*self.many(3), other])

        assert store.subjects() == ()

    def test_the_table_of_a_trial_that_was_saved_adds_nothing(self, store):
        store.save_trial("P01", trial())

        added = store.import_trials("P01", [trial(side="auto", parameters={})])

        assert (added.trials, added.reps, added.known) == (0, 0, 3)
        assert len(store.trials("P01")) == 1

    def test_what_a_saved_trial_lacks_goes_into_a_trial_of_its_own(self, store):
        saved = store.save_trial("P01", trial()).trial
        longer = trial(reps=(*trial().reps, saved_rep(3)))

        added = store.import_trials("P01", [longer])

        assert (added.trials, added.reps, added.known) == (1, 1, 3)
        first, second = store.trials("P01")
        assert (first.trial_id, len(first.reps)) == (saved.trial_id, 3)
        assert [each.rep.number for each in second.reps] == [3]
        assert store.import_trials("P01", [longer]).known == 4


def test_an_unknown_subject_is_said_to_be_with_a_near_one(store):
    store.put_subject(Subject("Patient-07"))

    with pytest.raises(UnknownSubject, match="Did you mean 'Patient-07'") as caught:
        store.trials("patient07")
    assert caught.value.near == ("Patient-07",)


def test_only_the_owner_can_read_what_is_kept(folder):
    with Store.open(None, folder) as store:
        store.save_trial("P01", trial(), write)
        modes = {
            path.relative_to(folder): stat.S_IMODE(path.stat().st_mode)
            for path in folder.rglob("*")
        }

        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert len(modes) >= 6
        for path, mode in modes.items():
            assert mode == (0o700 if (folder / path).is_dir() else 0o600), path

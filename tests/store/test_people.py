"""Tests for hiprom.store: subjects, their diary, and what they mean to do."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from recordings import NOON, trial

from hiprom.core.history import DiaryEntry, Programme, Subject
from hiprom.errors import InputError, UnknownSubject

ERNA = Subject("P01", "Erna Ölmann", "female", 1958, "left")


def test_a_subject_is_kept_and_changed(store):
    store.put_subject(ERNA)
    first = store.subject("P01")
    store.put_subject(Subject("P01", sex="male"))

    assert first == ERNA
    assert store.subject("P01") == Subject("P01", sex="male")


def test_a_saved_trial_makes_a_subject_and_leaves_a_known_one_alone(store):
    store.put_subject(ERNA)
    store.save_trial("P01", trial())
    store.save_trial("P02", trial())

    assert store.subject("P01") == ERNA
    assert store.subject("P02") == Subject("P02")


def test_the_list_counts_what_is_kept_of_each(store):
    store.put_subject(Subject("P02"))
    store.put_subject(ERNA)
    for days in (3, 0):
        moment = NOON + timedelta(days=days)
        store.save_trial("P01", trial(video=None, recorded_at=moment))
    store.save_trial("P01", trial(video=None, side="left"))

    one, other = store.subjects()

    assert one.subject == ERNA
    assert (one.sessions, one.trials, one.reps) == (2, 3, 9)
    assert one.last_day == date(2026, 7, 4)
    assert (other.sessions, other.trials, other.reps) == (0, 0, 0)
    assert other.last_day is None


@pytest.mark.parametrize("ask", ["subject", "trials", "diary", "programme", "forget"])
def test_nothing_is_kept_of_somebody_unknown(store, ask):
    store.put_subject(Subject("P08"))

    with pytest.raises(UnknownSubject, match=r"no subject 'P09' in the history\.$"):
        getattr(store, ask)("P09")


class TestDiary:
    ENTRY = DiaryEntry(
        NOON, 3, "groin", stopped_early=True, practised_min=7.5, drill="", note="zog 🙂"
    )

    def test_entries_come_back_in_order_of_time(self, store):
        earlier = replace(self.ENTRY, noted_at=datetime(2026, 7, 1, 10, tzinfo=UTC))
        store.add_diary("P01", self.ENTRY)
        store.add_diary("P01", earlier)
        store.add_diary("P02", DiaryEntry(NOON))

        assert store.diary("P01") == (earlier, self.ENTRY)
        assert store.diary("P02") == (DiaryEntry(NOON),)

    @pytest.mark.parametrize("discomfort", [-1, 11])
    def test_discomfort_is_0_to_10(self, store, discomfort):
        with pytest.raises(InputError, match=f"Discomfort is {discomfort}"):
            store.add_diary("P01", replace(self.ENTRY, discomfort=discomfort))

    def test_a_time_has_an_offset(self, store):
        with pytest.raises(InputError, match="no offset"):
            store.add_diary("P01", DiaryEntry(NOON.replace(tzinfo=None)))

    def test_an_entry_that_is_removed_is_gone_and_others_stay(self, store):
        other = replace(self.ENTRY, note="another")
        for entry in (self.ENTRY, other, self.ENTRY):
            store.add_diary("P01", entry)
        store.add_diary("P02", self.ENTRY)

        assert store.remove_diary("P01", self.ENTRY)
        assert sorted(e.note for e in store.diary("P01")) == sorted(
            [self.ENTRY.note, other.note]
        )
        assert store.remove_diary("P01", self.ENTRY)
        assert not store.remove_diary("P01", self.ENTRY)
        assert store.diary("P01") == (other,)
        assert store.diary("P02") == (self.ENTRY,)


class TestProgramme:
    OWN = Programme((1, 4), (3.5, 12.0), ("seated_ir", "clamshell"), ("night_pain",))

    def test_is_the_usual_one_until_one_is_put(self, store):
        store.put_subject(ERNA)

        assert store.programme("P01") == Programme()

    @pytest.mark.parametrize("flags", [None, (), ("night_pain", "fever")])
    def test_takes_the_place_of_the_last(self, store, flags):
        store.put_programme("P01", self.OWN)
        store.put_programme("P01", replace(self.OWN, red_flags=flags))

        assert store.programme("P01") == replace(self.OWN, red_flags=flags)

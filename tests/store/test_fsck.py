"""Tests for hiprom.store.fsck: what does not fit is named, and left alone."""

import pytest
from recordings import trial, write

from hiprom.store.landmark_files import LandmarkFiles


@pytest.fixture
def kept(store):
    """One trial with landmarks: its file."""
    saved = store.save_trial("P01", trial(), write)
    return store.landmarks(saved.trial.trial_id)


def test_a_sound_history_has_no_faults(store, kept):
    store.save_trial("P01", trial(side="left"))

    assert kept.exists()
    assert store.fsck() == ()


def test_a_trial_without_its_file(store, kept):
    kept.unlink()

    (fault,) = store.fsck()

    assert (fault.kind, fault.where) == ("missing", str(kept))
    assert f"trial {store.trials('P01')[0].trial_id} of P01" in fault.found


def test_a_file_without_its_trial(store, kept):
    orphan = kept.parents[1] / "00" / f"{'0' * 64}.parquet"
    orphan.parent.mkdir()
    orphan.write_bytes(b"whose?")

    (fault,) = store.fsck()

    assert (fault.kind, fault.where) == ("orphan", str(orphan))
    assert orphan.exists()


def test_a_file_that_was_changed(store, kept):
    content = bytearray(kept.read_bytes())
    content[100] ^= 1
    kept.write_bytes(content)

    (fault,) = store.fsck()

    assert (fault.kind, fault.where) == ("altered", str(kept))
    assert kept.read_bytes() == content


def test_a_file_that_somebody_was_writing_when_the_light_went_out(store, kept):
    leftover = kept.parents[1] / ".arriving-x.parquet"
    leftover.write_bytes(b"half")

    (fault,) = store.fsck()
    store.save_trial("P01", trial(side="left"), lambda path: path.write_bytes(b"new"))

    assert (fault.kind, fault.where) == ("leftover", str(leftover))
    assert not leftover.exists()


def test_a_file_that_somebody_is_writing_now_is_no_fault(store, folder):
    files = LandmarkFiles(folder)
    found = []

    def slow(path):
        path.write_bytes(b"half")
        found.append((files.leftovers(), store.fsck()))
        store.save_trial("P02", trial(), write)
        path.write_bytes(b"whole")

    saved = store.save_trial("P01", trial(), slow)

    assert found == [([], ())]
    assert store.landmarks(saved.trial.trial_id).read_bytes() == b"whole"
    assert store.fsck() == ()


def test_rows_that_refer_to_none(store, url):
    if url is not None:
        pytest.skip("PostgreSQL lets nobody do it")
    store.save_trial("P01", trial())
    with store._database.outside_transactions() as connection:
        connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
        connection.exec_driver_sql("DELETE FROM trials")
        connection.exec_driver_sql("PRAGMA foreign_keys=ON")

    faults = store.fsck()

    assert {fault.kind for fault in faults} == {"damaged"}
    assert "A row of reps refers to none in trials." in {each.found for each in faults}

"""Several quantities of a rep in the history: kept, left out and erased together."""

from datetime import UTC, date, datetime

import made_up
import pytest

from hiprom.core.history import saved_reps
from hiprom.errors import InputError
from hiprom.keeping import exclude, look_back
from hiprom.store.new_trial import NewTrial

WHEN = datetime(2026, 5, 4, 9, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def made_up_protocols():
    with made_up.known():
        yield


@pytest.fixture
def kept(store):
    (side,) = made_up.gap_trial()[0].sides
    reps = tuple(saved_reps(side))
    trial = NewTrial(recorded_at=WHEN, protocol="made_up_gap", reps=reps)
    return store.save_trial("P01", trial, None).trial


def test_each_comes_back_as_it_went_in(store, kept):
    (side,) = made_up.gap_trial()[0].sides
    (trial,) = store.trials("P01")

    assert repr(trial.reps) == repr(kept.reps) == repr(tuple(saved_reps(side)))
    assert len(trial.reps) == 3 * len(side.reps)


def test_a_rep_that_is_left_out_takes_all_its_quantities_along(store, kept):
    exclude("P01", kept.trial_id, "both", 2, store, reason="a foot slipped")
    (trial,) = store.trials("P01")

    out = [saved for saved in trial.reps if saved.excluded]
    assert {saved.rep.number for saved in out} == {2}
    assert len({saved.quantity for saved in out}) == len(out) == 3
    seen = look_back("P01", store, on=date(2026, 5, 4))
    assert {len(each.sessions[0].reps) for each in (*seen.series, *seen.further)} == {3}

    exclude("P01", kept.trial_id, "both", 2, store, back=True)
    assert not any(saved.excluded for saved in store.trials("P01")[0].reps)


def test_a_side_that_was_not_measured_is_refused(store, kept):
    with pytest.raises(InputError, match="no repetition 2 on the left side"):
        exclude("P01", kept.trial_id, "left", 2, store, reason="slipped")


def test_a_rep_is_counted_once_in_the_list_and_when_it_is_erased(store, kept):
    (listed,) = store.subjects()

    assert listed.reps == 4
    assert store.forget("P01").reps == 4
    assert kept.reps


def test_the_same_table_twice_adds_nothing(store, kept):
    again = NewTrial(recorded_at=WHEN, protocol="made_up_gap", reps=kept.reps)

    added = store.import_trials("P01", [again])

    assert (added.reps, added.known, added.differing) == (0, 12, 0)

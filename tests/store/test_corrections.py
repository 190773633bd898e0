"""A trial that gives way to another: which counts, and what stands on record."""

import pytest
import recordings

from hiprom.core.history import series_of
from hiprom.core.overview import overview
from hiprom.errors import InputError
from hiprom.store.corrections import Wrong

LEFT = recordings.trial(side="left", reps=(recordings.saved_rep(1, side="left"),))


@pytest.fixture
def two(store):
    """A trial, and the one that was measured in its place."""
    first = store.save_trial("P01", recordings.trial(), recordings.write).trial
    wrong = Wrong(first.trial_id, "it was the left leg", "MK")
    second = store.save_trial("P01", LEFT, recordings.write, wrong=wrong).trial
    return first.trial_id, second.trial_id


def counting(store):
    return [each.trial_id for each in store.trials("P01") if each.set_aside is None]


def test_only_what_took_its_place_counts(store, two):
    first, second = two
    trials = store.trials("P01")

    assert counting(store) == [second]
    assert {each.set_aside for each in trials} == {None, "it was the left leg"}
    assert [(each.measure.side, len(each.sessions)) for each in series_of(trials)] == [
        ("left", 1)
    ]
    seen = overview(store.subject("P01"), trials, today=trials[0].recorded_at.date())
    assert [each.trial_id for each in seen.trials] == [second]
    assert [each.trial_id for each in seen.set_aside] == [first]
    assert seen.adherence.weeks[-1].sessions == 1
    (listed,) = store.subjects()
    assert (listed.sessions, listed.trials, listed.reps) == (1, 1, 1)


def test_the_trail_says_what_when_why_and_who(store, two):
    first, second = two
    (step,) = store.corrections(first)

    assert store.corrections(second) == (step,)
    assert (step.trial_id, step.instead_id) == two
    assert (step.protocol, step.side) == ("seated_ir", "both")
    assert (step.reason, step.who) == ("it was the left leg", "MK")
    assert step.at.utcoffset() is not None
    assert step.undone_at is None


def test_what_is_put_back_counts_in_the_place_of_the_other(store, two):
    first, second = two
    store.put_back(first, "it was right before", "MK")

    assert counting(store) == [first]
    undone, standing = store.corrections(second)
    assert undone.undone_at is not None
    assert (standing.trial_id, standing.instead_id) == (second, first)
    with pytest.raises(InputError, match="counts already"):
        store.put_back(first, "again")


def test_of_a_chain_only_one_counts_whatever_is_put_back(store, two):
    first, second = two
    wrong = Wrong(second, "it was external rotation")
    other = recordings.trial(protocol="seated_er")
    third = store.save_trial("P01", other, recordings.write, wrong=wrong).trial.trial_id
    assert counting(store) == [third]
    assert len(store.corrections(first)) == 2

    for each in (first, second, third, first):
        store.put_back(each, "once more")
        assert counting(store) == [each]


def test_measured_as_before_it_is_the_trial_of_before(store, two):
    first, second = two
    wrong = Wrong(second, "no, both legs")
    back = store.save_trial("P01", recordings.trial(), recordings.write, wrong=wrong)

    assert (back.trial.trial_id, back.is_new) == (first, False)
    assert back.trial.set_aside is None
    assert counting(store) == [first]


def test_a_trial_does_not_give_way_to_itself_or_without_a_reason(store, two):
    _, second = two
    for wrong, why in (
        (Wrong(second, "hm"), "measured like that already"),
        (Wrong(second, " "), "for a reason"),
    ):
        with pytest.raises(InputError, match=why):
            store.save_trial("P01", LEFT, recordings.write, wrong=wrong)
    assert counting(store) == [second]


def test_what_counts_no_more_cannot_be_corrected_but_saying_it_twice_is_no_error(
    store, two
):
    first, second = two
    wrong = Wrong(first, "it was the left leg", "MK")
    store.save_trial("P01", LEFT, recordings.write, wrong=wrong)
    assert counting(store) == [second]

    other = recordings.trial(protocol="seated_er")
    with pytest.raises(InputError, match="counts no more"):
        store.save_trial("P01", other, recordings.write, wrong=wrong)
    assert len(store.trials("P01")) == 2


def test_another_persons_trial_may_take_its_place_and_be_erased(store, two):
    _, second = two
    wrong = Wrong(second, "it was another person")
    store.save_trial("P02", LEFT, recordings.write, wrong=wrong)
    assert counting(store) == []
    assert [(each.sessions, each.trials) for each in store.subjects()] == [
        (0, 0),
        (1, 1),
    ]
    store.forget("P02")

    assert store.corrections(second)[-1].instead_id is None
    store.put_back(second, "it was P01 after all")
    assert counting(store) == [second]
    store.forget("P01")
    assert store.corrections(second) == ()


def test_a_judgement_of_a_rep_remembers_who_made_it(store, two):
    _, second = two
    store.exclude_rep(second, "left", "hip_rotation_deg", 1, "slipped", who="MK")

    assert [(each.reason, each.who) for each in store.exclusions(second)] == [
        ("slipped", "MK")
    ]

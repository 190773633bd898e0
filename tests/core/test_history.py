"""Saved trials sorted into series: what may be compared, and what must not."""

from dataclasses import replace
from datetime import timedelta

import made_up
import numpy as np
import pytest
from histories import START, rep, series, trial
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from hiprom.core.history import (
    VIDEO,
    Measure,
    SavedRep,
    SavedTrial,
    Session,
    Subject,
    in_common,
    saved_reps,
    series_of,
)
from hiprom.core.overview import overview
from hiprom.core.protocols import one_way


def test_trials_of_one_session_are_put_together():
    morning = trial(3.0, (30.0, 32.0), trial_id=1, session_id=7)
    later = trial(3.1, (34.0,), trial_id=2, session_id=7)

    (only,) = series_of([later, morning])

    (session,) = only.sessions
    assert session.session_id == 7
    assert session.recorded_at == morning.recorded_at
    assert_allclose(session.end_ranges, [30.0, 32.0, 34.0])
    assert session.mean == pytest.approx(32.0)


def test_sessions_stand_in_order_of_time_whatever_their_numbers():
    trials = [
        trial(9.0, (33.0,), session_id=1, trial_id=1),
        trial(2.0, (31.0,), session_id=5, trial_id=5),
        trial(0.0, (30.0,), session_id=9, trial_id=9),
    ]

    (only,) = series_of(trials)

    assert_allclose(only.means, [30.0, 31.0, 33.0])
    assert_allclose(only.time_days, [0.0, 2.0, 9.0])


@pytest.mark.parametrize(
    "other",
    [{"side": "left"}, {"protocol": "seated_er"}, {"instrument": "goniometer"}],
)
def test_only_what_was_measured_alike_is_one_series(other):
    both = series_of([trial(0.0), trial(1.0, **other)])

    assert len(both) == 2
    assert [len(each.sessions) for each in both] == [1, 1]


def test_quantities_of_one_trial_are_series_of_their_own():
    first = trial(0.0, (30.0,))
    knee = SavedRep("right", "hip_adduction_deg", rep(1, 12.0))

    both = series_of([replace(first, reps=(*first.reps, knee))])

    assert {each.measure.quantity for each in both} == {
        "hip_rotation_deg",
        "hip_adduction_deg",
    }


@pytest.mark.parametrize(
    ("facts", "excluded"),
    [({"valid": False}, None), ({"end_range": np.nan}, None), ({}, "camera fell")],
)
def test_what_does_not_count_changes_nothing(facts, excluded):
    kept = trial(0.0, (30.0, 31.0))
    out = SavedRep("right", "hip_rotation_deg", rep(3, **facts), excluded)

    (only,) = series_of([replace(kept, reps=(*kept.reps, out))])

    assert out.counts is False
    assert_allclose(only.means, [30.5])


def test_a_session_without_a_rep_that_counts_is_no_session():
    assert series_of([trial(0.0, (30.0,), valid=False)]) == ()


def test_a_session_tells_its_scatter_and_its_error():
    (session,) = series([30.0]).sessions
    several = Session(1, START, tuple(rep(n, 30.0 + n) for n in range(4)))

    assert np.isnan(session.sd)
    assert np.isnan(session.sem)
    assert several.sd == pytest.approx(np.sqrt(5 / 3))
    assert several.sem == pytest.approx(np.sqrt(5 / 3) / 2)
    assert several.error_sd == pytest.approx(2.9 / 1.96)


def test_many_reps_do_not_make_a_session_surer_than_one():
    few = Session(1, START, (rep(1, half_width=4.0),))
    many = Session(1, START, tuple(rep(n, half_width=4.0) for n in range(10)))

    assert many.error_sd == pytest.approx(few.error_sd)


def test_a_rep_without_an_interval_says_nothing_of_the_error():
    without = rep(1, half_width=np.nan)

    assert np.isnan(Session(1, START, (without,)).error_sd)
    assert Session(1, START, (without, rep(2))).error_sd == pytest.approx(2.9 / 1.96)


@pytest.mark.parametrize(("direction", "best"), [(1, 33.0), (-1, -2.0)])
def test_the_best_rep_went_furthest_in_the_protocol_s_direction(direction, best):
    session = Session(1, START, tuple(rep(n, x) for n, x in enumerate([5, 33, -2])))

    assert session.best(direction).end_range == best


@given(order=st.permutations(range(6)))
def test_the_order_in_which_trials_come_does_not_matter(order):
    trials = [
        trial(n // 2, (30.0 + n,), trial_id=n, session_id=n // 2) for n in range(6)
    ]

    (shuffled,) = series_of([trials[n] for n in order])
    (sorted_,) = series_of(trials)

    assert (
        shuffled.measure
        == sorted_.measure
        == Measure("seated_ir", "hip_rotation_deg", "right")
    )
    for one, other in zip(shuffled.sessions, sorted_.sessions, strict=True):
        assert one.session_id == other.session_id
        assert [r.end_range for r in one.reps] == [r.end_range for r in other.reps]


@given(days=st.floats(-1000, 1000))
def test_moving_everything_in_time_moves_nothing_else(days):
    trials = [trial(d, (30.0 + d,)) for d in (0.0, 3.5, 8.0)]
    moved = [
        replace(each, recorded_at=each.recorded_at + timedelta(days=days))
        for each in trials
    ]

    (before,), (after,) = series_of(trials), series_of(moved)

    assert_allclose(after.time_days, before.time_days, atol=1e-9)
    assert_allclose(after.means, before.means)


class TestAnyMovement:
    """Several quantities, the whole body, both ways."""

    @pytest.fixture(autouse=True)
    def made_up_protocols(self):
        with made_up.known():
            yield

    def kept(self, measurement, number=1):
        return SavedTrial(
            trial_id=number,
            session_id=number,
            recorded_at=START + timedelta(days=7 * number),
            protocol=measurement.protocol.name,
            instrument=VIDEO,
            video="",
            duration_s=30.0,
            reps=tuple(r for side in measurement.sides for r in saved_reps(side)),
        )

    def test_each_quantity_of_a_rep_is_kept_with_its_number_times_and_values(self):
        (side,) = made_up.gap_trial()[0].sides
        reps = list(saved_reps(side))
        primary, ratio, height = reps[:3]

        assert len(reps) == 3 * len(side.reps)
        assert {each.side for each in reps} == {"both"}
        assert [each.quantity for each in reps[:3]] == [
            *("knee_gap_m", "gap_ratio", "knee_height_cm")
        ]
        assert primary.rep == replace(side.reps[0], further={})
        assert height.rep.end_range == 13.0
        assert (height.rep.end_range_low, height.rep.neutral) == (11.0, 20.0)
        assert height.rep.excursion == -7.0
        assert (height.rep.start_s, height.rep.number) == (primary.rep.start_s, 1)
        assert np.isnan(ratio.rep.end_range_low)
        assert np.isnan(ratio.rep.hold_s)
        assert ratio.rep.flags == ()

    def test_the_two_ways_of_a_movement_never_share_a_mean(self):
        measurement, _ = made_up.turns_trial()
        series = series_of([self.kept(measurement)])
        means = {
            (each.measure.quantity, each.measure.direction): each.sessions[0].mean
            for each in series
        }

        inwards, outwards = measurement.sides
        assert means == {
            ("hip_rotation_deg", 1): pytest.approx(inwards.mean),
            ("hip_rotation_deg", -1): pytest.approx(outwards.mean),
            ("turn_s", 1): pytest.approx(inwards.further_means["turn_s"]),
            ("turn_s", -1): pytest.approx(outwards.further_means["turn_s"]),
        }
        assert inwards.mean > 30 > -30 > outwards.mean

    def test_in_a_list_kept_by_hand_the_end_alone_tells_the_way(self):
        reps = tuple(
            SavedRep("left", "hip_rotation_deg", rep(n, end, excursion=np.nan))
            for n, end in enumerate((30.0, -25.0), start=1)
        )
        listed = replace(trial(), protocol="made_up_turns", reps=reps)

        assert [each.measure.direction for each in series_of([listed])] == [-1, 1]

    def test_an_overview_has_a_trend_of_what_the_protocol_is_about_alone(self):
        trials = [self.kept(made_up.gap_trial()[0], number) for number in range(3)]
        found = overview(Subject("P01"), trials, today=START.date())

        assert [each.measure.quantity for each in found.series] == ["knee_gap_m"]
        assert [each.measure.quantity for each in found.further] == [
            *("gap_ratio", "knee_height_cm")
        ]
        (progress,) = found.progress
        assert progress.error.source_sentence.startswith("Nobody has measured it for")
        assert progress.trend is None
        assert progress.places == ()
        assert found.asymmetries == ()

    def test_one_way_of_two_is_a_protocol_of_its_own(self):
        (inwards, outwards) = (
            Measure("made_up_turns", "hip_rotation_deg", "left", direction=way).known
            for way in (1, -1)
        )

        assert inwards.title == "Turns, internal rotation"
        assert (outwards.direction, outwards.movement) == (-1, "external rotation")
        assert one_way(made_up.GAP, 1) is made_up.GAP


class TestWhatMayBeCompared:
    def numbers(self, one, trials):
        return [other.trial_id for other, _ in in_common(one, trials)]

    def test_is_alike_and_of_another_session(self):
        one, alike = trial(0.0), trial(5.0)
        same_day = trial(0.0, trial_id=50, session_id=one.session_id)
        others = [
            trial(6.0, side="left"),
            trial(7.0, protocol="seated_er"),
            trial(8.0, instrument="goniometer"),
            trial(9.0, valid=False),
            trial(10.0, protocol="nobody_knows"),
            replace(trial(11.0), set_aside="it was the left leg"),
        ]
        trials = [one, same_day, alike, *others]

        assert self.numbers(one, trials) == [alike.trial_id]
        assert self.numbers(alike, trials) == [one.trial_id, same_day.trial_id]
        for other in others:
            assert self.numbers(other, trials) == []

    def test_is_told_by_measure(self):
        both = replace(trial(0.0), reps=trial().reps + trial(side="left").reps)
        left = trial(5.0, side="left")

        ((other, measures),) = in_common(both, [both, left])
        assert other is left
        assert [measure.side for measure in measures] == ["left"]


def test_a_trial_that_was_set_aside_is_in_no_series():
    assert series_of([replace(trial(), set_aside="it was the left leg")]) == ()

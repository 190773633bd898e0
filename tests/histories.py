"""A made-up year of sessions whose true range is known on every day.

The truth follows one of four courses; each session shows it with an error of known
size, the same for all of its repetitions, and there are missed days and a long pause.
Tests compare what the statistics say with `Year.truth_deg`, which these never see.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np

from hiprom.core.history import VIDEO, SavedRep, SavedTrial, Series, series_of
from hiprom.core.measurement import Rep

COURSES = ("levels off", "step after a pause", "flat", "slow decline")
START = datetime(2025, 1, 6, 18, 30, tzinfo=UTC)
USUAL_HALF_WIDTH_DEG = 2.9


@dataclass(frozen=True)
class Year:
    """Trials of one measure, and what was true when they were recorded."""

    trials: tuple[SavedTrial, ...]
    truth_deg: np.ndarray

    @property
    def series(self) -> Series:
        (only,) = series_of(self.trials)
        return only


def rep(number=1, end_range=30.0, *, half_width=USUAL_HALF_WIDTH_DEG, **changes):
    """One repetition of four seconds; anything about it may be said otherwise."""
    start_s = 1.0 + 6.0 * (number - 1)
    facts = {
        "number": number,
        "start_s": start_s,
        "peak_s": start_s + 2.0,
        "end_s": start_s + 4.0,
        "plateau_start_s": start_s + 1.2,
        "plateau_end_s": start_s + 2.5,
        "end_range": end_range,
        "end_range_low": end_range - half_width,
        "end_range_high": end_range + half_width,
        "neutral": 0.0,
        "excursion": end_range,
        "hold_s": 1.3,
        "raise_s": 1.2,
        "lower_s": 1.5,
        "peak_velocity": 40.0,
        "shank_tilt_deg": end_range + 1.0,
        "compensation_deg": 1.0,
        "flags": (),
        "valid": True,
    }
    return Rep(**(facts | changes))


def trial(
    day=0.0,
    end_ranges=(30.0, 31.0, 29.0),
    *,
    side="right",
    protocol="seated_ir",
    instrument=VIDEO,
    session_id=None,
    trial_id=None,
    half_width=USUAL_HALF_WIDTH_DEG,
    duration_s=30.0,
    **changes,
):
    """One recording, so many days after START: a session of its own by default."""
    number = int(day) + 1
    return SavedTrial(
        trial_id=number if trial_id is None else trial_id,
        session_id=number if session_id is None else session_id,
        recorded_at=START + timedelta(days=day),
        protocol=protocol,
        instrument=instrument,
        video="",
        duration_s=duration_s,
        reps=tuple(
            SavedRep(
                side,
                "hip_rotation_deg",
                rep(number, end_range, half_width=half_width, **changes),
            )
            for number, end_range in enumerate(end_ranges, start=1)
        ),
    )


def series(end_ranges, *, every=7.0, **told):
    """Sessions of one repetition each, so many days apart."""
    trials = [
        trial(every * n, (end_range,), trial_id=n, session_id=n, **told)
        for n, end_range in enumerate(end_ranges)
    ]
    (only,) = series_of(trials)
    return only


def year(seed, course="flat", *, sem_deg=1.95, poor_views=0.1, direction=1):
    """A year of sessions, two to four a week, with missed days and a long pause.

    `sem_deg` is the standard deviation of a session's mean about the truth. A share of
    the sessions has a poor view: their intervals are about twice as wide, and their
    error has as much more variance as the intervals say.
    """
    rng = np.random.default_rng([seed, COURSES.index(course)])
    days = np.cumsum(
        rng.choice([2.0, 3.0, 4.0, 7.0], p=[0.35, 0.35, 0.2, 0.1], size=150)
    )
    days = np.round(days - days[0] + rng.uniform(-0.1, 0.1, len(days)), 4)
    pause, pause_days = rng.uniform(100, 240), rng.uniform(21, 56)
    shown = (days < pause) | (days > pause + pause_days)
    days = days[(days < 365) & shown & (rng.random(len(days)) > rng.uniform(0.1, 0.4))]
    truth = _course(course, days, pause + pause_days, rng)
    trials = []
    for number, (day, true) in enumerate(zip(days, truth, strict=True)):
        half_width = USUAL_HALF_WIDTH_DEG * rng.uniform(0.85, 1.15)
        error_sd = sem_deg
        if rng.random() < poor_views:
            half_width *= rng.uniform(1.7, 2.5)
            beyond = half_width**2 - USUAL_HALF_WIDTH_DEG**2
            error_sd = np.sqrt(sem_deg**2 + beyond / 1.96**2)
        within = rng.normal(0.0, 1.2, rng.integers(3, 6))
        shown_deg = true + rng.normal(0.0, error_sd) + within - within.mean()
        trials.append(
            trial(
                day,
                direction * shown_deg,
                trial_id=number,
                session_id=number,
                half_width=half_width,
                protocol="seated_ir" if direction == 1 else "seated_er",
            )
        )
    return Year(tuple(trials), direction * truth)


def _course(course, days, change_day, rng):
    start = rng.uniform(22.0, 38.0)
    if course == "levels off":
        gain, pace_days = rng.uniform(6.0, 14.0), rng.uniform(30.0, 100.0)
        return start + gain * (1 - np.exp(-days / pace_days))
    if course == "step after a pause":
        return start - rng.uniform(5.0, 10.0) * (days >= change_day)
    if course == "slow decline":
        return start - rng.uniform(4.0, 10.0) * days / 365
    return np.full(len(days), start)

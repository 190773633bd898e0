"""Made-up subjects for the reports: a year of both sides, one session, poor views."""

from dataclasses import replace
from datetime import timedelta

import histories
import numpy as np

from hiprom.core.history import DiaryEntry, Measure, Programme, SavedRep, Subject
from hiprom.core.landmarks import Landmark
from hiprom.core.overview import overview
from hiprom.report.history import Pose

ANNA = Subject("P-07", display_name="Anna Beispiel", sex="female", birth_year=1986)
HOSTILE = (
    '<img src=x onerror=alert(1)>"&\u202e $x^2$ \u674e \U0001f9b5 \n\t' + "W" * 400
)
_UNKNOWN = (
    *("end_range_low", "end_range_high", "hold_s", "raise_s", "lower_s", "start_s"),
    *("end_s", "peak_s", "plateau_start_s", "plateau_end_s", "neutral", "excursion"),
    *("compensation_deg", "shank_tilt_deg"),
)


def seen(trials, *, subject=None, diary=(), programme=None):
    """The overview of some trials on the day of the last one."""
    trials = tuple(trials)
    today = max((each.recorded_at for each in trials), default=histories.START)
    subject = subject or Subject("P-01")
    return overview(subject, trials, diary, programme, today=today.date())


def a_year(*, subject=ANNA, seed=3):
    """Both sides, two protocols, a diary, a programme: all that there can be."""
    inner = histories.year(seed, "levels off").trials
    outer = _of_another_day(histories.year(seed, "flat", direction=-1).trials)
    right = [*inner, *outer]
    left = [*left_of(inner, less_deg=5.0), *left_of(outer, less_deg=-2.0)]
    trials = tuple(_lively([*right, *left]))
    last = max(each.recorded_at for each in trials)
    return overview(
        subject,
        trials,
        [*_diary_of(inner), DiaryEntry(last, discomfort=6, place="groin")],
        Programme(drills=("seated_ir", "seated_er"), red_flags=("steroids",)),
        today=last.date() + timedelta(days=1),
    )


def one_session(*, sides=("left", "right"), **others):
    return seen(
        (
            histories.trial(0, (31.0, 33.5), side=side, session_id=1, trial_id=number)
            for number, side in enumerate(sides)
        ),
        **others,
    )


def some_sessions(*, every=9.0, count=8, sides=("right",), change=1.5, **told):
    """So many sessions so many days apart, each with a little more range."""
    ends = (
        (25.0 + change * n, 26.0 + change * n, 27.0 + change * n) for n in range(count)
    )
    return [
        histories.trial(
            every * n,
            tuple(told.get("direction", 1) * end for end in three),
            side=side,
            session_id=n + 1,
            trial_id=10 * n + len(side),
            **{name: value for name, value in told.items() if name != "direction"},
        )
        for n, three in enumerate(ends)
        for side in sides
    ]


def poor_views():
    """One side, and intervals that are three times as wide as usual."""
    trials = some_sessions(half_width=9.5)
    return seen(trials, subject=Subject("P-02", sex="male"))


def typed_in(trials):
    """The same trials with nothing but the end-ranges, as an import has them."""
    nothing = dict.fromkeys(_UNKNOWN, np.nan)
    return [
        replace(
            each,
            duration_s=np.nan,
            reps=tuple(
                replace(saved, rep=replace(saved.rep, **nothing)) for saved in each.reps
            ),
        )
        for each in trials
    ]


def hostile():
    """Names that are markup, formulas, of other alphabets, and far too long."""
    two = some_sessions(count=2, instrument=HOSTILE)
    two = [
        replace(each, reps=(replace(each.reps[0], excluded=HOSTILE), *each.reps[1:]))
        for each in two
    ]
    unknown = histories.trial(2.0, protocol=HOSTILE, session_id=77, trial_id=77)
    return seen(
        [*two, unknown],
        subject=Subject(HOSTILE, HOSTILE),
        diary=[DiaryEntry(histories.START, discomfort=8, place=HOSTILE)],
        programme=Programme(drills=(HOSTILE,)),
    )


def left_of(trials, *, less_deg=0.0, seed=0):
    """The same visits on the left, with less range and a scatter of their own."""
    rng = np.random.default_rng(seed)
    return tuple(
        replace(
            each,
            trial_id=each.trial_id + 10_000,
            recorded_at=each.recorded_at + timedelta(minutes=2),
            reps=tuple(
                SavedRep("left", saved.quantity, _moved(saved.rep, shift - less_deg))
                for saved in each.reps
            ),
        )
        for each in trials
        for shift in [rng.normal(0.0, 0.6)]
    )


def pose(side="right", *, protocol="seated_ir", end_range=34.2):
    """Someone seated who faces the camera, with one shank swung out."""
    marks = np.full((33, 2), np.nan, np.float32)
    for left, y, out in (
        (Landmark.LEFT_EAR, 60, 14),
        (Landmark.LEFT_SHOULDER, 120, 38),
        (Landmark.LEFT_ELBOW, 185, 52),
        (Landmark.LEFT_WRIST, 235, 44),
        (Landmark.LEFT_HIP, 240, 22),
        (Landmark.LEFT_KNEE, 262, 38),
        (Landmark.LEFT_ANKLE, 365, 36),
        (Landmark.LEFT_HEEL, 375, 36),
        (Landmark.LEFT_FOOT_INDEX, 392, 42),
    ):
        marks[left] = 200 + out, y
        marks[left + 1] = 200 - out, y
    marks[Landmark.NOSE] = 200, 65
    sign = 1 if side == "left" else -1
    knee = np.array([200 + sign * 38, 262.0])
    turn = np.radians(end_range)
    end = knee + 103 * np.array([sign * np.sin(turn), np.cos(turn)])
    return Pose(
        measure=Measure(protocol, "hip_rotation_deg", side),
        recorded_at=histories.START,
        rep_number=2,
        end_range=end_range,
        image_px=marks,
        dial_px=np.array([knee, end, knee + [0, 103]]),
    )


def _of_another_day(trials):
    """Sessions of their own, apart from those of the other protocol."""
    return [
        replace(each, trial_id=each.trial_id + 20_000, session_id=each.session_id + 500)
        for each in trials
    ]


def _moved(rep, by_deg):
    return replace(
        rep,
        end_range=rep.end_range + by_deg,
        end_range_low=rep.end_range_low + by_deg,
        end_range_high=rep.end_range_high + by_deg,
    )


def _lively(trials, seed=0):
    """The same trials with tempo and flags that differ, and reps left out by hand."""
    rng = np.random.default_rng(seed)
    flags = ("trunk_lean", "short_hold", "thigh_drift", "pelvic_turn")
    for each in trials:
        reps = []
        for saved in each.reps:
            paces = rng.uniform((0.9, 0.4, 1.0), (2.2, 2.4, 2.4))
            names = ("raise_s", "hold_s", "lower_s")
            told = dict(zip(names, paces.tolist(), strict=True))
            if rng.random() < 0.3:
                told["flags"] = (str(rng.choice(flags)),)
            reps.append(replace(saved, rep=replace(saved.rep, **told)))
        if rng.random() < 0.2:
            reps[0] = replace(reps[0], excluded="the foot slipped")
        yield replace(each, reps=tuple(reps))


def _diary_of(trials, seed=0):
    """A note about every third visit."""
    rng = np.random.default_rng(seed)
    for each in trials:
        if rng.random() < 0.35:
            yield DiaryEntry(
                noted_at=each.recorded_at + timedelta(hours=2),
                discomfort=int(rng.integers(0, 5)),
                place="groin",
                practised_min=float(rng.choice([0.0, 5.0, 8.0])),
                drill="seated_ir",
            )

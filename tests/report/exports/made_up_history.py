"""Made-up histories: one to read with the eye, and any number for hypothesis."""

from datetime import UTC, datetime, timedelta, timezone

import numpy as np
from hypothesis import strategies as st

from hiprom.core.history import VIDEO, SavedRep, SavedTrial, Subject
from hiprom.core.measurement import Rep

SUMMER = timezone(timedelta(hours=2))
MONDAY = datetime(2026, 5, 4, 9, 12, tzinfo=SUMMER)
# What a spreadsheet takes for a formula, and what breaks lines, cells and markup.
NASTY = (
    "=1+1",
    "+49 30",
    "-2",
    "@sum(a1)",
    "\tx",
    "\rx",
    "\nx",
    " =1",
    "'=1",
    'a,"b";c\r\nd',
    "<b>&amp;",
    "Zoë 李 🦵",
)
SUBJECT = Subject("P-01", sex="female", birth_year=1980, injured_side="right")


def rep(number=1, end_range=31.5, **others):
    """A valid repetition to `end_range`; `others` replace what else it says."""
    start_s = 4.0 * number
    return Rep(
        **{
            "number": number,
            "start_s": start_s,
            "peak_s": start_s + 1.6,
            "end_s": start_s + 3.2,
            "plateau_start_s": start_s + 1.0,
            "plateau_end_s": start_s + 2.2,
            "end_range": end_range,
            "end_range_low": end_range - 3.1,
            "end_range_high": end_range + 3.1,
            "neutral": -1.2,
            "excursion": end_range + 1.2,
            "hold_s": 1.2,
            "raise_s": 1.0,
            "lower_s": 1.0,
            "peak_velocity": 47.25,
            "shank_tilt_deg": end_range + 1.4,
            "compensation_deg": 1.4,
            "flags": (),
            "valid": True,
            "changes": {"trunk_lean": 1.1, "knee_travel": -0.4},
        }
        | others
    )


def trial(trial_id=1, reps=None, **others):
    """A saved trial of seated internal rotation, right before left."""
    reps = reps or (
        SavedRep("right", "hip_rotation_deg", rep(1, 31.5)),
        SavedRep("right", "hip_rotation_deg", rep(2, 34.25)),
        SavedRep("right", "hip_rotation_deg", rep(3, 12.0), excluded="foot slipped"),
        SavedRep("left", "hip_rotation_deg", rep(1, 28.0, flags=("trunk_lean", "gap"))),
        SavedRep(
            "left", "hip_rotation_deg", rep(2, np.nan, valid=False, hold_s=np.nan)
        ),
    )
    return SavedTrial(
        **{
            "trial_id": trial_id,
            "session_id": trial_id,
            "recorded_at": MONDAY + timedelta(days=3 * (trial_id - 1)),
            "protocol": "seated_ir",
            "instrument": VIDEO,
            "video": f"day_{trial_id}.mp4",
            "duration_s": 24.5,
            "reps": reps,
            "summary": {"schema": "hiprom.summary/1", "software": {"hiprom": "0.1"}},
        }
        | others
    )


def external(trial_id=9):
    """A trial of external rotation: every end-range is negative."""
    reps = tuple(
        SavedRep("left", "hip_rotation_deg", rep(number, end_range))
        for number, end_range in ((1, -38.4), (2, -41.0))
    )
    return trial(trial_id, reps, protocol="seated_er")


HISTORY = (trial(1), trial(2), external(3), trial(4, instrument="goniometer"))

# Every text but lone surrogates, which no UTF-8 file can hold.
texts = st.one_of(
    st.sampled_from(NASTY), st.text(st.characters(exclude_categories=["Cs"]))
)
numbers = st.one_of(st.just(np.nan), st.floats(-1e9, 1e9))
degrees = st.one_of(st.just(np.nan), st.floats(-180, 180))
moments = st.builds(
    lambda zone, seconds: datetime(2026, 1, 1, tzinfo=zone) + timedelta(0, seconds),
    st.sampled_from((UTC, SUMMER)),
    st.floats(-1e9, 1e9),
)


@st.composite
def saved_reps(draw):
    number = draw(st.integers(1, 99))
    values = {
        name: draw(numbers)
        for name in ("start_s", "peak_s", "end_s", "neutral", "excursion", "hold_s")
        + ("raise_s", "lower_s", "peak_velocity", "shank_tilt_deg", "compensation_deg")
    }
    values |= {
        name: draw(degrees) for name in ("end_range", "end_range_low", "end_range_high")
    }
    return SavedRep(
        draw(st.sampled_from(("left", "right"))),
        "hip_rotation_deg",
        rep(
            number,
            **values,
            flags=tuple(draw(st.sets(st.sampled_from(("gap", "short_hold"))))),
            valid=draw(st.booleans()),
            changes=draw(st.dictionaries(st.sampled_from(("trunk_lean",)), degrees)),
        ),
        draw(st.none() | texts.filter(bool)),
    )


@st.composite
def histories(draw):
    """A subject and up to three trials, with any names and numbers."""
    subject = Subject(draw(texts.filter(bool)), draw(st.none() | texts))
    trials = tuple(
        trial(
            index,
            tuple(
                draw(
                    st.lists(
                        saved_reps(),
                        min_size=1,
                        max_size=3,
                        unique_by=lambda saved: (saved.side, saved.rep.number),
                    )
                )
            ),
            recorded_at=draw(moments),
            protocol=draw(st.sampled_from(("seated_ir", "seated_er"))),
            instrument=draw(texts.filter(bool)),
            video=draw(texts),
        )
        for index in range(1, draw(st.integers(1, 3)) + 1)
    )
    return subject, trials

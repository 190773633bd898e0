"""Synthetic legs seen by an exact camera -> the error that the geometry alone makes.

The joints are posed by code that hiprom does not share (tests/synthetic.py) and seen by
a pinhole camera. No pose model takes part: what is left is the fit's own error, when
it is told that the landmarks are true but for a jitter of known size.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from synthetic import reps_trace, seated_joints, seen

from hiprom import PROTOCOLS, measure
from hiprom.core.lifting import EXACT, MEDIAPIPE, Assumptions
from hiprom.errors import MeasurementError

# At 2.5 m these make the shank 150 px long, and the focal length is the one that
# hiprom takes for granted: the longer side of the picture.
FOCAL_PX, SIZE_PX, SHANK_PX = 892.0, (892, 669), 150.0
_PEAKS_DEG = (20.0, 32.0, 45.0)
# Of three repetitions each: two hundred end-ranges.
_NOISY_TRIALS = 67

Said = Callable[[str], None]
Row = dict[str, Any]
Angles = NDArray[np.float64]


class Trial(NamedTuple):
    """End-range errors of one trial, NaN for a missed repetition; and invented ones."""

    errors_deg: Angles
    invented: int


def by_view() -> Iterable[Row]:
    """Errors against the camera's yaw, pitch and roll, without any noise."""
    for yaw_deg, pitch_deg in product(np.arange(-40.0, 41.0, 5.0), (0.0, 20.0)):
        yield _row("yaw", yaw_deg, pitch_deg, yaw_deg=yaw_deg, pitch_deg=pitch_deg)
    for pitch_deg, yaw_deg in product(np.arange(0.0, 31.0, 5.0), (0.0, 35.0)):
        yield _row("pitch", pitch_deg, yaw_deg, yaw_deg=yaw_deg, pitch_deg=pitch_deg)
    for roll_deg, yaw_deg in product(np.arange(-10.0, 11.0, 5.0), (0.0, 35.0)):
        yield _row("roll", roll_deg, yaw_deg, yaw_deg=yaw_deg, roll_deg=roll_deg)


def by_corner() -> Iterable[Row]:
    """Errors where yaw, pitch and roll are all at the end of what is promised."""
    for yaw_deg, pitch_deg, roll_deg in product((-35, 35), (0, 20), (-10, 10)):
        yield _row(
            "corner",
            yaw_deg,
            pitch_deg,
            yaw_deg=yaw_deg,
            pitch_deg=pitch_deg,
            roll_deg=roll_deg,
        )


def by_noise() -> Iterable[Row]:
    """Errors against the landmarks' jitter, from random views."""
    for noise_px in (1.0, 2.0, 5.0, 8.0):
        yield _noisy_row("noise", noise_px, noise_px=noise_px)


def by_frame_rate() -> Iterable[Row]:
    """Errors against the frame rate, from random views, with 3 px of jitter."""
    for fps in (10.0, 15.0, 30.0, 60.0):
        yield _noisy_row("frame rate", fps, trials=34, fps=fps, noise_px=3.0)


def by_field_of_view() -> Iterable[Row]:
    """Errors against a focal length that is taken for longer or shorter than it is."""
    for stated, yaw_deg in product((0.7, 0.8, 0.9, 1.0, 1.1, 1.2, 1.3), (0.0, 20, 35)):
        # The same picture with more or less border: hiprom goes by its longer side.
        size_px = (round(stated * SIZE_PX[0]), round(min(1, stated) * SIZE_PX[1]))
        yield _row(
            "focal length",
            100 * (stated - 1),
            yaw_deg,
            yaw_deg=yaw_deg,
            pitch_deg=10.0,
            size=size_px,
        )


def errors_of_exact_legs(say: Said) -> pd.DataFrame:
    """Return every experiment's mean absolute and worst end-range error, degrees.

    Columns: `experiment`, `at` (its variable), `beside` (the second variable of the
    view), `end_mae`, `worst`, `reps`, `missed`, `invented`.
    """
    rows: list[Row] = []
    for experiment in (
        by_view,
        by_corner,
        by_field_of_view,
        by_noise,
        by_frame_rate,
    ):
        say(f"synthetic legs, {experiment.__name__.replace('_', ' ')}")
        rows += experiment()
    return pd.DataFrame(rows)


def _row(experiment: str, at: float, beside: float, **camera: Any) -> Row:
    """Both movements, seen once without noise."""
    trials = [_trial(sign, _PEAKS_DEG, **camera) for sign in (1, -1)]
    return _summed(experiment, at, beside, trials)


def _noisy_row(
    experiment: str, at: float, *, trials: int = _NOISY_TRIALS, **camera: Any
) -> Row:
    """Many trials of random end-ranges, seen from random views."""
    seen_trials = []
    for seed in range(trials):
        chance = np.random.default_rng(seed)
        yaw_deg, pitch_deg, roll_deg = chance.uniform([-35, 0, -10], [35, 20, 10])
        peaks_deg = chance.uniform(20, 45, 3)
        view = {"yaw_deg": yaw_deg, "pitch_deg": pitch_deg, "roll_deg": roll_deg}
        seen_trials.append(_trial(1, peaks_deg, seed=seed, **view, **camera))
    return _summed(experiment, at, np.nan, seen_trials)


def _summed(experiment: str, at: float, beside: float, trials: list[Trial]) -> Row:
    errors_deg = np.concatenate([trial.errors_deg for trial in trials])
    return {
        "experiment": experiment,
        "at": at,
        "beside": beside,
        "end_mae": float(np.nanmean(np.abs(errors_deg))),
        "worst": float(np.nanmax(np.abs(errors_deg))),
        "reps": len(errors_deg),
        "missed": int(np.isnan(errors_deg).sum()),
        "invented": sum(trial.invented for trial in trials),
    }


def _trial(
    sign: int,
    peaks_deg: Sequence[float] | Angles,
    *,
    fps: float = 30.0,
    size: tuple[int, int] = SIZE_PX,
    noise_px: float = 0.0,
    **camera: Any,
) -> Trial:
    """Pose, look and measure once; `sign` is +1 for internal rotation."""
    ends_deg = sign * np.asarray(peaks_deg)
    time_s, angle_deg, holds_s = reps_trace(ends_deg, fps=fps)
    track = seen(
        seated_joints(angle_deg),
        time_s,
        size=size,
        focal_px=FOCAL_PX,
        noise_px=noise_px,
        **camera,
    )
    protocol = PROTOCOLS["seated_ir" if sign > 0 else "seated_er"]
    try:
        measurement = measure(track, protocol, side="right", assume=_knowing(noise_px))
    except MeasurementError:
        return Trial(np.full(len(ends_deg), np.nan), invented=0)
    reps = list(measurement.sides[0].reps)
    errors = []
    for end_deg, (start_s, end_s) in zip(ends_deg, holds_s, strict=True):
        middle_s = (start_s + end_s) / 2
        hits = (rep for rep in reps if rep.start_s <= middle_s <= rep.end_s)
        hit = next(hits, None)
        errors.append(np.nan if hit is None else hit.end_range - end_deg)
        if hit is not None:
            reps.remove(hit)
    return Trial(np.array(errors), len(reps))


def _knowing(noise_px: float) -> Assumptions:
    """Return exact landmarks, or landmarks with this jitter and a usual movement."""
    if not noise_px:
        return EXACT
    return replace(
        EXACT,
        shank_sd=float(np.degrees(np.sqrt(2) * noise_px / SHANK_PX)),
        rotation_acceleration=MEDIAPIPE.rotation_acceleration,
    )

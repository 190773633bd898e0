"""Measurement: what the core hands to the report, per side, frame and rep."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from hiprom.core.camera import Camera
from hiprom.core.landmarks import MeasuredSide
from hiprom.core.protocols.protocol import Direction, Protocol

Trace = NDArray[np.float64]


@dataclass(frozen=True)
class Value:
    """A further quantity of a rep, as `Rep` has the primary one; NaN where unknown."""

    end_range: float
    end_range_low: float = np.nan
    end_range_high: float = np.nan
    neutral: float = np.nan

    @property
    def excursion(self) -> float:
        """`end_range` minus `neutral`."""
        return self.end_range - self.neutral


@dataclass(frozen=True)
class Rep:
    """One excursion from neutral to the end of the range and back.

    Attributes
    ----------
    number : int
        1 for the first on its side.
    start_s, peak_s, end_s : float
        When it leaves rest, is furthest out, and is back.
    plateau_start_s, plateau_end_s : float
        The hold from which `end_range` is taken; NaN without a hold.
    end_range, end_range_low, end_range_high : float
        The protocol's quantity at the held end and its 95 % interval, in the
        quantity's unit, signed: internal rotation positive, external negative.
    neutral : float
        The rest value before the rep.
    excursion : float
        `end_range` minus `neutral`.
    hold_s, raise_s, lower_s : float
        Time within the plateau, on the way there and on the way back.
    peak_velocity : float
        Greatest speed of the quantity on the way out, per second, at least 0.
    shank_tilt_deg : float
        What an inclinometer on the shank would show at the end.
    compensation_deg : float
        `shank_tilt_deg` minus `end_range`: what pelvis, trunk and thigh added.
    flags : tuple of str
        Names of what was unusual; their meanings are in `Protocol.flags`.
    valid : bool
        Whether it counts in the summary.
    changes : dict of str to float
        What else moved, by the names and in the units of `Protocol.limits`.
    further : dict of str to Value
        What is reported besides, by the quantities of `Protocol.further`.
    """

    number: int
    start_s: float
    peak_s: float
    end_s: float
    plateau_start_s: float
    plateau_end_s: float
    end_range: float
    end_range_low: float
    end_range_high: float
    neutral: float
    excursion: float
    hold_s: float
    raise_s: float
    lower_s: float
    peak_velocity: float
    shank_tilt_deg: float
    compensation_deg: float
    flags: tuple[str, ...]
    valid: bool
    changes: dict[str, float] = field(default_factory=dict, hash=False)
    further: dict[str, Value] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, eq=False)
class Traces:
    """One value a video frame, each of shape (n,); NaN where it cannot be read.

    Signs and zeros as docs/conventions.md says. `by_name` holds the angles and
    distances, `traces["hip_flexion_deg"]` one of them, NaN throughout where this
    movement does not show it. `reason` holds why a frame is not `valid`, in a few
    words, and is empty where it is.
    """

    by_name: Mapping[str, Trace]
    valid: NDArray[np.bool_]
    reason: NDArray[np.str_]

    def __getitem__(self, name: str) -> Trace:
        known = self.by_name.get(name)
        return np.full(len(self.valid), np.nan) if known is None else known


@dataclass(frozen=True, eq=False)
class SideMeasurement:
    """One movement of one side: its traces, its reps, and where to draw the angle.

    `direction` is the sign of the reps' excursions and `movement` its name: a protocol
    that counts both ways gives a side twice. `quantity` is what the reps are values
    of. `dial_px` has shape (n, 3, 2), pixels of the upright frame: the pivot, the end
    that moves, and where that end would be at zero. NaN where not valid.
    """

    side: MeasuredSide
    quantity: str
    direction: Direction
    movement: str
    traces: Traces
    reps: tuple[Rep, ...]
    dial_px: NDArray[np.float64]

    @property
    def trace(self) -> Trace:
        """The quantity itself, shape (n,)."""
        return self.traces[self.quantity]

    @property
    def end_ranges(self) -> Trace:
        """End-ranges of the valid reps, shape (reps,)."""
        return np.array([rep.end_range for rep in self.reps if rep.valid])

    @property
    def mean(self) -> float:
        """Mean end-range of the valid reps; NaN without one."""
        return float(self.end_ranges.mean()) if len(self.end_ranges) else np.nan

    @property
    def sd(self) -> float:
        """Sample standard deviation of the end-ranges; NaN below two."""
        return (
            float(self.end_ranges.std(ddof=1)) if len(self.end_ranges) > 1 else np.nan
        )

    @property
    def sem(self) -> float:
        """Standard error of that mean, SD / sqrt(reps); NaN below two."""
        return float(self.sd / np.sqrt(max(len(self.end_ranges), 1)))

    @property
    def mean_interval(self) -> tuple[float, float]:
        """Return the 95 % interval of `mean`, shared bias included; NaN without reps.

        The reps of one recording share the camera, the body and so the model's bias:
        averaging does not shrink it, and the interval is no narrower than a rep's.
        """
        valid = [rep for rep in self.reps if rep.valid]
        if not valid:
            return np.nan, np.nan
        half = np.mean([rep.end_range_high - rep.end_range_low for rep in valid]) / 2
        return float(self.mean - half), float(self.mean + half)

    @property
    def further_means(self) -> dict[str, float]:
        """Mean over the valid reps of each further quantity; NaN where none tells."""
        valid = [rep.further for rep in self.reps if rep.valid]
        names = dict.fromkeys(name for rep in self.reps for name in rep.further)
        values = {
            name: np.array([each[name].end_range for each in valid if name in each])
            for name in names
        }
        return {
            name: float(known.mean()) if len(known) else np.nan
            for name, each in values.items()
            for known in [each[np.isfinite(each)]]
        }


@dataclass(frozen=True)
class View:
    """How the camera looked at the person, estimated from the trial itself.

    Attributes
    ----------
    yaw_deg, yaw_sd_deg : float
        Where the person faces: 0 at the camera, positive towards the picture's right.
    pitch_deg, pitch_sd_deg : float
        How far the camera looks down.
    roll_deg, roll_sd_deg : float
        How far gravity leans to the picture's left.
    focal_px : float
        The focal length that was used.
    shank_px : float
        How long the longer shank is in the picture.
    distance_m : float
        From the camera to the knees, if the shank is of usual length (42 cm).
    knee_flexion_deg : float
        How far the knees are bent at rest, as the model's metric landmarks show it:
        good to 10 degrees at best.
    light : float
        How bright it is around the person, 0 black to 1 white; NaN where unknown.
    """

    yaw_deg: float
    yaw_sd_deg: float
    pitch_deg: float
    pitch_sd_deg: float
    roll_deg: float
    roll_sd_deg: float
    focal_px: float
    shank_px: float
    distance_m: float
    knee_flexion_deg: float
    light: float


@dataclass(frozen=True, eq=False)
class Measurement:
    """All that was measured in one trial.

    `time_s` is the video's own clock, shape (n,), shared by all traces. `sides` holds
    each measured movement of each side; `warnings` are sentences for the person;
    `view` is None where it was not estimated; `camera` is the profile that was used,
    None without one.
    """

    protocol: Protocol
    time_s: Trace
    sides: tuple[SideMeasurement, ...]
    warnings: tuple[str, ...] = ()
    view: View | None = None
    camera: Camera | None = None

    def best(self) -> tuple[SideMeasurement, Rep] | None:
        """Return the valid rep furthest along its direction, and its side."""
        reps = [(side, rep) for side in self.sides for rep in side.reps if rep.valid]
        return max(
            reps, key=lambda pair: pair[0].direction * pair[1].end_range, default=None
        )

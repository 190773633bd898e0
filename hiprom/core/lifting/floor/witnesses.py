"""A track -> what landmarks and silhouettes say of a person on the floor."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from hiprom.core.landmarks import ANKLES, HIPS, KNEES, SHOULDERS
from hiprom.core.lifting.floor.assumptions import FloorAssumptions
from hiprom.core.lifting.floor.lower_shank import lower_shank_deg
from hiprom.core.track import PoseTrack
from hiprom.core.vectors import Array, middle


@dataclass(frozen=True, eq=False)
class FloorWitnesses:
    """All that was seen, pixels from the picture's middle, left before right.

    Attributes
    ----------
    time_s : ndarray, shape (n,)
    knees, ankles, hips, shoulders : ndarray, shape (n, 2, 2)
        Landmarks.
    shank_deg : ndarray, shape (n, 2)
        Tilt of the lower shank's mid-line from straight down to the picture's right;
        NaN where the outline does not show it.
    turn_deg : ndarray, shape (n,)
        Yaw of the pelvis by the model's metric hips.
    knee_sd_m : ndarray, shape (n, 4)
        How far the knees' landmarks may be off, left and right, along x and y.
    focal_px : float
    metre_px : float
        How long a metre is at the person, about: the witnesses' noise is in metres.
    """

    time_s: Array
    knees: Array
    ankles: Array
    hips: Array
    shoulders: Array
    shank_deg: Array
    turn_deg: Array
    knee_sd_m: Array
    focal_px: float
    metre_px: float

    def part(self, chosen: NDArray[np.bool_] | NDArray[np.intp]) -> FloorWitnesses:
        """Return what was seen in some of the frames."""
        return replace(
            self,
            **{
                name: getattr(self, name)[chosen]
                for name in (
                    "time_s",
                    "knees",
                    "ankles",
                    "hips",
                    "shoulders",
                    "shank_deg",
                    "turn_deg",
                    "knee_sd_m",
                )
            },
        )


def gather(
    track: PoseTrack, focal_px: float, assume: FloorAssumptions
) -> FloorWitnesses:
    """Gather the witnesses; `track` holds NaN where a landmark is not believed."""
    centre = np.array([track.width_px, track.height_px]) / 2
    image = track.image_px.astype(np.float64) - centre
    world = track.world_m.astype(np.float64)
    line = world[:, HIPS[1]] - world[:, HIPS[0]]
    hips, knees = image[:, list(HIPS)], image[:, list(KNEES)]
    shoulders = image[:, list(SHOULDERS)]
    wide = np.linalg.norm(shoulders[:, 0] - shoulders[:, 1], axis=-1)
    metre_px = middle(wide) / (assume.shoulders * assume.stature_m)
    ankles = track.image_px[:, list(ANKLES)].astype(np.float64)
    shank = (
        np.full((len(track), 2), np.nan)
        if track.chords_px is None
        else lower_shank_deg(track.chords_px.astype(np.float64), ankles)
    )
    return FloorWitnesses(
        time_s=track.time_s,
        knees=knees,
        ankles=ankles - centre,
        hips=hips,
        shoulders=shoulders,
        shank_deg=shank,
        turn_deg=np.degrees(np.arctan2(-line[:, 2], -line[:, 0])),
        knee_sd_m=_knee_sd_m(hips, knees, metre_px, assume),
        focal_px=focal_px,
        metre_px=metre_px,
    )


def _knee_sd_m(
    hips: Array, knees: Array, metre_px: float, assume: FloorAssumptions
) -> Array:
    """Doubt a knee more the less it is beside its own hip; (n, 4)."""
    line = hips[:, 1] - hips[:, 0]
    line = line / np.linalg.norm(line, axis=-1, keepdims=True)
    aside = np.einsum("nsa,na->ns", knees - hips, line) * [-1, 1]
    crossed = np.clip(1 - aside / metre_px / assume.crossing_m, 0, 1)
    sd = np.hypot(assume.knee_sd_m, assume.crossing_sd_m * crossed)
    return np.repeat(np.where(np.isfinite(sd), sd, assume.knee_sd_m), 2, axis=1)

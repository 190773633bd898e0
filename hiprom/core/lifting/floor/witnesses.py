"""A track -> what landmarks and silhouettes say of a person on the floor."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from hiprom.core.landmarks import ANKLES, HIPS, KNEES, SHOULDERS
from hiprom.core.lifting.floor.assumptions import FloorAssumptions
from hiprom.core.track import PoseTrack
from hiprom.core.vectors import Array, middle

# The shank's outline is read from the ankle up, as long as its chords are no wider
# than this many times the narrowest three: then a thigh, or the mat's shadow, joins.
_WIDENING = 1.6
_FEWEST = 4
# A line through mid-points that scatter more than this is none.
_SCATTER_PX = 1.5


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
    return FloorWitnesses(
        time_s=track.time_s,
        knees=knees,
        ankles=image[:, list(ANKLES)],
        hips=hips,
        shoulders=shoulders,
        shank_deg=_shank_deg(track),
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


def _shank_deg(track: PoseTrack) -> Array:
    """Tilt of the lower shanks, (n, 2), by their chords."""
    if track.chords_px is None:
        return np.full((len(track), 2), np.nan)
    chords = track.chords_px.astype(np.float64)
    width = chords[..., 2]
    narrow = np.sort(width, axis=-1)[..., :3].mean(axis=-1, keepdims=True)
    with np.errstate(invalid="ignore"):
        is_shank = width < _WIDENING * narrow
    # Only the unbroken run from the ankle up; the first arc may lie within the foot.
    first = np.argmax(is_shank, axis=-1)[..., None]
    index = np.arange(width.shape[-1])
    is_shank &= (
        index
        < first
        + np.argmax(np.where(index >= first, ~is_shank, False), axis=-1)[..., None]
    )
    is_shank &= first <= 2
    count = is_shank.sum(axis=-1)
    weight = np.where(is_shank, 1.0, 0.0)
    total = np.maximum(count, 1)[..., None]
    points = np.where(is_shank[..., None], chords[..., :2], 0.0)
    centre = (weight[..., None] * points).sum(axis=-2) / total
    away = np.where(is_shank[..., None], points - centre[..., None, :], 0.0)
    x, y = away[..., 0], away[..., 1]
    xx, yy, xy = (x * x).sum(-1), (y * y).sum(-1), (x * y).sum(-1)
    tilt = 0.5 * np.arctan2(2 * xy, yy - xx)
    beside = x * np.cos(tilt)[..., None] - y * np.sin(tilt)[..., None]
    scatter = np.sqrt((beside**2).sum(-1) / np.maximum(count, 1))
    ankle = track.image_px[:, list(ANKLES)].astype(np.float64)
    # Upwards is where the arcs grow: turn the axis so that it points to the foot.
    up = (
        np.take_along_axis(
            chords[..., :2], np.minimum(first + 3, 19)[..., None], axis=-2
        )[..., 0, :]
        - ankle
    )
    tilt = np.where(
        up[..., 0] * np.sin(tilt) + up[..., 1] * np.cos(tilt) > 0, tilt + np.pi, tilt
    )
    fine = (count >= _FEWEST) & (scatter < _SCATTER_PX)
    return np.where(fine, (np.degrees(tilt) + 180) % 360 - 180, np.nan)

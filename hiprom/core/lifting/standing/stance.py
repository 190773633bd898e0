"""A standing person's track -> their size, their axes, and the middles of the joints.

Lengths are leg lengths (thigh and shank together), directions camera axes: x right, y
down, z away.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hiprom.core.landmarks import ANKLES, FEET, HEELS, HIPS, KNEES, SHOULDERS
from hiprom.core.lifting.standing.assumptions import StandingAssumptions
from hiprom.core.lifting.standing.upright import Axes, floor_pitch_deg, stand
from hiprom.core.track import PoseTrack
from hiprom.core.vectors import Array, typical

PAIRS = (ANKLES, KNEES, HIPS, SHOULDERS)
# Upright is who stands as high as in the highest tenth, less this share.
_TALLEST, _UPRIGHT = 90, 0.975
_ROUNDS, _LEAST_WIDTH = 3, 0.3


@dataclass(frozen=True, eq=False)
class Stance:
    """What holds still while a standing person moves, and the middles of the joints.

    Attributes
    ----------
    middle_px : ndarray, shape (n, 4, 2)
        Between both ankles, knees, hips, shoulders, from the picture's centre.
    half : ndarray, shape (n, 4)
        Half of how far they are apart across the body.
    at_rest : ndarray of bool, shape (n,)
        Where the person stands upright.
    height : ndarray, shape (n,)
        Of the hips above the ankles in the picture, as a share of that at rest.
    ankle : ndarray, shape (n, 3)
        Between both ankles.
    trunk : float
        Length from hips to shoulders.
    axes : Axes
    yaw_deg, roll_deg, pitch_deg : float
        Where the person faces, 0 at the camera, positive to the picture's right; how
        far gravity leans to the picture's left; how far the camera looks down.
    focal_px, leg_px : float
        Focal length; the leg's length in the picture.
    """

    middle_px: Array
    half: Array
    at_rest: NDArray[np.bool_]
    height: Array
    ankle: Array
    trunk: float
    axes: Axes
    yaw_deg: float
    roll_deg: float
    pitch_deg: float
    focal_px: float
    leg_px: float

    def seen_px(self, point: Array) -> Array:
        """Project points (..., 3) to pixels from the picture's centre, (..., 2)."""
        seen: Array = self.focal_px * point[..., :2] / point[..., 2:]
        return seen


def take_stance(
    track: PoseTrack, focal_px: float, assume: StandingAssumptions
) -> Stance:
    """Measure a person against themselves standing at rest.

    Parameters
    ----------
    track : PoseTrack
        NaN where a landmark cannot be believed.
    focal_px : float
    assume : StandingAssumptions
    """
    pairs = pairs_px(track)
    middle_px = pairs.mean(axis=2)
    tall_px, at_rest = tallest(middle_px)
    rest_px = typical(middle_px[at_rest])

    # The metric axes look along the line of sight, not along the optical axis.
    aim = float(np.degrees(np.arctan(rest_px[2, 0] / focal_px)))
    yaw = facing_deg(track, at_rest) - assume.yaw_bias - aim
    half = np.abs(pairs[..., 0, 0] - pairs[..., 1, 0]) / 2 / focal_px
    # From the side the body's width does not show; who stands so is refused.
    half /= max(float(np.cos(np.radians(yaw))), _LEAST_WIDTH)
    feet = _feet(track, at_rest, focal_px)
    roll, pitch = assume.roll or 0.0, assume.pitch
    for _ in range(_ROUNDS):
        axes = Axes.of(roll, pitch, yaw)
        rest = stand(rest_px, typical(half[at_rest]), axes, focal_px, assume)
        roll += rest.crooked_deg if assume.roll is None else 0.0
        seen_deg = _floor_pitch_deg(feet, rest.depth, roll, assume)
        pitch = assume.pitch + assume.floor_trust * (seen_deg - assume.pitch)

    rays = np.concatenate([middle_px[:, 0] / focal_px, np.ones((len(middle_px), 1))], 1)
    return Stance(
        middle_px=middle_px,
        half=half * rest.depth,
        at_rest=at_rest,
        height=tall_px / float(typical(tall_px[at_rest])),
        ankle=rest.depth * rays,
        trunk=rest.trunk,
        axes=axes,
        yaw_deg=yaw,
        roll_deg=roll,
        pitch_deg=pitch,
        focal_px=focal_px,
        leg_px=float(np.linalg.norm(rest_px[2] - rest_px[0])),
    )


def pairs_px(track: PoseTrack) -> Array:
    """Return left and right of each of `PAIRS`, (n, 4, 2, 2), from the centre."""
    centre_px = np.array([track.width_px, track.height_px]) / 2
    image = track.image_px.astype(np.float64) - centre_px
    return np.stack([image[:, list(pair)] for pair in PAIRS], axis=1)


def tallest(middle_px: Array) -> tuple[Array, NDArray[np.bool_]]:
    """Return how high the hips are above the ankles, (n,), and where most of all."""
    tall_px = middle_px[:, 0, 1] - middle_px[:, 2, 1]
    most = np.nanpercentile(tall_px, _TALLEST)
    return tall_px, np.asarray(tall_px >= most - (1 - _UPRIGHT) * np.abs(most))


def _floor_pitch_deg(
    feet: list[Array], depth: float, roll_deg: float, assume: StandingAssumptions
) -> float:
    """Return how far the camera looks down on the feet; as assumed if unseen."""
    pitches = [
        floor_pitch_deg(heel, toes, depth, assume.foot, roll_deg)
        for heel, toes in feet
        if np.isfinite([heel, toes]).all()
    ]
    return float(np.mean(pitches)) if pitches else assume.pitch


def _feet(track: PoseTrack, at_rest: NDArray[np.bool_], focal_px: float) -> list[Array]:
    """Return lines of sight (2, 3) to heel and toes of each foot at rest, z = 1."""
    centre_px = np.array([track.width_px, track.height_px]) / 2
    image = track.image_px[at_rest].astype(np.float64) - centre_px
    plane = typical(image) / focal_px
    rays = np.concatenate([plane, np.ones((len(plane), 1))], axis=1)
    return [rays[[heel, toes]] for heel, toes in zip(HEELS, FEET, strict=True)]


def line_yaw_deg(world_m: Array, pair: tuple[int, int]) -> Array:
    """Where a line across the body faces, (n,), by metric landmarks (n, 33, 3).

    0 at the camera, positive to the picture's right.
    """
    across = world_m[:, pair[0]] - world_m[:, pair[1]]
    yaw: Array = np.degrees(np.arctan2(across[:, 2], across[:, 0]))
    return yaw


def facing_deg(track: PoseTrack, at_rest: NDArray[np.bool_]) -> float:
    """Where shoulders and hips face at rest, by the model's metric landmarks."""
    world = track.world_m[at_rest].astype(np.float64)
    lines = [line_yaw_deg(world, pair) for pair in (SHOULDERS, HIPS)]
    return float(typical(np.stack(lines, axis=1)).mean())

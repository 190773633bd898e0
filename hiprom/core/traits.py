"""A PoseTrack -> what the person did, in a few numbers: how they lie, what moves.

Landmarks are looked at in the body's own axes: y along the trunk from the shoulders to
the hips, x square to it, a trunk's length as the unit. So it does not matter which way
a person lies, how far away they are, or whether the camera leans.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hiprom.core.angles import knee_flexion_deg
from hiprom.core.landmarks import ANKLES, HIPS, KNEES, SHOULDERS
from hiprom.core.signals import sliding_median
from hiprom.core.track import PoseTrack
from hiprom.core.vectors import Array, middle

# Postures and movements of a second or more show at this rate.
_RATE_HZ = 10.0
_MOST_FRAMES = 600
_FEWEST_FRAMES = 5
# Where something lies at most and at least, but for a few frames.
_LOW, _HIGH = 3.0, 97.0
# Of two legs that swing, the lesser one counts from this share of the other.
_BOTH_SHARE = 0.5
# A leg that hangs at rest hangs within this, so that a swing to one side tells the way.
_LEAST_SWING_DEG = 1.0
# Ankles that part by less than this, in lengths of the trunk, are together.
_LEAST_GAP = 0.02


@dataclass(frozen=True)
class Traits:
    """What a trial shows, without any thought of which test it is.

    Lengths are in lengths of the trunk as it is seen, angles in degrees. "Range" is
    from nearly the least to nearly the most. NaN where it cannot be told.

    Attributes
    ----------
    trunk_deg : float
        The trunk from the picture's vertical, 0 to 180.
    reach, least_reach : float
        How far beyond the hips the ankles are, along the trunk: mostly at most, at
        least.
    reach_range : float
    knee_drop : float
        How far beyond the hips the knees are, along the trunk.
    shoulder_width : float
        How far apart the shoulders are seen.
    knee_bend_deg, least_bend_deg : float
        Bend of the knees, the mean of both and of the straighter one; the metric
        landmarks', typical of the trial.
    moving_bend_deg : float
        The same of the leg whose ankle or knee moves more.
    bend_range_deg : float
        Of the knee that bends less.
    bends_together : float
        Correlation of the bends of both knees, -1 to 1; 0 where neither moves.
    knee_gap_range, ankle_gap_range : float
        Of how far apart the knees, and the ankles, are seen.
    knee_share : float
        The first of them by the second.
    ankle_gap : float
        How far apart the ankles are, typically.
    knees_shift : float
        Range of both knees' common way across the trunk.
    knees_part : float
        Range of their way apart across the trunk.
    knee_range, ankle_range, still_ankle_range : float
        Way of the knee that moves more, of the ankle that moves more and of the other,
        in the picture.
    hips_range : float
        Way of the hips in the picture.
    swing_deg : float
        Range of the shank's direction, of the leg that swings more.
    swing_way : float
        Which way it swings from the trunk's direction, or from the picture's upwards
        where the knee is folded: 1 outwards alone, -1 inwards alone, 0 as far to both.
    least_drop, most_drop : float
        How far the ankle lies beyond its knee along the trunk, of the leg where it lies
        less far, and of the other.
    turn_range_deg : float
        Of the shoulders about the trunk, relative to the hips, by the metric landmarks.
    """

    trunk_deg: float
    reach: float
    least_reach: float
    reach_range: float
    knee_drop: float
    shoulder_width: float
    knee_bend_deg: float
    least_bend_deg: float
    moving_bend_deg: float
    bend_range_deg: float
    bends_together: float
    knee_gap_range: float
    ankle_gap_range: float
    knee_share: float
    ankle_gap: float
    knees_shift: float
    knees_part: float
    knee_range: float
    ankle_range: float
    still_ankle_range: float
    hips_range: float
    swing_deg: float
    swing_way: float
    least_drop: float
    most_drop: float
    turn_range_deg: float


class _Body(NamedTuple):
    """Joints in the body's own axes, (n, 2 legs, 2); world landmarks (n, 33, 3)."""

    shoulders: Array
    hips: Array
    knees: Array
    ankles: Array
    world: Array


def traits_of(track: PoseTrack) -> Traits | None:
    """Return what a trial shows; None where a person is hardly ever found."""
    seen = track.part(_chosen(track))
    if len(seen) < _FEWEST_FRAMES:
        return None
    image, world = (
        _calm(seen.time_s, each.astype(np.float64))
        for each in (seen.image_px, seen.world_m)
    )
    trunk_px = _centre(image, HIPS) - _centre(image, SHOULDERS)
    length_px = float(np.median(np.linalg.norm(trunk_px, axis=-1)))
    down = np.median(trunk_px, axis=0)
    down /= np.linalg.norm(down)
    axes = np.stack([[down[1], -down[0]], down])
    own = image @ axes.T / length_px
    body = _Body(
        shoulders=own[:, list(SHOULDERS)],
        hips=own[:, list(HIPS)],
        knees=own[:, list(KNEES)],
        ankles=own[:, list(ANKLES)],
        world=world,
    )
    return _traits(body, axes)


def _traits(body: _Body, axes: Array) -> Traits:
    """`axes` (2, 2) are the body's x and y in the picture."""
    hips = body.hips.mean(axis=1)
    reach = body.ankles.mean(axis=1)[:, 1] - hips[:, 1]
    drops = np.median(body.ankles[..., 1] - body.knees[..., 1], axis=0)
    knee_ways, ankle_ways = _way(body.knees), _way(body.ankles)
    bends = np.stack([_bend_deg(body.world, leg) for leg in (0, 1)], axis=1)
    typical_bends = np.median(bends, axis=0)
    moving = int(np.argmax(np.maximum(knee_ways, ankle_ways)))
    knees_part, ankles_part = _range(_gap(body.knees)), _range(_gap(body.ankles))
    knees_x = body.knees[..., 0] - hips[:, None, 0]
    swing_deg, swing_way = _swing(body, axes, is_folded=drops < 0)
    return Traits(
        trunk_deg=float(np.degrees(np.arccos(axes[1, 1]))),
        reach=float(np.percentile(reach, 90)),
        least_reach=float(np.percentile(reach, 10)),
        reach_range=_range(reach),
        knee_drop=middle((body.knees[..., 1] - hips[:, None, 1]).mean(axis=1)),
        shoulder_width=middle(_gap(body.shoulders)),
        knee_bend_deg=float(typical_bends.mean()),
        least_bend_deg=float(typical_bends.min()),
        moving_bend_deg=float(typical_bends[moving]),
        bend_range_deg=min(_range(bends[:, 0]), _range(bends[:, 1])),
        bends_together=_correlation(bends),
        knee_gap_range=knees_part,
        ankle_gap_range=ankles_part,
        knee_share=knees_part / max(ankles_part, _LEAST_GAP),
        ankle_gap=middle(_gap(body.ankles)),
        knees_shift=_range(knees_x.mean(axis=1)),
        knees_part=_range(knees_x[:, 0] - knees_x[:, 1]),
        knee_range=float(knee_ways.max()),
        ankle_range=float(ankle_ways.max()),
        still_ankle_range=float(ankle_ways.min()),
        hips_range=float(_way(hips)),
        swing_deg=swing_deg,
        swing_way=swing_way,
        least_drop=float(drops.min()),
        most_drop=float(drops.max()),
        turn_range_deg=_range(_turn_deg(body.world)),
    )


def _chosen(track: PoseTrack) -> NDArray[np.bool_]:
    """Say which frames are looked at: some of those with a person, (n,) bool."""
    there = np.flatnonzero(track.is_seen)
    wanted = min(_MOST_FRAMES, len(there))
    if np.isfinite(track.fps):
        span_s = track.time_s[-1] - track.time_s[0]
        wanted = min(wanted, max(_FEWEST_FRAMES, round(span_s * _RATE_HZ)))
    chosen = np.zeros(len(track), dtype=np.bool_)
    if len(there):
        chosen[there[np.linspace(0, len(there) - 1, wanted).round().astype(int)]] = True
    return chosen


def _calm(time_s: Array, points: Array) -> Array:
    """Take the sliding median of all coordinates: a landmark that jumps is no move."""
    columns = points.reshape(len(points), -1)
    calm = [sliding_median(time_s, column) for column in columns.T]
    return np.stack(calm, axis=-1).reshape(points.shape)


def _centre(points: Array, pair: tuple[int, int]) -> Array:
    centre: Array = points[:, list(pair)].mean(axis=1)
    return centre


def _range(values: Array) -> float:
    low, high = np.percentile(values, [_LOW, _HIGH])
    return float(high - low)


def _way(points: Array) -> Array:
    """Diagonal of the box that points (n, ..., 2) move in."""
    low, high = np.percentile(points, [_LOW, _HIGH], axis=0)
    way: Array = np.linalg.norm(high - low, axis=-1)
    return way


def _gap(pair: Array) -> Array:
    gap: Array = np.linalg.norm(pair[:, 0] - pair[:, 1], axis=-1)
    return gap


def _bend_deg(world: Array, leg: int) -> Array:
    return knee_flexion_deg(*(world[:, pair[leg]] for pair in (HIPS, KNEES, ANKLES)))


def _correlation(pair: Array) -> float:
    first, second = (pair - pair.mean(axis=0)).T
    size = float(np.sqrt((first @ first) * (second @ second)))
    return float(first @ second) / size if size > 0 else 0.0


def _swing(
    body: _Body, axes: Array, is_folded: NDArray[np.bool_]
) -> tuple[float, float]:
    """How far the shanks swing, and which way; a folded one from straight up."""
    shanks = body.ankles - body.knees
    shanks = np.where(is_folded[:, None], shanks @ axes * [1.0, -1.0], shanks)
    across = body.knees[:, 0] - body.knees[:, 1]
    # Away from the other knee: the left leg's outside is where the left knee is.
    outwards = np.sign(np.median(across[:, 0])) * np.array([1.0, -1.0])
    tilt_deg = outwards * np.degrees(np.arctan2(shanks[..., 0], shanks[..., 1]))
    low, high = np.percentile(tilt_deg, [_LOW, _HIGH], axis=0)
    ranges = high - low
    ways = np.clip((low + high) / np.maximum(ranges, _LEAST_SWING_DEG), -1, 1)
    counted = ways[ranges >= _BOTH_SHARE * ranges.max()]
    # Two legs that swing different ways swing neither.
    agreed = np.sign(counted).sum() == np.sign(counted[0]) * len(counted)
    way = float(min(counted, key=abs)) if agreed else 0.0
    return float(ranges.max()), way


def _turn_deg(world: Array) -> Array:
    """Turn of the shoulders against the hips about the vertical, (n,)."""
    turns = []
    for left, right in (SHOULDERS, HIPS):
        line = world[:, left] - world[:, right]
        turns.append(np.arctan2(line[:, 2], line[:, 0]))
    turn: Array = np.degrees(np.unwrap(turns[0] - turns[1]))
    return turn

"""Landmarks and chords of a trial -> what each witness says, one row a frame."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from hiprom.core.angles import knee_flexion_deg
from hiprom.core.landmarks import ANKLES, HIPS, KNEES, SHOULDERS
from hiprom.core.lifting.assumptions import Assumptions
from hiprom.core.lifting.mid_lines import MidLines, mid_lines
from hiprom.core.silhouette import RADII
from hiprom.core.track import PoseTrack
from hiprom.core.vectors import Array, middle, typical

LINES = ("shoulders", "hips", "knees", "ankles", "trunk")
_RESTING_DEG = 4.0


@dataclass(frozen=True, eq=False)
class Witnesses:
    """What was seen; left before right, pixels or degrees of the image.

    Attributes
    ----------
    image_px, world_m : ndarray, shape (n, 33, 2) and (n, 33, 3)
    chords_px : ndarray, shape (n, 2, 20, 3)
        What the mid-lines were drawn through, and
    longest_px : float
        the length of a shank that they were measured by.
    tilt_deg, tilt_sd_deg, point_px : ndarray, shape (n, 2) and (n, 2, 2)
        The silhouette's mid-lines.
    joints_tilt_deg : ndarray, shape (n, 2)
        From the knee landmark to the ankle landmark.
    ray : ndarray, shape (n, 2, 3)
        Line of sight through each shank, z = 1.
    lines_deg, line_rays : ndarray, shape (n, 5) and (n, 5, 3)
        Lines across the body, from the image's right downwards, and the trunk, from
        straight down; in the order of `LINES`; with the line of sight to their middle.
    at_rest : ndarray of bool, shape (n,)
        Frames in which both shanks hang.
    shank_px : ndarray, shape (2,)
        Length of each resting shank.
    wander : float
        How far the landmarks' length of a resting shank wanders, as a share of it.
    knee_flexion_deg : float
        Of both resting knees, in the model's metric landmarks.
    light : float
        Typical brightness around the person, 0 to 1; NaN where it was not kept.
    centre_px : ndarray, shape (2,)
    focal_px : float
    """

    image_px: Array
    world_m: Array
    chords_px: Array
    longest_px: float
    tilt_deg: Array
    tilt_sd_deg: Array
    point_px: Array
    joints_tilt_deg: Array
    ray: Array
    lines_deg: Array
    line_rays: Array
    at_rest: NDArray[np.bool_]
    shank_px: Array
    wander: float
    knee_flexion_deg: float
    light: float
    centre_px: Array
    focal_px: float


def resting_frames(tilt_deg: Array) -> NDArray[np.bool_]:
    """Frames in which the two shanks hang alike, from their tilts (n, 2).

    The difference of the tilts does not know the camera's roll, and its lowest level is
    that of two hanging shanks; within 4 degrees of it counts as rest. Where one leg is
    never seen, the other's tilt stands for the difference.
    """
    unseen = ~np.isfinite(tilt_deg).any(axis=0)
    either = np.where(unseen, 0.0, tilt_deg)
    apart = either[:, 0] - either[:, 1]
    level = np.nanquantile(np.abs(apart), 0.2)
    usual = np.nanmedian(apart[np.abs(apart) <= level])
    return np.asarray(np.abs(apart - usual) <= _RESTING_DEG)


def _knee_flexion_deg(world_m: Array) -> float:
    """Mean over the legs that are seen, of frames (n, 33, 3)."""
    hips, knees, ankles = (world_m[:, list(pair)] for pair in (HIPS, KNEES, ANKLES))
    bend = typical(knee_flexion_deg(hips, knees, ankles))
    return float(bend[np.isfinite(bend)].mean()) if np.isfinite(bend).any() else np.nan


def _shank_px(
    lengths_px: Array, wander: Array, trunk_px: float, assume: Assumptions
) -> Array:
    """Weigh each leg's resting shank against the trunk; (2,).

    Too short a shank puts the knee too low, and its swing about the true knee then
    looks like a thigh that drifts: a landmark that slid down must not decide alone.
    """
    own_sd = np.hypot(assume.shank_length_sd, assume.slide_per_wander * wander)
    own, trunk = own_sd**-2, assume.shank_by_trunk_sd**-2
    by_trunk = np.log(assume.shank_per_trunk * trunk_px)
    weighed = np.exp((own * np.log(lengths_px) + trunk * by_trunk) / (own + trunk))
    # Where one leg was never seen, the other's length is its best guess.
    known = np.where(np.isfinite(weighed), weighed, np.nanmean(weighed))
    return np.asarray(np.where(np.isfinite(by_trunk), known, lengths_px))


def gather(track: PoseTrack, focal_px: float, assume: Assumptions) -> Witnesses:
    """Read the witnesses of both legs and the trunk; NaN stays in its own frame."""
    image = track.image_px.astype(np.float64)
    world = track.world_m.astype(np.float64)
    ankles, knees, hips, shoulders = (
        image[:, list(pair)] for pair in (ANKLES, KNEES, HIPS, SHOULDERS)
    )
    trunk = hips.mean(axis=1) - shoulders.mean(axis=1)
    trunk_px = float(typical(np.linalg.norm(trunk, axis=-1)))
    longest_px = np.nanmax(
        [
            *typical(np.linalg.norm(ankles - knees, axis=-1)),
            0.97 * assume.shank_per_trunk * trunk_px,
        ]
    )
    chords = chords_of(track)
    lines = mid_lines(chords, ankles, float(longest_px))

    shanks, joints_tilt = ankles - knees, joints_tilt_deg(image)
    at_rest = resting_frames(
        np.where(np.isfinite(lines.tilt_deg), lines.tilt_deg, joints_tilt)
    )
    lengths_px = np.linalg.norm(shanks[at_rest], axis=-1)
    resting_px = typical(lengths_px)
    wander = 1.4826 * typical(np.abs(lengths_px / resting_px - 1))
    shank_px = _shank_px(resting_px, wander, trunk_px, assume)
    centre_px = np.array([track.width_px, track.height_px]) / 2

    middles = np.stack([shoulders, hips, knees, ankles], axis=1).mean(axis=2)
    middles = np.concatenate([middles, middles[:, :2].mean(axis=1)[:, None]], axis=1)
    return Witnesses(
        image_px=image,
        world_m=world,
        chords_px=chords,
        longest_px=float(longest_px),
        tilt_deg=lines.tilt_deg,
        tilt_sd_deg=lines.sd_deg,
        point_px=lines.point_px,
        joints_tilt_deg=joints_tilt,
        ray=sight(on_shank(lines, image), centre_px, focal_px),
        lines_deg=body_lines_deg(image),
        line_rays=sight(middles, centre_px, focal_px),
        at_rest=at_rest,
        shank_px=shank_px,
        wander=float(np.nanmean(wander)),
        knee_flexion_deg=_knee_flexion_deg(world[at_rest]),
        light=np.nan if track.light is None else middle(track.light.astype(np.float64)),
        centre_px=centre_px,
        focal_px=focal_px,
    )


def drawn_anew(seen: Witnesses, slide_px: Array) -> Witnesses:
    """Draw the mid-lines once more, with arcs numbered from where the ankles are.

    An ankle landmark that slid into the foot, by `slide_px` (n, 2), makes the arcs
    begin there, where the mid-line bends.
    """
    ankles = seen.image_px[:, list(ANKLES)]
    lines = mid_lines(seen.chords_px, ankles, seen.longest_px, slide_px)
    points_px = on_shank(lines, seen.image_px)
    return replace(
        seen,
        tilt_deg=lines.tilt_deg,
        tilt_sd_deg=lines.sd_deg,
        point_px=lines.point_px,
        ray=sight(points_px, seen.centre_px, seen.focal_px),
    )


def chords_of(track: PoseTrack) -> Array:
    """Return a track's chords, (n, 2, 20, 3); NaN throughout where none were kept."""
    if track.chords_px is None:
        return np.full((len(track), 2, len(RADII), 3), np.nan)
    return track.chords_px.astype(np.float64)


def joints_tilt_deg(image_px: Array) -> Array:
    """Tilt in the image from each knee landmark to its ankle's, (n, 2)."""
    shanks = image_px[:, list(ANKLES)] - image_px[:, list(KNEES)]
    return np.asarray(np.degrees(np.arctan2(shanks[..., 0], shanks[..., 1])))


def body_lines_deg(image_px: Array) -> Array:
    """How the lines of `LINES` run in the image, (n, 5), from landmarks (n, 33, 2)."""
    shoulders, hips, knees, ankles = (
        image_px[:, list(pair)] for pair in (SHOULDERS, HIPS, KNEES, ANKLES)
    )
    pairs = np.stack([shoulders, hips, knees, ankles], axis=1)
    across = pairs[:, :, 0] - pairs[:, :, 1]
    slopes = np.degrees(np.arctan2(across[..., 1], across[..., 0]))
    trunk = hips.mean(axis=1) - shoulders.mean(axis=1)
    upright = np.degrees(np.arctan2(trunk[:, 0], trunk[:, 1]))
    return np.concatenate([slopes, upright[:, None]], axis=1)


def on_shank(lines: MidLines, image_px: Array) -> Array:
    """Return a point on each shank, (n, 2, 2); by the landmarks where no line is."""
    ankles, knees = image_px[:, list(ANKLES)], image_px[:, list(KNEES)]
    calf = 0.6 * ankles + 0.4 * knees
    return np.where(np.isfinite(lines.point_px), lines.point_px, calf)


def sight(point_px: Array, centre_px: Array, focal_px: float) -> Array:
    """Return the line of sight through each point (..., 2); (..., 3), z = 1."""
    plane = (point_px - centre_px) / focal_px
    return np.concatenate([plane, np.ones((*plane.shape[:-1], 1))], axis=-1)

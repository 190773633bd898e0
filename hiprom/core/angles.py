"""Joint positions and frames -> the angles of docs/conventions.md, in degrees.

Everything is computed in one right-handed frame for both sides; the side's sign is
applied once, last.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from hiprom.core.landmarks import Side
from hiprom.core.vectors import Array, across, as_vectors, cross, dot, turn_deg, unit

_RIGHTWARD: dict[Side, float] = {"right": 1.0, "left": -1.0}


class HipAngles(NamedTuple):
    """Flexion, adduction and internal rotation, each of shape (...), degrees."""

    flexion_deg: Array
    adduction_deg: Array
    rotation_deg: Array


def hip_angles_deg(pelvis: Array, femur: Array, *, side: Side) -> HipAngles:
    """Grood-Suntay angles of the femur in the pelvis.

    Picture the joint as three hinges: flexion about the pelvis's own left-right axis,
    rotation about the femur's own long axis, and adduction about the axis that is
    square to both and floats between them.

    Parameters
    ----------
    pelvis, femur : ndarray, shape (..., 3, 3)
        Frames as `hiprom.core.frames` makes them, in the same space.
    side : {"left", "right"}
        The subject's own side.

    Returns
    -------
    HipAngles
        Flexion and rotation in [-180, 180], adduction in [-90, 90]. NaN where a frame
        is NaN, and where the thigh lies along the hip line (gimbal lock).

    References
    ----------
    .. [1] Grood E. S., Suntay W. J. (1983). Journal of Biomechanical Engineering 105,
       136-144. doi:10.1115/1.3138397
    .. [2] Wu G. et al. (2002). Journal of Biomechanics 35, 543-548.
       doi:10.1016/S0021-9290(01)00222-6

    Examples
    --------
    Seated, thigh forward, shank hanging: flexed by 90 degrees, not rotated.

    >>> from hiprom.core.frames import femur_frame, pelvis_frame
    >>> pelvis = pelvis_frame([0, 0, -0.1], [0, 0, 0.1], up=[0, 1, 0])
    >>> femur = femur_frame([0, 0, 0.1], [0.4, 0, 0.1], [0.4, -0.4, 0.1])
    >>> [float(a.round(6)) + 0.0 for a in hip_angles_deg(pelvis, femur, side="right")]
    [90.0, 0.0, 0.0]
    """
    first, third = pelvis[..., 2, :], femur[..., 1, :]
    floating = unit(cross(third, first))
    sign = _RIGHTWARD[side]
    sine = dot(first, third)
    cosine = np.linalg.norm(across(third, first), axis=-1)
    return HipAngles(
        flexion_deg=turn_deg(pelvis[..., 0, :], floating, first),
        adduction_deg=sign * np.degrees(np.arctan2(sine, cosine)),
        rotation_deg=sign * turn_deg(floating, femur[..., 0, :], third),
    )


def knee_flexion_deg(hip: ArrayLike, knee: ArrayLike, ankle: ArrayLike) -> Array:
    """Angle by which the shank is bent away from the thigh's line; 0 is straight.

    Shapes (..., 3) to (...); degrees in [0, 180]; NaN where a segment has no length.
    """
    knee = as_vectors(knee, "knee")
    thigh = unit(knee - as_vectors(hip, "hip"))
    shank = unit(as_vectors(ankle, "ankle") - knee)
    bend = np.linalg.norm(cross(thigh, shank), axis=-1)
    flexion: Array = np.degrees(np.arctan2(bend, dot(thigh, shank)))
    return flexion


def tilt_deg(segment: ArrayLike, down: ArrayLike, rightward: ArrayLike) -> Array:
    """Tilt of `segment` from `down` in the frontal plane, to the subject's right.

    What an inclinometer held against the segment reads, seen from the front.

    Parameters
    ----------
    segment : array_like, shape (..., 3)
        From its upper to its lower end.
    down : array_like, shape (3,) or (..., 3)
        Gravity.
    rightward : array_like, shape (3,) or (..., 3)
        To the subject's right; only its part across `down` counts.

    Returns
    -------
    ndarray, shape (...)
        Degrees in [-180, 180].
    """
    down = unit(as_vectors(down, "down"))
    right = unit(across(as_vectors(rightward, "rightward"), down))
    segment = as_vectors(segment, "segment")
    tilt: Array = np.degrees(np.arctan2(dot(segment, right), dot(segment, down)))
    return tilt


def outward_tilt_deg(
    segment: ArrayLike, down: ArrayLike, rightward: ArrayLike, *, side: Side
) -> Array:
    """Return `tilt_deg` counted away from the midline: the foot lateral is positive."""
    return _RIGHTWARD[side] * tilt_deg(segment, down, rightward)


def obliquity_deg(rightward: ArrayLike, up: ArrayLike, *, side: Side) -> Array:
    """Angle of the hip line above the horizontal; the tested side's hip higher is +.

    `rightward` (..., 3) runs from the left to the right hip; degrees in [-90, 90].
    """
    up = unit(as_vectors(up, "up"))
    rightward = as_vectors(rightward, "rightward")
    rise = dot(rightward, up)
    run = np.linalg.norm(across(rightward, up), axis=-1)
    obliquity: Array = _RIGHTWARD[side] * np.degrees(np.arctan2(rise, run))
    return obliquity


def thorax_rotation_deg(pelvis: Array, thorax: Array) -> Array:
    """Turn of the thorax to the subject's left, relative to the pelvis.

    Frames (..., 3, 3) to degrees (...) in [-180, 180], about the trunk axis.
    """
    return turn_deg(pelvis[..., 2, :], thorax[..., 2, :], thorax[..., 1, :])

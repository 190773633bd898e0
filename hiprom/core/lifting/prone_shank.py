"""A raised shank in the picture -> how far it is tilted and the knee bent, with its SD.

The shank turns about the thigh, which lies on the table: its direction in the picture
gives the tilt, once it is known from where the camera looks and how far the knee is
bent. The knee is known from how long the shank is seen, and from being bent at about a
right angle.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from hiprom.core.lifting.prone_camera import (
    Lens,
    ProneView,
    joints_of,
    table_of,
    thigh_of,
)
from hiprom.core.vectors import Array, across, unit

# The test is done at a right angle, which people keep to about this.
_KNEE_DEG, _KNEE_SD_DEG = 90.0, 12.0
# How long a shank is seen is known to this share: by its landmarks.
_LENGTH_SD = 0.12
_STEP_DEG = 0.5
_ROUNDS = 8
# A shank that is hardly tilted or bent at first.
_FIRST_DEG = (0.0, _KNEE_DEG)


class SeenShank(NamedTuple):
    """The raised shank in the picture.

    Attributes
    ----------
    slope_deg, slope_sd_deg : ndarray, shape (n,)
        Its direction, from upwards to the picture's right, and the standard deviation.
    length_px : ndarray, shape (n,)
    knee_px : ndarray, shape (n, 2)
    """

    slope_deg: Array
    slope_sd_deg: Array
    length_px: Array
    knee_px: Array


class ShankAngles(NamedTuple):
    """Tilt of the shank to the outside and bend of the knee, degrees, (n,) each."""

    tilt_deg: Array
    tilt_sd_deg: Array
    knee_deg: Array


def shank_angles(
    view: ProneView,
    shank: SeenShank,
    lens: Lens,
) -> ShankAngles:
    """Solve each frame for tilt and bend.

    Parameters
    ----------
    view : ProneView
    shank : SeenShank
    lens : Lens

    Returns
    -------
    ShankAngles
        The deviation includes what is not known of the camera and the body.
    """
    n = len(shank.knee_px)
    seen = np.stack([shank.slope_deg, np.log(shank.length_px)])
    sd = np.stack([shank.slope_sd_deg, np.full(n, _LENGTH_SD)])
    sight = np.concatenate(
        [
            (shank.knee_px - lens.centre_px) / lens.focal_px,
            np.ones((n, 1)),
        ],
        axis=-1,
    )
    tilt, knee, variance = _solve(view, seen, sd, sight, lens)
    for other in view.others():
        off, _, _ = _solve(other, seen, sd, sight, lens)
        variance = variance + (off - tilt) ** 2
    return ShankAngles(tilt, np.sqrt(variance), knee)


def _solve(
    view: ProneView, seen: Array, sd: Array, sight: Array, lens: Lens
) -> tuple[Array, Array, Array]:
    """Gauss-Newton on (tilt, bend) of all frames at once; also the tilt's variance."""
    table = table_of(view)
    thigh = thigh_of(view, table)
    aside = unit(across(view.sign * table.right, thigh))
    depth = joints_of(view, lens)[-1, 2]
    at_knee = depth * sight

    def shown(tilt_deg: Array, knee_deg: Array) -> Array:
        tilt, bend = np.radians([tilt_deg, knee_deg])[..., None]
        raised = np.cos(tilt) * table.up + np.sin(tilt) * aside
        ankle = at_knee + np.cos(bend) * thigh + np.sin(bend) * raised
        away = lens.focal_px * (ankle[:, :2] / ankle[:, 2:] - sight[:, :2])
        slope = np.degrees(np.arctan2(away[:, 0], -away[:, 1]))
        return np.stack([slope, np.log(np.linalg.norm(away, axis=-1))])

    n = seen.shape[1]
    angles = np.stack([np.full(n, first) for first in _FIRST_DEG])
    weight = np.concatenate([sd, np.full((1, n), _KNEE_SD_DEG)]) ** -2
    for _ in range(_ROUNDS):
        now = shown(*angles)
        slopes = np.stack(
            [
                (shown(angles[0] + _STEP_DEG, angles[1]) - now) / _STEP_DEG,
                (shown(angles[0], angles[1] + _STEP_DEG) - now) / _STEP_DEG,
            ],
            axis=1,
        )
        slopes = np.concatenate(
            [slopes, np.broadcast_to([[[0.0], [1.0]]], (1, 2, n))], axis=0
        )
        off = np.concatenate([seen - now, [_KNEE_DEG - angles[1]]])
        off[0] = (off[0] + 180.0) % 360.0 - 180.0
        normal = np.einsum("mn,min,mjn->nij", weight, slopes, slopes)
        right = np.einsum("mn,min,mn->ni", weight, slopes, off)
        step = np.linalg.solve(normal, right[..., None])[..., 0].T
        angles = angles + np.clip(step, -20.0, 20.0)
    return angles[0], angles[1], np.linalg.inv(normal)[:, 0, 0]

"""Joint positions -> the reference frames of pelvis, thorax and femur.

A frame is a stack of matrices, shape (..., 3, 3), whose rows are its x (forward),
y (up) and z (to the subject's right) axes. Pelvis and thorax come from hips and
shoulders alone: the model reports no spines of the pelvis, so their tilt forwards
is that of the trunk.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from hiprom.core.vectors import Array, across, as_vectors, cross, unit


def pelvis_frame(left_hip: ArrayLike, right_hip: ArrayLike, up: ArrayLike) -> Array:
    """Return the pelvis frame: z along the hip line, y as near to `up` as can be.

    Parameters
    ----------
    left_hip, right_hip : array_like, shape (..., 3)
    up : array_like, shape (3,) or (..., 3)
        Along the trunk, from mid-hip to mid-shoulder, or against gravity.

    Returns
    -------
    ndarray, shape (..., 3, 3)
        NaN where the hips coincide or `up` lies along them.

    References
    ----------
    .. [1] Wu G. et al. (2002). Journal of Biomechanics 35, 543-548.
       doi:10.1016/S0021-9290(01)00222-6
    """
    left, right = as_vectors(left_hip, "left_hip"), as_vectors(right_hip, "right_hip")
    z = unit(right - left)
    y = unit(across(as_vectors(up, "up"), z))
    return np.stack(np.broadcast_arrays(cross(y, z), y, z), axis=-2)


def thorax_frame(
    left_shoulder: ArrayLike, right_shoulder: ArrayLike, up: ArrayLike
) -> Array:
    """Return the thorax frame: y along the trunk `up`, z as near to the shoulders.

    Shapes as in `pelvis_frame`. Here the trunk leads: shrugging one shoulder tilts
    the shoulder line but does not bend the trunk.
    """
    left = as_vectors(left_shoulder, "left_shoulder")
    right = as_vectors(right_shoulder, "right_shoulder")
    y = unit(as_vectors(up, "up"))
    z = unit(across(right - left, y))
    return np.stack(np.broadcast_arrays(cross(y, z), y, z), axis=-2)


def femur_frame(hip: ArrayLike, knee: ArrayLike, ankle: ArrayLike) -> Array:
    """Return the femur frame: y from knee to hip, z along the knee's flexion axis.

    The flexion axis is known only through the shank, so the frame exists only while
    the knee is bent, and varus or valgus of the knee reads as rotation.

    Parameters
    ----------
    hip, knee, ankle : array_like, shape (..., 3)

    Returns
    -------
    ndarray, shape (..., 3, 3)
        NaN where the leg is straight or a segment has no length.
    """
    knee = as_vectors(knee, "knee")
    y = unit(as_vectors(hip, "hip") - knee)
    # Flexion carries the shank backwards: forward is where it is not.
    x = -unit(across(as_vectors(ankle, "ankle") - knee, y))
    return np.stack(np.broadcast_arrays(x, y, cross(x, y)), axis=-2)

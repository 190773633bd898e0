"""A prone person's landmarks at rest -> how the camera at their feet looks at them.

Shoulders, hips and the straight leg lie on the table; how they are foreshortened tells
from how high the camera looks, their slopes how it is turned. Lengths are in lengths of
the shank. Camera axes: x right, y down, z away.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy.optimize import least_squares

from hiprom.core.vectors import Array, unit

# The camera at the feet end: a wide prior from table height to well above. Proportions
# by Winter 2009 for adults, with the scatter of bodies and of where the pose model puts
# its shoulders and hips.
_PRIORS: dict[str, tuple[float, float]] = {
    "pitch": (25.0, 15.0),
    "yaw": (0.0, 15.0),
    "roll": (0.0, 2.0),
    "log_distance": (np.log(6.0), 0.4),
    "trunk": (1.15, 0.08),
    "shoulders": (0.86, 0.07),
    "hips": (0.44, 0.04),
    "thigh": (0.98, 0.05),
    "straight_splay": (5.0, 8.0),
    "raised_splay": (5.0, 8.0),
}
_AT = {name: number for number, name in enumerate((*_PRIORS, "u", "v"))}
# A step for the numerical derivative of a fit that is smooth over degrees.
_FLAT_SD_PX = 1e3


class Table(NamedTuple):
    """Right, head and up of who lies on it, in camera axes, (3,) each."""

    right: Array
    head: Array
    up: Array


class Lens(NamedTuple):
    """An ideal camera: its focal length and the middle of its picture, (2,), pixels."""

    focal_px: float
    centre_px: Array


class Rest(NamedTuple):
    """Typical pixels at rest, (2,) each; left and right shoulder and hip, (2, 2).

    `raised_knee` is that of the leg that is bent, `knee` and `ankle` the other's.
    """

    shoulders: Array
    hips: Array
    knee: Array
    ankle: Array
    raised_knee: Array


@dataclass(frozen=True, eq=False)
class ProneView:
    """Camera and body of a prone trial, by `values`, with their covariance.

    `sign` is +1 where the right leg is raised, -1 for the left. `misfit` is the root
    mean square of the residuals in standard deviations.
    """

    values: Array
    covariance: Array
    sign: float
    misfit: float

    def __getitem__(self, name: str) -> float:
        return float(self.values[_AT[name]])

    def sd(self, name: str) -> float:
        """Return the standard deviation of one of the values."""
        at = _AT[name]
        return float(np.sqrt(self.covariance[at, at]))

    def others(self) -> list[ProneView]:
        """Return views each off by one deviation, independent of each other."""
        away = np.linalg.cholesky(self.covariance)
        return [
            ProneView(self.values + step, self.covariance, self.sign, self.misfit)
            for step in away.T
        ]


def table_of(view: ProneView) -> Table:
    """Return where right, head and up of the table point."""
    pitch, yaw, roll = np.radians([view[name] for name in ("pitch", "yaw", "roll")])
    right = np.array([1.0, 0.0, 0.0])
    head = np.array([0.0, -np.sin(pitch), np.cos(pitch)])
    up = np.array([0.0, -np.cos(pitch), -np.sin(pitch)])
    lean = np.array(
        [[np.cos(roll), -np.sin(roll), 0], [np.sin(roll), np.cos(roll), 0], [0, 0, 1]]
    )
    turned = (
        np.cos(yaw) * right - np.sin(yaw) * head,
        np.cos(yaw) * head + np.sin(yaw) * right,
        up,
    )
    return Table(*(np.asarray(lean @ each) for each in turned))


def thigh_of(view: ProneView, table: Table, *, is_raised: bool = True) -> Array:
    """Return the direction from hip to knee, on the table, (3,)."""
    splay = np.radians(view["raised_splay" if is_raised else "straight_splay"])
    side = view.sign if is_raised else -view.sign
    return np.asarray(-np.cos(splay) * table.head + side * np.sin(splay) * table.right)


def joints_of(view: ProneView, lens: Lens) -> Array:
    """Return shoulders, hips, straight knee and ankle, raised knee, (7, 3)."""
    table = table_of(view)
    sight = np.array([view["u"], view["v"], lens.focal_px]) - [*lens.centre_px, 0.0]
    middle = np.exp(view["log_distance"]) * sight / lens.focal_px
    shoulders = middle + view["trunk"] * table.head
    hips = {s: middle + s * view["hips"] / 2 * table.right for s in (-1.0, 1.0)}
    straight = thigh_of(view, table, is_raised=False)
    knee = hips[-view.sign] + view["thigh"] * straight
    raised = hips[view.sign] + view["thigh"] * thigh_of(view, table)
    half = view["shoulders"] / 2 * table.right
    return np.stack(
        [
            *(shoulders - half, shoulders + half, hips[-1.0], hips[1.0]),
            *(knee, knee + unit(straight), raised),
        ]
    )


def settle_prone(
    rest: Rest,
    *,
    sign: float,
    lens: Lens,
    sd_px: float,
    gravity_deg: tuple[float, float, float, float] | None = None,
) -> ProneView:
    """Fit camera and body to what is typical at rest.

    Parameters
    ----------
    rest : Rest
    sign : {1.0, -1.0}
        +1 where the right leg is raised.
    lens : Lens
    sd_px : float
        How far off a landmark may be, standard deviation.
    gravity_deg : tuple of float, optional
        The camera's roll and pitch and their standard deviations, where known.
    """
    priors = dict(_PRIORS)
    if gravity_deg is not None:
        roll, pitch, roll_sd, pitch_sd = gravity_deg
        priors |= {"roll": (roll, roll_sd), "pitch": (pitch, pitch_sd)}
    seen = np.concatenate(
        [rest.shoulders, rest.hips, [rest.knee, rest.ankle, rest.raised_knee]]
    )
    means, sds = np.array(list(priors.values())).T
    hips_px = rest.hips.mean(axis=0)
    start = np.concatenate([means, hips_px])
    spread = np.concatenate([sds, [_FLAT_SD_PX, _FLAT_SD_PX]])

    def residuals(values: Array) -> Array:
        view = ProneView(values, np.empty(0), sign, 0.0)
        joints = joints_of(view, lens)
        image = lens.focal_px * joints[:, :2] / joints[:, 2:] + lens.centre_px
        return np.concatenate(
            [((image - seen) / sd_px).ravel(), (values - start) / spread]
        )

    fit = least_squares(residuals, start, x_scale=spread, max_nfev=100)
    off = residuals(fit.x)[: seen.size]
    slopes = np.asarray(fit.jac)
    return ProneView(
        values=fit.x,
        covariance=np.linalg.inv(slopes.T @ slopes),
        sign=sign,
        misfit=float(np.sqrt(np.mean(off**2))),
    )

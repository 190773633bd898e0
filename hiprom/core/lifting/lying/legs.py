"""Legs as they were seen -> the side-lying body that fits a whole trial."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from hiprom.core.lifting.arrow import Arrow, Fit, solve
from hiprom.core.lifting.lying.assumptions import About, Lying, Placement
from hiprom.core.lifting.lying.body import (
    ANGLES,
    CONSTANTS,
    STATES,
    Body,
    body,
    constant,
    seen_px,
)
from hiprom.core.lifting.lying.sight import Seen
from hiprom.core.vectors import Array, dot, typical

_MOST_FRAMES = 300


@dataclass(frozen=True, eq=False)
class Legs:
    """Both legs through a trial: what was fitted, and to what."""

    fit: Fit
    seen: Seen
    assume: Lying

    def state(self, name: str) -> Array:
        """Return an angle of the upper leg, degrees, (n,)."""
        return self.fit.states[:, STATES.index(name)]

    def state_sd(self, name: str) -> Array:
        """Return the standard deviation of an angle of the upper leg, (n,)."""
        column = STATES.index(name)
        return self.fit.sd(lambda _, states: states[:, column])

    def constant(self, name: str) -> tuple[float, float]:
        """Return a constant and its standard deviation."""
        at = constant(name)
        return float(self.fit.constants[at]), float(self.fit.covariance[at, at] ** 0.5)

    def placed(self, read: Callable[[Body], Array]) -> Array:
        """Return what `read` makes of the body."""
        return read(body(self.fit.constants, self.fit.states, self.seen.head_right))

    def placed_sd(self, read: Callable[[Body], Array]) -> Array:
        """Return the standard deviation (n,) of what `read` makes of the body."""
        return self.fit.sd(lambda c, s: read(body(c, s, self.seen.head_right)))

    def drawn_px(self, read: Callable[[Body], Array], **angles_deg: float) -> Array:
        """Return where points (n, j, 3) of the body are in the picture, (n, j, 2).

        `angles_deg` sets angles of the upper leg to other values than they had.
        """
        states = self.fit.states.copy()
        for name, value in angles_deg.items():
            states[:, STATES.index(name)] = value
        points = read(body(self.fit.constants, states, self.seen.head_right))
        return seen_px(
            points,
            self.fit.constants,
            states,
            self.seen.focal_px,
            self.seen.centre_px,
        )


def fit_legs(seen: Seen, placement: Placement, assume: Lying) -> Legs:
    """Fit a body to a whole trial."""
    usual, usual_sd = _known(seen, placement, assume)
    sd_px = seen.trunk_px * np.repeat(
        [assume.hip_sd, assume.knee_sd, assume.ankle_sd], 2
    )
    home = slice(constant("flexion"), constant("knee") + 1)

    def misfit(constants: Array, states: Array, legs_px: Array) -> Array:
        placed = body(constants, states, seen.head_right)
        pixels = seen_px(
            in_order(placed), constants, states, seen.focal_px, seen.centre_px
        )
        off = (pixels - legs_px) / sd_px[:, None]
        parts = [
            off.reshape(len(states), -1),
            (states[:, ANGLES] - constants[home]) / placement.wander_deg,
        ]
        if placement.stacked:
            gap = _gap(placed, placement.stacked) - constants[constant("gap_up") :]
            parts.append(gap / assume.stacked_wander)
        return np.concatenate(parts, axis=1)

    arrow = Arrow(
        misfit=misfit,
        seen=seen.legs_px,
        usual=usual,
        usual_sd=usual_sd,
        landmarks=len(sd_px),
        readings=assume.readings,
    )
    # From a level camera, all landmarks of a crooked one would be doubted at once.
    start = usual.copy()
    start[constant("roll")] = seen.trunk_slope_deg
    states = _first_guess(seen, usual[home])
    fit = solve(arrow, states, start, most_frames=_MOST_FRAMES)
    return Legs(fit, seen, assume)


def in_order(placed: Body) -> Array:
    """Return the joints as `Seen.legs_px` orders them, (n, 6, 3)."""
    pairs = zip(placed.lower, placed.upper, strict=True)
    return np.stack([each for pair in pairs for each in pair], axis=1)


def _gap(placed: Body, joint: str) -> Array:
    """From the lower leg's joint to the upper's: up, headwards, forwards; (n, 3)."""
    between = getattr(placed.upper, joint) - getattr(placed.lower, joint)
    room = placed.room
    return np.stack(
        [dot(between, axis) for axis in (room.upward, room.headward, room.forward)],
        axis=-1,
    )


def _known(seen: Seen, placement: Placement, assume: Lying) -> tuple[Array, Array]:
    """Prior means and standard deviations of the constants, in their order."""
    scale = About(
        float(np.log(seen.trunk_px / assume.trunk.usual)),
        assume.trunk.sd / assume.trunk.usual,
    )
    abouts = (
        scale,
        assume.pitch_deg,
        assume.roll_deg,
        assume.yaw_deg,
        assume.rolled_back_deg,
        assume.leaning_deg,
        assume.thigh,
        assume.hip_gap,
        placement.lower_flexion_deg,
        placement.lower_knee_deg,
        assume.lower_knee_drop,
        assume.lower_ankle_drop,
        *placement.upper_deg,
        assume.knee_gap if placement.stacked == "knee" else assume.ankle_gap,
        assume.stacked_aside,
        assume.stacked_aside,
    )
    named = dict(zip(CONSTANTS, abouts, strict=True))
    usual, sd = np.array(list(named.values())).T
    return usual, sd


def _first_guess(seen: Seen, home: Array) -> Array:
    """Return states (n, 6): the hips as they are seen, the leg at home."""
    middle = seen.legs_px[:, :2].mean(axis=1)
    middle = np.where(np.isfinite(middle), middle, typical(middle))
    return np.concatenate([middle, np.broadcast_to(home, (len(middle), 4))], axis=1)

"""The landmarks of one moment -> a plain figure of a person with the angle at the knee.

No picture of a person is kept. The figure stands in for it: drawn from the landmarks
that are, it shows how someone sat and how far the leg went, and not who they are.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from hiprom.core.history import Measure
from hiprom.core.landmarks import SIDES, Landmark, Side, of_side, other
from hiprom.core.quantities import amount
from hiprom.report import palette
from hiprom.report.history.looks import look
from hiprom.report.painting import sector

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Points = NDArray[np.floating[Any]]

_BODY, _LIMB, _FAR = "#e6ebee", "#ccd5db", "#b9c4cc"
# How thick the parts of a person are, in widths of the shoulders.
_ARM, _THIGH, _SHANK, _FOOT, _TRUNK = 0.2, 0.34, 0.24, 0.17, 0.16
_HEAD = 0.3
_POINTS_PER_INCH = 72.0


@dataclass(frozen=True, eq=False)
class Pose:
    """One moment of one repetition, to be drawn.

    Attributes
    ----------
    measure : Measure
        Whose repetition it is.
    recorded_at : datetime
        Of the recording.
    rep_number : int
    end_range : float
        The repetition's, signed as the quantity is.
    image_px : ndarray, shape (33, 2)
        The frame's landmarks as `PoseTrack.image_px` has them; NaN where not seen.
    dial_px : ndarray, shape (3, 2)
        The frame's `SideMeasurement.dial_px`: knee, end of the shank, and where that
        end would be at zero rotation. NaN where it is not known: then the figure has
        no angle.
    """

    measure: Measure
    recorded_at: datetime
    rep_number: int
    end_range: float
    image_px: Points
    dial_px: Points

    @property
    def is_drawable(self) -> bool:
        """Whether trunk and tested leg are there: less is no figure of a person."""
        marks = [
            of_side(joint, side)
            for side in SIDES
            for joint in ("shoulder", "hip", "knee")
        ]
        marks += [of_side("ankle", side) for side in self.legs]
        return bool(np.isfinite(self.image_px[marks]).all())

    @property
    def legs(self) -> tuple[Side, ...]:
        """The legs that were measured."""
        side = self.measure.side
        return SIDES if side == "both" else (side,)

    @property
    def angle(self) -> str:
        """The end-range along its movement, as tables have it: "34.2°"."""
        shown = self.measure.direction * self.end_range
        return amount(shown, self.measure.quantity)


def draw_person(axes: Axes, pose: Pose) -> None:
    """Draw a pose that is drawable, on axes that are nothing but a surface.

    The whole person is in the picture, upright and as the camera saw them: their
    left is on the right.
    """
    marks = _with_dial(pose)
    shoulders = marks[[Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER]]
    hips = marks[[Landmark.LEFT_HIP, Landmark.RIGHT_HIP]]
    # Seen from the side the shoulders lie behind one another: the trunk tells then.
    trunk_px = float(np.hypot(*(shoulders.mean(axis=0) - hips.mean(axis=0))))
    wide_px = max(float(np.hypot(*(shoulders[0] - shoulders[1]))), 0.55 * trunk_px)
    head = _head(marks, shoulders, hips)
    shown = np.vstack([marks[_drawn()], head, pose.dial_px])
    pen = _Pen(axes, wide_px, shown)

    pen.body(np.vstack([shoulders, hips[::-1]]))
    pen.head(head, shoulders.mean(axis=0))
    for arm in SIDES:
        pen.limb(marks[_arm(arm)], _ARM, _LIMB)
    colour = look(pose.measure.direction, pose.measure.side).colour
    for side in SIDES:
        if side not in pose.legs:
            pen.leg(marks, side, (_FAR, _FAR))
    for side in pose.legs:
        pen.leg(marks, side, (_FAR, colour))
    if np.isfinite(pose.dial_px).all():
        pen.dial(np.asarray(pose.dial_px, float), colour)
    if len(pose.legs) > 1:
        pen.beside_head(head, pose.angle)
    else:
        pen.label(marks, pose.legs[0], pose.angle)


class _Pen:
    """Draws parts of a person whose size in the picture is known."""

    def __init__(self, axes: Axes, wide_px: float, shown: Points) -> None:
        self._axes, self._wide_px = axes, wide_px
        place, figure = axes.get_position(), axes.get_figure(root=True)
        assert figure is not None
        size_pt = _POINTS_PER_INCH * np.array(
            [
                figure.get_figwidth() * place.width,
                figure.get_figheight() * place.height,
            ]
        )
        seen = shown[np.isfinite(shown).all(axis=1)]
        room = np.array([0.75, 0.3]) * wide_px  # sideways the number needs more
        low, high = seen.min(axis=0) - room, seen.max(axis=0) + room
        self._pt = float((size_pt / (high - low)).min())
        middle, half = (low + high) / 2, size_pt / self._pt / 2
        axes.set_axis_off()
        axes.set_xlim(middle[0] - half[0], middle[0] + half[0])
        axes.set_ylim(middle[1] + half[1], middle[1] - half[1])

    def limb(self, joints: Points, thick: float, colour: str) -> None:
        if np.isfinite(joints).all():
            self._axes.plot(
                *joints.T,
                color=colour,
                linewidth=thick * self._wide_px * self._pt,
                solid_capstyle="round",
                solid_joinstyle="round",
            )

    def body(self, corners: Points) -> None:
        self._axes.fill(
            *corners.T,
            facecolor=_BODY,
            edgecolor=_BODY,
            linewidth=_TRUNK * self._wide_px * self._pt,
            joinstyle="round",
        )

    def head(self, middle: Points, neck: Points) -> None:
        from matplotlib.patches import Circle

        self.limb(np.array([neck, middle]), _ARM, _BODY)
        self._axes.add_patch(
            Circle(
                (middle[0], middle[1]),
                _HEAD * self._wide_px,
                facecolor=_LIMB,
                edgecolor="none",
                zorder=2,
            )
        )

    def leg(self, marks: Points, side: Side, colours: tuple[str, str]) -> None:
        thigh, shank = colours
        hip, knee, ankle = (of_side(joint, side) for joint in ("hip", "knee", "ankle"))
        self.limb(marks[[hip, knee]], _THIGH, thigh)
        self.limb(marks[[ankle, *_foot(side)]], _FOOT, shank)
        self.limb(marks[[knee, ankle]], _SHANK, shank)

    def dial(self, dial: Points, colour: str) -> None:
        """Draw the angle between the shank and where it would hang at zero."""
        knee, end, zero = dial
        arc = sector(knee, zero, end)
        self._axes.fill(
            *np.vstack([knee, arc]).T, color=colour, alpha=0.25, linewidth=0, zorder=3
        )
        self._axes.plot(*arc.T, color=colour, linewidth=1.2, zorder=4)
        self._axes.plot(
            *np.array([knee, zero]).T,
            color=palette.INK,
            linewidth=1.1,
            linestyle=(0, (3, 2)),
            zorder=4,
        )
        self._axes.plot(
            *knee, "o", color=palette.PAPER, markeredgecolor=colour, markersize=4
        )

    def beside_head(self, middle: Points, words: str) -> None:
        """Write the number where no limb is, for a movement of both legs."""
        x, y = middle[0] + 1.5 * _HEAD * self._wide_px, middle[1]
        self._axes.text(x, y, words, ha="left", va="center", weight="bold")

    def label(self, marks: Points, side: Side, words: str) -> None:
        """Write the angle beside the knee, away from the other leg."""
        knee, inner = marks[of_side("knee", side)], marks[of_side("knee", other(side))]
        away = 1.0 if knee[0] >= inner[0] else -1.0
        self._axes.text(
            knee[0] + away * 0.3 * self._wide_px,
            knee[1],
            words,
            ha="left" if away > 0 else "right",
            va="bottom",
            weight="bold",
        )


def _arm(side: Side) -> list[Landmark]:
    parts = ("shoulder", "elbow", "wrist")
    return [Landmark[f"{side}_{part}".upper()] for part in parts]


def _foot(side: Side) -> list[Landmark]:
    return [Landmark[f"{side}_{part}".upper()] for part in ("heel", "foot_index")]


def _head(marks: Points, shoulders: Points, hips: Points) -> Points:
    """Return the middle of the head: between the ears, or above the trunk."""
    ears = marks[[Landmark.LEFT_EAR, Landmark.RIGHT_EAR, Landmark.NOSE]]
    if np.isfinite(ears).all():
        return np.asarray(ears.mean(axis=0))
    neck = shoulders.mean(axis=0)
    return np.asarray(neck + 0.4 * (neck - hips.mean(axis=0)))


def _with_dial(pose: Pose) -> Points:
    """Return the landmarks with the tested shank where the measurement saw it."""
    marks = np.array(pose.image_px, float)
    knee, end, _ = np.asarray(pose.dial_px, float)
    side = pose.measure.side
    if side != "both" and np.isfinite(pose.dial_px).all():
        ankle = of_side("ankle", side)
        moved = end - marks[ankle]
        marks[of_side("knee", side)] = knee
        marks[[ankle, *_foot(side)]] += moved
    return marks


def _drawn() -> list[Landmark]:
    joints = ("hip", "knee", "ankle")
    return [
        mark
        for side in SIDES
        for mark in (
            *_arm(side),
            *(Landmark[f"{side}_{joint}".upper()] for joint in joints),
            *_foot(side),
        )
    ]

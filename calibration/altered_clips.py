"""A benchmark clip and an alteration -> the altered copy, with its truth."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from alterations import Alteration, turned
from benchmark_clips import Clip
from numpy.typing import NDArray

_OTHER = {"left": "right", "right": "left"}
# Angles of the trunk that are positive towards one side of the person.
_SIDEWAYS = [
    "pelvis_obliquity_deg",
    "trunk_lean_lateral_deg",
    "thorax_lateral_deg",
    "thorax_axial_rotation_deg",
]
# What else may move, by hiprom's names, as far as the benchmark knows the truth of it:
# where the knee is in the room, and how the pelvis turns, it does not.
CHANGES = ("trunk_lean", "pelvic_hike", "thigh_drift", "thigh_lift")


@dataclass(frozen=True)
class AlteredClip(Clip):
    """An altered copy of a clip: the film as it lies there, the truth of the copy."""

    alteration: Alteration

    @property
    def side(self) -> str:
        """Which leg moves, the person's own: in a mirror it is the other."""
        side = super().side
        return _OTHER[side] if self.alteration.is_mirrored else side

    @property
    def view_deg(self) -> tuple[float, float, float]:
        """The turned camera's true yaw, pitch and roll."""
        yaw_deg, pitch_deg, roll_deg = super().view_deg
        hand = -1 if self.alteration.is_mirrored else 1
        stood = turned(hand * yaw_deg, pitch_deg, hand * roll_deg)
        stands = self.alteration.turn * stood
        # Rounded, so that a level camera's roll is 0 and not a minus nothing.
        roll, pitch, other_yaw = stands.as_euler("ZXY", degrees=True).round(6)
        return 0.0 - other_yaw, 0.0 + pitch, 0.0 + roll

    @cached_property
    def truth(self) -> pd.DataFrame:
        """Every joint angle, one row a frame of the film, in the copy's own sides."""
        truth = Clip(self.name, self.facts).truth
        return mirrored(truth) if self.alteration.is_mirrored else truth

    @property
    def changes(self) -> list[dict[str, float]]:
        """How far each of `CHANGES` truly went in each repetition, degrees.

        By the rule of the excursion: from rest to hold.
        """
        to_the_side = 1 if self.side == "right" else -1
        angles_deg = (
            to_the_side * self.truth["trunk_lean_lateral_deg"],
            to_the_side * self.truth["pelvis_obliquity_deg"],
            self.truth[f"{self.side}_hip_abduction_deg"],
            self.truth[f"{self.side}_hip_flexion_deg"],
        )
        others = [_Other(self.name, self.facts, angle_deg) for angle_deg in angles_deg]
        changes = zip(*(other.excursions_deg for other in others), strict=True)
        return [dict(zip(CHANGES, each, strict=True)) for each in changes]


@dataclass(frozen=True)
class _Other(Clip):
    """A clip whose repetitions are read from another angle than the hip's rotation."""

    angle_deg: pd.Series[float]

    def values(self, side: str) -> NDArray[np.float64]:
        """Return the angle, whichever side is asked for."""
        del side
        return np.asarray(self.angle_deg, dtype=np.float64)

    @property
    def excursions_deg(self) -> list[float]:
        return [rep.excursion for rep in self.reps]


def mirrored(truth: pd.DataFrame) -> pd.DataFrame:
    """Return the angles of the person in the mirror, in the columns' own order."""
    seen = truth.rename(columns=_across)[list(truth.columns)]
    seen[_SIDEWAYS] = -seen[_SIDEWAYS]
    return seen


def _across(column: str) -> str:
    side, _, angle = column.partition("_")
    return f"{_OTHER[side]}_{angle}" if side in _OTHER else column

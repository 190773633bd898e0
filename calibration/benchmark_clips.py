"""The benchmark folder -> its clips, each with the truth of every repetition."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

FOLDER = Path(__file__).parent / "benchmark"

# The rest before a repetition is read over this long.
_REST_S = 0.4
# Where a movement's quantity stands in the truth, and the sign that turns it into
# hiprom's; elsewhere it is the rotation of the moving hip.
_COLUMNS = {
    "leg_lift": ("{side}_hip_abduction_deg", -1),
    "squat": ("{side}_knee_flexion_deg", 1),
    "tandem_rotation": ("thorax_axial_rotation_deg", 1),
    "butterfly": ("knee_gap_m", 1),
}
_ROTATION = ("{side}_hip_rotation_deg", 1)
SEATED = frozenset({"seated_ir", "seated_er"})
# The hold is read a little inside its ends, where the leg surely stands still.
_MARGIN_S = 0.1


class TrueRep(NamedTuple):
    """One commanded repetition: when it begins, its hold, its end-range and excursion.

    `hold_s` is from when to when the hold is read. `end` is the median of the true
    quantity over it, in degrees (metres for a gap); `excursion` is that minus the
    median over the 0.4 s before the movement.
    """

    side: str
    start_s: float
    hold_s: tuple[float, float]
    end: float
    excursion: float

    @property
    def middle_s(self) -> float:
        """Middle of the hold."""
        return sum(self.hold_s) / 2


@dataclass(frozen=True)
class Clip:
    """One rendered clip: its name, and what clips.json says of it."""

    name: str
    facts: dict[str, Any]

    @property
    def video(self) -> Path:
        """Where the film is."""
        return FOLDER / f"{self.name}.mp4"

    @property
    def protocol(self) -> str:
        """Which movement it shows."""
        return str(self.facts["protocol"])

    @property
    def side(self) -> str:
        """Which leg moves, the person's own."""
        return str(self.facts["side"])

    @property
    def sides(self) -> tuple[str, ...]:
        """Which legs make repetitions: in the 90/90 both at once."""
        both = self.protocol == "ninety_ninety"
        return ("left", "right") if both else (self.side,)

    @property
    def view_deg(self) -> tuple[float, float, float]:
        """The camera's true yaw, pitch and roll, with the signs of hiprom's `View`."""
        camera = self.facts["camera"]
        return (
            0.0 - camera["azimuth_deg"],
            0.0 + camera["elevation_deg"],
            0.0 - camera["roll_deg"],
        )

    @property
    def trouble(self) -> str:
        """What makes this clip hard, in a few words; empty for a plain one."""
        camera, parts = self.facts["camera"], []
        if abs(camera["azimuth_deg"]) >= 20:
            parts.append(f"camera {abs(camera['azimuth_deg']):.0f}° aside")
        if abs(camera["roll_deg"]) >= 3:
            parts.append(f"camera leans {abs(camera['roll_deg']):.0f}°")
        if self.facts["light"] < 0.5:
            parts.append("dark")
        for name, amount_deg in self.facts["compensations"].items():
            words = name.removesuffix("_deg").replace("_", " ")
            parts.append(f"{words} {abs(amount_deg):.0f}°")
        if self.protocol.endswith("_er"):
            parts.append("external rotation")
        return ", ".join(parts)

    @cached_property
    def truth(self) -> pd.DataFrame:
        """Every joint angle, one row a frame."""
        return pd.read_csv(FOLDER / f"{self.name}.csv.gz")

    def values(self, side: str) -> NDArray[np.float64]:
        """Return the true quantity of a side with hiprom's sign, shape (n,)."""
        column, sign = _COLUMNS.get(self.protocol, _ROTATION)
        known = self.truth[column.format(side=side)].to_numpy(dtype=np.float64)
        return np.asarray(sign * known)

    def values_at(self, side: str, time_s: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the true quantity at any times, between the frames too."""
        known_s = self.truth["time_s"].to_numpy(dtype=np.float64)
        return np.asarray(np.interp(time_s, known_s, self.values(side)))

    @property
    def reps(self) -> list[TrueRep]:
        """The true repetitions, in the order of time, side by side."""
        return [
            self._rep(side, each) for side in self.sides for each in self.facts["reps"]
        ]

    def _rep(self, side: str, times: dict[str, float]) -> TrueRep:
        start, first, last = (
            times[name] for name in ("start_s", "peak_start_s", "peak_end_s")
        )
        margin = min(_MARGIN_S, (last - first) / 4)
        hold = first + margin, last - margin
        end = self._median(side, *hold)
        rest = self._median(side, start - _REST_S, start)
        return TrueRep(side, start, hold, end, end - rest)

    def _median(self, side: str, first_s: float, last_s: float) -> float:
        inside = self.truth["time_s"].between(first_s, last_s)
        return float(np.median(self.values(side)[inside]))


def clips_of(protocols: Collection[str]) -> list[Clip]:
    """Return the clips of these protocols, by name."""
    facts = json.loads((FOLDER / "clips.json").read_text(encoding="utf-8"))
    return [
        Clip(name, about)
        for name, about in sorted(facts.items())
        if about["protocol"] in protocols
    ]

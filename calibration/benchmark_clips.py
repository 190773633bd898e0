"""The benchmark folder -> its clips, each with the truth of every repetition."""

from __future__ import annotations

import json
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
# The hold is read a little inside its ends, where the leg surely stands still.
_MARGIN_S = 0.1


class TrueRep(NamedTuple):
    """One commanded repetition: when it begins, its hold, its end-range and excursion.

    `hold_s` is from when to when the hold is read. `end_deg` is the median of the true
    angle over it; `excursion_deg` is that minus the median over the 0.4 s before the
    movement.
    """

    start_s: float
    hold_s: tuple[float, float]
    end_deg: float
    excursion_deg: float

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

    @property
    def rotation_deg(self) -> NDArray[np.float64]:
        """The true hip rotation of the moving leg, internal positive, shape (n,)."""
        return self.truth[f"{self.side}_hip_rotation_deg"].to_numpy(dtype=np.float64)

    def rotation_at(self, time_s: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the true hip rotation at any times, between the frames too."""
        known_s = self.truth["time_s"].to_numpy(dtype=np.float64)
        return np.asarray(np.interp(time_s, known_s, self.rotation_deg))

    @property
    def reps(self) -> list[TrueRep]:
        """The true repetitions, in the order of time."""
        return [self._rep(each) for each in self.facts["reps"]]

    def _rep(self, times: dict[str, float]) -> TrueRep:
        start, first, last = (
            times[name] for name in ("start_s", "peak_start_s", "peak_end_s")
        )
        margin = min(_MARGIN_S, (last - first) / 4)
        hold = first + margin, last - margin
        end, rest = self._median(*hold), self._median(start - _REST_S, start)
        return TrueRep(start, hold, end, end - rest)

    def _median(self, first_s: float, last_s: float) -> float:
        inside = self.truth["time_s"].between(first_s, last_s)
        return float(np.median(self.rotation_deg[inside]))


def clips_of(protocols: set[str]) -> list[Clip]:
    """Return the clips of these protocols, by name."""
    facts = json.loads((FOLDER / "clips.json").read_text(encoding="utf-8"))
    return [
        Clip(name, about)
        for name, about in sorted(facts.items())
        if about["protocol"] in protocols
    ]

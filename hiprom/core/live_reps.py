"""An angle, moment by moment -> repetitions counted as they happen, and the hold.

For the eyes and the voice only: what counts in the end is told by
`hiprom.core.excursions`, which sees the whole recording.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from hiprom.core.protocols.protocol import RepRules

# The needle follows the leg with this lag; speed is read over the other.
_NEEDLE_S = 0.06
_SPEED_S = 0.25
# Back at this share of the way, a repetition is over.
_BACK_SHARE = 0.4
# The rest level follows a leg that hangs still, slowly.
_REST_S = 1.0
# A leg out of sight for this long has to begin its repetition again.
_LOST_S = 1.0


class Phase(StrEnum):
    """Where in a repetition the leg is."""

    REST = "rest"
    OUT = "out"
    HOLD = "hold"
    BACK = "back"


@dataclass(frozen=True)
class Count:
    """What has been counted up to a moment.

    Attributes
    ----------
    phase : Phase
    reps : int
        Repetitions that are over.
    angle : float
        Degrees along the movement, with the jitter taken out; NaN while unseen.
    held_s : float
        How long the end of the present repetition has been held.
    furthest : float
        Furthest hold so far; NaN before the first.
    rested_s : float
        How long the leg has been at rest.
    """

    phase: Phase = Phase.REST
    reps: int = 0
    angle: float = float("nan")
    held_s: float = 0.0
    furthest: float = float("nan")
    rested_s: float = 0.0


class RepCounter:
    """Counts one leg's repetitions.

    Parameters
    ----------
    rules : RepRules
    neutral : float
        Degrees along the movement at rest.
    hold_s : float
        The hold that is wanted: from then on the leg may come back.
    """

    def __init__(self, rules: RepRules, *, neutral: float, hold_s: float) -> None:
        self._rules, self._hold_s = rules, hold_s
        self._rest = self._neutral = neutral
        self._recent: deque[tuple[float, float]] = deque()
        self._last_s = self._seen_s = -np.inf
        self._peak = self._out_s = np.nan
        self.count = Count()

    def see(self, time_s: float, angle: float) -> Count:
        """Take in the next moment, and return where the leg stands.

        Parameters
        ----------
        time_s : float
            Later than the moment before.
        angle : float
            Degrees along the movement; NaN while it cannot be read.
        """
        before, step_s = self.count, min(time_s - self._last_s, _LOST_S)
        self._last_s = time_s
        if not np.isfinite(angle):
            lost = time_s - self._seen_s > _LOST_S
            self.count = Count(
                Phase.REST if lost else before.phase,
                before.reps,
                held_s=0.0 if lost else before.held_s,
                furthest=before.furthest,
            )
            return self.count
        angle = self._needle(before.angle, angle, step_s)
        self._seen_s = time_s
        speed = self._speed(time_s, angle)
        if before.phase is Phase.REST:
            self.count = self._at_rest(time_s, angle, speed, step_s)
        else:
            self.count = self._under_way(time_s, angle, speed, step_s)
        return self.count

    def _needle(self, last: float, angle: float, step_s: float) -> float:
        if not np.isfinite(last):
            return angle
        return float(last + (angle - last) * (1 - np.exp(-step_s / _NEEDLE_S)))

    def _speed(self, time_s: float, angle: float) -> float:
        """Slope of the last quarter of a second, degrees a second."""
        self._recent.append((time_s, angle))
        while time_s - self._recent[0][0] > _SPEED_S:
            self._recent.popleft()
        if len(self._recent) < 3:
            return np.inf
        at_s, angles = np.array(self._recent).T
        at_s -= at_s.mean()
        return float((at_s @ angles) / (at_s @ at_s))

    def _at_rest(
        self, time_s: float, angle: float, speed: float, step_s: float
    ) -> Count:
        before = self.count
        if angle > self._rest + self._rules.min_excursion.value:
            self._peak, self._out_s = angle, time_s
            return Count(Phase.OUT, before.reps, angle, 0.0, before.furthest)
        is_near = abs(angle - self._neutral) < self._rules.min_excursion.value
        if is_near and abs(speed) < self._rules.plateau_speed.value:
            self._rest += (angle - self._rest) * (1 - np.exp(-step_s / _REST_S))
        rested_s = before.rested_s + step_s
        return Count(Phase.REST, before.reps, angle, 0.0, before.furthest, rested_s)

    def _under_way(
        self, time_s: float, angle: float, speed: float, step_s: float
    ) -> Count:
        before, rules = self.count, self._rules
        self._peak = max(self._peak, angle)
        if angle < self._rest + _BACK_SHARE * (self._peak - self._rest):
            is_rep = time_s - self._out_s >= rules.min_duration_s.value
            reps = before.reps + int(is_rep)
            return Count(Phase.REST, reps, angle, 0.0, before.furthest)
        is_far = angle >= self._peak - rules.plateau_band.value
        is_held = is_far and abs(speed) < rules.plateau_speed.value
        held_s = before.held_s + (step_s if is_held else 0.0)
        furthest = np.fmax(before.furthest, angle) if is_held else before.furthest
        if held_s >= self._hold_s:
            phase = Phase.BACK
        elif is_held or before.phase is Phase.HOLD:
            phase = Phase.HOLD
        else:
            phase = Phase.OUT
        return Count(phase, before.reps, angle, held_s, float(furthest))

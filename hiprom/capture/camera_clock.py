"""A driver's timestamps and the moments of arrival -> when each picture was taken.

V4L2 and Media Foundation stamp each picture when it is exposed, or nearly so. That is
the truth, and arrival is late by as much as the machine is busy. But AVFoundation's
stamps are always 0, and for a network camera that sends none FFmpeg counts 25 pictures
a second. So the first second is for looking: stamps are believed only if they pass like
time itself, and not as evenly as a count.
"""

from __future__ import annotations

import math
from itertools import pairwise

# Cameras find their exposure in this time as well, so little is lost.
SETTLING_S = 1.0
# How far stamps may gain or lose over that second: arrival itself is not even.
_ASTRAY = 0.1
# Steps that differ by less come from a count: no shutter is so even.
_COUNTED_S = 1e-5
# A stamp that later differs by more from the arrival is a fault of the driver.
_ASTRAY_S = 0.5


class CameraClock:
    """When pictures were taken, from 0 at the first after `SETTLING_S`.

    Attributes
    ----------
    is_drivers : bool
        Whether the driver's stamps are believed; otherwise the moment of arrival is
        taken.
    """

    def __init__(self) -> None:
        self._first: list[tuple[float, float]] = []
        self._is_settled = self.is_drivers = False
        self._lag_s = 0.0
        self._origin_s = math.nan
        self._last_s = -math.inf

    def time_s(self, stamp_ms: float, arrived_s: float) -> float | None:
        """Return when a picture was taken.

        Parameters
        ----------
        stamp_ms : float
            The driver's, on whatever clock; 0 or -1 if it gives none.
        arrived_s : float
            By the monotonic clock.

        Returns
        -------
        float or None
            None in the first second, and where time does not advance.
        """
        stamp_s = stamp_ms / 1000
        if not self._is_settled:
            self._first.append((stamp_s, arrived_s))
            if arrived_s - self._first[0][1] < SETTLING_S:
                return None
            self._settle()
        if self.is_drivers and abs(arrived_s - stamp_s - self._lag_s) > _ASTRAY_S:
            self.is_drivers = False
        taken_s = stamp_s if self.is_drivers else arrived_s - self._lag_s
        if math.isnan(self._origin_s):
            self._origin_s = taken_s
        time_s = taken_s - self._origin_s
        if time_s <= self._last_s:
            return None
        self._last_s = time_s
        return time_s

    def _settle(self) -> None:
        (stamp_s, arrived_s), (last_stamp_s, last_arrived_s) = (
            self._first[0],
            self._first[-1],
        )
        steps_s = [later - one for (one, _), (later, _) in pairwise(self._first)]
        passed_s = last_arrived_s - arrived_s
        gained_s = last_stamp_s - stamp_s - passed_s
        if (
            min(steps_s) > 0
            and max(steps_s) - min(steps_s) > _COUNTED_S
            and abs(gained_s) <= _ASTRAY * passed_s
        ):
            self.is_drivers = True
            # The picture that arrived most promptly tells how the clocks stand.
            self._lag_s = min(arrived - stamp for stamp, arrived in self._first)
        self._is_settled = True
        self._first.clear()

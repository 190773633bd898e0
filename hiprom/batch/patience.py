"""Something that needs the database -> the same, done also if it was away a while."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Protocol, TypeVar

from hiprom.errors import StoreUnavailable

# A server that is restarted, moved or mended comes back within this.
PATIENCE_S = 900.0
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 0.5, 10.0
_GLANCE_S = 0.5
Answer = TypeVar("Answer")


class Waiter(Protocol):
    """Whoever is told while there is nothing to do but wait."""

    def waiting(self, why: str) -> None:
        """Hear, again and again, that something is out of reach."""

    def idle(self) -> None:
        """Be called about twice a second, whatever happens."""


def insist(do: Callable[[], Answer], told: Waiter) -> Answer:
    """Return what `do` returns, however often the database cannot be reached.

    Raises
    ------
    StoreUnavailable
        If it stays away for `PATIENCE_S`.
    """
    until_s = time.monotonic() + PATIENCE_S
    pause_s = _FIRST_PAUSE_S
    while True:
        try:
            return do()
        except StoreUnavailable as error:
            if time.monotonic() > until_s:
                raise
            told.waiting(str(error))
        again_s = time.monotonic() + pause_s
        while (left_s := again_s - time.monotonic()) > 0:
            told.idle()
            time.sleep(min(left_s, _GLANCE_S))
        pause_s = min(2 * pause_s, _LONGEST_PAUSE_S)

"""One live test: pictures in from one thread, what to show out from another."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from hiprom.capture import model
from hiprom.capture.pose import MediaPipePose
from hiprom.capture.sent_camera import SentCamera
from hiprom.core.guide import WINDOW_S
from hiprom.errors import InputError
from hiprom.live.view import LiveView

if TYPE_CHECKING:
    from hiprom.web.recording.leading import Lead
    from hiprom.web.recording.messages import Picture

_GLANCE_S = 0.1
# A page that is loaded anew leaves and comes back at once.
_PATIENCE_S = 4.0
Tell = Callable[[dict[str, Any]], None]


class Chair:
    """There is one: a second pose model at work would make both too slow."""

    def __init__(self) -> None:
        self._lock = threading.Lock()

    def take(self) -> None:
        """Sit down; who gets up just now is waited for.

        Raises
        ------
        InputError
            If somebody stays there.
        """
        if not self._lock.acquire(timeout=_PATIENCE_S):
            raise InputError(
                "Another page shows a live test just now, and this machine can follow "
                "only one. End it there, or record here without the live picture."
            )

    def leave(self) -> None:
        """Get up."""
        self._lock.release()


class Sitting:
    """A person before a browser's camera, from the first picture to the last.

    Parameters
    ----------
    lead : Lead
    size_px : tuple of int
    """

    def __init__(self, lead: Lead, size_px: tuple[int, int]) -> None:
        self._lead = lead
        self._camera = SentCamera("the browser's camera", size_px)
        self._is_over = threading.Event()

    def put(self, picture: Picture) -> None:
        """Take the next picture; older ones that nobody looked at are let go."""
        self._camera.put(*picture)

    def stop(self) -> None:
        """Let `run` end soon, in whichever thread it runs."""
        self._is_over.set()

    def run(self, tell: Tell) -> None:
        """Look at pictures, and tell of each, until the test is over or stopped.

        Parameters
        ----------
        tell : callable
            May take its time: pictures that come meanwhile are passed over.

        Raises
        ------
        HipromError
            If the pose model or a picture fails.
        """
        bundle = model.ready()
        assert bundle.path is not None
        with (
            MediaPipePose(bundle.path) as estimator,
            LiveView(self._camera, estimator, preroll_s=0.0) as view,
        ):
            tell({"ready": True})
            while not (self._is_over.is_set() or self._lead.ended):
                if view.look(_GLANCE_S):
                    tell(self._lead.see(view.last(WINDOW_S)))
                    view.forget()
                elif view.is_over:
                    break
        if view.failure and not self._is_over.is_set():
            raise view.failure

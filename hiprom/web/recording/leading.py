"""What is seen of a person -> what the page shows and says at this moment.

The film begins when the guide has seen a second of rest, and not before: a browser
cannot film the past. So the person is asked to rest a little longer, counting down.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from hiprom.core.guide import Guide
from hiprom.core.scene import Stage

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hiprom.core.camera import Camera
    from hiprom.core.landmarks import Side
    from hiprom.core.protocols import Protocol
    from hiprom.core.scene import Scene
    from hiprom.core.track import PoseTrack

REST_S = 2.0
_SPOKEN_REST = "Keep still. Recording."


class Lead:
    """One leg's test, as a browser is told of it.

    Parameters
    ----------
    protocol : Protocol
    side : {"left", "right"} or None
    reps : int
    target : dict of Side to float
        Last session's means, degrees along the movement.
    camera : Camera, optional
    """

    def __init__(
        self,
        protocol: Protocol,
        side: Side | None,
        *,
        reps: int,
        target: dict[Side, float],
        camera: Camera | None = None,
    ) -> None:
        self._guide = Guide(
            protocol,
            side,
            title="",
            reps_wanted=reps,
            is_patient=True,
            target=target,
            camera=camera,
        )
        self._begun_s = math.nan
        self._unsaid = ""

    @property
    def ended(self) -> str:
        """Why the test is over; empty before."""
        return self._guide.ended

    @property
    def is_begun(self) -> bool:
        """Whether what is seen belongs to the test."""
        return self._guide.begun_s is not None

    def see(self, recent: PoseTrack) -> dict[str, Any]:
        """Take in the last second, which ends just now; return what the page is told.

        `points` and `dial` are pixels of the unmirrored picture; null is unknown.
        """
        guide = self._guide
        guide.see(recent)
        now_s = float(recent.time_s[-1])
        scene, count = self._counted(guide.scene(), now_s)
        return {
            "at": now_s,
            "stage": scene.stage.value,
            "begun": self.is_begun,
            "ended": guide.ended,
            "count": count,
            "do": scene.instruction,
            "hints": list(scene.hints[:2]),
            "side": scene.side,
            "angle": _number(scene.angle),
            "furthest": _number(scene.furthest),
            "target": _number(scene.target),
            "held": round(scene.held_share, 3),
            "reps": scene.reps_done,
            "say": scene.spoken,
            "points": _places(recent.image_px[-1]),
            "dial": _places(guide.now.dial_px) if guide.now else None,
        }

    def _counted(self, scene: Scene, now_s: float) -> tuple[Scene, int]:
        """Let the first rest last; what is to be said meanwhile is said afterwards."""
        if scene.stage is not Stage.REPS:
            return scene, 0
        is_first = math.isnan(self._begun_s)
        self._begun_s = now_s if is_first else self._begun_s
        left = math.ceil(self._begun_s + REST_S - now_s)
        if left > 0:
            self._unsaid = scene.spoken or self._unsaid
            return replace(
                scene,
                stage=Stage.STILL,
                instruction="Keep still",
                spoken=_SPOKEN_REST if is_first else "",
            ), left
        spoken, self._unsaid = scene.spoken or self._unsaid, ""
        return replace(scene, spoken=spoken), 0


def _number(value: float) -> float | None:
    return round(value, 1) if math.isfinite(value) else None


def _places(points_px: NDArray[Any]) -> list[list[float]] | None:
    if not np.isfinite(points_px).all():
        return None
    whole: list[list[float]] = np.round(points_px, 1).astype(float).tolist()
    return whole

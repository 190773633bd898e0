"""PoseTrack: what capture hands to the core, one row per video frame."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hiprom.core.landmarks import Landmark
from hiprom.core.silhouette import RADII
from hiprom.errors import InputError, ShapeError

Points = NDArray[np.float32]
_MARKS = len(Landmark)
_ROWS = ("time_s", "image_px", "world_m", "visibility", "chords_px", "light")


@dataclass(frozen=True, eq=False)
class PoseTrack:
    """The landmarks of one person through one video.

    Parameters
    ----------
    time_s : ndarray of float64, shape (n,)
        The container's own timestamps, strictly increasing, seconds.
    image_px : ndarray of float32, shape (n, 33, 2)
        Landmarks in pixels of the upright, unmirrored frame: x right, y down.
    world_m : ndarray of float32, shape (n, 33, 3)
        The model's metric landmarks, origin between the hips, camera-aligned:
        x right, y down, z away. Metric in name only; z is the weakest axis.
    visibility : ndarray of float32, shape (n, 33)
        The model's own belief in [0, 1]. It does not betray a dragged landmark.
    width_px, height_px : int
        Size of the upright frame.
    chords_px : ndarray of float32, shape (n, 2, 20, 3), or None
        Chords across the left and the right shank (`hiprom.core.silhouette`); None
        where silhouettes were not kept.
    light : ndarray of float32, shape (n,), or None
        Mean brightness of the picture around the person, 0 black to 1 white; None
        where it was not kept.

    Notes
    -----
    A frame without a person is NaN throughout: never zero, never the last value.

    Raises
    ------
    ShapeError
        If an array is not of the shape above.
    InputError
        If the timestamps are not strictly increasing and finite.
    """

    time_s: NDArray[np.float64]
    image_px: Points
    world_m: Points
    visibility: Points
    width_px: int
    height_px: int
    chords_px: Points | None = None
    light: Points | None = None

    def __post_init__(self) -> None:
        n = len(self.time_s)
        for name, expected in (
            ("time_s", (n,)),
            ("image_px", (n, _MARKS, 2)),
            ("world_m", (n, _MARKS, 3)),
            ("visibility", (n, _MARKS)),
            ("chords_px", (n, 2, len(RADII), 3)),
            ("light", (n,)),
        ):
            values = getattr(self, name)
            if values is not None and values.shape != expected:
                raise ShapeError(name, values.shape, str(expected))
        if not np.isfinite(self.time_s).all() or np.any(np.diff(self.time_s) <= 0):
            raise InputError(
                "time_s must be finite and strictly increasing; "
                "use the container's timestamps, in presentation order."
            )

    def __len__(self) -> int:
        return len(self.time_s)

    def part(self, chosen: NDArray[np.bool_]) -> PoseTrack:
        """Return the track of some of its frames, as if the rest were not recorded."""
        parts: dict[str, Any] = {}
        for name in _ROWS:
            values = getattr(self, name)
            parts[name] = None if values is None else values[chosen]
        return replace(self, **parts)

    def then(self, later: PoseTrack) -> PoseTrack:
        """Return one track of two, the later one after this one.

        What only one of them kept, silhouettes or light, is left out.

        Raises
        ------
        InputError
            If they overlap in time.
        """
        parts: dict[str, Any] = {}
        for name in _ROWS:
            both = (getattr(self, name), getattr(later, name))
            is_whole = all(values is not None for values in both)
            parts[name] = np.concatenate(both) if is_whole else None
        return replace(self, **parts)

    @property
    def is_seen(self) -> NDArray[np.bool_]:
        """Whether a person was found, shape (n,)."""
        return np.asarray(np.isfinite(self.image_px).all(axis=(1, 2)))

    @property
    def fps(self) -> float:
        """Frames per second by the median interval; NaN below two frames."""
        if len(self) < 2:
            return float("nan")
        return float(1.0 / np.median(np.diff(self.time_s)))

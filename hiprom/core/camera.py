"""A camera's profile and a PoseTrack -> the track that an ideal camera would give.

A lens bends straight lines, its axis does not meet the middle of the picture, and the
camera leans. A profile says by how much. `ideal_track` takes the first two out, so that
the rest of the core needs nothing but one focal length; `Gravity` tells the third.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import ArrayLike

from hiprom.core.landmarks import ANKLES
from hiprom.core.lens import Coefficients, bent, reach, unbent
from hiprom.core.track import Points, PoseTrack
from hiprom.core.vectors import Array
from hiprom.errors import InputError, ShapeError

Pair = tuple[float, float]

# A video's sides are made even, so a scaled picture may be this much off its aspect.
_ROUNDING_PX = 2.0


@dataclass(frozen=True)
class Gravity:
    """How a camera stands: rolled clockwise, and looking down, against the vertical.

    `roll_sd_deg` and `pitch_sd_deg` are standard deviations; a plumb line alone shows
    the roll well and the pitch not at all.
    """

    roll_deg: float
    pitch_deg: float
    roll_sd_deg: float
    pitch_sd_deg: float

    @property
    def sd_deg(self) -> float:
        """The larger of both standard deviations."""
        return max(self.roll_sd_deg, self.pitch_sd_deg)

    @property
    def down(self) -> Array:
        """Direction of gravity, shape (3,), camera axes: x right, y down, z away."""
        roll, pitch = np.radians(self.roll_deg), np.radians(self.pitch_deg)
        return np.array(
            [
                -np.sin(roll) * np.cos(pitch),
                np.cos(roll) * np.cos(pitch),
                np.sin(pitch),
            ]
        )

    @classmethod
    def along(cls, down: Array, *, roll_sd_deg: float, pitch_sd_deg: float) -> Self:
        """Return the gravity that points along `down`, shape (3,), camera axes."""
        x, y, z = (float(value) for value in down)
        roll = float(np.degrees(np.arctan2(-x, y)))
        pitch = float(np.degrees(np.arctan2(z, np.hypot(x, y))))
        return cls(roll, pitch, roll_sd_deg, pitch_sd_deg)


class Spread(NamedTuple):
    """Standard deviations of a profile's numbers, as its calibration found them."""

    focal_px: Pair
    centre_px: Pair
    distortion: Coefficients


@dataclass(frozen=True)
class Camera:
    """What is known of one camera at one size of picture.

    Parameters
    ----------
    name : str
    width_px, height_px : int
        Of the upright picture. The profile holds for this size, and scaled for others
        of the same aspect (`scaled_to`).
    focal_px : tuple of float
        Across and down.
    centre_px : tuple of float
        Where the optical axis meets the picture, from the upper left *corner* of the
        upper left pixel, as landmarks are given.
    distortion : tuple of float
        k1, k2, p1, p2, k3 as OpenCV defines them.
    rms_px : float
        How far the board's corners lay from where this camera would see them.
    date : str
        When it was calibrated, ISO 8601.
    gravity : Gravity, optional
    sd : Spread, optional
    scaled_from_px : tuple of int, optional
        The size it was calibrated at, where that is another.

    Raises
    ------
    InputError
        If a number is impossible, or the lens would fold its picture over.
    """

    name: str
    width_px: int
    height_px: int
    focal_px: Pair
    centre_px: Pair
    distortion: Coefficients
    rms_px: float
    date: str
    gravity: Gravity | None = None
    sd: Spread | None = None
    scaled_from_px: tuple[int, int] | None = None

    def __post_init__(self) -> None:
        numbers = (*self.focal_px, *self.centre_px, *self.distortion)
        lengths = (len(self.focal_px), len(self.centre_px), len(self.distortion))
        if lengths != (2, 2, 5) or not np.isfinite(numbers).all():
            raise self._impossible(
                "it needs two focal lengths, two numbers for the centre and five for "
                "the distortion, all finite"
            )
        if min(self.width_px, self.height_px) < 1:
            raise self._impossible(
                f"its picture measures {self.width_px} x {self.height_px} pixels"
            )
        longest = max(self.width_px, self.height_px)
        if not 0.2 * longest <= min(self.focal_px) <= max(self.focal_px) < 20 * longest:
            raise self._impossible(
                f"focal lengths of {self.focal_px[0]:.0f} and {self.focal_px[1]:.0f} "
                f"pixels do not go with a picture of {longest}"
            )
        if not (
            0 < self.centre_px[0] < self.width_px
            and 0 < self.centre_px[1] < self.height_px
        ):
            raise self._impossible("its optical axis lies outside the picture")
        size = np.array([self.width_px, self.height_px])
        corner = np.maximum(self.centre_px, size - self.centre_px) / self.focal_px
        if reach(self.distortion) < np.hypot(*corner):
            raise self._impossible("its distortion would fold the picture's corners")

    @property
    def ideal_focal_px(self) -> float:
        """Focal length of the ideal camera of `ideal_px`, pixels."""
        return float(np.sqrt(self.focal_px[0] * self.focal_px[1]))

    def scaled_to(self, width_px: int, height_px: int) -> Camera:
        """Return the profile for another size of picture.

        Raises
        ------
        InputError
            If the picture's aspect is another: then it shows another part of what the
            sensor sees, or the camera was turned, and nobody knows which.
        """
        if (width_px, height_px) == (self.width_px, self.height_px):
            return self
        across, down = width_px / self.width_px, height_px / self.height_px
        off_px = max(
            abs(height_px - across * self.height_px),
            abs(width_px - down * self.width_px),
        )
        if off_px > _ROUNDING_PX:
            turned = (width_px < height_px) != (self.width_px < self.height_px)
            advice = (
                "Hold the camera as it was calibrated, or calibrate it held like this."
                if turned
                else f"Record at {self.width_px} x {self.height_px}, or calibrate "
                "the camera at the size you record."
            )
            raise InputError(
                f"The camera profile {self.name!r} is for pictures of "
                f"{self.width_px} x {self.height_px} pixels, this one has "
                f"{width_px} x {height_px}: another shape. {advice}"
            )
        scale = (across, down)
        return replace(
            self,
            width_px=width_px,
            height_px=height_px,
            focal_px=_times(self.focal_px, scale),
            centre_px=_times(self.centre_px, scale),
            rms_px=self.rms_px * float(np.sqrt(across * down)),
            sd=self.sd
            and self.sd._replace(
                focal_px=_times(self.sd.focal_px, scale),
                centre_px=_times(self.sd.centre_px, scale),
            ),
            scaled_from_px=self.scaled_from_px or (self.width_px, self.height_px),
        )

    def ideal_px(self, image_px: ArrayLike) -> Array:
        """Move points to where a camera without flaws would see them.

        That camera stands in the same place and looks the same way; its pixels are
        square, its focal length is `ideal_focal_px` both ways, its axis meets the
        middle of the picture, and its lens bends nothing.

        Parameters
        ----------
        image_px : array_like, shape (..., 2)
            Pixels of a picture of this camera's size. Beyond the picture's edge, where
            no lens was ever measured, a point moves as the nearest one on the edge.

        Returns
        -------
        ndarray, shape (..., 2)
            NaN where the point is NaN.

        Raises
        ------
        ShapeError
            If the last axis is not 2.
        """
        points = np.asarray(image_px, dtype=np.float64)
        if points.ndim == 0 or points.shape[-1] != 2:
            raise ShapeError("image_px", points.shape, "(..., 2)")
        size = np.array([self.width_px, self.height_px], dtype=np.float64)
        inside = np.clip(points, 0.0, size)
        lens = (inside - self.centre_px) / self.focal_px
        moved: Array = size / 2 + self.ideal_focal_px * unbent(lens, self.distortion)
        return moved + (points - inside)

    def seen_px(self, ideal_px: ArrayLike) -> Array:
        """Move points back to where this camera sees them: undoes `ideal_px`.

        For drawing on the camera's own pictures; shape (..., 2) to (..., 2), NaN where
        the point is NaN. It holds inside the picture.
        """
        half = np.array([self.width_px, self.height_px]) / 2
        straight = (np.asarray(ideal_px, dtype=np.float64) - half) / self.ideal_focal_px
        seen: Array = self.centre_px + bent(straight, self.distortion)[0] * np.array(
            self.focal_px
        )
        return seen

    def _impossible(self, found: str) -> InputError:
        return InputError(
            f"The camera profile {self.name!r} cannot be right: {found}. "
            "Calibrate the camera again (hiprom calibrate run)."
        )


def ideal_track(track: PoseTrack, camera: Camera) -> PoseTrack:
    """Return the track as the ideal camera of `Camera.ideal_px` would have given it.

    Landmarks and the chords across the shanks move; what the pose model says in metres
    stays. Measure it with ``camera.ideal_focal_px``.

    Raises
    ------
    InputError
        If the camera's profile is not for pictures of the track's size or shape.
    """
    camera = camera.scaled_to(track.width_px, track.height_px)
    chords = track.chords_px
    return replace(
        track,
        image_px=camera.ideal_px(track.image_px).astype(np.float32),
        chords_px=None if chords is None else _ideal_chords(track, chords, camera),
    )


def _ideal_chords(track: PoseTrack, chords: Points, camera: Camera) -> Points:
    """Move both ends of each chord, which lie square to the line from the ankle."""
    middle = chords[..., :2].astype(np.float64)
    out = middle - track.image_px[:, list(ANKLES), None].astype(np.float64)
    square = np.stack([-out[..., 1], out[..., 0]], axis=-1)
    half = chords[..., 2:] / 2 * square / np.linalg.norm(square, axis=-1, keepdims=True)
    first, last = camera.ideal_px(middle - half), camera.ideal_px(middle + half)
    length = np.linalg.norm(last - first, axis=-1, keepdims=True)
    moved = np.concatenate([(first + last) / 2, length], axis=-1)
    return moved.astype(np.float32)


def _times(pair: Pair, scale: Pair) -> Pair:
    return (pair[0] * scale[0], pair[1] * scale[1])

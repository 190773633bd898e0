"""One video's frames -> the tested person's landmarks, by MediaPipe. Child only.

MediaPipe smooths and tracks only when it is told to look for one person, and then
holds on to whom it found first. So it is told so, and steered: each time it takes hold
of somebody, one look at everybody in the picture tells whether that is the tested
person. If not, it begins anew on a picture in which all but that person is grey, and
from there on follows by itself. While the tested person is out of sight, nobody else is
taken for them until they have been gone for a while. Once a second, a look at a picture
in which the tested person is grey counts the others.

(Asking for several people instead costs half as much again a frame, loses the smoothing
and moves a single person's landmarks by some 4 px. A look costs 15 ms when nobody else
is there, 2 % of the second.)
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from mediapipe import Image, ImageFormat
from mediapipe.tasks.python import BaseOptions
from mediapipe.tasks.python.vision import (
    PoseLandmarker,
    PoseLandmarkerOptions,
    RunningMode,
)
from numpy.typing import NDArray

from hiprom.capture.following import is_same_person, person_to_follow

Points = NDArray[np.float32]
Pixels = NDArray[np.uint8]

_COUNT_EVERY_S = 1.0
_PATIENCE_S = 2.0  # before somebody else becomes the tested person
_MOST_PEOPLE = 4
_WIDE, _NARROW = 0.15, 0.05  # margins around a person, of their own size
_GREY = 128


class Person(NamedTuple):
    """One person in one frame.

    Attributes
    ----------
    image_px, world_m, visibility : ndarray of float32
        As in `hiprom.capture.pose.Pose`.
    light : float
        Mean brightness of the box around the person, 0 black to 1 white.
    silhouette : mediapipe.Image or None
        How much each pixel belongs to the person, in [0, 1]; None unless asked for.
        What its `numpy_view` shows lives only as long as this does.
    """

    image_px: Points
    world_m: Points
    visibility: Points
    light: float
    silhouette: Image | None


@dataclass
class _Video:
    """What is known of a video so far."""

    time_ms: int = -1
    is_holding: bool = False
    next_count_s: float = -np.inf
    people: int = 0
    last_px: Points | None = None
    last_seen_s: float = -np.inf


class Landmarker:
    """Follows one person through one video after another.

    Parameters
    ----------
    model_path : str
        A pose landmarker bundle.
    with_masks : bool
        Whether each person's silhouette is wanted too.
    """

    def __init__(self, model_path: str, *, with_masks: bool) -> None:
        self._model_path = model_path
        self._with_masks = with_masks
        self._look = self._create(RunningMode.IMAGE, _MOST_PEOPLE, with_masks=False)
        self._track = self._create(RunningMode.VIDEO, 1, with_masks=with_masks)
        self._video = _Video()

    def begin_video(self) -> None:
        """Forget the last video: tracking, smoothing and the person followed."""
        if self._video.time_ms >= 0:
            self._track_anew()
        self._video = _Video()

    def follow(self, rgb: Pixels, time_s: float) -> tuple[Person | None, int]:
        """Return the tested person and how many people were seen at the last look.

        `rgb` has shape (height, width, 3); `time_s` increases from frame to frame.
        """
        video = self._video
        # MediaPipe wants whole milliseconds that never stand still.
        video.time_ms = max(video.time_ms + 1, round(1000 * time_s))
        found = self._detect(rgb)
        if found is None:
            video.is_holding = False
            return None, 0
        if not video.is_holding:
            found = self._take_hold(rgb, found, time_s)
        elif time_s >= video.next_count_s:
            others = self._everybody(_without(found.image_px, rgb))
            video.people = 1 + len(others)
            video.next_count_s = time_s + _COUNT_EVERY_S
        video.is_holding = found is not None
        if found:
            video.last_px, video.last_seen_s = found.image_px, time_s
        return found, video.people

    def _take_hold(self, rgb: Pixels, found: Person, time_s: float) -> Person | None:
        """Return the tested person, who may be another than `found`, or None as yet."""
        video = self._video
        video.next_count_s = time_s + _COUNT_EVERY_S
        people = self._everybody(rgb)
        # The look may miss whom the tracker holds, and the other way round.
        others = [px for px in people if not is_same_person(px, found.image_px)]
        people_px = np.stack([found.image_px, *others])
        video.people = len(people_px)
        height, width = rgb.shape[:2]
        chosen = person_to_follow(people_px, width, height, video.last_px)
        if (
            video.last_px is not None
            and time_s < video.last_seen_s + _PATIENCE_S
            and not is_same_person(people_px[chosen], video.last_px)
        ):
            return None
        if chosen == 0:
            return found
        self._track_anew()
        return self._detect(_only(people_px[chosen], rgb))

    def _everybody(self, rgb: Pixels) -> list[Points]:
        height, width = rgb.shape[:2]
        seen = self._look.detect(Image(ImageFormat.SRGB, rgb)).pose_landmarks
        return [_image_px(marks, width, height) for marks in seen]

    def _detect(self, rgb: Pixels) -> Person | None:
        image = Image(ImageFormat.SRGB, rgb)
        answer = self._track.detect_for_video(image, self._video.time_ms)
        if not answer.pose_landmarks:
            return None
        height, width = rgb.shape[:2]
        marks, world = answer.pose_landmarks[0], answer.pose_world_landmarks[0]
        image_px = _image_px(marks, width, height)
        return Person(
            image_px=image_px,
            world_m=np.array([(mark.x, mark.y, mark.z) for mark in world], np.float32),
            visibility=np.array([mark.visibility for mark in marks], np.float32),
            light=_brightness(rgb[_box(image_px, rgb, margin=0.0)]),
            silhouette=answer.segmentation_masks[0] if self._with_masks else None,
        )

    def _track_anew(self) -> None:
        self._track.close()
        self._track = self._create(RunningMode.VIDEO, 1, with_masks=self._with_masks)

    def _create(
        self, mode: RunningMode, most_people: int, *, with_masks: bool
    ) -> PoseLandmarker:
        return PoseLandmarker.create_from_options(
            PoseLandmarkerOptions(
                base_options=BaseOptions(model_asset_path=self._model_path),
                running_mode=mode,
                num_poses=most_people,
                output_segmentation_masks=with_masks,
            )
        )


def _image_px(marks: list[Any], width: int, height: int) -> Points:
    return np.array([(mark.x * width, mark.y * height) for mark in marks], np.float32)


def _brightness(rgb: Pixels) -> float:
    """Mean over every fourth pixel each way; NaN of an empty picture."""
    sparse = rgb[::4, ::4]
    return float(sparse.mean() / 255) if sparse.size else float("nan")


def _only(person_px: Points, rgb: Pixels) -> Pixels:
    """Return the picture with all but the box around one person painted grey."""
    alone = np.full_like(rgb, _GREY)
    box = _box(person_px, rgb, _WIDE)
    alone[box] = rgb[box]
    return alone


def _without(person_px: Points, rgb: Pixels) -> Pixels:
    """Return the picture with the box around one person painted grey."""
    others = rgb.copy()
    others[_box(person_px, rgb, _NARROW)] = _GREY
    return others


def _box(person_px: Points, rgb: Pixels, margin: float) -> tuple[slice, slice]:
    """Return the rows and columns around a person, within the picture."""
    low, high = person_px.min(axis=0), person_px.max(axis=0)
    wider = margin * np.linalg.norm(high - low)
    size = rgb.shape[1::-1]
    left, top = np.clip(low - wider, 0, size).astype(int)
    right, bottom = np.clip(high + wider, 0, size).astype(int)
    return slice(top, bottom), slice(left, right)

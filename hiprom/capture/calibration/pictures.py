"""A folder, a video or a running camera -> grey pictures, each with a name."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np

from hiprom.capture.calibration.views import Grey
from hiprom.capture.video import open_video
from hiprom.capture.webcam import open_camera
from hiprom.errors import CaptureError

SUFFIXES = (".jpg", ".jpeg", ".png", ".bmp", ".tif", ".tiff", ".webp")
# How many pictures a second are looked at: a board is moved no faster.
_A_SECOND = 5.0
# Videos are measured smaller; a lens is known better from all there is.
_MAX_SIDE_PX = 1920
# Of a picture that is sent: 4K.
_MOST_PX = 8_300_000


class GreyPicture(NamedTuple):
    """A picture, (height, width) of uint8, upright and unmirrored."""

    name: str
    grey: Grey


def of_file(path: Path) -> GreyPicture:
    """Read one picture, turned as its camera says.

    Raises
    ------
    CaptureError
        If it is missing or no picture.
    """
    import cv2

    try:
        # Read here and not by OpenCV, which on Windows knows no accents in a path.
        content = np.frombuffer(path.read_bytes(), dtype=np.uint8)
    except OSError as error:
        raise CaptureError(
            f"{path} cannot be read ({error.strerror}). Check how it is spelled."
        ) from error
    grey = cv2.imdecode(content, cv2.IMREAD_GRAYSCALE) if len(content) else None
    if grey is None:
        raise CaptureError(
            f"{path} is no picture that hiprom reads, or a damaged one. Save it as "
            "JPEG or PNG."
        )
    return GreyPicture(path.name, np.asarray(grey, dtype=np.uint8))


def of_jpeg(content: bytes, name: str) -> GreyPicture:
    """Read a picture that somebody sent.

    Raises
    ------
    CaptureError
        If it is no JPEG, or a larger one than cameras give.
    """
    import cv2
    from PIL import Image

    # Before anything is decoded: a few bytes may claim to be a huge picture.
    bombs = (Image.DecompressionBombError, Image.DecompressionBombWarning)
    try:
        with Image.open(io.BytesIO(content), formats=["JPEG"]) as head:
            width, height = head.size
    except (OSError, ValueError, SyntaxError, *bombs):
        width = height = 0
    grey = None
    if 0 < width * height <= _MOST_PX:
        how = cv2.IMREAD_GRAYSCALE | cv2.IMREAD_IGNORE_ORIENTATION
        grey = cv2.imdecode(np.frombuffer(content, np.uint8), how)
    if grey is None:
        raise CaptureError(
            f"{name} is no JPEG that hiprom reads, or one of more than "
            f"{_MOST_PX / 1e6:.0f} million pixels."
        )
    return GreyPicture(name, np.asarray(grey, np.uint8))


def of_folder(folder: Path) -> Iterator[GreyPicture]:
    """Read all pictures in a folder, by name; other files are passed over.

    Raises
    ------
    CaptureError
        If there is no such folder, or no picture in it, or one is damaged.
    """
    if not folder.is_dir():
        raise CaptureError(
            f"There is no folder {folder}. Name the folder with the board's pictures."
        )
    files = sorted(file for file in folder.iterdir() if file.suffix.lower() in SUFFIXES)
    if not files:
        raise CaptureError(
            f"{folder} holds no pictures ({', '.join(SUFFIXES)}). Put at least ten "
            "pictures of the board there, or name a --video."
        )
    yield from (of_file(file) for file in files)


def of_video(path: Path) -> Iterator[GreyPicture]:
    """Read a few pictures a second of a video.

    Raises
    ------
    VideoNotReadable
        If the file cannot be read as a video.
    """
    import cv2

    with open_video(path, max_side_px=_MAX_SIDE_PX) as video:
        declared = video.facts.declared_fps
        step = max(1, round(declared / _A_SECOND)) if declared > 0 else 1
        for frame in video.frames(only=range(0, 10**9, step)):
            grey = cv2.cvtColor(frame.rgb, cv2.COLOR_RGB2GRAY)
            yield GreyPicture(
                f"{path.name} at {frame.time_s:.1f} s", np.asarray(grey, np.uint8)
            )


def of_camera(source: int | str) -> Iterator[GreyPicture]:
    """Read pictures from a running camera until the caller has enough.

    Raises
    ------
    CaptureError
        If there is no such camera, it is in use, or it stops.
    """
    import cv2

    with open_camera(source) as camera:
        for frame in camera.frames():
            grey = cv2.cvtColor(frame.rgb, cv2.COLOR_RGB2GRAY)
            yield GreyPicture(f"picture {frame.index + 1}", np.asarray(grey, np.uint8))

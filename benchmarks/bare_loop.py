"""The least that any tool of this kind must do: decode videos, ask MediaPipe.

bare_loop.py VIDEO...: the same model and options as hiprom, nothing measured.
"""

import sys

import av
from mediapipe import Image, ImageFormat
from mediapipe.tasks.python import BaseOptions
from mediapipe.tasks.python.vision import (
    PoseLandmarker,
    PoseLandmarkerOptions,
    RunningMode,
)

from hiprom.capture import model

options = PoseLandmarkerOptions(
    base_options=BaseOptions(model_asset_path=str(model.ready().path)),
    running_mode=RunningMode.VIDEO,
    output_segmentation_masks=True,
)
for path in sys.argv[1:]:
    with av.open(path) as video, PoseLandmarker.create_from_options(options) as pose:
        for frame in video.decode(video=0):
            rgb = frame.to_ndarray(format="rgb24")
            pose.detect_for_video(
                Image(ImageFormat.SRGB, rgb), round(frame.time * 1000)
            )

"""Pictures of the board from a running camera."""

from itertools import islice

import clips
import mjpeg_server
import numpy as np
import pytest

from hiprom.capture import camera_clock
from hiprom.capture.calibration.pictures import of_camera
from hiprom.errors import CaptureError


def test_a_running_camera_gives_grey_pictures(monkeypatch):
    monkeypatch.setattr(camera_clock, "SETTLING_S", 0.1)
    with mjpeg_server.camera() as address:
        first, second = islice(of_camera(address), 2)

    assert (first.name, second.name) == ("picture 1", "picture 2")
    assert first.grey.shape == (96, 160)
    assert first.grey.dtype == np.uint8
    rgb = np.repeat(first.grey[..., np.newaxis], 3, axis=-1)
    following = np.repeat(second.grey[..., np.newaxis], 3, axis=-1)
    assert clips.number_of(following) == clips.number_of(rgb) + 1


def test_a_camera_that_is_not_there_is_refused():
    with pytest.raises(CaptureError, match="97"):
        next(of_camera(97))

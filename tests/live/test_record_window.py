"""`hiprom record` in a real window, on a screen that only the test sees."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import xvfb
from numpy.testing import assert_allclose
from PIL import ImageGrab

import hiprom

SAMPLE = Path(__file__).parents[2] / "sample_videos" / "seated_er_right.mp4"
HIPROM = [sys.executable, "-P", "-c", "from hiprom.cli import app; app()"]
pytestmark = [
    pytest.mark.slow,
    pytest.mark.model,
    pytest.mark.skipif(
        not (xvfb.XVFB and xvfb.XDOTOOL),
        reason="needs Xvfb and xdotool",
    ),
]


@pytest.fixture
def display():
    """A screen of its own, and what can be done on it."""
    with xvfb.screen(1300, 740) as name:
        yield Display(name)


class Display:
    def __init__(self, name):
        self.name = name

    def do(self, *words):
        subprocess.run(
            [xvfb.XDOTOOL, *words],
            env=os.environ | {"DISPLAY": self.name},
            capture_output=True,
            check=False,
        )

    def picture(self):
        return np.asarray(ImageGrab.grab(xdisplay=self.name).convert("RGB"), float)

    def wait_for(self, is_there, process, patience_s=60):
        """Wait until the screen shows something; without a window manager Qt may
        never notice that its window is there, and is told so anew."""
        until = time.monotonic() + patience_s
        while time.monotonic() < until:
            if process.poll() is not None:
                pytest.fail(f"it ended too early, saying: {process.communicate()[1]}")
            if is_there(self.picture()):
                return
            if self.picture().max() == 0:
                found = ("search", "--name", "hiprom")
                self.do(*found, "windowunmap", "%1", "windowmap", "%1")
            time.sleep(0.3)
        pytest.fail("the screen never showed what was waited for")


def shows_a_room(picture):
    """Whether the left half holds the sample's bright wall."""
    return picture[60:300, 60:600].mean() > 90


def shows_a_card(picture):
    """Whether there is light writing on the dark middle."""
    middle = picture[150:560, 200:1100]
    return middle.mean() < 60 and (middle.min(axis=2) > 200).mean() > 0.005


def test_a_test_in_the_window_comes_to_what_analyze_finds_in_its_film(
    tmp_path, model_file, display
):
    home = {"HIPROM_HOME": str(tmp_path / "home"), "HIPROM_MODEL": str(model_file)}
    process = subprocess.Popen(
        [
            *(*HIPROM, "record", "--source", str(SAMPLE), "--protocol", "seated_er"),
            *("--quiet", "--no-overlay", "--json", "--out", str(tmp_path / "out")),
        ],
        env=os.environ | home | {"DISPLAY": display.name},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    display.wait_for(shows_a_card, process)
    display.do("key", "space")
    display.wait_for(shows_a_room, process)
    display.wait_for(shows_a_card, process)
    display.do("key", "Escape")
    told, said = process.communicate(timeout=60)

    assert process.returncode == 0, said
    (result,) = json.loads(told)["results"]
    (film,) = (tmp_path / "out").glob("*.mp4")
    again = hiprom.analyze(film, protocol="seated_er").reps["end_range"]
    ends = [rep["end_range"] for rep in result["reps"]]
    assert len(ends) == len(again) == 3
    assert_allclose(np.mean(ends), again.mean(), atol=0.5)
    assert_allclose(ends, again, atol=1.0)
    assert result["recording"]["ended"] == "the film was over"

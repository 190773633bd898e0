"""Development clips and real videos through the real model: which test is it?

Needs the data that lies beside the project; `HIPROM_SHARED` names its folder. Slow (two
to three minutes), so it runs only where that is set, as .ci/run does.
"""

import json
import os
from pathlib import Path

import pytest

from hiprom.capture.collecting import collect
from hiprom.capture.video import open_video
from hiprom.core.recognition import recognise

DATA = Path(os.environ.get("HIPROM_SHARED", "nowhere")) / "data"
CLIPS, REAL = (sorted((DATA / kind).glob("*.mp4")) for kind in ("dev", "real"))
# The pose model loses a prone person's legs: that may stay open.
MAY_STAY_OPEN = {"prone_ir"}
# Ten to twenty frames a second show what moves.
EVERY = 3

pytestmark = [
    pytest.mark.shared,
    pytest.mark.model,
    pytest.mark.xdist_group("model"),
    pytest.mark.skipif(not CLIPS, reason="HIPROM_SHARED names no development clips"),
]


def recognised(path, estimator):
    with open_video(path) as video:
        frames = (frame for frame in video.frames() if frame.index % EVERY == 0)
        facts = video.facts
        track = collect(estimator.poses(frames), facts.width_px, facts.height_px)
    return recognise(track).protocol


@pytest.mark.parametrize("path", CLIPS, ids=lambda path: path.stem)
def test_a_clip_is_named_by_its_test(path, estimator):
    shown = json.loads(path.with_suffix(".json").read_text())["protocol"]

    found = recognised(path, estimator)

    assert found == shown or (found is None and shown in MAY_STAY_OPEN)


@pytest.mark.parametrize("path", REAL, ids=lambda path: path.stem)
def test_who_walks_and_jumps_does_no_test(path, estimator):
    assert recognised(path, estimator) is None

"""Every seated development clip, played to `hiprom record` as if it were the camera.

Needs the data that lies beside the project; `HIPROM_SHARED` names its folder.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from numpy.testing import assert_allclose

import hiprom

SHARED = Path(os.environ.get("HIPROM_SHARED", "nowhere"))
CLIPS = sorted((SHARED / "data" / "dev").glob("seated_*.mp4"))
RECORD = [sys.executable, "-c", "from hiprom.cli import app; app()", "record"]

pytestmark = [
    pytest.mark.shared,
    pytest.mark.model,
    pytest.mark.xdist_group("real time"),
    pytest.mark.skipif(not CLIPS, reason="HIPROM_SHARED names no development clips"),
]


@pytest.mark.parametrize("clip", CLIPS, ids=lambda path: path.stem)
def test_recording_finds_the_repetitions_that_analyze_finds(clip, tmp_path, estimator):
    about = json.loads(clip.with_suffix(".json").read_text())
    ended = subprocess.run(
        [
            *(*RECORD, "--headless", "--quiet", "--no-overlay", "--json"),
            *("--source", str(clip), "--out", str(tmp_path)),
            *("--protocol", about["protocol"]),
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    (result,) = json.loads(ended.stdout)["results"]
    (film,) = tmp_path.glob("*.mp4")

    again = hiprom.analyze(film, protocol=about["protocol"], estimator=estimator)

    live = result["reps"]
    assert len(live) == len(about["reps"])
    assert {rep["side"] for rep in live} == {about["side"]}
    ends, ends_again = [rep["end_range"] for rep in live], again.reps["end_range"]
    assert_allclose(np.mean(ends), ends_again.mean(), atol=0.5)
    assert_allclose(ends, ends_again, atol=1.0)

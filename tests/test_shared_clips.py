"""All seated development clips through the real model, against their exact truth.

Needs the data that lies beside the project; `HIPROM_SHARED` names its folder. Slow
(three minutes), so it runs only where that is set, as .ci/run does.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import hiprom

SHARED = Path(os.environ.get("HIPROM_SHARED", "nowhere"))
CLIPS = sorted((SHARED / "data" / "dev").glob("seated_*.mp4"))

pytestmark = [
    pytest.mark.shared,
    pytest.mark.model,
    pytest.mark.xdist_group("model"),
    pytest.mark.skipif(not CLIPS, reason="HIPROM_SHARED names no development clips"),
]


@pytest.fixture(scope="module")
def score(tmp_path_factory, estimator):
    """The scorer's totals over all seated clips."""
    out = tmp_path_factory.mktemp("scored")
    for clip in CLIPS:
        hiprom.analyze(
            clip,
            protocol=clip.stem[: len("seated_ir")],
            out=out,
            overlay=False,
            estimator=estimator,
        )
    scorer = [sys.executable, str(SHARED / "tools" / "score.py")]
    done = subprocess.run(
        [
            *scorer,
            str(out),
            str(SHARED / "data" / "dev"),
            "--only",
            "seated_",
            "--json",
        ],
        check=True,
        capture_output=True,
        text=True,
    )
    return json.loads(done.stdout)["totals"]["all"]


def test_every_rep_is_found_and_none_invented(score):
    assert score["found"] == score["true"] > 0
    assert score["invented"] == 0


def test_the_end_range_is_as_good_as_the_accuracy_page_promises(score):
    assert score["mae"] <= 1.2
    assert abs(score["bias"]) <= 0.5
    assert score["worst"] <= 4.0
    assert score["excursion_mae"] <= 0.9


def test_the_true_value_lies_inside_its_interval(score):
    assert score["coverage"] >= 0.93

"""The seated development clips, measured with their true cameras given.

Needs the data that lies beside the project; `HIPROM_SHARED` names its folder.
"""

import json
import os
from pathlib import Path

import numpy as np
import pytest

from hiprom.capture.collecting import collect
from hiprom.capture.video import open_video
from hiprom.core.camera import Camera, Gravity
from hiprom.core.measure import measure
from hiprom.core.protocols import protocol

SHARED = Path(os.environ.get("HIPROM_SHARED", "nowhere"))
CLIPS = sorted((SHARED / "data" / "dev").glob("seated_*.mp4"))
OBLIQUE_DEG = 15

pytestmark = [
    pytest.mark.shared,
    pytest.mark.model,
    pytest.mark.xdist_group("model"),
    pytest.mark.skipif(not CLIPS, reason="HIPROM_SHARED names no development clips"),
]


def true_camera(about):
    seen = about["camera"]
    matrix = np.array(seen["K"])
    down = np.array(seen["R_world_to_cam"]) @ [0.0, -1.0, 0.0]
    return Camera(
        "true",
        *about["size"],
        (float(matrix[0, 0]), float(matrix[1, 1])),
        (float(matrix[0, 2]), float(matrix[1, 2])),
        (0.0,) * 5,
        0.0,
        "2026-05-04",
        gravity=Gravity.along(down, roll_sd_deg=0.2, pitch_sd_deg=0.2),
    )


def errors_deg(track, about, camera):
    measured = measure(
        track, protocol(about["protocol"]), side=about["side"], camera=camera
    )
    ends = [rep for side in measured.sides for rep in side.reps]
    key = f"truth_mean_at_peak_{about['side']}_hip_rotation_deg"
    return [
        abs(rep.end_range - true[key])
        for true in about["reps"]
        for rep in ends
        if rep.start_s <= (true["peak_start_s"] + true["peak_end_s"]) / 2 <= rep.end_s
    ]


@pytest.fixture(scope="module")
def errors(estimator):
    """Errors of all reps, (n, 2), camera unknown and known; which are oblique."""
    rows, oblique = [], []
    for clip in CLIPS:
        about = json.loads(clip.with_suffix(".json").read_text())
        with open_video(clip) as video:
            facts = video.facts
            poses = estimator.poses(video.frames())
            track = collect(poses, facts.width_px, facts.height_px)
        camera = true_camera(about)
        pair = [errors_deg(track, about, given) for given in (None, camera)]
        rows += zip(*pair, strict=True)
        angles = (about["camera"]["azimuth_deg"], about["camera"]["elevation_deg"])
        oblique += [max(map(abs, angles)) >= OBLIQUE_DEG] * len(pair[0])
    return np.array(rows), np.array(oblique)


def test_a_known_camera_measures_no_worse(errors):
    unknown, known = errors[0].mean(axis=0)

    assert known <= unknown + 0.02


def test_a_known_camera_measures_better_from_aside_or_above(errors):
    rows, oblique = errors

    unknown, known = rows[oblique].mean(axis=0)
    assert oblique.sum() >= 12
    assert known < unknown

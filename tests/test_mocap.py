"""The core's hip rotation against the inverse kinematics of real motion capture.

One person, 51 markers at 100 Hz. The reference is OpenSim's hip rotation: a whole
skeleton, scaled to the person and fitted to all markers of each frame. The core
sees what a pose model would show it, three joint centres a leg: the hip centres as
they come with the markers, knee and ankle from their lateral markers (see
`joint_centres`). Its pelvis is the hip line; `up` is the normal of the plane through
the four spines of the pelvis, and moves flexion only, never rotation.

Compared are the frames in which the reference has the knee bent by 45 degrees or
more: below that, a leg's joint centres show its rotation badly or not at all. RMSE is
of the plain difference, core minus reference, nothing fitted and no offset removed;
bias is its mean, and SD is the RMSE that is left once that constant offset is taken
out. What this shows: the axes, signs and definition agree with the field's own. What
it does not: markers and reference ride on the same skin, the rotations span 8 to 15
degrees of one person, and two such fits of one recording differ by 3 to 5 degrees.

The recordings are not ours to hand on: they lie beside the project, or in the folder
that HIPROM_SHARED names, and without them these tests are skipped.
"""

import os
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from mocap_files import read_joint_angles, read_markers

from hiprom.core.angles import hip_angles_deg
from hiprom.core.frames import femur_frame, pelvis_frame

BESIDE_THE_PROJECT = Path(__file__).resolve().parents[2] / "shared"
MOCAP = Path(os.environ.get("HIPROM_SHARED", BESIDE_THE_PROJECT)) / "data" / "mocap"

BENT_KNEE_DEG = 45.0
BENT = [(f, s) for f in ("STS1", "squats1") for s in ("right", "left")]
# How far the lateral markers of knee and ankle lie outside the joint's centre: half a
# usual joint's width and the marker's own radius. Assumed, not fitted.
KNEE_OFFSET_M, ANKLE_OFFSET_M = 0.055, 0.037

shared = [
    pytest.mark.shared,
    pytest.mark.skipif(
        not MOCAP.is_dir(),
        reason=f"no motion capture in {MOCAP}; HIPROM_SHARED may name its parent",
    ),
]
needs_mocap = pytest.mark.usefixtures("recordings")


class Agreement(NamedTuple):
    """How the core's angle differs from the reference's, over one trial and side."""

    frames: int
    rmse_deg: float
    bias_deg: float
    sd_deg: float
    r: float

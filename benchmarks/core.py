"""Landmarks to reps, frames a second on one core, from ten seconds to ten minutes."""

import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

import numpy as np
from synthetic import reps_trace, seated_joints, seen

from hiprom.core.measure import measure
from hiprom.core.protocols import protocol


def main():
    for reps in (3, 12, 48, 190):
        time_s, angle, _ = reps_trace(np.full(reps, 35.0))
        track = seen(seated_joints(angle), time_s, noise_px=1.0)
        taken_s = []
        for _ in range(5):
            began = time.perf_counter()
            measure(track, protocol("seated_ir"))
            taken_s.append(time.perf_counter() - began)
        rate = len(track) / min(taken_s)
        print(f"{track.time_s[-1]:6.0f} s of video: {rate:9,.0f} frames a second")


if __name__ == "__main__":
    main()

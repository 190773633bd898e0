"""A program that films numbered pictures until it is killed or the disk is full.

Usage: python filming.py in-time|at-once BYTES-A-FILE-MAY-HAVE FOLDER. In time, it
writes the film's time of each picture that it has given away, at 30 a second; at once,
it films noise, and writes in the end what became of it, as JSON.
"""

import json
import shutil
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import clips
import numpy as np

from hiprom.capture.recorder import Recorder
from hiprom.capture.video import Frame

how, most_bytes, folder = sys.argv[1], int(sys.argv[2]), Path(sys.argv[3])
if most_bytes:
    import resource

    resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, most_bytes))
if how == "in-time":
    recorder = Recorder((160, 96))
    start_s = time.monotonic()
    for number in range(2000):
        time.sleep(max(0.0, start_s + number / 30 - time.monotonic()))
        recorder.add(Frame(number, number / 30, clips.picture(number % 256)))
        if number == 0:
            recorder.begin(folder / "film.mp4", 0.0)
        sys.stdout.write(f"{number / 30}\n")
        sys.stdout.flush()
else:
    noise = np.random.default_rng(0)
    recorder = Recorder((320, 240))
    for number in range(120):
        rgb = noise.integers(0, 256, (240, 320, 3), dtype=np.uint8)
        recorder.add(Frame(number, number / 30, rgb))
        if number == 0:
            recorder.begin(folder / "film.mp4", 0.0)
        time.sleep(0.004)
    failed_while_filming = recorder.failure is not None
    recorded = recorder.end()
    json.dump(
        {
            "is there": recorded.path.exists(),
            "frames": recorded.frames,
            "dropped": recorded.dropped,
            "duration_s": recorded.duration_s,
            "failure": str(recorded.failure),
            "failed while filming": failed_while_filming,
        },
        sys.stdout,
    )
    if recorded.path.exists():
        shutil.copy(recorded.path, Path.cwd() / "kept.mp4")

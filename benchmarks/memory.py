"""A batch of many short clips -> how much memory its workers hold, video after video.

    memory.py [--videos 200] [--workers 1] [--folder DIR] [--no-overlay]

Measures as many short clips (from the public benchmark, every third picture of five
seconds) through real workers with the real pose model, and reads after every video how
much memory its worker and that one's pose process hold. Prints every tenth, and how
much was held near the end against what was held once warm. Judges nothing.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

import psutil

HERE = Path(__file__).parent
FILMS = sorted((HERE.parent / "calibration" / "benchmark").glob("seated_ir_*.mp4"))
HIPROM = [sys.executable, "-c", "from hiprom.cli import app; app()"]
# Warm by then; a median of so many, for one reading hangs on what was just freed.
WARM, NEAR = 20, 10

sys.path.insert(0, str(HERE.parent / "tests"))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--videos", type=int, default=200, help="for each worker")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--folder", type=Path, help="to write results into")
    parser.add_argument("--no-overlay", action="store_true")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=arguments.folder) as folder:
        os.environ["HIPROM_MODEL"] = str(_model())
        os.environ["HIPROM_HOME"] = f"{folder}/home"
        videos = make_videos(Path(folder), arguments.videos * arguments.workers)
        measure(Path(folder), videos, arguments)


def _model():
    from hiprom.capture import model

    return model.ready().path


def make_videos(folder, count):
    """Cut the clips once; the batch sees each again and again under other names."""
    from clips import shortened

    (folder / "cut").mkdir()
    (folder / "videos").mkdir()
    cut = [
        shortened(folder / "cut" / film.name, film, seconds=4.6, every=3)
        for film in FILMS
    ]
    for number in range(count):
        film = cut[number % len(cut)]
        shutil.copy(film, folder / "videos" / f"{number:04d}_{film.name}")
    return folder / "videos"


def measure(folder, videos, arguments):
    words = [str(videos), "--out", str(folder / "out"), "--json"]
    words += ["--workers", str(arguments.workers)]
    words += ["--no-overlay"] if arguments.no_overlay else []
    process = subprocess.Popen(
        [*HIPROM, "batch", *words], stdout=subprocess.PIPE, text=True
    )
    head = psutil.Process(process.pid)
    held = defaultdict(list)
    states = defaultdict(int)
    for line in process.stdout:
        event = json.loads(line)
        if event["event"] != "ended":
            continue
        states[event["state"]] += 1
        for name, megabytes in readings(head):
            held[name].append(megabytes)
        if sum(states.values()) % 10 == 0:
            now = "   ".join(f"{name} {each[-1]:6.1f}" for name, each in held.items())
            print(f"{sum(states.values()):5d} videos   {now}   MB", flush=True)
    process.wait()
    print(dict(states))
    for name, each in held.items():
        if len(each) > WARM + NEAR:
            warm = statistics.median(each[WARM : WARM + NEAR])
            late = statistics.median(each[-NEAR:])
            print(
                f"{name}: {warm:.1f} MB when warm, {late:.1f} MB at the end, "
                f"{100 * (late / warm - 1):+.1f} %; at most {max(each):.1f} MB"
            )


def readings(head):
    """Yield what the head, its workers and their pose processes hold, in MB."""
    yield "head", head.memory_info().rss / 1e6
    poses = []
    for each in head.children(recursive=True):
        try:
            if "hiprom.capture.pose_child" in each.cmdline():
                poses.append((each.ppid(), each.memory_info().rss / 1e6))
        except psutil.Error:  # it has just ended
            continue
    for number, (worker, megabytes) in enumerate(sorted(poses)):
        yield f"worker {number}", psutil.Process(worker).memory_info().rss / 1e6
        yield f"its pose process {number}", megabytes


if __name__ == "__main__":
    main()

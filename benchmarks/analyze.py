"""`hiprom analyze` against a bare loop, whole processes in turn; and peak memory.

Prints ratios of medians, judges nothing. Clocks differ from machine to machine and
from minute to minute: the two take turns, and only the ratio is worth keeping.

    analyze.py [--runs 5] [--memory]
"""

import argparse
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import av

HERE = Path(__file__).parent
SAMPLE = HERE.parent / "sample_videos" / "seated_er_right.mp4"  # 13.4 s, 402 frames
HIPROM = [sys.executable, "-c", "from hiprom.cli import app; app()", "analyze"]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--memory", action="store_true", help="10 s against 10 min")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        compare(Path(folder), arguments.runs)
        if arguments.memory:
            memory(Path(folder))


def compare(folder, runs):
    analyze = [*HIPROM, str(SAMPLE), "--protocol", "seated_er", "--out", str(folder)]
    commands = {
        "bare loop": [sys.executable, str(HERE / "bare_loop.py"), str(SAMPLE)],
        "analyze --no-overlay": [*analyze, "--no-overlay"],
        "analyze": analyze,
    }
    taken_s = {name: [] for name in commands}
    for turn in range(runs + 1):
        for name, command in commands.items():
            began = time.perf_counter()
            subprocess.run(command, check=True, capture_output=True)
            if turn:  # the first turn warms the disk
                taken_s[name].append(time.perf_counter() - began)
    bare = taken_s["bare loop"]
    for name, each in taken_s.items():
        ratios = [mine / theirs for mine, theirs in zip(each, bare, strict=True)]
        print(
            f"{name:22s} median {statistics.median(each):6.2f} s"
            f"   ratio {statistics.median(ratios):.2f}"
            f"   ({min(ratios):.2f} to {max(ratios):.2f})"
        )


def memory(folder):
    """Peak memory of the largest process, on the sample and on the sample x 45."""
    long = folder / "long.mp4"
    repeat(SAMPLE, long, 45)
    for video in (SAMPLE, long):
        code = (
            "import resource, subprocess, sys; "
            "subprocess.run(sys.argv[1:], check=True, capture_output=True); "
            "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)"
        )
        command = [*HIPROM, str(video), "--protocol", "seated_er", "--out", str(folder)]
        done = subprocess.run(
            [sys.executable, "-c", code, *command],
            check=True,
            capture_output=True,
            text=True,
        )
        with av.open(video) as opened:
            seconds = opened.duration / 1e6
        print(f"peak memory, {seconds:5.0f} s of video: {done.stdout.strip()} MB")


def repeat(source, path, times):
    """Write a video over and over into one file, without encoding it again."""
    with av.open(source) as video, av.open(path, "w") as output:
        stream = video.streams.video[0]
        copy = output.add_stream_from_template(stream)
        packets = [packet for packet in video.demux(stream) if packet.dts is not None]
        length = sum(packet.duration for packet in packets)
        for turn in range(times):
            video.seek(0)
            for packet in video.demux(stream):
                if packet.dts is not None:
                    packet.pts += turn * length
                    packet.dts += turn * length
                    packet.stream = copy
                    output.mux(packet)


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    main()

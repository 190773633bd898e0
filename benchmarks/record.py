"""How late a live test shows what the camera saw, and how many pictures it passes over.

Plays sample videos as if they were the camera, with the terminal as the screen and,
where there is a display, with the window. Prints what was measured, judges nothing.

    record.py [--window] [VIDEO...]
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

SAMPLES = sorted((Path(__file__).parents[1] / "sample_videos").glob("*.mp4"))
HIPROM = [sys.executable, "-c", "from hiprom.cli import app; app()", "record"]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--window", action="store_true", help="answer Space yourself")
    parser.add_argument("videos", nargs="*", type=Path, default=SAMPLES)
    arguments = parser.parse_args()
    for video in arguments.videos:
        protocol = "seated_er" if "seated_er" in video.name else "seated_ir"
        screen = [] if arguments.window else ["--headless"]
        with tempfile.TemporaryDirectory() as folder:
            ended = subprocess.run(
                [
                    *(*HIPROM, *screen, "--source", str(video), "--out", folder),
                    *("--protocol", protocol, "--quiet", "--no-overlay", "--json"),
                ],
                check=True,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
        (result,) = json.loads(ended.stdout)["results"]
        told = result["recording"]
        print(
            f"{video.name:24s} {told['latency_ms']:4.0f} ms from grab to screen"
            f"   {told['frames_seen']} of {told['frames']} pictures seen"
            f"   {told['frames_dropped']} missing from the film"
        )


if __name__ == "__main__":
    main()

"""A batch against bare loops, its bookkeeping alone, and kept landmarks measured anew.

Prints what was measured, judges nothing. The batch and the bare loops take turns, on
the videos whose names begin with a protocol's. On a machine that does other work
besides, their ratio by CPU says more than the one by the clock; it counts Linux's
processes.

    batch.py [--videos FOLDER] [--workers 2] [--runs 1]
    batch.py --jobs 100000
    batch.py --reanalyse 1000
"""

import argparse
import contextlib
import os
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).parent
CLIPS = HERE.parent / "calibration" / "benchmark"
GOLDEN = HERE.parent / "tests" / "golden" / "seated_ir_left.parquet"
HIPROM = [sys.executable, "-c", "from hiprom.cli import app; app()"]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--videos", type=Path, default=CLIPS)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument("--jobs", type=int, help="made-up jobs through the bookkeeping")
    parser.add_argument("--reanalyse", type=int, help="trials measured from landmarks")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["HIPROM_MODEL"] = str(_model())
        os.environ["HIPROM_HOME"] = f"{folder}/home"
        if arguments.jobs:
            bookkeeping(Path(folder), arguments.jobs)
        elif arguments.reanalyse:
            reanalyse(Path(folder), arguments.reanalyse, arguments.workers)
        else:
            compare(Path(folder), arguments)


def _model():
    from hiprom.capture import model

    return model.ready().path


def compare(folder, arguments):
    videos = measurable(arguments.videos)
    manifest = folder / "manifest.csv"
    rows = [f"{video},{protocol}" for video, protocol in videos.items()]
    manifest.write_text("\n".join(["video,protocol", *rows, ""]))
    ordered = sorted(videos, key=lambda path: -path.stat().st_size)
    shares = [ordered[n :: arguments.workers] for n in range(arguments.workers)]
    bare_loops = [
        [sys.executable, str(HERE / "bare_loop.py"), *map(str, share)]
        for share in shares
    ]
    print(f"{len(videos)} videos, {arguments.workers} at a time")
    by_clock, by_cpu = [], []
    for run in range(arguments.runs):
        batch = [
            *(*HIPROM, "batch", str(manifest), "--out", str(folder / f"out{run}")),
            *("--workers", str(arguments.workers), "--no-overlay", "--json"),
        ]
        bare_s, bare_cpu_s = timed(bare_loops)
        batch_s, batch_cpu_s = timed([batch])
        by_clock.append(bare_s / batch_s)
        by_cpu.append(bare_cpu_s / batch_cpu_s)
        print(
            f"bare loops {bare_s:6.1f} s ({bare_cpu_s:6.1f} s of CPU)"
            f"   batch {batch_s:6.1f} s ({batch_cpu_s:6.1f} s of CPU)"
            f"   throughput {by_clock[-1]:.2f} of theirs ({by_cpu[-1]:.2f} by CPU)",
            flush=True,
        )
    clock, cpu = statistics.median(by_clock), statistics.median(by_cpu)
    print(f"median {clock:.2f} ({cpu:.2f} by CPU)")


def measurable(folder):
    """Each video whose name begins with a protocol's, and that protocol."""
    from hiprom.core.protocols import PROTOCOLS

    named = {
        video: re.match(r"\D*(?=_\d)", video.stem)[0]
        for video in sorted(folder.glob("*_[0-9]*.mp4"))
    }
    return {video: name for video, name in named.items() if name in PROTOCOLS}


def timed(commands):
    """Run commands side by side; return seconds, and seconds of CPU of all below.

    Pose processes are ended, not waited for, by their workers: what all processes
    have used is read while they run.
    """
    used_s = {}
    began = time.perf_counter()
    running = [
        subprocess.Popen(each, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for each in commands
    ]
    while any(each.poll() is None for each in running):
        for each in running:
            used_s |= cpu_s_below(each.pid)
        time.sleep(0.25)
    took_s = time.perf_counter() - began
    # 3: some videos were refused, as the prone ones are; they took their time too.
    if any(each.returncode not in {0, 3} for each in running):
        sys.exit("a command failed: " + " ".join(commands[0]))
    return took_s, sum(used_s.values())


def cpu_s_below(pid):
    """Seconds of CPU of a process and its descendants, by (pid, start)."""
    used_s = {}
    with contextlib.suppress(OSError):
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        ticks = int(fields[11]) + int(fields[12])
        used_s[pid, fields[19]] = ticks / os.sysconf("SC_CLK_TCK")
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                used_s |= cpu_s_below(int(child))
    return used_s


def reanalyse(folder, trials, workers):
    made = folder / "one"
    analyze = [*HIPROM, "analyze", str(GOLDEN), "--from-landmarks", "--out", str(made)]
    subprocess.run(analyze, check=True, capture_output=True)
    (one,) = made.iterdir()
    for number in range(trials):
        shutil.copytree(one, folder / "results" / f"trial_{number:05}")
    began = time.perf_counter()
    subprocess.run(
        [
            *(*HIPROM, "batch", str(folder / "results"), "--reanalyse"),
            *("--out", str(folder / "anew"), "--workers", str(workers), "--json"),
        ],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    print(
        f"{trials} trials of 17 s measured anew in {time.perf_counter() - began:.1f} s"
    )


class Quiet:
    """Hears everything and says nothing, but for the longest silence."""

    def __init__(self):
        self.longest_s, self.glanced_s = 0.0, time.monotonic()

    def begun(self, job):
        """Pass over it."""

    def ended(self, job, state, outcome):
        """Pass over it."""

    def waiting(self, why):
        """Pass over it."""

    def idle(self):
        """Note how long nothing was shown."""
        now_s = time.monotonic()
        self.longest_s = max(self.longest_s, now_s - self.glanced_s)
        self.glanced_s = now_s


def nothing(order):
    from hiprom.batch.order import Outcome

    return Outcome(order.job_id, frames=500, seconds=0.0)


def bookkeeping(folder, count):
    import dask
    from distributed import Client, LocalCluster

    from hiprom.batch.cluster import SETTINGS
    from hiprom.batch.head import Head
    from hiprom.batch.order import Order
    from hiprom.core.jobs import JobSpec, JobState
    from hiprom.store.job_rows import Asked
    from hiprom.store.jobs import open_batch
    from hiprom.store.store import Store

    with (
        Store.open(None, folder / "home") as store,
        dask.config.set(SETTINGS),
        LocalCluster(
            n_workers=1, threads_per_worker=64, host="127.0.0.1", dashboard_address=None
        ) as cluster,
        Client(cluster) as client,
    ):
        jobs = open_batch(store, str(folder))
        with jobs.lease():
            began = time.perf_counter()
            jobs.add(
                Asked(
                    JobSpec(f"/videos/{n:06}.mp4", f"{n:06}"), "s", "f", float(n % 97)
                )
                for n in range(count)
            )
            print(f"asked for {count} jobs in {time.perf_counter() - began:.1f} s")
            before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            began, told = time.perf_counter(), Quiet()
            worked_s = time.process_time()
            Head(
                jobs,
                client,
                order=lambda job: Order(job.job_id, job.spec, str(folder)),
                work=nothing,
                keep=lambda _job, _outcome: None,
                events=told,
            ).run()
            took_s = time.perf_counter() - began
            worked_s = time.process_time() - worked_s
            grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
            assert sum(jobs.counts().values()) == jobs.counts()[JobState.DONE] == count
            print(
                f"{count / took_s:.0f} jobs a second; memory grew by "
                f"{grown / 1e3:.0f} MB; longest silence {told.longest_s:.2f} s"
            )
            # On a machine that others use as well, this says what an idle one would do.
            print(f"{count / worked_s:.0f} in a second of the head's processor time")


if __name__ == "__main__":
    main()

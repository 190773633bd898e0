"""A batch against bare loops, its bookkeeping alone, and kept landmarks measured anew.

Prints what was measured, judges nothing. The batch and the bare loops take turns.

    batch.py [--videos FOLDER] [--workers 2] [--runs 1]
    batch.py --jobs 100000
    batch.py --reanalyse 1000
"""

import argparse
import os
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
    videos = sorted(arguments.videos.glob("*.mp4"), key=lambda p: -p.stat().st_size)
    shares = [videos[n :: arguments.workers] for n in range(arguments.workers)]
    ratios = []
    for run in range(arguments.runs):
        began = time.perf_counter()
        bare = [
            subprocess.Popen(
                [sys.executable, str(HERE / "bare_loop.py"), *map(str, share)],
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            for share in shares
        ]
        codes = [each.wait() for each in bare]
        if any(codes):
            sys.exit("a bare loop failed")
        bare_s = time.perf_counter() - began
        batch_s = timed_batch(folder / f"out{run}", arguments)
        ratios.append(bare_s / batch_s)
        print(
            f"bare loops {bare_s:6.1f} s   batch {batch_s:6.1f} s"
            f"   throughput {bare_s / batch_s:.2f} of theirs",
            flush=True,
        )
    print(f"median {statistics.median(ratios):.2f}")


def timed_batch(out, arguments):
    began = time.perf_counter()
    subprocess.run(
        [
            *(*HIPROM, "batch", str(arguments.videos), "--out", str(out)),
            *("--workers", str(arguments.workers), "--no-overlay", "--json"),
        ],
        stdout=subprocess.DEVNULL,
        check=False,  # the clips of other protocols cannot be measured yet
    )
    return time.perf_counter() - began


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
    from distributed import Client, LocalCluster

    from hiprom.batch.head import Head
    from hiprom.batch.order import Order
    from hiprom.core.jobs import JobSpec, JobState
    from hiprom.store.job_rows import Asked
    from hiprom.store.jobs import open_batch
    from hiprom.store.store import Store

    with (
        Store.open(None, folder / "home") as store,
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
            Head(
                jobs,
                client,
                order=lambda job: Order(job.job_id, job.spec, str(folder)),
                work=nothing,
                keep=lambda _job, _outcome: None,
                events=told,
            ).run()
            took_s = time.perf_counter() - began
            grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
            assert sum(jobs.counts().values()) == jobs.counts()[JobState.DONE] == count
            print(
                f"{count / took_s:.0f} jobs a second; memory grew by "
                f"{grown / 1e3:.0f} MB; longest silence {told.longest_s:.2f} s"
            )


if __name__ == "__main__":
    main()

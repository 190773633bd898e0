"""How many jobs a second a batch's bookkeeping takes: asked for, claimed, settled.

Usage: python benchmarks/jobs.py [--jobs N] [--folder DIR]
                                 [--url postgresql+psycopg://user:password@server/empty]

Prints rates and memory, judges nothing. Every commit waits for the disk: its own speed
is printed beside, and `--folder` chooses the disk. A database that is named must be
empty; SQLite's is made in a passing folder.
"""

import argparse
import itertools
import os
import resource
import statistics
import tempfile
import time
from pathlib import Path

from hiprom.core.jobs import JobSpec, JobState
from hiprom.store.job_moves import Outcome
from hiprom.store.job_rows import Asked
from hiprom.store.jobs import open_batch
from hiprom.store.store import Store


def specs(count):
    """Give jobs of a clinic's sizes: some twenty recordings a person."""
    for number in range(count):
        spec = JobSpec(
            video=f"/clinic/recordings/{number // 1000:03}/{number:06}.mp4",
            name=f"{number:06}",
            subject=f"P{number // 20:05}",
        )
        yield Asked(spec, "5" * 64, f"{number}-0", weight=(number * 7919) % 3600 / 10)


def timed(words, action, count):
    start = time.perf_counter()
    result = action()
    taken_s = time.perf_counter() - start
    print(f"  {words:<52} {count / taken_s:10,.0f} a second   {taken_s:8.2f} s")
    return result


def memory_mb():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def one_after_the_other(batch, count):
    """Claim 1 to 8 at a time and settle them, each in its own transaction."""
    sizes = itertools.cycle(range(1, 9))
    while count > 0:
        some = batch.claim(min(next(sizes), count), "a worker")
        batch.settle(done(some))
        count -= len(some)


def all_at_once(batch, count, at_a_time):
    """Settle what ended and claim as many, in one transaction."""
    held = batch.claim(min(at_a_time, count), "a worker")
    count -= len(held)
    while held:
        held = batch.exchange(done(held), min(at_a_time, count), "a worker")
        count -= len(held)


def done(some):
    return [Outcome(job.job_id, JobState.DONE, taken_s=1, frames=900) for job in some]


def commit_ms(folder):
    """Time what the disk itself takes to keep a page."""
    times = []
    with (folder / "page").open("wb") as file:
        for _ in range(50):
            start = time.perf_counter()
            file.write(bytes(4096))
            file.flush()
            os.fsync(file.fileno())
            times.append(time.perf_counter() - start)
    return 1000 * statistics.median(times)


def measure(url, folder, count):
    some = count // 10
    with Store.open(url, folder / "home") as store:
        batch = open_batch(store, "/clinic/results")
        batch.add(specs(min(count, 1000)))
        before_mb = memory_mb()
        with batch.lease():
            timed("ask for them", lambda: batch.add(specs(count)), count)
            timed(
                "claim 1 to 8, then settle",
                lambda: one_after_the_other(batch, some),
                some,
            )
            for at_a_time in (1, 8, 64):
                timed(
                    f"settle and claim {at_a_time} at once",
                    lambda size=at_a_time: all_at_once(batch, some, size),
                    some,
                )
            timed(
                "count them, 20 times", lambda: [batch.counts() for _ in range(20)], 20
            )
            rest = batch.counts()[JobState.QUEUED]
            timed("the rest, 64 at once", lambda: all_at_once(batch, rest, 64), rest)
            timed(
                "ask for them again: all are known",
                lambda: batch.add(specs(count)),
                count,
            )
            timed("list them", lambda: sum(1 for _ in batch.jobs()), count)
            print(
                "  "
                + ", ".join(f"{n:,} {state}" for state, n in batch.counts().items())
            )
        print(f"  memory grew by {memory_mb() - before_mb:.1f} MB, at most")


if __name__ == "__main__":
    given = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    given.add_argument("--jobs", type=int, default=100_000)
    given.add_argument("--folder", type=Path)
    given.add_argument("--url")
    chosen = given.parse_args()
    with tempfile.TemporaryDirectory(dir=chosen.folder) as passing:
        place = Path(passing)
        kind = "PostgreSQL" if chosen.url else "SQLite"
        print(f"{kind}; the disk keeps a page in {commit_ms(place):.2f} ms")
        measure(chosen.url, place, chosen.jobs)

"""How long the history takes: 100,000 reps, one subject of them, 10,000 imported.

Usage: python benchmarks/store.py [postgresql+psycopg://user:password@server/empty]

Prints times, judges nothing. A database that is named must be empty; SQLite's is made
in a passing folder. Reading is timed in a process of its own, libraries included, as
`hiprom history` does it.
"""

import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hiprom.core.history import SavedRep
from hiprom.core.measurement import Rep
from hiprom.store.new_trial import NewTrial, Video
from hiprom.store.store import Store

REPS_A_TRIAL = 10
SUBJECTS, TRIALS_OF_EACH = 100, 100
FIRST_DAY = datetime(2025, 1, 1, 9, tzinfo=UTC)
CHANGES = {"trunk_lean": 2.0, "pelvic_hike": 1.0, "thigh_drift": 0.5, "thigh_lift": 1.0}
READING = """
import sys, time
from pathlib import Path
start = time.perf_counter()
import numpy
numpy_s = time.perf_counter()
import sqlalchemy
sqlalchemy_s = time.perf_counter()
from hiprom.store.store import Store
ours_s = time.perf_counter()
with Store.open(sys.argv[1] or None, Path(sys.argv[2])) as store:
    open_s = time.perf_counter()
    reps = sum(len(trial.reps) for trial in store.trials("S042"))
    read_s = time.perf_counter()
assert reps == 1000, reps
steps = (start, numpy_s, sqlalchemy_s, ours_s, open_s, read_s)
print(*(later - sooner for sooner, later in zip(steps, steps[1:])))
"""


def trials_of(count, seconds_apart=86_400):
    """Make trials of ten reps each, as an import gives them."""
    for number in range(count):
        reps = tuple(
            SavedRep("right" if n % 2 else "left", "hip_rotation_deg", rep(n, number))
            for n in range(REPS_A_TRIAL)
        )
        moment = FIRST_DAY + timedelta(seconds=seconds_apart * number)
        yield NewTrial(moment, "seated_ir", reps, video=Video(f"{number}.mp4"))


def rep(number, trial):
    end = 30 + (number * 7 + trial * 3) % 100 / 10
    hold = (3.1 * number + 1, 3.1 * number + 2)
    return Rep(
        number,
        *(3.1 * number, 3.1 * number + 1.5, 3.1 * number + 3, *hold),
        *(end, end - 4, end + 4, 0.5, end - 0.5, 1.0, 1.0, 1.0, 55.0, end + 3, 3.0),
        flags=("trunk_lean",) if number % 3 == 0 else (),
        valid=True,
        changes=CHANGES,
    )


def timed(words, action):
    start = time.perf_counter()
    result = action()
    print(f"  {words:<46} {time.perf_counter() - start:8.3f} s")
    return result


def measure(url, folder):
    start = time.perf_counter()
    with Store.open(url, folder) as store:
        print(f"  {'first open':<46} {time.perf_counter() - start:8.3f} s")
        for number in range(SUBJECTS):
            store.import_trials(f"S{number:03}", trials_of(TRIALS_OF_EACH))
        new = list(trials_of(1000, 3600))
        timed("import of 10,000 reps", lambda: store.import_trials("NEW", new))
        timed(
            "the same again, which adds nothing",
            lambda: store.import_trials("NEW", new),
        )
        for _ in range(3):
            timed("1,000 reps of one subject", lambda: store.trials("S042"))
        timed("list of all subjects", store.subjects)
        landmarks = bytes(1_400_000)
        timed(
            "one trial more, with 1.4 MB of landmarks",
            lambda: store.save_trial(
                "S042X", next(trials_of(1)), lambda path: path.write_bytes(landmarks)
            ),
        )
        timed("fsck", store.fsck)
    words = [sys.executable, "-c", READING, url or "", str(folder)]
    runs = [
        [float(each) for each in subprocess.check_output(words, text=True).split()]
        for _ in range(7)
    ]
    steps = ("numpy", "sqlalchemy", "hiprom.store", "open", "1,000 reps")
    print("  in a process of its own, median of 7:")
    for words, each in zip(steps, zip(*runs, strict=True), strict=True):
        print(f"    {words:<44} {statistics.median(each):8.3f} s")
    print(f"    {'all':<44} {statistics.median(map(sum, runs)):8.3f} s")


if __name__ == "__main__":
    for url in (None, *sys.argv[1:]):
        print("PostgreSQL" if url else "SQLite")
        with tempfile.TemporaryDirectory() as folder:
            measure(url, Path(folder))

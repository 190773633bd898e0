"""A batch on two nodes with TLS and PostgreSQL: killed workers, a server that goes."""

import json
import os
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path

import nodes
import pytest
from postgresql_server import running_server

ROOT = Path(__file__).parents[2]
GOLDEN = ROOT / "tests" / "golden"
HIPROM = [sys.executable, "-P", "-c", "from hiprom.cli import app; app()"]
TRIALS = 36
LONGEST_S = 120
pytestmark = [
    pytest.mark.faults,
    pytest.mark.model,
    pytest.mark.xdist_group("dask"),
    pytest.mark.skipif(not shutil.which("openssl"), reason="openssl is not installed"),
]


@pytest.fixture(scope="module")
def server():
    with running_server() as running:
        yield running


@pytest.fixture(scope="module")
def environment(tmp_path_factory, model_file):
    return os.environ | {
        "HIPROM_HOME": str(tmp_path_factory.mktemp("head") / "home"),
        "HIPROM_MODEL": str(model_file),
        "PYTHONPATH": str(ROOT),
        "OPENBLAS_NUM_THREADS": "1",
    }


@pytest.fixture(scope="module")
def results(tmp_path_factory, environment):
    """Results whose landmarks are kept, each of a person of its own."""
    folder = tmp_path_factory.mktemp("results")
    for number, kind in enumerate(("seated_ir_left", "seated_er_right")):
        protocol = kind.rpartition("_")[0]
        run(
            environment,
            *("analyze", GOLDEN / f"{kind}.parquet", "--from-landmarks"),
            *("--protocol", protocol, "--out", folder / "one", "--no-save"),
        )
        for trial in range(number, TRIALS, 2):
            made = folder / "all" / f"trial_{trial:02d}"
            shutil.copytree(folder / "one" / kind, made)
            told = json.loads((made / "summary.json").read_text())
            told["subject"] = f"P{trial:02d}"
            (made / "summary.json").write_text(json.dumps(told))
    return folder / "all"


@pytest.fixture(scope="module")
def undisturbed(results, environment, tmp_path_factory):
    """The tables of a run on this machine alone, with SQLite."""
    out = tmp_path_factory.mktemp("calm") / "out"
    run(environment, "batch", results, "--reanalyse", "--out", out, "--no-save")
    return out


@pytest.fixture
def cluster(tmp_path, environment):
    tls = nodes.certificates(tmp_path / "tls")
    folder = tmp_path / "nodes"
    folder.mkdir()
    with (
        nodes.network(2) as net,
        nodes.Cluster(folder, net, environment, tls) as running,
    ):
        running.options = [
            *("--scheduler", running.address),
            *(word for kind, path in tls.items() for word in (f"--tls-{kind}", path)),
        ]
        yield running


class Batch:
    """A batch under way, and what it tells."""

    def __init__(self, environment, *words):
        self._process = subprocess.Popen(
            [*HIPROM, "batch", *map(str, words), "--json"],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.events = []
        # What hangs is a failure, not a longer wait.
        self._end = threading.Timer(LONGEST_S, self._process.kill)
        self._end.start()

    def until(self, kind, count=1):
        """Read on until it told of so many events of one kind, from now on."""
        while count:
            line = self._process.stdout.readline()
            assert line, self._process.stderr.read()
            self.events.append(json.loads(line))
            count -= self.events[-1]["event"] == kind
        return self.events[-1]

    def end(self):
        rest, said = self._process.communicate()
        self._end.cancel()
        self.events += map(json.loads, rest.splitlines())
        assert "Traceback" not in said
        return self._process.returncode, said

    def ended(self):
        return [
            event["name"]
            for event in self.events
            if event["event"] == "ended" and event["state"] == "done"
        ]


def run(environment, *words, code=0):
    ended = subprocess.run(
        [*HIPROM, *map(str, words)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == code, ended.stdout + ended.stderr
    return ended


def assert_same_tables(one, other):
    for name in ("reps.csv", "summary.csv", "summary.xlsx"):
        assert (one / name).read_bytes() == (other / name).read_bytes(), name


def test_two_nodes_lose_nothing_and_do_nothing_twice(
    cluster, server, results, undisturbed, environment, tmp_path
):
    url = server.empty()
    mine = environment | {"HIPROM_DB_URL": url}
    first = cluster.start_worker(0, "first")
    cluster.start_worker(1, "second")
    out = tmp_path / "out"
    batch = Batch(mine, results, "--reanalyse", "--out", out, *cluster.options)

    batch.until("ended", 8)
    batch.until("begun")  # so that it dies with a job in hand, as a rule
    nodes.end(first)
    cluster.start_worker(0, "third")
    batch.until("ended", 8)
    server.stop()
    waits = batch.until("waiting")
    time.sleep(3)
    server.start()
    code, _ = batch.end()

    assert code == 0
    assert "the server does not answer" in waits["why"]
    assert server.password not in waits["why"]
    assert_same_tables(out, undisturbed)
    assert sorted(batch.ended()) == sorted(path.name for path in results.iterdir())
    workers = {e["worker"] for e in batch.events if e["event"] == "ended"}
    assert {"first", "second", "third"} <= workers
    database = url.rpartition("/")[2]
    kept = server.execute("SELECT subject_id FROM trials", database).fetchall()
    assert len(kept) == len(set(kept)) == TRIALS
    states = server.execute(
        "SELECT state, count(*), max(attempts) FROM jobs GROUP BY state", database
    ).fetchall()
    assert states in ([("done", TRIALS, 1)], [("done", TRIALS, 2)])


def test_a_worker_that_is_unfit_is_sent_away_and_costs_nothing(
    cluster, results, undisturbed, environment, tmp_path
):
    out = tmp_path / "out"
    unfit = cluster.start_worker(0, "wide", "--nthreads", "3")
    batch = Batch(
        environment, results, "--reanalyse", "--no-save", "--out", out, *cluster.options
    )

    why = batch.until("waiting")["why"]
    while "threads" not in why:
        why = batch.until("waiting")["why"]
    unfit.wait(30)
    cluster.start_worker(1, "narrow")
    code, _ = batch.end()

    assert code == 0
    assert "3 threads" in why
    assert "--nthreads 1" in why
    assert_same_tables(out, undisturbed)


def test_a_scheduler_that_goes_away_is_told_and_the_batch_can_be_resumed(
    cluster, results, undisturbed, environment, tmp_path
):
    out = tmp_path / "out"
    words = (results, "--reanalyse", "--no-save", "--out", out, *cluster.options)
    cluster.start_worker(0, "first")
    batch = Batch(environment, *words)
    batch.until("ended", 4)

    nodes.end(cluster.scheduler)
    code, said = batch.end()
    cluster.start_scheduler()
    cluster.start_worker(1, "second")
    again = Batch(environment, *words, "--resume")
    code_again, _ = again.end()

    assert code == 1
    assert f"The scheduler at {cluster.address} is gone." in said
    assert "--resume" in said
    assert code_again == 0
    assert_same_tables(out, undisturbed)
    assert again.events[0]["done"] >= 4

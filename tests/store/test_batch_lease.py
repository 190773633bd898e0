"""Tests for hiprom.store.batch_lease: one at work on a batch, and the dead make way."""

import os
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from hiprom.core.jobs import JobSpec, JobState
from hiprom.errors import StoreError
from hiprom.store import batch_lease
from hiprom.store.job_rows import Asked
from hiprom.store.jobs import open_batch
from hiprom.store.tables import batches

HOLDER = """
import sys
from pathlib import Path
from hiprom.store.jobs import open_batch
from hiprom.store.store import Store
url, folder, out = sys.argv[1:]
with Store.open(url or None, Path(folder)) as store:
    batch = open_batch(store, out)
    with batch.lease():
        batch.claim(2)
        print("at work", flush=True)
        sys.stdin.readline()
"""
seen_in_proc = pytest.mark.skipif(
    not batch_lease.this_process().machine, reason="this system has no /proc"
)


@pytest.fixture
def out(tmp_path):
    return str(tmp_path)


@pytest.fixture
def batch(store, out):
    made = open_batch(store, out)
    made.add(Asked(JobSpec(f"{n}.mp4", f"{n}"), "s", "f", 1.0) for n in range(3))
    return made


@pytest.fixture
def holder(url, folder, out, batch):
    """A process that is at work on the batch, with two jobs in hand."""
    del batch
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, url or "", folder, out],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout.readline() == "at work\n"
    yield process
    process.kill()
    process.communicate()


def rewrite(store, out, **values):
    """Let the head of a batch be another than it is."""
    with store.database.writing() as connection:
        mine = update(batches).where(batches.c.out == out)
        connection.execute(mine.values(**values))


def ago(seconds):
    return datetime.now(UTC) - timedelta(seconds=seconds)


def refused(batch):
    with pytest.raises(StoreError) as caught, batch.lease():
        pytest.fail("two are at work")
    return str(caught.value)


class TestASecondHead:
    def test_is_told_who_is_at_work_and_since_when(self, batch, holder, out):
        words = refused(batch)

        assert words.startswith(f"{out}: hiprom is at work on this batch already: ")
        assert f"process {holder.pid} on {os.uname().nodename}" in words
        assert f"since {datetime.now().astimezone():%Y-%m-%d %H:}" in words
        assert batch.counts()[JobState.RUNNING] == 2

    def test_in_the_same_process_is_refused_too(self, store, batch, out):
        with batch.lease():
            assert f"process {os.getpid()} " in refused(open_batch(store, out))

    def test_may_come_once_the_first_has_ended(self, batch, holder):
        holder.communicate("end\n")

        assert holder.returncode == 0
        assert batch.counts()[JobState.QUEUED] == 3
        with batch.lease():
            assert [job.attempts for job in batch.claim(5)] == [1, 1, 1]

    def test_may_work_on_another_batch(self, store, out, holder):
        assert holder.poll() is None
        with open_batch(store, out + "/other").lease():
            pass


class TestAHeadThatDied:
    @seen_in_proc
    def test_here_is_replaced_at_once_and_its_jobs_are_free(self, batch, holder):
        holder.send_signal(signal.SIGKILL)
        holder.communicate()

        with batch.lease():
            assert batch.counts()[JobState.QUEUED] == 3
            assert [job.attempts for job in batch.claim(5)] == [1, 1, 1]

    @seen_in_proc
    def test_and_that_its_parent_has_not_noticed_is_replaced_too(self, batch, holder):
        holder.send_signal(signal.SIGKILL)
        os.waitid(os.P_PID, holder.pid, os.WEXITED | os.WNOWAIT)

        with batch.lease():
            assert batch.counts()[JobState.RUNNING] == 0

    @seen_in_proc
    def test_here_whose_number_another_process_has_now_is_replaced(
        self, store, batch, out
    ):
        with batch.lease():
            rewrite(store, out, head_started="1")

            with open_batch(store, out).lease():
                refused(batch)

    def test_elsewhere_is_waited_for_a_minute(self, store, batch, out, holder):
        elsewhere = {"head_host": "ward-7", "head_machine": "another boot"}
        rewrite(store, out, **elsewhere, heartbeat_at=ago(50))

        assert f"process {holder.pid} on ward-7" in refused(batch)
        rewrite(store, out, heartbeat_at=ago(70))
        with batch.lease():
            assert batch.counts()[JobState.RUNNING] == 0

    def test_on_a_system_that_tells_nothing_is_waited_for_a_minute(
        self, store, batch, out, monkeypatch
    ):
        monkeypatch.setattr(batch_lease, "_PROC", batch_lease.Path("/not/there"))
        with batch.lease():
            assert batch_lease.this_process().started == ""
            rewrite(store, out, heartbeat_at=ago(50), head_pid=2**30)
            refused(open_batch(store, out))
            rewrite(store, out, heartbeat_at=ago(70))
            with open_batch(store, out).lease():
                pass

    @seen_in_proc
    def test_a_living_one_here_is_believed_however_long_it_is_silent(
        self, store, batch, out, holder
    ):
        rewrite(store, out, heartbeat_at=ago(9999))

        assert f"process {holder.pid} " in refused(batch)


class TestAHeadThatWasTakenForDead:
    """Another has taken over its batch, and it still holds jobs."""

    def taken_over(self, store, out):
        rewrite(store, out, head_host="ward-7", head_machine="m", head_pid=12)

    def test_writes_nothing_any_more_and_is_told_why(self, store, batch, out):
        with batch.lease():
            job, _ = batch.claim(2)
            self.taken_over(store, out)
            for act in (
                batch.renew,
                batch.release,
                lambda: batch.claim(1),
                lambda: batch.finish(job.job_id),
                lambda: batch.fail(job.job_id, "late"),
                lambda: batch.exchange([], 1),
                lambda: batch.add([]),
            ):
                with pytest.raises(StoreError, match="12 on ward-7 has taken over"):
                    act()

            assert batch.counts()[JobState.RUNNING] == 2

    @pytest.mark.parametrize(
        "other",
        [
            {"head_pid": 12},
            {"head_started": "1"},
            {"head_host": "ward-7"},
            {"head_machine": "m"},
        ],
        ids=lambda other: next(iter(other)),
    )
    def test_knows_another_by_whatever_differs(self, store, batch, out, other):
        with batch.lease():
            rewrite(store, out, **other)

            with pytest.raises(StoreError, match="has taken over"):
                batch.claim(1)

    def test_leaves_the_others_lease_and_jobs_as_they_are(self, store, batch, out):
        with batch.lease():
            batch.claim(2)
            self.taken_over(store, out)

        assert batch.counts()[JobState.RUNNING] == 2
        assert "process 12 on ward-7" in refused(batch)

    def test_and_whose_successor_has_finished_is_told_so(self, store, batch, out):
        with batch.lease():
            rewrite(store, out, head_host=None, head_pid=None)

            with pytest.raises(StoreError, match="Nobody is at work on this batch"):
                batch.renew()


def test_a_heartbeat_is_the_databases_own_time(store, batch, out):
    with batch.lease():
        rewrite(store, out, heartbeat_at=ago(30))
        batch.renew()

        with store.database.reading() as connection:
            beat = select(batches.c.heartbeat_at).where(batches.c.out == out)
            at = connection.execute(beat).scalar_one()
    assert abs(at - datetime.now(UTC)) < timedelta(seconds=5)


def test_a_process_is_told_from_one_that_had_its_number_before():
    one, other = batch_lease.this_process(), batch_lease._began(os.getppid())

    assert one.started == batch_lease._began(one.pid)
    assert other is not None
    assert batch_lease._began(2**30) is None

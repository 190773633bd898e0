"""Tests for hiprom.batch.head: real workers of Dask, a real database, made-up work."""

import os
import shutil
import signal
import time
from dataclasses import dataclass, field

import made_up_work
import pytest

from hiprom.batch.cluster import local_cluster
from hiprom.batch.head import Head
from hiprom.batch.order import Order
from hiprom.core.jobs import JobSpec, JobState
from hiprom.errors import CaptureError, InputError, StoreUnavailable
from hiprom.store.job_rows import Asked
from hiprom.store.jobs import open_batch
from hiprom.store.store import Store

pytestmark = pytest.mark.xdist_group("dask")


@dataclass
class Heard:
    """Events, as they were told."""

    ends: list = field(default_factory=list)
    begins: list = field(default_factory=list)
    waits: list = field(default_factory=list)
    glances: int = 0

    def begun(self, job):
        self.begins.append((job.spec.name, job.attempts))

    def ended(self, job, state, outcome):
        self.ends.append((job.spec.name, state, outcome.reason))

    def waiting(self, why):
        self.waits.append(why)

    def idle(self):
        self.glances += 1


@pytest.fixture(scope="module")
def client():
    with local_cluster(2) as client:
        client.upload_file(made_up_work.__file__)
        yield client


@pytest.fixture(scope="module")
def empty(tmp_path_factory):
    """A history that has its tables already, to be copied."""
    folder = tmp_path_factory.mktemp("empty")
    Store.open(None, folder).close()
    return folder


@pytest.fixture
def jobs(tmp_path, empty):
    shutil.copytree(empty, tmp_path / "home")
    with Store.open(None, tmp_path / "home") as store:
        batch = open_batch(store, str(tmp_path))
        with batch.lease():
            yield batch


def ask(jobs, *names):
    jobs.add(
        Asked(JobSpec(f"{name}.mp4", name), "settings", "as it is", weight=1.0)
        for name in names
    )


def work_off(jobs, client, tmp_path, heard=None, keep=lambda _job, _outcome: None):
    heard = heard or Heard()
    Head(
        jobs,
        client,
        order=lambda job: Order(job.job_id, job.spec, str(tmp_path)),
        work=made_up_work.work,
        keep=keep,
        events=heard,
    ).run()
    return heard


def states(jobs):
    return {job.spec.name: job.state for job in jobs.jobs()}


@pytest.mark.parametrize("count", [50, pytest.param(200, marks=pytest.mark.slow)])
def test_every_job_is_done_once(jobs, client, tmp_path, count):
    names = [f"well-{number}" for number in range(count)]
    ask(jobs, *names)

    heard = work_off(jobs, client, tmp_path)

    assert set(states(jobs).values()) == {JobState.DONE}
    assert [made_up_work.begun(tmp_path, name) for name in names] == [1] * count
    assert sorted(name for name, *_ in heard.ends) == sorted(names)
    assert heard.glances > 0


def test_a_bad_video_fails_with_its_reason_and_the_rest_goes_on(jobs, client, tmp_path):
    ask(jobs, "badly-1", "well-1", "well-2")

    work_off(jobs, client, tmp_path)

    assert states(jobs) == {
        "badly-1": JobState.FAILED,
        "well-1": JobState.DONE,
        "well-2": JobState.DONE,
    }
    (failure,) = jobs.failures()
    assert failure.reason == "It shows a cat."
    assert made_up_work.begun(tmp_path, "badly-1") == 1


def test_a_worker_that_is_killed_costs_no_video(jobs, client, tmp_path):
    names = [f"well-{number}" for number in range(6)]
    ask(jobs, "fatally_once-1", *names)

    work_off(jobs, client, tmp_path)

    assert set(states(jobs).values()) == {JobState.DONE}
    assert made_up_work.begun(tmp_path, "fatally_once-1") == 2
    assert [made_up_work.begun(tmp_path, name) for name in names] == [1] * 6


def test_a_video_that_kills_every_worker_is_given_up_after_two(jobs, client, tmp_path):
    ask(jobs, "fatally-1", *(f"well-{number}" for number in range(6)))

    heard = work_off(jobs, client, tmp_path)

    found = states(jobs)
    assert found.pop("fatally-1") is JobState.FAILED
    assert set(found.values()) == {JobState.DONE}
    assert made_up_work.begun(tmp_path, "fatally-1") == 2
    (failure,) = jobs.failures()
    assert "ended its worker 2 times" in failure.reason
    assert [end[1] for end in heard.ends if end[0] == "fatally-1"] == [
        JobState.QUEUED,
        JobState.FAILED,
    ]


def test_what_the_machine_broke_is_tried_again(jobs, client, tmp_path):
    ask(jobs, "breaks-1")

    work_off(jobs, client, tmp_path)

    assert states(jobs) == {"breaks-1": JobState.DONE}


def test_a_fault_in_our_own_code_fails_the_job_and_says_so(jobs, client, tmp_path):
    ask(jobs, "faulty-1", "well-1")

    work_off(jobs, client, tmp_path)

    (failure,) = jobs.failures()
    assert "ZeroDivisionError: in hiprom" in failure.reason
    assert states(jobs)["well-1"] is JobState.DONE


def test_what_is_done_is_not_done_again(jobs, client, tmp_path):
    ask(jobs, "well-1", "badly-1")
    work_off(jobs, client, tmp_path)
    ask(jobs, "well-1", "badly-1", "well-2")

    work_off(jobs, client, tmp_path)

    begun = {
        name: made_up_work.begun(tmp_path, name)
        for name in ("well-1", "badly-1", "well-2")
    }
    assert begun == {"well-1": 1, "badly-1": 2, "well-2": 1}


def test_with_nothing_to_do_it_ends_at_once(jobs, client, tmp_path):
    ask(jobs)

    heard = work_off(jobs, client, tmp_path)

    assert heard.begins == []


def test_results_that_die_with_their_worker_are_worked_out_again(
    jobs, client, tmp_path
):
    names = [f"kept-{number}" for number in range(6)]
    ask(jobs, *names)
    killed = []

    def keep(_job, _outcome):
        if not killed:
            time.sleep(0.5)  # by now the other worker has finished as well
            killed.extend(client.run(os.getpid).values())
            for pid in killed:
                os.kill(pid, signal.SIGKILL)
            time.sleep(0.5)

    work_off(jobs, client, tmp_path, keep=keep)

    assert killed
    assert set(states(jobs).values()) == {JobState.DONE}


def test_a_batch_does_not_wait_for_ever_for_workers_of_its_own(
    jobs, tmp_path, monkeypatch
):
    monkeypatch.setattr("hiprom.batch.head._OWN_WORKERS_BACK_S", 1.0)
    ask(jobs, "well-1")

    with local_cluster(0) as nobody, pytest.raises(CaptureError, match="--resume"):
        work_off(jobs, nobody, tmp_path)

    assert states(jobs) == {"well-1": JobState.QUEUED}


def test_a_trial_that_the_history_refuses_fails_by_itself(jobs, client, tmp_path):
    ask(jobs, "kept-1", "kept-2", "well-1")

    def keep(job, _outcome):
        if job.spec.name == "kept-1":
            raise InputError("It cannot be kept.")

    work_off(jobs, client, tmp_path, keep=keep)

    assert states(jobs) == {
        "kept-1": JobState.FAILED,
        "kept-2": JobState.DONE,
        "well-1": JobState.DONE,
    }
    (failure,) = jobs.failures()
    assert failure.reason == "It cannot be kept."


def test_a_history_that_is_away_is_waited_for(jobs, client, tmp_path):
    ask(jobs, "kept-1")
    tries = []

    def keep(_job, _outcome):
        tries.append(1)
        if len(tries) < 3:
            raise StoreUnavailable("The server does not answer.")

    heard = work_off(jobs, client, tmp_path, keep=keep)

    assert states(jobs) == {"kept-1": JobState.DONE}
    assert heard.waits.count("The server does not answer.") == 2


def test_two_batches_on_one_scheduler_do_not_take_each_other_s_results(
    client, tmp_path
):
    for name in ("one", "other"):
        with Store.open(None, tmp_path / name / "home") as store:
            batch = open_batch(store, str(tmp_path / name))
            with batch.lease():
                ask(batch, f"well-{name}")
                work_off(batch, client, tmp_path / name)
                assert states(batch) == {f"well-{name}": JobState.DONE}

        assert made_up_work.begun(tmp_path / name, f"well-{name}") == 1

"""Tests for hiprom.store.jobs: every video in one state, and none lost or done twice.

Killed twice in every run; ``pytest -m faults`` kills 25 times on each database.
"""

import json
import random
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from recordings import NOON, trial
from sqlalchemy import select

from hiprom.core.jobs import JobSpec, JobState
from hiprom.errors import InputError, StoreError, StoreUnavailable
from hiprom.store import tables
from hiprom.store.job_moves import Outcome
from hiprom.store.job_rows import Added, Asked
from hiprom.store.jobs import open_batch
from hiprom.store.store import Store

QUEUED, RUNNING, DONE, FAILED = JobState
FULL = JobSpec(
    video="/films/größe & Höhe.mp4",
    name="größe & Höhe",
    protocol="auto",
    side="left",
    subject="P01",
    recorded_at=NOON,
    camera="phone.toml",
)


def asked(name="a", weight=1.0, settings="s", fingerprint="f", **more):
    spec = JobSpec(f"/films/{name}.mp4", name, **more)
    return Asked(spec, settings, fingerprint, weight)


def many(count):
    return (asked(f"{number:05}", weight=number % 7) for number in range(count))


def names(some):
    return [job.spec.name for job in some]


def counted(batch):
    return {state: number for state, number in batch.counts().items() if number}


def only_row(batch):
    """Return all that is kept of the one job of a batch."""
    mine = select(tables.jobs).where(tables.jobs.c.batch_id == batch._batch_id)
    with batch._database.reading() as connection:
        return connection.execute(mine).one()


@pytest.fixture
def out(tmp_path):
    """A place for results that no other test has, on a server that all share."""
    return str(tmp_path)


@pytest.fixture
def batch(store, out):
    return open_batch(store, out)


class TestWhatIsAskedFor:
    def test_comes_out_as_it_went_in(self, batch):
        batch.add([Asked(FULL, "settings", "1234-5678", 12.5), asked("plain")])

        full, plain = sorted(batch.jobs(), key=lambda job: job.spec.name == "plain")

        assert full.spec == FULL
        assert full.spec.recorded_at.isoformat() == NOON.isoformat()
        assert plain.spec == asked("plain").spec
        assert (full.state, full.attempts, full.weight) == (QUEUED, 0, 12.5)
        assert (full.reason, full.trial_id) == ("", None)

    def test_is_listed_by_name_in_the_order_of_its_code_points(self, batch):
        mixed = ["b", "B", "a 10", "a 9", "ä", "z", "日本"]
        batch.add(asked(name) for name in mixed)

        assert names(batch.jobs()) == sorted(mixed)

    def test_is_counted_and_listed_in_full_beyond_what_is_read_at_once(self, batch):
        added = batch.add(many(1201))
        batch.settle([Outcome(job.job_id, DONE) for job in batch.claim(600)])

        assert added == Added(new=1201)
        assert batch.counts() == {QUEUED: 601, RUNNING: 0, DONE: 600, FAILED: 0}
        assert names(batch.jobs()) == [each.spec.name for each in many(1201)]
        assert len(list(batch.jobs(DONE))) == 600

    def test_is_weighed_by_state(self, batch):
        batch.add([asked("a", 2.5), asked("b", 1), asked("c", 0.5)])
        batch.claim(1)

        assert batch.weights() == {QUEUED: 1.5, RUNNING: 2.5, DONE: 0, FAILED: 0}

    def test_belongs_to_one_place_of_results(self, store, batch, out):
        batch.add([asked("a")])
        other = open_batch(store, out + "/other")
        other.add([asked("a")])
        other.add([asked("a"), asked("b")])
        (mine,) = batch.claim(5)

        other.finish(mine.job_id)
        other.release()

        assert counted(batch) == {RUNNING: 1}
        assert counted(other) == {QUEUED: 2}
        assert counted(open_batch(store, out)) == {RUNNING: 1}

    def test_makes_subjects_who_may_be_known_already(self, store, batch):
        store.save_trial("P01", trial())

        batch.add([asked("a", subject="P01"), asked("b", subject="P02"), asked("c")])

        known = {each.subject.code: each.trials for each in store.subjects()}
        assert known == {"P01": 1, "P02": 0}

    @pytest.mark.parametrize("apart", [1, 700], ids=["together", "apart"])
    def test_has_a_folder_of_its_own_each(self, batch, apart):
        twice = [*(asked(f"{number}") for number in range(apart)), asked("0")]

        with pytest.raises(InputError, match="into the same folder, '0'"):
            batch.add(twice)

    @pytest.mark.parametrize(
        ("wrong", "words"),
        [
            (asked("a\udcff"), "cannot be written as text"),
            (asked(weight=float("nan")), "the weight is nan"),
            (asked(recorded_at=datetime(2026, 7, 1)), "no offset"),  # noqa: DTZ001
            (asked(subject=" P01"), "' P01' cannot be used"),
        ],
    )
    def test_is_refused_in_one_sentence_if_it_cannot_be_kept(self, batch, wrong, words):
        with pytest.raises(InputError, match=words) as caught:
            batch.add([asked("fine"), wrong])

        assert str(caught.value).encode()
        assert counted(batch) == {}


class TestAskedForAgain:
    def done(self, batch, *some):
        batch.add(some)
        for job in batch.claim(len(some)):
            batch.finish(job.job_id, taken_s=2, frames=60)

    def test_what_is_done_stays_done(self, batch):
        self.done(batch, Asked(FULL, "s", "f", 1))

        assert batch.add([Asked(FULL, "s", "f", 2)]) == Added(known=1)
        assert counted(batch) == {DONE: 1}
        assert (only_row(batch).taken_s, only_row(batch).frames) == (2, 60)

    @pytest.mark.parametrize(
        "another",
        [
            Asked(FULL, "other settings", "f", 1),
            Asked(FULL, "s", "other video", 1),
            Asked(replace(FULL, video="/elsewhere/x.mp4"), "s", "f", 1),
            Asked(replace(FULL, subject="P02"), "s", "f", 1),
            Asked(replace(FULL, subject=None), "s", "f", 1),
            Asked(replace(FULL, side="right"), "s", "f", 1),
            Asked(replace(FULL, protocol="seated_ir"), "s", "f", 1),
            Asked(replace(FULL, camera=None), "s", "f", 1),
            Asked(replace(FULL, recorded_at=None), "s", "f", 1),
            Asked(replace(FULL, recorded_at=NOON.astimezone(UTC)), "s", "f", 1),
        ],
        ids=[
            *("settings", "fingerprint", "video", "subject", "nobody", "side"),
            *("protocol", "camera", "time", "offset"),
        ],
    )
    def test_what_has_changed_is_done_anew(self, batch, another):
        self.done(batch, Asked(FULL, "s", "f", 1))

        added = batch.add([another])

        (job,) = batch.jobs()
        assert added == Added(changed=1)
        assert job.spec == another.spec
        assert (job.state, job.attempts, job.trial_id) == (QUEUED, 0, None)
        row = only_row(batch)
        assert (row.started_at, row.ended_at, row.worker) == (None, None, "")
        assert (row.taken_s, row.frames) == (None, None)
        assert batch.add([another]) == Added(known=1)

    def test_what_failed_is_tried_anew(self, batch):
        batch.add([asked()])
        batch.fail(batch.claim(1)[0].job_id, "nobody in view")

        assert batch.add([asked()]) == Added(changed=1)
        (job,) = batch.jobs()
        assert (job.state, job.attempts, job.reason) == (QUEUED, 0, "")

    def test_what_waits_for_its_second_attempt_keeps_the_first(self, batch):
        batch.add([asked()])
        batch.try_again(batch.claim(1)[0].job_id)

        assert batch.add([asked(weight=5)]) == Added(known=1)
        (job,) = batch.jobs()
        assert (job.state, job.attempts, job.weight) == (QUEUED, 1, 5)

    def test_what_is_asked_for_no_more_is_neither_done_nor_counted(self, batch):
        self.done(batch, asked("gone"))
        batch.add([asked("gone"), asked("unwanted"), asked("wanted")])

        batch.add([asked("wanted")])

        assert counted(batch) == {QUEUED: 1}
        assert names(batch.jobs()) == names(batch.claim(9)) == ["wanted"]
        assert batch.add([asked("gone")]) == Added(known=1)
        assert counted(batch) == {DONE: 1}

    def test_after_a_call_that_was_cut_short_nothing_is_taken_for_a_double(self, batch):
        def cut_short():
            yield from many(700)
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            batch.add(cut_short())

        assert batch.add(many(900)) == Added(new=400, known=500)
        assert counted(batch) == {QUEUED: 900}


class TestAJobInHand:
    def test_is_the_heaviest_and_is_given_once(self, batch):
        batch.add([asked("light", 1), asked("heavy", 9), asked("middling", 5)])

        first, rest, none = batch.claim(2), batch.claim(2), batch.claim(2)

        assert names(first) == ["heavy", "middling"]
        assert names(rest) == ["light"]
        assert none == []
        assert {(job.state, job.attempts) for job in first + rest} == {(RUNNING, 1)}
        assert list(batch.jobs(RUNNING)) == sorted(
            first + rest, key=lambda job: job.spec.name
        )

    def test_is_done_with_all_that_is_known_of_it(self, store, batch):
        trial_id = store.save_trial("P01", trial()).trial.trial_id
        batch.add([asked(subject="P01")])
        before = datetime.now(UTC)
        (job,) = batch.claim(1, "tcp://10.0.0.7:4000")

        batch.finish(job.job_id, trial_id=trial_id, taken_s=12.5, frames=900)

        (done,) = batch.jobs(DONE)
        assert (done.trial_id, done.attempts) == (trial_id, 1)
        row = only_row(batch)
        assert (row.taken_s, row.frames) == (12.5, 900)
        assert row.worker == "tcp://10.0.0.7:4000"
        assert before <= row.started_at <= row.ended_at <= datetime.now(UTC)

    def test_that_fails_says_why(self, batch):
        batch.add([asked("a"), asked("b")])
        (job,) = batch.claim(1)

        batch.fail(job.job_id, "caf\udce9.mp4: no\0body in view")

        (failed,) = batch.failures()
        assert failed.job_id == job.job_id
        assert failed.reason == "caf\\udce9.mp4: no\\0body in view"
        assert names(batch.claim(5)) != [job.spec.name]

    def test_that_is_tried_again_counts_every_attempt(self, batch):
        batch.add([asked()])

        for attempt in (1, 2, 3):
            (job,) = batch.claim(1)
            assert job.attempts == attempt
            batch.try_again(job.job_id)

    def test_that_was_nobody_s_fault_is_not_counted(self, batch):
        batch.add([asked("a", 2), asked("b", 1)])
        a, b = batch.claim(2)

        batch.settle(
            [
                Outcome(a.job_id, QUEUED, is_counted=False),
                Outcome(b.job_id, QUEUED),
            ]
        )

        assert [job.attempts for job in batch.jobs()] == [0, 1]
        assert [job.attempts for job in batch.claim(2)] == [1, 2]

    def test_that_is_released_counts_none_and_those_kept_stay(self, batch):
        batch.add([asked("a", 2), asked("b", 1), asked("c", 3)])
        kept, a, b = batch.claim(3)
        batch.finish(b.job_id)

        released = batch.release(keep=[kept.job_id])

        assert released == 1
        assert counted(batch) == {QUEUED: 1, RUNNING: 1, DONE: 1}
        (again,) = batch.claim(5)
        assert (again.job_id, again.attempts) == (a.job_id, 1)

    def test_that_has_ended_stays_so_whatever_is_said_later(self, batch):
        batch.add([asked("a", 2), asked("b", 1)])
        a, b = batch.claim(2)
        batch.settle([Outcome(a.job_id, DONE), Outcome(b.job_id, FAILED, "dark")])

        batch.settle([Outcome(a.job_id, FAILED, "late"), Outcome(b.job_id, QUEUED)])
        batch.finish(b.job_id)

        assert counted(batch) == {DONE: 1, FAILED: 1}
        assert [job.reason for job in batch.failures()] == ["dark"]

    def test_may_be_exchanged_for_others_in_one_step(self, batch):
        batch.add(many(5))
        first = batch.exchange([], 2)
        ends = zip(first, (DONE, QUEUED), strict=True)

        second = batch.exchange([Outcome(job.job_id, end) for job, end in ends], 9)

        assert counted(batch) == {DONE: 1, RUNNING: 4}
        assert first[1].job_id in {job.job_id for job in second}

    def test_of_an_exchange_that_fails_stays_in_hand(self, batch):
        batch.add(many(5))
        (job,) = batch.claim(1)

        def outcomes():
            yield Outcome(job.job_id, DONE)
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            batch.exchange(outcomes(), 1)

        assert counted(batch) == {RUNNING: 1, QUEUED: 4}

    def test_is_in_one_hand_where_many_grasp_at_once(self, batch, url, folder, out):
        batch.add(many(60))

        def grasp(number):
            with Store.open(url, folder) as mine:
                theirs = open_batch(mine, out)
                held = []
                while some := theirs.claim(3, f"head {number}"):
                    held += [job.job_id for job in some]
                    theirs.settle([Outcome(job.job_id, DONE) for job in some[:2]])
                return held

        with ThreadPoolExecutor(3) as crowd:
            hands = [job_id for held in crowd.map(grasp, range(3)) for job_id in held]

        assert len(hands) == len(set(hands)) == 60
        assert {job.attempts for job in batch.jobs()} == {1}
        assert counted(batch) == {DONE: 40, RUNNING: 20}


class TestWhoIsForgotten:
    def test_leaves_no_job_and_no_empty_batch(self, store, batch, out):
        batch.add([asked("hers", subject="P01"), asked("his", subject="P02")])
        hers = open_batch(store, out + "/hers alone")
        hers.add([asked("more", subject="P01"), asked("again", subject="P01")])

        erased = store.forget("P01")

        assert erased.jobs == 3
        assert erased.videos == ("again.mp4", "hers.mp4", "more.mp4")
        assert names(batch.jobs()) == ["his"]
        assert list(hers.jobs()) == []
        with store.database.reading() as connection:
            left = connection.execute(select(tables.batches.c.out)).scalars().all()
        assert out in left
        assert out + "/hers alone" not in left

    def test_leaves_a_batch_that_somebody_is_at_work_on(self, batch, store):
        batch.add([asked("hers", subject="P01")])

        with batch.lease():
            (job,) = batch.claim(1)
            store.forget("P01")
            batch.finish(job.job_id)
            assert batch.add([asked("his", subject="P02")]) == Added(new=1)

    def test_takes_the_trial_of_a_job_along(self, store, batch):
        trial_id = store.save_trial("P01", trial()).trial.trial_id
        batch.add([asked("hers", subject="P01")])
        batch.finish(batch.claim(1)[0].job_id, trial_id=trial_id)

        assert store.fsck() == ()
        store.forget("P01")

        assert counted(batch) == {}
        assert store.fsck() == ()


def test_a_batch_is_no_fault_of_the_history(store, batch):
    batch.add(asked(f"{number}", subject="P01") for number in range(9))
    ends = zip(batch.claim(4), (DONE, FAILED, QUEUED), strict=False)
    batch.settle([Outcome(job.job_id, end, "dark") for job, end in ends])

    assert counted(batch) == {QUEUED: 6, RUNNING: 1, DONE: 1, FAILED: 1}
    assert store.fsck() == ()


def test_a_server_that_goes_and_comes_back_has_lost_nothing(postgresql, url, batch):
    if url is None:
        pytest.skip("SQLite has no server")
    batch.add(many(10))
    with batch.lease():
        held = batch.claim(4)
        outcomes = [Outcome(job.job_id, DONE) for job in held[:2]]
        postgresql.stop()
        try:
            for refused in (
                lambda: batch.settle(outcomes),
                lambda: batch.claim(1),
                batch.renew,
                batch.counts,
            ):
                with pytest.raises(StoreUnavailable, match="does not answer"):
                    refused()
        finally:
            postgresql.start()
        batch.release(keep=[job.job_id for job in held])
        batch.renew()
        batch.settle(outcomes)

        assert counted(batch) == {QUEUED: 6, RUNNING: 2, DONE: 2}
    assert counted(batch) == {QUEUED: 8, DONE: 2}


def test_a_lease_ends_quietly_where_the_server_is_gone(postgresql, url, batch):
    if url is None:
        pytest.skip("SQLite has no server")
    batch.add(many(3))
    try:
        with batch.lease():
            batch.claim(2)
            postgresql.stop()
    finally:
        postgresql.start()

    assert counted(batch) == {QUEUED: 1, RUNNING: 2}
    with pytest.raises(StoreError, match="at work on this batch already"):
        batch.lease().__enter__()


HEAD = """
import json, sys
from pathlib import Path
from hiprom.core.jobs import JobState
from hiprom.store.job_moves import Outcome
from hiprom.store.jobs import open_batch
from hiprom.store.store import Store
url, folder, out = sys.argv[1:]
def say(*words):
    sys.stdout.write(json.dumps(words) + "\\n")
    sys.stdout.flush()
with Store.open(url or None, Path(folder)) as store:
    batch = open_batch(store, out)
    with batch.lease():
        say("at work")
        held = batch.claim(3)
        while held:
            ids = [job.job_id for job in held]
            say("claimed", ids, [job.attempts for job in held])
            held = batch.exchange([Outcome(i, JobState.DONE) for i in ids], 3)
            say("done", ids)
"""


def killed_head(url, folder, out, seconds):
    """Start a head, kill it when it has worked for a while; return all it said."""
    head = subprocess.Popen(
        [sys.executable, "-c", HEAD, url or "", folder, out],
        stdout=subprocess.PIPE,
        text=True,
    )
    said = [head.stdout.readline()]
    time.sleep(seconds)
    head.send_signal(signal.SIGKILL)
    rest, _ = head.communicate()
    said += rest.splitlines(keepends=True)
    return [json.loads(line) for line in said if line.endswith("\n")]


@pytest.mark.parametrize(
    "rounds", [2, pytest.param(25, marks=pytest.mark.faults)], ids=str
)
def test_kills_lose_nothing_and_do_nothing_twice(
    rounds, url, store, batch, folder, out
):
    chance = random.Random(rounds)
    batch.add(many(400 * rounds))
    acknowledged = []
    for _ in range(rounds):
        words = killed_head(url, folder, out, chance.uniform(0, 0.25))
        assert words[0] == ["at work"]
        claims = [word for word in words if word[0] == "claimed"]
        assert {attempt for _, _, attempts in claims for attempt in attempts} <= {1}
        acknowledged += [i for word in words if word[0] == "done" for i in word[1]]
        assert sum(batch.counts().values()) == 400 * rounds
        assert set(acknowledged) <= {job.job_id for job in batch.jobs(DONE)}
        assert counted(batch).get(RUNNING, 0) <= 3

    with batch.lease():
        assert counted(batch).keys() <= {QUEUED, DONE}
        held = batch.claim(500)
        while held:
            held = batch.exchange([Outcome(job.job_id, DONE) for job in held], 500)

    assert counted(batch) == {DONE: 400 * rounds}
    assert {job.attempts for job in batch.jobs()} == {1}
    assert len(acknowledged) == len(set(acknowledged)) > 0
    assert store.fsck() == ()


def test_one_job_is_put_beside_the_others(store):
    jobs = open_batch(store, "/web")
    jobs.put(asked("a"))
    (running,) = jobs.claim(1)
    jobs.put(asked("b", weight=-2.0))

    assert counted(jobs) == {RUNNING: 1, QUEUED: 1}
    assert jobs.job("a").job_id == running.job_id
    assert jobs.job("c") is None


def test_a_job_put_again_is_done_anew_only_if_it_failed_or_changed(store):
    jobs = open_batch(store, "/web")
    jobs.put(asked("a"))
    (first,) = jobs.claim(1)
    jobs.finish(first.job_id)

    assert jobs.put(asked("a")) == Added(known=1)
    assert jobs.put(asked("a", settings="other")) == Added(changed=1)
    assert jobs.job("a").state == QUEUED


@pytest.mark.parametrize("is_running", [False, True])
def test_a_job_given_up_stays_so_whatever_its_worker_says(store, is_running):
    jobs = open_batch(store, "/web")
    jobs.put(asked("a"))
    job = jobs.job("a")
    if is_running:
        jobs.claim(1)

    assert jobs.give_up(job.job_id, "Cancelled.")
    jobs.finish(job.job_id)

    assert (jobs.job("a").state, jobs.job("a").reason) == (FAILED, "Cancelled.")
    assert not jobs.give_up(job.job_id, "Again.")
    assert jobs.claim(1) == []


def test_a_job_is_removed_unless_it_is_running(store):
    jobs = open_batch(store, "/web")
    jobs.put(asked("a"))
    (job,) = jobs.claim(1)
    jobs.remove(job.job_id)
    assert jobs.job("a")

    jobs.try_again(job.job_id)
    jobs.remove(job.job_id)
    assert jobs.job("a") is None

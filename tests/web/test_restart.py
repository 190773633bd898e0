"""The server as a program: killed in the middle, started again, fed two gigabytes."""

import multiprocessing
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

import pytest
from serving import client

from hiprom.batch.watchdog import resident_bytes

SAMPLE = Path(__file__).parents[2] / "sample_videos" / "seated_ir_left.mp4"
PIECE = 4_000_000
MANY_BYTES = 16_000_000


class Program:
    """`hiprom serve`, on a port and a folder of its own."""

    def __init__(self, home, model=None):
        self._env = os.environ | {"HIPROM_HOME": str(home)}
        if model is not None:
            self._env["HIPROM_MODEL"] = str(model)
        self._home = home

    def start(self):
        self.process = subprocess.Popen(
            [sys.executable, "-c", "from hiprom.cli import app; app()", "serve"]
            + ["--port", "0"],
            stderr=subprocess.PIPE,
            text=True,
            env=self._env,
        )
        said = self.process.stderr.readline()
        return client(int(re.search(r":(\d+) ", said)[1]))

    def kill(self):
        self.process.kill()
        self.process.wait()
        self.process.stderr.close()

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        said = self.process.stderr.read()
        self.process.stderr.close()
        return self.process.wait(20), said

    def workers(self):
        """Return the worker processes on this folder."""
        mine = ["hiprom.web.worker", str(self._home / "web"), ""]
        found = []
        for place in Path("/proc").glob("[0-9]*/cmdline"):
            with suppress(OSError):
                if place.read_bytes().decode().split("\0")[-3:] == mine:
                    found.append(int(place.parent.name))
        return found


@contextmanager
def ended(program):
    """See to it that nothing of a program is left."""
    try:
        yield
    finally:
        if program.process.poll() is None:
            program.kill()
        for pid in program.workers():
            os.kill(pid, signal.SIGKILL)


@pytest.fixture
def program(tmp_path, model_file):
    made = Program(tmp_path / "home", model_file)
    web = made.start()
    with ended(made), web:
        yield made, web


def send(web, data, **more):
    asked = {"name": "leg.mp4", "bytes": len(data), **more}
    upload = web.post("/api/uploads", json=asked).json()["id"]
    answer = web.put(f"/api/uploads/{upload}", params={"offset": 0}, content=data)
    return answer.json()["job"]


def until(condition, seconds=120):
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < deadline
        time.sleep(0.1)
    return found


def shows(web, job, words):
    row = re.search(rf'id="job-{job}".*?</li>', web.get("/").text, re.DOTALL)
    return row and words in row[0]


@pytest.mark.faults
@pytest.mark.parametrize("with_worker", [False, True])
def test_a_job_outlives_a_killed_server(program, with_worker):
    """Either its worker ends it meanwhile, or the next one begins it anew."""
    made, web = program
    job = send(web, SAMPLE.read_bytes(), subject="P01")
    until(lambda: shows(web, job, "Finding the person"))
    (worker,) = made.workers()
    if with_worker:
        os.kill(worker, signal.SIGSTOP)  # so that it sees nothing of the server's end
    made.kill()
    if with_worker:
        os.kill(worker, signal.SIGKILL)
    else:
        until(lambda: not made.workers())

    with made.start() as again:
        assert with_worker or shows(again, job, "42.7°")
        until(lambda: shows(again, job, "42.7°"))
        assert "P01" in again.get("/people").text


@pytest.mark.faults
def test_a_server_that_is_told_to_stop_keeps_what_waits(program):
    made, web = program
    job = send(web, SAMPLE.read_bytes())
    until(lambda: shows(web, job, "Finding the person"))
    code, said = made.stop()

    assert code == 0
    assert "Videos that wait are measured when hiprom serves again." in said
    assert not made.workers()
    with made.start() as again:
        until(lambda: shows(again, job, "42.7°"))


@pytest.mark.load
def test_two_gigabytes_leave_the_servers_memory_flat(tmp_path):
    if shutil.disk_usage(tmp_path).free < 8e9:
        pytest.skip("needs 8 GB of disk")
    made = Program(tmp_path / "home")
    total = 2_000_000_000
    with made.start() as web, ended(made):
        upload = web.post("/api/uploads", json={"name": "big.mp4", "bytes": total})
        where = f"/api/uploads/{upload.json()['id']}"
        web.put(where, params={"offset": 0}, content=bytes(PIECE))
        before = most = resident_bytes(made.process.pid)
        for offset in range(PIECE, total - PIECE, PIECE):
            web.put(where, params={"offset": offset}, content=bytes(PIECE))
            most = max(most, resident_bytes(made.process.pid))

        assert web.get(where).json()["offset"] == total - PIECE
        assert most - before < 50e6
        web.delete(where)


def send_most(port, number):
    """Send all of a video but its last byte; return how much was taken."""
    data = bytes(MANY_BYTES)
    asked = {"name": f"{number}.mp4", "bytes": len(data) + 1}
    with client(port) as own:
        upload = own.post("/api/uploads", json=asked).json()["id"]
        for offset in range(0, len(data), PIECE):
            answer = own.put(
                f"/api/uploads/{upload}",
                params={"offset": offset},
                content=data[offset : offset + PIECE],
            )
    return answer.json()["offset"]


def send_side_by_side(port, numbers):
    with ThreadPoolExecutor(len(numbers)) as senders:
        return list(senders.map(partial(send_most, port), numbers))


def dawdle(port, upload, is_over):
    """Be fifty who never come to the end: of a request's head, or of a piece."""
    piece = f"PUT /api/uploads/{upload}?offset=0 HTTP/1.1\r\nContent-Length: 9999\r\n"
    heads = [f"{piece}Host: 127.0.0.1\r\n\r\n", "GET / HTTP/1.1\r\nHost: 127"]
    lines = [socket.create_connection(("127.0.0.1", port)) for _ in range(50)]
    for number, line in enumerate(lines):
        line.sendall(heads[bool(number)].encode())
    while not is_over.wait(0.1):
        for line in lines:
            with suppress(OSError):  # the server has had enough of it
                line.sendall(b"1")
    for line in lines:
        line.close()


@pytest.mark.load
def test_other_pages_are_quick_while_many_send_and_others_dawdle(tmp_path):
    """Row F29 of attacks; the senders are processes of their own, as the server is."""
    made = Program(tmp_path / "home")
    is_over = threading.Event()
    spawned = multiprocessing.get_context("spawn")
    with (
        made.start() as web,
        ended(made),
        ThreadPoolExecutor(1) as idler,
        ProcessPoolExecutor(2, mp_context=spawned) as senders,
    ):
        port = web.base_url.port
        slow = web.post("/api/uploads", json={"name": "slow.mp4", "bytes": 9999}).json()
        dawdling = idler.submit(dawdle, port, slow["id"], is_over)
        under_way = [
            senders.submit(send_side_by_side, port, range(first, first + 25))
            for first in (0, 25)
        ]
        taken = []
        while not all(each.done() for each in under_way):
            began = time.perf_counter()
            assert web.get("/people").status_code == 200
            taken.append(time.perf_counter() - began)
            time.sleep(0.02)
        is_over.set()
        dawdling.result()

        assert [each.result() for each in under_way] == [[MANY_BYTES] * 25] * 2
        assert 0 < web.get(f"/api/uploads/{slow['id']}").json()["offset"] < 9999
    # Nine in ten: the senders, and what else the machine does, have their turns too.
    assert sorted(taken)[int(0.9 * len(taken))] < 1.0, sorted(taken)

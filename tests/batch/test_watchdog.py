"""Tests for hiprom.batch.watchdog: real processes that take too long, or too much."""

import os
import subprocess
import sys
import threading
import time

import pytest

from hiprom.batch import watchdog
from hiprom.batch.order import Limits
from hiprom.batch.watchdog import Watchdog, resident_bytes

GREEDY = """
import sys, time
held = bytearray(int(sys.argv[1]))
held[::4096] = b"1" * len(held[::4096])
time.sleep(60)
"""


@pytest.fixture(autouse=True)
def _quickly(monkeypatch):
    monkeypatch.setattr(watchdog, "_LOOK_EVERY_S", 0.02)


def test_what_ends_in_time_is_left_alone():
    given_up = []

    with Watchdog(Limits(), list, lambda: given_up.append(1)) as dog:
        time.sleep(0.1)

    assert dog.reason == ""
    assert given_up == []


def test_what_takes_too_long_is_given_up():
    ended = threading.Event()

    with Watchdog(Limits(seconds=0.1), list, ended.set) as dog:
        assert ended.wait(5)

    assert "It took longer than 0 s" in dog.reason
    assert "--timeout" in dog.reason


@pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc")
def test_a_process_that_takes_too_much_memory_is_given_up():
    ended = threading.Event()
    allowed = resident_bytes(os.getpid()) + 100e6
    size = str(round(allowed + 100e6))
    greedy = subprocess.Popen([sys.executable, "-c", GREEDY, size])
    try:
        limits = Limits(bytes=allowed)
        with Watchdog(limits, lambda: [greedy.pid], ended.set) as dog:
            assert ended.wait(20)
    finally:
        greedy.kill()
        greedy.wait()

    assert "GB of memory" in dog.reason


def test_a_process_that_is_gone_holds_nothing():
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()

    assert resident_bytes(gone.pid) == 0

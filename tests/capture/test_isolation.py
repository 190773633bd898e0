"""Tests for hiprom.capture.isolation: what a cut-off process tries, it is refused."""

import json
import os
import socket
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest
from drawn_people import draw_person, frames, room

from hiprom.capture import isolation
from hiprom.capture.pose import MediaPipePose

linux = pytest.mark.skipif(sys.platform != "linux", reason="the means are Linux's")
NOBODY = 65534
WHO = [
    "the_user_who_runs_the_tests",
    pytest.param(
        "nobody",
        marks=pytest.mark.skipif(
            getattr(os, "geteuid", lambda: 1)() != 0, reason="only root can become them"
        ),
    ),
]


def cut_off(body, who="the_user_who_runs_the_tests"):
    """Run `body` in a process that gave up the network; return the JSON it prints."""
    script = f"""
        import ctypes, json, os, socket, subprocess, sys, threading
        from hiprom.capture.isolation import cut_network
        def refusal(action):
            try:
                action()
            except OSError as error:
                return type(error).__name__
            return "allowed"
        if {who == "nobody"}:
            os.setgroups([])
            os.setgid({NOBODY})
            os.setuid({NOBODY})
    """
    ran = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script) + textwrap.dedent(body)],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


@linux
@pytest.mark.parametrize("who", WHO)
def test_says_that_it_is_cut_off_and_by_what(who):
    is_isolated, how = cut_off("print(json.dumps(cut_network()))", who)

    assert is_isolated
    assert "refuses it every socket" in how


@linux
@pytest.mark.parametrize("who", WHO)
def test_cannot_make_a_socket_of_any_kind(who):
    refused = cut_off(
        """
        cut_network()
        families = "AF_INET AF_INET6 AF_UNIX AF_NETLINK AF_PACKET AF_VSOCK".split()
        print(json.dumps([refusal(lambda: socket.socket(getattr(socket, name)))
                          for name in families]))
        """,
        who,
    )

    assert refused == ["PermissionError"] * 6


@linux
def test_cannot_reach_a_server_on_this_machine():
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        port = server.getsockname()[1]

        said = cut_off(f"""
            cut_network()
            server = ("127.0.0.1", {port})
            print(json.dumps(refusal(lambda: socket.create_connection(server))))
        """)

        assert said == "PermissionError"
        with pytest.raises(TimeoutError):
            server.accept()


@linux
def test_cannot_ask_for_an_address():
    said = cut_off("""
        cut_network()
        print(json.dumps(refusal(lambda: socket.getaddrinfo("example.org", 443))))
    """)

    assert said == "gaierror"


@linux
def test_cannot_reach_it_by_a_ring_of_the_kernel_either():
    number = 425  # io_uring_setup

    error = cut_off(f"""
        cut_network()
        libc = ctypes.CDLL(None, use_errno=True)
        ring = libc.syscall({number}, 1, ctypes.create_string_buffer(120))
        print(json.dumps([ring, ctypes.get_errno()]))
    """)

    assert error == [-1, 13]


@linux
def test_what_it_starts_is_cut_off_too():
    said = cut_off("""
        cut_network()
        attempt = "import socket; socket.socket()"
        ran = subprocess.run([sys.executable, "-c", attempt], capture_output=True)
        print(json.dumps(ran.stderr.decode().strip().splitlines()[-1]))
    """)

    assert said.startswith("PermissionError")


@linux
def test_a_thread_that_ran_before_is_cut_off_too():
    said = cut_off("""
        done, said = threading.Event(), []
        def attempt():
            done.wait()
            said.append(refusal(socket.socket))
        thread = threading.Thread(target=attempt)
        thread.start()
        cut_network()
        done.set()
        thread.join()
        print(json.dumps(said))
    """)

    assert said == ["PermissionError"]


@linux
@pytest.mark.parametrize("layer", ["_leave_network_namespace", "_refuse_sockets"])
def test_either_layer_alone_is_enough(layer):
    worked, can_connect = cut_off(f"""
        from hiprom.capture import isolation
        worked = isolation.{layer}()
        print(json.dumps([worked, isolation._can_connect()]))
    """)

    if not worked:
        pytest.skip("this system does not allow it")
    assert not can_connect


@linux
def test_files_and_pipes_still_work():
    said = cut_off("""
        cut_network()
        reader, writer = os.pipe()
        os.write(writer, b"still here")
        print(json.dumps(os.read(reader, 10).decode()))
    """)

    assert said == "still here"


@linux
def test_a_process_with_a_network_is_not_called_isolated(monkeypatch):
    for layer in ("_leave_network_namespace", "_refuse_sockets"):
        monkeypatch.setattr(isolation, layer, lambda: False)

    is_isolated, how = isolation.cut_network()

    assert not is_isolated
    assert how.startswith("this system allows neither")


@pytest.mark.parametrize("system", ["darwin", "win32"])
def test_other_systems_are_told_plainly(system, monkeypatch):
    monkeypatch.setattr(sys, "platform", system)

    is_isolated, how = isolation.cut_network()

    assert not is_isolated
    assert "no way to give up the network" in how


@linux
def test_the_pose_process_is_cut_off():
    with MediaPipePose("no_such.task") as estimator:
        assert estimator.isolation.is_isolated


@linux
@pytest.mark.model
def test_every_thread_of_the_working_pose_process_is_cut_off(estimator):
    next(estimator.poses(frames([draw_person(room(), 320, 30, 420)])))
    process = Path("/proc") / str(estimator._process.pid)

    threads = [path.read_text() for path in process.glob("task/*/status")]
    interfaces = (process / "net" / "dev").read_text().splitlines()[2:]

    assert len(threads) > 2
    assert all("Seccomp:\t2" in thread for thread in threads)
    assert [line.split(":")[0].strip() for line in interfaces] == ["lo"]


@linux
@pytest.mark.model
def test_the_pose_process_ends_when_its_parent_is_killed(model_file):
    script = f"""
import time
from hiprom.capture.pose import MediaPipePose
estimator = MediaPipePose({str(model_file)!r})
estimator.isolation
print(estimator._process.pid, flush=True)
time.sleep(60)
"""
    with subprocess.Popen(
        [sys.executable, "-c", script],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        stdout=subprocess.PIPE,
        text=True,
    ) as parent:
        child = int(parent.stdout.readline())
        was_running = is_running(child)
        parent.kill()

    for _ in range(100):
        if not is_running(child):
            break
        time.sleep(0.1)
    assert was_running
    assert not is_running(child)


def is_running(process):
    try:
        status = Path(f"/proc/{process}/status").read_text()
    except FileNotFoundError:
        return False
    return "State:\tZ" not in status  # ended, though nobody has asked how

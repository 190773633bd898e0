"""Two nodes of a cluster on one machine: a scheduler with TLS, workers apart from it.

As root under Linux each node is a network namespace of its own, joined by a bridge, so
that it reaches the others by real addresses and its loopback device is its own.
Elsewhere all of them are processes on the loopback device, each with a HOME of its own.
"""

import itertools
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path

DASK = [sys.executable, "-P", "-m", "dask"]
ROOT = Path(__file__).parents[2]


def certificates(folder):
    """Make a certificate that both sides show and trust; return the options for it."""
    folder.mkdir()
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "ec", "-nodes", "-days", "2"),
            *("-pkeyopt", "ec_paramgen_curve:prime256v1", "-subj", "/CN=hiprom tests"),
            *("-keyout", key, "-out", certificate),
        ],
        check=True,
        capture_output=True,
    )
    return {"ca": certificate, "cert": certificate, "key": key}


def has_namespaces():
    return os.geteuid() == 0 and shutil.which("ip") is not None


class Network:
    """The nodes' network: the scheduler's address, and how to get into a node."""

    address = "127.0.0.1"

    def enter(self, _node):
        return []


class Namespaces(Network):
    """A network of namespaces; it is gone again after the ``with`` block."""

    # The kernel takes a namespace down in its own time: every network has new names.
    _numbers = itertools.count()

    def __init__(self, nodes):
        number = next(self._numbers)
        mark = f"{os.getpid() % 10_000}x{number}"
        net = f"10.{200 + os.getpid() % 50}.{(os.getpid() + number) % 250}"
        self.address = f"{net}.1"
        self._bridge = f"hpb{mark}"
        self._names = [f"hiprom-test-{mark}-{node}" for node in range(nodes)]
        self._links = [f"hpv{mark}n{node}" for node in range(nodes)]
        self._net = net

    def __enter__(self):
        with ExitStack() as undo:
            undo.callback(self._remove)
            _ip("link", "add", self._bridge, "type", "bridge")
            _ip("addr", "add", f"{self.address}/24", "dev", self._bridge)
            _ip("link", "set", self._bridge, "up")
            for number, (name, link) in enumerate(
                zip(self._names, self._links, strict=True)
            ):
                _ip("netns", "add", name)
                _ip("link", "add", link, "type", "veth", "peer", "eth0", "netns", name)
                _ip("link", "set", link, "master", self._bridge, "up")
                within = ("-n", name)
                _ip(
                    *within,
                    "addr",
                    "add",
                    f"{self._net}.{number + 2}/24",
                    "dev",
                    "eth0",
                )
                _ip(*within, "link", "set", "eth0", "up")
                _ip(*within, "link", "set", "lo", "up")
            undo.pop_all()
        return self

    def __exit__(self, *_error):
        self._remove()

    def enter(self, node):
        return ["ip", "netns", "exec", self._names[node]]

    def _remove(self):
        for name, link in zip(self._names, self._links, strict=True):
            _ip("link", "del", link, check=False)
            _ip("netns", "del", name, check=False)
        _ip("link", "del", self._bridge, check=False)


@contextmanager
def network(nodes):
    """Yield a network for so many nodes, as far apart as this system lets them be."""
    if not has_namespaces():
        yield Network()
        return
    with Namespaces(nodes) as apart:
        yield apart


class Cluster:
    """A scheduler and its workers; all of them end with the ``with`` block."""

    def __init__(self, folder, net, environment, tls):
        self.folder, self._net, self._tls = folder, net, tls
        self._environment = environment
        self._processes = []
        self._port = _free_port(net.address)
        self.address = f"{'tls' if tls else 'tcp'}://{net.address}:{self._port}"

    def __enter__(self):
        self.start_scheduler()
        return self

    def __exit__(self, *_error):
        for process in self._processes:
            end(process)

    def start_scheduler(self):
        self.scheduler = self._started(
            "scheduler",
            *("scheduler", "--no-dashboard", "--host", self.address),
        )
        until_s = time.monotonic() + 60
        while time.monotonic() < until_s:
            assert self.scheduler.poll() is None, self.told("scheduler")
            with socket.socket() as door:
                if not door.connect_ex((self._net.address, self._port)):
                    return
            time.sleep(0.05)
        raise AssertionError(self.told("scheduler"))

    def start_worker(self, node, name, *more, **environment):
        """Start a worker on a node, with a HOME of its own."""
        home = self.folder / name
        home.mkdir()
        return self._started(
            name,
            *("worker", self.address, "--no-dashboard", "--name", name),
            *("--local-directory", home, *(more or ("--nthreads", "1"))),
            enter=self._net.enter(node),
            HOME=str(home),
            HIPROM_HOME=str(home / "hiprom"),
            **environment,
        )

    def told(self, name):
        return (self.folder / f"{name}.log").read_text()

    def _started(self, name, *words, enter=(), **environment):
        tls = [f"--tls-{kind}={path}" for kind, path in self._tls.items()]
        tls = [word.replace("--tls-ca=", "--tls-ca-file=") for word in tls]
        with (self.folder / f"{name}.log").open("a") as log:
            process = subprocess.Popen(
                [*enter, *DASK, *map(str, words), *tls],
                env=self._environment | environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._processes.append(process)
        return process


def end(process):
    """Kill a process with all that it started, as if its machine lost power."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _free_port(address):
    with socket.socket() as door:
        door.bind((address, 0))
        return door.getsockname()[1]


def _ip(*words, check=True):
    asked = subprocess.run(
        [shutil.which("ip"), *words], check=False, capture_output=True, text=True
    )
    assert not check or not asked.returncode, (words, asked.stderr)

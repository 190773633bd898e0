"""A number of workers, or a scheduler's address -> a Dask client to give work to.

A Dask scheduler runs what it is sent: whoever reaches its port commands its machines.
So ours listens on the loopback device alone, and another one is used only there or
over TLS, where both sides show a certificate.
"""

from __future__ import annotations

import ipaddress
import logging
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from hiprom.errors import CaptureError, InputError

if TYPE_CHECKING:
    from distributed import Client

_CONNECT_S = 20
# A death is told at once and counted by us: the job's row says how often it was begun.
SETTINGS = {
    "distributed.scheduler.allowed-failures": 0,
    "distributed.scheduler.worker-saturation": 1.0,
    "distributed.scheduler.http.routes": [],
    "distributed.worker.http.routes": [],
    "distributed.worker.daemon": False,
    "distributed.worker.preload": ["hiprom.batch.preload"],
    "distributed.worker.profile.enabled": False,
    "distributed.admin.log-length": 100,
    "distributed.admin.low-level-log-length": 100,
    # Else head and workers wake 50 times a second, for 7 % of a processor.
    "distributed.admin.tick.interval": "1s",
    "distributed.admin.system-monitor.interval": "10s",
    "distributed.comm.timeouts.connect": f"{_CONNECT_S}s",
    # Memory given back to the system after each picture is asked for again with the
    # next, page by page: a fifth of the pose model's time.
    "distributed.nanny.pre-spawn-environ.MALLOC_TRIM_THRESHOLD_": None,
}


@dataclass(frozen=True)
class Certificates:
    """Files for TLS, in PEM: who is trusted, who we are, and our key."""

    ca: Path
    certificate: Path
    key: Path


@contextmanager
def local_cluster(workers: int) -> Iterator[Client]:
    """Start workers on this machine, each a process of its own."""
    import dask
    from distributed import Client, LocalCluster

    with (
        dask.config.set(SETTINGS),
        _quiet(),
        LocalCluster(
            n_workers=workers,
            threads_per_worker=1,
            processes=True,
            host="127.0.0.1",
            # Dask's pages cannot be left out, but be empty and on a port of their own.
            dashboard_address="127.0.0.1:0",
            memory_limit=None,
            silence_logs=logging.CRITICAL,
        ) as cluster,
        Client(cluster) as client,
    ):
        yield client


@contextmanager
def remote_cluster(address: str, certificates: Certificates | None) -> Iterator[Client]:
    """Connect to a scheduler that runs already.

    Raises
    ------
    InputError
        If the address is another machine's and not reached over TLS.
    CaptureError
        If nobody answers there.
    """
    import dask
    from distributed import Client

    security = require_safe(address, certificates)
    with dask.config.set(SETTINGS), _quiet():
        try:
            client = Client(address, security=security, timeout=_CONNECT_S)
        except (OSError, TimeoutError) as error:
            raise CaptureError(
                f"No scheduler answers at {address} ({error}). Start one (dask "
                "scheduler) and its workers (dask worker), or leave --scheduler out."
            ) from error
        with client:
            client.run_on_scheduler(_count_deaths_here)
            yield client


def require_safe(address: str, certificates: Certificates | None) -> Any:
    """Return Dask's security for an address, or refuse it.

    Raises
    ------
    InputError
        If the address cannot be read, or an open one is not of this machine.
    """
    parts = urlsplit(address)
    if parts.scheme not in {"tcp", "tls"} or not parts.hostname or not parts.port:
        raise InputError(
            f"{address!r} is no scheduler's address; one looks like tls://host:8786."
        )
    if parts.scheme == "tcp":
        if not _is_this_machine(parts.hostname):
            raise InputError(
                f"{address} is an open port on another machine: whoever reaches it "
                "could run anything there, and read every video. Start the scheduler "
                "with certificates and name it tls://..., with --tls-ca, --tls-cert "
                "and --tls-key."
            )
        return None
    if certificates is None:
        raise InputError(
            f"{address} needs certificates: give --tls-ca, --tls-cert and --tls-key."
        )
    missing = [path for path in vars(certificates).values() if not path.is_file()]
    if missing:
        raise InputError(f"There is no file {missing[0]}; it was named for TLS.")
    from distributed import Security

    ours = (str(certificates.certificate), str(certificates.key))
    return Security(
        require_encryption=True,
        tls_ca_file=str(certificates.ca),
        tls_client_cert=ours[0],
        tls_client_key=ours[1],
    )


async def send_away(address: str, dask_scheduler: Any) -> None:
    """Let a worker end; called on the scheduler. What it holds is done elsewhere."""
    # Dask's own "retire" keeps a worker that holds what no other can take.
    await dask_scheduler.remove_worker(
        address=address, stimulus_id="hiprom-unfit", expected=True, close=True
    )


def default_workers() -> int:
    """Return one worker for each processor that this process may use."""
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else None
    return max(1, usable or os.cpu_count() or 1)


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep from a person what Dask and its event loop log of links that break."""
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(before)


def _is_this_machine(host: str) -> bool:
    try:
        found = {entry[4][0] for entry in socket.getaddrinfo(host, None)}
    except OSError:
        return False
    return all(ipaddress.ip_address(address).is_loopback for address in found)


def _count_deaths_here(dask_scheduler: Any) -> None:
    dask_scheduler.allowed_failures = 0

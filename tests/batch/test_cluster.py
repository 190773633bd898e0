"""Tests for hiprom.batch.cluster: which schedulers may be used at all."""

import socket

import pytest

from hiprom.batch.cluster import (
    Certificates,
    default_workers,
    local_cluster,
    require_safe,
)
from hiprom.errors import InputError

pytestmark = pytest.mark.xdist_group("dask")


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]"])
def test_an_open_scheduler_of_this_machine_may_be_used(host):
    assert require_safe(f"tcp://{host}:8786", None) is None


@pytest.mark.parametrize("host", ["192.0.2.7", "[2001:db8::1]", "0.0.0.0"])  # noqa: S104
def test_an_open_scheduler_elsewhere_is_refused(host):
    with pytest.raises(InputError, match="could run anything there"):
        require_safe(f"tcp://{host}:8786", None)


def test_this_machine_s_own_name_on_the_network_is_elsewhere(monkeypatch):
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda *_: [(0, 0, 0, "", ("192.0.2.7", 0))]
    )

    with pytest.raises(InputError, match="tls://"):
        require_safe("tcp://workstation:8786", None)


def test_tls_needs_certificates_that_are_there(tmp_path):
    with pytest.raises(InputError, match="--tls-ca, --tls-cert and --tls-key"):
        require_safe("tls://192.0.2.7:8786", None)
    missing = Certificates(*(tmp_path / name for name in ("ca", "cert", "key")))
    with pytest.raises(InputError, match="no file"):
        require_safe("tls://192.0.2.7:8786", missing)


@pytest.mark.parametrize("address", ["host:8786", "http://host:1", "tls://host", ""])
def test_what_is_no_address_is_refused(address):
    with pytest.raises(InputError, match="looks like tls://host:8786"):
        require_safe(address, None)


def test_our_own_cluster_listens_on_the_loopback_device_alone():
    with local_cluster(1) as first, local_cluster(1) as second:
        for client in (first, second):
            scheduler = client.cluster.scheduler
            assert scheduler.address.startswith("tcp://127.0.0.1:")
            assert scheduler.http_server.address == "127.0.0.1"
        ports = {c.cluster.scheduler.http_server.port for c in (first, second)}

    assert len(ports) == 2


def test_there_is_a_worker_at_least():
    assert default_workers() >= 1

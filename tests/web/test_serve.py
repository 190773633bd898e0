"""`hiprom serve` at its beginning, and what of the page other commands reach."""

import socket
import subprocess
import sys
import time
from dataclasses import replace

import pytest
from kept import measured
from typer.testing import CliRunner

from hiprom.cli import app
from hiprom.errors import InputError
from hiprom.web import serve
from hiprom.web.shelves import Shelves


def test_a_port_that_is_taken_is_said_before_anything_is_served(site):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(InputError, match="choose another --port"):
            serve.serve(site.store, site.folder, port=port, tell=print)


def test_a_host_that_is_not_this_machines_is_refused(site):
    with pytest.raises(InputError, match="address of this machine"):
        serve.serve(site.store, site.folder, host="192.0.2.1", port=0, tell=print)


def test_an_open_site_tells_its_token_and_that_nothing_is_encrypted(site):
    shut = list(serve._welcome(site, "127.0.0.1"))
    token = serve._new_token()
    told = list(serve._welcome(replace(site, token=token, is_open=True), "10.0.0.5"))

    assert len(shut) == 1
    assert told[0].startswith(f"hiprom is at http://10.0.0.5:8477/enter#{token} ")
    assert told[1] == f"Token: {token}"
    assert "not encrypted" in told[2]
    assert "TLS" in told[2]


def test_tokens_are_long_and_differ():
    tokens = {serve._new_token() for _ in range(50)}

    assert len(tokens) == 50
    assert all(len(token.replace("-", "")) == 28 for token in tokens)


def test_only_other_addresses_than_loopback_are_open():
    assert all(map(serve._is_loopback, ["127.0.0.1", "127.1.2.3", "::1"]))
    assert not any(map(serve._is_loopback, ["0.0.0.0", "10.0.0.5", "::"]))  # noqa: S104


def test_the_first_page_is_there_at_once(web):
    def seconds():
        began = time.perf_counter()
        assert web.get("/").status_code == 200
        return time.perf_counter() - began

    assert min(seconds() for _ in range(5)) < 0.5


def test_forgetting_a_person_in_the_terminal_reaches_the_page(site, web, monkeypatch):
    assert web.get("/").status_code == 200  # a server is at work meanwhile
    monkeypatch.setenv("HIPROM_HOME", str(site.folder.parent))
    job = measured(site, "secret.mp4", "P77")
    told = CliRunner().invoke(app, ["forget", "P77", "--yes"])

    assert told.exit_code == 0, told.output
    shelves = Shelves(site.folder)
    assert not (shelves.results / job.spec.name).exists()
    assert not list(shelves.videos.rglob("secret*"))


def test_what_other_commands_need_of_the_page_needs_no_server():
    """The extra `web` may not be installed where somebody is forgotten."""
    without = "import sys; sys.modules['fastapi'] = None; import hiprom.web.desk"

    subprocess.run([sys.executable, "-c", without], check=True)

"""A site with an empty history, served for the tests of one file."""

from contextlib import contextmanager
from dataclasses import replace

import pytest
from serving import TOKEN, client, served

from hiprom.store.store import Store
from hiprom.web.app import create_app
from hiprom.web.site import Limits, Site


@pytest.fixture(autouse=True, scope="session")
def idle():
    """Nobody is called to measure: what is asked for stays in the queue.

    All the time: a site outlives one test, and a worker that it calls between two
    would open this machine's own history.
    """
    with pytest.MonkeyPatch.context() as changes:
        changes.setattr("hiprom.web.staff.Staff._require_worker", lambda _: None)
        yield


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A site of its own; its port is not known before it is served."""
    home = tmp_path_factory.mktemp("home")
    with Store.open(None, home) as store:
        yield Site(store, home / "web", limits=Limits(spare_bytes=0))


@pytest.fixture(scope="module")
def web(site):
    """What asks the site."""
    with served(create_app(site)) as port, client(port) as asks:
        yield asks


@pytest.fixture(scope="module")
def open_web(site):
    """What asks a site that other machines can reach."""
    shut = replace(site, token=TOKEN, is_open=True, names=frozenset({"clinic.lan"}))
    with served(create_app(shut)) as port, client(port) as asks:
        yield asks


@pytest.fixture
def serving(site):
    """Serve a site of one's own, changed as a test wants it."""

    @contextmanager
    def changed(**changes):
        with served(create_app(replace(site, **changes))) as port, client(port) as asks:
            yield asks

    return changed

"""What several test files share."""

import gc

import pytest
from hypothesis import settings

from hiprom.capture import model
from hiprom.capture.pose import MediaPipePose

# No property is about speed, and a machine that does other work is slow now and then.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(items):
    """Let one worker do the tests of a group, and those that share what a file makes.

    pytest-xdist 3.8 writes a test's group to `_nodeid`, which pytest 9.2 does not read
    (pytest-xdist#1386): every worker had some of each group, and made all it shares.
    """
    for item in items:
        if item.get_closest_marker("xdist_group") is None and shares(item):
            item.add_marker(pytest.mark.xdist_group(item.path.stem))
    result = yield
    for item in items:
        said = getattr(item, "_nodeid", item.nodeid)
        if said != item.nodeid:
            item._id = type(item._id).parse(said)
    return result


def shares(item):
    """Return whether a test uses what is made once for all of its file."""
    made = item._fixtureinfo.name2fixturedefs.values()
    return any(definitions[-1].scope == "module" for definitions in made)


def pytest_collection_finish():
    """Keep the collector from what stays to the end: it is most of what there is."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def model_file():
    """The pose model, fetched the first time; without it, the advice is the failure."""
    return model.ready().path


@pytest.fixture(scope="session")
def estimator(model_file):
    """One pose process for all tests that do not harm it."""
    with MediaPipePose(model_file) as shared:
        yield shared

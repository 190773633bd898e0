"""What several test files share."""

import gc

import pytest
from hypothesis import settings

from hiprom.capture import model
from hiprom.capture.pose import MediaPipePose

# No property is about speed, and a machine that does other work is slow now and then.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")


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

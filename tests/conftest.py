"""What several test files share."""

import pytest

from hiprom.capture import model
from hiprom.capture.pose import MediaPipePose


@pytest.fixture(scope="session")
def model_file():
    """The pose model, fetched the first time; without it, the advice is the failure."""
    return model.ready().path


@pytest.fixture(scope="session")
def estimator(model_file):
    """One pose process for all tests that do not harm it."""
    with MediaPipePose(model_file) as shared:
        yield shared

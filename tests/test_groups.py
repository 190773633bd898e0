"""Tests of one group go to one worker: what pytest and pytest-xdist once lost."""

import pytest


@pytest.mark.xdist_group("dask")
def test_a_group_is_known_to_whoever_hands_out_the_tests(request):
    if not hasattr(request.config, "workerinput"):
        pytest.skip("one process does all tests")

    assert request.node.nodeid.endswith("@dask")


@pytest.fixture(scope="module")
def shared():
    return []


def test_who_shares_what_a_file_makes_is_a_group(request, shared):
    if not hasattr(request.config, "workerinput"):
        pytest.skip("one process does all tests")

    assert not shared
    assert request.node.nodeid.endswith("@test_groups")

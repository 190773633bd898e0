"""Tests for hiprom.report.whole_file: a file is there whole or not at all."""

import os
from pathlib import Path

import pytest

from hiprom.errors import ResultsError
from hiprom.report.whole_file import whole_file


def test_the_file_appears_only_when_it_is_complete(tmp_path):
    path = tmp_path / "a.csv"

    with whole_file(path) as unfinished:
        unfinished.write_text("all of it")
        assert not path.exists()

    assert path.read_text() == "all of it"
    assert list(tmp_path.iterdir()) == [path]


def test_what_stood_there_survives_a_failure(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("before")

    with pytest.raises(UnicodeEncodeError), whole_file(path) as unfinished:
        unfinished.write_text("half, and then \udcff", encoding="utf-8")

    assert path.read_text() == "before"
    assert list(tmp_path.iterdir()) == [path]


def test_a_link_stays_a_link(tmp_path):
    path, link = tmp_path / "a.csv", tmp_path / "link.csv"
    path.write_text("before")
    link.symlink_to(path)

    with whole_file(link) as unfinished:
        unfinished.write_text("after")

    assert link.is_symlink()
    assert path.read_text() == "after"


def test_a_device_is_not_replaced():
    with (
        pytest.raises(ResultsError, match="a folder or a device, not a file"),
        whole_file(os.devnull),
    ):
        pass


def test_says_that_the_folder_is_missing(tmp_path):
    path = tmp_path / "nowhere" / "a.csv"

    with (
        pytest.raises(
            ResultsError, match=r"a\.csv: the folder does not exist\. Create"
        ),
        whole_file(path) as unfinished,
    ):
        unfinished.write_text("x")


def test_says_that_a_name_is_too_long(tmp_path):
    with (
        pytest.raises(ResultsError, match=r"the name is too long\. Choose a shorter"),
        whole_file(tmp_path / ("a" * 300)) as unfinished,
    ):
        unfinished.write_text("x")

    assert not list(tmp_path.iterdir())


def test_says_that_the_disk_is_full(tmp_path):
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("this system has no /dev/full")

    with (
        pytest.raises(ResultsError, match=r"the disk is full\. Free some space"),
        whole_file(tmp_path / "a.csv"),
    ):
        full.write_text("x")

    assert not list(tmp_path.iterdir())

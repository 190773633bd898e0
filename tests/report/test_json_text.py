"""Tests for hiprom.report.json_text: every value becomes one that JSON can hold."""

import json
from datetime import UTC, date, datetime

import numpy as np
import pytest

from hiprom.report.json_text import json_text, plain


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        (np.float32(34.25), 34.25),
        (34.123456, 34.1235),
        (np.nan, None),
        (-np.inf, None),
        (np.bool_(True), True),
        (datetime(2026, 5, 4, 9, 31, tzinfo=UTC), "2026-05-04T09:31:00+00:00"),
        (date(2026, 5, 4), "2026-05-04"),
        ({1: (np.nan, "groin")}, {"1": [None, "groin"]}),
    ],
)
def test_what_json_does_not_know_becomes_what_it_knows(value, kept):
    made = plain(value)

    assert made == kept
    assert json.loads(json.dumps(made)) == kept


def test_truth_stays_truth():
    assert plain(np.bool_(True)) is True
    assert plain(False) is False


def test_the_text_is_read_by_people_too():
    text = json_text({"subject": "Zoë 李"})

    assert text == '{\n  "subject": "Zoë 李"\n}\n'


def test_a_missing_number_is_never_written_as_nan():
    with pytest.raises(ValueError, match="not JSON compliant"):
        json_text({"mean": np.nan})

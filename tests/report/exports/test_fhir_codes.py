"""Tests for the code map: the shipped file is empty, and slips are said."""

import re
import tomllib
from pathlib import Path

import pytest

from hiprom.errors import ResultsError
from hiprom.report import exports
from hiprom.report.exports import CodeMap, read_code_map

SHIPPED = Path(exports.__file__).with_name("codes.toml")
BLOCK = '[[{}]]\nsystem = "https://example.org"\ncode = "x"\n'


def test_the_shipped_map_has_no_code():
    assert read_code_map(SHIPPED) == CodeMap()


def test_the_shipped_suggestions_are_sound_once_unmarked(tmp_path):
    lines = SHIPPED.read_text().splitlines()
    suggested = [
        line.removeprefix("# ")
        for line in lines
        if re.match(r"# (\[\[|(system|code|display) = )", line)
    ]
    (tmp_path / "codes.toml").write_text("\n".join(suggested))

    codes = read_code_map(tmp_path / "codes.toml")

    assert len(codes.codings) == len([line for line in suggested if "[[" in line]) == 5


def test_a_concept_has_all_its_codes_in_order(tmp_path):
    path = tmp_path / "codes.toml"
    path.write_text(BLOCK.format("component.sd") + BLOCK.format("component.sd"))

    concept = read_code_map(path).concept("spread", "component", "sd")

    assert concept["text"] == "spread"
    assert len(concept["coding"]) == 2


def test_a_concept_without_codes_is_its_words_alone():
    assert CodeMap().concept("spread", "component", "sd") == {"text": "spread"}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("[[", "Could not read the code map"),
        (BLOCK.format("bodysite.left"), "has 'bodysite', where a section of observ"),
        (BLOCK.format("body_site.left"), "has 'body_site.left', where one of left hip"),
        (
            BLOCK.format("observation.seated.x"),
            "has 'observation.seated', where one of",
        ),
        (BLOCK.format("observation.seated_ir"), "under 3 names"),
        (BLOCK.format("component"), "where tables such as"),
        ('[[component.sd]]\ncode = "x"\n', "with a system, a code and perhaps"),
        ("[[component.sd]]\nsystem = 'x'\ncode = 5\n", "each in quotes"),
        (BLOCK.format("component.sd") + 'colour = "red"\n', "'component.sd'"),
        ("component = 5\n", "has 'component', where tables"),
        ("[component]\nsd = 5\n", "has 'component.sd'"),
    ],
)
def test_says_what_is_wrong_with_a_map(content, message, tmp_path):
    path = tmp_path / "codes.toml"
    path.write_text(content)

    with pytest.raises(ResultsError, match=re.escape(message)):
        read_code_map(path)


def test_says_that_a_map_is_missing(tmp_path):
    with pytest.raises(ResultsError, match=r"nowhere\.toml: .*Mend it, or export"):
        read_code_map(tmp_path / "nowhere.toml")


def test_the_shipped_file_is_toml():
    assert tomllib.loads(SHIPPED.read_text()) == {}

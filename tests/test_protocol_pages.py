"""docs/protocols.md and its figures say what the protocols say."""

import re
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
import pytest

from hiprom.core.protocols import PROTOCOLS

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def made():
    sys.path.insert(0, str(ROOT / "scripts"))
    try:
        import protocol_pages

        yield protocol_pages
    finally:
        sys.path.remove(str(ROOT / "scripts"))


def test_the_page_is_what_the_script_writes(made):
    assert made.PAGE.read_text(encoding="utf-8") == made.page(), (
        "run scripts/protocol_pages.py"
    )


def test_each_protocol_has_its_chapter_and_its_figure(made):
    page = made.PAGE.read_text(encoding="utf-8")

    assert re.findall(r'<a id="(\w+)">', page) == list(PROTOCOLS)
    for name, text in made.pictures().items():
        assert (made.PICTURES / name).read_text(encoding="utf-8") == text
        assert ET.fromstring(text).tag.endswith("svg")  # noqa: S314


@pytest.mark.usefixtures("made")
def test_the_limbs_of_a_figure_keep_their_length_while_they_move():
    from protocol_poses import FIGURES, SHANK, THIGH

    for name, figure in FIGURES.items():
        for pose in (figure.start, figure.end):
            for side in ("left", "right"):
                hip, knee, ankle = (
                    pose[f"{side}_{joint}"] for joint in ("hip", "knee", "ankle")
                )
                assert np.linalg.norm(knee - hip) == pytest.approx(THIGH), name
                # The soles of the butterfly meet in front of the body: there the
                # ankle is where the legs would reach.
                if name != "butterfly":
                    assert np.linalg.norm(ankle - knee) == pytest.approx(SHANK), name


@pytest.mark.usefixtures("made")
def test_nobody_sinks_into_the_floor():
    from protocol_poses import FIGURES

    for name, figure in FIGURES.items():
        for pose in (figure.start, figure.end):
            lowest = min(joint[1] for joint in pose.values())
            assert lowest > -0.12, name

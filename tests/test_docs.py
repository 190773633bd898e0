"""What the documents say, held against what is there."""

import re
from pathlib import Path

import pytest

from hiprom.cli import app
from hiprom.core.protocols import PROTOCOLS
from hiprom.report.folder import FILES
from hiprom.report.tables import FRAMES_COLUMNS, REPS_COLUMNS

ROOT = Path(__file__).parents[1]
CONTRACT = (ROOT / "docs" / "contract.md").read_text()
README = (ROOT / "README.md").read_text()
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *ROOT.glob("*/README.md")]
PAGES = sorted({*PAGES, *ROOT.glob("docs/**/*.md"), *ROOT.glob("calibration/*.md")})


@pytest.mark.parametrize(
    "columns", [REPS_COLUMNS, FRAMES_COLUMNS], ids=["reps", "frames"]
)
def test_the_contract_lists_every_column_in_its_order(columns):
    listed = [" ".join(block.split()) for block in re.findall(r"`([^`]+)`", CONTRACT)]

    assert ", ".join(columns) in listed


def test_the_contract_names_every_command_protocol_and_file():
    for command in app.registered_commands:
        name = command.name or command.callback.__name__
        assert f"hiprom {name}" in CONTRACT
    assert "hiprom model status|install" in CONTRACT
    for name in (*PROTOCOLS, *FILES):
        assert name in CONTRACT


def test_every_make_target_the_readme_names_is_there():
    makefile = (ROOT / "Makefile").read_text()

    targets = re.findall(r"^    make (\w+)", README, re.MULTILINE)

    assert targets == ["demo", "test"]
    for target in targets:
        assert re.search(rf"^{target}:", makefile, re.MULTILINE)


def test_the_readme_s_python_names_what_is_public():
    import hiprom

    code = "\n".join(re.findall(r"```python\n(.*?)```", README, re.DOTALL))

    for name in re.findall(r"hiprom\.(\w+)", code):
        assert name in hiprom.__all__


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_every_link_between_pages_leads_somewhere(page):
    for target in re.findall(r"\]\((?!https?://|#)([^)#]+)", page.read_text()):
        assert (page.parent / target).exists(), f"{page.name} links to {target}"


def test_the_source_that_thresholds_name_exists():
    assert (ROOT / "calibration" / "README.md").exists()
    for protocol in PROTOCOLS.values():
        for threshold in protocol.limits.values():
            place = threshold.source.removeprefix("ours: ")
            assert not place.endswith(".md") or (ROOT / place).exists()

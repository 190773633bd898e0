"""Tests for the room's imports: what is slow to load waits until it is needed."""

import subprocess
import sys

import pytest

SLOW = {"ezc3d", "fhir", "jinja2", "matplotlib", "openpyxl", "pandas", "scipy"}


def loaded_by(module):
    """Everything that a new interpreter has loaded after importing `module`."""
    asks = f"import sys, {module}; print(*sys.modules)"
    asked = subprocess.run(
        [sys.executable, "-c", asks], capture_output=True, text=True, check=True
    )
    return set(asked.stdout.split())


@pytest.mark.parametrize("module", ["history", "exports", "page"])
def test_importing_a_report_or_an_export_loads_nothing_slow(module):
    loaded = loaded_by(f"hiprom.report.{module}")

    assert not loaded & SLOW


def test_a_history_report_is_made_without_the_exports():
    assert "hiprom.report.exports" not in loaded_by("hiprom.report.history")

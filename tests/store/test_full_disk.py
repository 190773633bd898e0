"""A disk that is really full: one sentence, nothing lost, and on it goes afterwards."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

FILLER = Path(__file__).parent / "filler.py"


def on_a_small_disk(tmp_path, size, *words):
    """Run Python with `words` on a file system of that size, mounted for it alone."""
    small = tmp_path / "small"
    small.mkdir()
    script = f'mount -t tmpfs -o size={size} none "$0" || exit 77; exec "$@" "$0"'
    run = subprocess.run(
        [
            *("unshare", "--user", "--map-root-user", "--mount", "sh", "-c", script),
            *(small, sys.executable, *words),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    if run.returncode == 77 or "unshare" in run.stderr:
        pytest.skip("this system lets nobody mount a small disk of their own")
    return run


@pytest.mark.parametrize("landmarks", ["60000", "1"], ids=["in a file", "in the log"])
def test_a_disk_that_fills_up_loses_nothing_that_was_kept(tmp_path, landmarks):
    run = on_a_small_disk(tmp_path, "3m", FILLER, landmarks)

    assert run.returncode == 0, run.stderr
    kept, message, there, faults, again, after = json.loads(run.stdout)
    assert kept
    assert there == kept
    assert "the disk is full. Free some space and run it again." in message
    assert "\n" not in message
    assert set(faults) <= {"orphan", "leftover"}
    assert again
    assert after == []


def test_a_disk_without_room_for_a_database_says_so(tmp_path):
    code = (
        "import sys; from pathlib import Path; from hiprom.store.store import Store\n"
        "from hiprom.errors import StoreError\n"
        "try: Store.open(None, Path(sys.argv[1]))\n"
        "except StoreError as error: print(error)"
    )

    run = on_a_small_disk(tmp_path, "64k", "-c", code)

    assert run.returncode == 0, run.stderr
    (line,) = run.stdout.splitlines()
    assert "full" in line
    assert "Free some space" in line or "free some space" in line

"""How far a job is <-> a small file: it outlives the server that shows it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

# How much of a video's time each step takes, in order; the rest is quick.
_STAGES = {"Finding the person": (0.0, 0.8), "Drawing the overlay": (0.8, 0.19)}


@dataclass(frozen=True)
class Progress:
    """How far a job is.

    Attributes
    ----------
    begun : int
        How often a worker began it that did not end it.
    stage : str
    done : int
    total : int or None
    """

    begun: int = 0
    stage: str = ""
    done: int = 0
    total: int | None = None

    @property
    def share(self) -> float:
        """How much of the whole is done, 0 to 1."""
        start, length = _STAGES.get(self.stage, (0.0, 0.0))
        return (
            start + length * min(self.done / self.total, 1.0) if self.total else start
        )

    @property
    def words(self) -> str:
        """What is being done."""
        if not self.total:
            return self.stage or "Starting"
        return f"{self.stage}, {min(self.done, self.total)} of {self.total} frames"


def read(folder: Path, name: str) -> Progress:
    """Return what was last noted of a job."""
    try:
        return Progress(**json.loads(_place(folder, name).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return Progress()


def note(folder: Path, name: str, progress: Progress) -> None:
    """Note how far a job is."""
    place = _place(folder, name)
    passing = place.with_suffix(".part")
    passing.write_text(json.dumps(asdict(progress)), encoding="utf-8")
    passing.replace(place)


def clear(folder: Path, name: str) -> None:
    """Forget how far a job was: it ended."""
    _place(folder, name).unlink(missing_ok=True)


def _place(folder: Path, name: str) -> Path:
    return folder / f"{name}.json"

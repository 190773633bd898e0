"""The board's pictures of calibration/, and one round of them for all tests."""

import sys
from functools import lru_cache
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "calibration"))

from board_pictures import (
    ROUND,
    SIZE_PX,
    TrueCamera,
    painted,
    photographed,
    plumb_line_px,
    round_of_pictures,
    turned,
    upright,
)

__all__ = [
    "ROUND",
    "SIZE_PX",
    "TrueCamera",
    "careful_round",
    "painted",
    "photographed",
    "plumb_line_px",
    "round_of_pictures",
    "turned",
    "upright",
]


@lru_cache
def careful_round():
    """The round of the camera that `TrueCamera` is by default."""
    return tuple(round_of_pictures())

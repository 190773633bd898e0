"""What is chosen already when a video is added <-> a small file of the page."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from hiprom.capture.calibration import profiles
from hiprom.core.protocols import PROTOCOLS
from hiprom.usecases import AUTO
from hiprom.web.desk import SIDES, Wanted

_FILE = "preferences.json"


@dataclass(frozen=True)
class Preferences:
    """What stands in the form of a video before anybody changes it.

    Attributes
    ----------
    protocol, side : str
        "auto" leaves them to the video.
    camera : str
        A profile's name; "" for a camera that is not calibrated.
    """

    protocol: str = AUTO
    side: str = "auto"
    camera: str = ""


def read(folder: Path, *, protocol: str = "") -> Preferences:
    """Return what was chosen, as far as it is still there.

    Parameters
    ----------
    folder : Path
        The page's.
    protocol : str
        Goes before the one that was chosen.
    """
    try:
        kept = json.loads((folder / _FILE).read_text(encoding="utf-8"))
        found = Preferences(**{name: str(value) for name, value in kept.items()})
    except (OSError, ValueError, TypeError, AttributeError):
        found = Preferences()
    return Preferences(
        protocol=next(
            (one for one in (protocol, found.protocol) if one in PROTOCOLS), AUTO
        ),
        side=found.side if found.side in SIDES else "auto",
        camera=found.camera if found.camera in profiles.names() else "",
    )


def write(folder: Path, wanted: Wanted) -> None:
    """Keep what was chosen, whole or not at all."""
    chosen = replace(
        Preferences(),
        protocol=wanted.protocol,
        side=wanted.side,
        camera=wanted.camera or "",
    )
    part = folder / f"{_FILE}.part"
    part.write_text(json.dumps(asdict(chosen)), encoding="utf-8")
    part.replace(folder / _FILE)

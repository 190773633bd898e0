"""A camera that cannot be opened -> why, as far as the system tells, and what to do."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from urllib.parse import urlsplit

_FREE_IT = "Close what else may use it: a video call, a browser, a camera app."
_PERMISSION = {
    "darwin": (
        "If it should be there, allow the program in which you started hiprom to use "
        "it (System Settings > Privacy & Security > Camera), and start that again."
    ),
    "win32": (
        "If it should be there, allow desktop apps to use it (Settings > Privacy & "
        "security > Camera)."
    ),
}


def name_of(source: int | str) -> str:
    """Return what a camera is called in a sentence, as in ``camera 0``.

    Of an address only the host: it may hold a password.
    """
    if isinstance(source, str) and "://" in source:
        return f"camera at {urlsplit(source).hostname or 'that address'}"
    return f"camera {source}"


def why_not(source: int | str) -> str:
    """Say why a camera could not be opened, in one to three sentences."""
    name = name_of(source)
    if isinstance(source, str) and "://" in source:
        return (
            f"No {name} answers. Check the address, that it is switched on, and that "
            "this computer is in the same network."
        )
    if sys.platform in _PERMISSION:
        return (
            f"{sentence(name)} cannot be opened: it is not there, or is in use. "
            f"{_FREE_IT} {_PERMISSION[sys.platform]}"
        )
    device = Path(f"/dev/video{source}" if isinstance(source, int) else source)
    if device.is_file():
        return (
            f"{device} is a file, not a camera. Play it as if it were one with "
            f"--source, or measure it with hiprom analyze."
        )
    if not device.exists():
        return f"There is no {name}. {_those_there_are(cameras())}"
    if not os.access(device, os.R_OK | os.W_OK):
        return (
            f"{sentence(name)} is there, but you are not permitted to use {device}. "
            'Add yourself to the group "video" (sudo usermod -aG video $USER), log out '
            "and in again."
        )
    return (
        f"{sentence(name)} is there, but cannot be opened: another program uses it, or "
        f"it gives no pictures. {_FREE_IT} {_those_there_are(cameras())}"
    )


def cameras(
    devices: Path = Path("/dev"), known: Path = Path("/sys/class/video4linux")
) -> dict[int, str]:
    """Return the cameras of a Linux system by number, with their makers' names.

    Parameters
    ----------
    devices, known : Path
        The folders with the devices, and with what the system knows of them.
    """
    found = {}
    for device in devices.glob("video*"):
        number = device.name.removeprefix("video")
        # A camera has a second device beside its pictures', for facts about them.
        if number.isdecimal() and _line(known / device.name / "index") in {"", "0"}:
            found[int(number)] = _line(known / device.name / "name")
    return dict(sorted(found.items()))


def sentence(words: str) -> str:
    """Return `words` with a capital letter in front."""
    return words[:1].upper() + words[1:]


def _those_there_are(found: dict[int, str]) -> str:
    if not found:
        return "This computer has none that it knows of: plug one in."
    named = [
        f"{number} ({name})" if name else f"{number}" for number, name in found.items()
    ]
    return f"Cameras here: {', '.join(named)}."


def _line(file: Path) -> str:
    try:
        return file.read_text(errors="replace").strip()
    except OSError:
        return ""

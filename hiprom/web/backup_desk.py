"""A backup on its way into the page -> looked into, restored, or dropped.

What has arrived waits beside the kept backups under a passing name, so that erasing a
person removes it too, and is gone after a day.
"""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex

from fastapi import HTTPException

from hiprom import backup
from hiprom.store.archive import Contents
from hiprom.store.backups import kept_aside, passing_prefix
from hiprom.store.engine import BACKUPS
from hiprom.store.store import Store
from hiprom.web.site import Limits
from hiprom.web.uploads import in_time

_WAITING = f"{passing_prefix()}restore-"
_NAME = re.compile(rf"{re.escape(_WAITING)}[0-9a-f]{{16}}\.zip")


@dataclass(frozen=True)
class Aside:
    """A backup that is kept on this machine."""

    name: str
    bytes: int


def kept(store: Store) -> tuple[Aside, ...]:
    """Return what was kept aside, the newest first."""
    return tuple(
        Aside(each.name, each.stat().st_size) for each in kept_aside(store.folder)
    )


async def take(
    store: Store, limits: Limits, size: int, pieces: AsyncIterator[bytes]
) -> str:
    """Write a backup that arrives, and look into it; return its name.

    Another that waited makes room for it.

    Raises
    ------
    HTTPException
        408, 411, 413 or 507.
    HipromError
        If it is no backup; it is removed then.
    """
    folder = store.folder / BACKUPS
    folder.mkdir(mode=0o700, exist_ok=True)
    drop(store)
    _require_room(size, limits, folder)
    place = folder / f"{_WAITING}{token_hex(8)}.zip"
    try:
        await _write(place, size, in_time(pieces, limits.silence_s))
        await asyncio.to_thread(backup.look_into, place, store)
    except BaseException:
        place.unlink(missing_ok=True)
        raise
    return place.name


def look(store: Store, name: str, limits: Limits) -> Contents:
    """Return what a backup holds that waits, or is kept; raise 404 if none is."""
    return backup.look_into(_place(store, name, limits), store)


def restore(store: Store, name: str, limits: Limits) -> backup.Restored:
    """Put it in place of the history; it waits no longer."""
    restored = backup.restore(_place(store, name, limits), store)
    drop(store)
    return restored


def tidy(store: Store, limits: Limits) -> None:
    """Remove what has waited too long."""
    for place in _waiting(store):
        if time.time() - place.stat().st_mtime > limits.keep_s:
            place.unlink(missing_ok=True)


def drop(store: Store) -> None:
    """Remove what waits."""
    for place in _waiting(store):
        place.unlink(missing_ok=True)


def place_of(store: Store, name: str) -> Path:
    """Return where a kept backup is; raise 404 if there is none of that name."""
    for place in kept_aside(store.folder):
        if place.name == name:
            return place
    raise HTTPException(404)


async def _write(place: Path, size: int, pieces: AsyncIterator[bytes]) -> None:
    received = 0
    descriptor = os.open(place, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        async for piece in pieces:
            received += len(piece)
            if received > size:
                raise HTTPException(413, "More arrived than was announced.")
            await asyncio.to_thread(file.write, piece)
    if received < size:
        raise HTTPException(408, "Not all of the file arrived. Choose it again.")


def _place(store: Store, name: str, limits: Limits) -> Path:
    tidy(store, limits)
    for place in _waiting(store):
        if place.name == name:
            return place
    return place_of(store, name)


def _waiting(store: Store) -> list[Path]:
    folder = store.folder / BACKUPS
    return [each for each in folder.glob(f"{_WAITING}*") if _NAME.fullmatch(each.name)]


def _require_room(size: int, limits: Limits, folder: Path) -> None:
    if size <= 0:
        raise HTTPException(411, "The file is empty, or its size was not said.")
    if size > limits.bytes:
        raise HTTPException(
            413,
            f"The file has {size / 1e9:.1f} GB; at most {limits.bytes / 1e9:g} GB are "
            "taken. Restore it with: hiprom restore FILE.",
        )
    free = shutil.disk_usage(folder).free - limits.spare_bytes
    if size > free:
        raise HTTPException(
            507,
            f"The file has {size / 1e6:.0f} MB, and only {max(free, 0) / 1e6:.0f} MB "
            "of the disk may be used. Make room first.",
        )

"""The history <-> one file: written, looked into, and put back in place of what is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from hiprom.capture.calibration import profiles
from hiprom.core.camera import Camera
from hiprom.errors import CaptureError
from hiprom.store import archive, archive_check, restoring
from hiprom.store.archive import Contents
from hiprom.store.store import Store


@dataclass(frozen=True)
class Restored:
    """A backup that is the history now.

    Attributes
    ----------
    contents : Contents
    aside : Path or None
        The backup of what was there before; None if that was nothing.
    """

    contents: Contents
    aside: Path | None


def back_up(out: Path, store: Store) -> Contents:
    """Write people, trials, landmarks, diaries and camera profiles into one file.

    Videos, and the folders of results, are not in it.

    Raises
    ------
    InputError
        If the history lies in PostgreSQL, or the folder of `out` is not there.
    StoreError
        If it cannot be written.
    """
    return archive.write_archive(
        store.database, store.folder, out, cameras=profiles.folder()
    )


def look_into(path: Path, store: Store) -> Contents:
    """Return what a backup holds, after checking all of it.

    Raises
    ------
    InputError, StoreNotOurs
        If it is none, is not as it was written, or a newer hiprom wrote it.
    """
    with archive_check.opened(path, store.folder) as found:
        return found.contents


def restore(path: Path, store: Store) -> Restored:
    """Put a backup in place of the history, which is kept in a backup of its own.

    A camera profile takes the place of one of the same name; others stay, and one that
    cannot be read is passed over. Videos and results stay, and what is asked of them.

    Raises
    ------
    InputError, StoreNotOurs
        If it is none, is not as it was written, or a newer hiprom wrote it.
    StoreError
        If the history cannot be written; it is as it was then.
    """
    with archive_check.opened(path, store.folder) as found:
        cameras = list(_readable(found.cameras))
        aside = restoring.take_over(
            store.database, store.folder, found, cameras=profiles.folder()
        )
        for camera in cameras:
            profiles.write_profile(camera)
    return Restored(found.contents, aside)


def _readable(places: Iterable[Path]) -> Iterator[Camera]:
    for place in places:
        with suppress(CaptureError):
            yield profiles.read_profile(place)

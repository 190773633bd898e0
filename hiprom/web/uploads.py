"""Pieces of a video, in order -> the whole of it on the disk, whoever is cut off.

What has arrived is what the file holds, so an upload goes on after a reload of the
page, or a new start of the server, where it stopped.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from secrets import token_hex

from fastapi import HTTPException
from starlette.requests import ClientDisconnect

from hiprom.capture.file_kind import HEAD_BYTES, kind_of
from hiprom.web.desk import Desk, Wanted
from hiprom.web.shelves import Shelves, safe_name
from hiprom.web.site import Limits

_WRITE_BYTES = 1_000_000
_FACTS, _VIDEO = "upload.json", "video"
_GONE = "This upload is no longer here: it is done, or was given up."


@dataclass(frozen=True)
class Upload:
    """A video that is on its way.

    Attributes
    ----------
    upload_id : str
    name : str
        What its sender calls it.
    bytes : int
        Of the whole; of a recording, the most that are taken.
    modified_ms : int
        When it was last changed, as the sender's machine says.
    wanted : Wanted
    received : int
        Bytes that are here.
    is_recording : bool
        Whether it is made while it arrives: how large it becomes is told at its end.
    """

    upload_id: str
    name: str
    bytes: int
    modified_ms: int
    wanted: Wanted
    received: int = 0
    is_recording: bool = False

    @property
    def share(self) -> float:
        """How much of it is here, 0 to 1."""
        return self.received / self.bytes


class Uploads:
    """All uploads under way."""

    def __init__(self, shelves: Shelves, desk: Desk, limits: Limits) -> None:
        self._shelves, self._desk, self._limits = shelves, desk, limits
        self._busy: set[str] = set()

    def all(self) -> Iterator[Upload]:
        """Yield them, after removing those that did not go on for long."""
        for place in sorted(self._shelves.uploads.iterdir()):
            if time.time() - _touched(place) > self._limits.keep_s:
                shutil.rmtree(place, ignore_errors=True)
            elif upload := _read(place):
                yield upload

    def find(self, upload_id: str) -> Upload:
        """Return one of them; raise 404 if it is not there."""
        is_one = upload_id.isalnum() and upload_id.isascii()
        upload = _read(self._shelves.uploads / upload_id) if is_one else None
        if upload is None:
            raise HTTPException(404, _GONE)
        return upload

    @property
    def keep_s(self) -> float:
        """How long an upload that does not go on is kept."""
        return self._limits.keep_s

    def place(self, upload: Upload) -> Path:
        """Return the file that holds what is here of one."""
        return self._shelves.uploads / upload.upload_id / _VIDEO

    def silent_s(self, upload: Upload) -> float:
        """Return how long ago the last of it arrived."""
        return time.time() - _touched(self._shelves.uploads / upload.upload_id)

    def begin(
        self,
        name: str,
        size: int,
        modified_ms: int,
        wanted: Wanted,
        *,
        is_recording: bool = False,
    ) -> Upload:
        """Begin an upload, or find the one of the same file that stopped.

        Raises
        ------
        HTTPException
            413, 429 or 507, if the limits do not allow it.
        """
        known = list(self.all())
        for upload in known:
            same = (upload.name, upload.bytes, upload.modified_ms)
            if same == (name, size, modified_ms) and not is_recording:
                again = replace(upload, wanted=wanted)
                with suppress(FileNotFoundError):  # just now it became a job
                    _write(self._shelves.uploads / upload.upload_id, again)
                    return again
        self._require_room(size, len(known))
        upload = Upload(
            token_hex(8), name, size, modified_ms, wanted, is_recording=is_recording
        )
        place = self._shelves.uploads / upload.upload_id
        place.mkdir(mode=0o700)
        os.close(os.open(place / _VIDEO, os.O_CREAT | os.O_WRONLY, 0o600))
        _write(place, upload)
        return upload

    async def take(
        self, upload: Upload, offset: int, pieces: AsyncIterator[bytes]
    ) -> int:
        """Write what arrives behind what is here; return how much is here then.

        Raises
        ------
        HTTPException
            408 if the sender falls silent, 409 if it begins elsewhere or another sends,
            413 if more arrives than was announced. What was written stays.
        """
        if upload.upload_id in self._busy:
            raise HTTPException(409, "Another page is sending this video just now.")
        self._busy.add(upload.upload_id)
        try:
            received = self.find(upload.upload_id).received
            if offset != received:
                raise HTTPException(
                    409,
                    f"{received} bytes are here. Go on from there.",
                    {"Upload-Offset": str(received)},
                )
            return await self._write_all(upload, received, pieces)
        finally:
            self._busy.discard(upload.upload_id)

    def finish(self, upload: Upload) -> str:
        """Ask for a video that is whole; return its job's name.

        Raises
        ------
        HTTPException
            404, if another has asked for it meanwhile, or given it up; 415, if it is
            no video, and it is removed then.
        """
        video = self._shelves.uploads / upload.upload_id / _VIDEO
        try:
            with video.open("rb") as file:
                kind = kind_of(file.read(HEAD_BYTES))
            if kind is None:
                job = self._desk.take(
                    video, upload.name, upload.wanted, upload.modified_ms / 1000
                )
        except FileNotFoundError:
            raise HTTPException(404, _GONE) from None
        self.give_up(upload)
        if kind is not None:
            raise HTTPException(
                415, f"{safe_name(upload.name)} is {kind}, not a video. Choose a video."
            )
        return job

    def give_up(self, upload: Upload) -> None:
        """Remove an upload with what is here of it."""
        shutil.rmtree(self._shelves.uploads / upload.upload_id, ignore_errors=True)

    async def _write_all(
        self, upload: Upload, received: int, pieces: AsyncIterator[bytes]
    ) -> int:
        place = self._shelves.uploads / upload.upload_id / _VIDEO
        kept = bytearray()
        with place.open("ab", buffering=0) as file:
            try:
                async for piece in in_time(pieces, self._limits.silence_s):
                    if received + len(kept) + len(piece) > upload.bytes:
                        raise HTTPException(
                            413,
                            f"More arrived than the {upload.bytes} bytes that were "
                            "announced. Choose the file again.",
                        )
                    kept += piece
                    if len(kept) >= _WRITE_BYTES:
                        received += await asyncio.to_thread(file.write, bytes(kept))
                        kept.clear()
            finally:
                received += file.write(bytes(kept))
        return received

    def _require_room(self, size: int, unfinished: int) -> None:
        limits = self._limits
        if size > limits.bytes:
            raise HTTPException(
                413,
                f"The video has {size / 1e9:.1f} GB; at most {limits.bytes / 1e9:g} GB "
                "are taken. Cut it to the test, or start with --largest.",
            )
        if unfinished >= limits.unfinished:
            raise HTTPException(
                429,
                f"{unfinished} uploads are under way. Let some end, or give some up.",
            )
        free = shutil.disk_usage(self._shelves.uploads).free
        if size + limits.spare_bytes > free:
            raise HTTPException(
                507,
                f"The video has {size / 1e9:.1f} GB, and only {free / 1e9:.1f} GB of "
                "the disk are free. Remove what is no longer needed.",
            )


async def in_time(
    pieces: AsyncIterator[bytes], silence_s: float
) -> AsyncIterator[bytes]:
    """Yield the same, but wait for none longer than `silence_s`.

    A sender who hangs up has sent the last one.
    """
    while True:
        try:
            yield await asyncio.wait_for(anext(pieces), silence_s)
        except (StopAsyncIteration, ClientDisconnect):
            return
        except TimeoutError:
            raise HTTPException(
                408, "The sender fell silent. Go on from what is here."
            ) from None


def _read(place: Path) -> Upload | None:
    try:
        facts = json.loads((place / _FACTS).read_text(encoding="utf-8"))
        facts["wanted"] = Wanted(**facts["wanted"])
        return Upload(**facts | {"received": (place / _VIDEO).stat().st_size})
    except (OSError, ValueError, TypeError, KeyError):
        return None


def _write(place: Path, upload: Upload) -> None:
    passing = place / f"{_FACTS}.part"
    passing.write_text(json.dumps(asdict(upload)), encoding="utf-8")
    passing.replace(place / _FACTS)


def _touched(place: Path) -> float:
    for each in (place / _VIDEO, place):
        with suppress(FileNotFoundError):
            return each.stat().st_mtime
    return time.time()

"""Recordings that arrive while they are made: ended, cut short, measured all the same.

A recording is whole only once its page says so, and all that it says is here. What
merely stopped arriving is never measured by itself: a person is asked.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from fastapi import HTTPException

from hiprom.capture.film_length import film_length_s
from hiprom.web.words import title_of

if TYPE_CHECKING:
    from hiprom.web.desk import Wanted
    from hiprom.web.uploads import Upload, Uploads

# About a quarter of an hour at what a browser is asked for.
MOST_BYTES = 400_000_000
# A page sends a piece each second; after as long as this it is gone.
_SILENT_S = 10.0
# What holds no picture even then is nothing to ask about.
_EMPTY_AFTER_S = 60.0
Kind = Literal["mkv", "mp4", "webm"]


@dataclass(frozen=True)
class CutShort:
    """A recording that was not ended.

    Attributes
    ----------
    upload : Upload
    lasts_s : float
    begun : datetime
    until : datetime
        When it is removed, if nobody decides.
    """

    upload: Upload
    lasts_s: float
    begun: datetime
    until: datetime

    @property
    def title(self) -> str:
        """What its test is called."""
        return title_of(self.upload.wanted.protocol)


class Films:
    """All recordings under way, or left."""

    def __init__(self, uploads: Uploads) -> None:
        self._uploads = uploads
        self._left: set[str] = set()

    def begin(self, kind: Kind, wanted: Wanted) -> Upload:
        """Begin a recording that will be measured as `wanted` says."""
        now = datetime.now().astimezone()
        leg = "" if wanted.side == "auto" else f"_{wanted.side}"
        name = f"{wanted.protocol}{leg}_{now:%Y-%m-%d_%H%M%S}.{kind}"
        return self._uploads.begin(
            name,
            MOST_BYTES,
            round(1000 * now.timestamp()),
            wanted,
            is_recording=True,
        )

    def find(self, upload_id: str) -> Upload:
        """Return a recording; raise 404 if it is not there."""
        upload = self._uploads.find(upload_id)
        if not upload.is_recording:
            raise HTTPException(404)
        return upload

    def end(self, upload_id: str, size: int) -> str:
        """Ask for a whole recording to be measured; return the job's name.

        Raises
        ------
        HTTPException
            409, if not all of it is here.
        """
        upload = self.find(upload_id)
        if upload.received != size:
            raise HTTPException(
                409,
                f"{upload.received} bytes of {size} are here. Send the rest first.",
                {"Upload-Offset": str(upload.received)},
            )
        return self._uploads.finish(upload)

    def leave(self, upload_id: str) -> None:
        """Note that the page of a recording is gone."""
        self._left.add(self.find(upload_id).upload_id)

    def measure(self, upload_id: str) -> str:
        """Ask for what there is of a recording; its name says that it was cut short."""
        upload = self.find(upload_id)
        name = Path(upload.name)
        return self._uploads.finish(
            replace(upload, name=f"{name.stem} (cut short){name.suffix}")
        )

    def discard(self, upload_id: str) -> None:
        """Remove a recording."""
        self._uploads.give_up(self.find(upload_id))

    def cut_short(self) -> Iterator[CutShort]:
        """Yield the recordings that stopped arriving, oldest first."""
        for upload in self.left():
            lasts_s = film_length_s(self._uploads.place(upload))
            silent_s = self._uploads.silent_s(upload)
            if lasts_s > 0:
                yield CutShort(
                    upload,
                    lasts_s,
                    datetime.fromtimestamp(upload.modified_ms / 1000).astimezone(),
                    datetime.fromtimestamp(
                        time.time() - silent_s + self._uploads.keep_s
                    ).astimezone(),
                )
            elif silent_s > _EMPTY_AFTER_S:
                self._uploads.give_up(upload)

    def left(self) -> list[Upload]:
        """Return the same without looking into them."""
        return [
            upload
            for upload in self._uploads.all()
            if upload.is_recording and not self._is_arriving(upload)
        ]

    def are_arriving(self) -> bool:
        """Return whether one is made just now, or was until a moment ago."""
        return any(
            upload.is_recording and self._is_arriving(upload)
            for upload in self._uploads.all()
        )

    def _is_arriving(self, upload: Upload) -> bool:
        is_left = upload.upload_id in self._left
        return not is_left and self._uploads.silent_s(upload) <= _SILENT_S

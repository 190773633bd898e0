"""Videos on their way in: begun, sent in pieces, gone on with, given up."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query, Request
from pydantic import BaseModel, Field

from hiprom.web.desk import wanted_from
from hiprom.web.given import Here
from hiprom.web.uploads import Upload

router = APIRouter(prefix="/api/uploads")
_LATEST_MS = 253_402_300_799_000  # the end of the year 9999


class Begin(BaseModel):
    """A file as a browser describes it, and how it is to be measured."""

    name: Annotated[str, Field(min_length=1, max_length=1000)]
    bytes: Annotated[int, Field(ge=1)]
    modified_ms: Annotated[int, Field(ge=0, le=_LATEST_MS)] = 0
    protocol: Annotated[str, Field(max_length=64)] = ""
    side: Annotated[str, Field(max_length=16)] = ""
    subject: Annotated[str, Field(max_length=200)] = ""
    camera: Annotated[str, Field(max_length=64)] = ""


@router.post("", status_code=201)
def begin(asked: Begin, here: Here) -> dict[str, Any]:
    """Begin an upload, or find the one of the same file that stopped."""
    wanted = wanted_from(asked.model_dump())
    return _told(here.uploads.begin(asked.name, asked.bytes, asked.modified_ms, wanted))


@router.get("/{upload_id}")
def look(upload_id: str, here: Here) -> dict[str, Any]:
    """Say how much of it is here."""
    return _told(here.uploads.find(upload_id))


@router.put("/{upload_id}")
async def take(
    upload_id: str,
    offset: Annotated[int, Query(ge=0)],
    request: Request,
    here: Here,
) -> dict[str, Any]:
    """Take the next piece; after the last one, ask for the video to be measured."""
    upload = here.uploads.find(upload_id)
    announced = int(request.headers.get("content-length") or 0)
    if offset + announced > upload.bytes:
        raise HTTPException(413, "The piece goes beyond the end of the file.")
    received = await here.uploads.take(upload, offset, request.stream())
    if received < upload.bytes or upload.is_recording:
        return {"offset": received}
    job = await asyncio.to_thread(here.uploads.finish, upload)
    here.staff.call()
    return {"offset": received, "job": job}


@router.delete("/{upload_id}")
def give_up(upload_id: str, here: Here) -> dict[str, Any]:
    """Remove it with what is here of it."""
    here.uploads.give_up(here.uploads.find(upload_id))
    return {"id": upload_id}


def _told(upload: Upload) -> dict[str, Any]:
    return {"id": upload.upload_id, "offset": upload.received, "bytes": upload.bytes}

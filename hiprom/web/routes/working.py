"""The list of videos, and what can be done with each: cancel, again, remove."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Header, Query, Request, Response
from starlette.responses import RedirectResponse, StreamingResponse

from hiprom.capture.calibration import profiles
from hiprom.core.jobs import JobState
from hiprom.core.protocols import PROTOCOLS
from hiprom.errors import HipromError
from hiprom.web import pages, preferences
from hiprom.web.board import Board
from hiprom.web.csv_zip import csv_zip
from hiprom.web.desk import SIDES, wanted_from
from hiprom.web.forms import fields
from hiprom.web.given import Given, Here

router = APIRouter()
_LOOK_EVERY_S = 0.4
_SIGN_EVERY = 30  # looks without news, and a sign of life is sent


@router.get("/")
def home(here: Here, protocol: str = "") -> Response:
    """Show the place for videos, and all that were put there."""
    rows, number = here.board.rows()
    return pages.page(
        "home.html",
        rows=rows,
        number=number,
        unfinished=[each for each in here.uploads.all() if not each.is_recording],
        has_cut_short=any(each.received for each in here.films.left()),
        protocols=list(PROTOCOLS.values()),
        chosen=preferences.read(here.site.folder, protocol=protocol),
        cameras=profiles.names(),
        sides=SIDES,
        people=[each.subject.code for each in here.site.store.subjects()],
        largest=here.site.limits.bytes,
    )


@router.get("/job")
def one(name: str, here: Here) -> Response:
    """Show a video that is not measured: why, and how to ask for it otherwise."""
    job = here.job(name)
    if job.state == JobState.DONE:
        return RedirectResponse(pages.address("/result", job=name), 303)
    return pages.page(
        "job.html",
        job=job,
        row=here.board.row(job),
        protocols=list(PROTOCOLS.values()),
        sides=SIDES,
    )


@router.get("/api/jobs/events")
async def events(
    here: Here,
    since: Annotated[str, Query(max_length=64)] = "",
    last_event_id: Annotated[str | None, Header()] = None,
) -> Response:
    """Send what changes in the list, from where the browser saw it last."""
    return StreamingResponse(
        _news(here.board, last_event_id or since), media_type="text/event-stream"
    )


@router.post("/jobs/{name}/cancel")
def cancel(name: str, here: Here) -> Response:
    """Give a video up."""
    here.desk.cancel(here.job(name))
    return _back()


@router.post("/jobs/{name}/again")
async def again(name: str, request: Request, here: Here) -> Response:
    """Measure a video once more, as before or as the form says."""
    said = await fields(request)
    await asyncio.to_thread(_ask_again, here, name, said)
    here.staff.call()
    return _back()


@router.post("/jobs/{name}/remove")
def remove(name: str, here: Here) -> Response:
    """Remove a video from the list, with its file and its results."""
    here.desk.remove(here.job(name))
    return _back()


@router.get("/tables.zip")
def tables(here: Here) -> Response:
    """Send the tables of all videos that are listed, in one file."""
    listed = list(here.desk.jobs.jobs())
    return StreamingResponse(
        csv_zip(listed, here.shelves.results),
        media_type="application/zip",
        headers={"Content-Disposition": 'attachment; filename="hiprom_tables.zip"'},
    )


def _ask_again(here: Given, name: str, said: dict[str, str]) -> None:
    job = here.job(name)
    before = {"camera": job.spec.camera}  # which no form of it asks for
    here.desk.again(job, wanted_from(before | said) if said else None)


def _back() -> Response:
    return RedirectResponse("/", 303)


async def _news(board: Board, number: str) -> AsyncIterator[str]:
    """Yield what changes, for as long as somebody listens."""
    yield "retry: 1000\n\n"
    quiet = 0
    while True:
        with contextlib.suppress(HipromError):  # a database that is away comes back
            for event in await asyncio.to_thread(board.since, number):
                number, quiet = event.number, 0
                yield event.text
        quiet += 1
        if quiet % _SIGN_EVERY == 0:
            yield ": still here\n\n"
        await asyncio.sleep(_LOOK_EVERY_S)

"""Addresses of people: the list, a history, its reports and exports, its end."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Literal
from zipfile import ZIP_DEFLATED, ZipFile

from fastapi import APIRouter, HTTPException, Request, Response
from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.responses import FileResponse, RedirectResponse

from hiprom import handing_out, keeping
from hiprom.core.history import in_common
from hiprom.core.protocols import PROTOCOLS
from hiprom.report.history.page import said_of
from hiprom.web import pages
from hiprom.web.forms import fields
from hiprom.web.given import Given, Here
from hiprom.web.routes.diary import calendar_facts
from hiprom.web.shelves import safe_name
from hiprom.web.trial_list import listed

router = APIRouter()
_KINDS = {
    "pdf": "application/pdf",
    "html": "text/html",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv",
    "json": "application/json",
    "fhir": "application/fhir+json",
}
_ENDINGS = {"fhir": "fhir.json"}


@router.get("/people")
def people(here: Here, find: str = "") -> Response:
    """Show who there is, or those whose code or name holds what is looked for."""
    everybody = here.site.store.subjects()
    looked_for = find.strip().casefold()
    return pages.page(
        "people.html",
        find=find.strip(),
        everybody=len(everybody),
        people=[
            each
            for each in everybody
            if looked_for
            in f"{each.subject.code} {each.subject.display_name or ''}".casefold()
        ],
    )


@router.get("/person")
def person(code: str, here: Here) -> Response:
    """Show where a person stands."""
    overview = keeping.look_back(code, here.site.store)
    jobs = list(here.desk.jobs.jobs())
    return pages.page(
        "person.html",
        code=code,
        trials=listed(overview, overview.trials, jobs),
        set_aside=listed(overview, overview.set_aside, jobs),
        can_compare=any(in_common(each, overview.trials) for each in overview.trials),
        protocols=PROTOCOLS,
        **said_of(overview),
        **calendar_facts(overview),
    )


@router.get("/person/report")
def report(code: str, kind: Literal["pdf", "html"], here: Here) -> Response:
    """Send a person's history as a report to print or to pass on."""
    store = here.site.store
    store.subject(code)

    def write(out: Path) -> tuple[Path, ...]:
        handing_out.report(code, out, store)
        return (out,)

    return sent(code, kind, write)


@router.get("/person/export")
def export(
    code: str, kind: Literal["csv", "xlsx", "json", "fhir"], here: Here
) -> Response:
    """Send a person's history in a format that other programs open."""
    store = here.site.store
    store.subject(code)
    return sent(code, kind, lambda out: handing_out.hand_out(code, kind, out, store))


@router.post("/person/erase")
async def erase(request: Request, here: Here) -> Response:
    """Erase a person for good, once it is confirmed."""
    said = await fields(request)
    code = said.get("code", "")
    if said.get("sure") != "yes":
        raise HTTPException(
            400, "Nothing was erased: tick that you are sure, then press the button."
        )
    await run_in_threadpool(_erase, here, code)
    return RedirectResponse("/people", 303)


def _erase(here: Given, code: str) -> None:
    for upload in here.uploads.all():
        if upload.wanted.subject == code:
            here.uploads.give_up(upload)
    here.desk.forget(code)


def sent(code: str, kind: str, write: Callable[[Path], tuple[Path, ...]]) -> Response:
    """Write files where nobody else reads, send them, and remove them.

    Several go into one zip.
    """
    folder = tempfile.TemporaryDirectory(prefix="hiprom-")
    try:
        out = Path(folder.name) / safe_name(f"hiprom_{code}.{_ENDINGS.get(kind, kind)}")
        written, media_type = write(out), _KINDS[kind]
        if len(written) > 1:
            out, media_type = out.with_suffix(".zip"), "application/zip"
            with ZipFile(out, "w", ZIP_DEFLATED) as packed:
                for place in written:
                    packed.write(place, place.name)
    except BaseException:
        folder.cleanup()
        raise
    return FileResponse(
        out,
        media_type=media_type,
        filename=out.name,
        background=BackgroundTask(folder.cleanup),
    )

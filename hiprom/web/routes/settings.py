"""Addresses of the settings: what is chosen already, backups, and their way back."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import UTC, datetime
from typing import Any

from fastapi import APIRouter, HTTPException, Request, Response
from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.responses import FileResponse, RedirectResponse

from hiprom import backup
from hiprom.capture.calibration import profiles
from hiprom.core.protocols import PROTOCOLS
from hiprom.store.backups import passing_folder
from hiprom.web import backup_desk, pages, preferences
from hiprom.web.desk import SIDES, wanted_from
from hiprom.web.forms import fields
from hiprom.web.given import Given, Here
from hiprom.web.settings import machine, size

router = APIRouter(prefix="/settings")


@router.get("")
def settings(here: Here, kept: str = "", aside: str = "") -> Response:
    """Show what can be chosen, what is kept where, and how it is backed up."""
    backup_desk.tidy(here.site.store, here.site.limits)
    return pages.page(
        "settings.html",
        machine=machine(here.site),
        chosen=preferences.read(here.site.folder),
        protocols=list(PROTOCOLS.values()),
        sides=SIDES,
        cameras=profiles.names(),
        backups=backup_desk.kept(here.site.store),
        size=size,
        is_kept=kept == "yes",
        aside=aside,
    )


@router.post("")
async def choose(request: Request, here: Here) -> Response:
    """Keep what is to be chosen already when a video is added."""
    said = await fields(request)
    preferences.write(here.site.folder, wanted_from(said | {"subject": ""}))
    return RedirectResponse("/settings?kept=yes", 303)


@router.get("/backup")
def download(here: Here, name: str = "") -> Response:
    """Send the whole history in one file: as it is now, or one that is kept."""
    store = here.site.store
    if name:
        return _sent(backup_desk.place_of(store, name), name)
    now = datetime.now(UTC).astimezone()
    out = f"hiprom_backup_{now:%Y-%m-%d_%H%M}.zip"
    with ExitStack() as stack:
        place = stack.enter_context(passing_folder(store.folder)) / out
        backup.back_up(place, store)
        after = BackgroundTask(stack.pop_all().close)
    return _sent(place, out, background=after)


@router.put("/restore")
async def send(request: Request, here: Here) -> dict[str, Any]:
    """Take a backup that a browser sends, and look into it."""
    announced = int(request.headers.get("content-length") or 0)
    site = here.site
    name = await backup_desk.take(site.store, site.limits, announced, request.stream())
    return {"name": name}


@router.get("/restore")
def look(name: str, here: Here) -> Response:
    """Show what a backup holds, and what it would take the place of."""
    store = here.site.store
    contents = backup_desk.look(store, name, here.site.limits)
    people = store.subjects()
    return pages.page(
        "backup.html",
        name=name,
        found=contents,
        people=people,
        newest=max((each.last_day for each in people if each.last_day), default=None),
        gone=[
            each.subject.code
            for each in people
            if each.subject.code not in contents.codes
        ],
        cameras=profiles.names(),
    )


@router.post("/restore")
async def restore(request: Request, here: Here) -> Response:
    """Put a backup in place of the history, once it is confirmed."""
    said = await fields(request)
    if said.get("sure") != "yes":
        raise HTTPException(
            400, "Nothing was restored: tick that you are sure, then press the button."
        )
    aside = await run_in_threadpool(_restore, here, said.get("name", ""))
    return RedirectResponse(
        pages.address("/settings", aside=aside or "nothing") + "#backup", 303
    )


@router.post("/restore/drop")
def drop(here: Here) -> Response:
    """Remove a backup that was sent, and leave everything as it is."""
    backup_desk.drop(here.site.store)
    return RedirectResponse("/settings#backup", 303)


def _restore(here: Given, name: str) -> str:
    with here.shelves.held():  # no trial joins a history meanwhile
        restored = backup_desk.restore(here.site.store, name, here.site.limits)
    return restored.aside.name if restored.aside else ""


def _sent(place: Any, name: str, **more: Any) -> Response:
    return FileResponse(place, media_type="application/zip", filename=name, **more)

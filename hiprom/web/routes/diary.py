"""Addresses of what a person notes and means to do."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse

from hiprom import keeping
from hiprom.core.overview import Overview
from hiprom.core.programme import calendar, questions
from hiprom.core.protocols import PROTOCOLS
from hiprom.report.dates import day
from hiprom.report.history.diary_words import entry_words
from hiprom.web import calendar as drawn
from hiprom.web import pages
from hiprom.web.diary import FELT, Wrong, entry_of, key_of, programme_of
from hiprom.web.forms import fields
from hiprom.web.given import Here

router = APIRouter(prefix="/person")


def calendar_facts(overview: Overview) -> dict[str, Any]:
    """Return what the calendar and the form of the diary need to be shown."""
    days = calendar(overview.trials, overview.diary, overview.today)
    return {
        "calendar": drawn.weeks(days, overview.today),
        "weekdays": drawn.WEEKDAYS,
        "noted": drawn.noted(days),
        "has_diary": bool(overview.diary),
        "felt": FELT,
        "day_now": overview.today.isoformat(),
        "said": {},
        "errors": {},
    }


@router.get("/diary")
def diary(code: str, here: Here) -> Response:
    """Show all that somebody noted, and the form to note more."""
    return _diary(here, code, {}, {})


@router.post("/diary")
async def note(request: Request, here: Here) -> Response:
    """Add an entry to a diary."""
    said = await fields(request)
    return await run_in_threadpool(_note, here, said)


@router.post("/diary/remove")
async def unnote(request: Request, here: Here) -> Response:
    """Remove an entry of a diary for good."""
    said = await fields(request)
    return await run_in_threadpool(_unnote, here, said)


@router.get("/programme")
def programme(code: str, here: Here) -> Response:
    """Show what somebody means to do, to be changed."""
    return _programme(here, code, None, {})


@router.post("/programme")
async def plan(request: Request, here: Here) -> Response:
    """Change what somebody means to do."""
    said = await fields(request)
    return await run_in_threadpool(_plan, here, said)


def _note(here: Here, said: Mapping[str, str]) -> Response:
    code, store = said.get("code", ""), here.site.store
    store.subject(code)
    try:
        store.add_diary(code, entry_of(said, datetime.now(UTC).astimezone()))
    except Wrong as wrong:
        return _diary(here, code, said, wrong.errors)
    # Where there is a reason to ask somebody, it is what should be read next.
    part = "ask" if keeping.look_back(code, store).reasons else "calendar"
    return RedirectResponse(f"{pages.address('/person', code=code)}#{part}", 303)


def _unnote(here: Here, said: Mapping[str, str]) -> Response:
    code, store = said.get("code", ""), here.site.store
    for entry in store.diary(code):
        if key_of(entry) == said.get("entry"):
            store.remove_diary(code, entry)
            break
    # What is not there any more was removed a moment ago, in another window perhaps.
    return RedirectResponse(pages.address("/person/diary", code=code), 303)


def _plan(here: Here, said: Mapping[str, str]) -> Response:
    code, store = said.get("code", ""), here.site.store
    before = store.programme(code)
    try:
        store.put_programme(code, programme_of(said, before))
    except Wrong as wrong:
        return _programme(here, code, said, wrong.errors)
    return RedirectResponse(f"{pages.address('/person', code=code)}#weeks", 303)


def _diary(
    here: Here, code: str, said: Mapping[str, str], errors: Mapping[str, str]
) -> Response:
    overview = keeping.look_back(code, here.site.store)
    facts = calendar_facts(overview) | {"said": said, "errors": errors}
    return pages.page(
        "diary.html",
        status=400 if errors else 200,
        code=code,
        entries=[
            (day(each.noted_at), entry_words(each, in_full=True), key_of(each))
            for each in reversed(overview.diary)
        ],
        protocols=PROTOCOLS,
        **facts,
    )


def _programme(
    here: Here,
    code: str,
    said: Mapping[str, str] | None,
    errors: Mapping[str, str],
) -> Response:
    plan = here.site.store.programme(code)
    if said is None:
        said = {
            "sessions_from": f"{plan.sessions_per_week[0]}",
            "sessions_to": f"{plan.sessions_per_week[1]}",
            "minutes_from": f"{plan.minutes[0]:g}",
            "minutes_to": f"{plan.minutes[1]:g}",
            **{f"drill-{name}": "yes" for name in plan.drills},
            **{f"flag-{name}": "yes" for name in plan.red_flags or ()},
            **({} if plan.red_flags is None else {"answered": "yes"}),
        }
    return pages.page(
        "programme.html",
        status=400 if errors else 200,
        code=code,
        said=said,
        errors=errors,
        protocols=list(PROTOCOLS.values()),
        questions=questions(),
    )

"""Addresses of a trial: its page, its files, its repetitions left out and taken in."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.responses import FileResponse, RedirectResponse

from hiprom import keeping
from hiprom.core.history import in_common
from hiprom.core.jobs import Job, JobState
from hiprom.core.protocols import PROTOCOLS
from hiprom.errors import InputError
from hiprom.report.folder import FILES
from hiprom.web import pages
from hiprom.web.against import since_the_session_before
from hiprom.web.desk import SIDES
from hiprom.web.forms import fields
from hiprom.web.given import Given, Here
from hiprom.web.trail import steps_of
from hiprom.web.trial import TrialPage, side_of, trial_page
from hiprom.web.words import protocol_of

router = APIRouter()
_KINDS = {
    ".csv": "text/csv",
    ".json": "application/json",
    ".html": "text/html",
    ".mp4": "video/mp4",
    ".parquet": "application/vnd.apache.parquet",
}
# What is written by others may hold anything: never shown as a page of ours.
_SANDBOX = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; sandbox"


@router.get("/result")
def result(job: str, here: Here) -> Response:
    """Show what came of a video."""
    found = _done(here, job)
    spec = found.spec
    folder = here.shelves.results / spec.name
    return _shown(
        here,
        trial_page(
            here.shelves.landmarks(found),
            protocol=protocol_of(folder) or spec.protocol,
            side=spec.side,
            subject=spec.subject,
            job=found,
            **_kept(here, spec.subject, found.trial_id),
        ),
    )


@router.get("/trial")
def trial(code: str, number: int, here: Here) -> Response:
    """Show a trial of a person's history, wherever it was measured."""
    kept = _kept(here, code, number)
    found = kept["trial"]
    if found is None:
        raise HTTPException(404)
    for job in here.desk.jobs.jobs(JobState.DONE):
        if job.trial_id == number:
            return RedirectResponse(pages.address("/result", job=job.spec.name), 307)
    landmarks = here.site.store.landmarks(number)
    if landmarks is None:
        raise InputError(
            "This trial was imported from a table: there is no curve of it to show. "
            "Its repetitions are on the person's page."
        )
    return _shown(
        here,
        trial_page(
            landmarks,
            protocol=found.protocol,
            side=side_of(found),
            subject=code,
            job=None,
            **kept,
        ),
    )


@router.get("/result/file")
def file(
    job: str, name: str, here: Here, inline: Annotated[bool, Query()] = False
) -> Response:
    """Send a file of a result; the film may be watched, all else is saved."""
    found = _done(here, job)
    place = here.shelves.results / found.spec.name / name
    if name not in FILES or not place.is_file():
        raise HTTPException(404)
    is_film = place.suffix == ".mp4"
    return FileResponse(
        place,
        media_type=_KINDS[place.suffix],
        filename=f"{Path(found.spec.video).stem}_{name}",
        content_disposition_type="inline" if inline and is_film else "attachment",
        headers={} if is_film else {"Content-Security-Policy": _SANDBOX},
    )


@router.post("/trial/leave-out")
async def leave_out(request: Request, here: Here) -> Response:
    """Take a repetition out of the reckoning, or back in."""
    said = await fields(request)
    await run_in_threadpool(_judge, here, said)
    return RedirectResponse(
        pages.address("/trial", code=said["code"], number=said["trial"]) + "#reps", 303
    )


def _judge(here: Given, said: dict[str, str]) -> None:
    try:
        trial, rep = int(said["trial"]), int(said["rep"])
        code, side = said["code"], said["side"]
    except (KeyError, ValueError):
        raise InputError(
            "The form does not say which repetition. Go back and use the page's own "
            "buttons."
        ) from None
    keeping.exclude(
        code,
        trial,
        side,
        rep,
        here.site.store,
        reason=said.get("reason", ""),
        who=said.get("who", ""),
        back=said.get("back") == "yes",
    )


def _shown(here: Given, shown: TrialPage) -> Response:
    """Return the page of a trial, with what else it offers."""
    has = {
        name
        for name in FILES
        if shown.job and (here.shelves.results / shown.job.spec.name / name).is_file()
    }
    return pages.page(
        "trial.html",
        page=shown,
        files=has,
        protocols=list(PROTOCOLS.values()),
        sides=SIDES,
        is_drawn_anew=_is_drawn_anew(here, shown),
        can_compare=_can_be_compared(here, shown),
    )


def _done(here: Given, name: str) -> Job:
    job = here.job(name)
    if job.state != JobState.DONE:
        raise HTTPException(
            409, "This video is not measured (yet). The list of videos says why."
        )
    return job


def _kept(here: Given, code: str | None, number: int | None) -> dict[str, Any]:
    """Return what the history knows of a trial: itself, and who judged it how."""
    nothing: dict[str, Any] = {"trial": None}
    if code is None or number is None:
        return nothing
    store = here.site.store
    overview = keeping.look_back(code, store)
    theirs = {each.trial_id: each for each in (*overview.trials, *overview.set_aside)}
    if number not in theirs:
        return nothing
    trial = theirs[number]
    return {
        "trial": trial,
        "since": since_the_session_before(overview, trial)
        if trial.set_aside is None
        else {},
        "trail": store.exclusions(number),
        "steps": steps_of(store.corrections(number), number, code, theirs),
    }


def _can_be_compared(here: Given, shown: TrialPage) -> bool:
    if shown.trial is None or shown.subject is None:
        return False
    return bool(in_common(shown.trial, here.site.store.trials(shown.subject)))


def _is_drawn_anew(here: Given, shown: TrialPage) -> bool:
    """Return whether the film of a trial that has none is under way."""
    if shown.trial is None or shown.job is not None:
        return False
    mine = (shown.subject, shown.trial.video, shown.trial.protocol)
    return any(
        (job.spec.subject, Path(job.spec.video).name, job.spec.protocol) == mine
        and job.state in {JobState.QUEUED, JobState.RUNNING}
        for job in here.desk.jobs.jobs()
    )

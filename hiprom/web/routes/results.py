"""Addresses of a trial: its page, its files, its repetitions left out and taken in."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.responses import FileResponse, RedirectResponse

from hiprom import keeping
from hiprom.core.jobs import Job, JobState
from hiprom.core.kept import SavedTrial
from hiprom.core.protocols import PROTOCOLS
from hiprom.errors import InputError
from hiprom.report.folder import FILES
from hiprom.web import pages
from hiprom.web.desk import SIDES
from hiprom.web.forms import fields
from hiprom.web.given import Given, Here
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
    trial = _trial(here, spec.subject, found.trial_id)
    folder = here.shelves.results / spec.name
    return _shown(
        here,
        trial_page(
            folder / "landmarks.parquet",
            protocol=protocol_of(folder) or spec.protocol,
            side=spec.side,
            subject=spec.subject,
            job=found,
            trial=trial,
            trail=here.site.store.exclusions(trial.trial_id) if trial else (),
        ),
    )


@router.get("/trial")
def trial(code: str, number: int, here: Here) -> Response:
    """Show a trial of a person's history, wherever it was measured."""
    store = here.site.store
    kept = _trial(here, code, number)
    if kept is None:
        raise HTTPException(404)
    for job in here.desk.jobs.jobs(JobState.DONE):
        if job.trial_id == number:
            return RedirectResponse(pages.address("/result", job=job.spec.name), 307)
    landmarks = store.landmarks(number)
    if landmarks is None:
        raise InputError(
            "This trial was imported from a table: there is no curve of it to show. "
            "Its repetitions are on the person's page."
        )
    return _shown(
        here,
        trial_page(
            landmarks,
            protocol=kept.protocol,
            side=side_of(kept),
            subject=code,
            job=None,
            trial=kept,
            trail=store.exclusions(number),
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
        back=said.get("back") == "yes",
    )


def _shown(here: Given, shown: TrialPage) -> Response:
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
    )


def _done(here: Given, name: str) -> Job:
    job = here.job(name)
    if job.state != JobState.DONE:
        raise HTTPException(
            409, "This video is not measured (yet). The list of videos says why."
        )
    return job


def _trial(here: Given, code: str | None, number: int | None) -> SavedTrial | None:
    if code is None or number is None:
        return None
    trials = here.site.store.trials(code)
    return next((each for each in trials if each.trial_id == number), None)

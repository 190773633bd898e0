"""Addresses that set a wrong measurement aside, and put it back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

from fastapi import APIRouter, HTTPException, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse

from hiprom import correcting, usecases
from hiprom.core.jobs import Job, JobState
from hiprom.core.kept import SavedTrial
from hiprom.errors import InputError
from hiprom.web import pages
from hiprom.web.desk import Wanted, wanted_from
from hiprom.web.forms import fields
from hiprom.web.given import Given, Here

if TYPE_CHECKING:
    from hiprom.core.measure import SideChoice
    from hiprom.store.corrections import Correction

router = APIRouter()


@router.post("/trial/again")
async def again(request: Request, here: Here) -> Response:
    """Measure a trial as another test, side or person's, from its landmarks."""
    answer = await run_in_threadpool(_again, here, await fields(request))
    here.staff.call()
    return answer


@router.post("/trial/put-back")
async def put_back(request: Request, here: Here) -> Response:
    """Let a measurement count again that another took the place of."""
    answer = await run_in_threadpool(_put_back, here, await fields(request))
    here.staff.call()
    return answer


def _again(here: Given, said: dict[str, str]) -> Response:
    wanted = wanted_from(said)
    if "trial" not in said:
        return _nobodys_again(here, said, wanted)
    code, trial = _trial(here, said)
    kept = correcting.correct(
        trial,
        here.site.store,
        protocol=wanted.protocol,
        side=cast("SideChoice", wanted.side),
        subject=wanted.subject or code,
        reason=said.get("reason", ""),
        who=said.get("who", ""),
    )
    subject = kept.overview.subject.code
    now = Wanted(kept.trial.protocol, wanted.side, subject)
    _draw_anew(here, kept.trial, now)
    return _to(subject, kept.trial.trial_id)


def _nobodys_again(here: Given, said: dict[str, str], wanted: Wanted) -> Response:
    """Measure a video again that is in nobody's history, if it shows that test."""
    job = here.job(said.get("job", ""))
    usecases.analyze_landmarks(
        here.shelves.landmarks(job),
        protocol=wanted.protocol,
        side=cast("SideChoice", wanted.side),
        camera=job.spec.camera,
    )
    here.desk.again(job, wanted)
    return RedirectResponse("/", 303)


def _put_back(here: Given, said: dict[str, str]) -> Response:
    code, trial = _trial(here, said)
    store, number = here.site.store, trial.trial_id
    store.put_back(number, said.get("reason", ""), said.get("who", ""))
    trail = store.corrections(number)
    asked = next(each for each in trail if each.trial_id == number)
    _draw_anew(here, trial, Wanted(asked.protocol, asked.side, code))
    return _to(code, number)


def _draw_anew(here: Given, now: SavedTrial, wanted: Wanted) -> None:
    """Let the page's files of what gave way become those of what counts now."""
    wrong = [
        each
        for each in here.site.store.corrections(now.trial_id)
        if each.instead_id == now.trial_id and each.undone_at is None
    ]
    for job in list(here.desk.jobs.jobs()):
        if any(_is_of(job, each, now) for each in wrong):
            here.desk.again(job, wanted)


def _is_of(job: Job, wrong: Correction, now: SavedTrial) -> bool:
    """Return whether a job is of what gave way: by its trial, or while it has none."""
    if job.state == JobState.DONE:
        return job.trial_id == wrong.trial_id
    video = now.summary.get("video")
    sha256 = video.get("sha256") if isinstance(video, dict) else None
    asked = (job.spec.protocol, job.spec.side, Path(job.spec.video).parent.name)
    return asked == (wrong.protocol, wrong.side, sha256)


def _trial(here: Given, said: dict[str, str]) -> tuple[str, SavedTrial]:
    """Return whose trial a form speaks of, and which it is."""
    try:
        code, number = said["code"], int(said["trial"])
    except (KeyError, ValueError):
        raise InputError(
            "The form does not say which trial. Go back and use the page's own buttons."
        ) from None
    for trial in here.site.store.trials(code):
        if trial.trial_id == number:
            return code, trial
    raise HTTPException(404)


def _to(code: str, number: int) -> Response:
    return RedirectResponse(pages.address("/trial", code=code, number=number), 303)

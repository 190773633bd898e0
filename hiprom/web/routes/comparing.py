"""Addresses of two trials side by side: the page, and the report of both sessions."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from fastapi import APIRouter, Response

from hiprom import handing_out, keeping
from hiprom.core.jobs import JobState
from hiprom.core.overview import Overview
from hiprom.web import pages
from hiprom.web.compare import compare_page
from hiprom.web.compare_choice import BY_REPS, Choice
from hiprom.web.given import Given, Here
from hiprom.web.routes.people import sent

router = APIRouter()


@router.get("/compare")
def compare(
    code: str,
    here: Here,
    *,
    earlier: int | None = None,
    later: int | None = None,
    of: str = "",
    align: str = BY_REPS,
) -> Response:
    """Show two trials of a person side by side; the newest two by themselves."""
    overview = keeping.look_back(code, here.site.store)
    shown = compare_page(
        overview,
        Choice(earlier, later, of, align),
        _landmarks(here, overview),
        _films(here),
    )
    return pages.page("compare.html", code=code, page=shown)


@router.get("/compare/report")
def report(
    code: str, earlier: int, later: int, kind: Literal["pdf", "html"], here: Here
) -> Response:
    """Send two sessions side by side, to print or to pass on."""
    store = here.site.store
    store.subject(code)

    def write(out: Path) -> tuple[Path, ...]:
        handing_out.report(code, out, store, sessions=(earlier, later))
        return (out,)

    return sent(code, kind, write)


def _landmarks(here: Given, overview: Overview) -> dict[int, Path]:
    """Return where the landmarks of a person's trials are, of those that have some."""
    places = {
        trial.trial_id: here.site.store.landmarks(trial.trial_id)
        for trial in overview.trials
    }
    return {number: place for number, place in places.items() if place is not None}


def _films(here: Given) -> dict[int, str]:
    """Return the jobs whose films are there, by the numbers of their trials."""
    results = here.shelves.results
    return {
        job.trial_id: job.spec.name
        for job in here.desk.jobs.jobs(JobState.DONE)
        if job.trial_id is not None
        and (results / job.spec.name / "overlay.mp4").is_file()
    }

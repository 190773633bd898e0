"""What the addresses are given to work with, made once with the app."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, FastAPI, HTTPException
from starlette.requests import HTTPConnection

from hiprom.core.jobs import Job
from hiprom.web import backup_desk
from hiprom.web.board import Board
from hiprom.web.calibrating import Calibrations
from hiprom.web.desk import Desk
from hiprom.web.recording.films import Films
from hiprom.web.recording.sitting import Chair
from hiprom.web.shelves import Shelves
from hiprom.web.site import Site
from hiprom.web.staff import Staff
from hiprom.web.uploads import Uploads


@dataclass(frozen=True)
class Given:
    """All of it."""

    site: Site
    shelves: Shelves
    desk: Desk
    uploads: Uploads
    films: Films
    chair: Chair
    board: Board
    staff: Staff
    calibrations: Calibrations

    def job(self, name: str) -> Job:
        """Return a job of the page; raise 404 if it is not there."""
        found = self.desk.job(name)
        if found is None:
            raise HTTPException(404)
        return found


def give(app: FastAPI, site: Site) -> Given:
    """Make what an app's addresses work with."""
    shelves = Shelves(site.folder)
    shelves.make()
    desk = Desk(site.store, shelves)
    backup_desk.tidy(site.store, site.limits)
    uploads = Uploads(shelves, desk, site.limits)
    given = Given(
        site,
        shelves,
        desk,
        uploads,
        Films(uploads),
        Chair(),
        Board(desk, shelves),
        Staff(desk, site.folder),
        Calibrations(),
    )
    app.state.given = given
    return given


def _given(connection: HTTPConnection) -> Given:
    given: Any = connection.app.state.given
    assert isinstance(given, Given)
    return given


Here = Annotated[Given, Depends(_given)]

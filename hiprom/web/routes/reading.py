"""The pages that are only read: the guide, and what stays private."""

from __future__ import annotations

from fastapi import APIRouter, Response
from starlette.responses import FileResponse

from hiprom.core.protocols import PROTOCOLS, protocol
from hiprom.core.protocols.words import tempo_sentence
from hiprom.web import pages
from hiprom.web.given import Here
from hiprom.web.site import ASSETS

router = APIRouter()


@router.get("/guide")
def guide() -> Response:
    """Show all protocols."""
    return pages.page("guide.html", protocols=list(PROTOCOLS.values()))


@router.get("/guide/{name}")
def one(name: str) -> Response:
    """Show one protocol in full."""
    found = protocol(name)
    return pages.page("protocol.html", protocol=found, tempo=tempo_sentence(found))


@router.get("/privacy")
def privacy(here: Here) -> Response:
    """Say what is kept, and where."""
    return pages.page("privacy.html", site=here.site)


@router.get("/favicon.ico")
def mark() -> FileResponse:
    """Give the mark to a browser that asks for it where marks used to be."""
    return FileResponse(ASSETS / "mark.svg", media_type="image/svg+xml")

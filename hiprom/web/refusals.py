"""What went wrong -> a page, or JSON, that says so in words a person can act on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse, Response

from hiprom.errors import (
    CaptureError,
    HipromError,
    InputError,
    MeasurementError,
    StoreUnavailable,
    UnknownProtocol,
    UnknownSubject,
)
from hiprom.web import pages
from hiprom.web.words import without_options

if TYPE_CHECKING:
    from fastapi import FastAPI

WRONG_HOST = (
    "This address does not belong to hiprom on this machine. "
    "Open the address that `hiprom serve` printed."
)
FOREIGN = (
    "Another website sent this request, so nothing was done. "
    "Open the page itself and try again."
)
NO_TOKEN = "This page asks for the token that `hiprom serve` printed."  # noqa: S105
_TITLES = {
    400: "That does not work",
    401: "Not without the token",
    403: "Refused",
    404: "Not found",
    405: "That does not work",
    409: "Not now",
    413: "Too large",
    415: "Not a video",
    422: "Not measured, and nothing was changed",
    500: "Our mistake",
    503: "Not now",
    507: "The disk is full",
}
_SAID = {
    404: "There is nothing at this address. It may have been erased.",
    405: "This address does not do that. Go back and use the page's own buttons.",
    500: (
        "hiprom met an error of its own. What happened stands in the terminal where "
        "`hiprom serve` runs; nothing that was kept before is lost."
    ),
}


def answer(connection: HTTPConnection, status: int, words: str) -> Response:
    """Return a refusal: a page for a person who opened one, JSON for all else."""
    if not _wants_page(connection):
        return JSONResponse({"error": words}, status)
    if status == 401:
        return pages.page("enter.html", status=status, is_wrong=False)
    title = _TITLES.get(status, "That does not work")
    return pages.page("refusal.html", status=status, title=title, words=words)


def install(app: FastAPI) -> None:
    """Let an app answer its errors in words."""
    app.add_exception_handler(HipromError, _stated)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _unforeseen)


async def _stated(request: Request, error: Exception) -> Response:
    return answer(request, _status(error), without_options(str(error)))


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    words: Any = error.detail
    is_own = error.status_code not in _SAID
    response = answer(
        request,
        error.status_code,
        str(words) if is_own else _SAID[error.status_code],
    )
    response.headers.update(error.headers or {})
    return response


async def _unforeseen(request: Request, _error: Exception) -> Response:
    return answer(request, 500, _SAID[500])


def _status(error: Exception) -> int:
    if isinstance(error, UnknownSubject | UnknownProtocol):
        return 404
    if isinstance(error, InputError | CaptureError):
        return 400
    if isinstance(error, MeasurementError):
        return 422
    return 503 if isinstance(error, StoreUnavailable) else 500


def _wants_page(connection: HTTPConnection) -> bool:
    """Return whether a browser is about to show what it is sent."""
    return "text/html" in connection.headers.get("accept", "")

"""A token, typed once -> a cookie that the browser shows from then on."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from starlette.responses import RedirectResponse

from hiprom.web import guard, pages
from hiprom.web.forms import fields
from hiprom.web.given import Here

router = APIRouter()
_KEEP_S = 30 * 24 * 3600


@router.get("/enter")
def ask() -> Response:
    """Ask for the token."""
    return pages.page("enter.html", is_wrong=False)


@router.post("/enter")
async def enter(request: Request, here: Here) -> Response:
    """Take the token; a wrong one is asked for again."""
    site = here.site
    shown = (await fields(request)).get("token", "")
    if site.token is None:
        return RedirectResponse("/", 303)
    if not guard.is_token(site, shown):
        return pages.page("enter.html", status=401, is_wrong=True)
    answer = RedirectResponse("/", 303)
    answer.set_cookie(
        site.cookie,
        shown,
        max_age=_KEEP_S,
        httponly=True,
        samesite="strict",
        secure=request.url.scheme == "https",
    )
    return answer

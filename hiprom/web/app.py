"""A Site -> the app that serves it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI
from starlette.responses import Response
from starlette.staticfiles import StaticFiles

from hiprom.web import refusals
from hiprom.web.given import Given, give
from hiprom.web.guard import Guard
from hiprom.web.routes import ROUTERS
from hiprom.web.site import ASSETS

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from hiprom.web.site import Site


class _Assets(StaticFiles):
    """Files of the page itself, kept by a browser that asks whether they changed."""

    def file_response(self, *of: Any, **more: Any) -> Response:
        """Return one of them."""
        response = super().file_response(*of, **more)
        response.headers["Cache-Control"] = "no-cache"
        return response


@asynccontextmanager
async def _at_work(app: FastAPI) -> AsyncIterator[None]:
    """Keep the staff at work for as long as the app is."""
    given: Given = app.state.given
    await asyncio.to_thread(given.desk.tidy)
    staff = asyncio.create_task(given.staff.run())
    try:
        yield
    finally:
        staff.cancel()
        with suppress(asyncio.CancelledError):
            await staff


def create_app(site: Site) -> ASGIApp:
    """Return the whole site behind its guard."""
    app = FastAPI(
        title="hiprom",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        lifespan=_at_work,
    )
    give(app, site)
    for router in ROUTERS:
        app.include_router(router)
    app.mount("/assets", _Assets(directory=ASSETS), name="assets")
    refusals.install(app)
    return Guard(app, site)

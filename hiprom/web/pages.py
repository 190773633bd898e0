"""A template and facts -> a page; every text in it is escaped."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from starlette.responses import HTMLResponse

if TYPE_CHECKING:
    from jinja2 import Environment


def page(template: str, *, status: int = 200, **facts: Any) -> HTMLResponse:
    """Return a template of this room, filled in, as an answer."""
    return HTMLResponse(text(template, **facts), status)


def text(template: str, **facts: Any) -> str:
    """Return a template of this room, filled in."""
    return environment().get_template(template).render(**facts)


@cache
def environment() -> Environment:
    """Return what templates are read with."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    made = Environment(
        loader=PackageLoader("hiprom", "web/templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals["address"] = address
    return made


def address(path: str, **query: str | int) -> str:
    """Return a path of this site, with what it is about."""
    from urllib.parse import urlencode

    return f"{path}?{urlencode(query)}" if query else path

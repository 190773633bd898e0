"""A template and facts -> a page; every text in it is escaped."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from starlette.responses import HTMLResponse

from hiprom.core.quantities import amount
from hiprom.report import palette
from hiprom.report.dates import day
from hiprom.web.drawing import arrow, swing
from hiprom.web.inline_svg import inline
from hiprom.web.words import without_options

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
    made.globals |= {
        "address": address,
        "amount": amount,
        "arrow": arrow,
        "day": day,
        "ember": palette.EMBER,
        "inline": inline,
        "moment": moment,
        "swing": swing,
        "without_options": without_options,
    }
    return made


def moment(when: datetime) -> str:
    """Return "4 May 2026, 09:31" by this machine's clock."""
    here = when.astimezone()
    return f"{day(here)}, {here:%H:%M}"


def address(path: str, **query: str | int) -> str:
    """Return a path of this site, with what it is about."""
    from urllib.parse import urlencode

    return f"{path}?{urlencode(query)}" if query else path

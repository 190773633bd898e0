"""A figure of the reports -> the same, fit to stand in a page of this site.

The site's policy forbids styles within a page, and at night its ground is dark: so
styles become attributes, and colours become the site's own.
"""

from __future__ import annotations

import re

from markupsafe import Markup

from hiprom.report import palette

_STYLE = re.compile(r'\sstyle="([^"]*)"')
_COLOURS = {
    palette.INK: "--ink",
    palette.QUIET: "--quiet",
    palette.LINE: "--line",
    palette.WASH: "--wash",
    palette.PAPER: "--paper",
    palette.TEAL: "--teal",
    palette.TEAL_WASH: "--teal-wash",
    palette.EMBER: "--ember",
    palette.EMBER_WASH: "--ember-wash",
    palette.CAUTION: "--caution",
    palette.CAUTION_WASH: "--caution-wash",
    # The sides of a history: hiprom.report.history.looks.
    "#128f84": "--teal-left",
    "#0b3f47": "--teal-right",
    "#d9701c": "--ember-left",
    "#6a2b06": "--ember-right",
}
_KNOWN = re.compile("|".join(map(re.escape, _COLOURS)), re.IGNORECASE)
_LEFT_OUT = ("font-family",)


def inline(svg: str) -> Markup:
    """Return an ``<svg>`` of `hiprom.report` without styles, in the site's colours."""
    return Markup(_KNOWN.sub(_named, _STYLE.sub(_attributes, svg)))  # noqa: S704


def _attributes(style: re.Match[str]) -> str:
    pairs = (rule.partition(":") for rule in style[1].split(";") if rule.strip())
    return "".join(
        f' {name.strip()}="{value.strip()}"'
        for name, _, value in pairs
        if name.strip() not in _LEFT_OUT
    )


def _named(colour: re.Match[str]) -> str:
    return f"var({_COLOURS[colour[0].lower()]})"

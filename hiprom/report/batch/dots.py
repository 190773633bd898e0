"""The repetitions of one side -> a small figure as SVG: dots beside what is usual.

Hundreds stand on a page, so they are written by hand: a thousandth of the time that a
plotting library takes, and a tenth of the size. Their colours are in batch.css.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from hiprom.report.batch.oddness import Usual
from hiprom.report.batch.rep_rows import RepEnd

_WIDTH, _HEIGHT = 180.0, 124.0
_LEFT, _TOP, _BOTTOM = 26.0, 8.0, 8.0
_DOT, _SMALLEST_DOT = 2.7, 1.5
_TICKS = 20.0
# One wild value must not flatten all the others: beyond this it stands at the edge.
_FURTHEST = 60.0
_ROOM = 3.0


@dataclass(frozen=True)
class Scale:
    """The values at the foot and at the top of every figure of a protocol."""

    low: float
    high: float

    def y(self, value: float) -> float:
        """Return how far from the top of the figure a value stands; edges hold it."""
        share = (min(max(value, self.low), self.high) - self.low) / (
            self.high - self.low
        )
        return _HEIGHT - _BOTTOM - share * (_HEIGHT - _TOP - _BOTTOM)


def scale_of(shown: Iterable[float], usual: Usual) -> Scale:
    """Return a scale with zero on it, for all that a page shows of a protocol."""
    reach = usual.reach if math.isfinite(usual.reach) else 0.0
    known = [each for each in shown if math.isfinite(each)]
    if math.isfinite(usual.median):
        limits = usual.median - _FURTHEST, usual.median + _FURTHEST
        known = [min(max(each, limits[0]), limits[1]) for each in known]
        known += [usual.median - reach, usual.median + reach]
    low, high = min([0.0, *known]), max([_TICKS, *known])
    return Scale(low - _ROOM, high + _ROOM)


def dots(ends: Sequence[RepEnd], usual: Usual, scale: Scale, sign: str = "°") -> str:
    """Return one side's repetitions from left to right as an ``<svg>`` element.

    Parameters
    ----------
    ends : sequence of RepEnd
        Along the protocol's movement. One that does not count is hollow.
    usual : Usual
        Its median is a dashed line, its reach a pale ground.
    scale : Scale
    sign : str
        What stands behind a number.
    """
    parts = [*_ground(usual, scale, sign), *_reps(ends, scale)]
    return (
        f'<svg viewBox="0 0 {_WIDTH:g} {_HEIGHT:g}" '
        f'xmlns="http://www.w3.org/2000/svg" aria-hidden="true">{"".join(parts)}</svg>'
    )


def _ground(usual: Usual, scale: Scale, sign: str) -> Iterator[str]:
    if math.isfinite(usual.reach):
        top = scale.y(usual.median + usual.reach)
        foot = scale.y(usual.median - usual.reach)
        yield (
            f'<rect class="usual" x="{_LEFT:g}" y="{top:.1f}" '
            f'width="{_WIDTH - _LEFT:g}" height="{foot - top:.1f}"/>'
        )
    tick = math.ceil(scale.low / _TICKS) * _TICKS
    while tick <= scale.high:
        y = scale.y(tick)
        yield _line(_LEFT, y, _WIDTH, y, "zero" if tick == 0 else "tick")
        words = f"{tick:.0f}{sign}".replace("-", "\N{MINUS SIGN}")
        yield f'<text x="{_LEFT - 5:g}" y="{y + 3.5:.1f}">{words}</text>'
        tick += _TICKS
    if math.isfinite(usual.median):
        y = scale.y(usual.median)
        yield _line(_LEFT, y, _WIDTH, y, "median")


def _reps(ends: Sequence[RepEnd], scale: Scale) -> Iterator[str]:
    step = (_WIDTH - _LEFT) / max(len(ends), 1)
    radius = max(min(_DOT, 0.4 * step), _SMALLEST_DOT)
    for index, rep in enumerate(ends):
        if not math.isfinite(rep.end):
            continue
        x, kind = _LEFT + (index + 0.5) * step, "rep" if rep.counts else "rep out"
        if math.isfinite(rep.low) and math.isfinite(rep.high):
            yield _line(x, scale.y(rep.low), x, scale.y(rep.high), kind)
        yield (
            f'<circle class="{kind}" cx="{x:.1f}" cy="{scale.y(rep.end):.1f}" '
            f'r="{radius:.1f}"/>'
        )


def _line(x1: float, y1: float, x2: float, y2: float, kind: str) -> str:
    return (
        f'<line class="{kind}" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" '
        f'y2="{y2:.1f}"/>'
    )

"""A Measurement -> the two figures of the page, as SVG to stand inside HTML.

Angles count along the protocol's movement, so that a repetition always goes up.
Text stays text: it takes the page's type face, can be selected and read aloud.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from hiprom.core.measurement import Measurement, Rep, SideMeasurement
from hiprom.report import palette
from hiprom.report.sentences import degrees

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_WIDTH_IN = 4.9  # 353 points: letters of ten points stay that size on a phone
_STYLE: dict[str, Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "hiprom",
    "font.family": ["DejaVu Sans"],  # for measuring only; the page sets its own
    "font.size": 10,
    "axes.edgecolor": palette.LINE,
    "axes.labelcolor": palette.QUIET,
    "axes.spines.left": False,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "text.color": palette.INK,
    "xtick.color": palette.QUIET,
    "ytick.color": palette.QUIET,
    "xtick.major.size": 0,
    "ytick.major.size": 0,
}
_STYLE_SHEET = re.compile(r"<style.*?</style>", re.DOTALL)
# With more repetitions than this their values would run into one another.
_MOST_VALUES = 7


def angle_curve(measurement: Measurement, side: SideMeasurement) -> str:
    """Draw one leg's angle over time, with its repetitions, as SVG text.

    Each repetition stands on a pale ground, with its hold as a thick line at the
    end-range and the 95 % interval as a bar through it. One that does not count is
    grey. The legs of one measurement share their scale.
    """
    protocol = measurement.protocol
    with _figure(2.6) as (figure, axes):
        axes.grid(axis="y", color=palette.LINE, linewidth=0.6)
        axes.axhline(0, color=palette.QUIET, linewidth=0.8, zorder=1)
        angle_deg = protocol.direction * side.traces.hip_rotation_deg
        axes.plot(measurement.time_s, angle_deg, color=palette.INK, linewidth=1.3)
        for rep in side.reps:
            _draw_rep(axes, rep, measurement, has_value=len(side.reps) <= _MOST_VALUES)
        axes.set_xlim(measurement.time_s[0], measurement.time_s[-1])
        axes.set_ylim(*_limits_deg(measurement))
        axes.set_xlabel("time, seconds")
        axes.set_ylabel(f"{protocol.movement}, degrees")
        return _svg(figure)


def side_bars(measurement: Measurement) -> str:
    """Draw each leg's mean as a bar with its 95 % interval, as SVG text.

    Where the protocol has norms, pale bars below span one standard deviation to
    either side of each group's mean.
    """
    protocol = measurement.protocol
    sides = [side for side in measurement.sides if len(side.end_ranges)]
    accent = palette.accent(protocol)
    rows: list[str] = []
    with _figure(0.8 + 0.4 * (len(sides) + len(protocol.norms))) as (figure, axes):
        axes.grid(axis="x", color=palette.LINE, linewidth=0.6)
        for side in sides:
            low, high = sorted(protocol.direction * end for end in side.mean_interval)
            row, mean = len(rows), protocol.direction * side.mean
            axes.barh(row, mean, height=0.5, color=accent)
            for colour, width in ((palette.PAPER, 5.0), (palette.INK, 2.2)):
                axes.plot([low, high], [row, row], color=colour, linewidth=width)
            _write(axes, high, row, f"{degrees(mean)}", is_bold=True)
            rows.append(side.side.capitalize())
        for norm in protocol.norms:
            row, mean = len(rows), protocol.direction * norm.mean
            ends = mean - norm.sd, mean + norm.sd
            axes.barh(row, 2 * norm.sd, left=ends[0], height=0.32, color=palette.LINE)
            axes.plot([mean, mean], [row - 0.16, row + 0.16], color=palette.QUIET)
            _write(axes, ends[1], row, f"{mean:.0f}° ± {norm.sd:.0f}°", is_bold=False)
            rows.append(_GROUPS[norm.sex])
        axes.set_yticks(range(len(rows)), rows)
        axes.tick_params(axis="y", labelcolor=palette.INK)
        axes.set_ylim(len(rows) - 0.4, -0.6)
        axes.set_xlim(right=axes.get_xlim()[1] * 1.14)  # room for the last number
        axes.set_xlabel(f"{protocol.movement}, degrees")
        return _svg(figure)


_GROUPS = {"female": "Women", "male": "Men", None: "Adults"}


def _draw_rep(
    axes: Axes, rep: Rep, measurement: Measurement, *, has_value: bool
) -> None:
    """Draw one repetition: its ground, hold, interval, number and value."""
    protocol = measurement.protocol
    colour = palette.accent(protocol) if rep.valid else palette.QUIET
    ground = palette.accent_wash(protocol) if rep.valid else palette.WASH
    end = protocol.direction * rep.end_range
    low, high = sorted(
        protocol.direction * limit for limit in (rep.end_range_low, rep.end_range_high)
    )
    middle_s = (rep.start_s + rep.end_s) / 2
    axes.axvspan(rep.start_s, rep.end_s, color=ground, linewidth=0, zorder=0)
    axes.text(
        middle_s,
        1.03,
        f"rep {rep.number}" if has_value else f"{rep.number}",
        transform=axes.get_xaxis_transform(),
        ha="center",
        color=palette.QUIET,
    )
    if not np.isfinite(end):
        return
    hold_s = (rep.plateau_start_s, rep.plateau_end_s)
    if np.isfinite(hold_s).all():
        axes.plot(hold_s, [end, end], color=colour, linewidth=4, zorder=4)
        at_s = sum(hold_s) / 2
    else:
        axes.plot(rep.peak_s, end, "o", color=colour, markersize=5, zorder=4)
        at_s = rep.peak_s
    if np.isfinite([low, high]).all():
        axes.errorbar(
            at_s,
            end,
            yerr=[[end - low], [high - end]],
            color=colour,
            elinewidth=1.4,
            capsize=4,
            zorder=5,
        )
    if has_value:
        axes.annotate(
            degrees(end),
            (at_s, np.nanmax([high, end])),
            xytext=(0, 4),
            textcoords="offset points",
            ha="center",
            weight="bold" if rep.valid else "normal",
            color=colour,
        )


def _limits_deg(measurement: Measurement) -> tuple[float, float]:
    """Return the least and greatest angle of any leg, with room for the numbers."""
    direction = measurement.protocol.direction
    seen = np.concatenate(
        [
            [0.0, 10.0],
            *(direction * side.traces.hip_rotation_deg for side in measurement.sides),
            *(
                [direction * rep.end_range_low, direction * rep.end_range_high]
                for side in measurement.sides
                for rep in side.reps
            ),
        ]
    )
    low, high = float(np.nanmin(seen)), float(np.nanmax(seen))
    return low - 0.06 * (high - low), high + 0.16 * (high - low)


def _write(axes: Axes, x: float, y: float, text: str, *, is_bold: bool) -> None:
    """Write beside the end of a bar."""
    axes.annotate(
        text,
        (x, y),
        xytext=(6, 0),
        textcoords="offset points",
        va="center",
        weight="bold" if is_bold else "normal",
        color=palette.INK if is_bold else palette.QUIET,
    )


@contextmanager
def _figure(height_in: float) -> Iterator[tuple[Figure, Axes]]:
    """Yield an empty figure in our style; matplotlib's settings stay as they are."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    with mpl.rc_context(cast("Any", _STYLE)):
        figure = Figure(figsize=(_WIDTH_IN, height_in), layout="constrained")
        axes = figure.add_subplot()
        axes.set_axisbelow(True)
        yield figure, axes


def _svg(figure: Figure) -> str:
    """Return the figure as an ``<svg>`` element: no size, no date, no outside links."""
    kept = io.StringIO()
    nothing = dict.fromkeys(("Creator", "Date", "Format", "Type"))
    figure.savefig(kept, format="svg", transparent=True, metadata=nothing)
    head, body = kept.getvalue().split("<svg", 1)[1].split(">", 1)
    box = head.split('viewBox="')[1].split('"')[0]
    # Its style sheet would reach the whole page.
    body = _STYLE_SHEET.sub("", body)
    return (
        f'<svg viewBox="{box}" xmlns="http://www.w3.org/2000/svg" '
        'xmlns:xlink="http://www.w3.org/1999/xlink" aria-hidden="true" '
        f'stroke-linejoin="round" stroke-linecap="butt">{body}'
    )

"""A Measurement -> the two figures of the page, as SVG to stand inside HTML.

Angles count along the protocol's movement, so that a repetition always goes up.
Text stays text: it takes the page's type face, can be selected and read aloud.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from hiprom.core.measurement import Measurement, Rep, SideMeasurement
from hiprom.core.protocols import Protocol, one_way
from hiprom.core.quantities import amount
from hiprom.report import palette
from hiprom.report.bars import draw_norm, name_rows, write_beside
from hiprom.report.figure_style import measure_axis, rule
from hiprom.report.sentences import along, sentence
from hiprom.report.svg import svg

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# With more repetitions than this their values would run into one another.
_MOST_VALUES = 7
_GAP_PT = 6.0


def angle_curve(measurement: Measurement, *movements: SideMeasurement) -> str:
    """Draw one side's quantity over time, with its repetitions, as SVG text.

    Each repetition stands on a pale ground, with its hold as a thick line at the
    end-range and the 95 % interval as a bar through it. One that does not count is
    grey. The sides of one measurement share their scale. Two movements of a side share
    a curve, and the main one goes up.
    """
    draw = partial(_draw_curve, measurement=measurement, movements=movements)
    return svg(draw, 2.6)


def side_bars(measurement: Measurement) -> str:
    """Draw each movement's mean as a bar with its 95 % interval, as SVG text.

    Each counts along its own way. Where the protocol has norms, pale bars below span
    one standard deviation to either side of each group's mean.
    """
    rows = len(_counted(measurement)) + len(measurement.protocol.norms)
    draw = partial(_draw_bars, measurement=measurement)
    return svg(draw, 0.8 + 0.4 * rows)


def _draw_curve(
    axes: Axes, measurement: Measurement, movements: tuple[SideMeasurement, ...]
) -> None:
    protocol, (first, *_) = measurement.protocol, movements
    rule(axes, along="y")
    axes.axhline(0, color=palette.QUIET, linewidth=0.8, zorder=1)
    values = protocol.direction * first.trace
    axes.plot(measurement.time_s, values, color=palette.INK, linewidth=1.3)
    reps = [(side, rep) for side in movements for rep in side.reps]
    for side, rep in reps:
        _draw_rep(axes, rep, side, protocol, has_value=len(reps) <= _MOST_VALUES)
    axes.set_xlim(measurement.time_s[0], measurement.time_s[-1])
    axes.set_ylim(*_limits(measurement))
    axes.set_xlabel("time, seconds")
    measure_axis(axes, along="y", protocol=protocol)


def _draw_rep(
    axes: Axes, rep: Rep, side: SideMeasurement, protocol: Protocol, *, has_value: bool
) -> None:
    """Draw one repetition: its ground, hold, interval, number and value."""
    its = one_way(protocol, side.direction)
    colour = palette.accent(its) if rep.valid else palette.QUIET
    ground = palette.accent_wash(its) if rep.valid else palette.WASH
    end = protocol.direction * rep.end_range
    low, high = along(protocol, rep.end_range_low, rep.end_range_high)
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
        is_up = side.direction == protocol.direction
        axes.annotate(
            amount(side.direction * rep.end_range, side.quantity),
            (at_s, np.nanmax([high, end]) if is_up else np.nanmin([low, end])),
            xytext=(0, 4 if is_up else -4),
            textcoords="offset points",
            ha="center",
            va="bottom" if is_up else "top",
            weight="bold" if rep.valid else "normal",
            color=colour,
        )


def _limits(measurement: Measurement) -> tuple[float, float]:
    """Return the least and greatest value of any side, with room for the numbers."""
    direction = measurement.protocol.direction
    seen = np.concatenate(
        [
            [0.0, measurement.protocol.rules.min_excursion.value],
            *(direction * side.trace for side in measurement.sides),
            *(
                [direction * rep.end_range_low, direction * rep.end_range_high]
                for side in measurement.sides
                for rep in side.reps
            ),
        ]
    )
    low, high = float(np.nanmin(seen)), float(np.nanmax(seen))
    below = 0.06 if len(measurement.protocol.movements) == 1 else 0.16
    return low - below * (high - low), high + 0.16 * (high - low)


def _draw_bars(axes: Axes, measurement: Measurement) -> None:
    protocol = measurement.protocol
    rule(axes, along="x")
    names: list[str] = []
    for side in _counted(measurement):
        its = one_way(protocol, side.direction)
        low, high = along(its, *side.mean_interval)
        row, mean = len(names), side.direction * side.mean
        axes.barh(row, mean, height=0.5, color=palette.accent(its))
        for colour, width in ((palette.PAPER, 5.0), (palette.INK, 2.2)):
            axes.plot([low, high], [row, row], color=colour, linewidth=width)
        beside = np.nanmax([mean, high])
        value = amount(mean, side.quantity)
        write_beside(axes, beside, row, value, gap_pt=_GAP_PT, is_bold=True)
        names.append(_row_name(side, protocol))
    for direction in protocol.directions:
        its = one_way(protocol, direction)
        for norm in its.norms:
            row = len(names)
            names.append(
                draw_norm(axes, row, norm, its, thickness=0.32, gap_pt=_GAP_PT)
            )
    name_rows(axes, names, protocol)
    axes.set_xlim(right=axes.get_xlim()[1] * 1.14)  # room for the last number


def _row_name(side: SideMeasurement, protocol: Protocol) -> str:
    """Name a bar as shortly as it can be told from the others."""
    if side.side == "both":
        return sentence(side.movement)[:-1]
    if len(protocol.movements) == 1:
        return side.side.capitalize()
    return f"{side.side.capitalize()}, {side.movement.replace(' rotation', '')}"


def _counted(measurement: Measurement) -> list[SideMeasurement]:
    """Return the legs that have a number."""
    return [side for side in measurement.sides if len(side.end_ranges)]

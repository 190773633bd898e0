"""A Measurement, its summary and a still -> report.html, whole in one file."""

from __future__ import annotations

import base64
import math
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from hiprom.core.measurement import Measurement, Rep, SideMeasurement
from hiprom.core.protocols import Protocol, one_way
from hiprom.core.quantities import amount, is_angle, words_of
from hiprom.report import palette, sentences
from hiprom.report.facts import (
    compensation_facts,
    instrument_facts,
    measured_besides,
)
from hiprom.report.figures import angle_curve, side_bars
from hiprom.report.files import writing
from hiprom.report.tables import printable

if TYPE_CHECKING:
    from jinja2 import Environment


def write_report(
    path: Path,
    measurement: Measurement,
    summary: Mapping[str, Any],
    still_jpeg: bytes | None,
) -> None:
    """Write the page.

    Raises
    ------
    ResultsError
        If the file cannot be written.
    """
    text = page(measurement, summary, still_jpeg)
    with writing(path):
        path.write_text(text, encoding="utf-8", newline="\n")


def page(
    measurement: Measurement, summary: Mapping[str, Any], still_jpeg: bytes | None
) -> str:
    """Return the page as HTML that asks nothing of any network, and runs no script.

    Parameters
    ----------
    measurement : Measurement
    summary : mapping
        What summary.json holds; what is missing there is left out here.
    still_jpeg : bytes or None
        The best repetition with its angle, as `overlay.still` makes it.
    """
    counted = any(len(side.end_ranges) for side in measurement.sides)
    return render(
        "report.html",
        **said_of(measurement, summary),
        amount=amount,
        words_of=words_of,
        curves=_curves(measurement),
        still=base64.b64encode(still_jpeg).decode() if still_jpeg else "",
        bars=side_bars(measurement) if counted and _compares(measurement) else "",
        accent=palette.accent(measurement.protocol),
        wash=palette.accent_wash(measurement.protocol),
    )


def said_of(measurement: Measurement, summary: Mapping[str, Any]) -> dict[str, Any]:
    """Return all that a page says of a trial, without its pictures."""
    protocol, video = measurement.protocol, summary.get("video") or {}
    return {
        "protocol": protocol,
        "video": printable(str(video.get("name") or "")),
        "recorded": sentences.day(video.get("recorded_at")),
        "subject": printable(str(summary.get("subject") or "")),
        "sides": [_side(measurement, side) for side in measurement.sides],
        "both_ways": _both_ways(protocol),
        "recorded_sides": _recorded(measurement, summary),
        "further": [
            (sentences.further_heading(each.quantity), each.meaning)
            for each in protocol.further
        ],
        "negative": sentences.negative_sentence(protocol),
        "difference": sentences.difference_sentence(measurement),
        "best": _best(measurement),
        "warnings": [printable(str(line)) for line in summary.get("warnings") or ()],
        "facts": instrument_facts(summary),
    }


def render(template: str, **facts: Any) -> str:
    """Return a template of this room with the palette and `facts` filled in."""
    return _environment().get_template(template).render(palette=palette, **facts)


@cache
def _environment() -> Environment:
    """Return what keeps the templates once they are compiled: half of a page's text."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=PackageLoader("hiprom", "report/templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _side(measurement: Measurement, side: SideMeasurement) -> dict[str, Any]:
    """Return what the page says about one movement of one side."""
    protocol = one_way(measurement.protocol, side.direction)
    likely = sentences.along(protocol, *side.mean_interval)
    return {
        "heading": sentences.heading(side.side, side.movement),
        "accent": palette.accent(protocol),
        "wash": palette.accent_wash(protocol),
        "number": amount(side.direction * side.mean, side.quantity),
        "interval": sentences.interval(*likely, side.quantity),
        "sentence": sentences.side_sentence(measurement, side),
        "reps": [_rep(protocol, rep) for rep in side.reps],
        "has_beyond": any(math.isfinite(rep.compensation_deg) for rep in side.reps),
    }


def _rep(protocol: Protocol, rep: Rep) -> dict[str, Any]:
    """Return one row of the table of repetitions, and what stands below it."""
    quantity, way = protocol.quantity, protocol.direction
    limits = sentences.along(protocol, rep.end_range_low, rep.end_range_high)
    return {
        "number": rep.number,
        "end": amount(way * rep.end_range, quantity),
        "interval": sentences.interval(*limits, quantity),
        "from_rest": amount(way * rep.excursion, quantity),
        "held": sentences.seconds(rep.hold_s),
        "raised": sentences.seconds(rep.raise_s),
        "lowered": sentences.seconds(rep.lower_s),
        "beyond": sentences.degrees(way * rep.compensation_deg),
        "further": sentences.further_words(rep),
        "notes": sentences.flag_sentence(protocol, rep),
        "counts": rep.valid,
    }


def _both_ways(protocol: Protocol) -> str:
    """Say which movement goes up and which down; empty where there is only one."""
    if len(protocol.movements) == 1:
        return ""
    up, down = protocol.movements.values()
    return f"Upwards is {up}, downwards {down}."


def _curves(measurement: Measurement) -> list[dict[str, str]]:
    """Draw a curve for each side: two movements of one share it."""
    together: dict[str, list[SideMeasurement]] = {}
    for side in measurement.sides:
        together.setdefault(side.side, []).append(side)
    return [
        {
            "side": name,
            "heading": sentences.heading(
                movements[0].side, measurement.protocol.movement
            ),
            "svg": angle_curve(measurement, *movements),
        }
        for name, movements in together.items()
    ]


def _recorded(
    measurement: Measurement, summary: Mapping[str, Any]
) -> list[dict[str, str]]:
    """Return how well each side could be read, and what else moved there."""
    seated = measurement.protocol.way == "seated"
    sides: dict[str, SideMeasurement] = {}
    for side in measurement.sides:
        sides.setdefault(side.side, side)
    return [
        {
            "seen": sentences.seen_sentence(side),
            "whose": "" if name == "both" else f" of the {name} leg",
            "moved": ", ".join(compensation_facts(summary, name)) if seated else "",
            "besides": "" if seated else ", ".join(measured_besides(summary, name)),
        }
        for name, side in sides.items()
    ]


def _best(measurement: Measurement) -> dict[str, str] | None:
    best = measurement.best()
    if best is None:
        return None
    side, rep = best
    value = amount(side.direction * rep.end_range, side.quantity)
    what = "angle" if is_angle(side.quantity) else words_of(side.quantity)
    leg = "The person" if side.side == "both" else f"The {side.side} leg"
    dashed = ""
    if np.isfinite(side.dial_px).any():
        dashed = " The dashed line is " + (
            "where the shank would hang at zero rotation."
            if measurement.protocol.way == "seated"
            else "zero."
        )
    where = "" if side.side == "both" else f" on the {side.side}"
    return {
        "alt": f"{leg} at the end of repetition {rep.number}, with the {what} of "
        f"{value} drawn on it.",
        "caption": f"The furthest repetition: number {rep.number}{where}, {value}."
        f"{dashed}",
    }


def _compares(measurement: Measurement) -> bool:
    return len(measurement.sides) > 1 or bool(measurement.protocol.norms)

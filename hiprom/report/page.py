"""A Measurement, its summary and a still -> report.html, whole in one file."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hiprom.core.measurement import Measurement, Rep, SideMeasurement
from hiprom.report import palette, sentences
from hiprom.report.facts import compensation_facts, instrument_facts
from hiprom.report.figures import angle_curve, side_bars
from hiprom.report.files import writing
from hiprom.report.tables import printable


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
    protocol, video = measurement.protocol, summary.get("video") or {}
    counted = [side for side in measurement.sides if len(side.end_ranges)]
    return render(
        "report.html",
        protocol=protocol,
        video=printable(str(video.get("name") or "")),
        recorded=sentences.day(video.get("recorded_at")),
        subject=printable(str(summary.get("subject") or "")),
        sides=[_side(measurement, side, summary) for side in measurement.sides],
        difference=sentences.difference_sentence(measurement),
        best=_best(measurement),
        still=base64.b64encode(still_jpeg).decode() if still_jpeg else "",
        bars=side_bars(measurement) if counted and _compares(measurement) else "",
        warnings=[printable(str(line)) for line in summary.get("warnings") or ()],
        facts=instrument_facts(summary),
        accent=palette.accent(protocol),
        wash=palette.accent_wash(protocol),
    )


def render(template: str, **facts: Any) -> str:
    """Return a template of this room with the palette and `facts` filled in."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("hiprom", "report/templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(template).render(palette=palette, **facts)


def _side(
    measurement: Measurement, side: SideMeasurement, summary: Mapping[str, Any]
) -> dict[str, Any]:
    """Return what the page says about one leg."""
    protocol = measurement.protocol
    return {
        "name": side.side,
        "number": sentences.degrees(protocol.direction * side.mean),
        "interval": sentences.interval(*sentences.along(protocol, *side.mean_interval)),
        "sentence": sentences.side_sentence(measurement, side),
        "seen": sentences.seen_sentence(side),
        "curve": angle_curve(measurement, side),
        "reps": [_rep(measurement, rep) for rep in side.reps],
        "moved": ", ".join(compensation_facts(summary, side.side)),
    }


def _rep(measurement: Measurement, rep: Rep) -> dict[str, Any]:
    """Return one row of the table of repetitions."""
    protocol = measurement.protocol
    limits = sentences.along(protocol, rep.end_range_low, rep.end_range_high)
    return {
        "number": rep.number,
        "end": sentences.degrees(protocol.direction * rep.end_range),
        "interval": sentences.interval(*limits),
        "from_rest": sentences.degrees(protocol.direction * rep.excursion),
        "held": sentences.seconds(rep.hold_s),
        "beyond": sentences.degrees(protocol.direction * rep.compensation_deg),
        "notes": sentences.flag_sentence(protocol, rep),
        "counts": rep.valid,
    }


def _best(measurement: Measurement) -> dict[str, str] | None:
    best = measurement.best()
    if best is None:
        return None
    side, rep = best
    direction = measurement.protocol.direction
    return {
        "side": side.side,
        "number": str(rep.number),
        "angle": sentences.degrees(direction * rep.end_range),
    }


def _compares(measurement: Measurement) -> bool:
    return len(measurement.sides) > 1 or bool(measurement.protocol.norms)

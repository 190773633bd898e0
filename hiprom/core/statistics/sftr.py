"""Newest external and internal rotation of a side -> the note "R 45-0-35"."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from hiprom.core.history import Series, Session
from hiprom.core.landmarks import SIDES, Side

AT_MOST_APART = timedelta(days=14)
_EXTERNAL, _INTERNAL, _QUANTITY = "seated_er", "seated_ir", "hip_rotation_deg"


@dataclass(frozen=True)
class SftrNote:
    """Both ends of the rotation of one hip, as clinicians note them.

    Attributes
    ----------
    side : {"left", "right"}
    text : str
        External rotation, where the movement starts, internal rotation, in whole
        degrees: "R 45-0-35". A hip that does not reach neutral is written "R 45-10-0"
        if it stays in external rotation, "R 0-10-35" if in internal.
    external, internal : Session
        Where the two ends come from: the newest of each, within 14 days.
    """

    side: Side
    text: str
    external: Session
    internal: Session

    @property
    def arc_deg(self) -> float:
        """The total arc, from one end to the other."""
        return self.internal.mean - self.external.mean


def sftr_notes(series: Iterable[Series]) -> tuple[SftrNote, ...]:
    """Note both arcs of each side that has both, measured by one instrument.

    Parameters
    ----------
    series : iterable of Series
        All that the subject has; what is not a seated rotation is passed over.

    Returns
    -------
    tuple of SftrNote
        Left before right; nothing for a side whose newest external and internal
        rotation lie more than 14 days apart.
    """
    newest = {
        (side, each.measure.instrument, each.measure.protocol): each
        for each in series
        if each.measure.quantity == _QUANTITY
        for side in SIDES
        if side == each.measure.side
    }
    notes = []
    for side, instrument, protocol in sorted(newest):
        other = newest.get((side, instrument, _INTERNAL))
        if protocol != _EXTERNAL or other is None:
            continue
        external, internal = (
            newest[side, instrument, _EXTERNAL].sessions[-1],
            other.sessions[-1],
        )
        if abs(external.recorded_at - internal.recorded_at) <= AT_MOST_APART:
            text = _text(side, external.mean, internal.mean)
            notes.append(SftrNote(side, text, external, internal))
    return tuple(notes)


def _text(side: Side, external: float, internal: float) -> str:
    """Outer end, start, inner end; an end that is not reached is 0."""
    out, into = round(-external), round(internal)
    start = max(-into, -out, 0)
    return f"{side[0].upper()} {max(out, 0)}-{start}-{max(into, 0)}"

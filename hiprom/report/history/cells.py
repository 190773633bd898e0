"""One repetition -> the words that stand in a row of a table."""

from __future__ import annotations

from dataclasses import dataclass

from hiprom.report.history.chapters import Leg, RepRow
from hiprom.report.history.rep_words import rep_remarks
from hiprom.report.sentences import along, interval, seconds, sentence


@dataclass(frozen=True)
class RepCells:
    """A row, column by column; a dash where nothing is known."""

    label: str
    end: str
    interval: str
    held: str
    raised: str
    lowered: str
    remarks: tuple[str, ...]
    counts: bool

    @property
    def notes(self) -> str:
        """The remarks as one sentence; empty without any."""
        return sentence("; ".join(self.remarks))


def rep_cells(leg: Leg, row: RepRow) -> RepCells:
    """Return one repetition in words, external rotation as a positive number."""
    rep = row.saved.rep
    limits = along(leg.protocol, rep.end_range_low, rep.end_range_high)
    return RepCells(
        label=row.label,
        end=leg.said(rep.end_range),
        interval=interval(*limits, leg.protocol.quantity) or "\N{EN DASH}",
        held=seconds(rep.hold_s),
        raised=seconds(rep.raise_s),
        lowered=seconds(rep.lower_s),
        remarks=tuple(rep_remarks(leg.protocol, row)),
        counts=row.saved.counts,
    )

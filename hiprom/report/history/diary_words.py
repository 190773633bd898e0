"""An entry of a diary -> a line of words."""

from __future__ import annotations

from hiprom.core.history import DiaryEntry
from hiprom.core.protocols import PROTOCOLS
from hiprom.report.history.words import line
from hiprom.report.tables import printable


def entry_words(entry: DiaryEntry, *, in_full: bool = False) -> str:
    """Return what was noted as one line; a long note is cut, unless `in_full`."""
    said = []
    if entry.practised_min > 0:
        of = f" of {drill_title(entry.drill)}" if entry.drill else ""
        said.append(f"{round(entry.practised_min, 1):g} min{of}")
    elif entry.drill:
        said.append(drill_title(entry.drill))
    if entry.discomfort is not None:
        where = f" ({line(entry.place)})" if entry.place else ""
        said.append(f"discomfort {entry.discomfort} of 10{where}")
    elif entry.place:
        said.append(line(entry.place))
    if entry.stopped_early:
        said.append("stopped early because of pain")
    if entry.note:
        whole = " ".join(printable(entry.note).split())
        said.append(f"“{whole if in_full else line(entry.note)}”")
    return ", ".join(said) or "nothing"


def drill_title(drill: str) -> str:
    """Return a drill as it is called, though it be none of ours."""
    known = PROTOCOLS.get(drill)
    return known.title if known else line(drill)

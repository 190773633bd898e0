"""What the combined tables tell, column by column."""

from __future__ import annotations

from collections.abc import Collection

from hiprom.core.protocols import PROTOCOLS
from hiprom.report.exports.rows import REP_COLUMNS, Column
from hiprom.report.tables import REPS_COLUMNS

SUMMARY_COLUMNS = (
    Column("video", "text", "path or address, as the batch was given it"),
    Column("name", "text", "of its folder among the results"),
    Column("subject", "text", "the person's code"),
    Column("recorded_at", "text", "when it was recorded, ISO 8601"),
    Column("protocol", "text", "the movement and posture, as typed to hiprom"),
    Column("side", "text", "the person's own left or right; what was asked if failed"),
    Column("state", "text", "done, failed, or not yet: queued, running"),
    Column("reason", "text", "why it failed, and what to do"),
    Column("reps", "whole", "repetitions found on that side"),
    Column("valid_reps", "whole", "those of them that count"),
    Column("mean", "number", "mean end-range of the repetitions that count"),
    Column("mean_low", "number", "lower end of its 95 % interval"),
    Column("mean_high", "number", "upper end of its 95 % interval"),
    Column("best", "number", "the furthest end-range"),
    Column("sd", "number", "standard deviation of the end-ranges"),
    Column("sem", "number", "standard error of their mean"),
    Column("compensated_reps", "whole", "repetitions in which something else moved"),
    Column("flags", "text", "how many repetitions carry which flag: trunk_lean=2"),
    Column("yaw_deg", "number", "how far the person faced past the camera"),
    Column("pitch_deg", "number", "how far the camera looked down"),
    Column("fps", "number", "frames per second of the video"),
    Column("duration_s", "number", "how long it lasts"),
    Column("coverage", "number", "share of its declared duration that could be read"),
    Column("warnings", "whole", "how many the video's own report has"),
)


def combined_reps_columns(protocols: Collection[str]) -> tuple[Column, ...]:
    """Return the columns of a batch of these protocols.

    As in the reps.csv of one video: what every protocol has, then what else may move in
    any of them; of all that there are, where one is not known beforehand. The folder
    comes last: two videos may share a name, their folders never do.
    """
    known = [each for each in PROTOCOLS.values() if each.name in protocols]
    if not PROTOCOLS.keys() >= set(protocols):
        known = list(PROTOCOLS.values())
    changes = {
        column: Column(
            column, "number", f"how far, from rest to the end: {limit.meaning}"
        )
        for protocol in known
        for column, limit in zip(
            protocol.change_columns.values(), protocol.limits.values(), strict=True
        )
    }
    return (
        *(column for column in REP_COLUMNS if column.name in REPS_COLUMNS),
        *changes.values(),
        Column("name", "text", "of the video's folder among the results"),
    )

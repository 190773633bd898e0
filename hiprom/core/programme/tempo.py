"""A series of sessions -> how slowly and how cleanly the movement was done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np

from hiprom.core.history import Series, Session
from hiprom.core.measurement import Rep

_NOT_HELD = {"no_plateau", "short_hold"}


@dataclass(frozen=True)
class SessionTempo:
    """How the repetitions of one session were done.

    Attributes
    ----------
    session_id : int
    recorded_at : datetime
    raise_s, hold_s, lower_s : float
        Medians over the repetitions; NaN where no repetition tells.
    held_share : float
        Share of the repetitions whose end was held, 0 to 1; NaN where none tells.
    clean_share : float
        Share of the repetitions without any flag, 0 to 1.
    flags : mapping of str to int
        How many repetitions carry each flag, the most frequent first.
    """

    session_id: int
    recorded_at: datetime
    raise_s: float
    hold_s: float
    lower_s: float
    held_share: float
    clean_share: float
    flags: Mapping[str, int] = field(hash=False)


def tempo(series: Series) -> tuple[SessionTempo, ...]:
    """Describe each session of a series, in order of time."""
    return tuple(_tempo(session) for session in series.sessions)


def _tempo(session: Session) -> SessionTempo:
    reps = session.reps
    held = [_is_held(rep) for rep in reps]
    told = [each for each in held if each is not None]
    counts = Counter(flag for rep in reps for flag in rep.flags)
    return SessionTempo(
        session_id=session.session_id,
        recorded_at=session.recorded_at,
        raise_s=_median([rep.raise_s for rep in reps]),
        hold_s=_median([rep.hold_s for rep in reps]),
        lower_s=_median([rep.lower_s for rep in reps]),
        held_share=sum(told) / len(told) if told else float("nan"),
        clean_share=sum(not rep.flags for rep in reps) / len(reps),
        flags=dict(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))),
    )


def _is_held(rep: Rep) -> bool | None:
    """Whether the end was held; None where nothing tells, as in an import."""
    if _NOT_HELD & set(rep.flags):
        return False
    return True if np.isfinite(rep.hold_s) else None


def _median(times_s: list[float]) -> float:
    known = [each for each in times_s if np.isfinite(each)]
    return float(np.median(known)) if known else float("nan")

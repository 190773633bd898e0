"""Two recordings with their repetitions -> one clock by which both can be watched."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

# What is shown of the rest before a repetition, and after the last one.
_LEAD_S = 1.0

Span = tuple[float, float]


@dataclass(frozen=True)
class Recording:
    """When a recording begins and ends, and so each of its repetitions; seconds."""

    start_s: float
    end_s: float
    reps: tuple[Span, ...] = ()


@dataclass(frozen=True)
class Piece:
    """A stretch of the common clock in which both recordings run at their own speed.

    Attributes
    ----------
    at_s, end_s : float
        On the common clock.
    first, second : pair of float
        From when to when each recording is seen; whichever is over before the other
        waits at its end.
    rep : int or None
        Which pair of repetitions it shows, from 1.
    """

    at_s: float
    end_s: float
    first: Span
    second: Span
    rep: int | None = None


def by_time(first: Recording, second: Recording) -> tuple[Piece, ...]:
    """Let both begin together and go on as they were recorded."""
    spans = [(each.start_s, each.end_s) for each in (first, second)]
    return tuple(_joined([(spans[0], spans[1], None)]))


def by_reps(first: Recording, second: Recording) -> tuple[Piece, ...]:
    """Let the repetitions begin together, each with the one of the same place in line.

    Repetitions that have no counterpart are left out, and so are rests longer than a
    second; without a pair both are seen as `by_time` has it.
    """
    pairs = min(len(first.reps), len(second.reps))
    if pairs == 0:
        return by_time(first, second)
    lead_s = min(_lead(first, pairs), _lead(second, pairs))
    shown = zip(_seen(first, pairs, lead_s), _seen(second, pairs, lead_s), strict=True)
    return tuple(
        _joined([(one, other, rep) for rep, (one, other) in enumerate(shown, start=1)])
    )


def _lead(recording: Recording, pairs: int) -> float:
    """Return how much rest may be shown before each of the first so many reps."""
    before = [recording.start_s, *(end for _, end in recording.reps)]
    rests = [
        start - end
        for end, (start, _) in zip(before, recording.reps[:pairs], strict=False)
    ]
    return max(min(_LEAD_S, *rests), 0.0)


def _seen(recording: Recording, pairs: int, lead_s: float) -> Iterator[Span]:
    """Yield what is seen of each repetition: to its end and a little beyond."""
    reps = recording.reps
    ends = [*(start - lead_s for start, _ in reps[1:]), recording.end_s]
    for (start, end), latest in zip(reps[:pairs], ends, strict=False):
        yield start - lead_s, min(end + _LEAD_S, latest)


def _joined(
    spans: Sequence[tuple[Span, Span, int | None]],
) -> Iterator[Piece]:
    at_s = 0.0
    for first, second, rep in spans:
        end_s = at_s + max(first[1] - first[0], second[1] - second[0])
        yield Piece(at_s, end_s, first, second, rep)
        at_s = end_s

"""A PoseTrack -> a Measurement: the one place where the steps are joined.

landmarks -> traces, by the way the body lies -> one even clock -> reps -> the frames.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import numpy as np

from hiprom.core import readable
from hiprom.core.arc import arcs_of, notes_on
from hiprom.core.camera import Camera
from hiprom.core.excursions import excursions
from hiprom.core.landmarks import SIDES, Side
from hiprom.core.lifting import MEDIAPIPE, Assumptions
from hiprom.core.measurement import Measurement, SideMeasurement, Traces
from hiprom.core.movers import Mover, moving, why_no_reps
from hiprom.core.protocols import Protocol
from hiprom.core.rep import rep_of
from hiprom.core.signals import even_clock, resample, smooth
from hiprom.core.track import PoseTrack
from hiprom.core.vectors import Array
from hiprom.core.ways import WAYS, SideReading
from hiprom.errors import NoReps

SideChoice = Literal["left", "right", "both", "auto"]
_Traces = dict[str, Array]


def measure(
    track: PoseTrack,
    protocol: Protocol,
    *,
    side: SideChoice = "auto",
    assume: Assumptions = MEDIAPIPE,
    camera: Camera | None = None,
) -> Measurement:
    """Measure every rep of `protocol` in a recorded track.

    Parameters
    ----------
    track : PoseTrack
    protocol : Protocol
    side : {"left", "right", "both", "auto"}
        The subject's own side. "auto" measures the leg that moves, or both legs if
        each moves on its own. A movement of the whole body has no side.
    assume : Assumptions
        What is taken for granted of camera, body and pose model.
    camera : Camera, optional
        What is known of the camera; without one a usual lens is assumed, and how it
        stands is estimated. Its gravity holds only if it has not been moved since.

    Returns
    -------
    Measurement
        With at least one rep.

    Raises
    ------
    NobodyInView
        If a person is found in too few frames.
    LegsNotReadable
        If what moves is out of the picture or hidden, or the knee too straight.
    ViewNotUsable
        If the camera stands too far to one side, or the person too far away.
    NoReps
        If nothing moves far enough, on that side or at all; says what did move.
    """
    readable.require_person(track)
    wanted: tuple[Side, ...] = (
        SIDES if side == "both" or side == "auto" else (side,)  # noqa: PLR1714
    )
    camera = camera and camera.scaled_to(track.width_px, track.height_px)
    reading = WAYS[protocol.way](
        track, protocol, wanted=wanted, camera=camera, assume=assume
    )
    movers = [
        mover for each in reading.sides for mover in _movers(track, each, protocol)
    ]
    found = moving(movers, wanted, protocol)
    if not found:
        raise NoReps(why_no_reps(movers, wanted, protocol))
    legs = [mover.side for mover in found if mover.side != "both"]
    measurement = Measurement(
        protocol=protocol,
        time_s=track.time_s,
        sides=tuple(_on_frames(track, mover, protocol, camera) for mover in found),
        warnings=(
            *readable.warnings(track, dict.fromkeys(legs)),
            *reading.warnings,
        ),
        view=reading.view,
        camera=camera,
    )
    said = notes_on(arcs_of([measurement]))
    return replace(measurement, warnings=(*measurement.warnings, *said))


def _movers(track: PoseTrack, read: SideReading, protocol: Protocol) -> list[Mover]:
    """Bring one side from the video's frames to an even clock, and find its reps."""
    clock_s = even_clock(track.time_s)
    rate_hz = 1 / float(clock_s[1] - clock_s[0])
    hidden = read.reason != ""
    named = {**read.traces, "dial_px": read.dial_px}
    together = _columns(named)
    together[hidden] = np.nan
    smoothed = smooth(resample(track.time_s, together, clock_s), rate_hz=rate_hz)
    traces = _named(smoothed, named)
    dial_px = traces.pop("dial_px")
    return [
        Mover(
            side=read.side,
            direction=direction,
            clock_s=clock_s,
            traces=traces,
            dial_px=dial_px,
            reason=read.reason,
            found=tuple(
                excursions(
                    clock_s,
                    traces[protocol.quantity],
                    direction=direction,
                    rules=protocol.rules,
                    rest=read.rest,
                )
            ),
        )
        for direction in protocol.directions
    ]


def _on_frames(
    track: PoseTrack, mover: Mover, protocol: Protocol, camera: Camera | None
) -> SideMeasurement:
    """Bring one side from the even clock back to the video's own frames."""
    seen = mover.reason == ""
    single = {name: each for name, each in mover.traces.items() if each.ndim == 1}
    named = {**single, "dial_px": mover.dial_px}
    there = resample(mover.clock_s, _columns(named), track.time_s)
    there[~seen] = np.nan
    traces = _named(there, named)
    dial_px = traces.pop("dial_px")
    valid = np.isfinite(traces[protocol.quantity])
    return SideMeasurement(
        side=mover.side,
        quantity=protocol.quantity,
        direction=mover.direction,
        movement=protocol.movements[mover.direction],
        traces=Traces(
            by_name=traces,
            valid=valid,
            reason=np.where(seen & ~valid, protocol.unreadable, mover.reason),
        ),
        reps=tuple(
            rep_of(number, found, mover, protocol)
            for number, found in zip(mover.numbers, mover.found, strict=True)
        ),
        dial_px=dial_px if camera is None else camera.seen_px(dial_px),
    )


def _columns(named: _Traces) -> Array:
    """Lay traces of shape (n, ...) side by side, (n, columns)."""
    return np.concatenate([each.reshape(len(each), -1) for each in named.values()], 1)


def _named(together: Array, like: _Traces) -> _Traces:
    """Undo `_columns`: the traces again, of the shapes they have in `like`."""
    traces, first = {}, 0
    for name, each in like.items():
        width = int(np.prod(each.shape[1:]))
        columns = together[:, first : first + width]
        traces[name] = np.ascontiguousarray(columns).reshape(-1, *each.shape[1:])
        first += width
    return traces

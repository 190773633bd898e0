"""What a camera sees of one leg's test -> its film, and its measurement."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from hiprom.analysis import Analysis, analysis_of
from hiprom.capture.film import on_file_clock
from hiprom.capture.video import open_video
from hiprom.core.guide import GONE, WINDOW_S, Guide
from hiprom.core.scene import Key, Scene, Stage
from hiprom.recordings import company, making

if TYPE_CHECKING:
    from hiprom.capture.model import ModelStatus
    from hiprom.capture.recorder import Recorded
    from hiprom.capture.watching import Seen
    from hiprom.core import protocols
    from hiprom.core.camera import Camera
    from hiprom.core.landmarks import Side
    from hiprom.core.live import Now
    from hiprom.live.view import LiveView

# How long a screen may stand still when no frame comes.
_GLANCE_S = 0.1
# A camera as slow as this shows too little of a swing.
_SLOW_FPS = 12.0
# With fewer than this a second seen live, the film is measured once more, in full.
_FEWEST_A_SECOND = 12.0
_A_TICK_S = 1e-4
ASKED, STOPPED = "a key was pressed", "it was stopped by hand"
_FAULTS = {GONE: "nobody was in view any more."}
_KEYS = (
    (Key.NEXT, "this leg is done"),
    (Key.REPEAT, "start again"),
    (Key.MUTE, "voice on or off"),
    (Key.STOP, "finish"),
)


class Screen(Protocol):
    """Whatever shows a live test: a window, a terminal.

    `has_keys` tells whether the person can answer through it.
    """

    has_keys: bool

    def show(self, scene: Scene, seen: Seen | None, now: Now | None) -> Key | None:
        """Show one moment, and return the key that was pressed since the last."""
        ...


@dataclass(frozen=True)
class Test:
    """What is to be recorded.

    Attributes
    ----------
    protocol : Protocol
    side : {"left", "right"} or None
        None: whichever leg moves.
    film : Path
        Where the film goes; it must not exist.
    reps : int or None
        None: until the recording ends.
    seconds : float or None
        How long at most, from the first moment that is kept.
    camera : Camera or None
    target : dict of Side to float
        Last session's means, along the movement.
    """

    protocol: protocols.Protocol
    side: Side | None
    film: Path
    reps: int | None = None
    seconds: float | None = None
    camera: Camera | None = None
    target: dict[Side, float] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """What is being done, as a heading."""
        leg = f"{self.side.capitalize()} leg, " if self.side else ""
        title = f"{leg}{self.protocol.movement}"
        return title[0].upper() + title[1:]


@dataclass(frozen=True)
class Taken:
    """A test's film, and how it came to its end.

    Attributes
    ----------
    test : Test
    recorded : Recorded or None
        None if the test never began.
    start_s, end_s : float
        Of the film, on the camera's clock.
    recorded_at : datetime
    ended : str
        Why, in a few words.
    fault : str
        What cut it short, as a sentence; empty where it ended as it should.
    advice : tuple of str
        What there was to change about light, camera and seat.
    wish : Key or None
        What was pressed to end it.
    latency_ms : float
        Median from a frame's grab to its angle on the screen; NaN without one.
    """

    test: Test
    recorded: Recorded | None
    start_s: float
    end_s: float
    recorded_at: datetime
    ended: str
    fault: str
    advice: tuple[str, ...]
    wish: Key | None
    latency_ms: float


def take(view: LiveView, test: Test, screen: Screen) -> Taken:
    """Lead one leg through its test, and film it from the resting second on.

    Ctrl-C ends it like a key: what was recorded is kept.

    Raises
    ------
    ResultsError
        If no film can be begun.
    """
    guide = Guide(
        test.protocol,
        test.side,
        title=test.title,
        reps_wanted=test.reps,
        is_patient=view.source.is_live,
        target=test.target,
        camera=test.camera,
    )
    start_s, wish, ended = np.nan, None, ""
    recorded_at = datetime.now().astimezone()
    latencies_s: list[float] = []
    try:
        while not ended:
            is_new = view.look(_GLANCE_S)
            if is_new:
                guide.see(view.last(WINDOW_S))
            if guide.begun_s is None:
                view.forget()
            elif np.isnan(start_s):
                start_s = view.recorder.begin(test.film, guide.begun_s)
                ago = timedelta(seconds=view.now_s - start_s)
                recorded_at = datetime.now().astimezone() - ago
            scene = replace(guide.scene(), keys=_KEYS)
            scene = replace(scene, hints=(*_about_camera(view, scene), *scene.hints))
            wish = screen.show(scene, view.newest, guide.now)
            if is_new and view.newest and guide.now:
                latencies_s.append(time.monotonic() - view.newest.grabbed.at_s)
            ended = guide.ended or _ended(view, test, scene, wish)
    except KeyboardInterrupt:
        ended, wish = STOPPED, Key.STOP
    fault = view.failure or view.recorder.failure
    return Taken(
        test,
        recorded=view.recorder.end() if view.recorder.is_filming else None,
        start_s=start_s,
        end_s=view.now_s,
        recorded_at=recorded_at,
        ended=ended,
        fault=str(fault) if fault else _FAULTS.get(ended, ""),
        advice=guide.advice,
        wish=wish,
        latency_ms=1e3 * float(np.median(latencies_s)) if latencies_s else np.nan,
    )


def measured(
    taken: Taken, view: LiveView, bundle: ModelStatus, *, subject: str | None
) -> Analysis:
    """Measure a test from what was seen while it was filmed.

    Raises
    ------
    MeasurementError
        If the recording does not support a measurement.
    """
    test, recorded = taken.test, taken.recorded
    assert recorded is not None
    until_s = taken.start_s + recorded.duration_s + _A_TICK_S
    track = view.track(taken.start_s, until_s)
    on_film_s = [on_file_clock(time_s - taken.start_s) for time_s in track.time_s]
    track = replace(track, time_s=np.array(on_film_s))
    with open_video(recorded.path) as film:
        video = asdict(film.facts)
    video |= {
        "recorded_at": taken.recorded_at.isoformat(timespec="seconds"),
        "fps": track.fps,
        "frames": recorded.frames,
        "duration_s": recorded.duration_s,
        "coverage": recorded.frames / (recorded.frames + recorded.dropped),
        "corrupt_frames": 0,
    }
    warnings = [*marks(taken), *company(view.people(taken.start_s))]
    facts = making(bundle, view.estimator.isolation, video, warnings)
    facts["subject"] = subject
    facts["recording"] = how_recorded(taken, view)
    return analysis_of(
        track, facts, test.protocol, side=test.side or "auto", camera=test.camera
    )


def how_recorded(taken: Taken, view: LiveView) -> dict[str, Any]:
    """Return the facts of a recording that its film does not tell."""
    assert taken.recorded is not None
    return {
        "source": view.source.name,
        "ended": taken.ended,
        "frames": taken.recorded.frames,
        "frames_seen": len(view.track(taken.start_s, taken.end_s + _A_TICK_S)),
        "frames_dropped": taken.recorded.dropped,
        "latency_ms": taken.latency_ms,
    }


def marks(taken: Taken) -> tuple[str, ...]:
    """Return what a reader of the results should know about the recording."""
    recorded = taken.recorded
    assert recorded is not None
    said = [f"The recording was cut short: {taken.fault}"] if taken.fault else []
    if recorded.dropped > 0.02 * recorded.frames:
        said.append(
            f"{recorded.dropped} pictures are missing from the film: the machine or "
            "its disk was too slow. Close other programs while you record."
        )
    return tuple(said)


def is_sparse(taken: Taken, view: LiveView) -> bool:
    """Whether the model saw too little of a film, so that it is better read again."""
    recorded = taken.recorded
    if recorded is None or recorded.frames < 2:
        return False
    seen = len(view.track(taken.start_s, taken.end_s))
    return (
        seen / recorded.duration_s < _FEWEST_A_SECOND and seen < 0.8 * recorded.frames
    )


def _ended(view: LiveView, test: Test, scene: Scene, wish: Key | None) -> str:
    """Return why the test is over, or nothing while it is not."""
    if wish in {Key.NEXT, Key.REPEAT, Key.STOP}:
        return STOPPED if wish is Key.STOP else ASKED
    if test.seconds is not None and scene.recorded_s >= test.seconds:
        return "the time was over"
    if view.recorder.failure:
        return "the film could not be written any more"
    if view.is_over:
        return "the camera stopped" if view.failure else "the film was over"
    return ""


def _about_camera(view: LiveView, scene: Scene) -> tuple[str, ...]:
    """Say what is wrong with the pictures themselves."""
    if scene.stage is not Stage.REPS and 0 < view.fps < _SLOW_FPS:
        return (
            f"Your camera gives only {view.fps:.0f} pictures a second. More light "
            "often helps; 15 or more are wanted.",
        )
    return ()

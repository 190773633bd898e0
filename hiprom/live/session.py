"""A guided session: consent, one leg after the other, and what each came to."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from hiprom.core.scene import Key, Outcome, Scene, Stage
from hiprom.errors import MeasurementError, StoreError
from hiprom.keeping import of_this_session
from hiprom.live.trial import (
    Screen,
    Taken,
    Test,
    how_recorded,
    is_sparse,
    marks,
    measured,
    take,
)

if TYPE_CHECKING:
    from hiprom.analysis import Analysis
    from hiprom.capture.model import ModelStatus
    from hiprom.core.camera import Camera
    from hiprom.core.landmarks import Side
    from hiprom.core.protocols import Protocol
    from hiprom.keeping import Kept
    from hiprom.live.view import LiveView

# A result stays this long before the next leg begins by itself, or the session ends.
_READ_S, _LEAVE_S = 10.0, 300.0
_GLANCE_S = 0.1


@dataclass(frozen=True)
class Plan:
    """What a session is to hold.

    Attributes
    ----------
    protocol : Protocol
    sides : tuple of {"left", "right", None}
        One test each, in order; None measures whichever leg moves.
    out : Path
        Where films and results go.
    subject : str or None
    reps : int or None
    seconds : float or None
    camera : Camera or None
    target : dict of Side to float
    """

    protocol: Protocol
    sides: tuple[Side | None, ...]
    out: Path
    subject: str | None
    reps: int | None
    seconds: float | None
    camera: Camera | None
    target: dict[Side, float]


@dataclass(frozen=True)
class Done:
    """One recorded test: its measurement, or why there is none.

    `kept` is its place in the history, None where it joined none. `refusal` says why
    there is no measurement, or why the history did not take it.
    """

    taken: Taken
    analysis: Analysis | None
    refusal: str
    kept: Kept | None = None
    is_repeated: bool = False


class Session:
    """Leads through a plan, leg by leg.

    Parameters
    ----------
    plan : Plan
    screen : Screen
    keep : callable
        Lets an analysis join the history; None where there is none.
    again : callable
        Measures a film in full, where the model saw too little of it live.
    """

    def __init__(
        self,
        plan: Plan,
        screen: Screen,
        *,
        keep: Callable[[Analysis], Kept | None],
        again: Callable[[Taken], Analysis],
    ) -> None:
        self._plan, self._screen = plan, screen
        self._keep, self._again = keep, again
        self._done: list[Done] = []

    def consent(self) -> bool:
        """Say what is recorded and where it stays, before the camera is switched on."""
        plan = self._plan
        history = (
            f"The numbers join the history of {plan.subject} on this machine."
            if plan.subject
            else "No history is kept, since no subject is named."
        )
        scene = Scene(
            Stage.CONSENT,
            title="Before you begin",
            instruction="Your camera films you while you do the test",
            hints=(
                f"The film and its results go to {plan.out.resolve()}. {history}",
                "Nothing is sent anywhere. You can stop at any time, and delete the "
                "film like any other file.",
            ),
            keys=((Key.NEXT, "I agree, begin"), (Key.STOP, "leave")),
            spoken="Before you begin, please read what is on the screen.",
        )
        if not self._screen.has_keys:
            self._screen.show(scene, None, None)
            return True
        return self._wait(scene, None, patience_s=np.inf) is Key.NEXT

    def run(self, view: LiveView, bundle: ModelStatus) -> list[Done]:
        """Take every test of the plan, and return what they came to.

        Raises
        ------
        CaptureError
            If the camera or the pose model failed before anything was recorded.
        ResultsError
            If no film can be written.
        """
        for number, side in enumerate(self._plan.sides):
            is_last = number == len(self._plan.sides) - 1
            while True:
                taken = take(view, self._test(side), self._screen)
                if taken.recorded is None or taken.recorded.frames == 0:
                    wish = self._without_film(taken, view)
                elif taken.wish is Key.REPEAT:
                    self._done.append(Done(taken, None, "", is_repeated=True))
                    wish = Key.REPEAT
                else:
                    self._done.append(self._finish(taken, view, bundle))
                    wish = self._show_result(view, is_last=is_last)
                if wish is not Key.REPEAT:
                    break
            if wish is Key.STOP or view.is_over:
                break
        return self._done

    def _test(self, side: Side | None) -> Test:
        plan = self._plan
        who = re.sub(r"[^\w-]+", "_", plan.subject or "trial")
        now = datetime.now().astimezone().strftime("%Y-%m-%d_%H%M%S")
        name = "_".join([who, plan.protocol.name, *([side] if side else []), now])
        return Test(
            plan.protocol,
            side,
            plan.out / f"{name}.mp4",
            plan.reps,
            plan.seconds,
            plan.camera,
            plan.target,
        )

    def _without_film(self, taken: Taken, view: LiveView) -> Key | None:
        """Nothing was recorded: say why, if it was not by request."""
        if view.failure:
            raise view.failure
        if taken.wish is None:
            advice = taken.advice[0] if taken.advice else "Nobody was seen."
            self._done.append(Done(taken, None, f"No test was begun. {advice}"))
        return taken.wish

    def _finish(self, taken: Taken, view: LiveView, bundle: ModelStatus) -> Done:
        try:
            if is_sparse(taken, view):
                view.rest(is_resting=True)
                analysis = self._again(taken)
                for facts in (analysis.facts, analysis.summary):
                    facts["recording"] = how_recorded(taken, view)
                    facts["warnings"] = [*marks(taken), *facts["warnings"]]
            else:
                analysis = measured(taken, view, bundle, subject=self._plan.subject)
        except MeasurementError as refusal:
            return Done(taken, None, str(refusal))
        finally:
            view.rest(is_resting=False)
        try:
            return Done(taken, analysis, "", self._keep(analysis))
        except StoreError as refusal:
            return Done(taken, analysis, str(refusal))

    def _show_result(self, view: LiveView, *, is_last: bool) -> Key | None:
        newest = self._done[-1]
        outcomes = tuple(
            outcome
            for done in self._done
            if done.analysis and not done.is_repeated
            for outcome in outcomes_of(done)
        )
        scene = Scene(
            Stage.RESULT,
            title=newest.taken.test.title,
            instruction="Done"
            if newest.analysis
            else "No repetition could be measured",
            hints=(newest.refusal,) if newest.refusal else _worth_knowing(newest),
            outcomes=outcomes,
            keys=_answers(is_last=is_last, is_over=view.is_over),
            spoken=_in_speech(outcomes),
        )
        is_alone = not self._screen.has_keys
        if newest.taken.wish is Key.STOP or (view.is_over and is_alone):
            self._screen.show(scene, view.newest, None)
            return Key.STOP
        patience_s = _READ_S
        if is_last or view.is_over:
            patience_s = _LEAVE_S if self._screen.has_keys else 0.0
        wish = self._wait(scene, view, patience_s=patience_s)
        if wish is Key.REPEAT:
            self._done[-1] = replace(newest, is_repeated=True)
        return wish

    def _wait(
        self, scene: Scene, view: LiveView | None, *, patience_s: float
    ) -> Key | None:
        """Show a scene until a key is pressed, or for so long."""
        began_s = time.monotonic()
        while True:
            if view is None or view.is_over:
                time.sleep(_GLANCE_S / 2)
            else:
                view.look(_GLANCE_S)
                view.forget()
            key = self._screen.show(scene, view.newest if view else None, None)
            scene = replace(scene, spoken="")
            if key in {Key.NEXT, Key.REPEAT, Key.STOP}:
                return key
            if time.monotonic() - began_s > patience_s:
                return None


def outcomes_of(done: Done) -> tuple[Outcome, ...]:
    """Return what each leg of a test came to, with what changed since last time."""
    if done.analysis is None:
        return ()
    measurement = done.analysis.measurement
    compared: dict[str, str] = {}
    for progress in of_this_session(done.kept) if done.kept else ():
        changes = progress.changes
        compared[progress.measure.side] = (
            f"{abs(changes[0].change):.0f}° {changes[0].direction} since last "
            f"time, {changes[0].verdict}"
            if changes
            else "The first session; the next one will be compared with it"
        )
    direction = measurement.protocol.direction
    found = []
    for side in measurement.sides:
        ends = sorted(direction * end for end in side.mean_interval)
        found.append(
            Outcome(
                side.side,
                reps=len(side.end_ranges),
                mean=direction * side.mean,
                low=ends[0],
                high=ends[1],
                comparison=compared.get(side.side, ""),
            )
        )
    return tuple(found)


def _answers(*, is_last: bool, is_over: bool) -> tuple[tuple[Key, str], ...]:
    if is_over:
        return ((Key.NEXT, "finish"),)
    repeat = (Key.REPEAT, "repeat this leg")
    if is_last:
        return ((Key.NEXT, "finish"), repeat)
    return ((Key.NEXT, "next leg"), repeat, (Key.STOP, "finish"))


def _worth_knowing(done: Done) -> tuple[str, ...]:
    assert done.analysis is not None
    return tuple(done.analysis.summary["warnings"])


def _in_speech(outcomes: tuple[Outcome, ...]) -> str:
    if not outcomes or not np.isfinite(outcomes[-1].mean):
        return "No repetition could be measured."
    newest = outcomes[-1]
    return f"{newest.side} leg: {newest.mean:.0f}°. {newest.comparison}".strip()

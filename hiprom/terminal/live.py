"""Scenes of a live test -> a calm screen in a terminal; without one, plain lines."""

from __future__ import annotations

import math
import time
from types import TracebackType
from typing import Self

from rich.box import SIMPLE_HEAD
from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from hiprom.core.scene import Outcome, Scene, Stage
from hiprom.terminal import err

_LEAST_S = 0.1  # between two drawings, so that eyes three metres away find rest
_BETWEEN_BELLS_S = 0.3  # terminals make one sound of two that follow at once
_WIDEST = 100  # columns
_HINTS = 4
# The ends of the gauge, degrees: those of the window's.
_LOWEST, _HIGHEST = -10.0, 60.0
_SCALE = (0, 20, 40, 60)
_ENDING = "Ctrl-C ends the recording and keeps what was recorded"
_MOVING = (Stage.STILL, Stage.REPS)


class LiveTerminal:
    """A terminal that shows a live test while the context lasts.

    In a terminal it is a screen with a gauge, and a bell: one for each repetition, two
    when repetitions begin and when the result is there. The result stays in the
    terminal afterwards; nothing else does. Where stderr is no terminal it is one line
    for each thing that is new.

    Parameters
    ----------
    console : Console
    """

    def __init__(self, console: Console = err) -> None:
        self._console = console
        self._live: Live | None = None
        self._scene: Scene | None = None
        self._drawn_s = self._rang_s = -math.inf
        self._bells = 0

    def __enter__(self) -> Self:
        if self._console.is_terminal and not self._console.is_dumb_terminal:
            self._live = Live(
                console=self._console,
                auto_refresh=False,
                transient=True,
                redirect_stdout=False,
                vertical_overflow="crop",
            )
            self._live.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._live is None:
            return
        self._live.stop()
        self._live = None
        if self._bells:
            self._console.bell()
        if self._scene and self._scene.stage is Stage.RESULT:
            self._console.print(_results(self._scene.outcomes))

    def show(self, scene: Scene) -> None:
        """Show a scene; call it as often as there is one.

        What is to be read appears at once, and what moves ten times a second at most.
        """
        before, self._scene = self._scene, scene
        if self._live is None:
            line = _news(before, scene)
            if line:
                self._console.print(Text(line), soft_wrap=True)
            return
        now_s = time.monotonic()
        is_new = before is None or _to_read(before) != _to_read(scene)
        if is_new or now_s - self._drawn_s >= _LEAST_S:
            self._live.update(_screen(scene, self._console.width), refresh=True)
            self._drawn_s = now_s
        self._bells = 0 if scene.is_muted else self._bells + _bells(before, scene)
        if self._bells and now_s - self._rang_s >= _BETWEEN_BELLS_S:
            self._console.bell()
            self._rang_s = now_s
            self._bells -= 1


def _to_read(scene: Scene) -> tuple[object, ...]:
    return scene.stage, scene.title, scene.instruction, scene.hints, scene.reps_done


def _bells(before: Scene | None, scene: Scene) -> int:
    if before is None or before.stage is not scene.stage:
        return 2 if scene.stage in {Stage.REPS, Stage.RESULT} else 0
    return 1 if scene.reps_done > before.reps_done else 0


def _news(before: Scene | None, scene: Scene) -> str:
    """Return what is new since the scene before, in one line; empty if nothing is."""
    is_stage_new = before is None or before.stage is not scene.stage
    news = []
    if scene.reps_done and (before is None or before.reps_done != scene.reps_done):
        news.append(_reps(scene))
        if math.isfinite(scene.furthest):
            news[-1] += f", furthest {round(scene.furthest)} degrees"
    if is_stage_new or before is None or before.instruction != scene.instruction:
        news.append(scene.instruction)
    if scene.stage is Stage.RESULT and is_stage_new:
        news += map(_outcome, scene.outcomes)
    if is_stage_new:
        # Where a recording stays is said in several sentences, before it begins.
        news += scene.hints[: None if scene.stage is Stage.CONSENT else 1]
    elif before is not None and scene.hints[:1] != before.hints[:1]:
        news += scene.hints[:1]
    *others, last = [each for each in news if each] or [""]
    ended = [each if each.endswith((".", "?", "!")) else f"{each}." for each in others]
    return _clean(f"{scene.title}: {' '.join([*ended, last])}") if last else ""


def _screen(scene: Scene, width: int) -> RenderableType:
    width = min(width, _WIDEST)
    inside: list[RenderableType] = [Text(_clean(scene.instruction), "bold")]
    if scene.stage in _MOVING:
        inside += ["", _instruments(scene, width - 6)]
    if scene.stage is Stage.RESULT:
        inside += ["", _results(scene.outcomes)]
    if scene.hints:
        inside += ["", _hints(scene)]
    notes = [_ENDING] * (scene.stage is not Stage.RESULT)
    notes += ["sound off"] * scene.is_muted
    return Panel(
        Group(*inside),
        title=Text(_clean(scene.title), "bold cyan"),
        title_align="left",
        subtitle=Text(" · ".join(notes), "dim"),
        subtitle_align="left",
        border_style="dim",
        padding=(1, 2),
        width=width,
    )


def _instruments(scene: Scene, width: int) -> Table:
    """Lay out angle, hold, repetitions and the length of the recording."""
    cells = max(width - 10 - 9, 10)
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(style="dim", width=8)
    grid.add_column(width=cells, no_wrap=True)
    grid.add_column(width=5, justify="right", no_wrap=True)
    angle = f"{round(scene.angle)}°" if math.isfinite(scene.angle) else "?"
    grid.add_row("angle", _gauge(scene, cells), Text(angle, "bold"))
    grid.add_row("", _scale(cells), "")
    marks = Text()
    for mark, name, value in (
        (("◆", "yellow"), "last time", scene.target),
        (("┃", "bold"), "furthest", scene.furthest),
    ):
        if math.isfinite(value):
            marks.append_text(
                Text.assemble(mark, (f" {name} {round(value)}°   ", "default"))
            )
    grid.add_row("", marks, "")
    grid.add_row("", "", "")
    done = round(min(max(scene.held_share, 0.0), 1.0) * cells)
    colour = "bold green" if scene.held_share >= 1 else "cyan"
    hold = Text.assemble(("━" * done, colour), ("─" * (cells - done), "dim"))
    grid.add_row("hold", hold, Text("✓" if scene.held_share >= 1 else "", "green"))
    dots = _dots(scene.reps_done, scene.reps_wanted)
    grid.add_row("reps", Text.assemble(_reps(scene), (dots, "green")), "")
    if scene.recorded_s > 0:
        minutes, seconds = divmod(int(scene.recorded_s), 60)
        grid.add_row("recorded", Text(f"{minutes}:{seconds:02d}"), "")
    return grid


def _gauge(scene: Scene, cells: int) -> Text:
    """Draw a bar from zero to the angle, with last session's mean and the furthest."""
    zero = _cell(0.0, cells)
    angle = _cell(scene.angle, cells) if math.isfinite(scene.angle) else zero
    line = Text("─" * zero + "┼" + "─" * (cells - zero - 1), "dim")
    first, last = sorted((zero, angle))
    bar = Text.assemble(line[:first], ("━" * (last - first), "bold cyan"), line[last:])
    for value, sign, style in (
        (scene.target, "◆", "yellow"),
        (scene.furthest, "┃", "bold"),
    ):
        if math.isfinite(value):
            at = _cell(value, cells)
            bar = Text.assemble(bar[:at], (sign, style), bar[at + 1 :])
    return bar


def _scale(cells: int) -> Text:
    scale = [" "] * (cells + 3)
    for number in _SCALE:
        at = _cell(float(number), cells)
        scale[at : at + len(str(number))] = str(number)
    return Text("".join(scale)[:cells], "dim")


def _cell(angle: float, cells: int) -> int:
    share = (angle - _LOWEST) / (_HIGHEST - _LOWEST)
    return round(min(max(share, 0.0), 1.0) * (cells - 2))


def _dots(done: int, wanted: int | None) -> str:
    if wanted is None or wanted > 12:
        return ""
    return "   " + "● " * min(done, wanted) + "○ " * (wanted - done)


def _reps(scene: Scene) -> str:
    if scene.reps_wanted is None:
        return str(scene.reps_done)
    return f"{scene.reps_done} of {scene.reps_wanted}"


def _hints(scene: Scene) -> Table:
    is_advice = scene.stage not in {Stage.CONSENT, Stage.RESULT}
    grid = Table.grid(padding=(0, 1))
    for hint in scene.hints[: _HINTS if is_advice else None]:
        mark = Text("!", "yellow") if is_advice else Text("•", "dim")
        grid.add_row(mark, Text(_clean(hint)))
    return grid


def _results(outcomes: tuple[Outcome, ...]) -> Table:
    table = Table(header_style="dim", box=SIMPLE_HEAD, show_edge=False)
    table.add_column("side", no_wrap=True)
    for heading in ("mean", "95 % interval", "reps"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("since last time")
    for each in outcomes:
        has_mean = math.isfinite(each.mean)
        has_interval = math.isfinite(each.low) and math.isfinite(each.high)
        table.add_row(
            each.side,
            Text(f"{each.mean:.1f}°" if has_mean else "", "bold"),
            f"{each.low:.1f} to {each.high:.1f}°" if has_interval else "",
            str(each.reps),
            Text(_clean(each.comparison)),
        )
    return table


def _outcome(each: Outcome) -> str:
    side = each.side.capitalize()
    if not math.isfinite(each.mean):
        return f"{side}: no repetition that counts"
    interval = (
        f" ({each.low:.1f} to {each.high:.1f})" if math.isfinite(each.low) else ""
    )
    count = "1 repetition" if each.reps == 1 else f"{each.reps} repetitions"
    mean = f"{side}: {each.mean:.1f} degrees{interval}, mean of {count}"
    return f"{mean}. {each.comparison}" if each.comparison else mean


def _clean(text: str) -> str:
    """Return a text without what would move a cursor or change a colour."""
    return "".join(sign if sign.isprintable() else " " for sign in text)

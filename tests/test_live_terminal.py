"""Tests for hiprom.terminal.live: in a real terminal, and without one."""

import math
import os
import re
import signal
import subprocess
import sys
import textwrap
import threading
import time
from contextlib import suppress
from dataclasses import replace

import pytest
from rich.console import Console

from hiprom.core.scene import Key, Outcome, Scene, Stage
from hiprom.terminal.live import LiveTerminal

pty = pytest.importorskip("pty", reason="no pseudo-terminals on this system")
termios = pytest.importorskip("termios")

TITLE = "Left leg, internal rotation"
REPS = Scene(
    stage=Stage.REPS,
    title=TITLE,
    instruction="Hold",
    side="left",
    angle=34.4,
    furthest=36.2,
    target=31.0,
    held_share=0.5,
    reps_done=2,
    reps_wanted=5,
    recorded_s=72.9,
    keys=((Key.MUTE, "sound off"),),
)
CONSENT = Scene(
    Stage.CONSENT,
    "Seated hip rotation",
    "Ready?",
    hints=("It stays on this machine.", "Nothing is sent anywhere."),
)
POSITION = Scene(
    Stage.POSITION, TITLE, "Almost right", hints=("Turn the camera left.",)
)
RESULT = Scene(
    Stage.RESULT,
    TITLE,
    "Done",
    outcomes=(
        Outcome("left", 5, 34.24, 31.04, 37.44, "Since last time: +2.1°, further"),
        Outcome("right", 0, math.nan, math.nan, math.nan),
    ),
)
HIDDEN, SHOWN = "\x1b[?25l", "\x1b[?25h"


class Terminal:
    """A pseudo-terminal and everything that was written to it."""

    def __init__(self, width=80, height=24):
        self.end, inner = pty.openpty()
        self.file = os.fdopen(inner, "w", encoding="utf-8")
        self.console = Console(
            file=self.file,
            width=width,
            height=height,
            highlight=False,
            _environ={"TERM": "xterm-256color"},
        )
        self._written = b""
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self):
        try:
            while some := os.read(self.end, 65536):
                self._written += some
        except OSError:  # the other end was closed
            return

    def written(self):
        """Close the terminal and return what it was given."""
        self.file.close()
        self._reader.join()
        os.close(self.end)
        return self._written.decode()

    def screens(self):
        """Close the terminal and return each drawing as plain text."""
        text = re.sub(r"\x1b\[[\d;?]*[A-Za-z]|[\r\a]", "", self.written())
        return ["╭" + each for each in text.split("╭")[1:]]


@pytest.fixture
def make_terminal():
    made = []

    def make(**size):
        made.append(Terminal(**size))
        return made[-1]

    yield make
    for terminal in made:
        if not terminal.file.closed:
            terminal.written()


def lines_without_a_terminal(*scenes):
    """Return what is written where nobody watches."""
    read, write = os.pipe()
    with (
        os.fdopen(read, encoding="utf-8") as end,
        os.fdopen(write, "w", encoding="utf-8") as file,
    ):
        with LiveTerminal(Console(file=file)) as live:
            for scene in scenes:
                live.show(scene)
        file.close()
        return end.read()


def test_the_screen_shows_what_is_to_be_done_and_how_far_it_is(make_terminal):
    terminal = make_terminal()

    with LiveTerminal(terminal.console) as live:
        live.show(replace(REPS, hints=("Keep the pelvis level.",)))

    screen = terminal.screens()[0]
    for words in (
        TITLE,
        "Hold",
        "34°",
        "last time 31°",
        "furthest 36°",
        "2 of 5   ● ● ○ ○ ○",
        "1:12",
        "! Keep the pelvis level.",
        "Ctrl-C ends the recording and keeps what was recorded",
    ):
        assert words in screen
    assert "sound off" not in screen
    assert all(len(line) == 80 for line in screen.splitlines()[:14])


@pytest.mark.parametrize(
    ("angle", "held", "filled"), [(0, 0, 0), (10, 0, 7), (-10, 0, 8), (0, 1, 55)]
)
def test_the_bars_are_as_long_as_what_they_show(make_terminal, angle, held, filled):
    terminal = make_terminal()
    scene = replace(REPS, angle=angle, held_share=held, target=math.nan)

    with LiveTerminal(terminal.console) as live:
        live.show(replace(scene, furthest=math.nan))

    assert terminal.screens()[0].count("━") == filled


@pytest.mark.parametrize("angle", [math.nan, -90.0, 400.0, -0.3])
@pytest.mark.parametrize("size", [(80, 24), (20, 5), (300, 90)])
def test_every_angle_fits_every_terminal(make_terminal, angle, size):
    terminal = make_terminal(width=size[0], height=size[1])
    wanted = replace(REPS, angle=angle, furthest=angle, held_share=7.0, reps_done=99)

    with LiveTerminal(terminal.console) as live:
        for reps in (None, 0, 5, 40):
            live.show(replace(wanted, reps_wanted=reps, instruction=str(reps)))

    screens = terminal.screens()
    assert len(screens) >= 4
    assert max(map(len, screens[0].splitlines())) <= min(size[0], 100)
    assert size[0] < 80 or not any("…" in screen for screen in screens)
    assert "-0°" not in screens[0]


def test_what_moves_is_drawn_ten_times_a_second_at_most(make_terminal):
    terminal = make_terminal()

    with LiveTerminal(terminal.console) as live:
        began = time.monotonic()
        while time.monotonic() - began < 0.55:
            live.show(replace(REPS, angle=time.monotonic() % 40))
            time.sleep(0.002)

    assert 3 <= len(terminal.screens()) <= 8  # six, the first, and the last on leaving


@pytest.mark.parametrize(
    "news",
    [
        {"instruction": "Slowly back"},
        {"reps_done": 3},
        {"stage": Stage.POSITION},
        {"title": "Right leg"},
        {"hints": ("Sit upright.",)},
    ],
)
def test_what_is_to_be_read_is_drawn_at_once(make_terminal, news):
    terminal = make_terminal()

    with LiveTerminal(terminal.console) as live:
        live.show(REPS)
        live.show(replace(REPS, angle=1.0))
        live.show(replace(REPS, angle=2.0, **news))
        drawn = live._drawn_s
        live.show(replace(REPS, angle=3.0, **news))

        assert live._drawn_s == drawn
    assert len(terminal.screens()) == 3


@pytest.mark.parametrize(
    ("before", "after", "bells"),
    [
        (POSITION, replace(POSITION, instruction="Nearly"), 0),
        (POSITION, replace(REPS, reps_done=0), 2),
        (REPS, replace(REPS, reps_done=3), 2 + 1),
        (REPS, replace(REPS, reps_done=0, title="Right leg"), 2),
        (REPS, RESULT, 2 + 2),
        (POSITION, replace(RESULT, is_muted=True), 0),
        (REPS, POSITION, 2),
    ],
)
def test_a_repetition_rings_once_and_a_new_stage_twice(
    make_terminal, monkeypatch, before, after, bells
):
    monkeypatch.setattr("hiprom.terminal.live._BETWEEN_BELLS_S", 0.01)
    terminal = make_terminal()

    with LiveTerminal(terminal.console) as live:
        for scene in (*[before] * 5, *[after] * 5):
            live.show(scene)
            time.sleep(0.015)

    assert terminal.written().count("\a") == bells


def test_two_rings_are_apart(make_terminal):
    terminal = make_terminal()

    with LiveTerminal(terminal.console) as live:
        live.show(REPS)
        time.sleep(0.1)
        live.show(REPS)
        time.sleep(0.05)

        assert terminal._written.count(b"\a") == 1
        time.sleep(0.2)
        live.show(REPS)
        time.sleep(0.05)
        assert terminal._written.count(b"\a") == 2


def test_a_ring_still_due_is_heard_on_leaving(make_terminal):
    terminal = make_terminal()

    with LiveTerminal(terminal.console) as live:
        live.show(RESULT)

    assert terminal.written().count("\a") == 2


def test_muting_silences_the_bell_and_says_so(make_terminal):
    terminal = make_terminal()

    with LiveTerminal(terminal.console) as live:
        live.show(replace(REPS, is_muted=True))
        live.show(replace(REPS, is_muted=True, reps_done=3))

    written = terminal.written()
    assert "\a" not in written
    assert "sound off" in written


def test_the_result_stays_and_the_screen_goes(make_terminal):
    terminal = make_terminal()

    with LiveTerminal(terminal.console) as live:
        live.show(REPS)
        live.show(RESULT)

    written = terminal.written()
    last = written.rsplit("\x1b[2K", 1)[1]
    words = re.sub(r"\x1b\[[\d;?]*[A-Za-z]", "", last)
    assert "╭" not in words
    for cell in ("34.2°", "31.0 to 37.4°", "Since last time: +2.1°, further", "right"):
        assert cell in words
    assert written.rindex(SHOWN) > written.rindex(HIDDEN)


def test_without_a_result_nothing_stays(make_terminal):
    terminal = make_terminal()

    with LiveTerminal(terminal.console) as live:
        live.show(REPS)

    last = terminal.written().rsplit("\x1b[2K", 1)[1]
    assert re.sub(r"\x1b\[[\d;?]*[A-Za-z]|[\s\a]", "", last) == ""


def test_a_text_cannot_draw_on_the_terminal(make_terminal):
    terminal = make_terminal()
    evil = "\x1b[2J\x1b]0;x\x07[red]bold[/]\n\r\b"
    scene = replace(REPS, title=evil, instruction=evil, hints=(evil,), is_muted=True)
    outcome = replace(RESULT.outcomes[0], comparison=evil)

    with LiveTerminal(terminal.console) as live:
        live.show(scene)
        live.show(replace(scene, stage=Stage.RESULT, outcomes=(outcome,)))

    written = terminal.written()
    assert not [sign for sign in ("\x1b[2J", "\x1b]", "\a", "\b") if sign in written]
    assert "[red]bold[/]" in written


def run_in_a_terminal(script, ends_with):
    """Run a script whose stderr is a terminal; return what it wrote, and its modes."""
    end, inner = pty.openpty()
    before = termios.tcgetattr(inner)
    child = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(script)],
        stdin=inner,
        stdout=subprocess.DEVNULL,
        stderr=inner,
        env=os.environ
        | {"PYTHONPATH": os.pathsep.join(sys.path), "TERM": "xterm-256color"},
    )
    os.set_blocking(end, False)
    written = ""
    while (is_running := child.poll() is None) or ends_with:
        if ends_with and "Hold" in written:
            child.send_signal(ends_with)
            ends_with = None
        with suppress(BlockingIOError):
            written += os.read(end, 65536).decode()
        assert is_running or not ends_with, written
        time.sleep(0.01)
    with suppress(BlockingIOError):
        written += os.read(end, 65536).decode()
    after = termios.tcgetattr(inner)
    os.close(inner)
    os.close(end)
    return written, before == after


@pytest.mark.parametrize(
    ("what_happens", "ends_with", "last_words"),
    [
        ("raise RuntimeError('the camera is gone')", None, "the camera is gone"),
        ("[time.sleep(0.05) for _ in range(600)]", signal.SIGINT, "KeyboardInterrupt"),
    ],
)
def test_the_terminal_is_left_as_it_was(what_happens, ends_with, last_words):
    script = f"""
        import signal, time
        signal.signal(signal.SIGINT, signal.default_int_handler)
        from hiprom.core.scene import Scene, Stage
        from hiprom.terminal.live import LiveTerminal
        with LiveTerminal() as live:
            live.show(Scene(Stage.REPS, "Left leg", "Hold"))
            {what_happens}
    """

    written, are_modes_kept = run_in_a_terminal(script, ends_with)

    assert are_modes_kept
    assert written.rindex(SHOWN) > written.rindex(HIDDEN)
    assert written.rindex(last_words) > written.rindex("Hold")
    assert "\x1b[?1049" not in written


def test_without_a_terminal_each_thing_that_is_new_is_one_line():
    written = lines_without_a_terminal(
        CONSENT,
        POSITION,
        replace(POSITION, hints=()),
        replace(POSITION, hints=("Sit upright.", "And more.")),
        replace(POSITION, hints=("Sit upright.", "And other.")),
        replace(REPS, reps_done=0, furthest=math.nan, instruction="Turn out"),
        replace(REPS, reps_done=0, furthest=math.nan),
        replace(REPS, reps_done=1, furthest=math.nan),
        *(replace(REPS, angle=float(angle), recorded_s=angle) for angle in range(40)),
        replace(REPS, reps_done=3, instruction="Slowly back", reps_wanted=None),
        RESULT,
        RESULT,
    )

    assert written.splitlines() == [
        "Seated hip rotation: Ready? It stays on this machine. "
        "Nothing is sent anywhere.",
        f"{TITLE}: Almost right. Turn the camera left.",
        f"{TITLE}: Sit upright.",
        f"{TITLE}: Turn out",
        f"{TITLE}: Hold",
        f"{TITLE}: 1 of 5",
        f"{TITLE}: 2 of 5, furthest 36 degrees",
        f"{TITLE}: 3, furthest 36 degrees. Slowly back",
        f"{TITLE}: Done. Left: 34.2 degrees (31.0 to 37.4), mean of 5 repetitions. "
        "Since last time: +2.1°, further. Right: no repetition that counts",
    ]


def test_without_a_terminal_no_control_characters_are_written():
    written = lines_without_a_terminal(
        CONSENT, replace(REPS, instruction="\x1b[31mred\x07 [bold]x[/]\nnew"), RESULT
    )

    assert all(sign.isprintable() or sign == "\n" for sign in written)
    assert len(written.splitlines()) == 3
    assert "[bold]x[/] new" in written


def test_a_dumb_terminal_is_given_plain_lines(make_terminal):
    terminal = make_terminal()
    terminal.console._environ = {"TERM": "dumb"}

    with LiveTerminal(terminal.console) as live:
        live.show(POSITION)
        live.show(REPS)

    written = terminal.written()
    assert "\x1b" not in written
    assert "\a" not in written
    assert len(written.splitlines()) == 2

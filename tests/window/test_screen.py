"""Tests for hiprom.window.screen: a real window on a screen that nobody sees."""

import ctypes
import ctypes.util
import os
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
import xvfb
from numpy.testing import assert_allclose

import hiprom

ROOT = Path(hiprom.__file__).parents[1]
WAIT_S = 15.0
LIBX11 = ctypes.util.find_library("X11")
needs_screen = pytest.mark.skipif(
    not (sys.platform.startswith("linux") and xvfb.XVFB),
    reason="Xvfb, a screen in memory, is not installed",
)
needs_keys = pytest.mark.skipif(
    not xvfb.XDOTOOL, reason="xdotool, which presses keys, is not installed"
)

# Four colours, none of them symmetric in red and blue or left and right.
COLOURS = [(200, 30, 10), (20, 180, 40), (10, 60, 220), (240, 230, 90)]
SHOW = """
import sys, time
import numpy as np
from hiprom.window.screen import Window
canvas = np.zeros((540, 960, 3), np.uint8)
for number, colour in enumerate({colours}):
    row, column = divmod(number, 2)
    canvas[270 * row : 270 * row + 270, 480 * column : 480 * column + 480] = colour
with Window("hiprom test") as window:
    window.show(canvas)
    print("shown", flush=True)
    ends = time.monotonic() + {seconds}
    while time.monotonic() < ends:
        key = window.show(canvas)
        if key is not None:
            print(key.name, flush=True)
            if key.name == {until!r}:
                break
    print(window.show(canvas) and "STOP ever after", flush=True)
window.close()
print("closed", flush=True)
"""
# Some of them share their last eight bits with keys that are used.
UNUSED = ("x", "Left", "Up", "Shift_L", "Tab", "F5")
ASK = "from hiprom.window.screen import is_available; print(is_available())"


@pytest.fixture(scope="module")
def display():
    """The name of a screen of 1280 by 800 that lives as long as these tests."""
    with xvfb.screen(1280, 800) as name:
        yield name


def surroundings(**changes):
    names = ("DISPLAY", "WAYLAND_DISPLAY", "XDG_SESSION_TYPE", "XDG_CURRENT_DESKTOP")
    kept = {name: value for name, value in os.environ.items() if name not in names}
    kept = {name: value for name, value in kept.items() if not name.startswith("QT_")}
    return kept | {"PYTHONPATH": str(ROOT)} | changes


def asked(**changes):
    done = subprocess.run(
        [sys.executable, "-c", ASK],
        env=surroundings(**changes),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.returncode, done.stdout.strip(), done.stderr


@contextmanager
def shown(display, *, until="STOP", **changes):
    """A process with an open window, which prints the keys that it is told."""
    code = SHOW.format(colours=COLOURS, seconds=WAIT_S, until=until)
    # On a bare screen, where no window manager takes its time, Qt now and then misses
    # that its window has come, and never paints it; with one that does not happen.
    for _ in range(8):
        with subprocess.Popen(
            [sys.executable, "-c", code],
            env=surroundings(DISPLAY=display, **changes),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            try:
                assert process.stdout.readline() == "shown\n", process.stderr.read()
                if is_painted(display):
                    yield process
                    return
            finally:
                process.kill()
    raise AssertionError("the window was never painted")


def is_painted(display):
    for _ in range(10):
        if is_there(screenshot(display)):
            return True
        time.sleep(0.1)
    return False


def is_there(screen):
    """Whether the first colour is anywhere on the screen."""
    return bool((np.abs(screen - COLOURS[0]).max(axis=-1) < 3).any())


def xdotool(display, *words):
    return subprocess.run(
        [xvfb.XDOTOOL, *words],
        env=surroundings(DISPLAY=display),
        capture_output=True,
        text=True,
        timeout=20,
        check=True,
    ).stdout


class ClientMessage(ctypes.Structure):
    """Xlib's event of that name, as long as its largest one."""

    _fields_ = (
        ("type", ctypes.c_int),
        ("serial", ctypes.c_ulong),
        ("send_event", ctypes.c_int),
        ("display", ctypes.c_void_p),
        ("window", ctypes.c_ulong),
        ("message_type", ctypes.c_ulong),
        ("format", ctypes.c_int),
        ("longs", ctypes.c_long * 5),
        ("rest", ctypes.c_long * 12),
    )


def press_close_button(display, window):
    """Do what a desktop does when a window's close button is pressed."""
    x = ctypes.CDLL(LIBX11)
    x.XOpenDisplay.restype = ctypes.c_void_p
    x.XInternAtom.restype = ctypes.c_ulong
    x.XInternAtom.argtypes = (ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int)
    x.XSendEvent.argtypes = (
        *(ctypes.c_void_p, ctypes.c_ulong, ctypes.c_int, ctypes.c_long),
        ctypes.POINTER(ClientMessage),
    )
    x.XCloseDisplay.argtypes = (ctypes.c_void_p,)
    desktop = x.XOpenDisplay(display.encode())
    event = ClientMessage(type=33, window=window, format=32)
    event.message_type = x.XInternAtom(desktop, b"WM_PROTOCOLS", 0)
    event.longs[0] = x.XInternAtom(desktop, b"WM_DELETE_WINDOW", 0)
    x.XSendEvent(desktop, window, 0, 0, ctypes.byref(event))
    x.XCloseDisplay(desktop)


def screenshot(display):
    from PIL import ImageGrab

    return np.asarray(ImageGrab.grab(xdisplay=display).convert("RGB")).astype(int)


def settled(display):
    """What is on the screen once nothing moves there any more."""
    last = None
    for _ in range(60):
        screen = screenshot(display)
        if last is not None and (screen == last).all() and is_there(screen):
            return screen
        last = screen
        time.sleep(0.15)
    raise AssertionError("the window never came to rest on the screen")


@needs_screen
def test_the_screen_shows_what_was_drawn(display):
    with shown(display) as window:
        screen = settled(display)
        window.kill()

    middles = []
    for colour in COLOURS:
        rows, columns = np.nonzero(np.abs(screen - colour).max(axis=-1) < 3)
        assert_allclose(len(rows), 480 * 270, rtol=0.02)
        middles.append((columns.mean(), rows.mean()))
    corner = np.array(middles[0]) - (240, 135)
    assert_allclose(
        middles - corner, [(240, 135), (720, 135), (240, 405), (720, 405)], atol=2
    )


@needs_screen
@needs_keys
def test_keys_mean_what_is_written_on_them(display):
    with shown(display) as window:
        number = xdotool(display, "search", "--sync", "--name", "hiprom test").split()
        xdotool(display, "windowfocus", "--sync", number[-1])
        for key in (*UNUSED, "space", "Return", "KP_Enter", "r", "R", "m", "Escape"):
            xdotool(display, "key", key)
            time.sleep(0.1)
        told, remarks = window.communicate(timeout=WAIT_S)

    assert told.split("\n")[:-1] == [
        *("NEXT", "NEXT", "NEXT", "REPEAT", "REPEAT", "MUTE", "STOP"),
        *("None", "closed"),
    ]
    assert remarks == ""


@needs_screen
@needs_keys
@pytest.mark.skipif(not LIBX11, reason="the library of X11 is not installed")
def test_closing_the_window_is_stopping_and_it_does_not_come_back(display):
    with shown(display) as window:
        number = xdotool(display, "search", "--sync", "--name", "hiprom test").split()
        press_close_button(display, int(number[-1]))
        told, _ = window.communicate(timeout=WAIT_S)

    assert told.split("\n")[:-1] == ["STOP", "STOP ever after", "closed"]


@needs_screen
@needs_keys
def test_a_larger_window_keeps_the_pictures_proportions(display):
    with shown(display) as window:
        number = xdotool(display, "search", "--sync", "--name", "hiprom test").split()
        xdotool(display, "windowsize", "--sync", number[-1], "1200", "540")
        time.sleep(0.3)
        screen = settled(display)
        window.kill()

    rows, columns = np.nonzero(np.abs(screen - COLOURS[0]).max(axis=-1) < 3)
    assert_allclose(np.ptp(columns) / np.ptp(rows), 960 / 540, rtol=0.02)


@needs_screen
def test_nothing_that_qt_remarks_reaches_the_terminal(display):
    with shown(
        display, XDG_SESSION_TYPE="wayland", XDG_CURRENT_DESKTOP="GNOME"
    ) as window:
        settled(display)
        window.terminate()
        _, remarks = window.communicate(timeout=WAIT_S)

    assert remarks == ""


@needs_screen
def test_a_desktop_can_show_a_window(display):
    assert asked(DISPLAY=display) == (0, "True", "")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="X is Linux's")
@pytest.mark.parametrize(
    "places", [{}, {"DISPLAY": ":987"}, {"WAYLAND_DISPLAY": "wayland-987"}]
)
def test_without_a_desktop_none_is_opened_and_nothing_breaks(places):
    assert asked(**places) == (0, "False", "")

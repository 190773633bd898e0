"""Frames on stdin -> landmarks on stdout: the process that alone loads MediaPipe.

    python -m hiprom.capture.pose_child BUNDLE masks|no-masks

It first gives up the network (isolation.py says why), then loads MediaPipe while its
parent is still busy, then answers one picture after another (messages.py says how)
until its stdin closes. It keeps nothing.
"""

from __future__ import annotations

import os
import queue
import signal
import sys
import threading
import types
from typing import TYPE_CHECKING, BinaryIO

# Nothing heavier up here: numpy starts threads, and a process with threads is refused
# a namespace of its own.
from hiprom.capture.isolation import cut_network

if TYPE_CHECKING:
    from hiprom.capture.landmarker import Person
    from hiprom.capture.messages import Block, Picture

_PICTURES_AHEAD = 4  # as many as the parent keeps in flight: its writes never wait
_MOST_LOG_BYTES = 16 * 2**20


def main(bundle: str, masks: str) -> None:
    """Serve pictures until stdin closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent to decide
    isolation = cut_network()
    answers = _keep_stdout()
    _set_bounds()
    _leave_out_drawing()

    from hiprom.capture.messages import send_greeting

    send_greeting(answers, isolation._asdict())
    pictures: queue.Queue[Picture] = queue.Queue(_PICTURES_AHEAD)
    threading.Thread(target=_read_ahead, args=(pictures,), daemon=True).start()

    from hiprom.capture.landmarker import Landmarker

    landmarker = Landmarker(bundle, with_masks=masks == "masks")
    found: queue.Queue[tuple[Person | None, int]] = queue.Queue(_PICTURES_AHEAD)
    threading.Thread(target=_answer, args=(found, answers), daemon=True).start()
    while True:
        picture = pictures.get()
        if picture.is_first:
            landmarker.begin_video()
        found.put(landmarker.follow(picture.rgb, picture.time_s))


def _keep_stdout() -> BinaryIO:
    """Keep stdout for answers alone: what native code prints goes to stderr."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return answers


def _set_bounds() -> None:
    """No core file, which would hold pictures of a person, and no endless log."""
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_FSIZE, (_MOST_LOG_BYTES, _MOST_LOG_BYTES))


def _leave_out_drawing() -> None:
    """Let MediaPipe find empty modules for what it imports but never uses here.

    Its plotting and recording helpers would load matplotlib and the sound system:
    three quarters of the time this process takes to start.
    """
    for name in ("matplotlib", "matplotlib.pyplot", "sounddevice"):
        sys.modules[name] = types.ModuleType(name)
    sys.modules["matplotlib"].pyplot = sys.modules["matplotlib.pyplot"]  # type: ignore[attr-defined]


def _read_ahead(pictures: queue.Queue[Picture]) -> None:
    """Read the next picture while this one is looked at; end with the parent."""
    from hiprom.capture.messages import receive_picture

    # Unbuffered: sys.stdin's lock, held while waiting, would spoil an orderly end.
    with open(0, "rb", buffering=0) as pipe:
        while (picture := receive_picture(pipe)) is not None:
            pictures.put(picture)
    os._exit(0)


def _answer(found: queue.Queue[tuple[Person | None, int]], answers: BinaryIO) -> None:
    """Send what was found, its silhouette read while the next picture is looked at."""
    from hiprom.capture.messages import send_blocks

    while True:
        send_blocks(answers, _blocks(*found.get()))


def _blocks(person: Person | None, people: int) -> dict[str, Block]:
    """Return the answer to one picture; without a person only their number."""
    import numpy as np

    from hiprom.core.silhouette import shank_chords

    blocks = {"people": np.array([[people]], np.float32)}
    if person is not None:
        blocks["image_px"] = person.image_px
        blocks["world_m"] = person.world_m
        blocks["visibility"] = person.visibility[:, None]
        blocks["light"] = np.array([[person.light]], np.float32)
        if person.silhouette is not None:
            mask = person.silhouette.numpy_view()
            mask = mask.reshape(mask.shape[:2])
            blocks["chords_px"] = shank_chords(mask, person.image_px).reshape(-1, 3)
    return blocks


if __name__ == "__main__":
    main(*sys.argv[1:])

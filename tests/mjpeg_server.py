"""A camera on the loopback network: MJPEG over HTTP, with the faults that cameras have.

Each picture is numbered, as `clips.picture` draws them, so that what arrives can be
told apart.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count

import clips
import cv2

PATIENCE_S = 30.0


@contextmanager
def camera(
    *,
    fps: float = 30.0,
    size_px: tuple[int, int] = (160, 96),
    pictures: int | None = None,
    instead: bytes = b"",
    then: str = "closes",
    film: Sequence[bytes] = (),
) -> Iterator[str]:
    """Serve a camera and yield its address.

    Parameters
    ----------
    pictures : int, optional
        How many are sent to each visitor; without, no end.
    instead : bytes, optional
        What is sent instead of pictures.
    then : {"closes", "hangs"}
        What happens after the last: the connection ends, or stays without a word.
    """
    over = threading.Event()

    class Visit(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=next")
            self.end_headers()
            # Whoever has seen enough goes without a word.
            with suppress(ConnectionError):
                self._send_pictures()
            if then == "hangs":
                over.wait(PATIENCE_S)

        def _send_pictures(self) -> None:
            if instead:
                self.wfile.write(instead)
                return
            start_s = time.monotonic()
            for number in count() if pictures is None else range(pictures):
                if over.wait(max(0.0, start_s + number / fps - time.monotonic())):
                    return
                shown = film[min(number, len(film) - 1)] if film else None
                self._send(shown or _jpeg(number % 256, size_px))

        def _send(self, jpeg: bytes) -> None:
            self.wfile.write(
                b"--next\r\nContent-Type: image/jpeg\r\n"
                + f"Content-Length: {len(jpeg)}\r\n\r\n".encode()
                + jpeg
                + b"\r\n"
            )

        def log_message(self, *words):
            """Keep quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Visit)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/camera.mjpg"
    finally:
        over.set()
        server.shutdown()
        server.server_close()
        thread.join()


@cache
def _jpeg(number: int, size_px: tuple[int, int]) -> bytes:
    bgr = clips.picture(number, *size_px)[..., ::-1]
    _, encoded = cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, 92])
    return encoded.tobytes()

"""A screen in memory (Xvfb), on which a test opens real windows."""

import os
import shutil
import subprocess
from contextlib import contextmanager

XVFB, XDOTOOL = shutil.which("Xvfb"), shutil.which("xdotool")


@contextmanager
def screen(width, height):
    """The name of a screen of that size, once windows can be opened on it."""
    # Numbered by hand: two servers that each look for a free number may both take one.
    name = f":{100 + os.getpid() % 50_000}"
    # -noreset, since a server that starts anew whenever its last window has gone turns
    # away who comes in that moment.
    kind = ("-screen", "0", f"{width}x{height}x24", "-nolisten", "tcp", "-noreset")
    with subprocess.Popen(
        [XVFB, name, "-displayfd", "1", *kind],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as server:
        try:
            assert f":{server.stdout.readline().strip()}" == name
            yield name
        finally:
            server.terminate()

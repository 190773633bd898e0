"""A Camera <-> a TOML file in the data folder, which a person can read and copy."""

from __future__ import annotations

import difflib
import math
import re
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from hiprom.capture.places import data_folder
from hiprom.core.camera import Camera, Gravity, Spread
from hiprom.errors import CaptureError, InputError

SCHEMA, VERSION = "hiprom.camera", 1

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")


def folder() -> Path:
    """Return the folder of all kept profiles."""
    return data_folder() / "cameras"


def names() -> list[str]:
    """Return the names of all kept profiles, sorted."""
    return sorted(path.stem for path in folder().glob("*.toml"))


def place_of(profile: str | Path) -> Path:
    """Return the file of a profile: a name among the kept ones, or a path to one.

    Raises
    ------
    InputError
        If it is neither a name nor a ``.toml`` file's path.
    """
    text = str(profile)
    if text.endswith(".toml"):
        return Path(text)
    require_name(text)
    return folder() / f"{text}.toml"


def require_name(name: str) -> None:
    """Raise InputError if a profile cannot be called `name`."""
    if not _NAME.fullmatch(name) or name.endswith(".toml"):
        raise InputError(
            f"A camera cannot be called {name!r}: letters, digits, '_', '-' and '.' "
            "make a name, at most 64 of them, as in kitchen_webcam."
        )


def read_profile(profile: str | Path) -> Camera:
    """Read a profile, by the name it is kept under or by its path.

    Raises
    ------
    InputError
        If nothing is kept under that name.
    CaptureError
        If the file cannot be read, is not a profile, or is from a newer hiprom.
    """
    path = place_of(profile)
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise _unknown(str(profile), path) from None
    except OSError as error:
        raise CaptureError(
            f"{path} cannot be read ({error.strerror}). Check who may read it."
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise _not_ours(path, f"it is not TOML ({error})") from error
    kind, _, number = str(document.get("schema", "")).partition("/")
    if kind != SCHEMA or not number.isdigit():
        raise _not_ours(path, f'it has no schema = "{SCHEMA}/{VERSION}"')
    if int(number) > VERSION:
        raise CaptureError(
            f"{path} was written by a newer hiprom (schema {number}, this one knows "
            f"{VERSION}). Update hiprom to use it."
        )
    try:
        return _camera(document)
    except InputError as error:
        raise CaptureError(f"{path}: {error}") from error
    except (KeyError, TypeError, ValueError) as error:
        raise _not_ours(path, f"{error} is missing or not a number") from error


def write_profile(camera: Camera, path: Path | None = None) -> Path:
    """Write a profile, whole or not at all, and return where.

    Without a `path` it goes among the kept ones, in place of one of the same name.

    Raises
    ------
    InputError
        If the camera's name cannot be a file's.
    CaptureError
        If the file cannot be written.
    """
    require_name(camera.name)
    path = path or folder() / f"{camera.name}.toml"
    unfinished = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        unfinished.write_text(_document(camera), encoding="utf-8")
        unfinished.replace(path)
    except OSError as error:
        raise CaptureError(
            f"Could not write {path} ({error.strerror}). Make room, or see that you "
            "may write there."
        ) from error
    return path


def _document(camera: Camera) -> str:
    lines = [
        "# How a camera sees, written by hiprom calibrate. Pixels count from the upper",
        "# left corner of the upright picture; distortion is OpenCV's k1 k2 p1 p2 k3.",
        f'schema = "{SCHEMA}/{VERSION}"',
        f'name = "{camera.name}"',
        f'date = "{camera.date}"',
        f"rms_px = {_number(camera.rms_px)}",
        "",
        "[picture]",
        f"width_px = {camera.width_px}",
        f"height_px = {camera.height_px}",
        "",
        "[lens]",
        *_lens(camera.focal_px, camera.centre_px, camera.distortion),
    ]
    if camera.sd:
        lines += ["", "[lens.sd]", *_lens(*camera.sd)]
    if camera.gravity:
        lines += ["", "# Rolled clockwise; looking down.", "[gravity]"]
        lines += [
            f"{key} = {_number(getattr(camera.gravity, key))}"
            for key in ("roll_deg", "pitch_deg", "roll_sd_deg", "pitch_sd_deg")
        ]
    return "\n".join(lines) + "\n"


def _lens(
    focal_px: Iterable[float], centre_px: Iterable[float], distortion: Iterable[float]
) -> list[str]:
    rows = {"focal_px": focal_px, "centre_px": centre_px, "distortion": distortion}
    return [
        f"{key} = [{', '.join(_number(number) for number in numbers)}]"
        for key, numbers in rows.items()
    ]


def _number(value: float) -> str:
    """Six figures, and always a float to TOML."""
    text = f"{value:.6g}"
    return text if any(mark in text for mark in ".en") else f"{text}.0"


def _camera(document: dict[str, Any]) -> Camera:
    picture, lens = document["picture"], document["lens"]
    spread, gravity = lens.get("sd"), document.get("gravity")
    name = str(document["name"])
    require_name(name)
    return Camera(
        name=name,
        width_px=int(picture["width_px"]),
        height_px=int(picture["height_px"]),
        focal_px=_floats(lens, "focal_px", 2),
        centre_px=_floats(lens, "centre_px", 2),
        distortion=_floats(lens, "distortion", 5),
        rms_px=float(document["rms_px"]),
        date=str(document["date"]),
        gravity=gravity and Gravity(**{key: float(gravity[key]) for key in _GRAVITY}),
        sd=spread
        and Spread(
            _floats(spread, "focal_px", 2),
            _floats(spread, "centre_px", 2),
            _floats(spread, "distortion", 5),
        ),
    )


_GRAVITY = ("roll_deg", "pitch_deg", "roll_sd_deg", "pitch_sd_deg")


def _floats(table: dict[str, Any], key: str, count: int) -> Any:
    numbers = tuple(float(number) for number in table[key])
    if len(numbers) != count or not all(map(math.isfinite, numbers)):
        raise ValueError(key)
    return numbers


def _unknown(profile: str, path: Path) -> InputError:
    if profile.endswith(".toml"):
        return InputError(f"There is no file {path}. Check how it is spelled.")
    kept = names()
    near = difflib.get_close_matches(profile, kept, n=3)
    if near:
        advice = f"Did you mean {' or '.join(near)}?"
    elif kept:
        advice = f"There are: {', '.join(kept)}."
    else:
        advice = "None is kept yet; hiprom calibrate run makes one."
    return InputError(f"There is no camera profile {profile!r}. {advice}")


def _not_ours(path: Path, found: str) -> CaptureError:
    return CaptureError(
        f"{path} is not a camera profile of hiprom: {found}. Calibrate the camera "
        "again (hiprom calibrate run)."
    )

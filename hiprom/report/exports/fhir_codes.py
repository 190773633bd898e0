"""A TOML file that a person edits -> the codes beside the words of a FHIR export."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hiprom.core.protocols import PROTOCOLS
from hiprom.errors import ResultsError

# What components an observation may have: their names, and their words.
COMPONENTS = {
    "end_range_low": "lower end of the 95 % interval",
    "end_range_high": "upper end of the 95 % interval",
    "excursion": "excursion from rest",
    "hold_s": "time held at the end of the range",
    "shank_tilt_deg": "tilt of the shank against gravity, foot lateral positive",
    "compensation_deg": "tilt of the shank minus the measured angle",
    "mean_low": "lower end of the 95 % interval of the mean",
    "mean_high": "upper end of the 95 % interval of the mean",
    "best": "furthest repetition",
    "sd": "standard deviation of the repetitions",
    "reps": "number of repetitions",
}
# The sections of the file, and the names each may use; None where any will do.
_SECTIONS: dict[str, tuple[str, ...] | None] = {
    "observation": tuple(PROTOCOLS),
    "body_site": ("left hip", "right hip"),
    "method": None,
    "component": tuple(COMPONENTS),
}
_KEYS = ("system", "code", "display")


@dataclass(frozen=True)
class CodeMap:
    """Codes by what they stand for; without any, words speak alone.

    `codings` maps ``("body_site", "left hip")`` to a tuple of FHIR codings, each a dict
    with ``system``, ``code`` and perhaps ``display``.
    """

    codings: Mapping[tuple[str, ...], tuple[dict[str, str], ...]] = field(
        default_factory=dict, hash=False
    )

    def concept(self, text: str, *key: str) -> dict[str, Any]:
        """Return a FHIR CodeableConcept: `text`, and the codings of `key` if any."""
        codings = self.codings.get(key, ())
        return ({"coding": list(codings)} if codings else {}) | {"text": text}


def read_code_map(path: Path) -> CodeMap:
    """Read a code map as ``codes.toml`` beside this module describes it.

    Raises
    ------
    ResultsError
        If it cannot be read, or holds anything but codes of known things.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ResultsError(
            f"Could not read the code map {path}: {error}. Mend it, or export without."
        ) from error
    for section, entries in content.items():
        _require_known(path, section, entries)
    return CodeMap(
        {
            key: tuple(_coding(path, key, each) for each in codings)
            for key, codings in _leaves((), content)
        }
    )


def _require_known(path: Path, section: str, entries: Any) -> None:
    if section not in _SECTIONS:
        raise _wrong(path, section, f"a section of {', '.join(_SECTIONS)}")
    names = _SECTIONS[section]
    if not isinstance(entries, dict):
        raise _wrong(path, section, "tables such as [[body_site.'left hip']]")
    for name in entries:
        if names is not None and name not in names:
            raise _wrong(path, f"{section}.{name}", f"one of {', '.join(names)}")


def _leaves(
    above: tuple[str, ...], content: Any
) -> Iterator[tuple[tuple[str, ...], list[Any]]]:
    """Yield the dotted names under which lists of tables stand, and the lists."""
    if isinstance(content, dict):
        for name, inner in content.items():
            yield from _leaves((*above, name), inner)
    else:
        yield above, content if isinstance(content, list) else [content]


def _coding(path: Path, key: tuple[str, ...], entry: Any) -> dict[str, str]:
    depth = 3 if key[0] == "observation" else 2
    is_coding = (
        isinstance(entry, dict)
        and {"system", "code"} <= entry.keys() <= set(_KEYS)
        and all(isinstance(value, str) and value.strip() for value in entry.values())
    )
    if not is_coding or len(key) != depth:
        raise _wrong(
            path,
            ".".join(key),
            f"a [[block]] under {depth} names, with a system, a code and perhaps a "
            "display, each in quotes",
        )
    return {name: entry[name] for name in _KEYS if name in entry}


def _wrong(path: Path, found: str, needed: str) -> ResultsError:
    return ResultsError(
        f"The code map {path} has {found!r}, where {needed} is needed. Mend it, or "
        "export without a code map."
    )

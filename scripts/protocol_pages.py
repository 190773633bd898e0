"""The protocols -> docs/protocols.md with a figure for each: run it after a change.

.venv/bin/python scripts/protocol_pages.py
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from protocol_figures import svg
from protocol_poses import FIGURES

from hiprom.core.protocols import PROTOCOLS, Protocol
from hiprom.core.protocols.words import (
    sign_sentence,
    tempo_sentence,
    thresholds,
    value_of,
)

DOCS = Path(__file__).parents[1] / "docs"
PAGE, PICTURES = DOCS / "protocols.md", DOCS / "figures" / "protocols"

_HEAD = """\
# Protocols

Every movement that hiprom measures: how to do it, what is measured, what counts, and
where each number comes from. `hiprom protocols NAME` prints the same. Written by
`scripts/protocol_pages.py` from `hiprom/core/protocols/`; a test keeps it true.

Move slowly, and stop before it hurts: a smooth stretch is enough. This is a
measurement, not a diagnosis.
"""


def page() -> str:
    """Return the whole page."""
    listed = [f"- [{each.title}](#{each.name})" for each in PROTOCOLS.values()]
    chapters = ["\n".join(_chapter(each)) for each in PROTOCOLS.values()]
    return "\n".join([_HEAD, *listed, "", *chapters])


def pictures() -> dict[str, str]:
    """Return the figure of each protocol as SVG text, by the file's name."""
    return {
        f"{each.name}.svg": svg(FIGURES[each.name], each.title)
        for each in PROTOCOLS.values()
    }


def _chapter(protocol: Protocol) -> Iterator[str]:
    name, title = protocol.name, protocol.title
    yield f'<a id="{name}"></a>\n\n## {title}\n'
    yield f"`hiprom analyze FILM --protocol {name}`\n"
    yield f"![{title}: start and end](figures/protocols/{name}.svg)\n"
    yield f"**Posture.** {_sentence(protocol.posture)}\n"
    yield f"**Camera.** {protocol.camera}\n"
    yield from (f"{n}. {step}" for n, step in enumerate(protocol.instructions, 1))
    yield ""
    if protocol.avoid:
        yield "What spoils it:\n"
        yield from (f"- {each}" for each in protocol.avoid)
        yield ""
    yield f"**Tempo.** {tempo_sentence(protocol)}\n"
    yield f"**Measured.** {sign_sentence(protocol)}\n"
    if protocol.further:
        yield "And, in rows of their own:\n"
        yield from (f"- `{each.quantity}`: {each.meaning}" for each in protocol.further)
        yield ""
    yield "| rule | value | what it decides | source |\n|---|---|---|---|"
    for key, each in thresholds(protocol).items():
        shown = f"`{key}`" if key in protocol.flags else key
        yield f"| {shown} | {value_of(each)} | {each.meaning} | {each.source} |"
    yield ""
    if protocol.norms:
        yield "| norm | mean ± SD | source |\n|---|---|---|"
        for norm in protocol.norms:
            value = f"{norm.mean:g} ± {norm.sd:g} {protocol.unit}".replace(" °", "°")
            yield f"| {norm.group} | {value} | {norm.source} |"
        yield ""
    else:
        yield "No norms: no source was found, and none is invented.\n"
    yield "Flags a repetition may carry:\n"
    yield from (f"- `{flag}`: {words}" for flag, words in protocol.flags.items())
    yield ""


def _sentence(words: str) -> str:
    return f"{words[0].upper()}{words[1:]}.".replace("..", ".")


def main() -> None:
    """Write the page and its figures."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    for name, text in pictures().items():
        (PICTURES / name).write_text(text, encoding="utf-8", newline="\n")
    PAGE.write_text(page(), encoding="utf-8", newline="\n")
    print(f"Written: {PAGE}")


if __name__ == "__main__":
    main()

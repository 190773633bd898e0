"""Protocols -> what a person reads in a terminal: how to do it, and what counts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from rich.box import SIMPLE_HEAD
from rich.markup import escape
from rich.table import Table

from hiprom.core.protocols.words import (
    sign_sentence,
    tempo_sentence,
    thresholds,
    value_of,
)
from hiprom.terminal import out

if TYPE_CHECKING:
    from hiprom.core.protocols import Protocol


def show_protocols(protocols: Iterable[Protocol]) -> None:
    """Print a line for each."""
    table = Table(header_style="dim", box=SIMPLE_HEAD)
    for heading in ("protocol", "what it measures", "posture"):
        table.add_column(heading)
    for protocol in protocols:
        table.add_row(f"[bold]{protocol.name}[/]", protocol.title, protocol.posture)
    out.print(table)
    out.print("More about one: [bold]hiprom protocols NAME[/]")


def show_protocol(protocol: Protocol) -> None:
    """Print what a person does, what counts, and where each number comes from."""
    out.print(f"[bold]{protocol.title}[/] ({protocol.name})")
    posture = f"{protocol.posture[0].upper()}{protocol.posture[1:]}."
    _part("Posture", [posture.replace("..", ".")])
    _part("Camera", [protocol.camera])
    _part("How to do it", protocol.instructions, is_numbered=True)
    _part("What spoils it", protocol.avoid, mark="•")
    _part("Tempo", [tempo_sentence(protocol)])
    further = [f"{each.quantity}: {each.meaning}" for each in protocol.further]
    _part("What is measured", [sign_sentence(protocol), *further])
    rows = [
        (name.replace("_", " "), value_of(each), each.meaning, each.source)
        for name, each in thresholds(protocol).items()
    ]
    _table("What counts", ("rule", "value", "what it decides", "source"), rows)
    norms = [
        (
            norm.group,
            f"{norm.mean:g} ± {norm.sd:g} {protocol.unit}".replace(" °", "°"),
            norm.source,
        )
        for norm in protocol.norms
    ]
    if norms:
        _table("Norms", ("group", "mean ± SD", "source"), norms)
    else:
        _part("Norms", ["None: no source was found, and none is invented."])
    flags = protocol.flags.items()
    _table("Flags a repetition may carry", ("flag", "meaning"), flags)


def _part(
    heading: str, lines: Iterable[str], *, mark: str = "", is_numbered: bool = False
) -> None:
    """Print lines below a heading, each behind its number or its mark."""
    grid = Table.grid(padding=(0, 1))
    for number, line in enumerate(lines, start=1):
        grid.add_row(f" {number}." if is_numbered else f" {mark}", escape(line))
    if grid.row_count:
        out.print(f"\n[dim]{heading}[/]")
        out.print(grid)


def _table(
    title: str, headings: Iterable[str], rows: Iterable[tuple[str, ...]]
) -> None:
    table = Table(header_style="dim", box=SIMPLE_HEAD)
    for heading in headings:
        table.add_column(heading)
    for row in rows:
        table.add_row(*map(escape, row))
    out.print(f"\n[dim]{title}[/]")
    out.print(table)

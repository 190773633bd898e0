"""A protocol that counts both ways -> what one of its movements is by itself."""

from __future__ import annotations

from dataclasses import replace

from hiprom.core.protocols.protocol import Direction, Protocol


def one_way(protocol: Protocol, direction: Direction) -> Protocol:
    """Return the protocol as if it counted only the movement in one direction.

    Its title then names the movement, and it keeps the norms that lie that way. One
    that counts a single movement anyway is returned as it is.
    """
    if len(protocol.movements) == 1:
        return protocol
    movement = protocol.movements[direction]
    return replace(
        protocol,
        title=f"{protocol.title}, {movement}",
        movements={direction: movement},
        norms=tuple(each for each in protocol.norms if direction * each.mean > 0),
    )

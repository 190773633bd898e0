"""The registry: every protocol by its name. A new one is a file and a line below."""

from __future__ import annotations

from types import MappingProxyType

from hiprom.core.protocols.butterfly import BUTTERFLY
from hiprom.core.protocols.clamshell import CLAMSHELL
from hiprom.core.protocols.leg_lift import LEG_LIFT
from hiprom.core.protocols.moves import Moves
from hiprom.core.protocols.ninety_ninety import NINETY_NINETY
from hiprom.core.protocols.one_way import one_way
from hiprom.core.protocols.prone_ir import PRONE_IR
from hiprom.core.protocols.protocol import (
    Cues,
    Direction,
    Further,
    Limit,
    Norm,
    Note,
    Protocol,
    RepRules,
    Tempo,
    Threshold,
)
from hiprom.core.protocols.seated import SEATED_ER, SEATED_IR
from hiprom.core.protocols.sidelying_ir import SIDELYING_IR
from hiprom.core.protocols.squat import SQUAT
from hiprom.core.protocols.tandem_rotation import TANDEM_ROTATION
from hiprom.errors import UnknownProtocol

PROTOCOLS = MappingProxyType(
    {
        p.name: p
        for p in (
            SEATED_IR,
            SEATED_ER,
            PRONE_IR,
            SIDELYING_IR,
            CLAMSHELL,
            LEG_LIFT,
            NINETY_NINETY,
            TANDEM_ROTATION,
            BUTTERFLY,
            SQUAT,
        )
    }
)


def protocol(name: str) -> Protocol:
    """Return the protocol called `name`, or raise UnknownProtocol, which lists them."""
    try:
        return PROTOCOLS[name]
    except KeyError:
        raise UnknownProtocol(name, PROTOCOLS) from None


__all__ = [
    "PROTOCOLS",
    "Cues",
    "Direction",
    "Further",
    "Limit",
    "Moves",
    "Norm",
    "Note",
    "Protocol",
    "RepRules",
    "Tempo",
    "Threshold",
    "one_way",
    "protocol",
]

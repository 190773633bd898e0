"""The few colours of hiprom, as hex for pages and figures and as RGB for pixels.

Teal is internal rotation and ember is external, everywhere. The two differ in
lightness as well as in hue, so that they hold for every kind of colour vision and
in grey. Dark ones stand on paper, bright ones on video.
"""

from __future__ import annotations

from hiprom.core.protocols import Protocol

Rgb = tuple[int, int, int]

INK = "#1b2530"
QUIET = "#5b6875"  # 5.9 : 1 on paper
LINE = "#d9dfe4"
WASH = "#f3f6f7"
PAPER = "#ffffff"

TEAL, TEAL_WASH, TEAL_BRIGHT = "#0b6e69", "#dcefed", "#2fe0cf"
EMBER, EMBER_WASH, EMBER_BRIGHT = "#b04a06", "#fbe8d8", "#ffab57"
CAUTION, CAUTION_WASH = "#8a5a00", "#fff4da"

SHADOW: Rgb = (12, 18, 24)
LIGHT: Rgb = (255, 255, 255)


def accent(protocol: Protocol) -> str:
    """Return the colour of the protocol's movement, for paper."""
    return TEAL if protocol.direction > 0 else EMBER


def accent_wash(protocol: Protocol) -> str:
    """Return a pale ground of the same hue."""
    return TEAL_WASH if protocol.direction > 0 else EMBER_WASH


def accent_bright(protocol: Protocol) -> Rgb:
    """Return the colour of the protocol's movement, for video."""
    return rgb(TEAL_BRIGHT if protocol.direction > 0 else EMBER_BRIGHT)


def rgb(colour: str) -> Rgb:
    """Return ``#rrggbb`` as red, green and blue in [0, 255]."""
    red, green, blue = bytes.fromhex(colour.removeprefix("#"))
    return red, green, blue

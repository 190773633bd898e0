"""Where a page is served, and what it may take: one value that all of it is given."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from hiprom.store.store import Store

PORT = 8477
LOOPBACK = "127.0.0.1"
ASSETS = Path(__file__).parent / "assets"


@dataclass(frozen=True)
class Limits:
    """What uploads may take.

    Attributes
    ----------
    bytes : int
        Of one video.
    spare_bytes : int
        Of the disk, left free whatever is uploaded.
    unfinished : int
        Uploads under way at once; more are refused.
    silence_s : float
        How long a sender may say nothing within a piece.
    keep_s : float
        How long an upload that does not go on is kept.
    """

    bytes: int = 8_000_000_000
    spare_bytes: int = 500_000_000
    unfinished: int = 100
    silence_s: float = 30.0
    keep_s: float = 24 * 3600.0


_DEFAULT = Limits()


@dataclass(frozen=True)
class Site:
    """One server.

    Attributes
    ----------
    store : Store
        The history.
    folder : Path
        Where videos and results of the page lie.
    port : int
    token : str or None
        What a browser must show; None on the loopback device.
    names : frozenset of str
        Host names it answers to besides addresses.
    is_open : bool
        Whether it answers to other machines.
    limits : Limits
    """

    store: Store
    folder: Path
    port: int = PORT
    token: str | None = None
    names: frozenset[str] = frozenset()
    is_open: bool = False
    limits: Limits = _DEFAULT

    @property
    def cookie(self) -> str:
        """What the cookie with the token is called: each port has its own."""
        return f"hiprom-{self.port}"

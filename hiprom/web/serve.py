"""A host and a port -> the site at work there, until it is told to stop."""

from __future__ import annotations

import ipaddress
import secrets
import socket
from collections.abc import Callable, Iterable
from pathlib import Path

from hiprom.errors import InputError
from hiprom.store.store import Store
from hiprom.web.app import create_app
from hiprom.web.site import LOOPBACK, PORT, Limits, Site

# No letter that could be taken for a digit; 28 of them are 140 bits.
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
_GROUPS, _IN_GROUP = 4, 7
_GOODBYE_S = 2


def serve(
    store: Store,
    folder: Path,
    *,
    host: str = LOOPBACK,
    port: int = PORT,
    names: Iterable[str] = (),
    limits: Limits | None = None,
    tell: Callable[[str], None],
) -> None:
    """Serve the site; returns when a signal ends it.

    Parameters
    ----------
    store : Store
    folder : Path
        Of the page's own videos and results.
    host : str
        An address of this machine. Any but the loopback device's is open to others,
        and asks for a token.
    port : int
        0 takes a free one.
    names : iterable of str
        Host names besides addresses by which other machines may call this one.
    limits : Limits, optional
    tell : callable
        Takes what the person at the terminal should read.

    Raises
    ------
    InputError
        If the host is not this machine's, or the port is taken.
    """
    import uvicorn

    with _bound(host, port) as door:
        port = door.getsockname()[1]
        is_open = not _is_loopback(door.getsockname()[0])
        site = Site(
            store,
            folder,
            port,
            token=_new_token() if is_open else None,
            names=frozenset(name.lower() for name in names),
            is_open=is_open,
            limits=limits or Limits(),
        )
        config = uvicorn.Config(
            create_app(site),
            access_log=False,  # addresses hold people's codes
            log_level="warning",
            server_header=False,
            ws="websockets-sansio",
            timeout_graceful_shutdown=_GOODBYE_S,
        )
        for line in _welcome(site, host):
            tell(line)
        uvicorn.Server(config).run(sockets=[door])


def _bound(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as error:
        raise InputError(
            f"Nothing can be served at {host} port {port}: {error.strerror}. If hiprom "
            "serves there already, open that page; else choose another --port, or an "
            "address of this machine as --host."
        ) from error


def _is_loopback(address: str) -> bool:
    return ipaddress.ip_address(address).is_loopback


def _new_token() -> str:
    """Return a token that a person can copy from one screen to another."""
    return "-".join(
        "".join(secrets.choice(_LETTERS) for _ in range(_IN_GROUP))
        for _ in range(_GROUPS)
    )


def _welcome(site: Site, host: str) -> Iterable[str]:
    shown = socket.gethostname() if host in {"0.0.0.0", "::"} else host  # noqa: S104
    shown = f"[{shown}]" if ":" in shown else shown
    if site.token is None:
        yield f"hiprom is at http://{shown}:{site.port} (Ctrl-C ends it)"
        return
    yield f"hiprom is at http://{shown}:{site.port}/enter#{site.token} (Ctrl-C ends it)"
    yield f"Token: {site.token}"
    yield (
        "Other machines can reach this page, and what is sent to it can be read on the "
        "way: it is not encrypted. Put a server with TLS before it, or keep it to this "
        f"machine and reach it with: ssh -L {site.port}:{LOOPBACK}:{site.port} …"
    )

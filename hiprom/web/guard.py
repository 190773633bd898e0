"""Every request and WebSocket -> let through, or refused before anything is done.

A page on this machine can be reached by any website that the same browser has open:
through a host name that suddenly points here (DNS rebinding), or by simply sending a
form. So the host must be ours, the sender must be our own page, and on a network the
browser must show the token.
"""

from __future__ import annotations

import hmac
import ipaddress
from typing import TYPE_CHECKING

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection

from hiprom.web import refusals

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from hiprom.web.site import Site

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_OURS = frozenset({"same-origin", "none"})
# What anybody may see: the page that asks for the token, and how it looks.
_WITHOUT_TOKEN = ("/enter", "/assets/", "/favicon.ico")
CONTENT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: "
    "blob:; media-src 'self' blob:; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": CONTENT_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=()",
    "Cache-Control": "no-store",
}


class Guard:
    """Stands before an app, for HTTP and for WebSockets alike.

    Parameters
    ----------
    app : ASGI app
    site : Site
    """

    def __init__(self, app: ASGIApp, site: Site) -> None:
        self._app, self._site = app, site

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one connection."""
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        refused = self._refused(scope)
        if refused is None:
            await self._app(scope, receive, _sealed(send))
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008, "reason": ""})
        else:
            response = refusals.answer(HTTPConnection(scope), *refused)
            await response(scope, receive, _sealed(send))

    def _refused(self, scope: Scope) -> tuple[int, str] | None:
        """Return the status and the words for what may not pass."""
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        if len(headers.getlist("host")) != 1 or not self._is_ours(host):
            return 400, refusals.WRONG_HOST
        if not _is_from_here(scope, headers, host):
            return 403, refusals.FOREIGN
        if self._site.token is not None and not self._is_known(scope, headers):
            return 401, refusals.NO_TOKEN
        return None

    def _is_ours(self, host: str) -> bool:
        """Return whether a Host header names this machine.

        A number cannot be made to point elsewhere; a name can, so only names that were
        given pass.
        """
        name = _without_port(host)
        if name in self._site.names or name == "localhost":
            return True
        try:
            address = ipaddress.ip_address(name.removeprefix("[").removesuffix("]"))
        except ValueError:
            return False
        return self._site.is_open or address.is_loopback

    def _is_known(self, scope: Scope, headers: Headers) -> bool:
        if scope["type"] == "http" and scope["path"].startswith(_WITHOUT_TOKEN):
            return True
        shown = HTTPConnection(scope).cookies.get(self._site.cookie, "")
        kind, _, given = headers.get("authorization", "").partition(" ")
        if kind.lower() == "bearer":
            shown = given
        return is_token(self._site, shown)


def is_token(site: Site, shown: str) -> bool:
    """Return whether the right token is shown, in the same time for every wrong one."""
    assert site.token is not None
    return hmac.compare_digest(shown.encode(), site.token.encode())


def _is_from_here(scope: Scope, headers: Headers, host: str) -> bool:
    """Return whether our own page sent this, or a person who opens one.

    Another port of this machine is somebody else. What is no browser says nothing of
    its origin, and may pass.
    """
    origin = headers.get("origin")
    scheme = {"ws": "http", "wss": "https"}.get(scope["scheme"], scope["scheme"])
    if origin is not None and origin != f"{scheme}://{host}":
        return False
    if headers.get("sec-fetch-site", "none") in _OURS:
        return True
    is_visit = headers.get("sec-fetch-mode") == "navigate"
    is_whole_page = headers.get("sec-fetch-dest", "document") == "document"
    is_asking = scope["type"] == "http" and scope["method"] in _SAFE
    return is_asking and is_visit and is_whole_page


def _without_port(host: str) -> str:
    name, colon, port = host.rpartition(":")
    return (name if colon and port.isdecimal() else host).lower()


def _sealed(send: Send) -> Send:
    """Return the same, with every answer under the headers that guard it."""

    async def sealed(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
        await send(message)

    return sealed

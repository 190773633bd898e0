"""A path or URL -> what may be shown and kept of it: no password, no signature."""

from __future__ import annotations

import re
from urllib.parse import (
    SplitResult,
    parse_qsl,
    unquote,
    urlencode,
    urlsplit,
    urlunsplit,
)

from hiprom.report.tables import printable

# What may be named, and the package that it needs. Of fsspec's other kinds, some unpack
# or run what they are given, and some read files of this machine through another's.
SCHEMES = {
    "file": "",
    "ftp": "",
    "http": "aiohttp",
    "https": "aiohttp",
    "s3": "s3fs",
    "gs": "gcsfs",
    "gcs": "gcsfs",
    "az": "adlfs",
    "abfs": "adlfs",
    "sftp": "paramiko",
    "smb": "smbprotocol",
    "webdav": "webdav4",
}
# Parameters that open what they stand in: of signed links, of keys in plain sight.
_SECRET = re.compile(
    r"pass|pwd|token|secret|sig$|signature|key|credential|auth|expires|^x-amz-|^x-goog-"
    r"|^(se|sp|sv|sr|st|spr|skoid|sktid|skt|ske|sks|skv)$",
    re.IGNORECASE,
)


def is_url(place: str) -> bool:
    """Return whether something lies elsewhere, and is fetched rather than opened."""
    return "://" in place


def why_unusable(url: str) -> str:
    """Return why no worker could fetch from a URL, and what is needed; "" if it can."""
    if "::" in url:
        return "it is a chain, joined by '::'; needed is the one that names the file"
    address = _parts(url)
    if address.scheme not in SCHEMES:
        return f"needed is one of the kinds {', '.join(SCHEMES)}"
    if address.netloc + address.path.strip("/"):
        return ""
    return f"it names no place; needed is {address.scheme}://host/path"


def shown_place(place: str) -> str:
    """Return a path or URL fit to be shown: no password, no parameters, only text.

    >>> shown_place("ftp://me:word@host/a.mp4?sig=1")
    'ftp://host/a.mp4'
    """
    if not is_url(place):
        return printable(place)
    address = _parts(place)
    host = address.netloc.rpartition("@")[2]
    return printable(urlunsplit((address.scheme, host, address.path, "", "")))


def without_secrets(url: str) -> str:
    """Return a URL that still tells which file is meant, but opens nothing.

    >>> without_secrets("https://me:word@host/get?id=7&X-Amz-Signature=1")
    'https://host/get?id=7'
    """
    address = _parts(url)
    host = address.netloc.rpartition("@")[2]
    harmless = [
        (name, value)
        for name, value in parse_qsl(address.query, keep_blank_values=True)
        if not _SECRET.search(name)
    ]
    query = urlencode(harmless) if harmless else ""
    return urlunsplit((address.scheme, host, address.path, query, ""))


def said_without_secrets(words: str, url: str) -> str:
    """Return what an error says, without what it repeats of a URL's secrets."""
    address = _parts(url)
    words = words.replace(url, shown_place(url))
    secrets = [address.netloc.rpartition("@")[0], address.password or ""]
    secrets += [
        value
        for name, value in parse_qsl(address.query)
        if _SECRET.search(name) and value
    ]
    for secret in filter(None, {*secrets, *map(unquote, secrets), address.query}):
        words = words.replace(secret, "…")
    return printable(words)


def _parts(url: str) -> SplitResult:
    """Return the parts of a URL; of one that cannot be read, nothing but that."""
    try:
        return urlsplit(url)
    except ValueError:
        return SplitResult("unreadable", "", "", "", "")

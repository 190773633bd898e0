"""A URL -> where it leads by fsspec; what goes wrong there, in one plain sentence."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeGuard
from urllib.parse import unquote, urlsplit, urlunsplit

from hiprom.errors import HipromError, InputError, NotReachable, VideoNotReadable
from hiprom.report.addresses import (
    SCHEMES,
    said_without_secrets,
    shown_place,
    why_unusable,
)

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem

_CONNECT_S, _SILENCE_S = 30, 60
_CLOSED = (401, 403, 407)
_GONE = (404, 410)


def require_usable(url: str) -> None:
    """Refuse, before any work, what no worker could fetch or write.

    Raises
    ------
    InputError
        If the URL is of a kind that hiprom does not use, or names no place.
    """
    if why := why_unusable(url):
        raise InputError(f"{shown_place(url)} cannot be used: {why}.")


@contextmanager
def reached(url: str) -> Iterator[tuple[AbstractFileSystem, str]]:
    """Yield the file system that a URL leads to, and the path in there.

    Raises
    ------
    InputError
        If the URL cannot be used.
    VideoNotReadable
        If there is nothing, we are not let in, or a package is missing.
    NotReachable
        If it cannot be reached just now.
    """
    require_usable(url)
    try:
        yield _opened(url)
    except HipromError:
        raise
    except Exception as error:
        raise _plain(url, error) from error


def _opened(url: str) -> tuple[AbstractFileSystem, str]:
    from fsspec.core import url_to_fs

    address = urlsplit(url)
    options: dict[str, Any] = {"skip_instance_cache": True, "use_listings_cache": False}
    if address.scheme in {"http", "https"}:
        from aiohttp import ClientTimeout

        patience = ClientTimeout(None, sock_connect=_CONNECT_S, sock_read=_SILENCE_S)
        options["client_kwargs"] = {"timeout": patience}
    elif "@" in address.netloc:
        # By itself it does not read what is written as %40 in a password.
        for option in ("username", "password"):
            if told := getattr(address, option):
                options[option] = unquote(told)
        url = urlunsplit(address._replace(netloc=address.netloc.rpartition("@")[2]))
    fs, path = url_to_fs(url, **options)
    return fs, path


def _plain(url: str, error: BaseException) -> HipromError:
    cause = error.__cause__  # fsspec calls many things "not found"
    if isinstance(error, FileNotFoundError) and _tells_more(cause):
        error = cause
    shown, status = shown_place(url), getattr(error, "status", None)
    said = said_without_secrets(f"{error}".partition("\n")[0], url).rstrip(".")
    if isinstance(error, ImportError):
        package = SCHEMES[urlsplit(url).scheme] or error.name
        return VideoNotReadable(
            shown,
            f"its kind of storage needs the package {package}, which is not installed.",
            f"Run on every worker: pip install {package}",
        )
    if _is_absence(error) or status in _GONE:
        return VideoNotReadable(
            shown,
            "there is no such file, or none that we may see.",
            "Correct the address, or the manifest.",
        )
    if _is_refusal(error) or status in _CLOSED:
        return VideoNotReadable(
            shown,
            f"access was refused ({said or 'no reason given'}).",
            "Give the workers a right to it: by the environment of its storage, or in "
            "the address.",
        )
    kind = type(error).__name__
    return NotReachable(
        f"{shown}: it cannot be reached ({kind}: {said}). Look whether the server runs "
        "and the network is there, and run the batch again with --resume."
    )


def _tells_more(cause: BaseException | None) -> TypeGuard[BaseException]:
    return isinstance(cause, OSError) or hasattr(cause, "status")


def _is_absence(error: BaseException) -> bool:
    kinds = FileNotFoundError | IsADirectoryError | NotADirectoryError
    return isinstance(error, kinds) or _said_by_ftp(error, "550")


def _is_refusal(error: BaseException) -> bool:
    return isinstance(error, PermissionError) or _said_by_ftp(error, "5")


def _said_by_ftp(error: BaseException, code: str) -> bool:
    from ftplib import error_perm

    return isinstance(error, error_perm) and str(error).startswith(code)

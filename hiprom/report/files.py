"""The operating system's refusals -> one ResultsError with the path and advice."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hiprom.errors import ResultsError

_ADVICE = {
    errno.ENOSPC: ("the disk is full.", "Free some space and run it again."),
    errno.EDQUOT: ("your disk quota is used up.", "Free some space and run it again."),
    errno.EACCES: ("you may not write here.", "Choose another folder."),
    errno.EPERM: ("you may not write here.", "Choose another folder."),
    errno.EROFS: ("this place is read-only.", "Choose another folder."),
    errno.ENOENT: ("the folder does not exist.", "Create it or choose another."),
    errno.EEXIST: ("a file is in the way of the folder.", "Choose another folder."),
    errno.EISDIR: ("a folder of that name is in the way.", "Choose another name."),
    errno.ENOTDIR: ("a file is in the way of the folder.", "Choose another folder."),
    errno.ENAMETOOLONG: ("the name is too long.", "Choose a shorter one."),
}


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Say in one sentence why `path` could not be written.

    Raises
    ------
    ResultsError
        In place of any OSError from within the ``with`` block.
    """
    try:
        yield
    except OSError as error:
        found, advice = _ADVICE.get(
            error.errno or 0,
            (f"{error.strerror or error}.", "Choose another folder and try again."),
        )
        raise ResultsError(f"Could not write {path}: {found} {advice}") from error

"""A path -> a private file of our own that can be cut back to its last whole part."""

from __future__ import annotations

import errno
import io
import os
from pathlib import Path

from hiprom.errors import ResultsError

_REFUSED = {
    errno.ENOSPC: ("the disk is full.", "Free some space and record again."),
    errno.EDQUOT: ("your disk quota is used up.", "Free some space and record again."),
    errno.EACCES: ("you may not write here.", "Choose another folder."),
    errno.EPERM: ("you may not write here.", "Choose another folder."),
    errno.EROFS: ("this place is read-only.", "Choose another folder."),
    errno.ENOENT: ("the folder does not exist.", "Create it or choose another."),
    errno.ENOTDIR: ("the folder does not exist.", "Create it or choose another."),
    errno.EEXIST: (
        "a file of that name is there, and a recording never replaces one.",
        "Choose another name.",
    ),
    errno.ENAMETOOLONG: ("the name is too long.", "Choose a shorter one."),
}


class FilmFile:
    """What the writer of a container writes to; for its owner's eyes only.

    Once the system has refused to write, nothing more is written and no error passes
    through the container's writer, which would not know what to do: it is kept in
    `refusal`, and whoever drives the writer looks there after each step.

    Parameters
    ----------
    path : Path
        Where no file is yet.

    Raises
    ------
    ResultsError
        If it cannot be made, or is there already.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.refusal: OSError | None = None
        flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
        try:
            descriptor = os.open(path, flags, 0o600)
        except OSError as error:
            raise ResultsError(
                f"Could not record to {path}: {in_words(error)}"
            ) from error
        # Unbuffered: what was written has left this process, whatever becomes of it.
        self._file = io.FileIO(descriptor, "r+")

    def write(self, part: bytes) -> int:
        """Write all of it, or remember why not."""
        rest = memoryview(part)
        while rest and self.refusal is None:
            try:
                rest = rest[self._file.write(rest) :]
            except OSError as error:
                self.refusal = error
        return len(part)

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Go to a place, as of any file."""
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        """Return the place, bytes from the start."""
        return self._file.tell()

    def cut_to(self, size: int) -> None:
        """Leave the first `size` bytes; this needs no room on the disk."""
        self._file.truncate(size)

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def remove(self) -> None:
        """Let go of the file and delete it."""
        self.close()
        self.path.unlink(missing_ok=True)


def in_words(error: OSError) -> str:
    """Say what the system found wrong with a file, and what to do."""
    found, advice = _REFUSED.get(
        error.errno or 0,
        (f"{error.strerror or error}.", "Choose another folder and try again."),
    )
    return f"{found} {advice}"

"""The bytes of a file -> what it is, where it is something else than a whole video."""

from __future__ import annotations

from pathlib import Path

HEAD_BYTES = 4096

_PLAYLIST = "a playlist, which names other files"
_IMAGE = "a single image"
_SOUND = "sound"
_STARTS: tuple[tuple[bytes, str], ...] = (
    (b"ffconcat", _PLAYLIST),
    (b"#EXTM3U", _PLAYLIST),
    (b"<?xml", "text (XML)"),
    (b"\x89PNG", _IMAGE),
    (b"\xff\xd8\xff", _IMAGE),
    (b"GIF8", _IMAGE),
    (b"ID3", _SOUND),
    (b"fLaC", _SOUND),
    (b"OggS", _SOUND),
    (b"%PDF", "a PDF document"),
    (b"PK\x03\x04", "a zip archive"),
)
_IMAGE_BRANDS = (b"avif", b"avis", b"heic", b"heix", b"mif1", b"msf1")
_FIRST_BOXES = (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip")


def kind_of(head: bytes) -> str | None:
    """Name what a file is by its first bytes; None if it may well be a video."""
    for start, kind in _STARTS:
        if head.removeprefix(b"\xef\xbb\xbf").startswith(start):
            return kind
    if head.startswith(b"RIFF") and head[8:12] in {b"WAVE", b"WEBP"}:
        return _SOUND if head[8:12] == b"WAVE" else _IMAGE
    if head[4:8] == b"ftyp" and head[8:12] in _IMAGE_BRANDS:
        return _IMAGE
    return "text" if _is_text(head) else None


def lacks_index(path: Path) -> bool:
    """Whether an mp4 or mov file ends before, or within, the index of its frames.

    Cameras write that index, the ``moov`` box, last: a recording or a copy that was
    broken off has none, and without it the rest cannot be read.
    """
    end = path.stat().st_size
    at = 0
    with path.open("rb") as file:
        while at < end:
            file.seek(at)
            header = file.read(16)
            size, box = int.from_bytes(header[:4]), header[4:8]
            if at == 0 and box not in _FIRST_BOXES:
                return False
            if size == 1:
                size = int.from_bytes(header[8:])
            if box == b"moov":
                return at + size > end
            if size < 8:  # 0: it goes to the end of the file; else damaged
                return size == 0
            at += size
    return True


def _is_text(head: bytes) -> bool:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):  # UTF-16
        return True
    # The last character may be cut in half where the head ends.
    readable = head.decode("utf-8", "ignore")
    return b"\0" not in head and len(readable.encode()) >= len(head) - 3

"""The body of a small form -> its fields."""

from __future__ import annotations

from urllib.parse import parse_qsl

from fastapi import HTTPException, Request

_MOST_BYTES = 16_384
_MOST_FIELDS = 40


async def fields(request: Request) -> dict[str, str]:
    """Return the fields of a form, each once; refuse one that is long."""
    kept = bytearray()
    async for piece in request.stream():
        kept += piece
        if len(kept) > _MOST_BYTES:
            raise HTTPException(413, "The form holds more than it asks for.")
    try:
        pairs = parse_qsl(
            kept.decode(), keep_blank_values=True, max_num_fields=_MOST_FIELDS
        )
    except ValueError as error:
        raise HTTPException(400, "The form cannot be read.") from error
    return {name: value.strip() for name, value in pairs}

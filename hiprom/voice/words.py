"""A cue as it is written -> plain words that any speaker can say.

What is left is letters, digits and the marks of a sentence. So nothing in a text can be
an option, a quotation mark, mark-up or a command to the one who reads it aloud.
"""

from __future__ import annotations

import re

LONGEST = 300  # characters; a cue is far shorter

_SAID_AS = tuple(
    (re.compile(written), said)
    for written, said in (
        ("’", "'"),  # noqa: RUF001  an apostrophe
        ("±", " plus or minus "),
        (r"(?<=\d)\s*–\s*(?=\d)", " to "),  # noqa: RUF001  an en dash is meant
        (r"\s[–—]\s", ", "),  # noqa: RUF001  and an em dash
        (r"−\s*(?=\d)|(?<![^\s(])-(?=\d)", " minus "),  # noqa: RUF001  the minus sign
        (r"\+\s*(?=\d)", " plus "),
        (r"(?<![\d.,])1\s*°", "1 degree "),
        ("°", " degrees "),
        ("%", " percent "),
        (r"(?<=\d) s\b", " seconds"),
        (r"[^\w\s.,:;!?'()-]|_", " "),
        (r"(?<!\w)-|-(?!\w)", " "),
        (r"\s+", " "),
        (r"(?<=\() | (?=[.,:;!?)])", ""),
    )
)


def spoken(text: str) -> str:
    """Return a text as it is to be read aloud.

    Parameters
    ----------
    text : str

    Returns
    -------
    str
        One line of at most `LONGEST` characters; empty where there is nothing to say.

    Examples
    --------
    >>> spoken("2 of 5: 34° (−3 to +5°)")
    '2 of 5: 34 degrees (minus 3 to plus 5 degrees)'
    """  # noqa: RUF002  the minus sign is the example
    for written, said in _SAID_AS:
        text = written.sub(said, text)
    text = text.strip()[:LONGEST]
    return text if any(map(str.isalnum, text)) else ""

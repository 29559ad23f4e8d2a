"""Values as JSON that can always be stored and read again.

Titles and arguments come from other programs: they may hold half characters that no encoding takes, weights may be
infinite, and either may be a megabyte long. None of that may cost a session.
"""

from __future__ import annotations

import math
import sys
from dataclasses import replace

import msgspec

from gamedetectd.domain import Session

LONGEST_TEXT = 2048
"""Characters of one text that are kept."""
MOST_EVIDENCE = 64
"""Reasons of one session that are kept."""


def plain(text: str) -> str:
    """The text as every encoding takes it: half characters become U+FFFD, and what is too long is cut."""
    if len(text) > LONGEST_TEXT:
        text = text[: LONGEST_TEXT - 1] + "…"
    return text if text.isascii() else text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def finite(number: float) -> float:
    """The number, or the nearest one that JSON can hold; 0 for not-a-number."""
    if math.isnan(number):
        return 0.0
    return max(-sys.float_info.max, min(sys.float_info.max, number))


def pack(value: object) -> bytes:
    """Compact JSON of dataclasses, mappings, sequences, texts and numbers."""
    return msgspec.json.encode(_storable(msgspec.to_builtins(value)))


def trimmed(session: Session) -> Session:
    """The session with no more reasons than are kept."""
    return replace(session, evidence=session.evidence[:MOST_EVIDENCE])


def _storable(value: object) -> object:
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, float):
        return finite(value)
    if isinstance(value, dict):
        return {key: _storable(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_storable(item) for item in value]
    return value

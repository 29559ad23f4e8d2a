"""``fuel.json``, which Amazon puts into the directory of every game: the program that starts it."""

from __future__ import annotations

import re
from pathlib import Path

from gamedetectd.library.files import UnreadableError, mapping, parse_json, parse_text, read_bytes, text_of

FUEL = "fuel.json"
_LIMIT = 1_000_000
_STRING = r'("(?:[^"\\\n]|\\.)*"?)'
_COMMENT = re.compile(_STRING + r"|//[^\n]*|/\*(?:.*?\*/|.*)", re.DOTALL)
_LAST_COMMA = re.compile(_STRING + r"|,(?=\s*[}\]])")


def parse_fuel(data: bytes) -> str:
    """The program, relative to the game's directory; "" where none is named. Raises UnreadableError.

    Publishers write these files by hand, with comments and commas after the last entry.
    """
    try:
        value = parse_json(data)
    except UnreadableError:
        bare = _LAST_COMMA.sub(_keep_strings, _COMMENT.sub(_keep_strings, parse_text(data)))
        value = parse_json(bare.encode())
    return text_of(mapping(mapping(value).get("Main")), "Command")


def _keep_strings(found: re.Match[str]) -> str:
    return found[1] or ""


def program_in(directory: str) -> str:
    """The program of the game in a directory; "" where its file is missing or broken, which hinders nothing."""
    try:
        return parse_fuel(read_bytes(Path(directory) / FUEL, _LIMIT)) if directory else ""
    except UnreadableError:
        return ""

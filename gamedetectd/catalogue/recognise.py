"""What a file to import is, by its content: names and endings prove nothing."""

from __future__ import annotations

from typing import Literal

from gamedetectd.errors import CatalogueError

Kind = Literal["index", "ludusavi", "discord"]
HEAD = 4_096
"""Bytes from a file's beginning that tell what it is."""
WANTED = "Give Ludusavi's manifest.yaml, Discord's list of detectable applications, or an index that an import made."
_OTHERS = (
    (b"\x1f\x8b", "It is compressed."),
    (b"PK\x03\x04", "It is an archive."),
    (b"BZh", "It is compressed."),
    (b"\xfd7zXZ", "It is compressed."),
    (b"\x28\xb5\x2f\xfd", "It is compressed."),
)


def recognise(head: bytes) -> Kind:
    """The kind of file that begins so. Raises CatalogueError for what is none of ours."""
    if head.startswith(b"SQLite format 3\0"):
        return "index"
    for magic, cause in _OTHERS:
        if head.startswith(magic):
            raise CatalogueError(cause, "Unpack it first; then import what was in it.")
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not text:
        raise CatalogueError("It is empty.", WANTED)
    if text.startswith(b"["):
        return "discord"
    if text.startswith(b"<"):
        raise CatalogueError("It is a web page and no list of games.", "Fetch the file itself and not a page about it.")
    if text.startswith(b"{") or b"\0" in text:
        raise CatalogueError("It is neither a manifest nor a list of applications.", WANTED)
    return "ludusavi"

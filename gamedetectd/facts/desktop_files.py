"""Reads one freedesktop desktop file: only the keys that matching needs, quickly, for there may be thousands.

Format: https://specifications.freedesktop.org/desktop-entry-spec/latest/
"""

from __future__ import annotations

import functools
import re
import sys
from dataclasses import dataclass

from gamedetectd.facts.reading import printable

FILE_LIMIT = 256_000
"""Bytes read of one file; heavily translated ones have about 60,000."""
_NAME_LIMIT = 200
_EXEC_LIMIT = 2_048

_KEYS = re.compile(
    rb"^(Type|Name|Exec|TryExec|Path|Categories|Hidden|NoDisplay|StartupWMClass)[ \t]*=[ \t]*([^\r\n]*)", re.MULTILINE
)
_LOCALISED_NAME = re.compile(rb"^Name\[[^\]\r\n]*\][ \t]*=[ \t]*([^\r\n]*)", re.MULTILINE)
_ESCAPE = re.compile(r"\\(.)")
_ESCAPED = {"s": " ", "n": "\n", "t": "\t", "r": "\r", "\\": "\\"}


@dataclass(frozen=True, slots=True)
class Entry:
    """An application's desktop file. ``stem`` is its file name without ``.desktop``, in lower case."""

    stem: str
    name: str
    exec: str
    directory: str
    try_exec: str
    categories: tuple[str, ...]
    window_class: str
    shown: bool


def parse_entry(content: bytes, stem: str) -> Entry | None:
    """The entry of an application; None for links, directories, deleted (``Hidden``) and broken ones."""
    group = _main_group(content)
    values: dict[bytes, str] = {}
    for key, value in _KEYS.findall(group):
        values.setdefault(key, _unescape(value))
    if values.get(b"Type", "Application").strip() != "Application" or _is_true(values.get(b"Hidden")):
        return None
    name = values.get(b"Name") or _any_localised_name(group)
    exec_line = values.get(b"Exec", "").strip()
    if not name or not exec_line or len(exec_line) > _EXEC_LIMIT:
        return None
    return Entry(
        stem=stem,
        name=printable(name, _NAME_LIMIT),
        exec=exec_line,
        directory=sys.intern(values.get(b"Path", "").strip()),
        try_exec=sys.intern(values.get(b"TryExec", "").strip()),
        categories=_categories(values.get(b"Categories", "")),
        window_class=sys.intern(printable(values.get(b"StartupWMClass", ""), _NAME_LIMIT)),
        shown=not _is_true(values.get(b"NoDisplay")),
    )


@functools.lru_cache(maxsize=512)
def _categories(value: str) -> tuple[str, ...]:
    """The items of the list; remembered, so that thousands of entries share a few hundred tuples."""
    return tuple(sys.intern(item.strip()) for item in value.split(";") if item.strip())


def _main_group(content: bytes) -> bytes:
    """The lines of ``[Desktop Entry]``; actions follow in groups of their own."""
    start = content.find(b"[Desktop Entry]")
    if start < 0:
        return b""
    end = content.find(b"\n[", start)
    return content[start:end] if end >= 0 else content[start:]


def _any_localised_name(group: bytes) -> str:
    found = _LOCALISED_NAME.search(group)
    return _unescape(found[1]) if found else ""


def _unescape(value: bytes) -> str:
    text = value.replace(b"\0", b"").decode("utf-8", "replace")
    return _ESCAPE.sub(lambda m: _ESCAPED.get(m[1], m[0]), text) if "\\" in text else text


def _is_true(value: str | None) -> bool:
    return value is not None and value.strip() in ("true", "1")

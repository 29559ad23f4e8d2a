"""Finds where every key of a TOML document is, and its value, which ``tomllib`` does not tell.

It is given only documents ``tomllib`` has accepted, so it need not judge them, only find its way: it knows keys,
strings, arrays, inline tables and comments (TOML 1.0, https://toml.io/en/v1.0.0) and skips everything else.
"""

from __future__ import annotations

import bisect
import re
import tomllib
from collections.abc import Mapping

KeyPath = tuple[str | int, ...]
"""Keys from the root down; a number is a place in an array, counted from 0."""

_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_SPACE = re.compile(r"[ \t]*")
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_SCALAR = re.compile(r"[^,\]}#\r\n]*")
_STRING = re.compile(
    "|".join(
        (
            r'"""(?:[^\\]|\\.)*?""""{0,2}',  # up to two quotes may stand right before the closing three
            r"'''.*?''''{0,2}",
            r'"(?:[^"\\]|\\.)*"',
            r"'[^']*'",
        )
    ),
    re.DOTALL,
)


def key_lines(text: str) -> Mapping[KeyPath, int]:
    """The line (counted from 1) on which each key and each array element of ``text`` is first named.

    ``text`` must be what ``tomllib.loads`` accepts. Raises RecursionError where it is nested as deeply as the stack.
    """
    scanner = _Scanner(text)
    scanner.document()
    return scanner.lines


def places(text: str) -> tuple[Mapping[KeyPath, tuple[int, int]], Mapping[KeyPath, int]]:
    """Where each value begins and ends, and where each table's header ends, in characters. As ``key_lines`` else."""
    scanner = _Scanner(text)
    scanner.document()
    return scanner.values, scanner.headers


def line_end(text: str) -> str:
    """What ends the lines of a text, for more of them."""
    return "\r\n" if "\r\n" in text else "\n"


class _Scanner:
    def __init__(self, text: str) -> None:
        self.lines: dict[KeyPath, int] = {}
        self.values: dict[KeyPath, tuple[int, int]] = {}
        self.headers: dict[KeyPath, int] = {}
        self._text = text
        self._at = 0
        self._line_ends = [match.start() for match in re.finditer("\n", text)]
        self._last_table: dict[KeyPath, int] = {}
        """The place of the newest table of each array of tables."""

    def document(self) -> None:
        table: KeyPath = ()
        self._skip(_BLANK)
        while self._at < len(self._text):
            if self._takes("[["):
                table = self._header(new_in_array=True)
            elif self._takes("["):
                table = self._header(new_in_array=False)
                self.headers[table] = self._at
            else:
                self._pair(table)
            self._skip(_BLANK)

    def _header(self, *, new_in_array: bool) -> KeyPath:
        """A table's header up to its end; the path of the table it opens."""
        path: KeyPath = ()
        keys = self._keys()
        for place, (key, line) in enumerate(keys, 1):
            path = (*path, key)
            self.lines.setdefault(path, line)
            if new_in_array and place == len(keys):
                self._last_table[path] = self._last_table.get(path, -1) + 1
            if path in self._last_table:
                path = (*path, self._last_table[path])
                self.lines.setdefault(path, line)
        self._skip(_SPACE)
        self._at += 2 if new_in_array else 1
        return path

    def _pair(self, table: KeyPath) -> None:
        path = table
        for key, line in self._keys():
            path = (*path, key)
            self.lines.setdefault(path, line)
        self._takes("=")
        self._skip(_SPACE)
        begin = self._at
        self._value(path)
        self.values[path] = (begin, begin + len(self._text[begin : self._at].rstrip()))

    def _keys(self) -> list[tuple[str, int]]:
        """A dotted key, the space around it included: its parts, each with its line."""
        keys = []
        while True:
            self._skip(_SPACE)
            line = self._line()
            keys.append((self._key(), line))
            self._skip(_SPACE)
            if not self._takes("."):
                return keys

    def _key(self) -> str:
        if self._text[self._at] not in "\"'":
            return self._skip(_BARE_KEY)
        key: str = tomllib.loads(f"key = {self._skip(_STRING)}")["key"]
        return key

    def _value(self, path: KeyPath) -> None:
        if self._takes("["):
            self._array(path)
        elif self._takes("{"):
            self._inline_table(path)
        elif self._text[self._at] in "\"'":
            self._skip(_STRING)
        else:
            self._skip(_SCALAR)

    def _array(self, path: KeyPath) -> None:
        place = 0
        self._skip(_BLANK)
        while not self._takes("]"):
            self.lines[(*path, place)] = self._line()
            self._value((*path, place))
            place += 1
            self._skip(_BLANK)
            self._takes(",")
            self._skip(_BLANK)

    def _inline_table(self, path: KeyPath) -> None:
        self._skip(_BLANK)
        while not self._takes("}"):
            self._pair(path)
            self._skip(_BLANK)
            self._takes(",")
            self._skip(_BLANK)

    def _line(self) -> int:
        return bisect.bisect_left(self._line_ends, self._at) + 1

    def _skip(self, pattern: re.Pattern[str]) -> str:
        """Go past what matches here and return it."""
        match = pattern.match(self._text, self._at)
        if match is None:
            raise ValueError(f"line {self._line()} is no TOML that tomllib accepts")
        self._at = match.end()
        return match.group()

    def _takes(self, token: str) -> bool:
        """Go past ``token`` if it is here."""
        found = self._text.startswith(token, self._at)
        if found:
            self._at += len(token)
        return found

"""Valve's text KeyValues (``.vdf``, ``.acf``), in which Steam keeps its libraries and what is installed in them.

Nobody wrote the format down: quoted or bare words, braces, ``//`` comments, ``[$WIN32]`` conditions, ``#include`` and
``#base`` lines, which are never followed, and keys that differ in case from file to file. Facts about it:
https://developer.valvesoftware.com/wiki/KeyValues and the files themselves.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from gamedetectd.library.files import WRITE_ANEW, UnreadableError

LARGEST = 32_000_000
"""Bytes of a file that are parsed."""
DEEPEST = 64
"""Levels of blocks within blocks."""
LONGEST_CONDITION = 120
"""Characters of a condition."""


class VdfError(UnreadableError):
    """Text that is no KeyValues. ``line`` counts from 1; 0 where the trouble is with the whole file."""

    def __init__(self, cause: str, line: int = 0) -> None:
        super().__init__(cause if not line else f"Line {line}: {cause}", WRITE_ANEW)
        self.line = line


class Block:
    """Keys with values in the order of the file; keys may repeat and are looked up whatever their case.

    A value is another block, a text, or, in binary files, a number.
    """

    __slots__ = ("entries",)

    def __init__(self) -> None:
        self.entries: list[tuple[str, Value]] = []

    def all(self, name: str) -> Iterator[Value]:
        """Every value of this key."""
        folded = name.casefold()
        return (value for key, value in self.entries if key == name or key.casefold() == folded)

    def text(self, name: str) -> str:
        """The first value of this key that is no block, as text; "" where there is none."""
        return next((str(value) for value in self.all(name) if not isinstance(value, Block)), "")

    def block(self, name: str) -> Block:
        """The first block of this key; an empty one where there is none."""
        return next((value for value in self.all(name) if isinstance(value, Block)), Block())

    def blocks(self) -> Iterator[tuple[str, Block]]:
        """Every block with its key."""
        return ((key, value) for key, value in self.entries if isinstance(value, Block))


Value = Block | str | int | float

_TOKEN = re.compile(
    r"""(?:[\s\0]++|//[^\n]*+|/(?!\S)[^\n]*+)*+      # blanks and comments; a slash alone begins one too
    (?: "(?P<key>[^"\\]*+)"[\t ]++"(?P<pair>[^"\\]*+)"
      | "(?P<quoted>(?:[^"\\]++|\\.)*+)"
      | (?P<brace>[{}])
      | (?P<condition>\[[^\]\n]*+\]?+)
      | (?P<bare>[^\s\0{}"\[][^\s\0{}]*+)
      | (?P<unclosed>")
    )?+""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\([nt\\\"])")
_ESCAPED = {"n": "\n", "t": "\t", "\\": "\\", '"': '"'}
_WORD = re.compile(r"\s*(?:(\|\||&&|[!()])|\$?(\w+))")
_DIRECTIVES = frozenset(["#include", "#base"])


def parse(data: bytes, defined: Collection[str] = ()) -> Block:
    """The whole file as one block. Raises VdfError, and nothing else, for what is no KeyValues.

    ``defined`` are the names (``WIN32``) for which a condition holds; entries under other conditions are left out.
    """
    if len(data) > LARGEST:
        raise VdfError(f"It is larger than {LARGEST // 1_000_000} MB.")
    if data and not data.strip(b"\0\r\n\t "):
        raise VdfError("It holds nothing but zeros, as after a crash or a power cut.")
    text = decode(data)
    if text.startswith("\0"):
        raise VdfError("It is binary where text is expected.")
    return _Parser(text, frozenset(name.upper() for name in defined)).parse()


def decode(data: bytes) -> str:
    """The text, whatever the encoding: UTF-8, UTF-16 with or without its mark, else one of Western Europe."""
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace")
    sample = data[:256]
    for zeros, encoding in ((sample[1::2], "utf-16-le"), (sample[::2], "utf-16-be")):
        if len(sample) >= 8 and zeros.count(0) > 0.8 * len(zeros) and sample.count(0) < 0.6 * len(sample):
            return data.decode(encoding, "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


class _Parser:
    def __init__(self, text: str, defined: frozenset[str]) -> None:
        self._text = text
        self._defined = defined
        self._root = Block()
        self._open = [self._root]
        """The blocks around the place that is read, the outermost first."""
        self._key: str | None = None
        self._wanted = True
        """False where a condition between key and value did not hold."""
        self._counts = False
        """True right after an entry was kept: a condition that follows is about it."""
        self._at = 0

    def parse(self) -> Block:
        for match in _TOKEN.finditer(self._text):
            kind = match.lastgroup
            if kind is None:
                break
            if kind == "pair":
                first, second = match.group("key", "pair")
                if self._key is None and first[:1] != "#":
                    self._open[-1].entries.append((first, second))
                    self._counts = True
                    continue
                self._word(first)
                self._word(second)
                continue
            self._at = match.start(kind)
            self._token(kind, match[kind])
        self._at = len(self._text)
        if self._key is not None:
            raise self._error(f'the file ends where the value of "{_short(self._key)}" should stand.')
        if len(self._open) > 1:
            raise self._error(f"the file ends with {len(self._open) - 1} braces still open.")
        return self._root

    def _token(self, kind: str, token: str) -> None:
        if kind == "quoted":
            self._word(_ESCAPE.sub(_unescape, token) if "\\" in token else token)
        elif kind == "bare":
            self._word(token)
        elif kind == "brace":
            self._brace(token)
        elif kind == "condition":
            self._condition(token)
        else:
            raise self._error("a quoted text begins and never ends.")

    def _word(self, text: str) -> None:
        if self._key is None:
            self._key, self._wanted = text, True
        else:
            self._keep(text)

    def _keep(self, value: Value) -> None:
        """End an entry with its value."""
        assert self._key is not None  # noqa: S101 - callers look first
        self._counts = self._wanted and self._key.lower() not in _DIRECTIVES
        if self._counts:
            self._open[-1].entries.append((self._key, value))
        self._key = None

    def _brace(self, brace: str) -> None:
        if brace == "{":
            if self._key is None:
                raise self._error("a brace opens without a key before it.")
            if len(self._open) > DEEPEST:
                raise self._error(f"blocks lie more than {DEEPEST} levels deep in each other.")
            block = Block()
            self._keep(block)
            self._open.append(block)
        elif self._key is not None:
            raise self._error(f'a brace closes where the value of "{_short(self._key)}" should stand.')
        elif len(self._open) == 1:
            raise self._error("a brace closes that was never opened.")
        else:
            self._open.pop()
        self._counts = False

    def _condition(self, text: str) -> None:
        holds = self._holds(text)
        if self._key is not None:
            self._wanted = holds
        elif self._counts:
            self._counts = False
            if not holds:
                self._open[-1].entries.pop()

    def _holds(self, text: str) -> bool:
        inner = text[1:-1]
        words: list[str] = []
        place = 0
        while place < len(inner.rstrip()) and len(inner) <= LONGEST_CONDITION:
            found = _WORD.match(inner, place)
            if found is None:
                break
            place = found.end()
            words.append(found[1] or ("1" if found[2].upper() in self._defined else "0"))
        else:
            words.append("end")
            value = _any_of(words)
            if text.endswith("]") and len(inner) <= LONGEST_CONDITION and value is not None and words == ["end"]:
                return value
        raise self._error(f'"{_short(text)}" is no condition.')

    def _error(self, cause: str) -> VdfError:
        return VdfError(cause, self._text.count("\n", 0, self._at) + 1)


def _any_of(words: list[str]) -> bool | None:
    """The value of what stands at the beginning of ``words``, which is taken away; None where it makes no sense."""
    value = _every_of(words)
    while value is not None and words[0] == "||":
        del words[0]
        other = _every_of(words)
        value = None if other is None else value or other
    return value


def _every_of(words: list[str]) -> bool | None:
    value = _one(words)
    while value is not None and words[0] == "&&":
        del words[0]
        other = _one(words)
        value = None if other is None else value and other
    return value


def _one(words: list[str]) -> bool | None:
    word = words[0]
    if word == "end":
        return None
    del words[0]
    if word == "!":
        value = _one(words)
        return None if value is None else not value
    if word == "(":
        value = _any_of(words)
        return value if words[0] == ")" and words.pop(0) else None
    return word == "1" if word in "01" else None


def _unescape(match: re.Match[str]) -> str:
    return _ESCAPED[match[1]]


def _short(text: str) -> str:
    return "".join(c if c.isprintable() else " " for c in text[:60])

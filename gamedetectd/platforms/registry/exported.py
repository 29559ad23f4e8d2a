r"""Reads exported registry files: what regedit writes (``*.reg``), and what Wine keeps (``system.reg``, ``user.reg``).

Formats: https://learn.microsoft.com/troubleshoot/windows-server/performance/registry-editor-version-5-files-reg and
Wine's ``server/registry.c``. Lines that make no sense are passed over, as regedit does.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from gamedetectd.platforms.registry.tree import Tree, Value, folded

FILE_LIMIT = 64_000_000
"""Bytes of one file; a fresh Wine prefix has 1.7 MB."""
TEXT_LIMIT = 32_000
"""Characters of one text."""

_STRING = r"(?:[^\"\\]|\\.)*+"
_LINE = re.compile(
    rf"""^[ \t]*(?:
      \[(?P<gone>-?)(?P<key>[^\r\n]+)\](?:[ \t]+\d+)?[ \t\r]*$
    | (?P<name>@|"(?:[^"\\\r\n]|\\[^\r\n])*+")[ \t]*=[ \t]*(?:
        (?:str\((?P<text_kind>[0-9a-f]{{1,8}})\):)?"(?P<text>{_STRING})"
      | dword:[ \t]*(?P<number>[0-9a-f]{{1,8}})
      | hex(?:\((?P<kind>[0-9a-f]{{1,8}})\))?:(?P<bytes>[0-9a-f,\\\s]*+)
      | (?P<nothing>-)
      )
    )""",
    re.MULTILINE | re.IGNORECASE | re.DOTALL | re.VERBOSE,
)
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_WINE_ESCAPE = re.compile(r"\\(?:x([0-9a-fA-F]{1,4})|([0-7]{1,3})|(.))", re.DOTALL)
_CONTROLS = {"a": "\a", "b": "\b", "e": "\x1b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_WINE_ROOT = re.compile(r"^;; All keys relative to (?:REGISTRY)?\\\\(Machine|User)\b", re.MULTILINE | re.IGNORECASE)

_TEXT, _EXPANDED, _BIG_ENDIAN, _LIST, _LONG = 1, 2, 5, 7, 11
"""Types of a value: REG_SZ, REG_EXPAND_SZ, REG_DWORD_BIG_ENDIAN, REG_MULTI_SZ, REG_QWORD."""


class RegistryFileError(ValueError):
    """The file does not begin as one that regedit or Wine writes."""


def parse(content: bytes, wanted: Sequence[str] = ()) -> Tree:
    r"""The keys and values of a file; of the keys ``wanted`` and below, or all. Raises RegistryFileError.

    ``wanted`` are paths such as ``HKLM\Software\Valve``: skipping the rest saves most of the memory.
    """
    tree = Tree()
    fill(tree, content, wanted)
    return tree


def fill(tree: Tree, content: bytes, wanted: Sequence[str] = ()) -> None:
    """Add the keys and values of one file, as ``parse`` does."""
    text = _decoded(content[:FILE_LIMIT])
    header = text.lstrip("\ufeff \t\r\n")[:64].partition("\n")[0].strip()
    if header.upper().startswith("WINE REGISTRY VERSION 2"):
        root = _WINE_ROOT.search(text[:4_096])
        hive = "HKLM\\" if root is None or root[1].lower() == "machine" else "HKCU\\"
        reader = _Reader(tree, _wine_unescaped, hive, wide=True, wine=True)
    elif header == "REGEDIT4" or header.lower().startswith("windows registry editor version 5"):
        reader = _Reader(tree, _unescaped, "", wide=header != "REGEDIT4", wine=False)
    else:
        raise RegistryFileError("It does not begin as an exported registry does.")
    reader.read(text, tuple(map(folded, wanted)))


class _Reader:
    """One file being read. ``wide``: texts given as bytes are UTF-16; ``hive``: what its keys are relative to."""

    def __init__(self, tree: Tree, unescape: Callable[[str], str], hive: str, *, wide: bool, wine: bool) -> None:
        self._tree = tree
        self._unescape = unescape
        self._hive = hive
        self._wide = wide
        self._wine = wine

    def read(self, text: str, wanted: tuple[str, ...]) -> None:
        values: dict[str, Value] | None = None
        for found in _LINE.finditer(text):
            if (key := found["key"]) is not None:
                gone = bool(found["gone"]) and not self._wine
                values = self._key(key if gone else found["gone"] + key, gone=gone, wanted=wanted)
            elif values is not None:
                name = "" if found["name"] == "@" else self._unescape(found["name"][1:-1])[:TEXT_LIMIT]
                value = self._value(found)
                if value is None:
                    values.pop(name, None)
                else:
                    values[name] = value

    def _key(self, spelt: str, *, gone: bool, wanted: tuple[str, ...]) -> dict[str, Value] | None:
        path = self._hive + (self._unescape(spelt) if self._wine else spelt)
        known = folded(path)
        if wanted and not any(known == one or known.startswith(one + "\\") for one in wanted):
            return None
        if gone:
            self._tree.delete(path)
            return None
        return self._tree.add(path)

    def _value(self, found: re.Match[str]) -> Value | None:
        """The value of a line; None where it says that there is none any more."""
        if (text := found["text"]) is not None:
            plain = self._unescape(text)[:TEXT_LIMIT]
            return _lines(plain) if found["text_kind"] and int(found["text_kind"], 16) == _LIST else plain
        if found["number"] is not None:
            return int(found["number"], 16)
        if found["bytes"] is not None:
            kind = int(found["kind"], 16) if found["kind"] else None
            return self._binary(kind, _bytes(found["bytes"]))
        return None

    def _binary(self, kind: int | None, data: bytes) -> Value:
        if kind in (_TEXT, _EXPANDED, _LIST):
            data = data[: 2 * TEXT_LIMIT]
            text = data.decode("utf-16-le", "replace") if self._wide else data.decode("cp1252", "replace")
            return _lines(text) if kind == _LIST else text.partition("\0")[0]
        if kind == _LONG:
            return int.from_bytes(data[:8], "little")
        if kind == _BIG_ENDIAN:
            return int.from_bytes(data[:4], "big")
        return data


def _decoded(content: bytes) -> str:
    if content.startswith(b"\xff\xfe"):
        return content[2:].decode("utf-16-le", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def _bytes(digits: str) -> bytes:
    r"""The bytes of ``01,ff,\\<newline>  00``; up to the first that is none."""
    return bytes(_each(re.sub(r"[\\\s]+", "", digits)))


def _each(digits: str) -> Iterator[int]:
    for pair in digits.split(","):
        if not 1 <= len(pair) <= 2:
            return
        yield int(pair, 16)


def _lines(text: str) -> str:
    """A list of texts, as the system keeps it, with one a line."""
    return "\n".join(part for part in text.split("\0") if part)


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(lambda found: found[1], text) if "\\" in text else text


def _wine_unescaped(text: str) -> str:
    if "\\" not in text:
        return text
    plain = _WINE_ESCAPE.sub(_wine_character, text)
    if any("\ud800" <= character <= "\udfff" for character in plain):
        plain = plain.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return plain


def _wine_character(found: re.Match[str]) -> str:
    if found[1]:
        return chr(int(found[1], 16))
    if found[2]:
        return chr(int(found[2], 8))
    return _CONTROLS.get(found[3], found[3])

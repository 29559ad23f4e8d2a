"""Valve's binary KeyValues: Steam's own shortcuts (``shortcuts.vdf``) and what it knows of every app (``appinfo.vdf``).

An item is a type byte, a key and a value; byte 8 ends a block. ``appinfo.vdf`` is a header and one record an app:
u32 id, u32 size, 40 bytes of numbers and a digest (60 from 0x07564428 on), then KeyValues. From 0x07564429 on a key is
the index of a text in a table at the file's end. Facts: the files themselves and
https://github.com/SteamDatabase/SteamAppInfo.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import IO

from gamedetectd.library.files import WRITE_ANEW, UnreadableError
from gamedetectd.library.vdf import Block, Value

LARGEST = 32_000_000
"""Bytes of a file, or of one app's record, that are parsed."""
DEEPEST = 64
"""Levels of blocks within blocks."""
MOST_APPS = 1_000_000
"""Records of ``appinfo.vdf`` that are passed over or read: Steam knows a quarter of them."""
MOST_LAUNCHES = 64
"""Ways of starting one app that are taken."""

_HEADERS = {0x07564427: 40, 0x07564428: 60, 0x07564429: 60}
"""Bytes between a record's size and its KeyValues, by the file's magic."""
_WITH_TABLE = 0x07564429

_LEAVES = (
    rb"\x01 KEY ([^\0]*+)\0 | [\x02-\x04\x06] KEY (.{4}) | [\x07\x0a] KEY (.{8}) | \x05 KEY ((?:(?!\0\0)..)*+)\0\0"
)
_SKIPPED_DEPTH = 8
"""Levels of blocks that are skipped in one go; deeper ones item by item."""


class BinaryVdfError(UnreadableError):
    """Bytes that are no binary KeyValues. ``offset`` is where, in bytes from the beginning of what was parsed."""

    def __init__(self, cause: str, offset: int = 0) -> None:
        super().__init__(f"{cause} (Byte {offset}.)" if offset else cause, WRITE_ANEW)
        self.offset = offset


Wanted = Mapping[str, "Wanted | None"]
"""The keys to keep, in lower case, with what to keep of the blocks under them; None keeps everything."""


@dataclass(frozen=True, slots=True)
class LaunchEntry:
    """One way in which Steam starts an app. ``executable`` is relative to its directory, as its maker wrote it."""

    executable: str
    arguments: str = ""
    kind: str = ""
    systems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AppInfo:
    """What ``appinfo.vdf`` says of one app. ``kind`` (``game``, ``tool``, ``music``) is in lower case."""

    id: int
    name: str = ""
    kind: str = ""
    systems: tuple[str, ...] = ()
    launches: tuple[LaunchEntry, ...] = ()


class _Grammar:
    """How items look: with their keys written out, or as numbers of texts in the table ``keys``."""

    def __init__(self, keys: Sequence[str] | None = None) -> None:
        self.keys = keys
        key, bare = (rb"([^\0]*+)\0", rb"[^\0]*+\0") if keys is None else (rb"(.{4})", rb".{4}")
        self.item = _compiled(rb"\x00 KEY | LEAVES | [\x08\x0b]".replace(b"LEAVES", _LEAVES).replace(b"KEY", key))
        """One item. Its last group is the value, the one before that the key; of a block there is only the key."""
        leaf = re.sub(rb"(?<!\\)\((?!\?)", rb"(?:", _LEAVES).replace(b"KEY", bare)
        whole = leaf
        for _ in range(_SKIPPED_DEPTH):
            whole = leaf + rb" | \x00 " + bare + rb" (?:" + whole + rb")*+ [\x08\x0b]"
        self._whole = whole
        self._skips: dict[tuple[str, ...], re.Pattern[bytes]] = {}

    def skip(self, names: Iterable[str]) -> re.Pattern[bytes]:
        """Matches all items in a row, with what is in them, that are not called one of ``names``."""
        wanted = tuple(names)
        if wanted not in self._skips:
            spelt = [re.escape(key) for name in wanted for key in self._spellings(name)]
            unless = rb"(?!. (?i:" + b"|".join(spelt) + rb"))" if spelt else b""
            self._skips[wanted] = _compiled(rb"(?:" + unless + rb"(?:" + self._whole + rb"))*+")
        return self._skips[wanted]

    def _spellings(self, name: str) -> Iterator[bytes]:
        if self.keys is None:
            yield name.encode() + b"\0"
        else:
            yield from (index.to_bytes(4, "little") for index, key in enumerate(self.keys) if key.lower() == name)


def _compiled(pattern: bytes) -> re.Pattern[bytes]:
    return re.compile(pattern, re.VERBOSE | re.DOTALL)


_PLAIN = _Grammar()


def parse(data: bytes, grammar: _Grammar = _PLAIN, wanted: Wanted | None = None) -> Block:
    """All of the data as one block. Raises BinaryVdfError, and nothing else.

    ``wanted`` leaves out what is of no interest.
    """
    if len(data) > LARGEST:
        raise BinaryVdfError(f"It is larger than {LARGEST // 1_000_000} MB.")
    if data and not data.strip(b"\0"):
        raise BinaryVdfError("It holds nothing but zeros, as after a crash or a power cut.")
    return _Parser(data, grammar).parse(wanted)


class _Parser:
    def __init__(self, data: bytes, grammar: _Grammar) -> None:
        self._data = data
        self._grammar = grammar
        self._stack: list[tuple[Block | None, Wanted | None]] = []
        """The blocks around the place that is read, with what is wanted of them; None for one that nobody wants."""

    def parse(self, wanted: Wanted | None) -> Block:
        root = Block()
        self._stack = [(root, wanted)]
        place, data = 0, self._data
        while place < len(data):
            block, inner = self._stack[-1]
            if inner is not None:
                found = self._grammar.skip(inner).match(data, place)
                place = found.end() if found is not None else place
            found = self._grammar.item.match(data, place)
            if found is None:
                raise BinaryVdfError(self._why_not(place), place)
            if found.lastindex is None:
                self._stack.pop()
                if not self._stack:
                    return root  # what follows the end of the outermost block is padding
            elif block is None:
                self._stack += [(None, None)] if found.lastindex == 1 else []
            else:
                self._add(found, place, block, inner)
            if len(self._stack) > DEEPEST:
                raise BinaryVdfError(f"Blocks lie more than {DEEPEST} levels deep in each other.", place)
            place = found.end()
        if len(self._stack) > 1:
            raise BinaryVdfError(f"The data ends with {len(self._stack) - 1} blocks still open.", place)
        return root

    def _add(self, found: re.Match[bytes], place: int, block: Block, wanted: Wanted | None) -> None:
        """Hang an item that was found into its block, where it is wanted."""
        last = found.lastindex or 1
        key = self._key(found[last - 1] if last > 1 else found[last], place)
        unwanted = wanted is not None and key.lower() not in wanted
        if last == 1:
            inner = None if unwanted else Block()
            self._stack.append((inner, None if wanted is None or unwanted else wanted[key.lower()]))
            if inner is not None:
                block.entries.append((key, inner))
        elif not unwanted:
            block.entries.append((key, _value(self._data[place], found[last])))

    def _key(self, raw: bytes, place: int) -> str:
        keys = self._grammar.keys
        if keys is None:
            return raw.decode("utf-8", "replace")
        index = int.from_bytes(raw, "little")
        if index >= len(keys):
            raise BinaryVdfError(f"The table of keys has no text {index}.", place)
        return keys[index]

    def _why_not(self, place: int) -> str:
        if place >= len(self._data):
            return f"The data ends with {len(self._stack)} blocks still open."
        kind = self._data[place]
        return "A value is cut off." if kind <= 7 or kind == 0x0A else f"There is no type {kind}."


def _value(kind: int, raw: bytes) -> Value:
    if kind == 1:
        return raw.decode("utf-8", "replace")
    if kind == 5:
        return raw.decode("utf-16-le", "replace")
    if kind == 3:
        return float(struct.unpack("<f", raw)[0])
    return int.from_bytes(raw, "little", signed=kind == 0x0A)


# --- appinfo.vdf ------------------------------------------------------------------------------------------------------

_APP: Wanted = {
    "appinfo": {"common": {"name": None, "type": None, "oslist": None}, "config": {"launch": None}},
}


def read_appinfo(file: IO[bytes], wanted: Collection[int] | None = None) -> Iterator[AppInfo]:
    """What the file says of the apps ``wanted`` (None: all), in its order; other records are stepped over unread.

    Raises BinaryVdfError: at once for what is no such file, after everything else for a damaged record. OSError is the
    disk's. Open ``file`` without a buffer: it jumps from record to record.
    """
    grammar, header = _head(file)
    left = None if wanted is None else set(wanted)
    damaged: BinaryVdfError | None = None
    try:
        for app, size in _records(file):
            if left is not None and app not in left:
                file.seek(size, 1)
                continue
            try:
                yield _app(app, parse(_record(file, app, size, header), grammar, _APP))
            except BinaryVdfError as error:
                damaged = damaged or error
            if left is not None:
                left.discard(app)
                if not left:
                    break
    except BinaryVdfError as error:
        damaged = damaged or error
    if damaged is not None:
        raise damaged


def _head(file: IO[bytes]) -> tuple[_Grammar, int]:
    """How the file's items look, and the bytes before a record's KeyValues."""
    magic = _number(file.read(4))
    if magic not in _HEADERS:
        raise BinaryVdfError(f"It begins with 0x{magic:08x}, which is no version of the format that is known.")
    file.read(4)  # Steam's universe: the public one
    return _Grammar(_table(file)) if magic == _WITH_TABLE else _PLAIN, _HEADERS[magic]


def _records(file: IO[bytes]) -> Iterator[tuple[int, int]]:
    """Each record's app and size in bytes; the file stands right behind both."""
    for _ in range(MOST_APPS):
        start = file.read(8)
        if start[:4] == bytes(4):
            return
        if len(start) < 8:
            raise BinaryVdfError("The file ends where another record should begin.", file.tell())
        yield _number(start[:4]), _number(start[4:])
    raise BinaryVdfError(f"It holds more than {MOST_APPS} records.")


def _record(file: IO[bytes], app: int, size: int, header: int) -> bytes:
    """The KeyValues of a record; the file stands behind it."""
    if not header <= size <= LARGEST:
        file.seek(size, 1)
        raise BinaryVdfError(f"The record of app {app} claims {size} bytes.", file.tell())
    record = file.read(size)
    if len(record) < size:
        raise BinaryVdfError(f"The file ends within the record of app {app}.", file.tell())
    return record[header:]


def _table(file: IO[bytes]) -> list[str]:
    """The table of keys; the file stands at its first record again afterwards."""
    raw = file.read(8)
    place = file.tell()
    offset = int.from_bytes(raw, "little")
    if offset < place or offset >= 1 << 62:
        raise BinaryVdfError("The table of keys lies nowhere.", 8)
    file.seek(offset)
    count, data = _number(file.read(4)), file.read(LARGEST)
    file.seek(place)
    texts = data.split(b"\0")[:-1]
    if count > len(texts):
        raise BinaryVdfError(f"The table of keys has {len(texts)} texts instead of {count}.", offset)
    return [text.decode("utf-8", "replace") for text in texts[:count]]


def _number(data: bytes) -> int:
    return int.from_bytes(data, "little")


def _app(app: int, record: Block) -> AppInfo:
    info = record.block("appinfo")
    common = info.block("common")
    launches = (entry for _, entry in info.block("config").block("launch").blocks())
    return AppInfo(
        app,
        common.text("name"),
        common.text("type").lower(),
        _systems(common.text("oslist")),
        tuple(_launch(entry) for entry, _ in zip(launches, range(MOST_LAUNCHES), strict=False)),
    )


def _launch(entry: Block) -> LaunchEntry:
    return LaunchEntry(
        entry.text("executable"),
        entry.text("arguments"),
        entry.text("type").lower(),
        _systems(entry.block("config").text("oslist")),
    )


def _systems(listed: str) -> tuple[str, ...]:
    return tuple(name.strip().lower() for name in listed.split(",") if name.strip())

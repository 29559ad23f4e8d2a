"""How the catalogue spells what it knows, so that a row and a question about a program meet."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

import msgspec

from gamedetectd.domain import KnownGame, Launch

TITLE_LIMIT = 300
"""Characters of a title, directory or argument; what is longer is none."""
_INVISIBLE = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]+")


_PACKAGE = re.compile(r"(?:[\w.-]+\.)?(?P<name>[A-Za-z0-9-]+)_[\d.]+_(?:x64|x86|arm64|arm|neutral)_[^_]*_[a-z0-9]{13}")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[a-z])(?=\d)")
_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(KnownGame)
_MAP, _MOST_IN_MAP = 0x80, 15
"""A MessagePack map of up to 15 entries begins with one byte that counts them."""


def folded(text: str) -> str:
    """The spelling that is compared: composed, lower case, nothing in it that no file can hold as text."""
    if text.isascii():
        return text.lower()
    composed = unicodedata.normalize("NFC", text.encode("utf-8", "replace").decode())
    return unicodedata.normalize("NFC", composed.lower())


def one_line(text: str) -> str:
    """A title without what cannot be seen; "" for one that is too long to be one."""
    plain = " ".join(_INVISIBLE.sub(" ", text[: TITLE_LIMIT + 1]).split())
    return plain if len(text) <= TITLE_LIMIT else ""


def argument_words(text: str) -> str:
    """What a program must be given, folded; of a very long command line the words it begins with."""
    plain = " ".join(_INVISIBLE.sub(" ", folded(text[: 4 * TITLE_LIMIT])).split())
    return plain if len(plain) <= TITLE_LIMIT else plain[:TITLE_LIMIT].rpartition(" ")[0]


def launch_path(path: str) -> str:
    """The end of a program's path as ``Launch.path`` has it, or "" where it names no file of its own.

    ``<base>/bin/x.exe`` is ``bin/x.exe``; what lies outside the game's directory is known by its file name.
    """
    if len(path) > TITLE_LIMIT:
        return ""
    parts = [part for part in re.split(r"[\\/]+", folded(_INVISIBLE.sub("", path)).strip()) if part not in ("", ".")]
    while parts and (parts[0] == ".." or parts[0].startswith("<") or parts[0].endswith(":")):
        del parts[0]
    if not parts or ".." in parts or path.rstrip().endswith(("/", "\\")) or parts[-1].startswith("<"):
        return ""
    tail = [part for part in parts if "<" not in part]
    return "/".join(tail)


def file_name(path: str) -> str:
    """The last component of a ``Launch.path``."""
    return path.rpartition("/")[2]


def pack(game: KnownGame) -> bytes:
    """A row as the index stores it, a MessagePack map; its source and how many share a name are told later."""
    row: dict[str, object] = {"id": game.id, "title": game.title, "launches": [_packed(one) for one in game.launches]}
    if game.directories:
        row["directories"] = game.directories
    if game.also:
        row["also"] = game.also
    return _ENCODER.encode(row)


def _packed(launch: Launch) -> dict[str, object]:
    told: dict[str, object] = {"path": launch.path}
    if launch.argument:
        told["argument"] = launch.argument
    if launch.systems:
        told["systems"] = launch.systems
    if launch.launcher:
        told["launcher"] = True
    if launch.exclusive:
        told["exclusive"] = True
    return told


def unpack(row: bytes, tail: bytes) -> KnownGame:
    """The row that was packed, completed by ``tail``. Raises msgspec.MsgspecError for anything else."""
    if not _MAP <= row[0] <= _MAP + _MOST_IN_MAP - 2:
        raise msgspec.ValidationError("not a row of a catalogue")
    return _DECODER.decode(bytes((row[0] + 2,)) + row[1:] + tail)


def tail(source: str, sharing: int) -> bytes:
    """What ``unpack`` needs besides the row: where it comes from, and how many share what it was found by."""
    return _ENCODER.encode({"source": source, "sharing": sharing})[1:]


def names_of(game: KnownGame) -> Iterator[tuple[str, bool]]:
    """The distinct file names of a game's programs, each with whether it says more than the bare name."""
    telling: dict[str, bool] = {}
    for launch in game.launches:
        name = file_name(launch.path)
        telling[name] = telling.get(name, False) or bool(launch.argument) or launch.exclusive
    yield from telling.items()


def directory_names(path: str, most: int) -> Sequence[str]:
    """The folded names of the directories a file lies in, innermost first, at most ``most``; no drive, no file name."""
    parts = [part for part in re.split(r"[\\/]+", path) if part not in ("", ".")][:-1]
    plain = [part for part in reversed(parts[-most:]) if not part.endswith(":")]
    return tuple(folded(name) for part in plain for name in dict.fromkeys((part, _installed_name(part))))


def _installed_name(directory: str) -> str:
    """A bundle's name without its ending, the words of a package's of Microsoft's store; any other name as it is."""
    if package := _PACKAGE.fullmatch(directory):
        return _CAMEL.sub(" ", package["name"])
    return directory.removesuffix(".app")

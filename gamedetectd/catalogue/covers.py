"""Covers of games on disk: a picture and what is known of it, or that there is none; capped in bytes and in age.

For any thread and process: a file is replaced as a whole, and a picture is looked at before it is kept.
"""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import msgspec

from gamedetectd.errors import CoverError
from gamedetectd.platforms.permissions import ensure_private_dir, write_private_atomic
from gamedetectd.platforms.regular_files import read_regular

log = logging.getLogger(__name__)

DAY = 86_400.0
LARGEST = 5_000_000
"""Bytes of one picture."""
SIDES = range(16, 4097)
"""Pixels a side may have: what is larger is made to fill somebody's memory."""
KINDS: Mapping[str, str] = MappingProxyType({"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp"})
"""The media types that are kept, and how their files are called."""
_LARGEST_NOTE = 10_000
_SOF = frozenset({0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF})


class Note(msgspec.Struct, frozen=True):
    """What is known of one game's cover. ``kind`` is its media type, empty where there is no cover to be had.

    ``name`` is the game's name at the server, ``released`` the year it came out there, 0 for not known.
    """

    game_id: str
    title: str
    at: float
    kind: str = ""
    name: str = ""
    released: int = 0


@dataclass(frozen=True, slots=True)
class Holding:
    """What is kept: covers, games without one, and bytes."""

    covers: int
    without: int
    size: int


class Covers:
    """The covers in a directory that need not be there yet."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def file(self, game_id: str) -> Path | None:
        """The picture of a game, if there is one. Cheap, and never fetches anything."""
        return next((file for kind in KINDS if (file := self._picture(game_id, kind)).is_file()), None)

    def note(self, game_id: str) -> Note | None:
        """What is known of a game's cover, if it was ever looked for."""
        return _read(self._place(game_id).with_suffix(".json"))

    def due(self, game_id: str, max_age_days: int, now: float | None = None) -> bool:
        """Whether it is to be looked for: never was, too long ago, or by a clock that was wrong."""
        note, now = self.note(game_id), time.time() if now is None else now
        return (
            note is None or not 0 <= now - note.at < max_age_days * DAY or (bool(note.kind) and not self.file(game_id))
        )

    def keep(self, note: Note, picture: bytes = b"") -> None:
        """Keep what was found. Raises CoverError for what is no picture, or where nothing can be kept."""
        if note.kind:
            check_picture(note.kind, picture)
        try:
            ensure_private_dir(self._directory)
            for kind in KINDS:
                if kind != note.kind:
                    self._picture(note.game_id, kind).unlink(missing_ok=True)
            if note.kind:
                write_private_atomic(self._picture(note.game_id, note.kind), picture)
            write_private_atomic(self._place(note.game_id).with_suffix(".json"), msgspec.json.encode(note))
        except OSError as error:
            raise CoverError(f"It cannot be kept: {error.strerror or error}.", "Free some space.") from error

    def shrink(self, most: int) -> None:
        """Remove the oldest until all of them take no more than this many bytes."""
        files = [(file.stat().st_mtime, file.stat().st_size, file) for file in self._files()]
        size = sum(one for _, one, _ in files)
        for _, one, file in sorted(files, key=lambda row: row[0]):
            if size <= most:
                return
            file.unlink(missing_ok=True)
            size -= one

    def holding(self) -> Holding:
        """How much there is."""
        files = list(self._files())
        pictures = sum(file.suffix != ".json" for file in files)
        return Holding(pictures, len(files) - 2 * pictures, sum(file.stat().st_size for file in files))

    def clear(self) -> int:
        """Remove everything; how many pictures that were."""
        count = 0
        for file in list(self._files()):
            count += file.suffix != ".json"
            with suppress(OSError):
                file.unlink(missing_ok=True)
        return count

    def _files(self) -> Iterator[Path]:
        names = {".json", *(f".{end}" for end in KINDS.values())}
        with suppress(OSError):
            yield from (file for file in self._directory.iterdir() if file.suffix in names and file.is_file())

    def _place(self, game_id: str) -> Path:
        """Titles and ids hold anything: the name of the file is a hash."""
        return self._directory / hashlib.sha256(game_id.encode("utf-8", "surrogateescape")).hexdigest()[:32]

    def _picture(self, game_id: str, kind: str) -> Path:
        return self._place(game_id).with_suffix(f".{KINDS[kind]}")


def check_picture(kind: str, picture: bytes) -> None:
    """Raise CoverError unless it is a picture of this media type, of a size that a screen can hold."""
    if kind not in KINDS:
        raise _wrong(f"is no picture but {kind or 'something without a type'}")
    if len(picture) > LARGEST:
        raise _wrong(f"has more than {LARGEST // 1_000_000} MB")
    size = _size(kind, picture)
    if size is None:
        raise _wrong(f"is called {kind} and is none")
    if size[0] not in SIDES or size[1] not in SIDES:
        raise _wrong(f"has {size[0]} × {size[1]} pixels")


def _wrong(what: str) -> CoverError:
    return CoverError(f"What the server sent {what}.", "Nothing needs to be done: the game is shown without a cover.")


def _size(kind: str, data: bytes) -> tuple[int, int] | None:
    """Width and height in px as the head of the file says; None where it is no such file."""
    if kind == "image/png":
        whole = data[:8] == b"\x89PNG\r\n\x1a\n" and data[12:16] == b"IHDR" and len(data) > 33
        return (_number(data[16:20]), _number(data[20:24])) if whole else None
    if kind == "image/jpeg":
        return _jpeg_size(data)
    return _webp_size(data)


def _jpeg_size(data: bytes) -> tuple[int, int] | None:
    """Format: ITU T.81, annex B: segments with their length until the one that starts a frame."""
    if data[:2] != b"\xff\xd8":
        return None
    place = 2
    while place + 9 <= len(data) and data[place] == 0xFF:
        if data[place + 1] in _SOF:
            return _number(data[place + 7 : place + 9]), _number(data[place + 5 : place + 7])
        place += 2 + max(2, _number(data[place + 2 : place + 4]))
    return None


def _webp_size(data: bytes) -> tuple[int, int] | None:
    """Format: https://developers.google.com/speed/webp/docs/riff_container."""
    if data[:4] != b"RIFF" or data[8:12] != b"WEBP" or len(data) < 30:
        return None
    form = data[12:16]
    if form == b"VP8X":
        return 1 + int.from_bytes(data[24:27], "little"), 1 + int.from_bytes(data[27:30], "little")
    if form == b"VP8 " and data[23:26] == b"\x9d\x01\x2a":
        return int.from_bytes(data[26:28], "little") & 0x3FFF, int.from_bytes(data[28:30], "little") & 0x3FFF
    if form == b"VP8L" and data[20] == 0x2F:
        bits = int.from_bytes(data[21:25], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    return None


def _number(data: bytes) -> int:
    return int.from_bytes(data, "big")


def _read(file: Path) -> Note | None:
    try:
        return msgspec.json.decode(read_regular(file, _LARGEST_NOTE), type=Note)
    except (OSError, msgspec.MsgspecError, UnicodeError):
        return None

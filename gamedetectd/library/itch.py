"""The itch app: a database of "caves", the places where games are installed, and a receipt in each of them.

The app's helper writes ``db/butler.db``; its verdict on a cave lists the programs in it. Where the database cannot be
read, the receipts in the app's own directory tell.
"""

from __future__ import annotations

import zlib
from collections.abc import Hashable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import ClassVar

from gamedetectd.domain import InstalledGame, LibraryProblem, Shelf, System
from gamedetectd.library import native, places
from gamedetectd.library.databases import Patience, Row, database_stamps, read_tables
from gamedetectd.library.files import (
    UnreadableError,
    attempt,
    directory_stamps,
    mapping,
    mappings,
    parse_json,
    read_bytes,
    read_names,
    text_of,
    there,
)
from gamedetectd.library.rows import installed, shelf
from gamedetectd.library.surroundings import Surroundings

RECEIPT = Path(".itch", "receipt.json.gz")
UNPACKED_LIMIT = 32_000_000
"""Bytes of the largest receipt, unpacked; it lists every file of the game."""
_PROGRAMS_LIMIT = 32
_TABLES = {
    "caves": ("id", "game_id", "install_location_id", "install_folder_name", "custom_install_folder", "verdict"),
    "games": ("id", "title", "classification"),
    "install_locations": ("id", "path"),
}
_NO_GAMES = frozenset(["tool", "assets", "game_mod", "soundtrack", "comic", "book", "physical_game"])


class ItchReader:
    """Reads the app's database, else the receipts."""

    name: ClassVar[str] = "itch"

    def __init__(self, surroundings: Surroundings) -> None:
        self._surroundings = surroundings
        self._homes = _homes(surroundings)
        self._patience = Patience()

    def roots(self) -> Sequence[str]:
        return [str(path) for home in self._homes for path in (home / "db", home / "apps") if there(path)]

    def fingerprint(self) -> Hashable:
        databases = [_database(home) for home in self._homes]
        asked = self._patience.asked_again
        return (asked, database_stamps(*databases), *(directory_stamps(home / "apps") for home in self._homes))

    def load(self) -> Shelf:
        problems: list[LibraryProblem] = []
        games: dict[tuple[str, str], InstalledGame] = {}
        for home in self._homes:
            tables = attempt(problems, read_database, _database(home)) if there(_database(home)) else None
            found = self._by_caves(tables, problems) if tables else self._by_receipts(home / "apps", problems)
            for game in found:
                games.setdefault((game.id, game.install_dir), game)
        return self._patience.settle(shelf("The itch app", bool(self.roots()), games.values(), problems))

    def _by_caves(self, tables: Mapping[str, Sequence[Row]], problems: list[LibraryProblem]) -> Iterator[InstalledGame]:
        known = {text_of(fields, "id"): fields for fields in tables.get("games", ())}
        locations = {text_of(fields, "id"): text_of(fields, "path") for fields in tables.get("install_locations", ())}
        for cave in tables["caves"]:
            location = locations.get(text_of(cave, "install_location_id"), "")
            folder = text_of(cave, "custom_install_folder")
            folder = folder or native.join(location, text_of(cave, "install_folder_name"))
            ident = text_of(cave, "game_id")
            fields = known.get(ident, {})
            receipt = self._receipt(folder, problems) if folder and not text_of(fields, "title") else {}
            yield from self._row(
                ident, {**receipt, **{key: value for key, value in fields.items() if value}}, folder, cave
            )

    def _receipt(self, folder: str, problems: list[LibraryProblem]) -> Mapping[str, object]:
        path = Path(places.native(self._surroundings, folder)) / RECEIPT
        return (attempt(problems, read_receipt, path) or {}) if there(path) else {}

    def _by_receipts(self, apps: Path, problems: list[LibraryProblem]) -> Iterator[InstalledGame]:
        for name in (attempt(problems, read_names, apps) or ()) if there(apps) else ():
            if fields := self._receipt(str(apps / name), problems):
                yield from self._row(text_of(fields, "id"), fields, str(apps / name), {})

    def _row(self, ident: str, fields: Mapping[str, object], folder: str, cave: Row) -> Iterator[InstalledGame]:
        if text_of(fields, "classification").lower() in _NO_GAMES:
            return
        row = installed(self._surroundings, "itch", ident, text_of(fields, "title"), folder, _programs(cave))
        if row:
            yield row


def _programs(cave: Row) -> tuple[str, ...]:
    """The programs in a cave, by the helper's verdict; a verdict that cannot be read only costs their names."""
    verdict = cave.get("verdict")
    data = verdict.encode() if isinstance(verdict, str) else verdict
    try:
        return parse_verdict(data) if isinstance(data, bytes) and data else ()
    except UnreadableError:
        return ()


def parse_verdict(data: bytes) -> tuple[str, ...]:
    """The programs of a verdict, ``{"candidates": [{"path", …}]}``, relative to the cave. Raises UnreadableError."""
    candidates = mappings(mapping(parse_json(data)).get("candidates"))
    return tuple(path for candidate in candidates if (path := text_of(candidate, "path")))[:_PROGRAMS_LIMIT]


def parse_receipt(data: bytes) -> Mapping[str, object]:
    """The game of a ``receipt.json.gz``: ``{id, title, classification, …}``. Raises UnreadableError."""
    unpacker = zlib.decompressobj(wbits=31)
    try:
        unpacked = unpacker.decompress(data, UNPACKED_LIMIT)
    except zlib.error as error:
        raise UnreadableError(f"It cannot be unpacked: {error}.", "Let the itch app verify the game.") from None
    if not unpacker.eof:
        cause = "It is larger than it may be." if len(unpacked) >= UNPACKED_LIMIT else "Its end is missing."
        raise UnreadableError(cause, "Let the itch app verify the game.")
    game = mapping(mapping(parse_json(unpacked)).get("game"))
    if not text_of(game, "id"):
        raise UnreadableError("It does not say which game it is.", "Let the itch app verify the game.")
    return game


def read_receipt(path: Path) -> Mapping[str, object]:
    """The same from a file."""
    return parse_receipt(read_bytes(path))


def read_database(path: Path) -> dict[str, list[Row]]:
    """The tables that matter of ``butler.db``. Raises UnreadableError."""
    tables = read_tables(path, _TABLES)
    if "caves" not in tables:
        raise UnreadableError("It has no table of installed games.", "Start the itch app once.", str(path))
    return tables


def _database(home: Path) -> Path:
    return home / "db" / "butler.db"


def _homes(surroundings: Surroundings) -> tuple[Path, ...]:
    if surroundings.system is System.WINDOWS:
        return (surroundings.app_data / "itch",)
    if surroundings.system is System.MACOS:
        return (surroundings.application_support / "itch",)
    return (surroundings.config_home / "itch", surroundings.flatpak("io.itch.itch") / "config" / "itch")

"""Amazon Games: a table of what its app installed, or the JSON list of Nile, which does the same on Linux."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import ClassVar

from gamedetectd.domain import InstalledGame, LibraryProblem, Shelf, System
from gamedetectd.library import fuel, places
from gamedetectd.library.databases import Patience, Row, database_stamps, read_tables
from gamedetectd.library.files import (
    UnreadableError,
    attempt,
    is_true,
    mapping,
    mappings,
    parse_json,
    read_bytes,
    read_json,
    stamps,
    text_of,
    there,
)
from gamedetectd.library.rows import installed, shelf
from gamedetectd.library.surroundings import Surroundings

_TABLE = {"DbSet": ("Id", "InstallDirectory", "ProductTitle", "Installed")}


class AmazonReader:
    """Reads the app's database on Windows, and Nile's list everywhere. Heroic's Nile is Heroic's to tell."""

    name: ClassVar[str] = "amazon"

    def __init__(self, surroundings: Surroundings) -> None:
        self._surroundings = surroundings
        self._database = _database(surroundings)
        self._nile = _nile(surroundings)
        self._patience = Patience()

    def roots(self) -> Sequence[str]:
        return [str(place) for place in (*self._database, *self._nile) if there(place)]

    def fingerprint(self) -> Hashable:
        lists = stamps(*(place / "installed.json" for place in self._nile))
        return (self._patience.asked_again, database_stamps(*self._database), lists)

    def load(self) -> Shelf:
        problems: list[LibraryProblem] = []
        games: dict[str, InstalledGame] = {}
        for database in filter(there, self._database):
            tables = attempt(problems, _read, database) or {}
            games |= {game.id: game for game in self._of_app(tables.get("DbSet", ()))}
        for directory in filter(there, self._nile):
            for game in nile_games(self._surroundings, directory, problems):
                games.setdefault(game.id, game)
        return self._patience.settle(shelf("Amazon Games", bool(self.roots()), games.values(), problems))

    def _of_app(self, rows: Sequence[Row]) -> Iterator[InstalledGame]:
        for fields in rows:
            directory = places.native(self._surroundings, text_of(fields, "InstallDirectory"))
            if not directory or not (fields["Installed"] is None or is_true(fields["Installed"])):
                continue
            title, program = text_of(fields, "ProductTitle"), fuel.program_in(directory)
            row = installed(self._surroundings, "amazon", text_of(fields, "Id"), title, directory, [program])
            if row:
                yield row


def parse_nile(data: bytes) -> list[Mapping[str, object]]:
    """Nile's ``installed.json``: ``[{id, path, …}]``. Raises UnreadableError."""
    value = parse_json(data)
    if not isinstance(value, list):
        raise UnreadableError("It is not a list of installed games.")
    return list(mappings(value))


def nile_games(
    surroundings: Surroundings,
    directory: Path,
    problems: list[LibraryProblem],
    titles: Mapping[str, str] | None = None,
    launcher: str = "",
) -> Iterator[InstalledGame]:
    """The games in a Nile directory. ``titles`` are those its library does not tell; ``launcher`` knows them too."""
    file = directory / "installed.json"
    entries = attempt(problems, lambda path: parse_nile(read_bytes(path)), file) if there(file) else None
    called = {**(titles or {}), **(_titles(directory / "library.json", problems) if entries else {})}
    for entry in entries or ():
        ident, place = text_of(entry, "id"), text_of(entry, "path")
        row = installed(
            surroundings,
            "amazon",
            ident,
            called.get(ident, ""),
            place,
            [fuel.program_in(place)],
            also=[f"{launcher}:{ident}"] if launcher else [],
        )
        if row:
            yield row


def _titles(library: Path, problems: list[LibraryProblem]) -> dict[str, str]:
    """Titles by product id from Nile's ``library.json``: ``[{product: {id, title}}]``."""
    entries = mappings(attempt(problems, read_json, library)) if there(library) else ()
    products = [mapping(entry.get("product")) for entry in entries]
    return {text_of(product, "id"): title for product in products if (title := text_of(product, "title"))}


def _read(path: Path) -> dict[str, list[Row]]:
    tables = read_tables(path, _TABLE)
    if not tables:
        raise UnreadableError("It has no table of installed games.", "Start Amazon Games once.")
    return tables


def _database(surroundings: Surroundings) -> tuple[Path, ...]:
    if surroundings.system is not System.WINDOWS:
        return ()
    inner = Path("Amazon Games", "Data", "Games", "Sql", "GameInstallInfo.sqlite")
    return (surroundings.local_app_data / inner,)


def _nile(surroundings: Surroundings) -> tuple[Path, ...]:
    if surroundings.system is System.WINDOWS:
        default = surroundings.app_data / "nile"
    elif surroundings.system is System.MACOS:
        default = surroundings.application_support / "nile"
    else:
        default = surroundings.config_home / "nile"
    told = surroundings.environment.get("NILE_CONFIG_PATH", "")
    return (Path(told) / "nile",) if told else (default,)

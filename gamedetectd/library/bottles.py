"""Bottles: Wine prefixes with the programs people put on their list, and a library of those they call games.

Each bottle has a ``bottle.yml`` with ``External_Programs``; ``library.yml`` names the games among them. In a bottle
made for gaming, or to the person's own wishes, every program on the list counts; in one made for applications, none.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from gamedetectd.domain import InstalledGame, LibraryProblem, Shelf, System
from gamedetectd.library import native
from gamedetectd.library.files import (
    UnreadableError,
    attempt,
    is_true,
    mapping,
    mappings,
    parse_yaml,
    read_bytes,
    read_names,
    stamp,
    stamps,
    text_of,
    there,
)
from gamedetectd.library.not_games import is_no_game, starts_others
from gamedetectd.library.remembered import Remembered
from gamedetectd.library.rows import installed, shelf
from gamedetectd.library.surroundings import Surroundings

_LIMIT = 4_000_000
_NOT_FOR_GAMES = "application"


@dataclass(frozen=True, slots=True)
class Program:
    """An entry of a bottle's list; ``path`` and ``folder`` as Windows or the host spells them."""

    id: str
    name: str
    path: str
    folder: str = ""


@dataclass(frozen=True, slots=True)
class Bottle:
    """What a ``bottle.yml`` says."""

    name: str
    environment: str
    programs: tuple[Program, ...] = ()


class BottlesReader:
    """Reads the bottles in their usual place, where the person moved them, and in the Flatpak's."""

    name: ClassVar[str] = "bottles"

    def __init__(self, surroundings: Surroundings) -> None:
        self._surroundings = surroundings
        self._homes = _homes(surroundings)
        self._settings = Remembered(_read_settings)

    def roots(self) -> Sequence[str]:
        found = [path for home in self._homes for path in (home, *self._collections(home))]
        return [str(path) for path in found if there(path)]

    def fingerprint(self) -> Hashable:
        files = [home / file for home in self._homes for file in ("library.yml", "data.yml")]
        return (stamps(*files), *(stamp(bottle) for home in self._homes for bottle in self._bottles(home, [])))

    def load(self) -> Shelf:
        problems: list[LibraryProblem] = []
        games: dict[str, InstalledGame] = {}
        for home in filter(there, self._homes):
            for game in self._games(home, problems):
                games.setdefault(game.id, game)
        return shelf("Bottles", bool(self.roots()), games.values(), problems)

    def _games(self, home: Path, problems: list[LibraryProblem]) -> Iterator[InstalledGame]:
        library = home / "library.yml"
        entries = (attempt(problems, _read_library, library) if there(library) else None) or {}
        for file in filter(there, self._bottles(home, problems)):
            bottle = attempt(problems, _read_bottle, file) or Bottle("", "")
            for program in bottle.programs:
                title = entries.pop(program.id, "")
                counts = bool(title) or bottle.environment.lower() != _NOT_FOR_GAMES
                if counts and not is_no_game(title or program.name):
                    yield from self._row(program, title, str(file.parent))
        for ident, title in entries.items():  # what a store's client inside a bottle started
            yield from self._row(Program(ident, title, ""), title, "")

    def _bottles(self, home: Path, problems: list[LibraryProblem]) -> Iterator[Path]:
        """The file of each bottle."""
        for collection in filter(there, self._collections(home)):
            for name in attempt(problems, read_names, collection) or ():
                yield collection / name / "bottle.yml"

    def _collections(self, home: Path) -> tuple[Path, ...]:
        """The directories that hold a directory for each bottle: the usual one, and where the person moved them."""
        told = [moved for _, moved in self._settings.in_directory(home, ("data.yml",), [])]
        return (home / "bottles", *(Path(moved) for moved in told if native.is_absolute(moved)))

    def _row(self, program: Program, title: str, prefix: str) -> Iterator[InstalledGame]:
        outside = starts_others(program.path)  # a store's client, whose games are not in its directory
        path = "" if outside else native.in_prefix(program.path, prefix)
        folder = "" if outside else native.in_prefix(program.folder, prefix)
        if not native.is_absolute(folder) or not native.within(path, folder):
            folder = ""
        directory = native.of_program(self._surroundings, path) or folder
        row = installed(self._surroundings, "bottles", program.id, title or program.name, directory, [path])
        if row:
            yield row


def parse_bottle(data: bytes) -> Bottle:
    """A ``bottle.yml``, without the programs that the person removed from the list. Raises UnreadableError."""
    fields = mapping(parse_yaml(data))
    if not fields:
        raise UnreadableError("It does not describe a bottle.", "Open the bottle in Bottles once.")
    listed = mapping(fields.get("External_Programs"))
    programs = []
    for key, value in listed.items():
        entry = mapping(value)
        name = text_of(entry, "name") or text_of(entry, "executable").rpartition(".")[0]
        if entry and not is_true(entry.get("removed")):
            programs.append(
                Program(text_of(entry, "id") or key, name, text_of(entry, "path"), text_of(entry, "folder"))
            )
    return Bottle(text_of(fields, "Name"), text_of(fields, "Environment"), tuple(programs))


def parse_library(data: bytes) -> dict[str, str]:
    """A ``library.yml``: titles by the ids that the bottles' lists use. Raises UnreadableError."""
    entries: Mapping[str, object] = mapping(parse_yaml(data))
    return {ident: text_of(entry, "name") for entry in mappings(dict(entries)) if (ident := text_of(entry, "id"))}


def _read_bottle(path: Path) -> Bottle:
    return parse_bottle(read_bytes(path, _LIMIT))


def _read_library(path: Path) -> dict[str, str]:
    return parse_library(read_bytes(path, _LIMIT))


def _homes(surroundings: Surroundings) -> tuple[Path, ...]:
    if surroundings.system is not System.LINUX:
        return ()
    return (surroundings.data_home / "bottles", surroundings.flatpak("com.usebottles.bottles") / "data" / "bottles")


def _read_settings(path: Path) -> str:
    """Where ``data.yml`` says that the bottles lie; "" for the usual place."""
    return text_of(mapping(parse_yaml(read_bytes(path, _LIMIT))), "custom_bottles_path")

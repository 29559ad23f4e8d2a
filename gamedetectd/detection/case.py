"""One program's facts with what every rule asks of them worked out once: the family, its library row, the files beside."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from gamedetectd.detection import paths, places
from gamedetectd.detection.families import Family, family
from gamedetectd.detection.pattern import Pattern
from gamedetectd.detection.programs import Program
from gamedetectd.detection.titles import clean
from gamedetectd.domain import Facts, Game, InstalledGame, Window

_SYSTEM_LISTS = frozenset(["windows", "desktop", "mac"])
"""Rows that come from what the system knows of every program, and not from who sold the game."""


@dataclass(frozen=True, slots=True)
class Sign:
    """What a rule saw: the name of a row in the table of weights, and a sentence that names the concrete thing."""

    signal: str
    reason: str
    game: Game | None = None


@dataclass(frozen=True)
class Case:
    """``names`` are the lower-case names of files and directories that belong to the program, in no shared directory.

    ``beside`` are those in the program's own directory; ``row`` is the library's innermost row that holds it.
    """

    facts: Facts
    family: Family | None
    program: Program
    row: InstalledGame | None
    directory: str
    names: frozenset[str]
    beside: frozenset[str]

    @property
    def window(self) -> Window | None:
        """The window, if it is the program's own or nobody's we know of."""
        return self.facts.window

    @property
    def title(self) -> str:
        """The beginning of the window's title, or ""; nobody calls a game by more."""
        return self.facts.window.title[:300].strip() if self.facts.window else ""

    @cached_property
    def shown(self) -> str:
        """The window's title as a person would write it; "" where nothing is left of it."""
        return clean(self.title)

    @cached_property
    def games_folder(self) -> places.GamesFolder | None:
        """The folder for games that the program lies in."""
        return places.games_folder(self.program.path)

    @cached_property
    def exclusive(self) -> bool:
        """True where the catalogue knows a game to which a program of this name, or its argument, belongs alone."""
        name = self.program.base.casefold()
        launches = (launch for row in self.facts.catalogue for launch in row.launches)
        return any(
            launch.exclusive
            and not launch.launcher
            and name in (paths.base_name(launch.path), launch.argument.casefold())
            for launch in launches
        )

    @property
    def called(self) -> str:
        """What to call the program in a sentence."""
        return self.program.base or self.title or "This program"

    @property
    def ignore_case(self) -> bool:
        """True where file names are compared without regard to case."""
        return self.family is not None and self.family.ignore_case

    def variable(self, name: str) -> str:
        """An environment variable of the program or its wrappers, or ""."""
        return self.family.variable(name) if self.family else ""


def build(facts: Facts) -> Case:
    """Work out once what every rule asks."""
    found = family(facts)
    program = found.program if found else Program("")
    ignore_case = bool(found and found.ignore_case)
    directory = places.own_directory(program.path)
    row = _row(facts.library, program, ignore_case=ignore_case) or _flatpak(facts.library, found)
    if row is not None and not directory:
        directory = row.install_dir
    names, beside = _files(facts, program, directory, ignore_case=ignore_case)
    return Case(facts, found, program, row, directory, names, beside)


def _row(library: Iterable[InstalledGame], program: Program, *, ignore_case: bool) -> InstalledGame | None:
    """The row whose directory holds the program, the innermost where several do; else the one that starts it.

    Under Wine the Windows spelling counts too: some stores keep that one. A store knows better than a system's lists.
    """
    spelt = [path for path in (program.path, program.alias) if path]
    own = {paths.folded(path, ignore_case=ignore_case) for path in spelt}

    def closeness(row: InstalledGame) -> tuple[bool, int, bool]:
        started = any(paths.folded(path, ignore_case=ignore_case) in own for path in row.executables)
        places = (row.install_dir, paths.windows_path_in_wine(row.install_dir) if program.alias else "")
        holds = any(paths.within(path, place, ignore_case=ignore_case) for path in spelt for place in places)
        depth = len(paths.components(row.install_dir)) if holds else 0
        return (bool(depth or started) and row.store not in _SYSTEM_LISTS), depth, started

    best = max(library, key=closeness, default=None)
    return best if best is not None and closeness(best) > (False, 0, False) else None


def _flatpak(library: Iterable[InstalledGame], found: Family | None) -> InstalledGame | None:
    """A Flatpak's own program lies below ``/app``, wherever the system keeps it; its environment says which it is."""
    ident = found.variable("FLATPAK_ID") if found and found.program.path.startswith("/app/") else ""
    return next((row for row in library if ident and (row.store, row.id) == ("flatpak", ident)), None)


def _files(
    facts: Facts, program: Program, directory: str, *, ignore_case: bool
) -> tuple[frozenset[str], frozenset[str]]:
    names: set[str] = set()
    beside: set[str] = set()
    own = program.directory
    for listed, entries in facts.files.items():
        place = paths.unix_path_in_wine(listed, _environment(facts)) if program.alias else listed
        lowered = [entry.rstrip("/\\").replace("\\", "/").lower() for entry in entries]
        flat = {part for entry in lowered for part in (entry, entry.rpartition("/")[2]) if part}
        if own and paths.folded(place, ignore_case=ignore_case) == paths.folded(own, ignore_case=ignore_case):
            beside |= flat
        elif not _belongs(place, directory or own, ignore_case=ignore_case):
            continue
        if not places.is_shared(place):
            names |= flat
    return frozenset(names), frozenset(beside)


def _environment(facts: Facts) -> dict[str, str]:
    return {name: value for process in facts.processes for name, value in process.environment.items()}


def _belongs(place: str, directory: str, *, ignore_case: bool) -> bool:
    """True for a listed directory that is part of the program; where its place is not known, every one is."""
    return not paths.is_absolute(directory) or paths.within(place, directory, ignore_case=ignore_case)


_WORD_BEGINS = Pattern(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[A-Za-z])(?=\d)|(?<=\d)(?=[A-Za-z])")
_WORD = Pattern(r"[^\W_]+")


def words(text: str) -> tuple[str, ...]:
    """The words of a program's name in lower case: ``GameCrash-Handler64`` is game, crash, handler, 64."""
    return tuple(_WORD.findall(_WORD_BEGINS.sub(" ", text).casefold()))

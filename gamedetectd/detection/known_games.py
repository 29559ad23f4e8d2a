"""How well a row of the catalogue fits a program: by its file name, and by what else says that it is this game's.

A file name is a claim and no proof: ``game.exe`` is 187 titles, and ``Everything.exe`` is a search program. So a name
counts with a second thing that agrees and was not bound to: an argument, a part of the path, the install directory,
the window's title. Where one word is all three of program, directory and title, it is still one word.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum

from gamedetectd.detection import paths, places
from gamedetectd.detection.case import Case
from gamedetectd.detection.containers import is_container
from gamedetectd.detection.identity import kind_of
from gamedetectd.detection.pattern import Pattern
from gamedetectd.detection.roles import role_of
from gamedetectd.detection.stores import started_by_launcher
from gamedetectd.detection.titles import counted, from_directory, is_generic_name, squeezed
from gamedetectd.domain import KnownGame, Launch, System

_SHORT = 4
"""Letters of a name that is too short to be one program's alone: 212 names of Discord's list are."""
_WORD = 8
"""Letters up to which one word may well be in a dictionary."""
_LONG = 12
"""Letters from which on a name without blanks is no single word, so that it does not happen twice by chance."""
_LEVELS_UP = 6
_COMMANDS = ("/bin/", "/usr/bin/", "/sbin/", "/usr/sbin/")
_YEAR = Pattern(r"\s*\((?:[^()]*\W)?(?:19|20)\d\d\)$")
"""What lists put behind a title to tell it from others of the same name: ``Prey (2017)``. Nobody calls a game so."""
_BUNDLE = Pattern(r".*/[^/]+\.app(?=/)")
_STARTED = Pattern(r"-(?:win64|win32|wingdk|linux|mac)(?:-shipping|-test)?(?=\.exe$|$)")


class Fit(IntEnum):
    """How much of a row fits, the better the higher."""

    DIRECTORY = 1
    """It lies where this game is installed, under a name that nobody listed."""
    SHARED = 2
    """Its file name is one of this game's, and perhaps of others'."""
    NAME = 3
    """Its file name is this game's alone, and telling."""
    EDITION = 4
    """Its file name, and the window bears the beginning of its title: it is this game, or another edition of it."""
    PATH = 5
    """Its file name, and an argument, a part of the path, the directory or the window's title."""
    EXCLUSIVE = 6
    """Its file name, and somebody made sure that no other program is called so."""


@dataclass(frozen=True, slots=True)
class Match:
    """A row that fits. ``length`` is how much agrees beside the file name; ``by`` says what, as a sentence part."""

    game: KnownGame
    fit: Fit
    length: int
    by: str
    launcher: bool = False


@dataclass(frozen=True, slots=True)
class _Seen:
    """One way the program can be spelled: its path and arguments folded, and the systems its file may be for."""

    path: str
    arguments: tuple[str, ...]
    systems: frozenset[System]
    runtime: bool = False
    """It is an interpreter, known by what it is told to run alone."""
    archive: bool = False
    """It is a Java archive under the name that it has as a Windows program."""

    @property
    def name(self) -> str:
        return self.path.rpartition("/")[2]


class Matcher:
    """What every row is compared with, worked out once for a case."""

    def __init__(self, case: Case) -> None:
        self._case = case
        self._seen = tuple(_spellings(case))
        self._title = squeezed(case.shown) if case.shown else ""
        self._counted = counted(case.shown) if case.shown else ""
        self._folder = case.games_folder
        self._started = started_by_launcher(case)
        self._around = tuple(_around(case))
        self._package = f"xbox:{'.'.join(filter(None, places.store_package(case.program.path)))}"
        named = places.installed_name(case.directory, case.program.path)
        installed = {named, from_directory(named), self._folder.title if self._folder is not None else ""}
        self._own = {_spelt(name) for name in installed if name}
        self.demanding = False
        """True once a row fitted by its name and demanded an argument that is not there."""

    def matches(self, game: KnownGame) -> Iterator[Match]:
        """The best fit of the row as a game, and the best as a launcher."""
        found = [match for launch in game.launches for match in self._launched(game, launch)]
        directory = self._directory(game)
        if directory in self._own:
            fit = Fit.PATH if self._called(game, directory) else Fit.DIRECTORY
            found.append(Match(game, fit, len(directory), f"the directory {directory}"))
        elif self._called(game, self._case.program.stem, *self._around):
            found.append(Match(game, Fit.PATH, len(self._title), "its own name and its window's title"))
        if self._package in (game.id, *game.also):
            found.append(Match(game, Fit.EXCLUSIVE, len(self._package), "the package that it lies in"))
        for launcher in (False, True):
            same = [match for match in found if match.launcher is launcher]
            if same:
                yield max(same, key=lambda match: (match.fit, match.length))

    def _called(self, game: KnownGame, *names: str) -> bool:
        """True where a directory (or the program) and the window bear a title of several words: nobody else's."""
        if len(self._title) < _WORD or self._title != squeezed(game.title):
            return False
        several = bool(re.search(r"\w[\W_]+\w", game.title.strip()))
        return several and any(squeezed(name) == self._title for name in names)

    def _launched(self, game: KnownGame, launch: Launch) -> Iterator[Match]:
        name = launch.path.rpartition("/")[2]
        for seen in self._seen:
            exact = seen.name == name
            if not exact and _STARTED.sub("", seen.name) != name:
                continue
            if launch.systems and seen.systems.isdisjoint(launch.systems):
                continue
            argument = _given(launch.argument, seen.arguments)
            if launch.argument and not argument and not self._may_lack(game, launch, seen):
                self.demanding = True
                continue
            fit, length, by = self._judged(game, launch, seen, argument)
            if fit is Fit.SHARED and seen.runtime:
                continue
            yield Match(game, fit, length, by, launch.launcher)

    def _may_lack(self, game: KnownGame, launch: Launch, seen: _Seen) -> bool:
        """An argument is only an option where the program's name is this game's alone and it or its place is telling."""
        if launch.exclusive or seen.runtime or game.sharing > 1 or is_container(self._case):
            return False
        return self._telling_name(seen) or bool(self._directory(game))

    def _judged(self, game: KnownGame, launch: Launch, seen: _Seen, argument: str) -> tuple[Fit, int, str]:
        if launch.exclusive and not self._short_command(seen):
            return Fit.EXCLUSIVE, len(argument) + self._suffix(launch, seen), "its name, which no other program has"
        agreeing = [(len(argument), f"its argument {argument}")] if argument else []
        if length := self._suffix(launch, seen):
            agreeing.append((length, f"its path, which ends in {launch.path}"))
        if directory := self._directory(game):
            agreeing.append((len(directory), f"the directory {directory}"))
        shown = self._shown(game, seen)
        if shown is Fit.PATH:
            agreeing.append((len(self._title), "its window's title"))
        if agreeing:
            by = " and ".join(text for _, text in agreeing)
            return Fit.PATH, sum(length for length, _ in agreeing), by
        if shown is Fit.EDITION:
            return Fit.EDITION, len(self._title), "its name and the beginning of its title, which its window bears"
        if game.sharing == 1 and self._telling_name(seen):
            return Fit.NAME, 0, "its name alone"
        if self._fills(seen) and (game.sharing == 1 or self._title == squeezed(called(game))):
            return Fit.NAME, 0, "its name, under which it fills the screen"
        return Fit.SHARED, 0, "its name alone"

    def _shown(self, game: KnownGame, seen: _Seen) -> Fit | None:
        """How well the window's title fits: ``PATH`` for the whole of the game's, ``EDITION`` for several words of it."""
        title = called(game)
        if not self._title or (self._echoes(title, seen.name) and not seen.archive):
            return None
        if self._counted == counted(title):
            return Fit.PATH
        several = " " in self._case.shown and len(self._title) >= _WORD
        return Fit.EDITION if several and counted(title).startswith(self._counted) else None

    def _fills(self, seen: _Seen) -> bool:
        """True where one word is the program's name and the window's title, and that window fills the screen."""
        window, stem = self._case.window, paths.stem(_STARTED.sub("", seen.name))
        if window is None or not window.fullscreen or self._title != squeezed(stem):
            return False
        return len(self._title) > _SHORT and not is_generic_name(stem) and self._is_unknown(seen, stem)

    def _suffix(self, launch: Launch, seen: _Seen) -> int:
        """Letters of the launch's path that agree, where a directory in it is the game's and no structure."""
        if "/" not in launch.path or not seen.path.endswith("/" + launch.path):
            return 0
        inner = launch.path.split("/")[:-1]
        return len(launch.path) if any(self._telling(name) for name in inner) else 0

    def _directory(self, game: KnownGame) -> str:
        """The directory around the program that stores install this game into, if its name tells anything."""
        return next((name for name in self._around if name in game.directories and self._telling(name)), "")

    def _telling(self, directory: str) -> bool:
        """A game's own directory in a folder for games, or what a launcher of games started from; elsewhere a name that
        happens to no other program.
        """
        if self._started or (self._folder is not None and _spelt(self._folder.title) == directory):
            return True
        if places.is_structure(directory) or is_generic_name(directory) or len(squeezed(directory)) <= _SHORT:
            return False
        return not self._echoes(directory, self._case.program.base)

    def _echoes(self, text: str, name: str) -> bool:
        """True where a text only repeats the program's name and that is one word: what is called so is called so."""
        own, word = squeezed(paths.stem(_STARTED.sub("", name.lower()))), squeezed(text)
        return own == word and len(word) < _LONG and not re.search(r"\w[\W_]+\w", text.strip())

    def _telling_name(self, seen: _Seen) -> bool:
        """Neither short nor generic nor one word of a dictionary, nor a program we know to be something else."""
        stem = paths.stem(_STARTED.sub("", seen.name))
        plain = squeezed(stem)
        if len(plain) <= _SHORT or (stem.isalpha() and len(stem) <= _WORD) or is_generic_name(stem):
            return False
        return self._is_unknown(seen, stem)

    def _is_unknown(self, seen: _Seen, stem: str) -> bool:
        known = kind_of(paths.key(seen.name)) or role_of(stem)
        return known is None and not is_container(self._case)

    def _short_command(self, seen: _Seen) -> bool:
        return seen.path.startswith(_COMMANDS) and len(squeezed(paths.stem(seen.name))) <= _SHORT


def _spellings(case: Case) -> Iterator[_Seen]:
    """The program as it really runs, as Windows spells it under Wine, and the interpreter with what it is told."""
    found, program = case.family, case.program
    if found is None or not program.path:
        return
    arguments = tuple(_spelt(argument) for argument in program.arguments)
    for path in dict.fromkeys((program.path, program.alias)):
        if path:
            windows = bool(program.alias) or path.lower().endswith(".exe")
            systems = {found.system} if not windows else {found.system, System.WINDOWS}
            yield _Seen(_spelt(path), arguments, frozenset(systems), program.generic)
            if bundle := _BUNDLE.match(path):
                yield _Seen(_spelt(bundle.group()), arguments, frozenset(systems))
    if program.twin:
        yield _Seen(_spelt(program.twin), arguments, frozenset([found.system, System.WINDOWS]), archive=True)
    subject = found.subject
    if subject.exe and program.runtime and not program.alias:
        told = tuple(_spelt(argument) for argument in subject.argv[1:])
        yield _Seen(_spelt(paths.normal(subject.exe)), told, frozenset([found.system]), runtime=True)


def _around(case: Case) -> Iterator[str]:
    """The names of the directories around the program, innermost first, up to those that many programs share."""
    for path in dict.fromkeys((case.program.path, case.program.alias)):
        place = paths.directory(path)
        for _ in range(_LEVELS_UP):
            if not place or places.is_shared(place):
                break
            yield _spelt(paths.base_name(place))
            if (name := places.installed_name(place, path + "/")) != paths.base_name(place):
                yield _spelt(from_directory(name))
            place = paths.directory(place)


def _given(argument: str, arguments: Sequence[str]) -> str:
    """The demanded argument where its words stand among those given, in that order and together; else ""."""
    wanted = tuple(argument.lower().split())
    if not wanted:
        return ""
    for place in range(len(arguments) - len(wanted) + 1):
        given = arguments[place : place + len(wanted)]
        if all(one in (word, word.rpartition("/")[2]) for one, word in zip(wanted, given, strict=True)):
            return argument
    return ""


def _spelt(text: str) -> str:
    """Folded as the catalogue spells: composed, lower case, forward slashes."""
    plain = text.replace("\\", "/")
    return (
        plain.lower() if plain.isascii() else unicodedata.normalize("NFC", unicodedata.normalize("NFC", plain).lower())
    )


def called(game: KnownGame) -> str:
    """The title as people say it."""
    return _YEAR.sub("", game.title) or game.title


def same_game(one: KnownGame, other: KnownGame) -> bool:
    """True where two rows mean one game: an id in common, or the same title."""
    ids = {one.id, *one.also} - {""}
    return not ids.isdisjoint((other.id, *other.also)) or squeezed(one.title) == squeezed(other.title)

"""The facts that come from the catalogue: which known games a program may be, by its files and their place."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterator, Sequence
from typing import ClassVar

from gamedetectd.catalogue.rows import directory_names, file_name, folded
from gamedetectd.domain import FactKind, Facts
from gamedetectd.interfaces import Catalogue

_MOST_PATHS = 4
_MOST_DIRECTORIES = 12
_LONGEST_TITLE = 100
_STARTED = re.compile(r"-(?:win64|win32|wingdk|linux|mac)(?:-shipping|-test)?(?=\.exe$|$)")
"""What Unreal adds to the name by which a store starts the program: ``game.exe`` starts ``game-win64-shipping.exe``."""
_BUNDLE = re.compile(r".*/(?P<name>[^/]+\.app)/")
_MARKS = re.compile("[™®©]")
_NO_FILE_NAME = re.compile(r'[<>:"/\\|?*]+')
"""Characters that Windows allows in no directory, so that stores leave them out of the title."""


class CatalogueSource:
    """Asks a catalogue about one program.

    ``effective_paths`` tells which files the program consists of (the executable, an interpreter's script or archive,
    the Windows program under Wine), most telling first; ``shown_titles`` what its window's title may mean besides.
    """

    kind: ClassVar[FactKind] = FactKind.CATALOGUE
    time_limit: ClassVar[float] = 2.0

    def __init__(
        self,
        effective_paths: Callable[[Facts], Sequence[str]],
        catalogue: Catalogue,
        shown_titles: Callable[[Facts], Sequence[str]] = lambda _: (),
    ) -> None:
        self._effective_paths = effective_paths
        self._shown_titles = shown_titles
        self._catalogue = catalogue

    def gather(self, facts: Facts) -> Facts:
        """The facts with the rows that may be the program's, after those that are there already."""
        paths = list(dict.fromkeys(self._effective_paths(facts)))[:_MOST_PATHS]
        names = tuple(dict.fromkeys(name for path in paths for name in _names(path)))
        directories = dict.fromkeys(name for path in paths for name in directory_names(path, _MOST_DIRECTORIES))
        shown = (facts.window.title if facts.window else "", *self._shown_titles(facts))
        titles = dict.fromkeys(name for title in shown for name in _as_directory(title))
        asked = (*list(directories)[:_MOST_DIRECTORIES], *(title for title in titles if title not in directories))
        found = self._catalogue.look_up(names, asked) if names or asked else ()
        rows = dict.fromkeys((*facts.catalogue, *found))
        return dataclasses.replace(facts, catalogue=tuple(rows)) if rows else facts


def _names(path: str) -> Iterator[str]:
    """The file's own name, the one a store starts it by, and the macOS bundle's that it lies in."""
    spelt = folded(path).replace("\\", "/")
    if bundle := _BUNDLE.match(spelt):
        yield bundle["name"]
    name = file_name(spelt)
    if name:
        yield name
        started = _STARTED.sub("", name)
        if started != name:
            yield started


def _as_directory(title: str) -> Iterator[str]:
    """A window's title as stores name a game's directory, so that it finds the one among many with the same program."""
    plain = " ".join(title.split())
    if 0 < len(plain) <= _LONGEST_TITLE:
        yield folded(plain)
        allowed = " ".join(_NO_FILE_NAME.sub("", plain).split())
        yield folded(allowed)
        yield folded(_MARKS.sub("", allowed))

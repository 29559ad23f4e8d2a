"""What small files beside a program tell of it: its title in its maker's or its store's words, and its ids.

Only the program's own directories are looked at, only files of known names, and only their beginnings.
"""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from pathlib import PurePath
from typing import ClassVar

from gamedetectd.domain import FactKind, Facts
from gamedetectd.facts import metadata_files as read
from gamedetectd.facts.files import is_shared, list_names
from gamedetectd.facts.reading import printable
from gamedetectd.facts.tables import INNER_DIRECTORIES
from gamedetectd.platforms.regular_files import read_regular

FILE_LIMIT = 1_000_000
"""Bytes of one file that are read; the largest, RPG Maker's ``System.json``, has some 50 kB."""
FILES_LIMIT = 24
"""Files of one program that are read."""
_LEVELS = 4
"""The program's own directory and those above it that it lies inside of."""
_TEXT_LIMIT = 160

Found = Mapping[str, str]
_Reader = Callable[[bytes], Found]

_BESIDE: tuple[tuple[str, _Reader], ...] = (
    ("goggame-*.info", read.gog),
    ("gameinfo", read.gog_linux),
    ("steam_appid.txt", read.steam),
    ("microsoftgame.config", read.microsoft_config),
    ("appxmanifest.xml", read.microsoft_manifest),
    ("*_data/app.info", read.unity),
    (".egstore/*.mancpn", read.epic),
    (".itch/receipt.json.gz", read.itch),
    ("__installer/installerdata.xml", read.ea),
    ("override.cfg", read.godot),
    ("project.godot", read.godot),
    ("data/system.json", read.rpg_maker_json),
    ("www/data/system.json", read.rpg_maker_json),
    ("game.ini", read.rpg_maker_ini),
    ("rpg_rt.ini", read.rpg_maker_ini),
    ("game/options.rpy", read.renpy),
    ("options.rpy", read.renpy),
    ("options.ini", read.gamemaker),
    ("assets/options.ini", read.gamemaker),
    ("conf.lua", read.love),
    ("package.json", read.package),
    ("resources/app/package.json", read.package),
)
"""Files by their path below one of the program's directories, in lower case, with what reads them."""


class MetadataSource:
    """Reads what the stores and engines put beside the program. ``effective_paths`` and ``home`` as for FilesSource."""

    kind: ClassVar[FactKind] = FactKind.METADATA
    time_limit: ClassVar[float] = 2.0

    def __init__(self, effective_paths: Callable[[Facts], Sequence[str]], home: str) -> None:
        self._effective_paths = effective_paths
        self._home = home

    def gather(self, facts: Facts) -> Facts:
        """The facts with ``metadata``; the innermost directory has the first word on each key."""
        found: dict[str, str] = {}
        left = FILES_LIMIT
        for directory in dict.fromkeys(self._directories(facts)):
            for path, reader in files_in(directory):
                if left == 0:
                    break
                left -= 1
                for key, text in _read(path, reader).items():
                    if shown := printable(text, _TEXT_LIMIT):
                        found.setdefault(key, shown)
        return dataclasses.replace(facts, metadata=found) if found else facts

    def _directories(self, facts: Facts) -> Iterator[str]:
        homes = {self._home, os.path.realpath(self._home)}
        for path in self._effective_paths(facts):
            for directory in levels_of(path):
                if not any(
                    is_shared(place, home) for place in (directory, os.path.realpath(directory)) for home in homes
                ):
                    yield directory


def levels_of(path: str) -> Iterator[str]:
    """The directory of the program at ``path`` and those above it whose inner structure it lies in."""
    file = PurePath(path)
    if not file.is_absolute():
        return
    level = file.parent
    unreal = level.parent.name.lower() == "binaries"
    for _ in range(_LEVELS):
        yield str(level)
        if level.name.lower() not in INNER_DIRECTORIES:
            break
        level = level.parent
    if unreal:
        yield str(level.parent)  # the project's directory lies in the game's


def files_in(directory: str) -> Iterator[tuple[str, _Reader]]:
    """The files of ``_BESIDE`` that are there, in the table's order, with what reads them.

    Epic's files do not tell the game's own from an addition's: of several none is read.
    """
    listed: dict[str, tuple[str, ...]] = {}

    def names(place: str) -> tuple[str, ...]:
        if place not in listed:
            listed[place] = list_names(place)
        return listed[place]

    for pattern, reader in _BESIDE:
        places = [directory]
        *above, last = pattern.split("/")
        for part in above:
            places = [
                str(PurePath(place, name))
                for place in places
                for name in names(place)
                if fnmatchcase(name.lower(), part)
            ]
        for place in places[:2]:
            fitting = [name for name in names(place) if fnmatchcase(name.lower(), last)]
            if reader is read.epic and len(fitting) > 1:
                continue
            for name in fitting[:8]:
                yield str(PurePath(place, name)), reader


def _read(path: str, reader: _Reader) -> Found:
    """What one file tells; nothing where it cannot be read, or is a directory or a pipe: the others may tell more."""
    try:
        content = read_regular(path, FILE_LIMIT)
    except OSError:
        return {}
    return reader(content)

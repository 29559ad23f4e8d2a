"""Stores of Windows inside Wine: Battle.net, EA, Ubisoft and others, installed by hand or by Lutris, Bottles or Proton.

Each prefix is a small Windows with a drive, a registry and data of its own, so Windows' readers read it as such. The
launcher that made the prefix often knows no more than that Battle.net is in it.
"""

from __future__ import annotations

import dataclasses
import os
import re
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import ClassVar

from gamedetectd.domain import InstalledGame, LibraryProblem, Shelf, System
from gamedetectd.interfaces import StoreReader
from gamedetectd.library.battlenet import BattleNetReader
from gamedetectd.library.ea import EaReader
from gamedetectd.library.epic import EpicReader
from gamedetectd.library.files import UnreadableError, read_bytes, stamp
from gamedetectd.library.gog import GogReader
from gamedetectd.library.places import existing, is_gone, listed, native, own_directory
from gamedetectd.library.riot import RiotReader
from gamedetectd.library.rockstar import RockstarReader
from gamedetectd.library.surroundings import Surroundings
from gamedetectd.library.ubisoft import UbisoftReader
from gamedetectd.platforms.registry.files import ExportedRegistry

PREFIXES_LIMIT = 500
REGISTRY_LIMIT = 64_000_000
"""Bytes of a prefix's registry; a fresh one has 1.7 MB."""

_READERS: tuple[Callable[[Surroundings], StoreReader], ...] = (
    BattleNetReader,
    EaReader,
    UbisoftReader,
    RockstarReader,
    RiotReader,
    GogReader,
    EpicReader,
)
_KEYS = (
    r"Microsoft\Windows\CurrentVersion\Uninstall",
    r"Ubisoft\Launcher\Installs",
    "EA Games",
    "Origin Games",
    "Electronic Arts",
    "Rockstar Games",
    r"GOG.com\Games",
    r"Epic Games\EpicGamesLauncher",
)
_WANTED = tuple(rf"HKLM\Software\{node}{key}" for node in ("", "Wow6432Node\\") for key in _KEYS)
_SIGNS = (
    rb"Ubisoft\\Launcher\\Installs",
    b"Blizzard Uninstaller",
    rb"EA Games\\",
    rb"Origin Games\\",
    b"Electronic Arts",
    b"Rockstar Games",
    rb"GOG.com\\Games",
    b"EpicGamesLauncher",
)
"""What the registry of a prefix with one of these stores holds; parsing takes a hundred times as long as looking."""
_DATA = (
    "Battle.net/Agent/product.db",
    "Origin/LocalContent",
    "Riot Games/Metadata",
    "Epic/EpicGamesLauncher/Data/Manifests",
)
_HOMES = (
    ".wine",
    ".local/share/wineprefixes/*",
    "Games/*",
    "Games/Heroic/Prefixes/*",
    "Games/Heroic/Prefixes/default/*",
)
_LINUX = (
    ".PlayOnLinux/wineprefix/*",
    ".cxoffice/*",
    ".steam/steam/steamapps/compatdata/*",
    ".var/app/com.usebottles.bottles/data/bottles/bottles/*",
    ".var/app/net.lutris.Lutris/data/lutris/prefixes/*",
    ".var/app/com.valvesoftware.Steam/data/Steam/steamapps/compatdata/*",
)
_SHARED = (
    "bottles/bottles/*",
    "lutris/prefixes/*",
    "Steam/steamapps/compatdata/*",
    "umu/*",
    "faugus-launcher/prefixes/*",
)
_MAC = (
    "Library/Application Support/CrossOver/Bottles/*",
    "Library/Containers/com.isaacmarovitz.Whisky/Bottles/*",
    "Library/Application Support/heroic/Prefixes/*",
)


class WineReader:
    """Finds the prefixes where people and launchers keep them, and reads those that have changed."""

    name: ClassVar[str] = "wine"

    def __init__(self, surroundings: Surroundings) -> None:
        self._surroundings = surroundings
        self._known: dict[str, tuple[Hashable, Shelf]] = {}

    def roots(self) -> Sequence[str]:
        return existing(*self._prefixes())

    def fingerprint(self) -> Hashable:
        return tuple(_fingerprint(prefix) for prefix in self._prefixes())

    def load(self) -> Shelf:
        prefixes = list(self._prefixes())
        known: dict[str, tuple[Hashable, Shelf]] = {}
        for prefix in prefixes:
            now, before = _fingerprint(prefix), self._known.get(str(prefix))
            known[str(prefix)] = before if before and before[0] == now else (now, self._read(prefix))
        self._known = known
        games = {(game.store, game.id, game.install_dir): game for _, shelf in known.values() for game in shelf.games}
        problems = tuple(problem for _, shelf in known.values() for problem in shelf.problems)
        return Shelf(tuple(games.values()), problems, "" if games else self._nothing(prefixes))

    def _nothing(self, prefixes: Sequence[Path]) -> str:
        if self._surroundings.system is System.WINDOWS:
            return "Windows needs no Wine."
        if not prefixes:
            return "There is no Wine prefix in any of the usual places."
        return "No store has installed a game in any of the Wine prefixes."

    def _prefixes(self) -> Iterator[Path]:
        """Each prefix once: directories with a registry, or with one in ``pfx`` as Proton has it."""
        if self._surroundings.system is System.WINDOWS:
            return
        seen: set[str] = set()
        for place in islice(self._places(), 20 * PREFIXES_LIMIT):
            for prefix in (place, place / "pfx"):
                real = os.path.realpath(prefix)
                if real not in seen and not is_gone(f"{real}/system.reg") and len(seen) < PREFIXES_LIMIT:
                    seen.add(real)
                    yield Path(real)

    def _places(self) -> Iterator[Path]:
        surroundings = self._surroundings
        if own := surroundings.environment.get("WINEPREFIX", ""):
            yield Path(own)
        mac = surroundings.system is System.MACOS
        patterns = [surroundings.home / pattern for pattern in (*_HOMES, *(_MAC if mac else _LINUX))]
        patterns += [] if mac else [surroundings.data_home / pattern for pattern in _SHARED]
        for pattern in patterns:
            if pattern.name == "*":
                yield from (pattern.parent / name for name in listed(pattern.parent))
            else:
                yield pattern

    def _read(self, prefix: Path) -> Shelf:
        """What all stores have in one prefix."""
        registry = prefix / "system.reg"
        try:
            content = read_bytes(registry, REGISTRY_LIMIT)
        except UnreadableError as error:
            error.place = error.place or str(registry)
            return Shelf(problems=(error.problem(),))
        data = prefix / "drive_c" / "ProgramData"
        if not any(sign in content for sign in _SIGNS) and all(is_gone(str(data / place)) for place in _DATA):
            return Shelf()
        inside = _inside(prefix)
        shelves = [make(inside).load() for make in _READERS]
        games = tuple(game for shelf in shelves for game in self._as_seen_here(inside, shelf.games))
        return Shelf(
            games, tuple(dict.fromkeys((*_unreadable(inside), *(p for shelf in shelves for p in shelf.problems))))
        )

    def _as_seen_here(self, inside: Surroundings, games: Sequence[InstalledGame]) -> Iterator[InstalledGame]:
        """The rows with the paths of this system; without those whose directory is not to be found."""
        for game in games:
            place = os.path.realpath(native(inside, game.install_dir)) if game.install_dir else ""
            directory = own_directory(self._surroundings, place)
            programs = (os.path.realpath(native(inside, program)) for program in game.executables)
            if directory and not is_gone(directory):
                yield dataclasses.replace(game, install_dir=directory, executables=tuple(programs))


def _fingerprint(prefix: Path) -> Hashable:
    data = prefix / "drive_c" / "ProgramData"
    return tuple(map(stamp, (prefix / "system.reg", *(data / place for place in _DATA))))


def _unreadable(inside: Surroundings) -> Iterator[LibraryProblem]:
    registry = inside.registry
    for file, cause in registry.problems if isinstance(registry, ExportedRegistry) else ():
        yield LibraryProblem(
            str(file), f"{cause.rstrip('.')}.", "Start any program in this Wine prefix, which writes it anew."
        )


def _inside(prefix: Path) -> Surroundings:
    """The prefix as the Windows machine that its programs see."""
    drive, devices = prefix / "drive_c", prefix / "dosdevices"
    users = [name for name in listed(drive / "users") if name.lower() != "public"]
    home = drive / "users" / (users[0] if users else "user")
    environment: Mapping[str, str] = {
        "PROGRAMDATA": str(drive / "ProgramData"),
        "APPDATA": str(home / "AppData" / "Roaming"),
        "LOCALAPPDATA": str(home / "AppData" / "Local"),
    }
    drives = tuple(devices / name for name in listed(devices) if re.fullmatch("[a-z]:", name))
    registry = ExportedRegistry((prefix / "system.reg",), _WANTED)
    return Surroundings(System.WINDOWS, home, environment, registry, drives)

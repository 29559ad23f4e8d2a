"""Where Steam lies on this machine, and the library folders it installs games into."""

from __future__ import annotations

import os
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from gamedetectd.domain import LibraryProblem, System
from gamedetectd.library.files import attempt, is_directory, read_bytes, stamps, there
from gamedetectd.library.surroundings import Surroundings
from gamedetectd.library.vdf import Block, parse

FLATPAK = "com.valvesoftware.Steam"
_REGISTRY = (
    (r"HKCU\Software\Valve\Steam", "SteamPath"),
    (r"HKLM\SOFTWARE\WOW6432Node\Valve\Steam", "InstallPath"),
    (r"HKLM\SOFTWARE\Valve\Steam", "InstallPath"),
)
_LISTS = (("config", "libraryfolders.vdf"), ("steamapps", "libraryfolders.vdf"))
LIST_LIMIT = 8_000_000
"""Bytes of a libraryfolders.vdf: it names every installed app."""
MOST_LIBRARIES = 256


def steam_roots(surroundings: Surroundings) -> tuple[Path, ...]:
    """The directories of every Steam there is; one that is reached by several names is told once."""
    return _distinct(place for place in _usual_places(surroundings) if is_directory(place))


def _usual_places(surroundings: Surroundings) -> Iterator[Path]:
    home = surroundings.home
    if surroundings.system is System.WINDOWS:
        yield from _registered(surroundings)
        for name in ("PROGRAMFILES(X86)", "PROGRAMFILES"):
            if place := surroundings.environment.get(name, ""):
                yield Path(place) / "Steam"
    elif surroundings.system is System.MACOS:
        yield surroundings.application_support / "Steam"
    else:
        yield surroundings.data_home / "Steam"
        yield home / ".local" / "share" / "Steam"
        for name in ("steam", "root", "debian-installation"):
            yield home / ".steam" / name
        sandbox = surroundings.flatpak(FLATPAK)
        for parts in (("data", "Steam"), (".local", "share", "Steam"), (".steam", "steam")):
            yield sandbox.joinpath(*parts)
        yield home / "snap" / "steam" / "common" / ".local" / "share" / "Steam"
        yield home / "snap" / "steam" / "common" / ".steam" / "steam"


def _registered(surroundings: Surroundings) -> Iterator[Path]:
    if surroundings.registry is None:
        return
    for key, name in _REGISTRY:
        for value, place in surroundings.registry.values(key).items():
            if value.casefold() == name.casefold() and isinstance(place, str) and place:
                yield Path(place)


@dataclass(frozen=True, slots=True)
class SteamLibrary:
    """A folder that Steam installs games into. ``apps`` is its directory of manifests, ``steamapps`` however spelt."""

    root: Path
    apps: Path

    @property
    def common(self) -> Path:
        """The directory of the games' own directories."""
        return self.apps / "common"


@dataclass(frozen=True, slots=True)
class Libraries:
    """Every library folder of every Steam, and what could not be read of the lists."""

    folders: tuple[SteamLibrary, ...]
    problems: tuple[LibraryProblem, ...] = ()


class LibraryLists:
    """Reads the lists of library folders, again only when they changed."""

    def __init__(self, surroundings: Surroundings) -> None:
        self._home = surroundings.home
        self._sandbox = surroundings.flatpak(FLATPAK)
        self._stamp: Hashable = None
        self._places: list[Path] = []
        self._problems: list[LibraryProblem] = []

    def read(self, roots: tuple[Path, ...]) -> Libraries:
        """The library folders that exist now, each once: disks come and go."""
        stamp = (roots, stamps(*(path for root in roots for path in library_lists(root))))
        if stamp != self._stamp:
            self._places, self._problems = [], []
            for root in roots:
                self._places += [root, *(self._as_seen_here(root, place) for place in self._listed(root))]
            self._stamp = stamp
        folders = {place: apps for place in _distinct(self._places) if (apps := apps_directory(place))}
        distinct = _distinct(folders.values())
        return Libraries(
            tuple(SteamLibrary(place, apps) for place, apps in folders.items() if apps in distinct),
            tuple(self._problems),
        )

    def _listed(self, root: Path) -> Iterator[str]:
        for file in library_lists(root):
            if there(file):
                document = attempt(self._problems, lambda path: parse(read_bytes(path, LIST_LIMIT)), file)
                yield from islice(listed_folders(document or Block()), MOST_LIBRARIES)

    def _as_seen_here(self, root: Path, place: str) -> Path:
        """A library's place outside the Flatpak sandbox, in which the home directory is another one."""
        path = Path(place)
        if self._sandbox not in (root, *root.parents):
            return path
        try:
            inside = self._sandbox / path.relative_to(self._home)
        except ValueError:
            return path
        return inside if is_directory(inside) else path


def library_lists(root: Path) -> tuple[Path, ...]:
    """The files in which a Steam may list its library folders."""
    return tuple(root / directory / name for directory, name in _LISTS)


def listed_folders(document: Block) -> Iterator[str]:
    """The paths in a libraryfolders.vdf: texts in old files, blocks with a ``path`` in new ones, both in some."""
    for name, listing in document.blocks():
        if name.casefold() != "libraryfolders":
            continue
        for key, value in listing.entries:
            if key.isdecimal():
                path = value.text("path") if isinstance(value, Block) else str(value)
                if path and "\0" not in path:
                    yield path


def apps_directory(library: Path) -> Path | None:
    """A library's directory of manifests: ``steamapps``, in older ones ``SteamApps``."""
    usual = library / "steamapps"
    if is_directory(usual):
        return usual
    try:
        names = os.listdir(library)  # noqa: PTH208 - only the names
    except OSError:
        return None
    return next((library / name for name in sorted(names) if name.lower() == "steamapps"), None)


def _distinct(places: Iterable[Path]) -> tuple[Path, ...]:
    """Each place once, by its first name, whatever links and spellings lead to it."""
    seen: dict[Hashable, Path] = {}
    for place in places:
        seen.setdefault(_identity(place), place)
    return tuple(seen.values())


def _identity(place: Path) -> Hashable:
    return _quietly(lambda: (state := place.stat()).st_ino and (state.st_dev, state.st_ino)) or os.path.normcase(place)


def _quietly(look: Callable[[], Hashable]) -> Hashable:
    """What a look at the disk says; None where the path is nonsense or cannot be looked at."""
    try:
        return look()
    except (OSError, ValueError):
        return None

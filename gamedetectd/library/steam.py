"""What Steam has installed here, in every library folder of every Steam, and what people added to it themselves.

Tools that Steam lists among the games (Proton, runtimes, servers) are rows too: detection knows them by their number.
"""

from __future__ import annotations

import os
import re
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from gamedetectd.domain import InstalledGame, LibraryProblem, Shelf
from gamedetectd.library import native
from gamedetectd.library.binary_vdf import AppInfo, BinaryVdfError, read_appinfo
from gamedetectd.library.files import WRITE_ANEW, directory_stamps, is_directory, read_bytes, stamp, there
from gamedetectd.library.remembered import Remembered
from gamedetectd.library.steam_roots import LibraryLists, SteamLibrary, library_lists, steam_roots
from gamedetectd.library.steam_shortcuts import read_shortcuts, shortcut_files
from gamedetectd.library.surroundings import Surroundings
from gamedetectd.library.vdf import Block, VdfError, parse

STORE = "steam"
MANIFEST_LIMIT = 4_000_000
"""Bytes of an appmanifest."""
_MANIFEST = re.compile(r"appmanifest_(\d{1,10})\.acf", re.IGNORECASE)
_INSTALLED = 4
"""The bit of StateFlags that says that all files are there; others say that an update waits, runs or is paused."""
_NOT_THE_GAME = frozenset(["server", "editor", "config", "manual", "openvroverlay", "openxroverlay", "osvr"])
"""Ways of starting an app that start something beside it."""
_MOST_PROGRAMS = 16


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an ``appmanifest_N.acf`` says. ``directory`` is a name in ``common``."""

    id: int
    title: str
    directory: str
    installed: bool


class SteamReader:
    """The ``StoreReader`` of Steam. Files that did not change are not read again."""

    name: ClassVar[str] = STORE

    def __init__(self, surroundings: Surroundings) -> None:
        self._surroundings = surroundings
        self._lists = LibraryLists(surroundings)
        self._manifests = Remembered(read_manifest)
        self._apps: dict[Path, _Apps] = {}

    def roots(self) -> Sequence[str]:
        roots = steam_roots(self._surroundings)
        places = [file for root in roots for file in (*library_lists(root), *shortcut_files(root)) if there(file)]
        places += [folder.apps for folder in self._lists.read(roots).folders]
        return [str(place) for place in (*places, *roots)]

    def fingerprint(self) -> Hashable:
        roots = steam_roots(self._surroundings)
        files = [file for root in roots for file in (*library_lists(root), *shortcut_files(root), _appinfo(root))]
        folders = self._lists.read(roots).folders
        return (
            roots,
            tuple(stamp(file) for file in files),
            tuple((folder, directory_stamps(folder.apps, ".acf"), stamp(folder.common)) for folder in folders),
        )

    def load(self) -> Shelf:
        roots = steam_roots(self._surroundings)
        if not roots:
            return Shelf(nothing="Steam is not installed here: none of its usual directories exists.")
        libraries = self._lists.read(roots)
        problems = list(libraries.problems)
        found = [
            (folder, manifest, directory)
            for folder in libraries.folders
            for manifest, directory in self._installed(folder, problems)
        ]
        apps = self._look_up(roots, frozenset(manifest.id for _, manifest, _ in found), problems)
        games = [_row(manifest, directory, apps.get(manifest.id)) for _, manifest, directory in found]
        games += read_shortcuts([file for root in roots for file in shortcut_files(root)], problems)
        nothing = "" if games else "Steam has installed no game here."
        return Shelf(tuple(games), tuple(problems), nothing)

    def _installed(self, folder: SteamLibrary, problems: list[LibraryProblem]) -> Iterator[tuple[Manifest, str]]:
        """The manifests of a library whose games are there, with the games' directories."""
        present = _Directories(folder.common)
        for name, manifest in self._manifests.in_directory(folder.apps, (".acf",), problems):
            if not _MANIFEST.fullmatch(name) or not manifest.installed:
                continue
            if directory := present.find(manifest.directory):
                yield manifest, directory

    def _look_up(
        self, roots: Sequence[Path], wanted: frozenset[int], problems: list[LibraryProblem]
    ) -> dict[int, AppInfo]:
        found: dict[int, AppInfo] = {}
        for root in roots:
            apps = self._apps.setdefault(root, _Apps(_appinfo(root)))
            found = apps.look_up(wanted) | found
            problems += [apps.problem] if apps.problem is not None else []
        return found


class _Apps:
    """What one ``appinfo.vdf`` says of installed apps, read again only when it or the apps changed."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._read_for: tuple[Hashable, frozenset[int]] = (None, frozenset())
        self._found: dict[int, AppInfo] = {}
        self.problem: LibraryProblem | None = None

    def look_up(self, wanted: frozenset[int]) -> dict[int, AppInfo]:
        now = (stamp(self._file), wanted)
        if now != self._read_for:
            self._read_for = now
            self._found, self.problem = {}, None
            if now[0] is not None and wanted:
                self._read(wanted)
        return self._found

    def _read(self, wanted: frozenset[int]) -> None:
        if not self._file.is_file():
            self.problem = LibraryProblem(str(self._file), "It is not a file.", "Move it away.")
            return
        try:
            with self._file.open("rb", buffering=0) as file:
                for app in read_appinfo(file, wanted):
                    self._found[app.id] = app
        except BinaryVdfError as error:
            self.problem = LibraryProblem(str(self._file), error.cause, error.remedy)
        except OSError as error:
            self.problem = LibraryProblem(str(self._file), f"It cannot be read: {error.strerror}.", WRITE_ANEW)


class _Directories:
    """The games' directories of one library, listed once: asking for each of ten thousand would take longer."""

    def __init__(self, common: Path) -> None:
        self._common = str(common)
        self._entries: dict[str, os.DirEntry[str]] = {}
        try:
            with os.scandir(common) as entries:
                self._entries = {entry.name: entry for entry in entries}
        except OSError:
            pass  # no game was ever installed here
        self._folded = {name.casefold(): name for name in self._entries}

    def find(self, name: str) -> str:
        """The full path; "" where there is no such directory. Steam does not mind the case of the name."""
        if "/" in name:
            path = os.path.join(self._common, name)  # noqa: PTH118
            return path if os.path.isdir(path) else ""  # noqa: PTH112
        entry = self._entries.get(name) or self._entries.get(self._folded.get(name.casefold(), ""))
        if entry is None or not is_directory(entry):
            return ""
        return os.path.join(self._common, entry.name)  # noqa: PTH118 - ten thousand of them


def read_manifest(path: Path) -> Manifest:
    """The manifest in a file. Raises UnreadableError."""
    numbered = _MANIFEST.fullmatch(path.name)
    return manifest(parse(read_bytes(path, MANIFEST_LIMIT)), int(numbered[1]) if numbered else 0)


def manifest(document: Block, number: int = 0) -> Manifest:
    """What a parsed appmanifest says; ``number`` is the one in its name. Raises VdfError where it is no manifest."""
    state = document.block("AppState")
    ident = _whole(state.text("appid")) or number
    if not state.entries or not ident:
        raise VdfError("It is no manifest of an app: AppState with an appid is missing.")
    title = state.text("name") or state.block("UserConfig").text("name")
    flags = _whole(state.text("StateFlags"))
    return Manifest(ident, " ".join(title.split()), _inside_common(state.text("installdir")), bool(flags & _INSTALLED))


def _inside_common(directory: str) -> str:
    """The directory below ``common``, with forward slashes; old manifests have a full path. "" for what leads out."""
    parts = [part for part in re.split(r"[\\/]+", directory.strip()) if part not in ("", ".")]
    if native.is_absolute(directory):
        parts = parts[-1:]
    return "" if ".." in parts or "\0" in directory else "/".join(parts)


def _whole(text: str) -> int:
    return int(text) if re.fullmatch(r"[0-9]{1,18}", text) else 0


def _row(found: Manifest, directory: str, app: AppInfo | None) -> InstalledGame:
    title = found.title or (" ".join(app.name.split()) if app is not None else "") or found.directory
    return InstalledGame(STORE, str(found.id), title, directory, _programs(directory, app))


def _programs(directory: str, app: AppInfo | None) -> tuple[str, ...]:
    """Full paths of what Steam starts, for whichever system: Proton runs what was made for Windows."""
    if app is None:
        return ()
    names = [
        launch.executable.replace("\\", "/").strip() for launch in app.launches if launch.kind not in _NOT_THE_GAME
    ]
    inside = [name.lstrip("/") for name in names if name and ":" not in name and ".." not in name.split("/")]
    return tuple(path for name in dict.fromkeys(inside[:_MOST_PROGRAMS]) if (path := native.join(directory, name)))


def _appinfo(root: Path) -> Path:
    return root / "appcache" / "appinfo.vdf"

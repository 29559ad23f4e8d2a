r"""The Xbox app and the Microsoft Store: games in each drive's games folder, and packages that the registry lists.

``.GamingRoot`` on each drive: ``RGBX``, the number of folders (32 bits), their names relative to the drive in UTF-16,
each ended by a zero. In each game ``Content\MicrosoftGame.config`` and ``appxmanifest.xml``. Packages:
``HKLM\SOFTWARE\Microsoft\GamingServices\PackageRepository\Root\*\*`` (``Package``, ``Root``) and the person's own below
``…\AppModel\Repository\Packages`` (``PackageRootFolder``), where the same files lie.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from gamedetectd.domain import InstalledGame, LibraryProblem, Shelf, System
from gamedetectd.library import registry_keys as keys
from gamedetectd.library.files import UnreadableError, attempt, read_bytes, stamp
from gamedetectd.library.places import (
    Presence,
    base_name,
    beneath,
    existing,
    folded,
    is_gone,
    listed,
    native,
    own_directory,
    shown,
)
from gamedetectd.library.surroundings import Surroundings
from gamedetectd.library.xml_files import Element, read_xml

ROOTS_LIMIT = 64
"""Folders on one drive."""
_MAGIC = b"RGBX"
_ROOT_FILE_LIMIT = 65_536
_USUAL = ("XboxGames", "Program Files/ModifiableWindowsApps")
_CONFIG = "MicrosoftGame.config"
_MANIFEST = "appxmanifest.xml"
_SPELLINGS = {_CONFIG: (_CONFIG, "MicrosoftGame.Config"), _MANIFEST: (_MANIFEST, "AppxManifest.xml")}
_SERVICES = r"HKLM\SOFTWARE\Microsoft\GamingServices\PackageRepository\Root"
_PACKAGES = (
    r"HKCU\Software\Classes\Local Settings\Software\Microsoft\Windows\CurrentVersion\AppModel\Repository\Packages"
)
_HELPERS = frozenset(["gamelaunchhelper.exe", "gamebar.exe", "gamingservices.exe"])
_NO_GAMES = ("microsoft.gamingservices", "microsoft.xbox", "microsoft.gamingapp", "microsoft.directx")


@dataclass(frozen=True, slots=True)
class _Package:
    """What the files of a package say of it. ``files`` is where they and its programs lie."""

    id: str
    title: str
    files: str
    programs: tuple[str, ...]


class XboxReader:
    """A game's id is the name of its package; the same game may be seen in two directories and then has two rows."""

    name: ClassVar[str] = "xbox"

    def __init__(self, surroundings: Surroundings) -> None:
        self._surroundings = surroundings
        self._presence = Presence()
        self._drives = surroundings.drives if surroundings.system is System.WINDOWS else ()

    def roots(self) -> Sequence[str]:
        return existing(*self._folders([]))

    def fingerprint(self) -> Hashable:
        registry = self._surroundings.registry
        folders = self._folders([])
        games = [folder / name / "Content" for folder in folders for name in listed(folder)]
        files = tuple(map(stamp, (*(drive / ".GamingRoot" for drive in self._drives), *folders, *games)))
        packages = registry.stamp(_PACKAGES) if registry else None
        return files, keys.stamps(registry, _SERVICES), packages, self._presence.changed()

    def load(self) -> Shelf:
        self._presence.forget()
        problems: list[LibraryProblem] = []
        titles: dict[str, str] = {}
        games: dict[tuple[str, str], InstalledGame] = {}
        for directory, usual_title in (*self._on_disk(problems), *self._registered()):
            package = self._package(directory, usual_title, problems)
            if package is None:
                continue
            title = titles.setdefault(package.id, package.title) or package.title
            place = own_directory(self._surroundings, directory)
            if title and place:
                row = InstalledGame(self.name, package.id, shown(title), place, package.programs)
                games.setdefault((package.id, folded(place)), row)
        return Shelf(tuple(games.values()), tuple(problems), "" if games else self._nothing())

    def _nothing(self) -> str:
        if self._surroundings.system is not System.WINDOWS:
            return "The Xbox app runs on Windows only."
        return "The Xbox app has installed no game on any drive."

    def _folders(self, problems: list[LibraryProblem]) -> Sequence[Path]:
        """The folders for games on all drives."""
        found = []
        for drive in self._drives:
            named: Sequence[str] = ()
            if not is_gone(str(drive / ".GamingRoot")):
                named = attempt(problems, _read_gaming_root, drive / ".GamingRoot") or ()
            found += [drive / name for name in (*named, *_USUAL)]
        there = {folded(str(folder)): folder for folder in found if not is_gone(str(folder))}
        return list(there.values())

    def _on_disk(self, problems: list[LibraryProblem]) -> Iterator[tuple[str, str]]:
        """Directories of games, with the title that the directory's name gives."""
        for folder in self._folders(problems):
            for name in listed(folder):
                yield str(folder / name), "" if "_" in name else name

    def _registered(self) -> Iterator[tuple[str, str]]:
        """The same from the registry; only those of Gaming Services are certainly games."""
        registry = self._surroundings.registry
        for group, _ in keys.below(registry, _SERVICES):
            for _, values in keys.below(registry, rf"{_SERVICES}\{group}"):
                yield native(self._surroundings, keys.text(values, "Root")), ""
        for _, values in keys.below(registry, _PACKAGES):
            directory = native(self._surroundings, keys.text(values, "PackageRootFolder"))
            if directory and any(not is_gone(beneath(directory, name)) for name in _SPELLINGS[_CONFIG]):
                title = keys.text(values, "DisplayName")
                yield directory, "" if title.startswith(("@", "ms-resource:")) else title

    def _package(self, directory: str, usual_title: str, problems: list[LibraryProblem]) -> _Package | None:
        """What the files in a directory, or in ``Content`` below it, say; None for what is no game."""
        for files in (beneath(directory, "Content"), directory):
            config, manifest = (self._read(files, name, problems) for name in (_CONFIG, _MANIFEST))
            if config is not None or manifest is not None:
                package = _described(files, usual_title, config, manifest)
                unwanted = not package.programs or package.id.lower().startswith(_NO_GAMES)
                return None if unwanted else package
        return None

    def _read(self, directory: str, name: str, problems: list[LibraryProblem]) -> Element | None:
        for spelling in _SPELLINGS[name]:
            path = beneath(directory, spelling)
            if path and not self._presence.is_gone(path) and not is_gone(path):
                return attempt(problems, read_xml, Path(path))
        return None


def parse_gaming_root(data: bytes) -> tuple[str, ...]:
    """The folders for games on a drive, relative to it. Raises UnreadableError."""
    if len(data) < 8 or not data.startswith(_MAGIC):
        raise UnreadableError("It does not begin as a file of this kind does.")
    count = min(int.from_bytes(data[4:8], "little"), ROOTS_LIMIT)
    names = data[8 : 8 + _ROOT_FILE_LIMIT].decode("utf-16-le", "replace").split("\0")[:count]
    inside = (beneath("/", name).lstrip("/") for name in names)
    return tuple(dict.fromkeys(name for name in inside if name))


def _read_gaming_root(path: Path) -> tuple[str, ...]:
    return parse_gaming_root(read_bytes(path, _ROOT_FILE_LIMIT))


def _described(files: str, usual_title: str, config: Element | None, manifest: Element | None) -> _Package:
    ident = _attribute(config, "Identity", "Name") or _attribute(manifest, "Identity", "Name")
    named = manifest.first("DisplayName") if manifest else None
    titles = (_attribute(config, "ShellVisuals", "DefaultDisplayName"), named.text if named else "", usual_title)
    title = next((title for title in titles if title and not title.lower().startswith("ms-resource:")), "")
    programs = [program.attribute("Name") for program in config.every("Executable")] if config else []
    programs += [program.attribute("Executable") for program in manifest.every("Application")] if manifest else []
    paths = (beneath(files, program) for program in programs if base_name(program).lower() not in _HELPERS)
    return _Package(shown(ident or base_name(files)), title, files, tuple(dict.fromkeys(filter(None, paths))))


def _attribute(root: Element | None, element: str, name: str) -> str:
    found = root.first(element) if root else None
    return found.attribute(name) if found else ""

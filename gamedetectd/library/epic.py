"""Epic's launcher: one JSON manifest for each thing it installed, and one list of all of them.

Manifests are ``…/EpicGamesLauncher/Data/Manifests/*.item``; ``…/UnrealEngineLauncher/LauncherInstalled.dat`` lists
places without titles. Add-ons and engine versions are no games.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import ClassVar

from gamedetectd.domain import InstalledGame, LibraryProblem, Shelf, System
from gamedetectd.library.files import (
    UnreadableError,
    attempt,
    directory_stamps,
    mapping,
    mappings,
    parse_json,
    read_bytes,
    read_json,
    stamp,
    text_of,
    there,
)
from gamedetectd.library.remembered import Remembered
from gamedetectd.library.rows import installed, shelf
from gamedetectd.library.surroundings import Surroundings

_LAUNCHER = r"HKLM\SOFTWARE\WOW6432Node\Epic Games\EpicGamesLauncher"
_MANIFEST_LIMIT = 4_000_000
_NO_GAMES = frozenset(["engines", "plugins", "plugins/engine", "assets", "projects", "digitalextras", "dlc", "addons"])
"""Categories of what is not started as a game; a game that is in one of them too is in ``games``."""


class EpicReader:
    """Reads the manifests of Epic's own launcher. What Heroic and Legendary install is theirs to tell."""

    name: ClassVar[str] = "epic"

    def __init__(self, surroundings: Surroundings) -> None:
        self._surroundings = surroundings
        self._places = _places(surroundings)
        self._remembered = Remembered(_read_manifest)

    def roots(self) -> Sequence[str]:
        return [str(place) for place in self._places if there(place)]

    def fingerprint(self) -> Hashable:
        return tuple(directory_stamps(place, ".item") or stamp(place) for place in self._places)

    def load(self) -> Shelf:
        if not self._places:
            return Shelf(nothing="Epic's launcher does not run on Linux; Heroic and Legendary are looked at apart.")
        manifests_at, list_at = self._places
        problems: list[LibraryProblem] = []
        manifests = [fields for _, fields in self._remembered.in_directory(manifests_at, (".item",), problems)]
        read = attempt(problems, read_json, list_at) if there(list_at) else None
        listed = list(mappings(mapping(read).get("InstallationList")))
        games = {game.id: game for game in self._games(manifests, listed)}
        return shelf("Epic's launcher", bool(self.roots()), games.values(), problems)

    def _games(
        self, manifests: Sequence[Mapping[str, object]], listed: Sequence[Mapping[str, object]]
    ) -> Iterator[InstalledGame]:
        """The list's entries without a manifest first, then manifests of other places: the last word counts."""
        listed_at = {_place(fields): fields for fields in listed}
        described_at = [(_place(fields) in listed_at, _place(fields), fields) for fields in manifests]
        for _, place, _ in described_at:
            listed_at.pop(place, None)
        for fields in (*listed_at.values(), *(fields for _, _, fields in sorted(described_at, key=lambda one: one[0]))):
            if is_game(fields):
                row = installed(
                    self._surroundings,
                    "epic",
                    text_of(fields, "AppName", "ArtifactId"),
                    text_of(fields, "DisplayName"),
                    text_of(fields, "InstallLocation"),
                    [text_of(fields, "LaunchExecutable")],
                )
                if row:
                    yield row


def is_game(manifest: Mapping[str, object]) -> bool:
    """False for add-ons, which name another app as their game, and for engines and what belongs to them."""
    app, main = text_of(manifest, "AppName", "ArtifactId"), text_of(manifest, "MainGameAppName")
    if (main and main != app) or app.startswith("UE_"):
        return False
    listed = manifest.get("AppCategories")
    categories = {one.lower() for one in listed if isinstance(one, str)} if isinstance(listed, list) else set()
    return "games" in categories or not categories & _NO_GAMES


def parse_manifest(data: bytes) -> Mapping[str, object]:
    """The fields of a ``.item`` file. Raises UnreadableError where it holds none."""
    fields = mapping(parse_json(data))
    if not fields:
        raise UnreadableError("It says nothing about a game.", "Let Epic's launcher verify or reinstall the game.")
    return fields


def _read_manifest(path: Path) -> Mapping[str, object]:
    wanted = ("AppName", "MainGameAppName", "DisplayName", "InstallLocation", "LaunchExecutable", "AppCategories")
    fields = parse_manifest(read_bytes(path, _MANIFEST_LIMIT))
    return {name: fields[name] for name in wanted if name in fields}


def _place(fields: Mapping[str, object]) -> str:
    return text_of(fields, "InstallLocation").replace("\\", "/").rstrip("/").casefold()


def _places(surroundings: Surroundings) -> tuple[Path, ...]:
    """The directory of manifests and the list, where this system can have them."""
    if surroundings.system is System.LINUX:
        return ()
    if surroundings.system is System.MACOS:
        top, told = surroundings.application_support / "Epic", None
    else:
        top = surroundings.program_data / "Epic"
        told = surroundings.registry.values(_LAUNCHER).get("AppDataPath") if surroundings.registry else None
    data = Path(told) if isinstance(told, str) and told else top / "EpicGamesLauncher" / "Data"
    return (data / "Manifests", top / "UnrealEngineLauncher" / "LauncherInstalled.dat")

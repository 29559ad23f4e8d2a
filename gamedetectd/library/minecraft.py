"""Minecraft: Java Edition as its many launchers install it: each instance of each launcher is a row titled Minecraft.

A row's id is the launcher and the instance's name, ``prism/All the Mods 9``; ``also`` joins them: it is one game. Its
process is Java, so a row names directories and no programs.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from gamedetectd.domain import InstalledGame, LibraryProblem, Shelf, System
from gamedetectd.library.files import attempt, mapping, mappings, read_json, read_text, stamp, text_of
from gamedetectd.library.places import existing, is_gone, listed, own_directory, shown
from gamedetectd.library.surroundings import Surroundings

INSTANCES_LIMIT = 2_000
_JSON_LIMIT = 32_000_000
"""Bytes; CurseForge lists every mod of an instance in one file."""
_INI_LIMIT = 1_000_000
_TITLE = "Minecraft"
_ALSO = "minecraft:java"
_NAME_LIMIT = 200


@dataclass(frozen=True, slots=True)
class _Launcher:
    """Where a launcher keeps instances and how one of them says its name.

    ``data`` are its directories' names where the system keeps programs' data, ``homes`` those below the home directory,
    ``flatpaks`` those below ``~/.var/app``. ``settings`` is a file that may name another directory of instances.
    ``marker`` is the file that makes a directory an instance, "" for any.
    """

    name: str
    instances: str
    marker: str
    read_name: Callable[[Path], str]
    data: tuple[str, ...] = ()
    homes: tuple[str, ...] = ()
    flatpaks: tuple[str, ...] = ()
    settings: str = ""


def _ini_name(path: Path) -> str:
    return _ini_value(path, "name")


def _ini_value(path: Path, key: str) -> str:
    """A value of a Qt settings file. Raises UnreadableError."""
    found = re.search(rf"^{key}[ \t]*=[ \t]*(.*)$", read_text(path, _INI_LIMIT), re.MULTILINE | re.IGNORECASE)
    value = found[1].strip().strip('"') if found else ""
    return re.sub(r"\\x([0-9a-fA-F]{1,4})", lambda code: chr(int(code[1], 16)), value).replace("\\\\", "\\")


def _json_name(path: Path) -> str:
    """The name in an instance's JSON file, at its top or one level deeper. Raises UnreadableError."""
    fields = mapping(read_json(path, _JSON_LIMIT))
    for inner in (fields, mapping(fields.get("launcher")), mapping(fields.get("metadata"))):
        if name := text_of(inner, "name"):
            return name
    return ""


_LAUNCHERS = (
    _Launcher(
        "prism",
        "instances",
        "instance.cfg",
        _ini_name,
        data=("PrismLauncher",),
        flatpaks=("org.prismlauncher.PrismLauncher/data/PrismLauncher",),
        settings="prismlauncher.cfg",
    ),
    _Launcher(
        "multimc",
        "instances",
        "instance.cfg",
        _ini_name,
        data=("multimc", "MultiMC"),
        homes=("MultiMC", "multimc", "Applications/MultiMC.app/Data"),
        settings="multimc.cfg",
    ),
    _Launcher(
        "polymc",
        "instances",
        "instance.cfg",
        _ini_name,
        data=("PolyMC",),
        flatpaks=("org.polymc.PolyMC/data/PolyMC",),
        settings="polymc.cfg",
    ),
    _Launcher(
        "curseforge",
        "Instances",
        "minecraftinstance.json",
        _json_name,
        homes=(
            "curseforge/minecraft",
            "Documents/curseforge/minecraft",
            "Documents/Curse/Minecraft",
            "Twitch/Minecraft",
        ),
    ),
    _Launcher(
        "atlauncher",
        "instances",
        "instance.json",
        _json_name,
        data=("ATLauncher", "atlauncher"),
        homes=("ATLauncher",),
        flatpaks=("com.atlauncher.ATLauncher/data/ATLauncher", "com.atlauncher.ATLauncher/data"),
    ),
    _Launcher("gdlauncher", "data/instances", "instance.json", _json_name, data=("gdlauncher_carbon",)),
    _Launcher("gdlauncher", "instances", "config.json", _json_name, data=("gdlauncher_next",)),
    _Launcher(
        "modrinth",
        "profiles",
        "",
        _json_name,
        data=("ModrinthApp", "com.modrinth.theseus"),
        flatpaks=("com.modrinth.ModrinthApp/data/ModrinthApp", "com.modrinth.ModrinthApp/data/com.modrinth.theseus"),
    ),
)
"""Those whose instances are directories."""


class MinecraftReader:
    """Looks where each launcher keeps its instances on this system."""

    name: ClassVar[str] = "minecraft"

    def __init__(self, surroundings: Surroundings) -> None:
        self._surroundings = surroundings

    def roots(self) -> Sequence[str]:
        instances = (place for _, place in self._instance_folders([]))
        return existing(*(main / "versions" for main in self._official()), *instances)

    def fingerprint(self) -> Hashable:
        official = [main / part for main in self._official() for part in ("versions", "launcher_profiles.json")]
        folders = [(launcher, place) for launcher, place in self._instance_folders([]) if not is_gone(str(place))]
        markers = [
            place / name / launcher.marker for launcher, place in folders for name in listed(place)[:INSTANCES_LIMIT]
        ]
        return tuple(map(stamp, (*official, *(place for _, place in folders), *markers)))

    def load(self) -> Shelf:
        problems: list[LibraryProblem] = []
        games: dict[str, InstalledGame] = {}
        for main in self._official():
            for ident, directory in _official_instances(main, problems):
                self._add(games, ident, directory)
        for launcher, place in self._instance_folders(problems):
            for name in listed(place)[:INSTANCES_LIMIT]:
                instance = place / name
                marker = instance / launcher.marker
                if name.startswith((".", "_")) or is_gone(str(marker)):
                    continue
                if not os.path.isdir(instance):  # noqa: PTH112 - never raises
                    continue
                called = attempt(problems, launcher.read_name, marker) if launcher.marker else ""
                self._add(games, f"{launcher.name}/{_line(called or name)}", str(instance))
        nothing = "" if games else "No launcher has installed Minecraft here."
        return Shelf(tuple(games.values()), tuple(problems), nothing)

    def _add(self, games: dict[str, InstalledGame], ident: str, directory: str) -> None:
        """Two instances may bear the same name; the second is told apart by its directory."""
        place = own_directory(self._surroundings, directory)
        if not place or any(game.install_dir == place for game in games.values()):
            return
        if ident in games:
            ident = f"{ident} ({Path(place).name})"
        games[ident] = InstalledGame(self.name, ident, _TITLE, place, also=() if ident == "java" else (_ALSO,))

    def _official(self) -> Sequence[Path]:
        """The directory of Mojang's launcher."""
        surroundings = self._surroundings
        if surroundings.system is System.WINDOWS:
            return [surroundings.app_data / ".minecraft"]
        if surroundings.system is System.MACOS:
            return [surroundings.application_support / "minecraft"]
        flatpak = surroundings.flatpak("com.mojang.Minecraft")
        return [surroundings.home / ".minecraft", flatpak / ".minecraft", flatpak / "data" / "minecraft"]

    def _data(self) -> Path:
        surroundings = self._surroundings
        by_system = {System.WINDOWS: surroundings.app_data, System.MACOS: surroundings.application_support}
        return by_system.get(surroundings.system, surroundings.data_home)

    def _instance_folders(self, problems: list[LibraryProblem]) -> Iterator[tuple[_Launcher, Path]]:
        home = self._surroundings.home
        for launcher in _LAUNCHERS:
            bases = [self._data() / name for name in launcher.data] + [home / name for name in launcher.homes]
            if self._surroundings.system is System.LINUX:
                bases += [self._surroundings.config_home / name for name in launcher.data]
                bases += [home / ".var" / "app" / name for name in launcher.flatpaks]
            seen: set[Path] = set()
            for base in bases:
                place = base / (self._elsewhere(launcher, base, problems) or launcher.instances)
                if place not in seen and not is_gone(str(place)):
                    seen.add(place)
                    yield launcher, place

    def _elsewhere(self, launcher: _Launcher, base: Path, problems: list[LibraryProblem]) -> str:
        settings = base / launcher.settings
        if not launcher.settings or is_gone(str(settings)):
            return ""
        value = attempt(problems, lambda path: _ini_value(path, "InstanceDir"), settings) or ""
        return "" if "\0" in value else value


def _official_instances(main: Path, problems: list[LibraryProblem]) -> Iterator[tuple[str, str]]:
    """The main directory, where a version is installed in it, and the directories of profiles that have their own."""
    if any(not name.startswith(".") for name in listed(main / "versions")):
        yield "java", str(main)
    profiles = main / "launcher_profiles.json"
    if is_gone(str(profiles)):
        return
    read = attempt(problems, lambda path: read_json(path, _JSON_LIMIT), profiles)
    for profile in _profiles(mapping(read)):
        directory = text_of(profile, "gameDir")
        if directory and not is_gone(directory) and Path(directory) != main:
            called = text_of(profile, "name") or Path(directory).name
            yield f"official/{_line(called)}", directory


def _profiles(fields: Mapping[str, object]) -> Iterator[Mapping[str, object]]:
    for count, profile in enumerate(mappings(fields.get("profiles"))):
        if count >= INSTANCES_LIMIT:
            return
        yield profile


def _line(text: str) -> str:
    return shown(text)[:_NAME_LIMIT]

"""Games installed as Flatpaks, for everybody or for this person: the exported desktop entry or metainfo says ``Game``.

``<installation>/app/<id>/current/active``: ``files`` (the sandbox's ``/app``), ``metadata``, ``export/share``.
https://docs.flatpak.org/en/latest/under-the-hood.html
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator, Sequence
from pathlib import Path
from typing import ClassVar

from gamedetectd.domain import InstalledGame, LibraryProblem, Shelf, System
from gamedetectd.library.desktop_entries import Entry, read_entry
from gamedetectd.library.files import UnreadableError, attempt, read_text, stamp
from gamedetectd.library.not_games import runs_others
from gamedetectd.library.places import existing, is_gone, listed, shown
from gamedetectd.library.surroundings import Surroundings
from gamedetectd.library.xml_files import read_xml

_ID = re.compile(r"[A-Za-z_][\w-]*(\.[\w-]+){2,}")
_COMMAND = re.compile(r"^command=([\w.+-]+)[ \t]*$", re.MULTILINE)
_METADATA_LIMIT = 256_000
_CHANGED = ".changed"
"""What Flatpak touches after every change of an installation."""
_NO_GAMES_TEXT = """
    com.valvesoftware.Steam com.valvesoftware.SteamLink com.heroicgameslauncher.hgl net.lutris.Lutris io.itch.itch
    com.usebottles.bottles org.prismlauncher.PrismLauncher org.polymc.PolyMC com.mojang.Minecraft
    com.modrinth.ModrinthApp com.atlauncher.ATLauncher com.moonlight_stream.Moonlight
    io.github.sharkwouter.Minigalaxy page.kramo.Cartridges io.github.dummerle.rare com.hypixel.HytaleLauncher
    com.jagexlauncher.JagexLauncher org.libretro.RetroArch net.retrodeck.retrodeck org.DolphinEmu.dolphin-emu
    com.discordapp.Discord
"""
_NO_GAMES = frozenset(_NO_GAMES_TEXT.split())


class FlatpakReader:
    """A game's id is the application's, as programs inside carry it in ``FLATPAK_ID``."""

    name: ClassVar[str] = "flatpak"

    def __init__(self, surroundings: Surroundings) -> None:
        self._surroundings = surroundings
        linux = surroundings.system is System.LINUX
        own = surroundings.variable("FLATPAK_USER_DIR", surroundings.data_home / "flatpak")
        shared = [
            surroundings.variable("FLATPAK_SYSTEM_DIR", drive / "var/lib/flatpak") for drive in surroundings.drives
        ]
        self._places = [place / "app" for place in (own, *shared)] if linux else []

    def roots(self) -> Sequence[str]:
        return existing(*self._places, *(place.with_name(_CHANGED) for place in self._places))

    def fingerprint(self) -> Hashable:
        return tuple(map(stamp, (*self._places, *(active for _, active in self._installed()))))

    def load(self) -> Shelf:
        problems: list[LibraryProblem] = []
        games: dict[str, InstalledGame] = {}
        for ident, active in self._installed():
            title = "" if ident in _NO_GAMES or ident in games else _game(ident, active, problems)
            if title:
                files = active / "files"
                games[ident] = InstalledGame(self.name, ident, title, str(files), tuple(_program(active, problems)))
        nothing = "" if games else "No game is installed as a Flatpak."
        return Shelf(tuple(games.values()), tuple(problems), nothing)

    def _installed(self) -> Iterator[tuple[str, Path]]:
        for place in self._places:
            for ident in listed(place):
                if _ID.fullmatch(ident) and not is_gone(str(place / ident / "current")):
                    yield ident, place / ident / "current" / "active"


def _game(ident: str, active: Path, problems: list[LibraryProblem]) -> str:
    """The title of a game; "" for an application that is none, or does not say."""
    menu = active / "export" / "share" / "applications"
    names = sorted(listed(menu, ".desktop"), key=lambda name: name != f"{ident}.desktop")
    for name in names[:8]:
        try:
            entry = read_entry(menu / name)
        except UnreadableError as error:
            error.place = error.place or str(menu / name)
            problems.append(error.problem())
            continue
        if entry.categories:
            return entry.name if entry.is_game else ""
    for directory in ("export/share/metainfo", "files/share/metainfo", "files/share/appdata"):
        for ending in ("metainfo.xml", "appdata.xml"):
            file = active / directory / f"{ident}.{ending}"
            if not is_gone(str(file)):
                return _described(file, problems)
    return ""


def _described(file: Path, problems: list[LibraryProblem]) -> str:
    """The title in a metainfo file of a game."""
    root = attempt(problems, read_xml, file)
    if root is None:
        return ""
    name = next((inner.text for inner in root.inner if inner.name == "name" and not inner.attributes), "")
    name = shown(name)
    described = Entry(name, categories=tuple(inner.text for inner in root.every("category")))
    return name if described.is_game else ""


def _program(active: Path, problems: list[LibraryProblem]) -> Iterator[str]:
    """The command that the sandbox starts, where it is the application's own."""
    if is_gone(str(active / "metadata")):
        return
    metadata = attempt(problems, lambda path: read_text(path, _METADATA_LIMIT), active / "metadata") or ""
    found = _COMMAND.search(metadata)
    if found and not runs_others(found[1]):
        yield str(active / "files" / "bin" / found[1])

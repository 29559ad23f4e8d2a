"""Games among macOS' applications, by the category in their ``Info.plist``; iPhone games on Apple's own chips too.

Categories: https://developer.apple.com/documentation/bundleresources/information-property-list/lsapplicationcategorytype
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import ClassVar

from gamedetectd.domain import InstalledGame, LibraryProblem, Shelf, System
from gamedetectd.library.files import UnreadableError, attempt, read_bytes, stamp
from gamedetectd.library.not_games import is_no_game, runs_others
from gamedetectd.library.places import existing, is_gone, listed, shown
from gamedetectd.library.surroundings import Surroundings

PLIST_LIMIT = 2_000_000
"""Bytes; real ones have a few thousand."""
_GAMES = "public.app-category."
_APPLE_GAMES_GENRE = 6014
"""The App Store's number for games: https://itunes.apple.com/WebObjects/MZStoreServices.woa/ws/genres"""
_NO_GAMES_TEXT = """
    com.valvesoftware.steam com.epicgames.epicgameslauncher com.mojang.minecraftlauncher net.battle.app
    com.blizzard.battle.net com.riotgames.riotgames.riotclientux com.gog.galaxy com.heroicgameslauncher.hgl
    org.openemu.openemu com.codeweavers.crossover com.isaacmarovitz.whisky com.moonlight-stream.moonlight
    com.electronicarts.desktop com.ea.app com.origin.origin com.ubisoft.connect io.itch.mac com.nvidia.gfnpc.mall
    com.modrinth.theseus org.prismlauncher.prismlauncher tv.parsec.www com.parallels.toolbox com.apple.gamecenterui
    com.apple.games
"""
_NO_GAMES = frozenset(_NO_GAMES_TEXT.split())


class MacAppsReader:
    """Looks through the system's and the person's ``Applications``, and one directory deeper."""

    name: ClassVar[str] = "mac"

    def __init__(self, surroundings: Surroundings) -> None:
        mac = surroundings.system is System.MACOS
        shared = [drive / at for drive in surroundings.drives for at in ("Applications", "System/Applications")]
        self._places = [*shared, surroundings.home / "Applications"] if mac else []

    def roots(self) -> Sequence[str]:
        return existing(*self._places)

    def fingerprint(self) -> Hashable:
        return tuple(map(stamp, (*self._places, *map(_plist, self._bundles()))))

    def load(self) -> Shelf:
        if not self._places:
            return Shelf(nothing="Only macOS has application bundles.")
        problems: list[LibraryProblem] = []
        games: dict[str, InstalledGame] = {}
        for bundle in self._bundles():
            game = self._game(bundle, problems)
            if game is not None:
                games.setdefault(game.id, game)
        nothing = "" if games else "No application says that it belongs to a category of games."
        return Shelf(tuple(games.values()), tuple(problems), nothing)

    def _bundles(self) -> Iterator[Path]:
        for place in self._places:
            for name in listed(place):
                if name.lower().endswith(".app"):
                    yield place / name
                elif "." not in name:
                    yield from (place / name / inner for inner in listed(place / name, ".app"))

    def _game(self, bundle: Path, problems: list[LibraryProblem]) -> InstalledGame | None:
        plist = _plist(bundle)
        if is_gone(str(plist)):
            return None
        fields = attempt(problems, _read_plist, plist)
        if fields is None or not (_is_game(fields) or _is_apple_game(bundle, problems)):
            return None
        ident = _text(fields, "CFBundleIdentifier") or shown(bundle.stem).lower()
        title = _text(fields, "CFBundleDisplayName") or _text(fields, "CFBundleName") or shown(bundle.stem)
        if ident.lower() in _NO_GAMES or is_no_game(title) or is_no_game(bundle.stem):
            return None
        program = _text(fields, "CFBundleExecutable")
        wrapped = plist.parent if plist.parent.name != "Contents" else plist.parent / "MacOS"
        programs = (str(wrapped / program),) if program and "/" not in program and not runs_others(program) else ()
        return InstalledGame(self.name, ident, title, str(bundle), programs)


def parse_plist(data: bytes) -> Mapping[str, object]:
    """The keys of a property list, XML or binary. Raises UnreadableError."""
    import plistlib
    from xml.parsers.expat import ExpatError

    try:
        value = plistlib.loads(data)
    except (ExpatError, ValueError, LookupError, AttributeError, TypeError, ArithmeticError, RecursionError):
        # plistlib promises no particular error for a broken file, and refuses entities itself
        raise UnreadableError("It is not a property list.") from None
    if not isinstance(value, dict):
        raise UnreadableError("It is not a property list of an application.")
    return {key: inner for key, inner in value.items() if isinstance(key, str)}


def _read_plist(path: Path) -> Mapping[str, object]:
    return parse_plist(read_bytes(path, PLIST_LIMIT))


def _plist(bundle: Path) -> Path:
    """A Mac's application has its own; one for the iPhone is wrapped."""
    for name in listed(bundle / "Wrapper", ".app"):
        return bundle / "Wrapper" / name / "Info.plist"
    return bundle / "Contents" / "Info.plist"


def _is_game(fields: Mapping[str, object]) -> bool:
    category = _text(fields, "LSApplicationCategoryType")
    kind = category.removeprefix(_GAMES)
    return category.startswith(_GAMES) and (kind == "games" or kind.endswith("-games"))


def _is_apple_game(bundle: Path, problems: list[LibraryProblem]) -> bool:
    """What the App Store left beside a wrapped application."""
    file = bundle / "Wrapper" / "iTunesMetadata.plist"
    fields = None if is_gone(str(file)) else attempt(problems, _read_plist, file)
    return fields is not None and (fields.get("genreId") == _APPLE_GAMES_GENRE or _text(fields, "genre") == "Games")


def _text(fields: Mapping[str, object], key: str) -> str:
    value = fields.get(key)
    return shown(value) if isinstance(value, str) else ""

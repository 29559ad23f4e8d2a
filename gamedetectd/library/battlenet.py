r"""Battle.net: the agent's ``product.db`` says what lies where, Windows' list of programs how it is called.

``%ProgramData%\Battle.net\Agent\product.db`` (macOS: ``/Users/Shared/Battle.net/Agent``) is a protocol buffer. Of its
installed products (field 1): 1 unique name, 2 product code, 3 settings with 1 the directory, 4 state with 1, in which
1 says that it is installed.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from gamedetectd.domain import InstalledGame, LibraryProblem, Shelf, System
from gamedetectd.library import registry_keys as keys
from gamedetectd.library.files import UnreadableError, attempt, read_bytes, stamp
from gamedetectd.library.not_games import is_no_game
from gamedetectd.library.places import Presence, base_name, beneath, existing, folded, is_gone, own_directory, shown
from gamedetectd.library.protobuf import Message, last, message_in, parse_message, text_in
from gamedetectd.library.surroundings import Surroundings

FILE_LIMIT = 16_000_000
"""Bytes; real ones have some ten thousand."""
_PRODUCTS_LIMIT = 2_000

TITLES: Mapping[str, str] = {
    "anbs": "Diablo Immortal",
    "aqua": "Avowed",
    "ark": "The Outer Worlds 2",
    "auks": "Call of Duty",
    "cb4": "Crash Bandicoot 4: It's About Time",
    "d2": "Diablo II",
    "d2lod": "Diablo II: Lord of Destruction",
    "d3": "Diablo III",
    "d3cn": "Diablo III",
    "diablo3": "Diablo III",
    "drtl": "Diablo",
    "fen": "Diablo IV",
    "fenris": "Diablo IV",
    "fore": "Call of Duty: Vanguard",
    "gryphon": "Warcraft Rumble",
    "gry": "Warcraft Rumble",
    "hero": "Heroes of the Storm",
    "heroes": "Heroes of the Storm",
    "hs_beta": "Hearthstone",
    "hsb": "Hearthstone",
    "lazarus": "Call of Duty: Modern Warfare 2 Campaign Remastered",
    "lazr": "Call of Duty: Modern Warfare 2 Campaign Remastered",
    "lbra": "Tony Hawk's Pro Skater 3 + 4",
    "odin": "Call of Duty: Modern Warfare",
    "osi": "Diablo II: Resurrected",
    "pro": "Overwatch 2",
    "prometheus": "Overwatch 2",
    "rtro": "Blizzard Arcade Collection",
    "s1": "StarCraft",
    "s2": "StarCraft II",
    "scor": "Sea of Thieves",
    "viper": "Call of Duty: Black Ops 4",
    "w1": "Warcraft: Orcs & Humans",
    "w1r": "Warcraft I: Remastered",
    "w2": "Warcraft II: Battle.net Edition",
    "w2bn": "Warcraft II: Battle.net Edition",
    "w2r": "Warcraft II: Remastered",
    "w3": "Warcraft III: Reforged",
    "w3tft": "Warcraft III: The Frozen Throne",
    "war3": "Warcraft III: Reforged",
    "wlby": "Crash Bandicoot 4: It's About Time",
    "wow": "World of Warcraft",
    "wow_classic": "World of Warcraft Classic",
    "wow_classic_era": "World of Warcraft Classic",
    "zeus": "Call of Duty: Black Ops Cold War",
}
"""By unique name or product code, as people call them; test versions bear the name with something behind it."""
_NO_GAMES = frozenset(["agent", "agent_beta", "bna", "battle.net", "catalogs", "client", "bts", "bnetlauncher"])
_PARTS = {
    "wow": "_retail_",
    "wowt": "_ptr_",
    "wowxptr": "_xptr_",
    "wow_beta": "_beta_",
    "wow_classic": "_classic_",
    "wow_classic_beta": "_classic_beta_",
    "wow_classic_era": "_classic_era_",
    "wow_classic_era_ptr": "_classic_era_ptr_",
    "wow_classic_ptr": "_classic_ptr_",
}
"""Products that share a directory, and the part of it that is theirs."""
_PUBLISHER = r"blizzard|activision"
_UNIQUE_NAME = re.compile(r"--uid=\"?([\w.-]+)", re.IGNORECASE)
_TEST = re.compile(r"(_?ptr\d?|_?beta|_?test|_?dev|_?alpha|t|b|_pr|_live)$")


@dataclass(frozen=True, slots=True)
class Product:
    """An installed product as the agent knows it."""

    unique_name: str
    code: str
    directory: str
    installed: bool


class BattleNetReader:
    """A game's id is the unique name that the agent gives an installation."""

    name: ClassVar[str] = "battlenet"

    def __init__(self, surroundings: Surroundings) -> None:
        self._surroundings = surroundings
        self._presence = Presence()

    def _databases(self) -> Sequence[Path]:
        if self._surroundings.system is System.MACOS:
            shared = [drive / "Users" / "Shared" for drive in self._surroundings.drives]
        else:
            shared = [self._surroundings.program_data]
        return [place / "Battle.net" / "Agent" / "product.db" for place in shared]

    def roots(self) -> Sequence[str]:
        return existing(*self._databases())

    def fingerprint(self) -> Hashable:
        registry = keys.stamps(self._surroundings.registry, *keys.software(keys.UNINSTALL))
        return tuple(map(stamp, self._databases())), registry, self._presence.changed()

    def load(self) -> Shelf:
        self._presence.forget()
        problems: list[LibraryProblem] = []
        listed = {
            found[1].lower(): program for program in self._listed() if (found := _UNIQUE_NAME.search(program.command))
        }
        games: dict[str, InstalledGame] = {}
        for database in self._databases():
            products = () if is_gone(str(database)) else attempt(problems, _read_products, database) or ()
            for product in products:
                if product.installed and product.code not in _NO_GAMES and product.unique_name not in _NO_GAMES:
                    program = listed.get(product.unique_name)
                    title = _title(product) or (program.name if program else "")
                    self._add(games, product.unique_name or product.code, title, product.directory)
        for unique_name, program in listed.items():
            if unique_name not in games:
                self._add(games, unique_name, program.name, program.directory)
        nothing = "" if games else "Battle.net has installed no game here."
        return Shelf(tuple(games.values()), tuple(problems), nothing)

    def _listed(self) -> Iterator[keys.Program]:
        return keys.programs_of(self._surroundings.registry, _PUBLISHER)

    def _add(self, games: dict[str, InstalledGame], ident: str, title: str, place: str) -> None:
        directory = own_directory(self._surroundings, place)
        if not ident or ident in _NO_GAMES or not directory or self._presence.is_gone(directory) or is_no_game(title):
            return
        part = beneath(directory, _PARTS.get(ident, ""))
        if part and not self._presence.is_gone(part):
            directory = part
        if title or folded(base_name(directory)) not in _NO_GAMES:
            games[ident] = InstalledGame(self.name, ident, shown(title or base_name(directory)), directory)


def parse_products(data: bytes) -> tuple[Product, ...]:
    """The installed products in the agent's database. Raises UnreadableError."""
    database = parse_message(data)
    entries = [entry for entry in database.get(1, ()) if isinstance(entry, bytes)]
    if not entries and data and 5 not in database and 4 not in database:
        raise UnreadableError("It is not the database of Battle.net's agent.")
    return tuple(_product(parse_message(entry)) for entry in entries[:_PRODUCTS_LIMIT])


def _product(entry: Message) -> Product:
    state = message_in(message_in(entry, 4), 1)
    directory = text_in(message_in(entry, 3), 1)
    told = last(state, 1)
    return Product(
        shown(text_in(entry, 1)).lower(), shown(text_in(entry, 2)).lower(), directory, bool(directory) and told != 0
    )


def _read_products(path: Path) -> tuple[Product, ...]:
    return parse_products(read_bytes(path, FILE_LIMIT))


def _title(product: Product) -> str:
    for name in (product.unique_name, product.code):
        known = TITLES.get(name) or TITLES.get(_TEST.sub("", name))
        if known:
            return known
    return ""

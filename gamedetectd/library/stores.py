"""The one table of stores: each row makes a reader of what one store has installed on this machine."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from gamedetectd.interfaces import StoreReader
from gamedetectd.library.amazon import AmazonReader
from gamedetectd.library.battlenet import BattleNetReader
from gamedetectd.library.bottles import BottlesReader
from gamedetectd.library.desktop_games import DesktopGamesReader
from gamedetectd.library.ea import EaReader
from gamedetectd.library.epic import EpicReader
from gamedetectd.library.flatpak_apps import FlatpakReader
from gamedetectd.library.gameconfigstore import GameConfigStoreReader
from gamedetectd.library.gog import GogReader
from gamedetectd.library.heroic import HeroicReader
from gamedetectd.library.itch import ItchReader
from gamedetectd.library.legendary import LegendaryReader
from gamedetectd.library.lutris import LutrisReader
from gamedetectd.library.mac_apps import MacAppsReader
from gamedetectd.library.minecraft import MinecraftReader
from gamedetectd.library.riot import RiotReader
from gamedetectd.library.rockstar import RockstarReader
from gamedetectd.library.steam import SteamReader
from gamedetectd.library.surroundings import Surroundings
from gamedetectd.library.ubisoft import UbisoftReader
from gamedetectd.library.wine_prefixes import WineReader
from gamedetectd.library.xbox import XboxReader

STORES: Mapping[str, Callable[[Surroundings], StoreReader]] = {
    "steam": SteamReader,
    "epic": EpicReader,
    "gog": GogReader,
    "heroic": HeroicReader,
    "legendary": LegendaryReader,
    "lutris": LutrisReader,
    "bottles": BottlesReader,
    "itch": ItchReader,
    "amazon": AmazonReader,
    "ea": EaReader,
    "ubisoft": UbisoftReader,
    "battlenet": BattleNetReader,
    "riot": RiotReader,
    "rockstar": RockstarReader,
    "xbox": XboxReader,
    "minecraft": MinecraftReader,
    "flatpak": FlatpakReader,
    "desktop": DesktopGamesReader,
    "mac": MacAppsReader,
    "windows": GameConfigStoreReader,
    "wine": WineReader,
}
"""By the store's short name, which is also its reader's."""


def readers(surroundings: Surroundings) -> tuple[StoreReader, ...]:
    """A reader for every store, whether it is here or not."""
    return tuple(make(surroundings) for make in STORES.values())

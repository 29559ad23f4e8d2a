"""The library: does the program lie in the directory of something a store installed here, and is that a game?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from gamedetectd.detection import paths
from gamedetectd.detection.case import Case, Sign
from gamedetectd.detection.tables.software import is_software
from gamedetectd.detection.titles import squeezed
from gamedetectd.domain import Game, InstalledGame


def testify(case: Case) -> Iterator[Sign]:
    """One sign at most: the innermost row that holds the program, else one that its window names."""
    row = case.row
    if row is None:
        yield from _by_title(case)
        return
    if software := is_software(row.store, row.id, row.title):
        yield Sign("library.software", f"It belongs to {software}, which {called(row.store)} installed: no game.")
        return
    name = paths.base_name(case.program.path)
    if row.store == "windows":
        game = Game(f"{row.store}:{row.id}", "", "", row.install_dir)
        yield Sign("store.windows_list", f"Windows itself lists {name} among the games that were started here.", game)
        return
    lies = paths.within(case.program.path, row.install_dir, ignore_case=True)
    reason = (
        f"{name} lies in {row.install_dir}, where {called(row.store)} installed {row.title}."
        if lies
        else f"{name} is what {called(row.store)} starts as {row.title}."
    )
    yield Sign("library.installed", reason, game_of(row))


def _by_title(case: Case) -> Iterator[Sign]:
    """A protected program hides its path; its window then tells which of the installed games it is."""
    shown = case.shown
    if not shown or paths.is_absolute(case.program.path):
        return
    for row in case.facts.library:
        if squeezed(row.title) == squeezed(shown) and not is_software(row.store, row.id, row.title):
            reason = f"Its window's title is that of {row.title}, which {called(row.store)} installed."
            yield Sign("library.window_title", reason, game_of(row))
            return


_CALLED: Mapping[str, str] = {
    "amazon": "Amazon Games", "battlenet": "Battle.net", "bottles": "Bottles", "desktop": "the desktop's menu", "ea": "the EA app",
    "epic": "Epic", "flatpak": "Flatpak", "gog": "GOG", "heroic": "Heroic", "humble": "Humble", "itch": "itch", "lutris": "Lutris",
    "mac": "macOS", "minecraft": "Minecraft's launcher", "riot": "the Riot Client", "rockstar": "Rockstar's launcher",
    "steam": "Steam", "steam-shortcut": "Steam, as added by hand,", "ubisoft": "Ubisoft Connect", "windows": "Windows", "xbox": "the Xbox app",
}  # fmt: skip


def called(store: str) -> str:
    """A store as a sentence names it."""
    return _CALLED.get(store, store)


def game_of(row: InstalledGame) -> Game:
    """The game a library row names."""
    return Game(f"{row.store}:{row.id}", row.title, "the library", row.install_dir, row.platform, row.also)

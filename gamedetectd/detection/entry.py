"""What the program's maker says it is: the categories of its desktop entry, or of its macOS bundle."""

from __future__ import annotations

from collections.abc import Iterator

from gamedetectd.detection import paths
from gamedetectd.detection.case import Case, Sign
from gamedetectd.detection.containers import content_title
from gamedetectd.detection.roles import named_as_tool
from gamedetectd.detection.tables.phrases import names
from gamedetectd.detection.titles import clean, slug
from gamedetectd.domain import DesktopEntry, Game

_CONTRARY = names(
    """
    Emulator PackageManager FileTransfer Settings DesktopSettings Development Building IDE Debugger System Utility
    InstantMessaging Chat WebBrowser RemoteAccess AudioVideo Recorder 3DGraphics
    """
)
"""Categories that, beside ``Game``, mark launchers, emulators, editors and setup programs."""

_GAMES_OF_APPLE = "public.app-category."


def testify(case: Case) -> Iterator[Sign]:
    """One sign from the desktop entry, one from the bundle; an emulator's entry says nothing about what it runs."""
    entry = case.facts.desktop_entry
    if entry is not None and entry.categories and not belongs_to_runtime(case, entry) and content_title(case) is None:
        yield _entry(case, entry)
    bundle = case.facts.bundle
    if bundle is not None and bundle.category.startswith(_GAMES_OF_APPLE):
        kind = bundle.category.removeprefix(_GAMES_OF_APPLE)
        if kind == "games" or kind.endswith("-games"):
            yield Sign("bundle.game", f"Its macOS bundle says that it belongs to the category {kind}.")
        else:
            yield Sign("bundle.other", f"Its macOS bundle says that it belongs to the category {kind}, not to games.")


def belongs_to_runtime(case: Case, entry: DesktopEntry) -> bool:
    """True where the entry is the interpreter's own (Python, Wine) and says nothing about what runs in it."""
    program = case.program
    if not program.runtime or program.generic:
        return False
    command = entry.exec.split()
    return bool(command) and paths.key(paths.base_name(command[0])) == paths.key(program.runtime)


def calls_it_a_game(case: Case, entry: DesktopEntry) -> bool:
    """True where the entry is the program's own and says that it is a game, and nothing that serves games."""
    is_game = "Game" in entry.categories and _CONTRARY.isdisjoint(entry.categories)
    return is_game and not named_as_tool(entry.name) and not belongs_to_runtime(case, entry)


def _entry(case: Case, entry: DesktopEntry) -> Sign:
    categories = ", ".join(entry.categories)
    if "Game" not in entry.categories:
        return Sign(
            "desktop_entry.other", f"Its desktop entry {entry.name} is in the categories {categories}, not in Game."
        )
    contrary = sorted(_CONTRARY.intersection(entry.categories))
    if named_as_tool(entry.name):
        return Sign("desktop_entry.tool", f"Its desktop entry {entry.name} is in Game but names a tool for games.")
    if contrary:
        return Sign(
            "desktop_entry.contrary",
            f"Its desktop entry {entry.name} is in Game but also in {', '.join(contrary)}: it serves games, or makes them.",
        )
    title = clean(entry.name) or entry.name
    game = Game(f"name:{slug(title)}", title, "its desktop entry", case.directory)
    return Sign("desktop_entry.game", f"Its desktop entry {entry.name} is in the category Game.", game)

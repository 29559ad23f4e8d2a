"""What stores leave in a program's environment and on its command line: who started it, and as which game."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from gamedetectd.detection import paths
from gamedetectd.detection.case import Case, Sign
from gamedetectd.detection.library import game_of
from gamedetectd.detection.pattern import Pattern
from gamedetectd.detection.tables.software import STEAM_SOFTWARE
from gamedetectd.domain import Game

_VARIABLES: tuple[tuple[str, str, str], ...] = (
    ("HEROIC_APP_NAME", "heroic", "Heroic"),
    ("LUTRIS_GAME_UUID", "lutris", "Lutris"),
    ("UMU_ID", "umu", "the umu launcher"),
    ("ITCHIO_OFFLINE_MODE", "itch", "the itch app"),
    ("ITCHIO_API_KEY", "itch", "the itch app"),
)
_NAMELESS = frozenset(["itch", "lutris"])
"""Their variables are made up anew at each start and say which game it is to nobody else."""
_STEAM_VARIABLES = ("SteamAppId", "SteamGameId", "STEAM_COMPAT_APP_ID", "SteamOverlayGameId")
_STEAM_SIGNALS: Mapping[str, str] = {
    "steam_window": "Its window carries Steam's number",
    "steam_log": "Steam's process log lists it under the number",
}
"""How what Steam says is told, by the source of the signal; the number follows."""
_FIRST_SHORTCUT = 1 << 31
_SHORTCUT = 0x02000000
"""Steam numbers what people add by hand from 2**31 on, and in 64 bits with this as the lower half."""
_PERFORMANCE_TOOLS = frozenset(["GameMode", "MangoHud"])
_NO_GAME = frozenset(["0", "default", "umu-default", "umu-0", "769", ""])
_REAPED = Pattern(r"AppId=(\d+)")
_NUMBER = Pattern(r"\d{1,20}")
_STARTED_BY_EPIC = Pattern(r"-epicapp=([^\s\"]+)", re.IGNORECASE)
_TELLING_ARGUMENTS: tuple[tuple[Pattern, str], ...] = (
    (Pattern(r"-epicportal", re.IGNORECASE), "Epic's launcher"),
    (Pattern(r"-epic(env|username|userid|locale)=.*", re.IGNORECASE), "Epic's launcher"),
    (Pattern(r"[-/]?uplay_steam_mode|-upc_.*|-uplay_.*", re.IGNORECASE), "Ubisoft Connect"),
    (Pattern(r"-(eac|be)_launcher_.*|-eac-nop-loaded", re.IGNORECASE), "an anti-cheat starter"),
    (
        Pattern(r"-launchedfromlauncher|--launched-from-.*|-riotclientport=.*|--riotclient.*", re.IGNORECASE),
        "its launcher",
    ),
)
_GAME_STARTERS: Mapping[str, str] = {
    "galaxyclient": "GOG Galaxy", "epicgameslauncher": "Epic's launcher", "battle.net": "Battle.net", "agent": "Battle.net",
    "upc": "Ubisoft Connect", "ubisoftconnect": "Ubisoft Connect", "eadesktop": "the EA app", "origin": "Origin",
    "riotclientservices": "the Riot client", "leagueclient": "the League of Legends client", "itch": "the itch app",
    "lutris": "Lutris", "lutris-wrapper": "Lutris", "heroic": "Heroic", "playnite.desktopapp": "Playnite",
    "playnite.fullscreenapp": "Playnite", "launchbox": "LaunchBox", "gamehub": "GameHub", "minigalaxy": "Minigalaxy",
    "amazongamesui": "Amazon Games", "amazongames": "Amazon Games", "rare": "Rare", "legendary": "Legendary", "gogdl": "Heroic",
    "startprotectedgame": "Easy Anti-Cheat's starter", "easyanticheatlauncher": "Easy Anti-Cheat's starter",
    "gamingservices": "the Xbox app", "gamelaunchhelper": "the Xbox app", "rockstarlauncher": "the Rockstar launcher", "launcher": "its launcher",
    "playgtav": "the Rockstar launcher", "robloxplayerlauncher": "Roblox", "hoyoplay": "HoYoPlay", "hyp": "HoYoPlay", "steam": "Steam",
    "goggalaxy": "GOG Galaxy", "gogcomgalaxy": "GOG Galaxy", "eaapp": "the EA app", "steamosx": "Steam", "steam_osx": "Steam",
    "epicgameslauncher-mac-shipping": "Epic's launcher", "epicgameslauncher-win64-shipping": "Epic's launcher", "bottles": "Bottles",
    "battle.netlauncher": "Battle.net", "ubisoftgamelauncher": "Ubisoft Connect", "indiegalaclient": "IndieGala's client",
    "gamemoderun": "GameMode", "mangohud": "MangoHud", "gamescope": "gamescope", "umu-run": "the umu launcher", "proton": "Proton",
}  # fmt: skip


_SYSTEM_TOOLS = ("/usr/bin/", "/usr/sbin/", "/usr/lib", "/usr/share/", "/bin/", "/sbin/", "/lib")
_SYSTEM_GAMES = ("/usr/share/games/",)


def testify(case: Case) -> Iterator[Sign]:
    """Store variables, a reaper among the ancestors, arguments that launchers pass, and who the parent is."""
    steam = _steam_id(case)
    if steam:
        number, how = steam
        if number in STEAM_SOFTWARE:
            yield Sign("library.software", f"{how}: Steam's number for {STEAM_SOFTWARE[number]}, which is not a game.")
        elif not _inherited(case, number):
            yield Sign("store.environment", f"{how}: Steam started it as {_called(number)}.", _steam_game(case, number))
    for name, store, called in _VARIABLES:
        value = case.variable(name)
        if value.casefold() not in _NO_GAME:
            game = None if store in _NAMELESS else _game(case, store, value)
            shown = name if store == "itch" else f"{name}={value}"
            yield Sign("store.environment", f"Its environment carries {shown}: {called} started it as a game.", game)
            break
    yield from _arguments(case)
    asked = _asked_gamemode(case)
    if asked:
        yield Sign("store.gamemode", "It asked GameMode for the computer's full performance, as games do.")
    yield from _starter(case, _PERFORMANCE_TOOLS if asked else frozenset())


def _steam_id(case: Case) -> tuple[str, str] | None:
    """Steam's number for what it started and how that is known: the environment, its window, or the reaper's arguments."""
    for name in _STEAM_VARIABLES:
        value = case.variable(name)
        if _NUMBER.fullmatch(value) and value not in _NO_GAME:
            return value, f"Its environment carries {name}={value}"
    for signal in case.facts.signals:
        store, _, number = signal.game_id.partition(":")
        if store == "steam" and _NUMBER.fullmatch(number) and number not in _NO_GAME:
            return number, f"{_STEAM_SIGNALS.get(signal.source, 'Steam says of it that it is')} {number}"
    processes = (*case.family.context, case.family.subject) if case.family else ()
    for process in reversed(processes):
        for argument in process.argv if "SteamLaunch" in process.argv else ():
            if (found := _REAPED.fullmatch(argument)) and found[1] != "0":
                return found[1], f"Steam's reaper above it says {argument}"
    return None


def _shortcut(number: str) -> int:
    """The 64-bit id of a program that a person added to Steam, from either of its numbers; 0 for an app of Steam's."""
    value = int(number)
    if _FIRST_SHORTCUT <= value < 1 << 32:
        return value << 32 | _SHORTCUT
    return value if value >= 1 << 32 and value & 0xFFFFFFFF == _SHORTCUT else 0


def _inherited(case: Case, number: str) -> bool:
    """True for a tool of the system that a game, its scripts or their session bus called: Steam has folders of its own.

    A program that a person added to Steam may lie anywhere, and where the library has the game its title is at hand.
    """
    path = case.program.alias or case.program.path
    of_the_system = path.startswith(_SYSTEM_TOOLS) and not path.startswith(_SYSTEM_GAMES)
    return of_the_system and not _shortcut(number) and not _steam_game(case, number).title


def _called(number: str) -> str:
    return "a program that was added to it by hand" if _shortcut(number) else f"game {number}"


def _steam_game(case: Case, number: str) -> Game:
    shortcut = _shortcut(number)
    return _game(case, "steam-shortcut", str(shortcut)) if shortcut else _game(case, "steam", number)


def _asked_gamemode(case: Case) -> bool:
    """True where the program, or a wrapper that lives as long as it, is registered with GameMode."""
    if case.family is None:
        return False
    pids = {process.pid for process in (case.family.subject, *case.family.wrappers)}
    return any(signal.source == "gamemode" and signal.pid in pids for signal in case.facts.signals)


def _game(case: Case, store: str, ident: str) -> Game:
    """The library's game that bears this id, its own or one among its others; without a row the id alone."""
    wanted = f"{store}:{ident}"
    for row in case.facts.library:
        if wanted == f"{row.store}:{row.id}" or wanted in row.also:
            return game_of(row)
    return Game(wanted, "", "the library", case.directory)


def _arguments(case: Case) -> Iterator[Sign]:
    for argument in case.program.arguments:
        if found := _STARTED_BY_EPIC.fullmatch(argument):
            yield Sign("store.argument", f"Epic's launcher started it as {found[1]}.", _game(case, "epic", found[1]))
            return
        for pattern, called in _TELLING_ARGUMENTS:
            if pattern.fullmatch(argument):
                yield Sign("store.argument", f"Its argument {argument} is one that {called} passes to games.")
                return


def started_by_launcher(case: Case) -> bool:
    """True where a launcher of games, or a tool people use for games only, started the program."""
    return any(True for _ in _starter(case, frozenset()))


def _starter(case: Case, uncounted: frozenset[str]) -> Iterator[Sign]:
    """A launcher, or a tool people use for games only, started it; unless it is one of the launcher's own programs.

    ``uncounted`` are those that say no more than what was said already.
    """
    if case.family is None or not case.family.ancestors:
        return
    for process in reversed(case.family.ancestors):
        path = process.exe or (process.argv[0] if process.argv else process.comm)
        names = [paths.key(paths.base_name(name)) for name in (path, *process.argv[1:2])]
        called = next((_GAME_STARTERS[name] for name in names if name in _GAME_STARTERS), None)
        if called is None or called in uncounted:
            continue
        own_part = paths.within(case.program.path, paths.directory(path), ignore_case=True)
        if not own_part or case.games_folder is not None:
            yield Sign("store.starter", f"{called[:1].upper()}{called[1:]} started it.")
        return

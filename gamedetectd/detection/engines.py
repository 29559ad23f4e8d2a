"""Fingerprints of game engines, store interfaces and game middleware in the files beside a program."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from gamedetectd.detection import paths
from gamedetectd.detection.case import Case, Sign
from gamedetectd.detection.pattern import Pattern
from gamedetectd.detection.tables.fingerprints import FINGERPRINTS

_UNREAL_PROGRAM = Pattern(r"-(win64|win32|wingdk|linux|mac)-(shipping|test)$", re.IGNORECASE)
_NW = frozenset(["nw.dll", "nw_elf.dll", "nw.exe", "libnw.so", "nwjs", "app.nw", "nwjs framework.framework"])
_GAME_PARTS = frozenset(["audio", "data", "effects", "img", "js", "movies"])
_PARTS = 3
METADATA: Mapping[str, tuple[str, str]] = {
    "rpg_maker": ("engine.rpg_maker", "RPG Maker's file"),
    "renpy": ("engine.renpy", "Ren'Py's options"),
    "unity": ("engine.unity_data", "Unity's file"),
    "godot": ("engine.godot", "Godot's project"),
    "love": ("engine.love_game", "LÖVE's settings"),
    "gamemaker": ("engine.gamemaker", "GameMaker's options"),
}
"""Files that engines alone write, by the fact that was read from them."""
_BIG = 4
"""How many file names a sentence lists."""


def testify(case: Case) -> Iterator[Sign]:
    """One sign for each fingerprint found, and those that carry the program's own name."""
    yield from _own_data(case)
    for item in FINGERPRINTS:
        found = sorted(name for name in case.names if item.pattern.match(name))
        if len(found) >= item.at_least:
            yield Sign(item.signal, f"Beside it: {', '.join(found[:_BIG])} ({item.called}).")


def _own_data(case: Case) -> Iterator[Sign]:
    """Data named after the program: nothing but that engine's player reads it."""
    stem = case.program.stem.lower()
    around = case.beside | case.names
    if not stem:
        return
    if f"{stem}_data" in around:
        yield Sign("engine.unity_data", f"Beside it: {stem}_data, Unity's data for exactly this program.")
    if f"{stem}.pck" in around or case.program.base.endswith(".pck"):
        yield Sign("engine.godot", f"{stem}.pck is a Godot pack for exactly this program.")
    if f"{stem}.love" in around or case.program.base.endswith(".love"):
        yield Sign("engine.love_game", f"{stem}.love is a LÖVE game.")
    unreal = bool(_UNREAL_PROGRAM.search(case.program.stem))
    if unreal or {"engine", stem} <= around:
        yield Sign("engine.unreal_program", f"{case.called} is built as Unreal Engine builds games for players.")
    if _rpg_maker_of_the_web(around):
        yield Sign("engine.rpg_maker", "Beside it: NW.js with the pictures, sounds and data of an RPG Maker game.")
    for key, (signal, called) in METADATA.items():
        if key in case.facts.metadata:
            yield Sign(signal, f"Beside it: {called} that names a game.")
    if _renpy(case):
        yield Sign("engine.renpy", f"{case.called} runs in Ren'Py's directory.")


def _rpg_maker_of_the_web(around: frozenset[str]) -> bool:
    """RPG Maker MV and MZ export what a browser would show, with a browser that shows it."""
    return not _NW.isdisjoint(around) and ("www" in around or len(_GAME_PARTS & around) >= _PARTS)


def _renpy(case: Case) -> bool:
    """Ren'Py ships its interpreter in ``lib/py3-linux-x86_64`` under the game's own name."""
    return bool(re.fullmatch(r"py[23]?-?(linux|windows|mac)[\w-]*", paths.base_name(case.program.directory).lower()))

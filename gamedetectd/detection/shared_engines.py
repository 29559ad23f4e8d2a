"""Engines that many games share, Doom's and Quake's above all: the data on the command line says which one runs."""

from __future__ import annotations

import re
from itertools import pairwise

from gamedetectd.detection import paths
from gamedetectd.detection.case import Case
from gamedetectd.detection.inside import Inside
from gamedetectd.detection.pattern import Pattern
from gamedetectd.detection.tables.shared_engines import (
    DEFAULTS,
    DOOMS,
    ENGINE_DATA,
    ENGINE_VARIABLES,
    ENGINES,
    GOLDSRC_ONLY,
)
from gamedetectd.detection.titles import clean, from_content, from_directory, is_generic_name

_DATA_OPTIONS = ("-iwad", "--iwad", "-game", "--game", "+fs_game", "+game", "+set_game", "-basegame")
_EXTRA_OPTIONS = ("-file", "--file", "-merge", "-gamedir", "-j")
_DOOM_WINDOW = Pattern(
    r"(?P<title>.+?)\s+[-–]\s+(?:chocolate|crispy|international|inter|cherry|nugget|woof|dsda|gzdoom|uzdoom|lzdoom|vkdoom|zandronum|prboom|eternity|doom ?retro|odamex|"
    r"helion|raze)\S*.*",
    re.IGNORECASE,
)
_WORD = Pattern(r"[a-z]+[-_ ][a-z].*|.*[a-z][A-Z].*|.*\s.*")


def is_engine(case: Case) -> bool:
    """True for an engine that is no game of its own."""
    return bool(ENGINES.fullmatch(case.program.key) or DOOMS.fullmatch(case.program.key))


def loaded(case: Case) -> Inside | None:
    """The game whose data it was given, or whose name it shows, or which it was made for."""
    return _by_data(case) or _by_mod(case) or _by_window(case) or _by_default(case)


def _by_data(case: Case) -> Inside | None:
    arguments = case.program.arguments
    extra: Inside | None = None
    for place, argument in enumerate(arguments):
        following = arguments[place + 1] if place + 1 < len(arguments) else ""
        name = _named(argument, following, arguments[place + 2] if place + 2 < len(arguments) else "")
        short = (
            paths.stem(paths.base_name(name)).lower().removesuffix(".wad").removesuffix(".pk3").removesuffix(".ipk3")
        )
        where = f"its argument {argument} {following}"
        if name and (title := _title(case, name, short)):
            return Inside(title, where)
        if argument in _EXTRA_OPTIONS and short_of(following) in ENGINE_DATA:
            extra = Inside(ENGINE_DATA[short_of(following)], where)
    return extra


def _by_mod(case: Case) -> Inside | None:
    """A mod that Valve's engine is told to run from a directory of its own: by its window, else by the directory."""
    for option, directory in pairwise(case.program.arguments):
        if option != "-game" or not paths.is_absolute(directory):
            continue
        shown, named = case.shown, from_directory(paths.base_name(directory))
        title = shown if shown and not is_generic_name(shown) else named
        if title and not is_generic_name(title):
            return Inside(title, "the mod on its command line")
    return None


def short_of(path: str) -> str:
    """The short name of a data file: of ``/mods/SIGIL.WAD`` it is sigil."""
    return re.sub(r"\.(wad|i?pk[37]|deh|pak|zip)$", "", paths.base_name(path).lower())


def _named(argument: str, following: str, second: str) -> str:
    """The data that an option names, or ""."""
    if argument in _DATA_OPTIONS:
        return following
    if argument == "+set" and following in ENGINE_VARIABLES:
        return second
    return argument if argument.lower().endswith((".ipk3", ".iwad")) else ""


def _title(case: Case, name: str, short: str) -> str:
    key = case.program.key
    if key.startswith("hl") and not key.startswith("hl2") and short in GOLDSRC_ONLY:
        return GOLDSRC_ONLY[short]
    if short in ENGINE_DATA:
        return ENGINE_DATA[short]
    stem = re.sub(r"\.(wad|i?pk[37])$", "", paths.base_name(name), flags=re.IGNORECASE)
    standalone = name.lower().endswith(".ipk3") and _WORD.fullmatch(stem)
    return from_content(stem.replace("-", " ").replace("_", " ")) if standalone and not is_generic_name(stem) else ""


def _by_window(case: Case) -> Inside | None:
    """``DOOM 2: Hell on Earth - Chocolate Doom 3.0.1`` for Doom's engines, which ask for the data in a dialog of their own."""
    found = _DOOM_WINDOW.fullmatch(case.title) if DOOMS.fullmatch(case.program.key) else None
    title = clean(found["title"]) if found else ""
    if not title or is_generic_name(title):
        return None
    return Inside(_SPELT.get(title.casefold(), title), "its window's title")


_SPELT = {
    "doom 2: hell on earth": "Doom II: Hell on Earth",
    "doom ii: hell on earth": "Doom II: Hell on Earth",
    "doom registered": "Doom",
    "doom shareware": "Doom",
    "the ultimate doom": "The Ultimate Doom",
    "final doom: tnt - evilution": "Final Doom: TNT: Evilution",
    "final doom: plutonia experiment": "Final Doom: The Plutonia Experiment",
}


def _by_default(case: Case) -> Inside | None:
    """What an engine was made for, with a mod or without; one told of another game's data runs that, whatever it is."""
    told = any(one in ("com_basegame", "fs_basegame", "-basegame", "-iwad", "--iwad") for one in case.program.arguments)
    title = next((title for pattern, title in DEFAULTS if pattern.fullmatch(case.program.key)), "")
    return Inside(title, "the engine it runs in") if title and not told else None

"""Lutris' file for each game, ``games/<name>-<time>.yml``: which program or content it starts, and where.

The file also carries the whole installer. Where the lines that matter are as plain as Lutris mostly writes them, they
are read as they stand, in a tenth of the time that YAML takes; anything else is left to YAML.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from gamedetectd.library.files import UnreadableError, mapping, parse_text, parse_yaml, read_bytes, text_of

LIMIT = 4_000_000
_TOP_LEVEL = re.compile(r"^(?=[^\s])", re.MULTILINE)
_WANTED = ("game:", "name:", "slug:", "game_slug:")
_PLAIN_LINE = re.compile(r"(  )?([a-z_]+):(?: ([\w/.$](?:[\w/.$,()+@! -]*[\w/.$,()+@!-])?|''))?")
_NULLS = frozenset(["", "''", "null", "Null", "NULL"])

_RUNNERS: Mapping[str, str] = {
    "atari800": "Atari 8-bit", "azahar": "Nintendo 3DS", "cemu": "Wii U", "citra": "Nintendo 3DS",
    "desmume": "Nintendo DS", "dgen": "Mega Drive", "dolphin": "", "dosbox": "MS-DOS", "duckstation": "PlayStation",
    "fsuae": "Amiga", "gens": "Mega Drive", "hatari": "Atari ST", "jzintv": "Intellivision", "libretro": "",
    "mame": "Arcade", "mednafen": "", "melonds": "Nintendo DS", "mess": "", "mupen64plus": "Nintendo 64",
    "nulldc": "Dreamcast", "o2em": "Odyssey 2", "openmsx": "MSX", "osmose": "Master System", "pcsx2": "PlayStation 2",
    "pcsxr": "PlayStation", "pico8": "PICO-8", "ppsspp": "PSP", "redream": "Dreamcast", "reicast": "Dreamcast",
    "rpcs3": "PlayStation 3", "ryujinx": "Nintendo Switch", "shadps4": "PlayStation 4", "snes9x": "SNES",
    "stella": "Atari 2600", "tic80": "TIC-80", "vice": "Commodore 64", "virtualjaguar": "Atari Jaguar",
    "vita3k": "PlayStation Vita", "xemu": "Xbox", "xenia": "Xbox 360", "yuzu": "Nintendo Switch",
}  # fmt: skip
"""What an emulator of Lutris' imitates; "" where it imitates several, and the database says which."""
_MACHINES: Mapping[str, str] = {
    "sony playstation": "PlayStation", "sony playstation 2": "PlayStation 2", "sony playstation 3": "PlayStation 3",
    "sony playstation 4": "PlayStation 4", "sony psp": "PSP", "sony playstation portable": "PSP",
    "sony playstation vita": "PlayStation Vita", "nintendo snes": "SNES", "nintendo nes": "NES",
    "nintendo gamecube": "GameCube", "nintendo wii": "Wii", "nintendo wii u": "Wii U", "nintendo wiiu": "Wii U",
    "nintendo game boy": "Game Boy", "nintendo game boy (color)": "Game Boy Color",
    "nintendo game boy color": "Game Boy Color", "nintendo gameboy": "Game Boy",
    "nintendo game boy advance": "Game Boy Advance", "nintendo virtual boy": "Virtual Boy",
    "sega genesis": "Mega Drive", "sega genesis/mega drive": "Mega Drive", "sega megadrive": "Mega Drive",
    "sega dreamcast": "Dreamcast", "sega master system": "Master System", "sega game gear": "Game Gear",
    "sega cd": "Mega CD", "microsoft xbox": "Xbox", "microsoft xbox 360": "Xbox 360", "commodore amiga": "Amiga",
    "magnavox odyssey": "Odyssey 2", "magnavox odyssey²": "Odyssey 2", "nec pc engine (turbografx-16)": "PC Engine",
    "nec pc engine turbografx-16": "PC Engine", "nec pc-fx": "PC-FX", "snk neo geo": "Neo Geo",
    "snk neo geo pocket": "Neo Geo Pocket", "snk neo geo pocket (color)": "Neo Geo Pocket Color",
    "atari 800, 800xl and 130xe": "Atari 8-bit", "arcade": "Arcade", "ms-dos": "MS-DOS",
    "sinclair zx spectrum": "ZX Spectrum",
}  # fmt: skip
"""Lutris' names of machines, in lower case, as the rest of the program calls them."""


@dataclass(frozen=True, slots=True)
class GameConfig:
    """A game's file. ``path`` is a directory of content, ``app`` a number or id that another program knows it by."""

    name: str = ""
    slug: str = ""
    exe: str = ""
    args: str = ""
    prefix: str = ""
    working_dir: str = ""
    main_file: str = ""
    path: str = ""
    app: str = ""


def is_emulator(runner: str) -> bool:
    """True where the runner runs content made for another machine."""
    return runner in _RUNNERS


def platform(runner: str, told: str) -> str:
    """The machine that content was made for, by the database's word (``told``) or the runner; else ""."""
    if runner not in _RUNNERS:
        return ""
    return _MACHINES.get(told.lower(), told) or _RUNNERS[runner]


def parse_config(data: bytes) -> GameConfig:
    """A game's file. Raises UnreadableError where it is no YAML or has no section ``game``."""
    wanted = "".join(block for block in _TOP_LEVEL.split(parse_text(data)) if block.startswith(_WANTED))
    fields = _plain(wanted)
    if not fields:
        fields = mapping(parse_yaml(data))
    game = mapping(fields.get("game"))
    if not game and not fields:
        raise UnreadableError("It does not say what to start.", "Configure the game in Lutris, and save it.")
    return GameConfig(
        text_of(fields, "name"),
        text_of(fields, "game_slug", "slug"),
        exe=text_of(game, "exe"),
        args=text_of(game, "args"),
        prefix=text_of(game, "prefix"),
        working_dir=text_of(game, "working_dir"),
        main_file=text_of(game, "main_file", "rom", "disk-a", "file", "story", "iso"),
        path=text_of(game, "path", "project_path"),
        app=text_of(game, "appid"),
    )


def _plain(lines: str) -> Mapping[str, object]:
    """The fields of lines that all say ``key: words`` in at most two levels, as YAML has them; else nothing."""
    fields: dict[str, object] = {}
    game: dict[str, object] = {}
    inside = False
    for line in lines.splitlines():
        found = _PLAIN_LINE.fullmatch(line)
        if found is None or (found[1] and not inside):
            return {}
        inside = found[2] == "game" if not found[1] else inside
        if found[2] == "game" and not found[1] and found[3]:
            return {}
        (game if found[1] else fields)[found[2]] = "" if found[3] in _NULLS else found[3]
    return {**fields, "game": game} if game else {}


def read_config(path: Path) -> GameConfig:
    """The same from a file."""
    return parse_config(read_bytes(path, LIMIT))

"""Catalogues for tests: a manifest of the size and shape of the public one, and a few rows of the built-in kind."""

from __future__ import annotations

import random
from pathlib import Path

from gamedetectd.domain import KnownGame, Launch, System

_FIRST = [
    "Dark",
    "Hollow",
    "Crystal",
    "Iron",
    "Silent",
    "Broken",
    "Golden",
    "Lost",
    "Crimson",
    "Frozen",
    "Hidden",
    "Ancient",
    "Electric",
    "Neon",
    "Shadow",
    "Wild",
]
_SECOND = [
    "Knight",
    "Empire",
    "Garden",
    "Odyssey",
    "Station",
    "Tower",
    "River",
    "Legacy",
    "Protocol",
    "Harvest",
    "Circuit",
    "Kingdom",
    "Tides",
    "Forge",
    "Comet",
]
_THIRD = [
    "",
    "",
    "",
    " II",
    " III: Return",
    " - Remastered",
    ": Полярная ночь",
    " 東方",
    "’s Tale",
    " Ünlimited",
    " 2049",
    " VR",
]
_COMMON = ("game.exe", "nw.exe", "Launcher.exe", "start.exe", "hl2.exe", "dosbox.exe")
_STORES = ("steam", "gog", "epic", "microsoft")


def titles(count: int, seed: int = 7) -> list[str]:
    """Distinct titles as people write them, in the order of their making: the same ones every time."""
    dice = random.Random(seed)
    return [f"{dice.choice(_FIRST)} {dice.choice(_SECOND)} {number}{dice.choice(_THIRD)}" for number in range(count)]


def write_manifest(file: Path, count: int = 53_000) -> Path:
    """A manifest as the public one is: save files and registry keys besides what tells a program."""
    dice = random.Random(11)
    with file.open("w", encoding="utf-8") as out:
        for number, title in enumerate(titles(count)):
            out.write(_entry(dice, number, title))
    return file


def _entry(dice: random.Random, number: int, title: str) -> str:
    folder = title.replace(": ", " ").replace(":", "")
    lines = [f'"{title}":' if ":" in title else f"{title}:"]
    if dice.random() < 0.8:
        lines += ["  files:"]
        for _ in range(dice.choice((1, 1, 2))):
            lines += [
                f'    "<home>/AppData/LocalLow/Studio {number % 977}/{folder}/saves":',
                "      tags:",
                "        - save",
                "      when:",
                "        - os: windows",
            ]
    lines += ["  installDir:", f'    "{folder}": {{}}'] if dice.random() < 0.81 else []
    if dice.random() < 0.72:
        lines += _launch(dice, folder)
    if dice.random() < 0.05:
        lines += [
            "  registry:",
            f'    "HKEY_CURRENT_USER/Software/Studio/{folder}":',
            "      tags:",
            "        - config",
        ]
    if dice.random() < 0.91:
        lines += ["  steam:", f"    id: {100_000 + 10 * number}"]
    elif dice.random() < 0.5:
        lines += ["  gog:", f"    id: {1_200_000_000 + number}", "  id:", f"    lutris: game-{number}"]
    if dice.random() < 0.02:
        lines += ["  alias: " + title.split(maxsplit=1)[0]] if dice.random() < 0.1 else ["  cloud:", "    steam: true"]
    return "\n".join(lines) + "\n" if len(lines) > 1 else f'"{title}": {{}}\n'


def _launch(dice: random.Random, folder: str) -> list[str]:
    name = dice.choice(_COMMON) if dice.random() < 0.04 else folder.replace(" ", "") + ".exe"
    inner = dice.choice(("", "", "", "bin/", "Binaries/Win64/"))
    lines = [
        "  launch:",
        f'    "<base>/{inner}{name}":',
        "      - when:",
        "          - bit: 64",
        "            os: windows",
        f"            store: {dice.choice(_STORES)}",
    ]
    if name == "hl2.exe":
        lines.insert(2, f"      - arguments: -game {folder.split(maxsplit=1)[0].lower()}")
        lines[3] = "        when:"
    if dice.random() < 0.11:
        lines += [f'    "<base>/{folder.replace(" ", "")}.x86_64":', "      - when:", "          - os: linux"]
    return lines


def known(
    title: str, *launches: Launch | str, directories: tuple[str, ...] = (), ident: str = "", **more: object
) -> KnownGame:
    """A row; a launch given as a text is a Windows program's path."""
    programs = tuple(Launch(one, "", (System.WINDOWS,)) if isinstance(one, str) else one for one in launches)
    return KnownGame(ident or f"steam:{1_000_000 + sum(map(ord, title))}", title, programs, directories, **more)  # type: ignore[arg-type]

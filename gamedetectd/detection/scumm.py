"""ScummVM: which game its target means, in ScummVM's own words where they are to be had."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from gamedetectd.detection import paths
from gamedetectd.detection.case import Case
from gamedetectd.detection.inside import Inside
from gamedetectd.detection.pattern import Pattern
from gamedetectd.detection.programs import operands
from gamedetectd.detection.tables.phrases import names
from gamedetectd.detection.tables.scumm import MADE_FOR_WINDOWS, SCUMMVM
from gamedetectd.detection.titles import clean, from_content, from_directory, is_generic_name

_VALUED = names(
    """
    -p --path -c --config -q --language -m --music-volume -s --sfx-volume -r --speech-volume -e --music-driver -g --gfx-mode -x --save-slot -d
    --debuglevel -b --boot-param -l --logfile --initial-cfg -i --extrapath --soundfont --platform --game --savepath --themepath --scaler
    --stretch-mode --renderer --output-rate --midi-gain --random-seed --screenshots-path --window-size --iconspath --filtering --opl-driver --talkspeed
    --cdrom --joystick --render-mode --alt-intro --engine --scale-factor --tempo --debugflags --fps
    """
)
"""Options followed by a value; with ``=`` they hold it themselves."""
_OWN_WINDOW = Pattern(r"scummvm( \d\S*)?( \(.*\))?|residualvm.*|.*scummvm.*(launcher|error|debugger).*", re.IGNORECASE)
_FAILED = Pattern(r"scummvm \d\S* \(.*\)", re.IGNORECASE)
"""The launcher, which also shows what went wrong with a target: no game runs in either."""
_MACHINES: tuple[tuple[Pattern, str], ...] = tuple(
    (Pattern(rf"(?<!\w)(?:{pattern})(?!\w)", re.IGNORECASE), machine)
    for pattern, machine in (
        ("amiga", "Amiga"),
        ("macintosh|mac|macos", "Macintosh"),
        (r"atari ?st|atari", "Atari ST"),
        (r"fm-?towns|fmtowns", "FM Towns"),
        (r"pc-?98|pc98", "PC-98"),
        (r"c64|commodore 64", "Commodore 64"),
        (r"apple ?ii?(?:gs)?|apple2(?:gs)?", "Apple II"),
        (r"nes", "NES"),
        (r"sega ?cd|segacd", "Mega CD"),
        (r"3do", "3DO"),
        (r"psx|playstation", "PlayStation"),
        (r"windows|win", "Windows"),
        (r"dos|pc", "MS-DOS"),
    )
)
"""The words of ScummVM's descriptions and settings for machines."""


def loaded(case: Case) -> Inside | None:
    """The game on the command line or in the window."""
    content = case.facts.content
    shown = "" if _OWN_WINDOW.fullmatch(case.title) else _described(case.title)
    target = next(_targets(case), "")
    if content is not None and content.title:
        return Inside(_described(content.title), content.source, _machine(content.platform or content.title, target))
    if _FAILED.fullmatch(case.title):
        return None
    short = target.rpartition(":")[2]
    known = SCUMMVM.get(short) or SCUMMVM.get(short.split("-")[0], "")
    if known:
        return Inside(known, "ScummVM's target on its command line", _machine(case.title, short))
    if shown and not is_generic_name(shown):
        return Inside(shown, "its window's title", _machine(case.title, short))
    directory = _directory(case)
    if target or directory:
        title = from_content(paths.base_name(directory)) if directory else from_directory(short.split("-")[0])
        where = "the directory on its command line" if directory else "ScummVM's target on its command line"
        return Inside(title, where, _machine("", short)) if title and not is_generic_name(title) else None
    return None


def _targets(case: Case) -> Iterator[str]:
    """Words of the command line that are neither options nor their values; ``--game`` and ``--auto-detect`` name none."""
    return operands(case.program.arguments, lambda option: option in _VALUED)


def _directory(case: Case) -> str:
    """The game's directory, for a game without a target: ``--auto-detect --path=DIR``."""
    arguments = case.program.arguments
    if not {"--auto-detect", "--auto-detect=true"}.intersection(arguments):
        return ""
    given = [value for option, value in pairwise(arguments) if option in ("-p", "--path")]
    given += [one.partition("=")[2] for one in arguments if one.startswith("--path=")]
    return given[0] if given else ""


def _described(text: str) -> str:
    """``Beneath a Steel Sky (Floppy/DOS/English)`` without the note."""
    return clean(re.sub(r"\s*\([^()]*\)$", "", text.strip()))


def _machine(said: str, target: str) -> str:
    """The machine that a description's note or a setting names, else the one it was made for."""
    note = said.rpartition("(")[2] if "(" in said else said
    for pattern, machine in _MACHINES if len(note) < 60 else ():
        if pattern.search(note) and ("(" in said or pattern.fullmatch(note)):
            return machine
    short = target.rpartition(":")[2].split("-")[0]
    return "Windows" if short in MADE_FOR_WINDOWS or "-win" in target else "MS-DOS"

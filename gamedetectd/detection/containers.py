"""Programs that run a game which is not themselves: emulators, ScummVM, DOSBox, shared engines, Minecraft's Java.

With content they are that game; with nothing loaded they are none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from gamedetectd.detection import paths
from gamedetectd.detection.case import Case, Sign
from gamedetectd.detection.tables.emulators import (
    CONTENT_ENDINGS,
    EMULATOR,
    ENGINE_DATA,
    ENGINE_VARIABLES,
    ENGINES,
    GOLDSRC_ONLY,
    MINECRAFT,
    NO_CONTENT_ENDINGS,
    SCUMMVM,
    VALUED_OPTIONS,
)
from gamedetectd.detection.titles import clean, from_content, from_directory, is_generic_name, slug, squeezed
from gamedetectd.domain import Game

_SCUMMVM = re.compile(r"scummvm|residualvm", re.IGNORECASE)
_DOSBOX = re.compile(r"dosbox.*", re.IGNORECASE)
_DOSBOX_TITLE = re.compile(r"Program:\s*(?P<title>[^,\s]+)", re.IGNORECASE)
_DOS_OWN = frozenset(
    [
        "dosbox",
        "command",
        "dosbox-x",
        "z",
        "mount",
        "intro",
        "keyb",
        "cls",
        "exit",
        "imgmount",
        "config",
        "setup",
        "install",
        "autoexec",
    ]
)
_MAME = re.compile(r"(groovy|hb|adv)?mame(\d+|64|ui)?|arcade64|fbneo(64)?|supermodel", re.IGNORECASE)
_UNLOADED = re.compile(
    r"\b(no (game|content|rom|disc|image)|game list|main window|menu|library|launcher|settings)\b", re.IGNORECASE
)
_TITLED_AFTER_CONTENT = re.compile(
    r"^(?:mednafen|stella|mgba|snes9x|nestopia|fceux|melonds|desmume|duckstation|pcsx2|ppsspp\S*|dolphin\S*|citra|azahar|lime3ds|yuzu|suyu|citron|eden|ryujinx|cemu|"
    r"rpcs3|flycast|bsnes|ares|vba-m|visualboyadvance-m|project64|mupen64plus|xenia\S*|xemu|mame|dosbox(?:-x| staging)?|retroarch|sameboy|mesen|blastem)\b"
    r"(?:[\s(]+v?[\d.]+\S*)?[^-–|:]*?\s*[-–|:]\s*(?P<title>.+)$",
    re.IGNORECASE,
)
_TITLED_BEFORE_NAME = re.compile(
    r"^(?P<title>.+?)\s+[-–|]\s+(?:mednafen|stella|mgba|snes9x|nestopia.*|fceux.*|melonds.*|desmume.*|duckstation.*|pcsx2.*|ppsspp.*|citra.*|bsnes.*|ares.*|blastem.*|mesen.*|sameboy|dosbox.*|vice.*|hatari.*)"
    r"(?:[\s(]+v?[\d.]+.*)?$",
    re.IGNORECASE,
)


def is_container(case: Case) -> bool:
    """True for an emulator or a virtual machine for games, loaded or not."""
    return bool(EMULATOR.fullmatch(case.program.key)) and not _is_other_dolphin(case)


def content_title(case: Case) -> tuple[str, str] | None:
    """The title of what runs inside and where it was read; None for an empty container or no container at all."""
    if MINECRAFT.fullmatch(case.program.base):
        return "Minecraft", "its main class"
    if ENGINES.fullmatch(case.program.key):
        return _engine_title(case)
    if not is_container(case):
        return None
    if _SCUMMVM.fullmatch(case.program.key):
        return _scummvm(case)
    if _DOSBOX.fullmatch(case.program.key):
        return _dosbox(case)
    return _from_arguments(case) or _from_window(case)


def testify(case: Case) -> Iterator[Sign]:
    """One sign: the game inside, or that there is none."""
    found = content_title(case)
    if found is not None:
        title, where = found
        game = Game(f"name:{slug(title)}", title, where, case.directory)
        yield Sign("container.content", f"{case.called} runs {title}, by {where}.", game)
    elif is_container(case):
        yield Sign("container.empty", f"{case.called} runs games but has none loaded.")


def _is_other_dolphin(case: Case) -> bool:
    """KDE's file manager bears an emulator's name."""
    return case.program.path in ("/usr/bin/dolphin", "/bin/dolphin")


def _contents(arguments: Sequence[str]) -> Iterator[str]:
    """Arguments that may be what is to be run: not options, not their values."""
    skip = False
    for argument in arguments:
        if skip:
            skip = False
        elif argument in VALUED_OPTIONS:
            skip = True
        elif argument.startswith("--") and "=" in argument:
            yield argument.partition("=")[2]
        elif argument and not argument.startswith("-"):
            yield argument


def _ending(path: str) -> str:
    return paths.base_name(path).rpartition(".")[2].lower() if "." in paths.base_name(path) else ""


def _from_arguments(case: Case) -> tuple[str, str] | None:
    for argument in _contents(case.program.arguments):
        ending = _ending(argument)
        if ending in CONTENT_ENDINGS and ending not in NO_CONTENT_ENDINGS:
            return _content_name(argument), "the content on its command line"
    if _MAME.fullmatch(case.program.key):
        window = _from_window(case)
        short = next(
            (word for word in _contents(case.program.arguments) if re.fullmatch(r"[a-z0-9_]{2,16}", word)), None
        )
        if window or short:
            return window or (from_directory(short or ""), "the machine on its command line")
    return None


def _content_name(path: str) -> str:
    """The content's file name as people write it; a disc image with a bare name goes by its directory."""
    name = from_content(paths.base_name(path))
    parent = paths.base_name(paths.directory(path))
    bare = is_generic_name(name) or name.lower() in (
        "eboot",
        "default",
        "disc",
        "disk",
        "track",
        "track 1",
        "boot",
        "eboot.bin",
    )
    if not bare:
        return name
    if parent.lower() in ("usrdir", "ps3_game", "code", "sce_sys") and len(paths.components(path)) > 3:
        return from_content(paths.components(path)[-4] if parent.lower() == "usrdir" else paths.components(path)[-3])
    return from_content(parent) if parent else name


def _from_window(case: Case) -> tuple[str, str] | None:
    """A title that the emulator's window shows beside its own name, in the ways emulators do."""
    text = case.window.title if case.window else ""
    if not text.strip() or _UNLOADED.search(text):
        return None
    segments = [part.strip() for part in text.split(" | ") if part.strip()]
    if len(segments) > 3:  # Dolphin, Yuzu: version | renderer | … | title (id)
        return _usable(segments[-1])
    for pattern in (_TITLED_AFTER_CONTENT, _TITLED_BEFORE_NAME):
        if found := pattern.match(text.strip()):
            return _usable(found["title"])
    own = squeezed(case.program.stem)
    stays_unnamed = squeezed(text).startswith(own[:5]) or is_generic_name(text)
    return None if stays_unnamed else _usable(text)


def _usable(text: str) -> tuple[str, str] | None:
    title = clean(from_content(text))
    return (
        (title, "its window's title")
        if title and not is_generic_name(title) and not EMULATOR.fullmatch(paths.key(title))
        else None
    )


def _scummvm(case: Case) -> tuple[str, str] | None:
    targets = list(_contents(case.program.arguments))
    given = next(
        (argument.partition("=")[2] for argument in case.program.arguments if argument.startswith("--path=")), ""
    )
    target = next((word for word in targets if word != given), None)
    if target is not None:
        short = target.rpartition(":")[2].split("-")[0]
        title = case.window.title if case.window else ""
        if short in SCUMMVM:
            return SCUMMVM[short], "ScummVM's target on its command line"
        if (cleaned := clean(title)) and not is_generic_name(cleaned) and not cleaned.lower().startswith("scummvm"):
            return cleaned, "its window's title"
        return from_directory(short), "ScummVM's target on its command line"
    return _from_window(case) if case.window and not case.window.title.lower().startswith("scummvm") else None


def _dosbox(case: Case) -> tuple[str, str] | None:
    """The program of ``-c`` or on the command line; its directory's name is the better title, for eight letters say little."""
    for argument in case.program.arguments:
        ending = _ending(argument)
        if argument.startswith("-") or ending not in ("exe", "com", "bat", "conf"):
            continue
        directory = paths.base_name(paths.directory(argument))
        name = paths.stem(paths.base_name(argument)).removesuffix(".conf")
        if ending == "conf" and name.lower().startswith("dosbox") and not directory:
            continue
        better = (
            directory
            if directory and not is_generic_name(directory) and directory.lower() not in ("dosbox", ".dosbox")
            else name
        )
        if better.lower() not in _DOS_OWN and not better.lower().startswith("dosbox"):
            return from_directory(better), "the program on its command line"
    found = _DOSBOX_TITLE.search(case.window.title) if case.window else None
    if found and found["title"].lower() not in _DOS_OWN:
        return _mounted(case) or (from_directory(found["title"].lower()), "its window's title")
    return None


def _mounted(case: Case) -> tuple[str, str] | None:
    """The directory mounted as drive C where it names the game: ``mount c /home/u/dos/Commander Keen``."""
    for argument in case.program.arguments:
        if found := re.search(r"mount\s+[cd]:?\s+\"?([^\"]+?)\"?(\s+-.*)?$", argument, re.IGNORECASE):
            name = paths.base_name(found[1])
            if not is_generic_name(name) and name.lower() not in ("dos", "c", "drive_c", "dosgames", "games"):
                return from_directory(name), "the directory it mounts"
    return None


def _engine_title(case: Case) -> tuple[str, str] | None:
    arguments = case.program.arguments
    for place, argument in enumerate(arguments):
        following = arguments[place + 1] if place + 1 < len(arguments) else ""
        if argument in ("-iwad", "--iwad", "-game", "--game", "+fs_game", "+game"):
            name = following
        elif argument == "+set" and following in ENGINE_VARIABLES and place + 2 < len(arguments):
            name = arguments[place + 2]
        else:
            continue
        short = paths.stem(paths.base_name(name)).lower().removesuffix(".wad")
        if case.program.key.startswith("hl") and not case.program.key.startswith("hl2") and short in GOLDSRC_ONLY:
            return GOLDSRC_ONLY[short], f"its argument {argument} {following}"
        if short in ENGINE_DATA:
            return ENGINE_DATA[short], f"its argument {argument} {following}"
    return None

"""Programs that run a game which is not themselves: emulators, ScummVM, DOSBox, shared engines, Minecraft's Java.

With content they are that game; with nothing loaded they are none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from gamedetectd.detection import paths
from gamedetectd.detection.case import Case, Sign
from gamedetectd.detection.emulator_titles import title_shown
from gamedetectd.detection.places import games_folder
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
from gamedetectd.detection.tables.phrases import names
from gamedetectd.detection.tables.software import is_software
from gamedetectd.detection.titles import clean, from_content, from_directory, is_generic_name, slug, squeezed
from gamedetectd.domain import Game

_SCUMMVM = re.compile(r"scummvm|residualvm", re.IGNORECASE)
_DOSBOX = re.compile(r"dosbox.*", re.IGNORECASE)
_DOSBOX_TITLE = re.compile(r"Program:\s*(?P<title>[^,\s]+)", re.IGNORECASE)
_DOS_OWN = names(
    "dosbox command z mount intro keyb cls exit imgmount config setup install autoexec dos c drive_c dosgames games roms"
)
_MOUNT = re.compile(r"mount\s+[a-z]:?\s+\"?([^\"]+)", re.IGNORECASE)
_MAME = re.compile(r"(groovy|hb|adv)?mame(\d+|64|ui)?|arcade64|fbneo(64)?|supermodel", re.IGNORECASE)
_CODE = re.compile(r"[A-Z]{4}[-_ ]?\d{5}|[0-9A-Fa-f]{16}")
"""A console's number for a game, which nobody calls it by."""
_DISC_STRUCTURE = frozenset(
    [
        "usrdir",
        "ps3_game",
        "code",
        "content",
        "meta",
        "sys",
        "files",
        "eboot",
        "eboot.bin",
        "default",
        "disc",
        "disk",
        "track",
        "boot",
        "game",
        "main",
    ]
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
    return _loaded(case) or _bundled(case)


def _loaded(case: Case) -> tuple[str, str] | None:
    """What the command line or the window says is loaded."""
    if _SCUMMVM.fullmatch(case.program.key):
        return _scummvm(case)
    if _DOSBOX.fullmatch(case.program.key):
        return _dosbox(case)
    return _from_arguments(case) or _from_window(case)


def _bundled(case: Case) -> tuple[str, str] | None:
    """Stores sell old games with their emulator: the library's title, or the directory's, is then that of the game."""
    folder = games_folder(case.program.path)
    title = ""
    if case.row is not None:
        title = "" if is_software(case.row.store, case.row.id, case.row.title) else case.row.title
    elif folder is not None and folder.signal == "place.store":
        title = from_directory(folder.title)
    names_itself = EMULATOR.fullmatch(paths.key(title)) or squeezed(title).startswith(squeezed(case.program.stem)[:5])
    return (title, "the directory it lies in") if title and not names_itself else None


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
    """Arguments that may be what is to be run: not options, and their values only if those are content by their ending.

    The same letter takes a value in one emulator and not in the next, so the ending decides.
    """
    valued = False
    for argument in arguments:
        skip, valued = valued, argument in VALUED_OPTIONS
        if argument.startswith("--") and "=" in argument:
            yield argument.partition("=")[2]
        elif argument and not argument.startswith("-") and not valued and (not skip or _is_content(argument)):
            yield argument


def _is_content(argument: str) -> bool:
    ending = _ending(argument)
    return ending in CONTENT_ENDINGS and ending not in NO_CONTENT_ENDINGS


def _ending(path: str) -> str:
    return paths.base_name(path).rpartition(".")[2].lower() if "." in paths.base_name(path) else ""


def _from_arguments(case: Case) -> tuple[str, str] | None:
    for argument in _contents(case.program.arguments):
        if _is_content(argument):
            name = _content_name(argument)
            window = _from_window(case) if _CODE.fullmatch(name) else None
            return window or (name, "the content on its command line")
    if _MAME.fullmatch(case.program.key):
        window = _from_window(case)
        short = next(
            (word for word in _contents(case.program.arguments) if re.fullmatch(r"[a-z0-9_]{2,16}", word)), None
        )
        if window or short:
            return window or (from_directory(short or ""), "the machine on its command line")
    return None


def _content_name(path: str) -> str:
    """The content's file name as people write it; one inside a disc's own structure goes by the disc's directory."""
    *above, file = paths.components(path)
    inside = bool(above) and above[-1].casefold() in _DISC_STRUCTURE
    name = from_content(file)
    if not inside and not is_generic_name(name) and name.casefold() not in _DISC_STRUCTURE:
        return name
    telling = (part for part in reversed(above) if part.casefold() not in _DISC_STRUCTURE)
    return from_content(next(telling, file))


def _from_window(case: Case) -> tuple[str, str] | None:
    title = title_shown(case.title, case.program)
    return (title, "its window's title") if title else None


def _scummvm(case: Case) -> tuple[str, str] | None:
    targets = list(_contents(case.program.arguments))
    given = next(
        (argument.partition("=")[2] for argument in case.program.arguments if argument.startswith("--path=")), ""
    )
    target = next((word for word in targets if word != given), None)
    if target is not None:
        short = target.rpartition(":")[2].split("-")[0]
        if short in SCUMMVM:
            return SCUMMVM[short], "ScummVM's target on its command line"
        if (
            (cleaned := clean(case.title))
            and not is_generic_name(cleaned)
            and not cleaned.lower().startswith("scummvm")
        ):
            return cleaned, "its window's title"
        return from_directory(short), "ScummVM's target on its command line"
    return _from_window(case)


def _dosbox(case: Case) -> tuple[str, str] | None:
    """By the directory, for the eight letters of a DOS program say little: of the program, else of what is mounted."""
    for argument in case.program.arguments:
        if _ending(argument) not in ("exe", "com", "bat", "conf") or argument.startswith("-"):
            continue
        directory = paths.base_name(paths.directory(argument))
        name = paths.stem(paths.base_name(argument)).lower().removesuffix(".conf")
        if _names_a_dos_game(directory):
            return from_directory(directory), "the directory of the program on its command line"
        if _names_a_dos_game(name):
            return _mounted(case) or (from_directory(name), "the program on its command line")
    found = _DOSBOX_TITLE.search(case.title)
    if found and _names_a_dos_game(found["title"]):
        return _mounted(case) or (from_directory(found["title"].lower()), "its window's title")
    return None


def _mounted(case: Case) -> tuple[str, str] | None:
    """The directory mounted as a drive where it names the game: ``mount c "/home/u/dos/Commander Keen"``."""
    for argument in case.program.arguments:
        if found := _MOUNT.search(argument):
            name = paths.base_name(found[1].strip())
            if _names_a_dos_game(name):
                return from_directory(name), "the directory it mounts"
    return None


def _names_a_dos_game(name: str) -> bool:
    lowered = name.lower()
    return (
        bool(name) and not is_generic_name(name) and lowered not in _DOS_OWN and not lowered.startswith(("dosbox", "."))
    )


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

"""Emulators of other machines: what is loaded, by the command line, by their own files, by the window; and which machine."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from gamedetectd.detection import paths
from gamedetectd.detection.case import Case
from gamedetectd.detection.emulator_titles import title_shown
from gamedetectd.detection.inside import Inside
from gamedetectd.detection.pattern import Pattern
from gamedetectd.detection.tables.arcade import arcade_title
from gamedetectd.detection.tables.cores import GAMES, machines_of
from gamedetectd.detection.tables.emulators import (
    NEVER_CONTENT,
    PLATFORM_OPTIONS,
    VALUED_OPTIONS,
    Emulator,
    emulator,
)
from gamedetectd.detection.tables.phrases import names
from gamedetectd.detection.tables.platforms import ARCHIVES, ENDINGS, TELLING, named
from gamedetectd.detection.titles import from_content, from_directory, is_generic_name, squeezed

ARGUMENT = "the content on its command line"
"""Where a title was read, as a sentence part: a file, which may be called anything."""
_CODE = Pattern(
    r"[A-Z]{4}[-_ ]?\d{3}\.?\d{2}|[0-9A-Fa-f]{16}|[0-9A-Fa-f]{8}|[0-9A-Fa-f]{8}-[0-9A-Fa-f]{8}|[A-Z0-9]{6}(?<=\d\d)|(eboot|default|boot|main|game)"
)
"""A console's number for a game, which nobody calls it by."""
_DISC_STRUCTURE = names(
    """
    usrdir ps3_game ps3_disc code content meta sys files eboot eboot.bin default disc disc1 disc2 disk track boot game main data psp_game sysdir
    root image rom uroot sce_sys app 00000000 00000001 dev_hdd0 games exefs romfs partition
    """
)
"""Names of files and directories inside a disc, which name no game."""
_SET = Pattern(r"[a-z0-9_]{2,16}")
_OPTION = Pattern(r"(?:--?|/)?[\w:.-]+")
_SYSTEM_FILE = Pattern(
    r".*bios.*|sgb\d?(\.\w+)?|super game boy.*|scph[-_ ]?\d{4,5}.*|firmware.*|kick(start)?\d*.*\.rom|syscard.*|mcpx.*|dc_(boot|flash).*",
    re.IGNORECASE,
)
"""Files of the machine itself: its BIOS, its firmware."""
_INNER = Pattern(r"\.(?:zip|7z|apk|rar)#(?P<inner>.+)$", re.IGNORECASE | re.DOTALL)
"""A file inside an archive, as RetroArch writes it."""
_GAME_ID = Pattern(r"\b(?P<kind>[GDRSW])[A-Z0-9]{2}[EPJKDFISXYUW][A-Z0-9]{2}\b")
"""Nintendo's six letters for a disc; the first one tells the machine."""
_ARCADE_MACHINES = frozenset(["Arcade", "Neo Geo"])


def loaded(case: Case, kind: Emulator) -> Inside | None:
    """What is loaded: by what the emulator itself says, by its command line, by its window."""
    content = case.facts.content
    if content is not None and content.source and not (content.path or content.title):
        return None  # it says that nothing is
    machines = _machines(case, kind)
    if content is not None and (content.path or content.title):
        found = machines_of(content.platform) or machines
        title = content.title or _title_of(case, content.path, found)
        return (
            Inside(from_content(title), content.source, _platform(case, found, content.path)) if _tells(title) else None
        )
    return _from_arguments(case, kind, machines) or _from_window(case, machines)


def _tells(title: str) -> bool:
    return bool(re.search(r"\w", title))


def has_content(case: Case, kind: Emulator) -> bool:
    """True where the command line holds a file of the emulator's machines: a program of an ordinary name is then one."""
    machines = _machines(case, kind) or kind.platforms
    return any(_ending(one) in ENDINGS.get(machine, ()) for one in _contents(case, kind) for machine in machines)


def _machines(case: Case, kind: Emulator) -> tuple[str, ...]:
    """The machines it may imitate now: by an option, by RetroArch's core, else all it can."""
    arguments = case.program.arguments
    for option, value in pairwise(arguments):
        if option in PLATFORM_OPTIONS and (machine := named(value) or named(re.sub(r"^[A-Z]{2,3} - ", "", value))):
            return (machine,)
        if option in ("-L", "--libretro", "--core") and (cores := machines_of(value)):
            return cores
    return next((machines_of(one[11:]) for one in arguments if one.startswith("--libretro=")), ()) or kind.platforms


def _contents(case: Case, kind: Emulator) -> Iterator[str]:
    """Arguments that may be what is to be run: not options, and their values only where their ending is that of content.

    The same letter takes a value in one emulator and not in the next, so the ending decides.
    """
    before = ""
    plain = False
    for argument in case.program.arguments:
        previous, before = before, argument
        if previous in NEVER_CONTENT and "=" not in argument:
            before = ""
        elif argument == "--":
            plain = True
        else:
            value = argument if plain else _value(argument, previous, kind)
            if value and not _SYSTEM_FILE.fullmatch(paths.base_name(value)):
                yield value


def _value(argument: str, option: str, kind: Emulator) -> str:
    """The argument, or what it assigns, where that may be content; "" for an option and for the value of one."""
    name, equals, value = argument.partition("=")
    if equals and _OPTION.fullmatch(name):
        plain = value.strip('"')
        return plain if name not in NEVER_CONTENT and _is_content(plain, kind) else ""
    if argument.startswith("-") or (option in VALUED_OPTIONS and not _is_content(argument, kind)):
        return ""
    return argument.strip('"')


def _is_content(argument: str, kind: Emulator) -> bool:
    return _ending(argument) in kind.endings


def _ending(path: str) -> str:
    name = paths.base_name(_unpacked(path))
    return name.rpartition(".")[2].lower() if "." in name.strip(".") else ""


def _unpacked(path: str) -> str:
    """The file inside an archive, else the file."""
    found = _INNER.search(path)
    return found["inner"] if found else path


def _from_arguments(case: Case, kind: Emulator, machines: tuple[str, ...]) -> Inside | None:
    given = list(_contents(case, kind))
    for argument in given:
        if _is_content(argument, kind) and (title := _title_of(case, argument, machines)):
            return Inside(title, ARGUMENT, _platform(case, machines, argument))
    return (
        _set_on_the_command_line(case, given, machines)
        or _directory_on_the_command_line(case, given, machines)
        or _core_that_is_a_game(case)
    )


def _title_of(case: Case, path: str, machines: Sequence[str]) -> str:
    """The title of the content at ``path``; one that is only a code or an abbreviation yields to the window's."""
    file = paths.base_name(_unpacked(path))
    short = paths.stem(file).rpartition(".")[0] or file
    if _ARCADE_MACHINES.intersection(machines) and _SET.fullmatch(short.casefold()) and (known := arcade_title(short)):
        return known
    name = _content_name(path)
    if " " in name and not _CODE.fullmatch(name):
        return name
    shown = title_shown(case.title, case.program)
    abbreviated = bool(_CODE.fullmatch(name)) or (
        squeezed(name) == squeezed(short) and short in (short.lower(), short.upper())
    )
    return shown if shown and abbreviated and squeezed(shown) != squeezed(name) else name


def _content_name(path: str) -> str:
    """The content's file name as people write it; one inside a disc's own structure goes by the disc's directory."""
    file = paths.base_name(_unpacked(path))
    above = paths.components(path.partition("#")[0])[:-1]
    within = bool(above) and above[-1].casefold() in _DISC_STRUCTURE
    name = from_content(file)
    if not within and not is_generic_name(name) and name.casefold() not in _DISC_STRUCTURE and not _track(name):
        return _worded(name) if not _CODE.fullmatch(name) else _telling(above, name)
    return _telling(above, from_content(file))


def _worded(name: str) -> str:
    """``CounterfeitMonkey-11`` as words: a release's number at the end tells a file's name from a title like ActRaiser."""
    joined = re.fullmatch(r"((?:[A-Z][a-z]+){2,})-r?\d+", name)
    return from_directory(joined[1]) if joined else name


def _track(name: str) -> bool:
    return bool(re.fullmatch(r"(track|disc|disk|cd|side|game|image|rom|backup|dump)[ _-]?\d*", name, re.IGNORECASE))


def _telling(above: Sequence[str], otherwise: str) -> str:
    """The innermost directory that is called like a game, and not like a machine or a part of a disc; else a code."""
    code = ""
    for part in reversed(above[-5:]):
        name = from_content(part)
        if _CODE.fullmatch(name) and not named(part):
            code = code or name
        elif named(part) or part.casefold() in _COLLECTIONS:
            break
        elif part.casefold() not in _DISC_STRUCTURE and not is_generic_name(name):
            return name
    return code or otherwise


_COLLECTIONS = names(
    "roms rom isos iso games game downloads download home users emulation emulators emu backups documents media mnt"
)


def _set_on_the_command_line(case: Case, given: Sequence[str], machines: Sequence[str]) -> Inside | None:
    """Arcade emulators are told a set's short name: ``mame pacman``."""
    if not _ARCADE_MACHINES.intersection(machines):
        return None
    for word in given:
        short = paths.base_name(word).casefold().removesuffix(".xml")
        if _SET.fullmatch(short) and not named(short):
            shown = title_shown(case.title, case.program)
            title = arcade_title(short) or shown or from_directory(short) or short
            return Inside(title, "the machine on its command line", _platform(case, machines, word) or "Arcade")
    return None


def _directory_on_the_command_line(case: Case, given: Sequence[str], machines: Sequence[str]) -> Inside | None:
    """A game that is a directory, a packed console's file without an ending, or a code: RPCS3, Xenia, Vita3K, shadPS4."""
    for word in given if _BY_DIRECTORY.intersection(machines) else ():
        placed = paths.is_absolute(word) or "/" in word or "\\" in word
        if not (placed or _CODE.fullmatch(word) or "%:" in word) or re.search(r"\.[A-Za-z]\w{0,4}$", word):
            continue
        shown = title_shown(case.title, case.program)
        name = shown or _content_name(word.rpartition("%:")[2])
        if name and (shown or not _CODE.fullmatch(name)) and not is_generic_name(name):
            return Inside(
                name,
                "its window's title" if shown else ARGUMENT,
                _platform(case, machines, word),
            )
    return None


_BY_DIRECTORY = frozenset(
    [
        "PlayStation 3",
        "PlayStation 4",
        "PlayStation Vita",
        "PSP",
        "Xbox 360",
        "Xbox",
        "Wii U",
        "Nintendo Switch",
        "Nintendo 3DS",
        "MUGEN",
        "RPG Maker",
    ]
)
"""Machines whose games are directories, or files without an ending."""


def _core_that_is_a_game(case: Case) -> Inside | None:
    """Some of RetroArch's cores are a game themselves."""
    arguments = case.program.arguments
    for option, value in pairwise(arguments):
        core = paths.base_name(value).casefold().partition("_libretro")[0]
        if option in ("-L", "--libretro") and (title := GAMES.get(core, "")):
            return Inside(title, "RetroArch's core on its command line")
    return None


def _from_window(case: Case, machines: Sequence[str]) -> Inside | None:
    title = title_shown(case.title, case.program)
    return Inside(title, "its window's title", _platform(case, machines, "")) if title else None


def _platform(case: Case, machines: Sequence[str], path: str) -> str:
    """The one machine the content is for, as far as ending, directory and window tell; "" where they do not."""
    if len(machines) == 1:
        return machines[0] if machines[0] in ENDINGS else ""
    possible = list(machines or ENDINGS)
    ending = _ending(path)
    if "Arcade" in possible and ending in ARCHIVES and arcade_title(paths.base_name(path).partition(".")[0]):
        return "Arcade"
    if TELLING.get(ending) in possible:
        return TELLING[ending]
    for part in reversed(paths.components(path)[:-1]):
        if named(part) in possible:
            return named(part)
    if set(possible) == {"GameCube", "Wii"} and (found := _GAME_ID.search(case.title)):
        return "GameCube" if found["kind"] in "GD" else "Wii"
    fitting = [machine for machine in possible if ending in ENDINGS.get(machine, ())] if ending not in ARCHIVES else []
    if len(fitting) == 1:
        return fitting[0]
    return _by_kind(case, possible)


def _by_kind(case: Case, possible: Sequence[str]) -> str:
    """MAME and its like run what is not otherwise told on the machine they are made for."""
    first = possible[0]
    return first if first == "Arcade" and emulator(case.program.key) is not None else ""

"""Every name that a program bears, with how far each is trusted: what its maker, its store and its directory call it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from gamedetectd.detection import paths, picture
from gamedetectd.detection.case import Case
from gamedetectd.detection.entry import calls_it_a_game
from gamedetectd.detection.pattern import Pattern
from gamedetectd.detection.places import is_shared
from gamedetectd.detection.tables.makers import GAME_MAKER
from gamedetectd.detection.tables.phrases import names
from gamedetectd.detection.titles import clean, from_directory, is_generic_name, parts_of, slug, squeezed
from gamedetectd.detection.version import of_program
from gamedetectd.domain import FactKind

TRUST: Mapping[FactKind, float] = {
    FactKind.LIBRARY: 90,
    FactKind.METADATA: 82,
    FactKind.DESKTOP_ENTRY: 80,
    FactKind.CATALOGUE: 75,
    FactKind.BUNDLE: 65,
    FactKind.VERSION_INFO: 60,
    FactKind.SCREEN: 45,
}
"""How far the best name that a kind of fact can bring is trusted, 0 to 100; below them come window and directory."""

_METADATA: Mapping[str, tuple[float, str]] = {
    "gog": (82, "GOG's file beside it"),
    "ea": (78, "EA's file beside it"),
    "microsoft": (76, "Microsoft's file beside it"),
    "itch": (76, "the itch app's file beside it"),
    "rpg_maker": (62, "RPG Maker's file beside it"),
    "renpy": (62, "Ren'Py's file beside it"),
    "godot": (60, "Godot's file beside it"),
    "unity": (58, "Unity's file beside it"),
    "love": (58, "LÖVE's file beside it"),
    "gamemaker": (50, "GameMaker's file beside it"),
    "package_json": (38, "the package.json beside it"),
}
"""What a store wrote is the title under which it sells; what an engine wrote may still be the project's name."""

_WINDOW = "its window's title"
_PROJECT = "the name of its project"
"""One source, whoever repeats it: the executable, the version information and the window of an Unreal game."""
_DIRECTORY = "the name of its directory"
_CODE_NAME = 34
"""Trust in a project's name: less than in a directory that somebody named for people."""
_SHELVES = names(
    """
    itch itch.io heroic lutris bottles origin uplay ubisoft ea amazon xbox gamepass indie indies installed windows linux
    dos retro emulators roms rpg fps rts action adventure strategy puzzle arcade racing simulation sport sports other misc
    new old finished backlog favorites favourites multiplayer singleplayer coop vr portable drmfree drm-free visual-novels
    """
)
_BY = Pattern(r"(?P<title>.+?)\s+by\s+(?P<maker>\S.*)$")
_MAKERS = Pattern(r"@|\b(?:collective|team|crew|dev|devs|productions|soft(?:works?)?)\b", re.IGNORECASE)
_PROGRESS = Pattern(r"\s+(?:chapter|episode|act|part|vol(?:ume)?\.?)\s*(?:\d+|[IVX]+)\b.*$", re.IGNORECASE)
_UNREAL_TAIL = Pattern(
    r"[-_](win64|win32|wingdk|linux|mac|x64|x86)([-_](shipping|test|debuggame|development))?$|(?<=\w)(64|32)$",
    re.IGNORECASE,
)
_UNREAL_PLACE = Pattern(r"[\\/]([^\\/]+)[\\/]binaries[\\/](?:win64|win32|wingdk|linux|mac)[\\/][^\\/]+$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Name:
    """A possible title. ``trust`` is 0 to 100, ``source`` a sentence part saying where it was read."""

    title: str
    trust: float
    source: str
    guessed: bool = False
    """The title's words were told apart by us, as in a directory's name without spaces."""
    hint: bool = False
    """It is a list's and not the program's own, so that a longer one is no better."""


def candidates(case: Case) -> Iterator[Name]:
    """Every usable name, in no order."""
    for name in _all(case):
        title = name.title.strip()
        if title and not is_generic_name(title) and len(title) <= 120:
            yield replace(name, title=title)


def readable_stem(case: Case) -> str:
    """The executable's name without its platform and build, as words."""
    return from_directory(_unreal_stem(case)) or case.program.stem


def _all(case: Case) -> Iterator[Name]:
    entry = case.facts.desktop_entry
    if entry is not None and calls_it_a_game(case, entry):
        yield Name(clean(entry.name), TRUST[FactKind.DESKTOP_ENTRY], "its desktop entry")
    if case.facts.bundle is not None:
        yield Name(clean(case.facts.bundle.display_name), TRUST[FactKind.BUNDLE], "its macOS bundle")
    yield from _metadata_names(case)
    yield from _version_names(case)
    yield from _window_names(case)
    if seen := picture.title(case):
        yield Name(seen, TRUST[FactKind.SCREEN], picture.SOURCE)
    yield from _place_names(case)


def _metadata_names(case: Case) -> Iterator[Name]:
    company = squeezed(case.facts.metadata.get("company", "") or "-")
    for key, text in case.facts.metadata.items():
        title = clean(text)
        if key not in _METADATA or not title or squeezed(title) == company:
            continue
        trust, source = _METADATA[key]
        if _is_project(case, title):
            yield Name(from_directory(title), _CODE_NAME, _PROJECT, guessed=True)
        elif key == "package_json" and text == text.lower():
            yield Name(from_directory(text), trust, source, guessed=True)
        else:
            yield Name(title, trust, source)


def _version_names(case: Case) -> Iterator[Name]:
    values = of_program(case)
    company = values.get("CompanyName", "")
    for field, trust in (("ProductName", TRUST[FactKind.VERSION_INFO]), ("FileDescription", 52.0)):
        title = clean(values.get(field, ""))
        if not title or squeezed(title) == squeezed(company or "-") or _is_file_name(title):
            continue
        source = f"its version information ({field})"
        if _is_project(case, title):
            yield Name(from_directory(title), _CODE_NAME, _PROJECT, guessed=True)
            continue
        code_name = " " not in title and squeezed(title) == squeezed(_unreal_stem(case))
        spelt = from_directory(title) if code_name and title != title.upper() else title
        yield Name(spelt, 38 if code_name else trust, source)
        if rest := _without_company(title, company):
            yield Name(rest, trust - 8, source)


def _without_company(title: str, company: str) -> str:
    """The title without its maker's name in front: ``Microsoft Age of Empires``; "" where there is none."""
    first = company.partition(" ")[0].rstrip(",.")
    rest = (
        title[len(first) :].lstrip(" -:") if len(first) >= 4 and title.casefold().startswith(first.casefold()) else ""
    )
    return rest if rest and title[len(first) : len(first) + 1] in " -:" else ""


def _is_file_name(text: str) -> bool:
    return bool(re.search(r"\.(exe|dll|bin)$", text, re.IGNORECASE))


def _window_names(case: Case) -> Iterator[Name]:
    title = case.shown
    if not title:
        return
    if _is_project(case, title):
        yield Name(from_directory(title), _CODE_NAME, _PROJECT, guessed=True)
        return
    parts = parts_of(title)
    telling = [part for part in parts if not is_generic_name(part)]
    yield Name(title, 50 if len(parts) == 1 else 44, _WINDOW)
    if len(parts) > 1 and telling:
        yield Name(telling[0], 46, _WINDOW)
        yield Name(telling[-1], 30, _WINDOW)
    head = clean(re.split(r":\s+|\s+[(\[]", title)[0])
    if head != title:
        yield Name(head, 30, _WINDOW)
    if (chapter := _PROGRESS.sub("", title)) != title:
        yield Name(chapter, 46, _WINDOW)
    if found := _BY.match(title):
        yield Name(found["title"], 54 if _is_maker(case, found["maker"]) else 47, _WINDOW)


def _is_maker(case: Case, text: str) -> bool:
    """``Paper Moon by Lantern Collective``, and not ``Dead by Daylight``."""
    known = (of_program(case).get("CompanyName", ""), case.facts.metadata.get("company", ""))
    return bool(GAME_MAKER.search(text) or _MAKERS.search(text)) or squeezed(text) in {
        squeezed(one) for one in known if one
    }


def _place_names(case: Case) -> Iterator[Name]:
    folder = case.games_folder
    inner = paths.base_name(_innermost(case))
    if folder is not None and folder.title and not _is_shelf(folder.title):
        yield from _directory_name(folder.title, 48.0 if folder.signal in ("place.store", "place.folder") else 40.0)
        if inner and inner != folder.title:
            yield from (
                replace(one, source=_PROJECT) if _is_project(case, inner) else one
                for one in _directory_name(inner, 34.0)
            )
    elif folder is not None and folder.title and inner:
        yield from _directory_name(inner, 44.0)
    elif directory := _telling_directory(case):
        name = paths.base_name(directory)
        yield from _directory_name(name, 42.0 if name.endswith(".app") else 36.0)
    if not case.program.generic:
        stem = _unreal_stem(case)
        if "." not in stem or not case.program.runtime:
            source = _PROJECT if _is_project(case, stem) else "the name of its executable"
            yield Name(from_directory(stem), 25, source, guessed=True)


def _directory_name(name: str, trust: float) -> Iterator[Name]:
    title = from_directory(name)
    short = len(squeezed(title)) <= 3 and title.isascii()
    yield Name(title, 20 if short else trust, _DIRECTORY, guessed=title != name)


def _telling_directory(case: Case) -> str:
    """The program's directory, or the nearest one above it whose name says more than ``Build``, ``v1.2`` or ``Game``."""
    return _upwards(case.directory)


def _innermost(case: Case) -> str:
    """The directory nearest to the program that tells something, below folders in which people sort their games."""
    found = _upwards(case.program.directory)
    return "" if _is_shelf(paths.base_name(found)) else found


def _upwards(directory: str) -> str:
    for _ in range(4):
        if not directory or is_shared(directory):
            return ""
        name = paths.base_name(directory)
        if not name.startswith(".mount_") and not is_generic_name(from_directory(name) or "game"):
            return directory
        directory = paths.directory(directory)
    return ""


def _is_shelf(name: str) -> bool:
    """A folder that people or launchers sort games into, and no game's own."""
    return name.casefold() in _SHELVES or is_generic_name(name)


def _is_project(case: Case, text: str) -> bool:
    """The name of an Unreal game's project, which is often a code name: the directory above ``Binaries``, or its program."""
    found = _UNREAL_PLACE.search(case.program.path)
    if found is None or " " in text.strip():
        return False
    return squeezed(text) in {squeezed(found[1]), squeezed(_unreal_stem(case))} or text.casefold() == slug(found[1])


def _unreal_stem(case: Case) -> str:
    return _UNREAL_TAIL.sub("", case.program.stem)

"""The title: which of the names a program bears is the one its player would say, and where that name came from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from gamedetectd.detection import paths
from gamedetectd.detection.case import Case, Sign
from gamedetectd.detection.entry import calls_it_a_game
from gamedetectd.detection.person import PERSON
from gamedetectd.detection.places import games_folder, is_shared
from gamedetectd.detection.titles import clean, from_directory, is_generic_name, slug, squeezed
from gamedetectd.detection.version import of_program
from gamedetectd.domain import FactKind, Game

_DECIDING = (
    "person.game",
    "library.installed",
    "library.window_title",
    "store.environment",
    "store.argument",
    "container.content",
    "container.stream",
    "place.builtin",
    "desktop_entry.game",
    "catalogue.exclusive",
    "catalogue.path",
)
"""Signals whose game is the game, in order of trust; one without a title gives the id and leaves the title open."""

_HINTING: Mapping[str, float] = {"catalogue.name": 58, "catalogue.directory": 55}
"""Signals whose game is only likely, and how far its title is trusted, 0 to 100, beside what the program itself says."""

TRUST: Mapping[FactKind, float] = {
    FactKind.LIBRARY: 90,
    FactKind.DESKTOP_ENTRY: 80,
    FactKind.CATALOGUE: 75,
    FactKind.BUNDLE: 65,
    FactKind.VERSION_INFO: 60,
    FactKind.SCREEN: 45,
}
"""How far the best name that a kind of fact can bring is trusted, 0 to 100; below them come window and directory."""

_AGREEING = 0.5
_PREFIX = 0.2
"""Shares of another source's trust that a name gains where that source says the same, or begins with the same."""


@dataclass(frozen=True, slots=True)
class Name:
    """A possible title. ``trust`` is 0 to 100, ``source`` a sentence part saying where it was read."""

    title: str
    trust: float
    source: str
    guessed: bool = False
    """The title's words were told apart by us, as in a directory's name without spaces."""


def game(case: Case, signs: Iterable[Sign]) -> Game:
    """The game with its stable id; the title is the best there is, at worst the executable's readable name."""
    named = [sign.game for signal in _DECIDING for sign in signs if sign.signal == signal and sign.game is not None]
    told = next((one for one in named if one.title_source == PERSON or _tells(one.title)), None)
    if told is not None:
        machine = next((one.platform for one in named if one.platform), "")
        return replace(named[0], title=told.title, title_source=told.title_source, platform=machine)
    likely = {sign.game: _HINTING[sign.signal] for sign in signs if sign.signal in _HINTING and sign.game is not None}
    hints = [Name(one.title, trust, one.title_source) for one, trust in likely.items()]
    name = best([*candidates(case), *hints])
    if name is None:
        title = from_directory(case.program.stem) or case.program.stem or case.called
        name = Name(title, 0, "its executable's name alone")
        unnamed = Game(f"exe:{case.program.base or slug(title)}", "", "", case.directory)
    else:
        unnamed = next(
            (one for one in likely if squeezed(one.title) == squeezed(name.title)),
            Game(f"name:{slug(name.title)}", "", "", case.directory),
        )
    return replace(named[0] if named else unnamed, title=name.title, title_source=name.source)


def decides(sign: Sign) -> bool:
    """True for a sign that brings a title which no other fact replaces."""
    return sign.signal not in _HINTING and sign.game is not None and bool(sign.game.title)


def _tells(title: str) -> bool:
    """True for a title that names one game; ``140`` and ``2048`` do where a store or a menu says so."""
    return title.isdigit() or (bool(title) and not is_generic_name(title))


def best(names: Sequence[Name]) -> Name | None:
    """The name with the most trust, its own and that of the sources that agree; spelt as the best of those spell it."""
    if not names:
        return None

    def standing(name: Name) -> float:
        gained = 0.0
        for source in sorted({other.source for other in names} - {name.source}):
            others = [other for other in names if other.source == source]
            gained += max(_support(name.title, other.title) * other.trust for other in others)
        return name.trust + gained

    chosen = max(names, key=standing)
    same = [name for name in names if squeezed(name.title) == squeezed(chosen.title)]
    return replace(max(same, key=_spelling), source=chosen.source)


def _support(title: str, other: str) -> float:
    own, theirs = squeezed(title), squeezed(other)
    initials = "".join(word[0] for word in slug(title).split("-"))
    if own == theirs or (len(theirs) >= 3 and theirs == initials):
        return _AGREEING
    shorter, longer = sorted((own, theirs), key=len)
    return _PREFIX if len(shorter) >= 4 and longer.startswith(shorter) else 0.0


def _spelling(name: Name) -> tuple[bool, bool, int, float]:
    """Mixed case before all capitals or none, then as somebody wrote it, then more words and signs, then trust."""
    mixed = name.title not in (name.title.upper(), name.title.lower()) or len(name.title) <= 4
    return mixed, not name.guessed, len(re.findall(r"[\W_]", name.title)), name.trust


def candidates(case: Case) -> Iterator[Name]:
    """Every usable name, in no order."""
    for name in _all(case):
        title = name.title.strip()
        if title and not is_generic_name(title) and len(title) <= 120:
            yield replace(name, title=title)


def _all(case: Case) -> Iterator[Name]:
    entry = case.facts.desktop_entry
    if entry is not None and calls_it_a_game(case, entry):
        yield Name(clean(entry.name), TRUST[FactKind.DESKTOP_ENTRY], "its desktop entry")
    if case.facts.bundle is not None:
        yield Name(clean(case.facts.bundle.display_name), TRUST[FactKind.BUNDLE], "its macOS bundle")
    yield from _version_names(case)
    yield from _window_names(case)
    screen = case.facts.screen
    if screen is not None and screen.title and screen.title_score >= 0.9:
        yield Name(screen.title, TRUST[FactKind.SCREEN], "its picture")
    yield from _place_names(case)


def _version_names(case: Case) -> Iterator[Name]:
    values = of_program(case)
    company = squeezed(values.get("CompanyName", "") or "-")
    for field, trust in (("ProductName", TRUST[FactKind.VERSION_INFO]), ("FileDescription", 52)):
        title = clean(values.get(field, ""))
        if not title or squeezed(title) == company or _is_file_name(title):
            continue
        code_name = " " not in title and squeezed(title) == squeezed(_unreal_stem(case))
        spelt = from_directory(title) if code_name and title != title.upper() else title
        yield Name(spelt, 38 if code_name else trust, f"its version information ({field})")


def _is_file_name(text: str) -> bool:
    return bool(re.search(r"\.(exe|dll|bin)$", text, re.IGNORECASE))


def _window_names(case: Case) -> Iterator[Name]:
    text = case.title
    title = clean(text)
    if not title:
        return
    source = "its window's title"
    parts = [clean(part) for part in re.split(r"\s+[-–—|•]\s+", text)]
    telling = [part for part in parts if part and not is_generic_name(part)]
    yield Name(title, 50 if len(parts) == 1 else 44, source)
    if len(parts) > 1 and telling:
        yield Name(telling[0], 46, source)
        yield Name(telling[-1], 30, source)
    head = clean(re.split(r":\s+|\s+[(\[]", title)[0])
    if head != title:
        yield Name(head, 30, source)
    if found := re.match(r"(.+?)\s+by\s+\S.*$", title):
        yield Name(found[1], 47, source)


def _place_names(case: Case) -> Iterator[Name]:
    path = case.program.path
    folder = games_folder(path)
    if folder is not None and folder.title:
        trusted = folder.signal in ("place.store", "place.folder")
        title = from_directory(folder.title)
        yield Name(title, 48 if trusted else 40, "the name of its directory", guessed=title != folder.title)
    elif case.directory and not is_shared(case.directory):
        name = paths.base_name(case.directory)
        title = from_directory(name)
        trust = 42 if name.endswith(".app") else 36
        yield Name(title, trust, "the name of its directory", guessed=title != name)
    if not case.program.generic:
        stem = _unreal_stem(case)
        if "." not in stem or not case.program.runtime:
            yield Name(from_directory(stem), 25, "the name of its executable", guessed=True)


def _unreal_stem(case: Case) -> str:
    return re.sub(
        r"[-_](win64|win32|wingdk|linux|mac|x64|x86)([-_](shipping|test))?$|(?<=\w)(64|32)$",
        "",
        case.program.stem,
        flags=re.IGNORECASE,
    )

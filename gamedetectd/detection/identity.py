"""What a program is by its name, its arguments and its maker's description: everything that is known not to be a game."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from gamedetectd.detection import paths, places
from gamedetectd.detection.case import Case, Sign, words
from gamedetectd.detection.families import is_wrapper
from gamedetectd.detection.pattern import Pattern
from gamedetectd.detection.programs import is_shell
from gamedetectd.detection.roles import role_of
from gamedetectd.detection.tables.helpers import ARGUMENTS, SENTENCES_BY_ROLE
from gamedetectd.detection.tables.known import COMMON_WORDS, KNOWN, SENTENCES
from gamedetectd.detection.tables.software import is_software
from gamedetectd.detection.titles import squeezed

_VERSIONED = Pattern(r"(?:-v?\d[\w.]*|[-.]?\d+(?:\.\d+)+)$")
_SHIPPING = Pattern(r"-(win64|win32|wingdk|linux|mac)(-(shipping|test|debuggame|development))?(-cmd)?$", re.IGNORECASE)
_SCREENSAVER_PLACES = ("/xscreensaver/", "/screen savers/", "/kscreensaver/", "/screensavers/", ".saver/")
_SERVER_CLASSES = Pattern(r"net\.minecraft\.server\.|\.dedicatedserver\.|\.server\.main$", re.IGNORECASE)
_ON_THEIR_OWN = frozenset(["application", "screensaver", "benchmark"])
"""Kinds that are installed for themselves and not beside a game, so that a game's own title speaks against them."""


def testify(case: Case) -> Iterator[Sign]:
    """Signs against, from the most certain: known programs, helpers by name, arguments, and bare interpreters."""
    if case.family is None:
        return
    known = list(_known(case))
    yield from known
    if not known:
        yield from _by_name(case)
    yield from _arguments(case)
    yield from _screensaver(case)
    if case.program.generic and not case.program.shell and not case.names and not known:
        yield Sign("known.interpreter", f"{case.called} is an interpreter, and nothing tells what runs in it.")
    yield from _wrapper(case)


def _wrapper(case: Case) -> Iterator[Sign]:
    """A shell that runs a script is judged by the script, Wine's loader with a window by its program; others are nobody."""
    if case.family is None or is_shell(case.family.subject) or (case.program.alias and case.window):
        return
    if is_wrapper(case.family.subject, case.family.system):
        yield Sign("known.wrapper", f"{case.called} only runs another program, which is judged for itself.")


def kind_of(key: str) -> str | None:
    """What a program of this name is known to be; a version at its end does not matter."""
    return KNOWN.get(key) or KNOWN.get(_VERSIONED.sub("", key))


def _known(case: Case) -> Iterator[Sign]:
    key = _SHIPPING.sub("", case.program.key)
    kind = kind_of(key)
    if kind is None or (kind == "system" and not _lies_in_system(case)):
        return
    shared_word = key in COMMON_WORDS and kind != "system"
    if (shared_word or kind in _ON_THEIR_OWN) and (_row_says(case, key) or _has_own_data(case)):
        return
    signal = "known.common_word" if shared_word else f"known.{kind}"
    yield Sign(signal, SENTENCES[kind].format(name=case.called))


def _row_says(case: Case, key: str) -> bool:
    """The library's title is the program's name: the game Everything, and not the search program."""
    if case.row is None or is_software(case.row.store, case.row.id, case.row.title):
        return False
    title, name = squeezed(case.row.title), squeezed(key)
    return title.startswith(name) or name.startswith(title)


def _has_own_data(case: Case) -> bool:
    """An engine's data under the program's own name, for a program with an ordinary word as its name."""
    stem = case.program.stem.lower()
    return case.program.key in COMMON_WORDS and bool({f"{stem}_data", f"{stem}.pck"} & case.beside)


def _lies_in_system(case: Case) -> bool:
    """True where the place is the system's, or not known: tables of system programs mean only those."""
    path = case.program.alias or case.program.path
    system = case.family.system if case.family else case.facts.system
    if not paths.is_absolute(path) or places.is_system_place(path, system):
        return True
    return path.startswith(
        ("/usr/", "/bin/", "/sbin/", "/lib", "/System/", "/opt/", "/nix/", "/snap/", "/Applications/Utilities/")
    )


def _by_name(case: Case) -> Iterator[Sign]:
    """The words of the file name: helpers, starters, servers and tools that stores and makers name in much the same way."""
    stem = _SHIPPING.sub("", case.program.stem)
    role = role_of(stem)
    if role is None or _title_says_it_too(case, stem) or (role == "starter" and _is_the_game(case)):
        return
    if role == "starter" and case.window is not None and case.window.fullscreen and case.row is not None:
        return  # some games keep the name of their starter, and no starter fills the screen
    yield Sign(f"name.{role}", SENTENCES_BY_ROLE[role].format(name=case.called))


def _is_the_game(case: Case) -> bool:
    """The game itself, whatever its file is called: a bundle's main program whose maker calls it a game, or a name that
    the catalogue knows for the game's own.
    """
    bundle = case.facts.bundle
    if bundle is not None and bundle.category.endswith("games") and "/Contents/MacOS/" in case.program.path:
        return True
    return case.exclusive


def _title_says_it_too(case: Case, stem: str) -> bool:
    """The store's or desktop entry's own title holds the same words: they belong to the game's name."""
    titles = [case.row.title] if case.row and not is_software(case.row.store, case.row.id, case.row.title) else []
    entry = case.facts.desktop_entry
    if entry is not None and "Game" in entry.categories:
        titles.append(entry.name)
    telling = {word for word in words(stem) if role_of(word) is not None}
    return bool(telling) and any(telling <= set(words(title)) for title in titles)


def _arguments(case: Case) -> Iterator[Sign]:
    given = case.program.arguments
    for role, pattern in ARGUMENTS.items():
        for argument in given:
            if pattern.fullmatch(argument):
                yield Sign(f"argument.{role}", f"Its argument {argument[:60]} is that of a {_ROLE_WORDS[role]}.")
                break
    if _SERVER_CLASSES.search(case.program.path):
        yield Sign("argument.server", f"{case.called} is the server's main class.")


_ROLE_WORDS: Mapping[str, str] = {
    "subprocess": "browser's or helper's part",
    "server": "server without a player",
    "tool": "tool",
}


def _screensaver(case: Case) -> Iterator[Sign]:
    folded = case.program.path.replace("\\", "/").casefold()
    if folded.endswith(".scr") or any(place in folded for place in _SCREENSAVER_PLACES):
        yield Sign("known.screensaver", f"{case.called} is a screensaver.")

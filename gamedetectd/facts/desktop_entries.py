"""Finds the desktop entry a program was started from: it gives the program's proper name and says whether it is a game.

A wrong entry is worse than none. So every way of matching has a rank, the best rank wins, and two different entries of
the same rank cancel each other out.
"""

from __future__ import annotations

import dataclasses
import os
import shutil
from collections.abc import Iterator, Mapping
from enum import IntEnum
from typing import ClassVar, NamedTuple

from gamedetectd.domain import DesktopEntry, FactKind, Facts, ProcessInfo
from gamedetectd.facts.commands import (
    Command,
    contains_in_order,
    flatpak_id,
    is_transparent,
    parse_exec,
    process_command,
    runs_others,
)
from gamedetectd.facts.desktop_files import Entry
from gamedetectd.facts.desktop_index import DesktopIndex, Table
from gamedetectd.facts.reading import subject
from gamedetectd.facts.tables import COMMAND_PATH, COMMON_CLASSES, COMMON_NAMES

WRAPPERS_LIMIT = 8
"""Ancestors looked at, at most."""
SHORT_NAME = 5
"""Names with fewer letters are too common to mean anything without their directory."""

_PROGRAM_SUFFIXES = (".real", ".bin", "-bin", ".x86_64", ".x86", ".amd64", ".exe")
_STORE_VARIABLES = (("steam", "SteamAppId"), ("steam", "SteamGameId"), ("heroic", "HEROIC_APP_NAME"))


class Rank(IntEnum):
    """How an entry was matched, weakest first."""

    FILE_NAME = 1
    """The entry's file is called like the window class or the program."""
    NAME = 2
    """Its command has the program's name but lies elsewhere."""
    PATH = 3
    """Its command is the program."""
    WINDOW_CLASS = 4
    """It says that its windows have this class."""
    ARGUMENTS = 5
    """Its command is the program, and so are its arguments."""
    WRAPPER = 6
    """Its command is the script that started the program."""
    STORE = 7
    """It starts the program by the id that a store gave it."""
    LAUNCHED = 8
    """The desktop said that it started exactly this process from it."""


class Match(NamedTuple):
    """One entry with what speaks for it; the larger tuple ``strength`` wins."""

    rank: Rank
    arguments: int
    shown: bool
    same_name: bool
    entry: Entry

    @property
    def strength(self) -> tuple[int, int, bool, bool]:
        """Comparable without the entry."""
        return self[:4]


class DesktopEntrySource:
    """Looks the program up in a ``DesktopIndex`` (Linux)."""

    kind: ClassVar[FactKind] = FactKind.DESKTOP_ENTRY
    time_limit: ClassVar[float] = 3.0

    def __init__(self, index: DesktopIndex) -> None:
        self._index = index

    def gather(self, facts: Facts) -> Facts:
        program = subject(facts)
        if program is None:
            return facts
        table = self._index.table()
        entry = _best(match for match in _matches(table, facts, program) if _installed(match.entry))
        if entry is None:
            return facts
        return dataclasses.replace(facts, desktop_entry=DesktopEntry(entry.name, entry.categories, entry.exec))


def _best(matches: Iterator[Match]) -> Entry | None:
    found = list(matches)
    strongest = max((match.strength for match in found), default=None)
    best = [match.entry for match in found if match.strength == strongest]
    return best[0] if best and len({entry.name for entry in best}) == 1 else None


def _matches(table: Table, facts: Facts, program: ProcessInfo) -> Iterator[Match]:
    wrappers = list(_wrappers(facts, program))
    yield from _as_launched(table, program, wrappers)
    yield from _by_store(table, program, wrappers)
    for wrapper in wrappers:
        for command in process_command(wrapper.exe, wrapper.argv, wrapper.cwd):
            for match in _by_command(table, command):
                yield match._replace(rank=Rank.WRAPPER) if match.rank >= Rank.PATH else match
    commands = process_command(program.exe, program.argv, program.cwd)
    for command in commands:
        yield from _by_command(table, command)
    if facts.window is not None:
        yield from _by_class(table, facts.window.class_name)
    for command in commands:
        if not _says_nothing(command.name, COMMON_NAMES) and len(command.name) >= SHORT_NAME:
            for entry in table.by_stem(_plain(command.name)):
                yield _match(Rank.FILE_NAME, entry, command.name)


def _as_launched(table: Table, program: ProcessInfo, wrappers: list[ProcessInfo]) -> Iterator[Match]:
    """Desktops tell a program in its environment what it is. Its children inherit that, so the pid counts."""
    path = program.environment.get("GIO_LAUNCHED_DESKTOP_FILE", "")
    pid = program.environment.get("GIO_LAUNCHED_DESKTOP_FILE_PID", "")
    if path and pid in {str(process.pid) for process in (program, *wrappers)}:
        stem = path.rpartition("/")[2].removesuffix(".desktop")
        for entry in table.by_stem(stem):
            yield _match(Rank.LAUNCHED, entry, stem)


def _by_class(table: Table, window_class: str) -> Iterator[Match]:
    if not window_class or _says_nothing(window_class, COMMON_CLASSES):
        return
    for entry in _unless_several(table.by_class(window_class)):
        yield _match(Rank.WINDOW_CLASS, entry, window_class)
    for entry in table.by_stem(window_class):
        yield _match(Rank.FILE_NAME, entry, window_class)


def _wrappers(facts: Facts, program: ProcessInfo) -> Iterator[ProcessInfo]:
    """The processes that only exist to run the program, nearest first."""
    ancestors = [process for process in facts.processes if process.pid != program.pid]
    by_pid: Mapping[int, ProcessInfo] = {process.pid: process for process in ancestors}
    for earlier in reversed(facts.processes):
        if earlier.key == program.key and earlier is not program and is_transparent(_name(earlier), earlier.argv[1:]):
            yield earlier  # the script that became the program by exec
    parent = by_pid.get(program.parent_pid)
    for _ in range(WRAPPERS_LIMIT):
        if parent is None or not is_transparent(_name(parent), parent.argv[1:]):
            return
        yield parent
        parent = by_pid.get(parent.parent_pid)


def _by_store(table: Table, program: ProcessInfo, wrappers: list[ProcessInfo]) -> Iterator[Match]:
    links = [(store, program.environment.get(variable, "")) for store, variable in _STORE_VARIABLES]
    links += [("flatpak", name) for name in (_flatpak_name(program, wrappers),) if name]
    for store, identity in links:
        for entry in table.by_link(store, identity) if identity else ():
            yield _match(Rank.STORE, entry, identity)


def _flatpak_name(program: ProcessInfo, wrappers: list[ProcessInfo]) -> str | None:
    """The Flatpak a program belongs to. What a launcher in a Flatpak has installed elsewhere is not part of it."""
    commands = process_command(program.exe, program.argv, program.cwd)
    if commands and not any(command.path.startswith("/app/") or "/" not in command.path for command in commands):
        return None
    named = (flatpak_id(wrapper.argv) for wrapper in wrappers if _name(wrapper) == "flatpak")
    return program.environment.get("FLATPAK_ID") or next((name for name in named if name), None)


def _by_command(table: Table, command: Command) -> Iterator[Match]:
    for name in dict.fromkeys((command.name, _plain(command.name))):
        entries = table.by_command(name)
        for entry in entries:
            target = parse_exec(entry.exec, entry.directory)
            if not isinstance(target, Command) or not _arguments_allow(target, command, alone=len(entries) == 1):
                continue
            needed = len(target.arguments) if contains_in_order(target.arguments, command.arguments) else 0
            if _same_program(target.path, command.path) and (needed or not runs_others(target.name)):
                yield _match(Rank.ARGUMENTS if needed else Rank.PATH, entry, name, needed)
            elif len(name) >= SHORT_NAME and (needed or not _says_nothing(name, COMMON_NAMES)):
                yield _match(Rank.NAME, entry, name, needed)


def _arguments_allow(target: Command, command: Command, *, alone: bool) -> bool:
    """Arguments may only be ignored where a single entry uses the command and the command says what it is."""
    if contains_in_order(target.arguments, command.arguments):
        return True
    return alone and not _says_nothing(target.name, COMMON_NAMES)


def _same_program(wanted: str, actual: str) -> bool:
    """True if both paths, or a looked-up name and a path, lead to the same file."""
    if wanted == actual:
        return "/" in wanted
    directory, _, name = actual.rpartition("/")
    if "/" not in wanted:
        return wanted == name and directory in COMMAND_PATH
    return actual.startswith("/") and os.path.realpath(wanted) == os.path.realpath(actual)


def _says_nothing(name: str, common: frozenset[str]) -> bool:
    lower = name.lower()
    return lower in common or lower.partition(".")[0] in common or runs_others(name)


def _plain(name: str) -> str:
    """A program's name without what build systems append."""
    for suffix in _PROGRAM_SUFFIXES:
        if name.endswith(suffix) and name != suffix:
            return name[: -len(suffix)]
    return name


def _name(process: ProcessInfo) -> str:
    return (process.exe or (process.argv[0] if process.argv else "")).rpartition("/")[2]


def _unless_several(entries: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """Nothing where different applications claim the same window class."""
    return entries if len({entry.name for entry in entries}) == 1 else ()


def _match(rank: Rank, entry: Entry, name: str, arguments: int = 0) -> Match:
    same_name = entry.stem == name.lower() or entry.stem.endswith("." + name.lower())
    return Match(rank, arguments, entry.shown, same_name, entry)


def _installed(entry: Entry) -> bool:
    """False if the program that the entry says it needs is gone."""
    return not entry.try_exec or shutil.which(entry.try_exec, path=os.pathsep.join(COMMAND_PATH)) is not None

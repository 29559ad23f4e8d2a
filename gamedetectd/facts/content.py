"""What runs inside a container, in the container's own words: RetroArch's history, ScummVM's list, DOSBox's settings.

Only small files of known names are read, and only of the programs named here.
"""

from __future__ import annotations

import dataclasses
import os
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import PurePath
from typing import ClassVar

from gamedetectd.domain import Content, FactKind, Facts, Instant, ProcessInfo
from gamedetectd.facts import content_files as read
from gamedetectd.facts import retroarch
from gamedetectd.facts.reading import subject
from gamedetectd.platforms.regular_files import read_regular

FILE_LIMIT = 2_000_000
"""Bytes of one settings file; ScummVM's with a thousand games has some 300 kB."""
_SETTINGS_OF_DOSBOX = 4
"""Settings files of one DOSBox that are read."""
_MISSING = (FileNotFoundError, NotADirectoryError, PermissionError)

_RETROARCH = re.compile(r"retroarch.*", re.IGNORECASE)
_SCUMMVM = re.compile(r"(scummvm|residualvm).*", re.IGNORECASE)
_DOSBOX = re.compile(r"dosbox.*", re.IGNORECASE)


def _now() -> Instant:
    from gamedetectd.platforms.clock import system_clock

    return system_clock().now()


class ContentSource:
    """Reads what RetroArch, ScummVM and DOSBox keep of what they run.

    ``effective_paths`` and ``home`` as for FilesSource; ``now`` tells this moment on all clocks.
    """

    kind: ClassVar[FactKind] = FactKind.CONTENT
    time_limit: ClassVar[float] = 2.0

    def __init__(
        self, effective_paths: Callable[[Facts], Sequence[str]], home: str, now: Callable[[], Instant] = _now
    ) -> None:
        self._effective_paths = effective_paths
        self._home = home
        self._now = now

    def gather(self, facts: Facts) -> Facts:
        process = subject(facts)
        if process is None:
            return facts
        for path in self._effective_paths(facts):
            found = self._of(process, path)
            if found is not None:
                return dataclasses.replace(facts, content=found)
        return facts

    def _of(self, process: ProcessInfo, program: str) -> Content | None:
        name = PurePath(program.replace("\\", "/")).name
        if _RETROARCH.fullmatch(name):
            home = retroarch.Home(process, program, self._home)
            return retroarch.content(home, process.argv[1:], self._started(process))
        if _SCUMMVM.fullmatch(name):
            return self._scummvm(process)
        return self._dosbox(process, program) if _DOSBOX.fullmatch(name) else None

    def _started(self, process: ProcessInfo) -> float | None:
        """When the process began in wall time, as far as the clocks tell."""
        if process.started_elapsed <= 0:
            return None
        now = self._now()
        return now.wall - (now.elapsed - process.started_elapsed)

    def _scummvm(self, process: ProcessInfo) -> Content | None:
        """What ScummVM's list says of the target on the command line."""
        words = [one for one in process.argv[1:] if not one.startswith("-")]
        for path in self._scummvm_files(process):
            try:
                sections = read.ini_sections(read_regular(path, FILE_LIMIT))
            except _MISSING:
                continue
            for word in words:
                section = sections.get(word.lower())
                if section is not None and section.get("description") and word.lower() not in ("scummvm", "keymapper"):
                    where = "ScummVM's own list of games"
                    return Content(section.get("path", ""), section["description"], section.get("platform", ""), where)
        return None

    def _scummvm_files(self, process: ProcessInfo) -> Iterator[str]:
        yield from _told(process, ("-c", "--config"))
        for place in (
            ".config/scummvm/scummvm.ini",
            ".scummvmrc",
            ".var/app/org.scummvm.ScummVM/config/scummvm/scummvm.ini",
            "snap/scummvm/current/.config/scummvm/scummvm.ini",
            "AppData/Roaming/ScummVM/scummvm.ini",
            "Library/Preferences/ScummVM Preferences",
        ):
            if self._home:
                yield str(PurePath(self._home, place))

    def _dosbox(self, process: ProcessInfo, program: str) -> Content | None:
        """What the settings on the command line start; the last of them has the last word, as in DOSBox."""
        directory = process.cwd or str(PurePath(program).parent)
        for path in reversed(list(_told(process, ("-conf", "--conf"), directory))[:_SETTINGS_OF_DOSBOX]):
            try:
                lines = read.autoexec(read_regular(path, FILE_LIMIT))
            except _MISSING:
                continue
            if found := read.started(lines):
                told = found.replace("\\", "/") if os.sep == "/" else found
                where = f"the commands in its settings {PurePath(path).name}"
                return Content(os.path.normpath(PurePath(directory, told)), "", "MS-DOS", where)
        return None


def _told(process: ProcessInfo, options: tuple[str, ...], directory: str | None = None) -> Iterator[str]:
    """The files that these options name, as seen from the directory (the process's own where none is given)."""
    base = process.cwd or "" if directory is None else directory
    for place, argument in enumerate(process.argv):
        head, equals, value = argument.partition("=")
        if argument in options and place + 1 < len(process.argv):
            value = process.argv[place + 1]
        elif not (equals and head in options):
            continue
        path = PurePath(base, value.replace("\\", "/") if os.sep == "/" and not value.startswith("/") else value)
        if path.is_absolute():
            yield os.path.normpath(path)

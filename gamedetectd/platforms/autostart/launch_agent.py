"""Starting at login on macOS through a property list in ``~/Library/LaunchAgents``.

Keys: launchd.plist(5). What a person switched off in the system settings, ``launchctl print-disabled`` tells.
"""

from __future__ import annotations

import os
import plistlib
import re
import shlex
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from xml.parsers.expat import ExpatError

from gamedetectd.i18n import _
from gamedetectd.platforms.autostart import files, running
from gamedetectd.platforms.autostart.mechanism import Entry, OffBy, Standing
from gamedetectd.platforms.autostart.program import Program, program_missing, started_by

LABEL = "io.github.gamedetectd"
FOR_ALL = (Path("/Library/LaunchAgents"),)
_PASSING = ("/AppTranslocation/", "/Volumes/gamedetectd")
"""In paths that are gone by the next login. macOS runs an application that was downloaded, and not moved by hand since,
from a random path (Gatekeeper's path randomization).
"""
_SWITCH = re.compile(r'"([^"]+)"\s*=>\s*(\w+)')


class LaunchAgent:
    """See the module. ``account`` is the number of the person's account."""

    name = "launchd"

    def __init__(
        self,
        program: Program,
        home: Path | None = None,
        for_all: Sequence[Path] = FOR_ALL,
        run: running.Run = running.run,
        account: int | None = None,
    ) -> None:
        self._program = program
        self._own = (home or Path.home()) / "Library" / "LaunchAgents"
        self._for_all = tuple(for_all)
        self._run = run
        self._domain = f"gui/{os.getuid() if account is None else account}"  # type: ignore[attr-defined,unused-ignore]

    def unsupported_reason(self) -> str | None:
        if not self._own.parent.is_dir():
            return _("This account has no Library folder.")
        if any(place in self._program.argv[0] for place in _PASSING):
            return _(
                "The application runs from its disk image, or from where macOS puts what was downloaded: move it into "
                "the folder Applications and open it there."
            )
        return None

    def status(self) -> Standing:
        switches = self._switches()
        return Standing(tuple(self._entry(file, agent, switches) for file, agent in self._found()))

    def turn_on(self, command: Sequence[str]) -> None:
        files.refuse_unspeakable(command)
        agent = {
            "Label": LABEL,
            "ProgramArguments": list(command),
            "RunAtLoad": True,
            "LimitLoadToSessionType": "Aqua",
            "ProcessType": "Interactive",
        }
        files.write(self._own / f"{LABEL}.plist", plistlib.dumps(agent))
        self._run(("launchctl", "enable", f"{self._domain}/{LABEL}"))
        self._end_others(everything=False)

    def turn_off(self, *, everything: bool = False) -> None:
        self._end_others(everything=everything)
        files.remove(self._own / f"{LABEL}.plist")

    def _end_others(self, *, everything: bool) -> None:
        """Switch off, or remove, the person's agents of other names; those for all accounts only for this one."""
        for file, agent in list(self._found()):
            if file == self._own / f"{LABEL}.plist":
                continue
            if everything and file.parent == self._own:
                files.remove(file)
            else:
                self._run(("launchctl", "disable", f"{self._domain}/{_label(file, agent)}"))

    def _found(self) -> Iterator[tuple[Path, Mapping[str, Any]]]:
        for folder in (self._own, *self._for_all):
            for file in files.listed(folder, ".plist"):
                agent = _parsed(files.read(file) or b"")
                if file.name == f"{LABEL}.plist" or started_by(_arguments(agent)):
                    yield file, agent

    def _entry(self, file: Path, agent: Mapping[str, Any], switches: Mapping[str, bool]) -> Entry:
        argv = _arguments(agent)
        inner = started_by(argv)
        off_by = None
        if not switches.get(_label(file, agent), True):
            off_by = OffBy.SETTINGS
        elif (agent.get("Disabled") is True and _label(file, agent) not in switches) or not _at_login(agent):
            off_by = OffBy.DISABLED_IN_FILE
        missing = program_missing(argv) if argv else "ProgramArguments"
        return Entry(
            self.name,
            str(file),
            shlex.join(argv),
            this_program=inner is not None and self._program.is_what_starts(inner),
            off_by=off_by,
            missing=missing,
        )

    def _switches(self) -> dict[str, bool]:
        """What was switched on (True) or off by label; older systems say ``true`` for what is disabled."""
        answer = self._run(("launchctl", "print-disabled", self._domain))
        if answer is None or answer[0] != 0:
            return {}
        return {label: word in ("enabled", "false") for label, word in _SWITCH.findall(answer[1])}


def _parsed(content: bytes) -> Mapping[str, Any]:
    """The dictionary of a property list; empty for anything else."""
    try:
        found = plistlib.loads(content)
    except (ExpatError, ValueError, OverflowError, AttributeError, LookupError, TypeError, RecursionError):
        return {}  # plistlib has no error of its own for all that may be wrong
    return found if isinstance(found, dict) else {}


def _arguments(agent: Mapping[str, Any]) -> tuple[str, ...]:
    arguments = agent.get("ProgramArguments")
    argv = tuple(each for each in arguments if isinstance(each, str)) if isinstance(arguments, list) else ()
    program = agent.get("Program")
    return (program, *argv[1:]) if isinstance(program, str) else argv


def _label(file: Path, agent: Mapping[str, Any]) -> str:
    label = agent.get("Label")
    return label if isinstance(label, str) else file.stem


def _at_login(agent: Mapping[str, Any]) -> bool:
    return agent.get("RunAtLoad") is True or bool(agent.get("KeepAlive"))

"""Window titles on macOS need the person's leave: whether anything that runs needs them, and asking for it.

The daemon itself has to ask, because the leave is given to a program: a command's would be the terminal's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from gamedetectd.control.server import Handler
from gamedetectd.errors import NothingToAllowError
from gamedetectd.facts.reading import subject
from gamedetectd.i18n import _
from gamedetectd.interfaces import Reply, Request
from gamedetectd.platforms.mac import screen_recording

if TYPE_CHECKING:
    from gamedetectd.app.daemon import Daemon
    from gamedetectd.engine.core import Program

NEEDS_TITLE = "container.empty"
"""The evidence that something runs games of which neither its arguments nor its files say which."""
COMMAND = "ask_for_titles"


class WindowTitles:
    """Whether one daemon may read them, and asking for it."""

    def __init__(self, daemon: Daemon) -> None:
        self._daemon = daemon

    def handlers(self) -> Mapping[str, Handler]:
        """What commands may have done."""
        return {COMMAND: self.ask}

    def ask(self, _request: Request) -> Reply:
        """Have macOS ask the person. Raises NothingToAllowError where there is nothing to be allowed."""
        given = screen_recording.ask()
        if given is None:
            raise NothingToAllowError(
                _("Only macOS, from version 10.15 on, asks before it tells the titles of windows."),
                _("Nothing needs to be done."),
            )
        return {"given": given}

    def missed_by(self) -> list[str]:
        """The programs that run games of which only a title would say which, while macOS does not tell titles."""
        if screen_recording.given() is not False:
            return []
        return without_title(list(self._daemon.engine.core.programs.values()))


def without_title(programs: Iterable[Program]) -> list[str]:
    """The file names of programs that run games and do not say which, each once."""
    return sorted({name for one in programs if _says_nothing(one) and (name := _name(one))})


def _says_nothing(program: Program) -> bool:
    return program.verdict is not None and any(one.source == NEEDS_TITLE for one in program.verdict.evidence)


def _name(program: Program) -> str:
    process = subject(program.facts)
    return PurePosixPath(process.exe).name if process is not None and process.exe else ""

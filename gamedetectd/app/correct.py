"""Which program the person means, when they correct what we think of it: a running one, or a file."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, replace
from pathlib import Path

from gamedetectd.app.look import find, window_of
from gamedetectd.app.machine import Machine, this_system
from gamedetectd.detection import person
from gamedetectd.detection.case import Case, build
from gamedetectd.detection.families import is_wrapper
from gamedetectd.detection.programs import is_shell, resolve
from gamedetectd.domain import FactKind, Facts, ProcessInfo, ProcessKey, Rule, Window
from gamedetectd.errors import AmbiguousError, NotFoundError

MANY = 8
"""Programs that a message lists."""
_WINDOWS_PATH = re.compile(r"[A-Za-z]:[\\/]|\\\\")


@dataclass(frozen=True, slots=True)
class Target:
    """A program as a rule names it. ``content`` is what it runs where no argument says so.

    ``case`` is what is known of it where it runs, None for a mere file.
    """

    executable: str
    argument: str = ""
    content: str = ""
    pid: int = 0
    case: Case | None = None

    @property
    def called(self) -> str:
        """Its file's name."""
        return re.split(r"[\\/]", self.executable)[-1]

    def decided_by(self, rules: tuple[Rule, ...]) -> Rule | None:
        """The rule that would decide about the running program."""
        if self.case is None:
            return None
        return person.fitting(replace(self.case, facts=replace(self.case.facts, rules=rules)))


def target(machine: Machine, text: str) -> Target:
    """The program meant by a process id, a path, or a part of a running program's name or window title.

    Raises NotFoundError where there is none, AmbiguousError where there are several.
    """
    if text.isdecimal():
        found = _running(machine, int(text), machine.windows())
        if found is None:
            raise NotFoundError(f"There is no process {text}.", "`gamedetectd scan` and `ps` show what runs.")
        return found
    if re.search(r"[\\/]", text):
        return Target(_file(text))
    return _by_name(machine, text)


def runs_many(executable: str) -> bool:
    """True for an interpreter, a shell or Wine by itself: what runs in it is told by an argument alone."""
    process = ProcessInfo(ProcessKey("", 0, 0), exe=executable, argv=(executable,))
    return resolve(process, this_system()).generic or is_shell(process)


def _by_name(machine: Machine, name: str) -> Target:
    windows = machine.windows()
    found: dict[tuple[str, str], Target] = {}
    for process in find(machine, name):
        one = None if process.pid == os.getpid() else _running(machine, process.pid, windows)
        if one is not None:
            found[(one.executable, one.argument)] = one
    chosen = list(found.values())
    for better in (_is_itself, _is_shown):
        chosen = [one for one in chosen if better(one)] or chosen
    if not chosen:
        raise NotFoundError(f"No running program is called {name!r}.", "Give a process id, or the program's full path.")
    if len(chosen) > 1:
        listed = ", ".join(f"{one.called} ({one.pid})" for one in chosen[:MANY])
        raise AmbiguousError(f"Several running programs are called {name!r}: {listed}.", "Give the process id of one.")
    return chosen[0]


def _running(machine: Machine, pid: int, windows: tuple[Window, ...]) -> Target | None:
    chain = machine.chain(pid)
    if not chain:
        return None
    facts = Facts(id=str(pid), system=machine.system, processes=chain, window=window_of(pid, windows))
    case = build(machine.gather(facts, (FactKind.CONTENT,)))
    meant = person.meant(case)
    return None if meant is None else Target(meant.executable, meant.argument, meant.content, pid, case)


def _is_itself(one: Target) -> bool:
    """False for what only starts another program: a wrapper, a shell, a script that goes on as a game."""
    family = one.case.family if one.case is not None else None
    return family is None or not (is_shell(family.subject) or is_wrapper(family.subject, family.system))


def _is_shown(one: Target) -> bool:
    return one.case is not None and one.case.window is not None


def _file(text: str) -> str:
    """The full path of a program's file as the system spells it; a Windows path is taken as it is elsewhere."""
    if _WINDOWS_PATH.match(text) and os.name != "nt":
        return text
    path = Path(os.path.realpath(Path(text).expanduser()))
    try:
        return _program_at(path)
    except PermissionError:
        raise NotFoundError(
            f"You may not look at {path}.", "Start the program and give its name or its process id."
        ) from None


def _program_at(path: Path) -> str:
    if path.suffix == ".app" and (inner := path / "Contents" / "MacOS").is_dir():
        programs = sorted(inner.iterdir())
        if len(programs) == 1:
            return str(programs[0])
    if path.is_dir():
        raise NotFoundError(f"{path} is a directory.", "Give the program's own file in it.")
    if not path.exists():
        raise NotFoundError(f"There is no file {path}.", "Give the program's full path, or start it and give its name.")
    return str(path)

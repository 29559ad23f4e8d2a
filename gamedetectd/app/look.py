"""One look at this machine without a daemon: what is being played now, and why one program is or is not a game."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass

from gamedetectd.app.machine import Machine
from gamedetectd.detection.judge import judge
from gamedetectd.domain import (
    Facts,
    ForegroundChanged,
    ProcessInfo,
    Resync,
    Rule,
    ScreenLabels,
    Session,
    StoreSignal,
    Verdict,
    Window,
)
from gamedetectd.engine.core import Core
from gamedetectd.engine.signals import Signals
from gamedetectd.errors import NotFoundError
from gamedetectd.sessions.machine import Policy

ROUNDS = 8
"""Questions detection may ask of one program in a row."""


@dataclass(frozen=True, slots=True)
class Playing:
    """A game that runs now."""

    session: Session
    foreground: bool


def scan(machine: Machine, rules: tuple[Rule, ...]) -> list[Playing]:
    """What is being played at this moment, the same way the daemon would see it."""
    core = Core(machine.system, Policy(), rules)
    now = machine.clock.now()
    core.observe(Resync(now, machine.running()))
    for signal in machine.signals():
        core.observe(signal)
    windows = machine.windows()
    for window in windows:
        core.saw_window(now, window)
    for _ in range(ROUNDS):
        asks = core.take_asks()
        if not asks:
            break
        for ask in asks:
            core.answer(now, ask.key, machine.gather(ask.facts, ask.kinds))
    core.observe(ForegroundChanged(machine.clock.now(), machine.foreground()))
    return [Playing(session, session.id in core.machine.foreground) for session in core.machine.sessions]


def explain(
    machine: Machine, rules: tuple[Rule, ...], pid: int, screen: ScreenLabels | None = None
) -> tuple[Facts, Verdict]:
    """Everything that can be known of one process, and the verdict on it. ``screen`` is what was seen of it.

    Raises NotFoundError if there is no such process.
    """
    chain = machine.chain(pid)
    if not chain:
        raise NotFoundError(f"There is no process {pid}.", "`gamedetectd scan` and `ps` show what runs.")
    known = Facts(
        id=str(pid),
        system=machine.system,
        processes=chain,
        window=window_of(pid, machine.windows()),
        rules=rules,
        gathered=frozenset(),
        screen=screen,
    )
    facts = machine.gather_all(dataclasses.replace(known, signals=_signals_of(known, machine)))
    answer = judge(facts)
    assert isinstance(answer, Verdict)  # noqa: S101 - with all kinds gathered there is always a verdict
    return facts, answer


def _signals_of(facts: Facts, machine: Machine) -> tuple[StoreSignal, ...]:
    said = Signals()
    for signal in machine.signals():
        said.take(signal)
    return said.of(facts)


def find(machine: Machine, name: str) -> list[ProcessInfo]:
    """The running processes whose program, script or window title is called so, youngest last.

    Raises NotFoundError if there is none.
    """
    wanted = name.casefold()
    titles = {window.pid: window.title.casefold() for window in machine.windows()}
    found = [
        process
        for process in (machine.processes.read(pid) for pid in sorted(machine.processes.pids()))
        if process is not None and (_is_called(process, wanted) or wanted in titles.get(process.pid, ""))
    ]
    if not found:
        raise NotFoundError(
            f"No running program is called {name!r}.", "Give a process id, or a part of the program's name or title."
        )
    return found


def _is_called(process: ProcessInfo, wanted: str) -> bool:
    shown = (process.exe or "", process.comm, *process.argv[:2])
    return any(wanted in text.replace("\\", "/").rsplit("/", 1)[-1].casefold() for text in shown)


def window_of(pid: int, windows: Sequence[Window]) -> Window | None:
    """The largest window of the process."""
    own = [window for window in windows if window.pid == pid]
    return max(own, key=lambda w: w.bounds.width * w.bounds.height if w.bounds else 0, default=None)

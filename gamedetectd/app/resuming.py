"""The sessions of the last run are taken up again before anything is watched."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from gamedetectd.app.machine import Machine
from gamedetectd.config import Settings
from gamedetectd.domain import ProcessKey, Rule
from gamedetectd.engine.core import Core
from gamedetectd.observability.correlation import correlation
from gamedetectd.sessions.history import History
from gamedetectd.sessions.journal import Journal
from gamedetectd.sessions.machine import Policy
from gamedetectd.sessions.recovery import recover


def resumed(
    machine: Machine, settings: Settings, history: History, journal: Journal, rules: tuple[Rule, ...]
) -> tuple[Core, Sequence[ProcessKey]]:
    """The decision core with what was open, its ends and losses committed; and the processes of what goes on.

    Raises HistoryError and JournalError.
    """
    recovery = recover(
        history.open_sessions(),
        journal.read(),
        known=lambda session_id: history.session(session_id) is not None,
        alive=machine.processes.alive,
        boot_id=machine.boot_id,
        at=machine.clock.now(),
    )
    with correlation() as correlation_id:
        history.commit([replace(event, correlation_id=correlation_id) for event in recovery.events])
    core = Core(
        machine.system,
        Policy(settings.sessions.grace_seconds),
        rules,
        (*recovery.continuing, *recovery.ended),
        history.session,
    )
    return core, [key for session in recovery.continuing for key in session.processes]

"""``doctor``: looks at everything there is to look at, each part for a limited time, and tells it as one value."""

from __future__ import annotations

import logging
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import msgspec

import gamedetectd
from gamedetectd.app import crashes
from gamedetectd.app.declared import verified
from gamedetectd.app.doctor import capabilities, daemon_side, installation, kept
from gamedetectd.app.doctor.findings import BUS_UNUSABLE, CHECK_FAILED, CHECK_SLOW, DISPLAY_UNUSABLE, Trouble
from gamedetectd.app.doctor.limits import LONGEST, attempt
from gamedetectd.app.doctor.places import places
from gamedetectd.app.doctor.vision import vision
from gamedetectd.app.machine import this_machine
from gamedetectd.config import Settings
from gamedetectd.control.doctor_shapes import CapabilityRow, DoctorRow, FindingRow
from gamedetectd.control.shapes import Overall, rfc3339
from gamedetectd.observability.setup import configure
from gamedetectd.observability.tree import logging_tree
from gamedetectd.paths import Paths

Value = TypeVar("Value")
Other = TypeVar("Other")
Told = Callable[[str], None]
_HISTORY_SECONDS = 30.0
"""A million sessions are looked through in some seconds."""
_LIBRARY_SECONDS = 15.0
"""Many stores on a slow disk take their time."""
_SILENT = "It could not be asked in time."
_ORDER = {"error": 0, "warning": 1, "info": 2}


@dataclass(slots=True)
class _Examination:
    """One way through all checks, and what they found wrong."""

    tell: Told
    findings: list[FindingRow] = field(default_factory=list)

    def look(
        self,
        name: str,
        check: Callable[[], tuple[Value, Iterable[Trouble]]],
        otherwise: Other,
        limit: float = LONGEST,
        slow: str = CHECK_SLOW,
    ) -> Value | Other:
        """What ``check`` says beside the troubles it found; ``otherwise`` where it hangs or fails, as is noted then.

        ``slow`` is what it means if it hangs.
        """
        self.tell(name)
        result = attempt(name.replace(" ", "-"), lambda: _complete(check, otherwise), limit)
        if result.answers:
            value, troubles = result.answers[0]
            self.note(name, troubles)
            return value
        if result.slow:
            self.note(name, [Trouble(slow, f"Looking at the {name} took longer than {limit:g} s.")])
        else:
            self.note(name, [Trouble(CHECK_FAILED, f"Looking at the {name} failed.")])
        return otherwise

    def note(self, name: str, troubles: Iterable[Trouble]) -> None:
        """Take over what a check found."""
        self.findings += [trouble.row(name) for trouble in troubles]


def _complete(
    check: Callable[[], tuple[Value, Iterable[Trouble]]], otherwise: Other
) -> tuple[Value | Other, tuple[Trouble, ...]]:
    """What the check says, with every trouble it only promised: finding them has its end too.

    A part that is missing is the trouble itself, whoever stumbles over it.
    """
    try:
        value, troubles = check()
        return value, tuple(troubles)
    except ModuleNotFoundError as error:
        return otherwise, (installation.missing(error.name or str(error)),)


def examine(paths: Paths, tell: Told = lambda _what: None) -> DoctorRow:
    """Look at everything; ``tell`` hears what is being looked at. Changes nothing, and has an end whatever hangs.

    Window titles the person marked private are in nothing of it.
    """
    begun = time.monotonic()
    with _quiet():
        one = _Examination(tell)
        daemon = one.look("daemon", lambda: (daemon_side.ask(paths), ()), daemon_side.Found("hung", refused=_SILENT))
        running = daemon.state == "running"
        chosen = one.look("settings", lambda: kept.settings(paths, running=running), Settings())
        kept.keep_private(chosen)
        one.findings += _said_by(daemon)
        found: dict[str, Any] = {
            **_installation(one, paths),
            **_kept(one, paths, chosen, running=running),
            "capabilities": _capabilities(one, paths, chosen, daemon),
            "logging_tree": list(daemon.logging_tree) or one.look("logging", lambda: (_own_tree(chosen), ()), []),
        }
    at_login = any(way.purpose == capabilities.AUTOSTART and way.state == "used" for way in found["capabilities"])
    one.note("daemon", daemon_side.troubles(daemon, at_login=at_login, crash=crashes.lately(paths)))
    findings = _settled(one.findings)
    return DoctorRow(
        version=gamedetectd.__version__,
        at=rfc3339(time.time()),
        seconds=round(time.monotonic() - begun, 3),
        overall=overall(findings),
        daemon=daemon.state,
        findings=findings,
        settings=kept.setting_rows(chosen),
        logging_of="daemon" if daemon.logging_tree else "doctor",
        status=daemon.status,
        **found,
    )


@contextmanager
def _quiet() -> Iterator[None]:
    """What is wrong is told here, once, and not logged to the terminal as well."""
    ours = logging.getLogger("gamedetectd")
    level = ours.level
    ours.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        ours.setLevel(level)


def _said_by(daemon: daemon_side.Found) -> list[FindingRow]:
    """What the daemon itself reports."""
    if daemon.status is None or daemon.status.health is None:
        return []
    return [
        FindingRow(one.code, one.title, one.severity, one.message, one.remedy, "daemon")
        for one in daemon.status.health.conditions
    ]


def _installation(one: _Examination, paths: Paths) -> dict[str, Any]:
    """The program's own parts, and where it keeps things."""
    one.look("program's files", lambda: (None, installation.resource_troubles()), None)
    return {
        "system": one.look("system", lambda: (installation.system_facts(), ()), {}),
        "parts": list(one.look("parts", installation.parts, ())),
        "places": list(one.look("places", lambda: places(paths), ())),
    }


def _kept(one: _Examination, paths: Paths, chosen: Settings, *, running: bool) -> dict[str, Any]:
    """What lies on the disk."""
    return {
        "rules": one.look("rules", lambda: kept.rules(paths), None),
        "history": one.look("history", lambda: kept.history(paths, running=running), None, _HISTORY_SECONDS),
        "catalogue": one.look("lists of games", lambda: kept.catalogue(paths), []),
        "library": one.look("stores", kept.library, [], _LIBRARY_SECONDS),
        "secrets": one.look("secrets", lambda: kept.secrets(paths, chosen), None),
    }


def _capabilities(one: _Examination, paths: Paths, chosen: Settings, daemon: daemon_side.Found) -> list[CapabilityRow]:
    """What a running daemon's sensors do; without one, what they could do here, and whether the session can be used."""
    rows: list[CapabilityRow] = []
    if daemon.status is not None and daemon.status.daemon is not None:
        rows += capabilities.sensors_of(daemon.status.daemon.sensors)
    else:
        one.look("display", lambda: (None, capabilities.display_troubles()), None, slow=DISPLAY_UNUSABLE)
        one.look("session bus", lambda: (None, capabilities.bus_troubles()), None, slow=BUS_UNUSABLE)
        rows += one.look("sensors", lambda: (capabilities.sensors_here(this_machine(paths, chosen), chosen), ()), [])
    rows += one.look("desktop", lambda: (capabilities.desktop(chosen), ()), [])
    rows += one.look("models", lambda: vision(chosen), [])
    rows += [*one.look("start at login", capabilities.autostart, []), capabilities.pressure()]
    return [msgspec.structs.replace(row, verified=verified(row.purpose, row.mechanism)) for row in rows]


def _own_tree(chosen: Settings) -> list[str]:
    """Logging as the daemon would set it up, drawn, and taken down again; the person's log is not touched."""
    with tempfile.TemporaryDirectory(prefix="gamedetectd-doctor-") as directory:
        handle = configure(chosen.logging, chosen.privacy, Path(directory) / "log.jsonl")
        try:
            return logging_tree()
        finally:
            handle.close()


def _settled(findings: Iterable[FindingRow]) -> list[FindingRow]:
    """Each thing once, the daemon's word before ours about the same; the worst first."""
    kept_findings: list[FindingRow] = []
    told_by_daemon = {row.code for row in findings if row.where == "daemon"}
    for row in findings:
        repeated = row.where != "daemon" and row.code in told_by_daemon
        if not repeated and all((row.code, row.message) != (other.code, other.message) for other in kept_findings):
            kept_findings.append(row)
    return sorted(kept_findings, key=lambda row: _ORDER[row.severity])


def overall(findings: Iterable[FindingRow]) -> Overall:
    """All findings in one word, as of health's conditions."""
    severities = {row.severity for row in findings}
    return "unhealthy" if "error" in severities else "degraded" if "warning" in severities else "healthy"

"""The daemon as others see it: the one place where its parts become the status that is told, shown and measured."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec

from gamedetectd.control.daemon_shapes import (
    DaemonRow,
    ResourcesRow,
    SecurityRow,
    SensorRow,
    SensorState,
    SinkRow,
    WorkerRow,
)
from gamedetectd.control.shapes import StatusRow, rfc3339, status_row
from gamedetectd.health.conditions import overall
from gamedetectd.observability.redaction import redact
from gamedetectd.platforms.resources import Meter, Resources, resource_meter
from gamedetectd.sessions.backups import backups
from gamedetectd.worker import STUCK_AFTER, WorkerState, WorkerStatus

if TYPE_CHECKING:
    from gamedetectd.app.daemon import Daemon

SHORTEST_SPAN = 1.0
"""Seconds over which a share of the CPU is measured at least."""
_STATES: dict[WorkerState, SensorState] = {
    WorkerState.RESTING: "resting",
    WorkerState.GAVE_UP: "gave-up",
    WorkerState.ENDED: "ended",
}


class Standing:
    """How one daemon is. For any thread."""

    def __init__(self, daemon: Daemon, meter: Meter | None = None) -> None:
        self._daemon = daemon
        self._usage = Usage(meter or resource_meter())

    def status(self) -> StatusRow:
        """All of it, as of now, without what the person marked private."""
        snapshot = self._daemon.snapshot()
        row = status_row(snapshot, overall(snapshot.conditions), redact)
        return msgspec.structs.replace(row, daemon=self._daemon_row())

    def _daemon_row(self) -> DaemonRow:
        daemon = self._daemon
        now = daemon.machine.clock.now()
        me = daemon.machine.processes.read(os.getpid())
        uptime = 0.0 if me is None else max(0.0, now.elapsed - me.started_elapsed)
        newest = next(iter(backups(daemon.paths.history_file)), None)
        return DaemonRow(
            pid=os.getpid(),
            started_at=rfc3339(now.wall - uptime),
            uptime_seconds=round(uptime, 3),
            sensors=list(self._sensors()),
            sinks=list(self._sinks()),
            workers=[_worker_row(worker.status()) for worker in daemon.workers],
            resources=self._usage.row(daemon.vitals.latest),
            last_backup=None if newest is None else rfc3339(newest.stat().st_mtime),
            security=self._security(),
            yielding=daemon.vitals.yielding,
            vision=daemon.eyes.row(),
        )

    def _sensors(self) -> Iterator[SensorRow]:
        """As their workers know it: asking the sensors anew might take seconds."""
        workers = {worker.name: worker.status() for worker in self._daemon.workers}
        for sensor in self._daemon.sensors:
            status = workers[sensor.name]
            unsupported = self._daemon.unsupported.get(sensor.name)
            reason = unsupported or sensor.degraded_reason()
            state: SensorState = "watching" if reason is None else "fallback" if unsupported is None else "unsupported"
            state = "stuck" if status.stuck_for > STUCK_AFTER else _STATES.get(status.state, state)
            told = None if reason is None else redact(reason)
            yield SensorRow(sensor.name, state, sensor.source(), told, round(status.stuck_for, 3), status.restarts)

    def _sinks(self) -> Iterator[SinkRow]:
        for runner in self._daemon.sinks:
            status = runner.status()
            since = None if status.failing_since is None else rfc3339(status.failing_since)
            error = redact(status.last_error) if status.last_error else None
            yield SinkRow(status.name, status.delivered, status.backlog, since, error)

    def _security(self) -> SecurityRow:
        """What is known of secrets and the audit trail; neither keyring nor trail is asked for it."""
        secrets, trail = self._daemon.secrets, self._daemon.audit
        trouble = next(iter(secrets.troubles().values()), None)
        wrong = [trail.problem.cause] if trail.problem is not None else [one.meaning for one in trail.damage[:1]]
        return SecurityRow(
            secrets=secrets.choice,
            problem=None if trouble is None else redact(trouble.cause),
            audit="chained" if trail.unsealed else "sealed",
            audit_problem=redact(wrong[0]) if wrong else None,
        )


class Usage:
    """What this process uses, with shares of the CPU since health looked last. For any thread."""

    def __init__(self, meter: Meter) -> None:
        self._meter = meter
        self._before: Resources | None = None

    def row(self, earlier: Resources | None) -> ResourcesRow | None:
        """As of now; None where the system refuses to tell. ``earlier`` is health's latest look."""
        try:
            now = self._meter.read()
        except OSError:
            return None
        if earlier is not None and now.at - earlier.at >= SHORTEST_SPAN:
            self._before = earlier
        return resources_row(now, self._before)


def resources_row(now: Resources, before: Resources | None) -> ResourcesRow:
    """Two looks as others see them; without an earlier one there are no shares."""
    return ResourcesRow(
        cpu_seconds=round(now.cpu_seconds, 3),
        cpu_share=None if before is None else _share(now.cpu_seconds - before.cpu_seconds, now.at - before.at),
        rss_bytes=now.rss_bytes,
        open_files=now.open_files,
        open_files_limit=now.open_files_limit,
        threads=now.threads,
        system_cpus=now.system_cpus,
        system_cpu_share=None if before is None else _system_share(now, before),
        system_load=now.system_load,
        system_memory_bytes=now.system_memory_bytes,
        system_memory_available_bytes=now.system_memory_available_bytes,
        cpu_pressure=now.cpu_pressure,
        memory_pressure=now.memory_pressure,
        io_pressure=now.io_pressure,
    )


def _system_share(now: Resources, before: Resources) -> float | None:
    if now.system_cpu_busy_seconds is None or before.system_cpu_busy_seconds is None:
        return None
    whole = (now.system_cpu_seconds or 0.0) - (before.system_cpu_seconds or 0.0)
    share = _share(now.system_cpu_busy_seconds - before.system_cpu_busy_seconds, whole)
    return None if share is None else min(1.0, share)


def _share(part: float, whole: float) -> float | None:
    return round(max(0.0, part / whole), 5) if whole > 0 else None


def _worker_row(status: WorkerStatus) -> WorkerRow:
    error = redact(status.last_error) if status.last_error else None
    return WorkerRow(status.name, status.state.value, status.restarts, round(status.stuck_for, 3), error)

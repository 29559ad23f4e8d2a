"""What a running daemon tells of its parts, for ``status`` and for whoever watches it. Fields are only ever added."""

from __future__ import annotations

from typing import Literal

import msgspec

SensorState = Literal["watching", "fallback", "unsupported", "resting", "stuck", "gave-up", "ended"]


class SensorRow(msgspec.Struct, frozen=True):
    """One sensor. ``source`` is what it learns from; ``reason`` a sentence where it works the slower way or cannot.

    ``busy_seconds`` is for how long it has not come back to waiting, which is its heartbeat: 0 while all is well.
    """

    name: str
    state: SensorState
    source: str
    reason: str | None
    busy_seconds: float
    restarts: int


class SinkRow(msgspec.Struct, frozen=True):
    """One sink: how many events it took and how many wait. ``failing_since`` (RFC 3339) is null while all is well."""

    name: str
    delivered: int
    backlog: int
    failing_since: str | None
    error: str | None


class WorkerRow(msgspec.Struct, frozen=True):
    """One thread of the daemon's."""

    name: str
    state: str
    restarts: int
    busy_seconds: float
    error: str | None


class ResourcesRow(msgspec.Struct, frozen=True):
    """What the daemon uses and how busy the machine is. Shares are 0 to 1; null is what this system does not tell.

    ``cpu_share`` is of one core, since the look before; ``system_cpu_share`` of all cores together. Pressure is the
    share of the last minute in which something waited for that resource.
    """

    cpu_seconds: float
    cpu_share: float | None
    rss_bytes: int
    open_files: int
    open_files_limit: int | None
    threads: int
    system_cpus: int
    system_cpu_share: float | None
    system_load: tuple[float, float, float] | None
    system_memory_bytes: int
    system_memory_available_bytes: int
    cpu_pressure: float | None
    memory_pressure: float | None
    io_pressure: float | None


class SecurityRow(msgspec.Struct, frozen=True):
    """Where new secrets are kept, as ``secrets.store`` says, and whether the audit trail is sealed by a key or only
    chained. A problem is a sentence, null while all is well.
    """

    secrets: str
    problem: str | None
    audit: Literal["sealed", "chained"]
    audit_problem: str | None


class VisionRow(msgspec.Struct, frozen=True):
    """Looking at the screen. ``reason`` is a sentence where it cannot or fails, and a word (``paused``, ``private``)
    where something is in the way just now. ``cpu_seconds`` is what looking took of the processor in the last hour.
    """

    enabled: bool
    state: Literal["off", "waiting", "hindered", "unsupported", "failing"]
    reason: str | None
    looks: int
    cpu_seconds: float
    title_reads: int = 0
    """How many times a title screen was read, by another process."""
    title_cpu_seconds: float = 0.0
    """What that took in the last hour, apart from ``cpu_seconds``."""


class DaemonRow(msgspec.Struct, frozen=True):
    """The process that watches. Times are RFC 3339; ``last_backup`` is null before the first backup of the history.

    ``yielding`` is a sentence while it does less because the machine is starved.
    """

    pid: int
    started_at: str
    uptime_seconds: float
    sensors: list[SensorRow]
    sinks: list[SinkRow]
    workers: list[WorkerRow]
    resources: ResourcesRow | None
    last_backup: str | None
    security: SecurityRow | None
    yielding: str | None
    vision: VisionRow | None = None

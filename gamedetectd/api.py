"""The public API: how gamedetectd is, what it counts, its logger, and the id that ties log lines together.

Small and stable: names and fields are only ever added. Inside the daemon's process the answers come from the daemon
itself; anywhere else it is asked over its control channel, as the same person. See docs/api.md.

    from gamedetectd.api import health, metrics

    print(health.current().overall, metrics.current().cpu_share)
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Literal, Self, TypeAlias

import msgspec

from gamedetectd.control.client import Client
from gamedetectd.control.daemon_shapes import DaemonRow
from gamedetectd.control.own_daemon import own_status
from gamedetectd.control.shapes import StatusRow
from gamedetectd.errors import ControlError
from gamedetectd.observability.correlation import correlation, current_id
from gamedetectd.paths import Paths

__all__ = ["Condition", "CorrelationContext", "Health", "Metrics", "get_logger", "health", "metrics"]

Overall: TypeAlias = Literal["healthy", "degraded", "unhealthy"]
Severity: TypeAlias = Literal["info", "warning", "error"]
_ROOT = "gamedetectd"


@dataclass(frozen=True, slots=True)
class Condition:
    """Something that is wrong, in a person's words, and what to do about it. ``code`` stays the same for ever."""

    code: str
    title: str
    severity: Severity
    message: str
    remedy: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Health:
    """How the daemon is: an error makes it unhealthy, a warning degraded, information changes nothing."""

    overall: Overall
    conditions: tuple[Condition, ...]
    version: str
    pid: int
    started_at: datetime
    paused: bool

    @property
    def healthy(self) -> bool:
        """True where nothing is wrong that costs anything."""
        return self.overall == "healthy"


@dataclass(frozen=True, slots=True)
class Metrics:
    """What the daemon uses and counts, and how busy the machine is. None: this system does not tell.

    Shares are 0 to 1: ``cpu_share`` of one core (above 1 where several are used), ``system_cpu_share`` of all cores
    together, over the seconds before. Sizes are bytes. ``counters`` are the daemon's own; names may be added.
    """

    cpu_seconds: float
    cpu_share: float | None
    memory_bytes: int
    open_files: int
    threads: int
    system_cpus: int
    system_cpu_share: float | None
    system_memory_bytes: int
    system_memory_available_bytes: int
    uptime_seconds: float
    counters: Mapping[str, float]


class _Health:
    """``health.current()``."""

    def current(self) -> Health:
        """How the daemon is now.

        Raises:
            NotRunningError: None of this person runs.
            ControlError: It did not answer in time, or is too old to tell.
        """
        status, daemon = _status()
        if status.health is None:
            raise _too_old()
        conditions = tuple(
            Condition(one.code, one.title, one.severity, one.message, one.remedy, datetime.fromisoformat(one.since))
            for one in status.health.conditions
        )
        started = datetime.fromisoformat(daemon.started_at)
        return Health(status.health.overall, conditions, status.version, daemon.pid, started, status.paused)


class _Metrics:
    """``metrics.current()``."""

    def current(self) -> Metrics:
        """What the daemon uses and counts now. Raises as ``health.current`` does."""
        status, daemon = _status()
        used = daemon.resources
        if used is None:
            raise ControlError("The system does not tell the daemon what it uses.", "See: gamedetectd doctor")
        return Metrics(
            cpu_seconds=used.cpu_seconds,
            cpu_share=used.cpu_share,
            memory_bytes=used.rss_bytes,
            open_files=used.open_files,
            threads=used.threads,
            system_cpus=used.system_cpus,
            system_cpu_share=used.system_cpu_share,
            system_memory_bytes=used.system_memory_bytes,
            system_memory_available_bytes=used.system_memory_available_bytes,
            uptime_seconds=daemon.uptime_seconds,
            counters=dict(status.counters),
        )


health = _Health()
metrics = _Metrics()


def get_logger(name: str) -> logging.Logger:
    """The logger of that name below ``gamedetectd``, such as ``gamedetectd.my_tool``.

    In the daemon's process what it is given goes to the log with the correlation id in force, and without secrets and
    private titles. Elsewhere it is a logger of the standard library like any other: set logging up as you like.
    """
    ours = name == _ROOT or name.startswith(f"{_ROOT}.")
    return logging.getLogger(name if ours else f"{_ROOT}.{name}")


class CorrelationContext:
    """Runs a block under one id: every line logged in it bears it as ``trace.id``, so that they are found together.

    Without an id a fresh one is made: 32 hexadecimal digits. Contexts may be nested; the inner one holds in its block.
    Each is used once, and is for the thread or task that enters it.

        with CorrelationContext() as context:
            get_logger("my_tool").info("begun")
            print(context.id)
    """

    def __init__(self, correlation_id: str | None = None) -> None:
        self._context = correlation(correlation_id)
        self.id = ""
        """The id, from the beginning of the block on."""

    @staticmethod
    def current() -> str:
        """The id in force here; the empty string where there is none."""
        return current_id()

    def __enter__(self) -> Self:
        self.id = self._context.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._context.__exit__(kind, error, trace)


def _status() -> tuple[StatusRow, DaemonRow]:
    """The daemon's own word: of the one in this process, else of the person's."""
    status = own_status() or msgspec.convert(Client(Paths.resolve()).request("status"), StatusRow)
    if status.daemon is None:
        raise _too_old()
    return status, status.daemon


def _too_old() -> ControlError:
    return ControlError("The daemon that runs is of an older version.", "Restart it: gamedetectd stop, then run.")

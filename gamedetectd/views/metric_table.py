"""Every metric there is, in one table: its name, what it says, its labels and how it is read from a daemon's numbers.

Names, types and units follow Prometheus' conventions (https://prometheus.io/docs/practices/naming/). The values of a
label come from tables of ours, never from what runs or is played here: titles only where the person asks for them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping

from gamedetectd.domain import Session
from gamedetectd.observability.histogram import Distribution
from gamedetectd.platforms.resources import Resources
from gamedetectd.views.metrics import Family, Metric, Readings, Sample, Series
from gamedetectd.worker import WorkerState

MOST_TITLES = 20
"""Sessions that get series of their own where titles are asked for."""
LONGEST_TITLE = 120
"""Characters of a title in a label."""


def collect(readings: Readings) -> tuple[Family, ...]:
    """Every metric that has something to say."""
    families = (Family(one.name, one.kind, one.help, tuple(_samples(one, readings))) for one in METRICS)
    return tuple(family for family in families if family.samples)


def _samples(metric: Metric, readings: Readings) -> Iterator[Sample]:
    for values, value in metric.read(readings):
        labels = dict(zip(metric.labels, values, strict=True))
        if isinstance(value, Distribution):
            buckets = tuple(zip(value.bounds, value.counts, strict=False))  # infinity's is the count
            yield Sample(labels, value.count, value.sum, buckets)
        elif value is not None and math.isfinite(value):
            yield Sample(labels, float(value))


def _one(read: Callable[[Readings], float | Distribution | None]) -> Callable[[Readings], Series]:
    """A metric without labels."""
    return lambda readings: [((), read(readings))]


def _counter(name: str) -> Callable[[Readings], Series]:
    """One of the snapshot's counters; not there where that part does not run."""
    return _one(lambda readings: readings.counters.get(name))


def _own(read: Callable[[Resources], float | None]) -> Callable[[Readings], Series]:
    """A number of the resources."""
    return _one(lambda readings: None if readings.resources is None else read(readings.resources))


def _by_key(read: Callable[[Readings], Mapping[str, float | Distribution]]) -> Callable[[Readings], Series]:
    """A metric with one label, whose values are the keys."""
    return lambda readings: [((key,), value) for key, value in sorted(read(readings).items())]


def _build(readings: Readings) -> Series:
    return [((readings.version, readings.python, readings.system), 1.0)]


def _conditions(readings: Readings) -> Series:
    there = {condition.code for condition in readings.conditions}
    return [((code, severity), float(code in there)) for code, severity in readings.declared.items()]


def _overall(readings: Readings) -> Series:
    return [((state,), float(state == readings.overall)) for state in ("healthy", "degraded", "unhealthy")]


def _answers(readings: Readings) -> Series:
    return [((path, str(code)), count) for (path, code), count in sorted(readings.answers.items())]


def _pressure(readings: Readings) -> Series:
    own = readings.resources
    if own is None:
        return []
    return [(("cpu",), own.cpu_pressure), (("memory",), own.memory_pressure), (("io",), own.io_pressure)]


def _load(place: int) -> Callable[[Readings], Series]:
    return _own(lambda own: None if own.system_load is None else own.system_load[place])


def _played(read: Callable[[Session], float]) -> Callable[[Readings], Series]:
    """A number of each running session, under its title; nothing where titles are not asked for."""

    def series(readings: Readings) -> Series:
        show = readings.titles
        if show is None:
            return []
        shown = readings.sessions[:MOST_TITLES]
        return [((one.id, one.game.id, show(one.game.title)[:LONGEST_TITLE]), read(one)) for one in shown]

    return series


_SESSION = ("session", "game", "title")

METRICS: tuple[Metric, ...] = (
    # what it is for
    Metric(
        "gamedetectd_build_info",
        "gauge",
        "Which gamedetectd this is; always 1.",
        _build,
        ("version", "python", "system"),
    ),
    Metric("gamedetectd_sessions_open", "gauge", "Games that are being played.", _one(lambda r: len(r.sessions))),
    Metric("gamedetectd_sessions_started_total", "counter", "Sessions that began.", _one(lambda r: r.started)),
    Metric(
        "gamedetectd_sessions_ended_total",
        "counter",
        "Sessions that ended, by how.",
        _by_key(lambda r: r.ended),
        ("ended_by",),
    ),
    Metric(
        "gamedetectd_detections_total",
        "counter",
        "Games that were detected, by the kind of evidence that weighed most.",
        _by_key(lambda r: r.detected),
        ("source",),
    ),
    Metric("gamedetectd_judgements_total", "counter", "How often a program was judged.", _counter("judgements")),
    Metric("gamedetectd_programs", "gauge", "Programs that are followed.", _counter("programs")),
    Metric(
        "gamedetectd_installed_games",
        "gauge",
        "Games that stores have installed here.",
        _one(lambda r: r.installed_games),
    ),
    Metric("gamedetectd_paused", "gauge", "1 while watching is paused.", _one(lambda r: float(r.paused))),
    Metric(
        "gamedetectd_session_start_time_seconds",
        "gauge",
        "When a running session began, in seconds since 1970; only where titles are asked for.",
        _played(lambda one: one.started_at),
        _SESSION,
    ),
    Metric(
        "gamedetectd_session_foreground_seconds",
        "gauge",
        "How long a running session was in the foreground; only where titles are asked for.",
        _played(lambda one: one.foreground_seconds),
        _SESSION,
    ),
    # how fast
    Metric(
        "gamedetectd_observation_latency_seconds",
        "histogram",
        "From an observation until it was dealt with.",
        _one(lambda r: r.latency),
    ),
    Metric(
        "gamedetectd_detection_latency_seconds",
        "histogram",
        "From a program's first observation to the first verdict about it.",
        _one(lambda r: r.decisions),
    ),
    Metric(
        "gamedetectd_facts_gathering_seconds",
        "histogram",
        "How long gathering took, by the kind of fact.",
        _by_key(lambda r: r.gathering),
        ("kind",),
    ),
    Metric(
        "gamedetectd_history_commit_seconds",
        "histogram",
        "How long writing events to the history took.",
        _one(lambda r: r.commits),
    ),
    Metric(
        "gamedetectd_sink_delivery_seconds",
        "histogram",
        "How long a sink took for an event it accepted.",
        _by_key(lambda r: r.deliveries),
        ("sink",),
    ),
    # what waits, and what was lost or failed
    Metric("gamedetectd_queue_length", "gauge", "Observations that wait for the engine.", _counter("queue_length")),
    Metric(
        "gamedetectd_queue_length_max", "gauge", "The most observations that ever waited.", _counter("queue_longest")
    ),
    Metric(
        "gamedetectd_queue_overflows_total",
        "counter",
        "How often more came than could wait; every process is looked at again then.",
        _counter("queue_overflows"),
    ),
    Metric(
        "gamedetectd_events_uncommitted",
        "gauge",
        "Events that wait to be written to the history.",
        _counter("uncommitted_events"),
    ),
    Metric(
        "gamedetectd_facts_waiting",
        "gauge",
        "Programs of which facts are being gathered.",
        _one(lambda r: r.facts_waiting),
    ),
    Metric(
        "gamedetectd_facts_failures_total",
        "counter",
        "How often a kind of fact could not be gathered.",
        _by_key(lambda r: {kind: books.failed for kind, books in r.facts.items()}),
        ("kind",),
    ),
    Metric(
        "gamedetectd_sink_backlog_events",
        "gauge",
        "Events a sink has not taken yet.",
        _by_key(lambda r: {name: books.backlog for name, books in r.sinks.items()}),
        ("sink",),
    ),
    Metric(
        "gamedetectd_sink_failing",
        "gauge",
        "1 while a sink does not take events.",
        _by_key(lambda r: {name: float(books.failing_since is not None) for name, books in r.sinks.items()}),
        ("sink",),
    ),
    Metric(
        "gamedetectd_worker_restarts_total",
        "counter",
        "How often a part crashed and was started again.",
        _by_key(lambda r: {one.name: one.restarts for one in r.workers}),
        ("worker",),
    ),
    Metric(
        "gamedetectd_worker_running",
        "gauge",
        "1 while a part runs; 0 while it rests after a crash, has ended, or was given up.",
        _by_key(lambda r: {one.name: float(one.state is WorkerState.RUNNING) for one in r.workers}),
        ("worker",),
    ),
    Metric(
        "gamedetectd_log_lines_lost",
        "gauge",
        "Lines the log could not take since the last it took.",
        _counter("log_lines_lost"),
    ),
    Metric(
        "gamedetectd_control_requests_total", "counter", "Commands that were answered.", _counter("control_requests")
    ),
    Metric(
        "gamedetectd_control_refused_total", "counter", "Clients that were turned away.", _counter("control_refused")
    ),
    Metric(
        "gamedetectd_http_requests_total",
        "counter",
        "Requests over HTTP, by path and status.",
        _answers,
        ("path", "code"),
    ),
    Metric(
        "gamedetectd_http_refused_total",
        "counter",
        "What was refused over HTTP, by why.",
        _by_key(lambda r: r.refusals),
        ("reason",),
    ),
    # health
    Metric("gamedetectd_health_condition", "gauge", "1 while that is wrong.", _conditions, ("code", "severity")),
    Metric("gamedetectd_health", "gauge", "1 for the state it is in, 0 for the others.", _overall, ("state",)),
    # what it costs
    Metric(
        "process_start_time_seconds",
        "gauge",
        "Start of the process in seconds since 1970.",
        _one(lambda r: r.started_at),
    ),
    Metric("process_cpu_seconds_total", "counter", "CPU time spent in seconds.", _own(lambda own: own.cpu_seconds)),
    Metric("process_resident_memory_bytes", "gauge", "Resident memory in bytes.", _own(lambda own: own.rss_bytes)),
    Metric(
        "process_open_fds", "gauge", "Open file descriptors (handles on Windows).", _own(lambda own: own.open_files)
    ),
    Metric(
        "process_max_fds",
        "gauge",
        "The most file descriptors it may have open.",
        _own(lambda own: own.open_files_limit),
    ),
    Metric("process_threads", "gauge", "Threads of the process.", _own(lambda own: own.threads)),
    # the machine around it
    Metric("gamedetectd_system_cpus", "gauge", "Cores of the machine.", _own(lambda own: own.system_cpus)),
    Metric(
        "gamedetectd_system_cpu_busy_seconds_total",
        "counter",
        "For how long the machine's cores were busy, all together.",
        _own(lambda own: own.system_cpu_busy_seconds),
    ),
    Metric(
        "gamedetectd_system_cpu_seconds_total",
        "counter",
        "For how long the machine's cores were busy or idle, all together.",
        _own(lambda own: own.system_cpu_seconds),
    ),
    Metric("gamedetectd_system_load1", "gauge", "Tasks that ran or wanted to, over the last minute.", _load(0)),
    Metric("gamedetectd_system_load5", "gauge", "Tasks that ran or wanted to, over the last 5 minutes.", _load(1)),
    Metric("gamedetectd_system_load15", "gauge", "Tasks that ran or wanted to, over the last 15 minutes.", _load(2)),
    Metric(
        "gamedetectd_system_memory_size_bytes",
        "gauge",
        "Memory of the machine.",
        _own(lambda own: own.system_memory_bytes),
    ),
    Metric(
        "gamedetectd_system_memory_available_bytes",
        "gauge",
        "Memory of the machine that programs can still have.",
        _own(lambda own: own.system_memory_available_bytes),
    ),
    Metric(
        "gamedetectd_system_pressure_ratio",
        "gauge",
        "Share of the last minute in which something waited for that (Linux).",
        _pressure,
        ("resource",),
    ),
)

"""Every metric there is, in one table: its name, what it says, its labels and how it is read from a daemon's numbers.

Names, types and units follow Prometheus' conventions (https://prometheus.io/docs/practices/naming/). The values of a
label come from tables of ours, never from what runs or is played here: titles only where the person asks for them.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from gamedetectd.observability.histogram import Distribution
from gamedetectd.views.metric_readers import (
    answers,
    build,
    by_key,
    conditions,
    counter,
    load,
    one,
    overall,
    own,
    played,
    pressure,
)
from gamedetectd.views.metrics import Family, Metric, Readings, Sample
from gamedetectd.worker import WorkerState


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


_SESSION = ("session", "game", "title")

METRICS: tuple[Metric, ...] = (
    # what it is for
    Metric(
        "gamedetectd_build_info",
        "gauge",
        "Which gamedetectd this is; always 1.",
        build,
        ("version", "python", "system"),
    ),
    Metric("gamedetectd_sessions_open", "gauge", "Games that are being played.", one(lambda r: len(r.sessions))),
    Metric("gamedetectd_sessions_started_total", "counter", "Sessions that began.", one(lambda r: r.started)),
    Metric(
        "gamedetectd_sessions_ended_total",
        "counter",
        "Sessions that ended, by how.",
        by_key(lambda r: r.ended),
        ("ended_by",),
    ),
    Metric(
        "gamedetectd_detections_total",
        "counter",
        "Games that were detected, by the kind of evidence that weighed most.",
        by_key(lambda r: r.detected),
        ("source",),
    ),
    Metric("gamedetectd_judgements_total", "counter", "How often a program was judged.", counter("judgements")),
    Metric("gamedetectd_programs", "gauge", "Programs that are followed.", counter("programs")),
    Metric(
        "gamedetectd_installed_games",
        "gauge",
        "Games that stores have installed here.",
        one(lambda r: r.installed_games),
    ),
    Metric("gamedetectd_paused", "gauge", "1 while watching is paused.", one(lambda r: float(r.paused))),
    Metric(
        "gamedetectd_session_start_time_seconds",
        "gauge",
        "When a running session began, in seconds since 1970; only where titles are asked for.",
        played(lambda one: one.started_at),
        _SESSION,
    ),
    Metric(
        "gamedetectd_session_foreground_seconds",
        "gauge",
        "How long a running session was in the foreground; only where titles are asked for.",
        played(lambda one: one.foreground_seconds),
        _SESSION,
    ),
    # how fast
    Metric(
        "gamedetectd_observation_latency_seconds",
        "histogram",
        "From an observation until it was dealt with.",
        one(lambda r: r.latency),
    ),
    Metric(
        "gamedetectd_detection_latency_seconds",
        "histogram",
        "From a program's first observation to the first verdict about it.",
        one(lambda r: r.decisions),
    ),
    Metric(
        "gamedetectd_facts_gathering_seconds",
        "histogram",
        "How long gathering took, by the kind of fact.",
        by_key(lambda r: r.gathering),
        ("kind",),
    ),
    Metric(
        "gamedetectd_history_commit_seconds",
        "histogram",
        "How long writing events to the history took.",
        one(lambda r: r.commits),
    ),
    Metric(
        "gamedetectd_sink_delivery_seconds",
        "histogram",
        "How long a sink took for an event it accepted.",
        by_key(lambda r: r.deliveries),
        ("sink",),
    ),
    # what waits, and what was lost or failed
    Metric("gamedetectd_queue_length", "gauge", "Observations that wait for the engine.", counter("queue_length")),
    Metric(
        "gamedetectd_queue_length_max", "gauge", "The most observations that ever waited.", counter("queue_longest")
    ),
    Metric(
        "gamedetectd_queue_overflows_total",
        "counter",
        "How often more came than could wait; every process is looked at again then.",
        counter("queue_overflows"),
    ),
    Metric(
        "gamedetectd_events_uncommitted",
        "gauge",
        "Events that wait to be written to the history.",
        counter("uncommitted_events"),
    ),
    Metric(
        "gamedetectd_facts_waiting",
        "gauge",
        "Programs of which facts are being gathered.",
        one(lambda r: r.facts_waiting),
    ),
    Metric(
        "gamedetectd_facts_failures_total",
        "counter",
        "How often a kind of fact could not be gathered.",
        by_key(lambda r: {kind: books.failed for kind, books in r.facts.items()}),
        ("kind",),
    ),
    Metric(
        "gamedetectd_sink_backlog_events",
        "gauge",
        "Events a sink has not taken yet.",
        by_key(lambda r: {name: books.backlog for name, books in r.sinks.items()}),
        ("sink",),
    ),
    Metric(
        "gamedetectd_sink_failing",
        "gauge",
        "1 while a sink does not take events.",
        by_key(lambda r: {name: float(books.failing_since is not None) for name, books in r.sinks.items()}),
        ("sink",),
    ),
    Metric(
        "gamedetectd_worker_restarts_total",
        "counter",
        "How often a part crashed and was started again.",
        by_key(lambda r: {one.name: one.restarts for one in r.workers}),
        ("worker",),
    ),
    Metric(
        "gamedetectd_worker_running",
        "gauge",
        "1 while a part runs; 0 while it rests after a crash, has ended, or was given up.",
        by_key(lambda r: {one.name: float(one.state is WorkerState.RUNNING) for one in r.workers}),
        ("worker",),
    ),
    Metric(
        "gamedetectd_log_lines_lost",
        "gauge",
        "Lines the log could not take since the last it took.",
        counter("log_lines_lost"),
    ),
    Metric(
        "gamedetectd_control_requests_total", "counter", "Commands that were answered.", counter("control_requests")
    ),
    Metric(
        "gamedetectd_control_refused_total", "counter", "Clients that were turned away.", counter("control_refused")
    ),
    Metric(
        "gamedetectd_http_requests_total",
        "counter",
        "Requests over HTTP, by path and status.",
        answers,
        ("path", "code"),
    ),
    Metric(
        "gamedetectd_http_refused_total",
        "counter",
        "What was refused over HTTP, by why.",
        by_key(lambda r: r.refusals),
        ("reason",),
    ),
    # eyes, where they are on
    Metric("gamedetectd_screen_looks_total", "counter", "How often the screen was looked at.", counter("screen_looks")),
    Metric(
        "gamedetectd_screen_cpu_seconds_total",
        "counter",
        "CPU time that looking at the screen took, in processes of its own.",
        counter("screen_cpu_seconds"),
    ),
    # health
    Metric("gamedetectd_health_looks_total", "counter", "How often health was looked at.", counter("health_looks")),
    Metric(
        "gamedetectd_health_cpu_seconds_total",
        "counter",
        "CPU time that looking at health took.",
        counter("health_cpu_seconds"),
    ),
    Metric("gamedetectd_health_condition", "gauge", "1 while that is wrong.", conditions, ("code", "severity")),
    Metric("gamedetectd_health", "gauge", "1 for the state it is in, 0 for the others.", overall, ("state",)),
    # what it costs
    Metric(
        "process_start_time_seconds",
        "gauge",
        "Start of the process in seconds since 1970.",
        one(lambda r: r.started_at),
    ),
    Metric("process_cpu_seconds_total", "counter", "CPU time spent in seconds.", own(lambda own: own.cpu_seconds)),
    Metric("process_resident_memory_bytes", "gauge", "Resident memory in bytes.", own(lambda own: own.rss_bytes)),
    Metric("process_open_fds", "gauge", "Open file descriptors (handles on Windows).", own(lambda own: own.open_files)),
    Metric(
        "process_max_fds",
        "gauge",
        "The most file descriptors it may have open.",
        own(lambda own: own.open_files_limit),
    ),
    Metric("process_threads", "gauge", "Threads of the process.", own(lambda own: own.threads)),
    # the machine around it
    Metric("gamedetectd_sleeps_total", "counter", "How often the machine slept.", counter("sleeps")),
    Metric("gamedetectd_slept_seconds_total", "counter", "For how long the machine slept.", counter("slept_seconds")),
    Metric("gamedetectd_clock_jumps_total", "counter", "How often the calendar was set.", counter("clock_jumps")),
    Metric(
        "gamedetectd_pause_ratio",
        "gauge",
        "How many times as long as usual its pauses are; more than 1 while it holds back on a starved machine.",
        counter("pace"),
    ),
    Metric("gamedetectd_system_cpus", "gauge", "Cores of the machine.", own(lambda own: own.system_cpus)),
    Metric(
        "gamedetectd_system_cpu_busy_seconds_total",
        "counter",
        "For how long the machine's cores were busy, all together.",
        own(lambda own: own.system_cpu_busy_seconds),
    ),
    Metric(
        "gamedetectd_system_cpu_seconds_total",
        "counter",
        "For how long the machine's cores were busy or idle, all together.",
        own(lambda own: own.system_cpu_seconds),
    ),
    Metric("gamedetectd_system_load1", "gauge", "Tasks that ran or wanted to, over the last minute.", load(0)),
    Metric("gamedetectd_system_load5", "gauge", "Tasks that ran or wanted to, over the last 5 minutes.", load(1)),
    Metric("gamedetectd_system_load15", "gauge", "Tasks that ran or wanted to, over the last 15 minutes.", load(2)),
    Metric(
        "gamedetectd_system_memory_size_bytes",
        "gauge",
        "Memory of the machine.",
        own(lambda own: own.system_memory_bytes),
    ),
    Metric(
        "gamedetectd_system_memory_available_bytes",
        "gauge",
        "Memory of the machine that programs can still have.",
        own(lambda own: own.system_memory_available_bytes),
    ),
    Metric(
        "gamedetectd_system_pressure_ratio",
        "gauge",
        "Share of the last minute in which something waited for that (Linux).",
        pressure,
        ("resource",),
    ),
)

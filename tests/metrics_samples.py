"""Readings of a daemon that has lived a little, for tests of what is made of them."""

from gamedetectd.app.checks import CONDITIONS
from gamedetectd.domain import ActiveCondition, EndedBy, FactKind, Game, ProcessKey, Session, Severity
from gamedetectd.facts.room import SourceStatus
from gamedetectd.observability.histogram import Histogram
from gamedetectd.platforms.resources import resource_meter
from gamedetectd.sinks.runner import SinkStatus
from gamedetectd.views.metrics import Readings
from gamedetectd.worker import WorkerState, WorkerStatus

KEY = ProcessKey("boot", 42, 1000)
TITLE = 'A "title" with\nevery \\ trap and ünïcödé'
SESSION = Session("s1", Game("name:trap", TITLE), 1e9, 12.0, KEY, (KEY,), (), 0.98, foreground_seconds=10.5)
PROBLEM = ActiveCondition("disk-nearly-full", "Full", Severity.WARNING, "Disk full.", "Free some space.", 1e9)


def timing(*seconds):
    histogram = Histogram()
    for value in seconds:
        histogram.observe(value)
    return histogram.look()


def readings(**other):
    return Readings(
        **{
            "version": "1.0",
            "python": "3.11.7",
            "system": "linux",
            "started_at": 1e9,
            "sessions": (SESSION,),
            "paused": False,
            "counters": {
                "queue_length": 3,
                "queue_longest": 40,
                "queue_overflows": 1,
                "judgements": 1234,
                "programs": 56,
                "uncommitted_events": 0,
                "control_requests": 7,
                "control_refused": 1,
                "log_lines_lost": 0,
                "sleeps": 2,
                "slept_seconds": 3600.5,
                "clock_jumps": 1,
                "pace": 1.0,
                "health_looks": 10,
                "health_cpu_seconds": 0.01,
                "screen_looks": 4,
                "screen_cpu_seconds": 3.2,
            },
            "started": 5,
            "ended": {how.value: 1 for how in EndedBy},
            "detected": {"store": 3, "library": 2},
            "latency": timing(0.0004, 0.004, 0.4),
            "decisions": timing(0.02, 3.0),
            "commits": timing(0.001, 100.0),
            "facts_waiting": 2,
            "facts": {FactKind.FILES.value: SourceStatus(asked=10, failed=1)},
            "gathering": {FactKind.FILES.value: timing(0.003)},
            "sinks": {"event_log": SinkStatus("event_log", 9, 2, "", None)},
            "deliveries": {"event_log": timing(0.01)},
            "workers": (
                WorkerStatus("engine", WorkerState.RUNNING, 0, "", 0.0),
                WorkerStatus("facts", WorkerState.RESTING, 2, "OSError: no", 0.0),
            ),
            "conditions": (PROBLEM,),
            "declared": {condition.code: condition.severity.value for condition in CONDITIONS},
            "overall": "degraded",
            "installed_games": 55,
            "resources": resource_meter().read(),
            "answers": {("/metrics", 200): 4, ("other", 404): 1},
            "refusals": {"token": 2},
            **other,
        }
    )

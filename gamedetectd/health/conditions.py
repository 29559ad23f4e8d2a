"""What can be wrong, declared once: a health check is a row here and a probe that reports its code.

Nothing reported means healthy. To add a check, add a row to ``CONDITIONS`` and a finding to a probe in ``probes``, or
hand a probe of its own to the monitor in ``app``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from gamedetectd.domain import ActiveCondition, Severity
from gamedetectd.i18n import N_

Overall = Literal["healthy", "degraded", "unhealthy"]


@dataclass(frozen=True, slots=True)
class Condition:
    """One thing that can be wrong. ``code`` stays; ``title`` and ``remedy`` are what a person reads,
    marked by ``N_`` and translated where they are shown.

    It is told once it lasted ``time_to_visible`` seconds, and taken back once it was absent for ``time_to_clear``
    seconds; one that ``flaps`` is held for a minute at least. While a condition in ``depends_on`` is there too (for the
    same key, or for the whole daemon), that one is the cause and this one is not told.
    """

    code: str
    title: str
    severity: Severity
    remedy: str
    depends_on: tuple[str, ...] = ()
    time_to_visible: float = 0.0
    time_to_clear: float = 0.0
    flaps: bool = True
    """False for what changes by the person's hand alone: whoever mended it sees so at once."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A condition seen now. ``key`` says where (a worker's, sensor's or sink's name), empty for the whole daemon."""

    code: str
    message: str
    key: str = ""


WORKER_GAVE_UP = "worker-gave-up"
WORKER_STUCK = "worker-stuck"
WORKER_CRASHED = "worker-crashed"
SENSOR_UNSUPPORTED = "sensor-unsupported"
SENSOR_FALLBACK = "sensor-fallback"
QUEUE_OVERFLOW = "queue-overflow"
FACTS_STUCK = "facts-stuck"
SINK_FAILING = "sink-failing"
DISK_NEARLY_FULL = "disk-nearly-full"
LOG_UNWRITABLE = "log-unwritable"
HISTORY_UNWRITABLE = "history-unwritable"
HISTORY_RESTORED = "history-restored"
JOURNAL_UNWRITABLE = "journal-unwritable"
SETTINGS_INVALID = "settings-invalid"
RULES_INVALID = "rules-invalid"
RESTART_NEEDED = "restart-needed"
CATALOGUE_DAMAGED = "catalogue-damaged"
CONTROL_DOWN = "control-down"
CLOCK_SET = "clock-set"
STORE_UNREADABLE = "store-unreadable"
NOTIFICATIONS_UNAVAILABLE = "notifications-unavailable"
TRAY_UNAVAILABLE = "tray-unavailable"
TRAY_EXTENSION_MISSING = "tray-extension-missing"
PROBE_FAILED = "probe-failed"
PROBE_STUCK = "probe-stuck"

_RESTART = N_("Restart it (gamedetectd stop, then gamedetectd run); if it comes back, report it with: gamedetectd logs")
_WRITABLE = N_("Check that the directory is yours and writable and that the disk has room; it goes on by itself then.")
_NO_WORKER = (WORKER_GAVE_UP, WORKER_STUCK, WORKER_CRASHED)

CONDITIONS: tuple[Condition, ...] = (
    Condition(WORKER_GAVE_UP, N_("A part of gamedetectd has stopped for good"), Severity.ERROR, _RESTART),
    Condition(
        WORKER_STUCK,
        N_("A part of gamedetectd does not get on"),
        Severity.ERROR,
        _RESTART,
        (WORKER_GAVE_UP,),
        0.0,
        30.0,
    ),
    Condition(
        WORKER_CRASHED,
        N_("A part of gamedetectd failed and starts again"),
        Severity.WARNING,
        N_("Wait a minute; if it stays so, look at: gamedetectd logs"),
        (WORKER_GAVE_UP,),
        0.0,
        60.0,
    ),
    Condition(
        SENSOR_UNSUPPORTED,
        N_("Something cannot be watched here"),
        Severity.INFO,
        N_("Nothing needs to be done, unless you expect it to work here."),
        _NO_WORKER,
    ),
    Condition(
        SENSOR_FALLBACK,
        N_("Something is watched the slower way"),
        Severity.INFO,
        N_("Nothing needs to be done; games are noticed a little later."),
        _NO_WORKER,
        30.0,
    ),
    Condition(
        QUEUE_OVERFLOW,
        N_("More happened at once than could be followed"),
        Severity.INFO,
        N_("Nothing needs to be done: all processes were looked at again."),
        _NO_WORKER,
        0.0,
        60.0,
    ),
    Condition(
        FACTS_STUCK,
        N_("Looking at programs takes too long"),
        Severity.WARNING,
        N_("Check that the disks programs lie on (network drives too) answer."),
        _NO_WORKER,
        30.0,
    ),
    Condition(
        SINK_FAILING,
        N_("Events cannot be delivered"),
        Severity.WARNING,
        N_("Nothing is lost: they are kept and delivered once it works again. The cause is above."),
        (*_NO_WORKER, DISK_NEARLY_FULL),
        30.0,
    ),
    Condition(
        DISK_NEARLY_FULL,
        N_("The disk is nearly full"),
        Severity.WARNING,
        N_("Free some space; play time can no longer be kept when it is full."),
        (),
        0.0,
        60.0,
    ),
    Condition(LOG_UNWRITABLE, N_("The log cannot be written"), Severity.WARNING, _WRITABLE, (DISK_NEARLY_FULL,)),
    Condition(HISTORY_UNWRITABLE, N_("Play time cannot be kept"), Severity.ERROR, _WRITABLE, (DISK_NEARLY_FULL,)),
    Condition(
        HISTORY_RESTORED,
        N_("The history was damaged and taken from a backup"),
        Severity.WARNING,
        N_("Check the disk. The damaged file was kept beside the history."),
    ),
    Condition(
        JOURNAL_UNWRITABLE,
        N_("A crash now would lose running play time"),
        Severity.WARNING,
        _WRITABLE,
        (DISK_NEARLY_FULL,),
    ),
    Condition(
        SETTINGS_INVALID,
        N_("The settings have an error; the earlier ones stay in force"),
        Severity.WARNING,
        N_("Mend the file; see: gamedetectd config check"),
        flaps=False,
    ),
    Condition(
        RULES_INVALID,
        N_("Your rules have an error; the earlier ones stay in force"),
        Severity.WARNING,
        N_("Mend the file; see: gamedetectd config check"),
        flaps=False,
    ),
    Condition(
        RESTART_NEEDED,
        N_("Changed settings wait for a restart"),
        Severity.INFO,
        N_("Restart when it suits you: gamedetectd stop, then gamedetectd run"),
        flaps=False,
    ),
    Condition(
        CATALOGUE_DAMAGED,
        N_("A list of known games is damaged and set aside"),
        Severity.WARNING,
        N_("Fetch it again: gamedetectd catalogue update, or import it: gamedetectd catalogue import FILE"),
        flaps=False,
    ),
    Condition(
        CONTROL_DOWN,
        N_("Commands cannot reach the daemon"),
        Severity.WARNING,
        N_("Check that its runtime directory (gamedetectd config path) is yours and writable."),
        _NO_WORKER,
        30.0,
    ),
    Condition(
        CLOCK_SET,
        N_("The clock was set"),
        Severity.INFO,
        N_("Nothing needs to be done: play time does not depend on it."),
    ),
    Condition(
        STORE_UNREADABLE,
        N_("Some of a store's installed games cannot be read"),
        Severity.INFO,
        N_("See: gamedetectd library list; what the store itself writes anew is read again by itself."),
        flaps=False,
    ),
    Condition(
        NOTIFICATIONS_UNAVAILABLE,
        N_("Notifications cannot be shown"),
        Severity.INFO,
        N_("Nothing is lost: gamedetectd status tells the same. On Linux a desktop's notification service shows them."),
        _NO_WORKER,
        30.0,
    ),
    Condition(
        TRAY_UNAVAILABLE,
        N_("There is no icon in the tray"),
        Severity.INFO,
        N_("Add a tray to your panel, and the icon comes by itself; everything it offers is also a command."),
        _NO_WORKER,
        10.0,
    ),
    Condition(
        TRAY_EXTENSION_MISSING,
        N_("GNOME does not show the icon"),
        Severity.INFO,
        N_("Install the extension AppIndicator and KStatusNotifierItem Support; the icon comes by itself then."),
        _NO_WORKER,
        10.0,
    ),
    Condition(PROBE_FAILED, N_("A health check failed"), Severity.WARNING, _RESTART),
    Condition(PROBE_STUCK, N_("A health check does not come back"), Severity.WARNING, _RESTART),
)

BY_CODE: Mapping[str, Condition] = MappingProxyType({condition.code: condition for condition in CONDITIONS})


def overall(conditions: Iterable[ActiveCondition]) -> Overall:
    """All conditions in one word: an error makes unhealthy, a warning degraded, information nothing."""
    severities = {condition.severity for condition in conditions}
    if Severity.ERROR in severities:
        return "unhealthy"
    return "degraded" if Severity.WARNING in severities else "healthy"

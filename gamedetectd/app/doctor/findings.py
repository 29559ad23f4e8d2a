"""What ``doctor`` can find wrong beside what the daemon reports, declared once; docs/conditions.md is made from it.

A remedy here is the usual one; where the file or process is known, the check gives the very command.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from gamedetectd.control.doctor_shapes import FindingRow
from gamedetectd.domain import Severity
from gamedetectd.health.conditions import Condition

PART_MISSING = "part-missing"
RESOURCE_MISSING = "resource-missing"
PLACE_UNUSABLE = "place-unusable"
PLACE_OPEN = "place-open"
DISK_NEARLY_FULL = "disk-nearly-full"
SETTINGS_INVALID = "settings-invalid"
SETTINGS_REFUSED = "settings-refused"
RULES_INVALID = "rules-invalid"
ACTIONS_INVALID = "actions-invalid"
DISPLAY_UNUSABLE = "display-unusable"
DISPLAY_MISSING = "display-missing"
WINDOWS_UNTOLD = "windows-untold"
BUS_UNUSABLE = "bus-unusable"
BUS_MISSING = "bus-missing"
DAEMON_HUNG = "daemon-hung"
DAEMON_DIED = "daemon-died"
DAEMON_NOT_RUNNING = "daemon-not-running"
DAEMON_OTHER_VERSION = "daemon-other-version"
HISTORY_DAMAGED = "history-damaged"
HISTORY_UNUSABLE = "history-unusable"
HISTORY_NO_BACKUP = "history-no-backup"
CATALOGUE_DAMAGED = "catalogue-damaged"
STORE_UNREADABLE = "store-unreadable"
AUTOSTART_BROKEN = "autostart-broken"
SECRETS_UNUSABLE = "secrets-unusable"
VISION_MISSING = "vision-missing"
TITLE_SCREENS_MISSING = "title-screens-missing"
VISION_MODEL_MISSING = "vision-model-missing"
VISION_MODEL_DAMAGED = "vision-model-damaged"
CHECK_SLOW = "check-slow"
CHECK_FAILED = "check-failed"

_REINSTALL = "Install it again: pip install --force-reinstall gamedetectd"
_EYES = (
    "Install it again: pip install --force-reinstall 'gamedetectd[vision]', or switch it off: gamedetectd vision off"
)
_WATCH = "Start it: gamedetectd run; to have it start at login: gamedetectd autostart on"
_DESKTOP = "Nothing needs to be done without a desktop; on one, start gamedetectd from inside the session."


def _one(code: str, title: str, severity: Severity, remedy: str) -> Condition:
    return Condition(code, title, severity, remedy)


FINDINGS: tuple[Condition, ...] = (
    _one(PART_MISSING, "A part that gamedetectd needs is missing", Severity.ERROR, _REINSTALL),
    _one(RESOURCE_MISSING, "A file that belongs to gamedetectd is missing", Severity.ERROR, _REINSTALL),
    _one(
        PLACE_UNUSABLE,
        "A directory cannot be used",
        Severity.ERROR,
        "Make it yours and writable, or set GAMEDETECTD_HOME to another directory.",
    ),
    _one(
        PLACE_OPEN,
        "A file or directory is not protected",
        Severity.WARNING,
        "Take the rights of others away: chmod go-w, with its path.",
    ),
    _one(
        DISK_NEARLY_FULL,
        "The disk is nearly full",
        Severity.WARNING,
        "Free some space; play time can no longer be kept when it is full.",
    ),
    _one(
        SETTINGS_INVALID,
        "The settings have an error; the earlier ones stay in force",
        Severity.WARNING,
        "Mend the file; see: gamedetectd config check",
    ),
    _one(
        SETTINGS_REFUSED,
        "The settings have an error, with which it does not start",
        Severity.ERROR,
        "Mend the file; see: gamedetectd config check",
    ),
    _one(
        RULES_INVALID,
        "Your rules have an error",
        Severity.WARNING,
        "Mend the file; see: gamedetectd config check",
    ),
    _one(
        ACTIONS_INVALID,
        "Your hooks, webhooks and brokers have an error",
        Severity.WARNING,
        "Mend the file; see: gamedetectd config check",
    ),
    _one(
        DISPLAY_UNUSABLE,
        "The display cannot be used",
        Severity.WARNING,
        "Set DISPLAY to the display of your session, such as: export DISPLAY=:0",
    ),
    _one(DISPLAY_MISSING, "There is no display", Severity.INFO, _DESKTOP),
    _one(
        WINDOWS_UNTOLD,
        "GNOME does not tell which window is in front",
        Severity.INFO,
        "Install our extension, then log out and in again: gamedetectd desktop install-extension",
    ),
    _one(
        BUS_UNUSABLE,
        "The session bus cannot be used",
        Severity.WARNING,
        "Log in again, or set the bus' address: export DBUS_SESSION_BUS_ADDRESS=unix:path=/run/user/$(id -u)/bus",
    ),
    _one(BUS_MISSING, "There is no session bus", Severity.INFO, _DESKTOP),
    _one(
        DAEMON_HUNG,
        "The daemon runs and does not answer",
        Severity.ERROR,
        "End it and start it again: gamedetectd run",
    ),
    _one(DAEMON_DIED, "The daemon ended without a word", Severity.WARNING, _WATCH),
    _one(DAEMON_NOT_RUNNING, "The daemon does not run", Severity.INFO, _WATCH),
    _one(
        DAEMON_OTHER_VERSION,
        "The daemon that runs is of another version",
        Severity.WARNING,
        "Restart it: gamedetectd stop, then gamedetectd run",
    ),
    _one(
        HISTORY_DAMAGED,
        "The history is damaged",
        Severity.ERROR,
        "Restart it, and it mends what can be mended: gamedetectd stop, then gamedetectd run",
    ),
    _one(
        HISTORY_UNUSABLE,
        "The history cannot be read",
        Severity.ERROR,
        "Make the file and its directory yours and readable again.",
    ),
    _one(
        HISTORY_NO_BACKUP,
        "The history has no recent backup",
        Severity.WARNING,
        "A daemon that runs makes one every day: gamedetectd run",
    ),
    _one(
        CATALOGUE_DAMAGED,
        "A list of known games is damaged and set aside",
        Severity.WARNING,
        "Fetch it again: gamedetectd catalogue update, or import it: gamedetectd catalogue import FILE",
    ),
    _one(
        STORE_UNREADABLE,
        "Some of a store's installed games cannot be read",
        Severity.INFO,
        "See: gamedetectd library list; what the store itself writes anew is read again by itself.",
    ),
    _one(
        AUTOSTART_BROKEN,
        "Starting at login is not in order",
        Severity.WARNING,
        "Switch it on again: gamedetectd autostart on",
    ),
    _one(
        SECRETS_UNUSABLE,
        "Secrets cannot be read",
        Severity.WARNING,
        "See: gamedetectd secret list",
    ),
    _one(
        VISION_MISSING,
        "Looking at the screen is switched on, but not installed",
        Severity.WARNING,
        "Install it: pip install 'gamedetectd[vision]', or switch it off: gamedetectd vision off",
    ),
    _one(
        TITLE_SCREENS_MISSING,
        "Reading title screens is switched on, but not installed",
        Severity.WARNING,
        "Install it: pip install 'gamedetectd[ocr]', or switch it off: gamedetectd config set vision.read_titles false",
    ),
    _one(VISION_MODEL_MISSING, "What looks at the screen is missing", Severity.WARNING, _EYES),
    _one(VISION_MODEL_DAMAGED, "What looks at the screen is damaged", Severity.WARNING, _EYES),
    _one(
        CHECK_SLOW,
        "Something does not answer",
        Severity.WARNING,
        "Check that the disks that hold it (network drives too) and the desktop session answer.",
    ),
    _one(
        CHECK_FAILED,
        "A check of the doctor's failed",
        Severity.WARNING,
        "This is a fault in gamedetectd; please report it with what is printed.",
    ),
)
BY_CODE: Mapping[str, Condition] = MappingProxyType({one.code: one for one in FINDINGS})


@dataclass(frozen=True, slots=True)
class Trouble:
    """One thing found. ``message`` says what and where; ``remedy`` is the very command where it is known, else ""."""

    code: str
    message: str
    remedy: str = ""

    def row(self, where: str) -> FindingRow:
        """As it is told."""
        kind = BY_CODE[self.code]
        return FindingRow(kind.code, kind.title, kind.severity.value, self.message, self.remedy or kind.remedy, where)

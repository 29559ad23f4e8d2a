"""What each way of doing something says of itself: its purpose, system and mechanism, and how far it was tried.

A declaration stands beside the backends of its family, in a ``declared.py`` that any system can import; the tables that
choose a backend name its declaration. ``app/declared.py`` lists the families: docs/platforms.md is made of them, and
``doctor`` tells how far each way was tried.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

LINUX, WINDOWS, MACOS = "linux", "win32", "darwin"
"""As ``sys.platform`` names them."""
SYSTEMS = {LINUX: "Linux", WINDOWS: "Windows", MACOS: "macOS"}


class Verified(StrEnum):
    """How far a way was tried by this project's tests."""

    REAL = "real"
    """On that system itself."""
    WINE = "Wine"
    """By the official Windows Python under Wine, which is not Windows."""
    RECORDED = "recorded"
    """On answers and files as others recorded or documented them."""
    TABLES = "tables"
    """Only what is made of the system's answers, which the tests make themselves."""
    UNVERIFIED = "unverified"
    """Written after the documentation, type-checked, and run by nobody yet."""
    NOT_DONE = "not done"
    """There is no way of ours."""


class Purpose(StrEnum):
    """What is done, in the order of the page."""

    BEGIN = "programs begin"
    END = "programs end"
    READ = "path, parent, start"
    CLOSED = "path of a process that may not be opened"
    COMMAND_LINE = "command line"
    VARIABLES = "variables, working directory"
    STORE_SIGNALS = "what stores say they started"
    FOREGROUND = "foreground window"
    FULL_SCREEN = "full screen"
    MONITORS = "several monitors, scaled ones"
    FRAMES = "store apps in their frame"
    TITLES = "window titles"
    CAPTURE = "pictures of a window"
    INPUT = "keyboard and mouse"
    PADS = "gamepads"
    LOCKED = "screen locked"
    SLEEP = "sleep, clock set"
    LOG_OFF = "log-off, shutdown"
    INSTALLED = "which games are installed"
    PLACES = "files of ours"
    CONTROL = "control channel"
    CHILDREN = "limits of child processes"
    LOAD = "load of the machine"
    AUTOSTART = "start at login"
    TRAY = "icon in the tray"
    NOTIFICATIONS = "notifications"
    SECRETS = "secrets"
    PACKAGE = "package"


@dataclass(frozen=True, slots=True)
class Capability:
    """One row. ``system`` is a ``sys.platform``.

    ``name`` is what the backend calls itself where it is asked, as ``status`` and ``doctor`` show it; "" where nothing
    asks. ``remark`` says what it lacks, or what trying it left out.
    """

    purpose: Purpose
    system: str
    mechanism: str
    verified: Verified
    name: str = ""
    remark: str = ""


def how_verified(table: Iterable[Capability], purposes: Iterable[Purpose], system: str, mechanism: str) -> str:
    """How far a mechanism was tried, as a backend names it; it may name several. "" where none is declared."""
    wanted = frozenset(purposes)
    found = (
        row.verified
        for row in table
        if row.purpose in wanted and row.system == system and row.name and row.name in mechanism
    )
    return " and ".join(dict.fromkeys(found))

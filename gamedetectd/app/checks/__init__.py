"""What health looks at in a running daemon.

To add a check: a file here with a ``Check`` that declares what can be wrong and looks for it, and a row in ``CHECKS``.
The monitor, the documentation, the notifications and the tests of all checks read this table.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from gamedetectd.app.checks.actions import ActionsCheck
from gamedetectd.app.checks.audit import Audit
from gamedetectd.app.checks.catalogue import Catalogue
from gamedetectd.app.checks.check import Check
from gamedetectd.app.checks.clock import Clock
from gamedetectd.app.checks.control import Control
from gamedetectd.app.checks.crash import Crash
from gamedetectd.app.checks.desktop import Desktop
from gamedetectd.app.checks.disk import Disk
from gamedetectd.app.checks.engine import Engine
from gamedetectd.app.checks.exposure import Exposure
from gamedetectd.app.checks.facts import Facts
from gamedetectd.app.checks.history import History
from gamedetectd.app.checks.library import Library
from gamedetectd.app.checks.log import Log
from gamedetectd.app.checks.permissions import Permissions
from gamedetectd.app.checks.reading import Reading
from gamedetectd.app.checks.resources import OwnResources
from gamedetectd.app.checks.secrets import Secrets
from gamedetectd.app.checks.sensors import Sensors
from gamedetectd.app.checks.settings import Settings
from gamedetectd.app.checks.sinks import Sinks
from gamedetectd.app.checks.vision import Vision
from gamedetectd.app.checks.window_titles import WindowTitles
from gamedetectd.app.checks.workers import Workers
from gamedetectd.health.conditions import OF_THE_MONITOR, Condition
from gamedetectd.health.monitor import Probe

if TYPE_CHECKING:
    from gamedetectd.app.daemon import Daemon

CHECKS: tuple[type[Check], ...] = (
    OwnResources,
    Workers,
    Sensors,
    Engine,
    Facts,
    Disk,
    Log,
    History,
    Sinks,
    ActionsCheck,
    Control,
    Settings,
    Secrets,
    Permissions,
    Audit,
    Library,
    Catalogue,
    Clock,
    Crash,
    Desktop,
    WindowTitles,
    Vision,
    Reading,
    Exposure,
)
"""In the order in which they look: what the others go by comes first."""

CONDITIONS: tuple[Condition, ...] = (*(one for check in CHECKS for one in check.conditions), *OF_THE_MONITOR)
BY_CODE: Mapping[str, Condition] = MappingProxyType({condition.code: condition for condition in CONDITIONS})


def probes(daemon: Daemon) -> tuple[Probe, ...]:
    """Every check of one daemon, as the monitor asks it."""
    return tuple(Probe(check.name, check(daemon).look, check.every) for check in CHECKS)

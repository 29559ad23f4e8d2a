"""Every sink there is, in one table; the contract test runs over it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from gamedetectd.interfaces import Sink
from gamedetectd.sinks.event_log import EventLog, EventWriter


@dataclass(frozen=True, slots=True)
class Parts:
    """What sinks are made of."""

    write_event: EventWriter
    """``LoggingHandle.write_event``."""


SINKS: Mapping[str, Callable[[Parts], Sink]] = MappingProxyType(
    {
        EventLog.name: lambda parts: EventLog(parts.write_event),
    }
)
"""By the name of the sink's cursor: how it is made."""

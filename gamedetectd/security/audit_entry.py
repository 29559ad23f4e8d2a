"""What is put into the queue of the audit trail: everything a line says but its place in the chain."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gamedetectd.observability.correlation import current_id
from gamedetectd.security.audit_actions import action_of


@dataclass(frozen=True, slots=True)
class Entry:
    """What is to be noted; ``at`` is wall time, ``fields`` are names of ``observability.fields``."""

    at: float
    message: str
    level: int
    fields: dict[str, Any]
    thread: str
    correlation_id: str = ""


def entry(
    action: str, message: str, details: Mapping[str, str] | None = None, *, success: bool = True, repeated: int = 0
) -> Entry:
    """One thing that happened just now in this thread. ``repeated``: how many like it were left out before."""
    kind = action_of(action)
    fields: dict[str, Any] = {
        "event.dataset": "gamedetectd.audit",
        "event.kind": "event",
        "event.category": [kind.category],
        "event.type": [kind.kind],
        "event.action": action,
        "event.outcome": "success" if success else "failure",
    }
    if repeated:
        fields["gamedetectd.repeated"] = repeated
    if details:
        fields["gamedetectd.details"] = details
    level = logging.INFO if success else logging.WARNING
    return Entry(time.time(), message, level, fields, threading.current_thread().name, current_id())

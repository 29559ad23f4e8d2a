"""One id that follows an observation through detection, its session and every line and event it causes."""

from __future__ import annotations

import contextvars
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

_current: contextvars.ContextVar[str] = contextvars.ContextVar("gamedetectd_correlation_id", default="")


def new_id() -> str:
    """A fresh id: 32 hexadecimal digits, as the Elastic Common Schema wants of ``trace.id``."""
    return uuid.uuid4().hex


def current_id() -> str:
    """The id in force here, or the empty string."""
    return _current.get()


@contextmanager
def correlation(correlation_id: str | None = None) -> Iterator[str]:
    """Run a block under the given id, or under a fresh one."""
    token = _current.set(correlation_id or new_id())
    try:
        yield _current.get()
    finally:
        _current.reset(token)

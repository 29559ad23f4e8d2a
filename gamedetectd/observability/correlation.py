"""One id that follows an observation through detection, its session and every line and event it causes.

Threads do not inherit it and processes do not know it: whoever starts one hands it on with ``carried`` or
``child_environment``. An exception that leaves a block remembers the block's id, so that whoever logs it later, or
nobody does and a hook must, logs it under that id.
"""

from __future__ import annotations

import contextvars
import os
import random
import re
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import ParamSpec

from gamedetectd.domain import CORRELATION_VARIABLE

_current: contextvars.ContextVar[str] = contextvars.ContextVar("gamedetectd_correlation_id", default="")
_numbers = random.Random()  # nobody's secret; asking the system each time costs more than the rest of an observation
_ATTRIBUTE = "correlation_id"
"""Where an exception remembers it."""
_ID = re.compile(r"[0-9a-f]{32}", re.ASCII)
Arguments = ParamSpec("Arguments")


def new_id() -> str:
    """A fresh id: 32 hexadecimal digits, as the Elastic Common Schema wants of ``trace.id``."""
    return f"{_numbers.getrandbits(128):032x}"


def current_id() -> str:
    """The id in force here, or the empty string."""
    return _current.get()


def id_of(error: BaseException | None) -> str:
    """The id that was in force where the exception was raised, or the empty string."""
    remembered = getattr(error, _ATTRIBUTE, "")
    return remembered if isinstance(remembered, str) else ""


class correlation:  # noqa: N801 - used like a function
    """``with correlation(correlation_id) as id:`` runs a block under the given id, or under a fresh one."""

    def __init__(self, correlation_id: str | None = None) -> None:
        self._id = correlation_id or new_id()
        self._token: contextvars.Token[str] | None = None

    def __enter__(self) -> str:
        self._token = _current.set(self._id)
        return self._id

    def __exit__(self, _kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        if error is not None:
            vars(error).setdefault(_ATTRIBUTE, self._id)  # the innermost block knows best
        if self._token is not None:
            _current.reset(self._token)


def carried(target: Callable[Arguments, None]) -> Callable[Arguments, None]:
    """The target of a new thread, which there runs, and ends, under the id that is in force here."""
    correlation_id = current_id()

    def run(*args: Arguments.args, **kwargs: Arguments.kwargs) -> None:
        _current.set(correlation_id)  # never taken back: what ends the thread is still of this chain
        target(*args, **kwargs)

    return run


def child_environment(environment: Mapping[str, str] = os.environ) -> dict[str, str]:
    """An environment for a child process, which says the id in force here, or under which we were started ourselves."""
    handed_on = {name: value for name, value in environment.items() if name != CORRELATION_VARIABLE}
    if correlation_id := current_id() or inherited_id():
        handed_on[CORRELATION_VARIABLE] = correlation_id
    return handed_on


def inherited_id(environment: Mapping[str, str] = os.environ) -> str:
    """The id under which this process was started, or the empty string."""
    handed_on = environment.get(CORRELATION_VARIABLE, "")
    return handed_on if is_id(handed_on) else ""


def is_id(text: str) -> bool:
    """True for what ``new_id`` may have made."""
    return _ID.fullmatch(text) is not None

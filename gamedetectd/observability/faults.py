"""Sends to the log what Python would print: uncaught exceptions of any thread or event loop, those in finalisers, and
warnings.
"""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # a megabyte and more, which whoever has a loop has loaded anyway
    import asyncio

log = logging.getLogger(__name__)


def catch_faults() -> Callable[[], None]:
    """Put our hooks in place; the returned function puts back what was there."""
    before = (sys.excepthook, threading.excepthook, sys.unraisablehook)
    raised_in_logging = logging.raiseExceptions
    interrupted = sys.excepthook

    def uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            interrupted(kind, error, trace)
        else:
            log.critical("an unexpected error ended gamedetectd", exc_info=(kind, error, trace))

    sys.excepthook = uncaught
    threading.excepthook = _uncaught_in_thread
    sys.unraisablehook = _unraisable
    logging.raiseExceptions = False
    logging.captureWarnings(True)

    def restore() -> None:
        sys.excepthook, threading.excepthook, sys.unraisablehook = before
        logging.raiseExceptions = raised_in_logging
        logging.captureWarnings(False)

    return restore


def catch_loop_faults(loop: asyncio.AbstractEventLoop) -> None:
    """Have what goes wrong in an event loop, and nobody awaits, end in the log; call it in the loop's thread."""
    loop.set_exception_handler(_uncaught_in_loop)


def _uncaught_in_loop(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """``context`` is asyncio's: ``message``, and perhaps ``exception`` and the ``task`` or ``future`` it is of."""
    error = context.get("exception")
    trace = (type(error), error, error.__traceback__) if isinstance(error, BaseException) else None
    task = context.get("task") or context.get("future")
    name = task.get_name() if task is not None and hasattr(task, "get_name") else ""
    what = context.get("message") or "an unexpected error in the event loop"
    log.error("%s%s", what, f" ({name})" if name else "", exc_info=trace)


def _uncaught_in_thread(args: threading.ExceptHookArgs) -> None:
    if args.exc_value is None or issubclass(args.exc_type, SystemExit):
        return
    name = args.thread.name if args.thread is not None else "that is gone"
    trace = (args.exc_type, args.exc_value, args.exc_traceback)
    log.critical("an unexpected error ended the thread %s", name, exc_info=trace)


def _unraisable(args: sys.UnraisableHookArgs) -> None:
    what = args.err_msg or "an error was ignored in"
    where = getattr(args.object, "__qualname__", type(args.object).__qualname__)
    error = args.exc_value
    trace = (args.exc_type, error, args.exc_traceback) if error is not None else None
    log.error("%s %s", what, where, exc_info=trace)

"""The run loop of the main thread, to which macOS tells everything: who comes to the front, sleep, locking, log-off.

The icon in the menu bar turns it; without an icon ``run`` does. While it turns, Python would see no signal, so that
they come through it too. Facts: https://pyobjc.readthedocs.io (AppHelper, MachSignals), NSRunLoop, CFRunLoop.
"""

from __future__ import annotations

import functools
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Any

FOR_EVER = 1e9
"""Seconds."""
FINISHED = 1
"""kCFRunLoopRunFinished: nothing is there that could happen."""
LOOK_EVERY = 1.0
"""Seconds between looks whether the end is asked for, where the loop has nothing to wait for."""
SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP")


class MainLoop:
    """For any thread, but for ``run`` and ``turning``, which are for the main one."""

    def __init__(self) -> None:
        self._turns = False

    @property
    def turns(self) -> bool:
        """False while nobody would hear of anything."""
        return self._turns

    def soon(self, action: Callable[[], None]) -> None:
        """Have something done in the main thread, once the loop turns; never waits for it. Raises ImportError."""
        from PyObjCTools import AppHelper

        AppHelper.callAfter(action)

    def run(self, over: Callable[[float], bool]) -> None:
        """Turn until ``over(seconds)``, which waits at most so long, is true; ``end`` has it look.

        Comes back after whatever happened, so that objects which were made for it are given back. Raises ImportError.
        """
        import objc
        from CoreFoundation import CFRunLoopRunInMode, kCFRunLoopDefaultMode

        with self.turning():
            while not over(0.0):
                with objc.autorelease_pool():
                    came_back = CFRunLoopRunInMode(kCFRunLoopDefaultMode, FOR_EVER, True)
                if came_back == FINISHED:
                    over(LOOK_EVERY)

    def end(self) -> None:
        """Have ``run`` look whether it is over."""

        def stop() -> None:
            from CoreFoundation import CFRunLoopGetCurrent, CFRunLoopStop

            CFRunLoopStop(CFRunLoopGetCurrent())

        with suppress(ImportError):  # then nothing turns
            self.soon(stop)

    @contextmanager
    def turning(self) -> Iterator[None]:
        """Inside, the loop turns, whoever turns it, and signals have the handlers they had."""
        from PyObjCTools import MachSignals

        handlers = {number: signal.getsignal(number) for number in _numbers()}
        for number, handler in handlers.items():
            if callable(handler):
                MachSignals.signal(number, _as_machine_signal(handler))
        self._turns = True
        try:
            yield
        finally:
            self._turns = False
            for number, handler in handlers.items():
                if handler is not None:
                    signal.signal(number, handler)


def _numbers() -> list[int]:
    return [number for name in SIGNALS if (number := getattr(signal, name, None)) is not None]


def _as_machine_signal(handler: Callable[[int, FrameType | None], Any]) -> Callable[[int], None]:
    """What pyobjc calls with the number alone."""

    def handle(number: int) -> None:
        handler(number, None)

    return handle


@functools.cache
def main_loop() -> MainLoop:
    """The one of this process."""
    return MainLoop()

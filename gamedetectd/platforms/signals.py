"""Signals that end the program, or have it read its settings again: obeyed in a thread of its own, at once.

The system's own handler wakes that thread. One of Python's runs when the main thread gets to it, which may be never
while that waits, and must take no lock that the main thread may be taking.
See https://docs.python.org/3/library/signal.html#signal.set_wakeup_fd.
"""

from __future__ import annotations

import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any


@contextmanager
def obeyed(deeds: Mapping[str, Callable[[], None]]) -> Iterator[None]:
    """Inside, each signal does its deed, in another thread. Names of signals that this system lacks are left out.

    In the main thread only.
    """
    known = {number: deed for name, deed in deeds.items() if (number := getattr(signal, name, None)) is not None}
    near, far = socket.socketpair()
    far.setblocking(False)

    def tell(number: int, _frame: Any) -> None:
        if sys.platform == "darwin":  # its run loop takes the place of the system's handler, and calls this
            with suppress(BlockingIOError):
                far.send(bytes([number]))

    thread = threading.Thread(target=_obey, args=(near, known), name="signals", daemon=True)
    thread.start()
    wakeup = signal.set_wakeup_fd(far.fileno(), warn_on_full_buffer=False)
    before = {number: signal.signal(number, tell) for number in known}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(wakeup)
        far.close()
        thread.join(1.0)
        near.close()


def _obey(near: socket.socket, deeds: Mapping[int, Callable[[], None]]) -> None:
    """Until the other end is closed; signals of others are told too."""
    while told := near.recv(64):
        for number in told:
            if (deed := deeds.get(number)) is not None:
                deed()

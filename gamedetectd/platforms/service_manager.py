"""Tells whoever started us how we are: systemd over its socket, our own supervisor over our standard output.

Both are told in systemd's words, sd_notify(3): ``READY=1``, ``WATCHDOG=1`` and so on. What they told us is taken out of
the environment at once, so that nothing we start can speak in our name.
"""

from __future__ import annotations

import logging
import math
import os
import socket
import sys
import threading
import time
from collections.abc import Callable, MutableMapping

from gamedetectd.platforms.children.environment import NOTIFY_SOCKET, SUPERVISED

log = logging.getLogger(__name__)

WATCHDOG_PID = "WATCHDOG_PID"
WATCHDOG_USEC = "WATCHDOG_USEC"
SEND_SECONDS = 1.0
"""How long we wait for a manager that does not listen."""
END_SECONDS = 10.0
"""How long we may take to end once our supervisor is gone."""


class ServiceManager:
    """Whoever started us. ``watchdog`` is how many seconds it waits for a sign of life, infinity where it does not."""

    def __init__(self, send: Callable[[bytes], object], watchdog: float = math.inf, gone: int | None = None) -> None:
        self.watchdog = watchdog
        self._send = send
        self._gone = gone
        self._lock = threading.Lock()
        self._failed = False

    def tell(self, *assignments: str) -> None:
        """Say some ``NAME=value``; what it does not take is lost. For any thread."""
        with self._lock:
            try:
                self._send("".join(f"{one}\n" for one in assignments).encode("utf-8", "replace"))
                self._failed = False
            except OSError as error:
                if not self._failed:
                    log.warning("whoever started us cannot be told how we are: %s", error.strerror or error)
                self._failed = True

    def reloading(self) -> None:
        """Say that the settings are read again; ``READY=1`` ends it. The time is CLOCK_MONOTONIC's, as systemd's is."""
        self.tell("RELOADING=1", f"MONOTONIC_USEC={time.monotonic_ns() // 1000}")

    def when_gone(self, end: Callable[[], None]) -> None:
        """Call ``end`` once our supervisor is gone, and end ourselves the hard way where that does not do."""
        if self._gone is not None:
            threading.Thread(target=self._wait_for_end, args=(self._gone, end), name="supervisor", daemon=True).start()

    def _wait_for_end(self, lifeline: int, end: Callable[[], None]) -> None:
        try:
            while os.read(lifeline, 1):  # nothing is ever said this way; the end of it is the message
                pass
        except OSError:
            pass
        log.warning("the supervisor is gone; gamedetectd ends with it")
        self._send = lambda _data: None
        end()
        time.sleep(END_SECONDS)
        os._exit(1)


def service_manager(environment: MutableMapping[str, str] = os.environ) -> ServiceManager | None:
    """Whoever started us and wants to hear of us, or None. Call it once, before anything is started or printed."""
    told = {name: environment.pop(name, "") for name in (NOTIFY_SOCKET, WATCHDOG_PID, WATCHDOG_USEC, SUPERVISED)}
    if told[SUPERVISED]:
        return _supervisor(float(told[SUPERVISED]))
    if told[NOTIFY_SOCKET] and sys.platform != "win32":
        return _systemd(told)
    return None


def _supervisor(watchdog: float) -> ServiceManager:
    """Our standard input and output become ours alone: for everybody else there is nothing to read or to write."""
    lifeline, words = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1):
        os.dup2(nothing, number)
    os.close(nothing)
    return ServiceManager(lambda data: os.write(words, data), watchdog, lifeline)


if sys.platform != "win32":

    def _systemd(told: MutableMapping[str, str]) -> ServiceManager | None:
        address = told[NOTIFY_SOCKET]
        if address[0] not in "/@":
            log.warning("%s=%s is of a kind that is not known here", NOTIFY_SOCKET, address)
            return None
        if address[0] == "@":
            address = "\0" + address[1:]

        def send(data: bytes) -> None:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as speaker:
                speaker.settimeout(SEND_SECONDS)
                speaker.sendto(data, address)

        return ServiceManager(send, _watchdog(told))

    def _watchdog(told: MutableMapping[str, str]) -> float:
        """See sd_watchdog_enabled(3)."""
        usec, pid = told[WATCHDOG_USEC], told[WATCHDOG_PID]
        if not usec.isdecimal() or not int(usec) or (pid and pid != str(os.getpid())):
            return math.inf
        return int(usec) / 1e6

"""``run --supervised``: a small parent that starts the daemon again when it crashes, hangs or grows without end.

It plays systemd's part where there is none, and hears the same words (``platforms.service_manager``) over the child's
standard output. The child's standard input is the lifeline: it ends when we are gone, and so does the child. Nothing
here is imported that the daemon needs: this process is to cost next to nothing.
"""

from __future__ import annotations

import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import IO

from gamedetectd.app.replaced import AGAIN
from gamedetectd.errors import GamedetectdError, SupervisorError
from gamedetectd.paths import Paths
from gamedetectd.platforms.children.environment import SUPERVISED, child_environment
from gamedetectd.platforms.signals import obeyed

FINAL = frozenset({0, 2, 5, 8})
"""Exit codes after which a new start would change nothing: told to, wrong usage, runs already, wrong settings."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How much is borne. Seconds, and bytes of resident memory; pauses double from the first to the longest."""

    start: float = 180.0
    silence: float = 90.0
    ending: float = 10.0
    memory: int = 400_000_000
    crashes: int = 5
    """Crashes within ``window`` seconds after which the next one is the last."""
    window: float = 600.0
    first_pause: float = 1.0
    longest_pause: float = 60.0


class Supervisor:
    """Runs ``command``, which is the daemon, for as long as that makes sense. Use it in the main thread."""

    def __init__(self, paths: Paths, command: Sequence[str], patience: Patience | None = None) -> None:
        self._paths = paths
        self._command = list(command)
        self._patience = patience or Patience()
        self._told: queue.SimpleQueue[int | bytes | None] = queue.SimpleQueue()
        """Signals, what the child says, and None for the end of what it says."""

    def run(self) -> int:
        """The exit code to end with: the last child's. Raises SupervisorError where it crashes too often."""
        numbers = {name: getattr(signal, name, 0) for name in ("SIGTERM", "SIGINT", "SIGBREAK", "SIGHUP")}
        with obeyed({name: partial(self._told.put, int(number)) for name, number in numbers.items()}):
            return self._supervise()

    def _supervise(self) -> int:
        crashes: deque[float] = deque()
        while True:
            try:
                child = _Child(self._command, self._patience, self._told)
            except OSError as error:  # too many processes, or it is being installed anew at this moment
                self._report(end := f"could not be started ({error.strerror or error})", 0, 0.0)
            else:
                code, why = child.watch()
                if code == AGAIN and why is None and not child.told_to_stop:
                    continue
                if why is None:
                    return code
                self._report(end := why, child.pid, child.uptime)
            now = time.monotonic()
            crashes.append(now)
            while crashes[0] < now - self._patience.window:
                crashes.popleft()
            if len(crashes) > self._patience.crashes:
                raise self._given_up(len(crashes), end)
            if self._rest(len(crashes)):
                return 0

    def _report(self, end: str, pid: int, uptime: float) -> None:
        from gamedetectd.app import crashes

        try:
            file = crashes.report(self._paths, end, pid, uptime)
        except (OSError, GamedetectdError) as error:
            _say(f"gamedetectd {end}. No report could be written: {error}")
        else:
            _say(f"gamedetectd {end}. What is known of it: {file}")

    def _given_up(self, count: int, end: str) -> SupervisorError:
        return SupervisorError(
            f"It crashed {count} times within {self._patience.window / 60:.0f} minutes, the last time it {end}.",
            f"Look at what is known of it in {self._paths.state / 'crashes'}, then start it anew.",
        )

    def _rest(self, crashes: int) -> bool:
        """Wait before the next start, longer each time; True if told to stop meanwhile."""
        patience = self._patience
        pause = min(patience.longest_pause, patience.first_pause * 2 ** (crashes - 1))
        pause *= 0.8 + 0.4 * os.urandom(1)[0] / 255  # the module random would cost a megabyte
        _say(f"It is started again in {pause:.1f} s.")
        until = time.monotonic() + pause
        while (told := _next(self._told, until)) != b"":
            if isinstance(told, int) and told != getattr(signal, "SIGHUP", None):
                return True
        return False


class _Child:
    """One life of the daemon."""

    def __init__(self, command: Sequence[str], patience: Patience, told: queue.SimpleQueue[int | bytes | None]) -> None:
        self.told_to_stop = False
        self._patience = patience
        self._told = told
        self._end: str | None = None
        """Why we ended it."""
        self._ending = False
        self._doubted = False
        self._began = time.monotonic()
        self._deadline = self._began + patience.start
        environment = {**child_environment(), SUPERVISED: str(patience.silence)}
        pipe = subprocess.PIPE
        # a process group of its own: Ctrl-C is for us, and we say what it means for the child
        if sys.platform == "win32":
            group = subprocess.CREATE_NEW_PROCESS_GROUP
            self._process = subprocess.Popen(command, env=environment, stdin=pipe, stdout=pipe, creationflags=group)
        else:
            self._process = subprocess.Popen(command, env=environment, stdin=pipe, stdout=pipe, process_group=0)
        self.pid = self._process.pid
        threading.Thread(target=self._listen, args=(self._process.stdout,), name="child", daemon=True).start()

    @property
    def uptime(self) -> float:
        """Seconds since it was started."""
        return time.monotonic() - self._began

    def watch(self) -> tuple[int, str | None]:
        """Wait for its end: its exit code, and a clause that says what was wrong, None if nothing was."""
        while (told := _next(self._told, self._deadline)) is not None:
            if told == b"":
                self._too_late()
            elif isinstance(told, int):
                self._forward(told)
            else:
                self._heard(told.strip())
        code = self._reaped()
        if self._end is not None:
            return code, self._end
        if code in FINAL or code == AGAIN or self.told_to_stop:
            return max(code, 0), None
        from gamedetectd.platforms.children.held import exit_in_words

        return code, f"ended with {exit_in_words(code)}"

    def _listen(self, words: IO[bytes]) -> None:
        with words:
            for line in words:
                self._told.put(line)
        self._told.put(None)

    def _heard(self, word: bytes) -> None:
        name, _, value = word.partition(b"=")
        if self._ending:
            return
        if name == b"STOPPING":
            self._ending = True
            self._deadline = time.monotonic() + self._patience.ending
        elif name in (b"READY", b"WATCHDOG", b"RELOADING"):
            self._doubted = False
            self._deadline = time.monotonic() + self._patience.silence
        elif name == b"X_MEMORY" and value.isdigit() and int(value) > self._patience.memory:
            self._end = f"took {int(value) / 1e6:.0f} MB of memory and was ended"
            self._stop()

    def _too_late(self) -> None:
        if sys.platform == "win32" and not self._ending and not self._doubted:
            self._doubted = True  # its clock goes on while the machine sleeps: who just woke up has another chance
            self._deadline = time.monotonic() + self._patience.silence
            return
        if not self._ending:
            self._end = f"gave no sign of life for {self._patience.silence:g} s and was ended"
            self._ending = True
            self._deadline = time.monotonic() + self._patience.ending / 2
            if sys.platform == "win32":
                self._process.kill()
            else:
                self._process.send_signal(signal.SIGABRT)  # Python writes down where each of its threads is
            return
        if self._end is None and not self.told_to_stop:
            self._end = "did not end when it should and was killed"
        self._deadline = time.monotonic() + self._patience.ending
        self._process.kill()

    def _forward(self, number: int) -> None:
        if number == getattr(signal, "SIGHUP", None):
            self._process.send_signal(number)
        else:
            self.told_to_stop = True
            self._stop()

    def _stop(self) -> None:
        """Have it end as it should."""
        self._ending = True
        self._deadline = time.monotonic() + self._patience.ending
        if sys.platform == "win32":
            self._cut_lifeline()
        else:
            self._process.terminate()

    def _cut_lifeline(self) -> None:
        if self._process.stdin is not None:
            self._process.stdin.close()

    def _reaped(self) -> int:
        """It closed its output, which it does by ending."""
        try:
            code = self._process.wait(self._patience.ending)
        except subprocess.TimeoutExpired:
            self._process.kill()
            code = self._process.wait()
        self._cut_lifeline()
        return code


def _next(told: queue.SimpleQueue[int | bytes | None], until: float) -> int | bytes | None:
    """The next thing told; an empty text where the time is over."""
    while (left := until - time.monotonic()) > 0:
        try:
            return told.get(timeout=left)
        except queue.Empty:
            continue
    return b""


def _say(sentence: str) -> None:
    try:
        sys.stderr.write(sentence + "\n")
        sys.stderr.flush()
    except OSError:  # nobody listens any more
        return


def supervise(paths: Paths, arguments: Sequence[str]) -> int:
    """Run the daemon with these options of ``run`` under a supervisor; the exit code to end with."""
    from gamedetectd.platforms.own_program import own_command

    os.environ.pop(SUPERVISED, None)
    return Supervisor(paths, own_command("run", *arguments)).run()

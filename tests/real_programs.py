"""Real programs for tests: each in a process group of its own, ended by its id, missing ones skipped loudly."""

import itertools
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from gamedetectd.worker import Worker

APT = "apt-get install -y --no-install-recommends"

PACKAGES = {
    "/usr/libexec/gcr-prompter": "gcr",
    "dunstctl": "dunst",
    "gnome-keyring-daemon": "gnome-keyring",
    "Xvfb": "xvfb",
    "kwin_wayland": "kwin-wayland",
    "plasmashell": "plasma-workspace qml-module-org-kde-pipewire qml-module-org-kde-kirigami2 qtwayland5",
    "gst-launch-1.0": "gstreamer1.0-tools gstreamer1.0-pipewire",
    "xdg-permission-store": "xdg-desktop-portal",
    "xprop": "x11-utils",
    "xhost": "x11-xserver-utils",
    "xset": "x11-xserver-utils",
}
"""Debian packages of programs that are not called like their package."""


def find_program(name):
    """The program's path; where it is missing, skip the test and say how to install it."""
    path = shutil.which(name, path=os.environ.get("PATH", "") + os.pathsep + "/usr/games")
    if path is None:
        pytest.skip(f"{name} is not installed: {APT} {PACKAGES.get(name, name)}")
    return path


SLOW = 4 if sys.platform == "win32" else 1
"""Everything takes longer under Wine, and much longer on a machine that is busy with other suites."""


def eventually(look, seconds=5.0, what="it"):
    """What ``look()`` returns once that is true; fails after ``seconds``, or ``SLOW`` times that."""
    seconds *= SLOW
    until = time.monotonic() + seconds
    while not (seen := look()):
        if time.monotonic() > until:
            what = what() if callable(what) else what
            pytest.fail(f"{what} did not happen within {seconds} s; last seen: {seen!r}")
        time.sleep(0.01)
    return seen


def end(process, patience=2.0):
    """Ask a process and all of its group to end, then make them; returns once the process is reaped."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, number)
        except ProcessLookupError:
            pass  # the group is empty already
        try:
            process.wait(patience)
        except subprocess.TimeoutExpired:
            continue
        break


class Spawner:
    """Starts programs; ``end_all`` ends those that still run, the last one first."""

    def __init__(self):
        self._started = []

    def __call__(self, name, *arguments, env=None, **popen):
        """Start a program by name or path; ``env`` is added to ours."""
        command = [name if os.sep in name else find_program(name), *map(str, arguments)]
        quiet = {key: subprocess.DEVNULL for key in ("stdin", "stdout", "stderr") if key not in popen}
        process = subprocess.Popen(command, env={**os.environ, **(env or {})}, start_new_session=True, **quiet, **popen)
        self._started.append(process)
        return process

    def end_all(self):
        for process in reversed(self._started):
            end(process)
            for stream in (process.stdin, process.stdout, process.stderr):
                if stream is not None:
                    stream.close()


_NUMBERS = itertools.count(200 + 500 * int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")))
"""Display numbers of this process alone, so that nobody takes one while its server is away."""


class XServer:
    """An Xvfb on a display number that was free; ``start`` after ``stop`` takes the same number again.

    Like a display manager's it stays as it is when its last client leaves.
    """

    def __init__(self, *arguments, screen="1280x800x24"):
        self._arguments = ["-screen", "0", screen, "-nolisten", "tcp", "-noreset", *arguments]
        self._process = None
        self.number = None

    @property
    def name(self):
        return f":{self.number}"

    @property
    def pid(self):
        return self._process.pid

    def start(self):
        """Returns once the server takes clients."""
        for number in [self.number] if self.number is not None else itertools.islice(_NUMBERS, 50):
            if self._starts(number):
                self.number = number
                return self
        pytest.fail("Xvfb did not start")

    def _starts(self, number):
        """False where the number is taken."""
        reading, writing = os.pipe()
        with os.fdopen(reading) as answer:
            try:
                self._process = subprocess.Popen(
                    [find_program("Xvfb"), f":{number}", "-displayfd", str(writing), *self._arguments],
                    pass_fds=[writing],
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    start_new_session=True,
                )
            finally:
                os.close(writing)
            if answer.readline():
                return True
        self._process.wait()
        return False

    def stop(self):
        if self._process is not None:
            end(self._process)
            self._process = None


class Watched:
    """A sensor at work in a thread of its own, and what it has said so far."""

    def __init__(self, sensor):
        self.sensor = sensor
        self.said = []
        self.worker = Worker(sensor.name, lambda stop: sensor.run(self.said.append, stop))
        self.worker.start()
        self._status = Path(f"/proc/self/task/{self.worker._thread.native_id}")

    def until(self, matches, seconds=5.0, since=0):
        """The first observation from number ``since`` on that ``matches``; fails after ``seconds``."""
        return eventually(
            lambda: next((seen for seen in self.said[since:] if matches(seen)), None),
            seconds,
            lambda: f"such an observation among {self.said[since:]}",
        )

    def cost(self):
        """Processor seconds its thread used so far, and how often it woke up (Linux)."""
        run_ns = int((self._status / "schedstat").read_text().split()[0])
        status = (self._status / "status").read_text()
        return run_ns / 1e9, int(re.search(r"^voluntary_ctxt_switches:\s+(\d+)$", status, re.MULTILINE)[1])

    def settled(self, calm=0.3):
        """``cost()`` once it has slept through ``calm`` seconds, so that its start is not counted."""
        before = None
        while before != (before := self.cost()):
            time.sleep(calm)
        return before

    def end(self):
        self.worker.stop()
        assert self.worker.join(5.0), f"the sensor {self.sensor.name} did not end"
        assert self.worker.restarts == 0, self.worker.last_error

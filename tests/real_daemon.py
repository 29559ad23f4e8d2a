"""The real daemon as a person starts it, in a home of its own, for tests of the whole."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

from real_programs import SLOW, end, eventually

COMMAND = [sys.executable, "-m", "gamedetectd"]
SOURCE = ["--process-source", source] if (source := os.environ.get("PROCESS_SOURCE")) else []
"""Set PROCESS_SOURCE to polling to have processes looked for, as daemons without privileges do on older systems."""


def pss(pid):
    """A process' share of the memory, in MB (10⁶ bytes); Linux tells."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) * 1024 / 1e6


class RealDaemon:
    """``gamedetectd run --headless`` with everything under ``home``; ``env`` is added to ours.

    ``account`` are arguments of ``Popen`` that say who runs it, ``python`` is an interpreter that this account may use.
    """

    def __init__(self, home: Path, env=None, arguments=("--headless",), account=None, python=sys.executable):
        self.home = Path(home)
        self.env = {**os.environ, **(env or {}), "GAMEDETECTD_HOME": str(home), "NO_COLOR": "1", "COLUMNS": "120"}
        self.arguments = arguments
        self.account = account or {}
        self.command = [python, *COMMAND[1:]]
        self.process = None
        self.output = self.home / "daemon.output"

    def start(self, wait=True):
        self.home.mkdir(parents=True, exist_ok=True)
        with self.output.open("ab") as output:
            self.process = subprocess.Popen(
                [*self.command, "run", *SOURCE, *self.arguments],
                env=self.env,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                **self.account,
            )
        if wait:
            eventually(self.answers, 20, f"the daemon's first answer ({self.output.read_text()[-2000:]!r})")
        return self

    def answers(self):
        assert self.process.poll() is None, self.output.read_text()[-4000:]
        return self.run("status", "--json").returncode == 0

    def run(self, *arguments, timeout=30, stdin=None):
        """One command of ours; the finished process with its text."""
        return subprocess.run(
            [*self.command, *map(str, arguments)],
            env=self.env,
            capture_output=True,
            text=True,
            timeout=timeout * SLOW,
            input=stdin,
            start_new_session=True,  # nobody at the terminal of whoever runs the tests is asked for anything
            **self.account,
        )

    def json(self, *arguments):
        done = self.run(*arguments, "--json")
        assert done.returncode in (0, 4), done.stderr
        return json.loads(done.stdout)

    def kill(self):
        self.process.kill()
        self.process.wait(10)

    def stop(self):
        """As a session manager ends it; returns the exit code."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                end(self.process)
        return self.process.returncode if self.process else None

    def __enter__(self):
        try:
            return self.start()
        except BaseException:
            self.stop()
            raise

    def __exit__(self, *_):
        self.stop()

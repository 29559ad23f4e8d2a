"""A terminal for tests: a program talks to it as to a person, who types and sees what is shown."""

import os
import pty
import select
import subprocess
import time

import pytest
from real_programs import end


class Terminal:
    """``command`` runs in a terminal of its own, until ``close`` or its end."""

    def __init__(self, command, env):
        self._ours, theirs = pty.openpty()
        self.process = subprocess.Popen(
            command, env=env, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True
        )
        os.close(theirs)
        self.shown = ""
        self._seen = 0

    def see(self, text, seconds=30):
        """Wait until ``text`` is shown, after what was seen before."""
        until = time.monotonic() + seconds
        while (at := self.shown.find(text, self._seen)) < 0:
            if not self._read(until - time.monotonic()) and time.monotonic() > until:
                pytest.fail(f"{text!r} was not shown within {seconds} s, but: {self.shown!r}")
        self._seen = at + len(text)

    def type(self, text):
        os.write(self._ours, text.encode() + b"\n")

    def answer(self, *pairs):
        """See each prompt and type what follows it."""
        for prompt, text in pairs:
            self.see(prompt)
            self.type(text)

    def ended(self, seconds):
        """True once it has ended, False after so many seconds."""
        until = time.monotonic() + seconds
        while self.process.poll() is None and time.monotonic() < until:
            self._read(0.1)
        return self.process.poll() is not None

    def code(self, seconds=30):
        """The exit code, once it has ended."""
        self.ended(seconds)
        while self._read(0.1):
            pass
        return self.process.wait(1)

    def close(self):
        if self._ours is not None:
            end(self.process)
            os.close(self._ours)
            self._ours = None

    def _read(self, seconds):
        ready, _, _ = select.select([self._ours], [], [], max(0.0, seconds))
        try:
            data = os.read(self._ours, 65536) if ready else b""
        except OSError:  # nobody is left at the other end
            data = b""
            time.sleep(0.01)
        self.shown += data.decode(errors="replace")
        return bool(data)

"""Audit trails for tests: a keyring in memory that can be locked, and an audit log that needs no waiting."""

import time

from gamedetectd.errors import KeyringLockedError, SecretMissingError
from gamedetectd.security.audit import AuditLog
from gamedetectd.security.audit_line import read_line
from gamedetectd.security.audit_verify import check, open_vault
from gamedetectd.worker import Worker


class Keyring:
    """``interfaces.Secrets`` in memory; ``locked`` refuses. It stands in where the real keyring is not the subject."""

    def __init__(self):
        self.kept = {}
        self.locked = False
        self.asked = 0

    def _open(self):
        self.asked += 1
        if self.locked:
            raise KeyringLockedError("It is locked.", "Unlock it.")

    def get(self, name):
        self._open()
        if name not in self.kept:
            raise SecretMissingError(f"There is no {name}.", "Set it.")
        return self.kept[name]

    def set(self, name, value):
        self._open()
        self.kept[name] = value

    def delete(self, name):
        self._open()
        self.kept.pop(name, None)

    def names(self):
        return []


class Trail:
    """A trail at ``path``; ``run`` is one life of a daemon on it."""

    def __init__(self, path, keyring=None):
        self.path = path
        self.keyring = keyring or Keyring()
        self.audit = None

    def run(self, *messages, seal=True, crash=False):
        """One life: it starts, gets its key where it may, notes the messages, and ends or is killed."""
        self.audit = AuditLog(self.path, lambda: self.keyring)
        self.audit.record("start", "It starts.")
        self.audit.flush()
        if seal:
            self.audit._start(self.audit._fetch_key).join(5.0)
        for message in messages:
            self.audit.record("settings-changed", message)
        self.audit.flush()
        if crash:
            self.audit._writer.close()
        else:
            self.audit.record("stop", "It ends.")
            self.audit.close()
        return self.audit

    def report(self):
        return check(self.path, open_vault(self.keyring))

    def lines(self):
        return self.path.read_bytes().splitlines(keepends=True)

    def write(self, lines):
        self.path.write_bytes(b"".join(lines))

    def actions(self):
        found = (read_line(line.rstrip(b"\n")) for line in self.lines())
        return [line.action for line in found if line is not None]


def living(path, keyring):
    """An audit log with its worker, as in the daemon."""
    trail = AuditLog(path, lambda: keyring)
    worker = Worker("audit", trail.run)
    worker.start()
    trail.attach(worker.wake)
    return trail, worker


def eventually_true(look, seconds=5.0):
    until = time.monotonic() + seconds
    while not look():
        assert time.monotonic() < until
        time.sleep(0.01)

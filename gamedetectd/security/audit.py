"""The audit trail: what matters for security, in order, chained line by line, and sealed by a key in the keyring.

Whoever notes something only puts it into a bounded queue: no disk and no keyring is touched, and nothing raised. One
worker writes what is in the queue and forces it onto the disk. What may take seconds, the keyring, is asked in a
thread that lives as long as the question: first for the key, a moment after the start, then to keep the head (which
line is the newest) a few seconds after the last line. Until the key is there lines are chained only, and the first
sealed line proves them too. See ``audit_line`` for the chain, ``audit_verify`` for what can be told from it,
docs/security.md for what cannot.
"""

from __future__ import annotations

import logging
import secrets as chance
import threading
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path

import msgspec

from gamedetectd.errors import AuditError, PermissionsError, SecretError
from gamedetectd.interfaces import Secrets, Stop
from gamedetectd.security.audit_actions import ACTIONS, GAP, SEALED, action_of
from gamedetectd.security.audit_entry import Entry, entry
from gamedetectd.security.audit_file import AuditFile
from gamedetectd.security.audit_moderation import Moderation
from gamedetectd.security.audit_verify import HEAD, KEY, Head, Problem, check, open_vault
from gamedetectd.security.audit_writer import AuditWriter

__all__ = ["ACTIONS", "AuditLog"]

log = logging.getLogger(__name__)

KEY_BYTES = 32
ASK_AFTER = 10.0
"""Seconds after the start before the keyring is asked: games come first, and a short life needs no seal."""
ASK_AGAIN = 600.0
"""Seconds after a keyring could not be used before it is asked again, and only if there is something to seal."""
TRY_AGAIN = 5.0
"""Seconds after which lines that could not be written are tried again."""
HEAD_AFTER = 5.0
"""Seconds without a new line before the head is kept."""
HEAD_AT_LATEST = 60.0
"""Seconds after a line at which the head is kept even if more come."""
WAITING_LINES = 1_000
"""Entries that wait for the disk; later ones are counted and lost."""
CLOSING_SECONDS = 1.0
"""What keeping the head may take at the end. After that the trail is ahead of the head, which is no damage."""
_MOST_FOUND = 5

Ask = Callable[[], Secrets]


class AuditLog:
    """Fulfils ``interfaces.AuditTrail``. ``secrets`` makes the store, in the thread that asks it."""

    def __init__(self, path: Path, secrets: Ask, file: AuditFile | None = None) -> None:
        self.damage: tuple[Problem, ...] = ()
        """What the look at the whole trail found that nobody had noted before."""
        self.unsealed: str = ""
        """Why lines are only chained since the keyring was last asked; "" where they are sealed, or it was not yet."""
        self.problem: AuditError | None = None
        """Why lines cannot be written now."""
        self.changed: Callable[[], None] = lambda: None
        """Called, in any thread, when one of these three may be another now."""
        self._path = path
        self._secrets = secrets
        self._writer = AuditWriter(file or AuditFile(path), self._disturbed)
        self._queue: deque[Entry] = deque()
        self._moderation = Moderation()
        self._lost = 0
        self._wake: Callable[[], None] = lambda: None
        self._writing = threading.Lock()
        self._asking: threading.Thread | None = None
        self._busy = False
        """A question is under way. Its thread still lives when it wakes the worker, so that one cannot tell."""
        self._ask_at = time.monotonic() + ASK_AFTER
        self._kept = -1
        """The newest line when the keyring was last asked: what came later is a reason to ask it again."""
        self._first_new = 0.0
        """When the first line was written that the head does not know, on the monotonic clock."""

    def attach(self, wake: Callable[[], None]) -> None:
        """``wake`` ends the wait of the worker that runs ``run``."""
        self._wake = wake
        wake()

    def record(self, action: str, message: str, *, success: bool = True, **details: str) -> None:
        """See ``interfaces.AuditTrail``. What happens too often is counted, and the count is told."""
        repeated = 0 if action_of(action).ours else self._moderation.admit(action)
        if repeated is None:
            return
        if len(self._queue) >= WAITING_LINES:
            self._lost += 1
            return
        self._queue.append(entry(action, message, details, success=success, repeated=repeated))
        self._wake()

    @property
    def waiting(self) -> int:
        """Entries that are not written yet."""
        return len(self._queue)

    # --- the worker ---

    def run(self, stop: Stop) -> None:
        """Write what is noted, and ask the keyring when it is time, until stopped."""
        while not stop.is_set():
            self.flush()
            stop.wait(self._next())

    def flush(self, *, durable: bool = True) -> None:
        """Write what waits, and have it on the disk if ``durable``, else with the next flush.

        Where that fails ``problem`` says why, and it is tried again.
        """
        with self._writing:
            try:
                if self._queue and self._writer.open():
                    self._write_all()
                if durable:
                    self._writer.sync()
            except AuditError as error:
                self._trouble(error)
            else:
                self._trouble(None)

    def _trouble(self, problem: AuditError | None) -> None:
        before, self.problem = self.problem, problem
        if (before is None) != (problem is None):
            if problem is not None:
                log.warning("%s", problem)
            self.changed()

    def ask_again(self) -> None:
        """The keyring may be open now: ask it soon."""
        self._ask_at = time.monotonic()
        if self._writer.key is None:
            self._kept = -1
        self._wake()

    def tell_left_out(self) -> None:
        """Note how many of each action were left out and not told yet."""
        for action, repeated in self._moderation.rest():
            self._queue.append(entry(action, f"{repeated} more of these were left out.", repeated=repeated))

    def close(self, seconds: float = CLOSING_SECONDS) -> None:
        """Write what waits and keep the head, within ``seconds`` or not at all. The worker has ended."""
        seconds = min(seconds, CLOSING_SECONDS)
        self.tell_left_out()
        self.flush()
        asking = self._asking
        until = time.monotonic() + seconds
        if asking is not None:
            asking.join(seconds)
        if (
            self._writer.key is not None
            and self._kept < self._writer.sequence
            and (asking is None or not asking.is_alive())
        ):
            self._start(self._keep_head).join(max(0.0, until - time.monotonic()))
        with self._writing:
            self._writer.close()

    def _write_all(self) -> None:
        while self._queue:
            if self._lost:
                self._writer.gap(f"{self._lost} line(s) before this one were lost: they could not be written.")
                self._lost = 0
            noted = self._queue.popleft()
            try:
                self._writer.write(noted)
            except AuditError:
                self._queue.appendleft(noted)
                raise
            self._first_new = self._first_new or self._writer.last_at

    def _disturbed(self, found: str) -> None:
        self.damage = (*self.damage, Problem("while running", found))
        self.changed()

    # --- the keyring ---

    def _next(self) -> float | None:
        """Ask the keyring if it is time; seconds until it may be, or None for not before something happens."""
        if self._queue:
            return TRY_AGAIN  # the disk refused; only a wake-up or this ends the wait
        task = self._task()
        if task is None or self._busy:
            return None  # a question that is under way wakes us when it is answered
        left = self._due() - time.monotonic()
        if left > 0:
            return left
        self._asking = self._start(task)
        return None

    def _task(self) -> Callable[[], None] | None:
        """What is to be asked of the keyring, if anything."""
        if self._kept >= self._writer.sequence:
            return None  # nothing new since it was kept, or since the keyring said no
        return self._fetch_key if self._writer.key is None else self._keep_head

    def _due(self) -> float:
        if self._writer.key is None:
            return self._ask_at
        return max(self._ask_at, min(self._writer.last_at + HEAD_AFTER, self._first_new + HEAD_AT_LATEST))

    def _start(self, task: Callable[[], None]) -> threading.Thread:
        def act() -> None:
            try:
                task()
            except (SecretError, PermissionsError) as error:
                self._not_now(f"{error.cause} {error.remedy}")
            except AuditError as error:
                self._trouble(error)
                self._not_now("")
            finally:
                self._busy = False
            self._wake()
            self.changed()

        self._busy = True
        thread = threading.Thread(target=act, name="audit-keyring", daemon=True)
        thread.start()
        return thread

    def _not_now(self, why: str) -> None:
        """The keyring said no: ask it again later, if there is something new by then."""
        self.unsealed = why
        self._ask_at = time.monotonic() + ASK_AGAIN
        if self._writer.key is None:
            self._kept = self._writer.sequence

    def _fetch_key(self) -> None:
        """Get the key, or make it, look through the whole trail, and seal what is there."""
        store = self._secrets()
        vault = open_vault(store)
        if vault.trouble:
            self._not_now(vault.trouble)
            return
        found = check(self._path, vault).new
        key = vault.key
        if key is None:
            key = chance.token_bytes(KEY_BYTES)
            store.set(KEY, key.hex())
        with self._writing:
            self._seal(key, vault.head or Head(), found)
        self.unsealed = ""
        self.flush()

    def _seal(self, key: bytes, head: Head, found: tuple[Problem, ...]) -> None:
        """From here on every line is sealed. Called while nobody writes."""
        self._writer.key = key
        self._writer.sequence = max(self._writer.sequence, head.sequence)  # what is missing is not numbered again
        if found:
            self.damage = (*self.damage, *found)
            said = " ".join(problem.meaning for problem in found[:_MOST_FOUND])
            log.warning("the audit trail is damaged: %s", said)
            details = {"marks": " ".join(problem.mark for problem in found), "found": said}
            self._queue.append(entry(GAP, f"The trail is damaged: {said}", details, success=False))
        message = f"The key is here: the lines up to {self._writer.sequence} are sealed by this one."
        self._queue.append(entry(SEALED, message))
        self._kept = -1

    def _keep_head(self) -> None:
        """Have the keyring remember the newest line, once that is on the disk."""
        with self._writing:
            self._writer.sync()
            head = Head(self._writer.sequence, self._writer.link)
            self._first_new = 0.0
        self._secrets().set(HEAD, msgspec.json.encode(head).decode())
        self._kept = head.sequence
        self.unsealed = ""

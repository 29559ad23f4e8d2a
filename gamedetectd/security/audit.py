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
from gamedetectd.observability.correlation import current_id
from gamedetectd.security.audit_actions import ACTIONS, Action
from gamedetectd.security.audit_file import AuditFile
from gamedetectd.security.audit_line import GENESIS, Entry, LineFormatter, Place, key_name
from gamedetectd.security.audit_moderation import Moderation
from gamedetectd.security.audit_verify import GAP, HEAD, KEY, PRUNED, Head, Problem, check, open_vault

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
        self._file = file or AuditFile(path)
        self._formatter = LineFormatter()
        self._queue: deque[Entry] = deque()
        self._moderation = Moderation()
        self._lost = 0
        self._unsynced = False
        self._wake: Callable[[], None] = lambda: None
        self._writing = threading.Lock()
        self._sequence, self._link = -1, GENESIS
        self._key: bytes | None = None
        self._asking: threading.Thread | None = None
        self._busy = False
        """A question is under way. Its thread still lives when it wakes the worker, so that one cannot tell."""
        self._ask_at = time.monotonic() + ASK_AFTER
        self._kept = -1
        """The newest line when the keyring was last asked: what came later is a reason to ask it again."""
        self._first_new = self._last_new = 0.0

    def attach(self, wake: Callable[[], None]) -> None:
        """``wake`` ends the wait of the worker that runs ``run``."""
        self._wake = wake
        wake()

    def record(self, action: str, message: str, *, success: bool = True, **details: str) -> None:
        """See ``interfaces.AuditTrail``. What happens too often is counted, and the count is told."""
        kind = ACTIONS.get(action, _UNKNOWN)
        repeated = 0 if kind.ours else self._moderation.admit(action)
        if repeated is None:
            return
        if len(self._queue) >= WAITING_LINES:
            self._lost += 1
            return
        self._queue.append(_entry(action, kind, message, success, details, repeated))
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
            if not self._queue and not self._unsynced:
                return
            try:
                if not self._open():
                    return
                self._write_all()
                if durable:
                    self._file.sync()
                self._unsynced = not durable
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
        if self._key is None:
            self._kept = -1
        self._wake()

    def close(self, seconds: float = CLOSING_SECONDS) -> None:
        """Write what waits and keep the head, within ``seconds`` or not at all. The worker has ended."""
        seconds = min(seconds, CLOSING_SECONDS)
        for action, repeated in self._moderation.rest():
            more = f"{repeated} more of these were left out."
            self._queue.append(_entry(action, ACTIONS.get(action, _UNKNOWN), more, True, {}, repeated))
        self.flush()
        asking = self._asking
        until = time.monotonic() + seconds
        if asking is not None:
            asking.join(seconds)
        if self._key is not None and self._kept < self._sequence and (asking is None or not asking.is_alive()):
            self._start(self._keep_head).join(max(0.0, until - time.monotonic()))
        with self._writing:
            self._file.close()

    # --- writing ---

    def _open(self) -> bool:
        """Be the one who writes, at the end of what is there; False while another process is."""
        if self._sequence >= 0:
            return True
        if not self._file.open():
            return False
        last = self._file.last()
        self._sequence, self._link = (last.place.sequence, last.link) if last is not None else (0, GENESIS)
        return True

    def _write_all(self) -> None:
        while self._queue:
            entry = self._queue.popleft()
            try:
                self._write(entry)
            except AuditError:
                self._queue.appendleft(entry)
                raise

    def _write(self, entry: Entry) -> None:
        if self._lost:
            self._gap(f"{self._lost} line(s) before this one were lost: they could not be written.")
            self._lost = 0
        if self._file.disturbed():
            self._gap("The file was changed, replaced or removed while it was being written.")
        surplus = self._file.surplus(2 * len(entry.message) + 2_000)
        if surplus:
            self._prune(surplus)
        self._append(entry)

    def _append(self, entry: Entry) -> None:
        place = Place(self._sequence + 1, self._link, key_name(self._key) if self._key else "")
        line, link = self._formatter.line(entry, place, self._key)
        self._file.append(line)
        self._sequence, self._link = place.sequence, link
        self._last_new = time.monotonic()
        self._first_new = self._first_new or self._last_new

    def _prune(self, surplus: list[Path]) -> None:
        """Say which lines go, then let them go."""
        through = self._file.through(surplus[-1])
        details = {"through": str(through), "files": str(len(surplus))}
        message = f"The lines up to {through} go: they are too old, or too many."
        self._append(_entry(PRUNED, ACTIONS[PRUNED], message, True, details, 0))
        self._file.sync()
        self._file.remove(surplus)

    def _gap(self, found: str) -> None:
        self._append(_entry(GAP, ACTIONS[GAP], found, False, {"found": found, "marks": "while-running"}, 0))
        log.warning("the audit trail is damaged: %s", found)
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
        if self._kept >= self._sequence:
            return None  # nothing new since it was kept, or since the keyring said no
        return self._fetch_key if self._key is None else self._keep_head

    def _due(self) -> float:
        if self._key is None:
            return self._ask_at
        return max(self._ask_at, min(self._last_new + HEAD_AFTER, self._first_new + HEAD_AT_LATEST))

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
        if self._key is None:
            self._kept = self._sequence

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
        self._key = key
        if head.sequence > self._sequence:
            self._sequence = head.sequence  # the numbers that are missing are not given again
        if found:
            self.damage = (*self.damage, *found)
            said = " ".join(problem.meaning for problem in found[:_MOST_FOUND])
            log.warning("the audit trail is damaged: %s", said)
            details = {"marks": " ".join(problem.mark for problem in found), "found": said}
            self._queue.append(_entry(GAP, ACTIONS[GAP], f"The trail is damaged: {said}", False, details, 0))
        message = f"The key is here: the lines up to {self._sequence} are sealed by this one."
        self._queue.append(_entry("audit-sealed", ACTIONS["audit-sealed"], message, True, {}, 0))
        self._kept = -1

    def _keep_head(self) -> None:
        """Have the keyring remember the newest line, which is on the disk."""
        with self._writing:
            head = Head(self._sequence, self._link)
            self._first_new = 0.0
        self._secrets().set(HEAD, msgspec.json.encode(head).decode())
        self._kept = head.sequence


_UNKNOWN = Action("configuration", "info", "")


def _entry(action: str, kind: Action, message: str, success: bool, details: dict[str, str], repeated: int) -> Entry:
    fields: dict[str, object] = {
        "event.dataset": "gamedetectd.audit",
        "event.kind": "event",
        "event.category": [kind.category],
        "event.type": [kind.kind],
        "event.action": action,
        "event.outcome": "success" if success else "failure",
    }
    if repeated:
        fields["gamedetectd.repeated"] = repeated
    if details:
        fields["gamedetectd.details"] = details
    level = logging.INFO if success else logging.WARNING
    thread = threading.current_thread().name
    return Entry(time.time(), message, level, fields, thread, current_id())

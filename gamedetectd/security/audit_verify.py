"""Reads the whole audit trail and says what is proven, what is not yet, and what somebody did to it.

The rule a crash must not break: the trail may be *ahead* of the head in the keyring (lines were written, the head was
not yet), never *behind* it (a line is on the disk before the head that knows it is kept). So a line missing at or
before the head, or another one in its place, was taken or changed afterwards.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import msgspec

from gamedetectd.errors import AuditError, PermissionsError, SecretError, SecretMissingError
from gamedetectd.interfaces import Secrets
from gamedetectd.paths import Paths
from gamedetectd.security.audit_actions import GAP, PRUNED
from gamedetectd.security.audit_file import files, lines
from gamedetectd.security.audit_line import GENESIS, Read, key_name, read_line

KEY = "gamedetectd.audit-key"
"""Where the key is kept: 64 hexadecimal digits."""
HEAD = "gamedetectd.audit-head"
"""Where the head is kept, as JSON."""
MOST_PROBLEMS = 30
DAMAGED = "damaged"


class Head(msgspec.Struct, frozen=True):
    """The newest line the keyring knows of."""

    sequence: int = 0
    link: str = GENESIS


@dataclass(frozen=True, slots=True)
class Vault:
    """What the keyring has for the trail. ``trouble`` says why it could not be asked; "" where it could."""

    key: bytes | None = None
    head: Head | None = None
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong. ``place`` is a file and line, or what else it is about; ``noted`` is when the daemon
    noticed and wrote it into the trail, as lines show times, or "" where it did not yet. ``mark`` names the problem in
    the trail's own line about it, and stays the same wherever the lines are moved to.
    """

    place: str
    meaning: str
    mark: str = ""
    noted: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """What came of reading the trail.

    ``lines`` are those of the chain; ``sealed`` of them are proven by the key (their own seal or that of a later line
    they are chained to), ``unsealed`` are not; ``other`` are lines that are none of ours, as a power cut leaves
    them, which prove nothing and hide nothing. ``first`` and ``last`` are sequence numbers, 0 for none.
    ``unsealed_since`` says why nothing seals the newest lines, or is "".
    """

    lines: int = 0
    sealed: int = 0
    unsealed: int = 0
    other: int = 0
    first: int = 0
    last: int = 0
    unsealed_since: str = ""
    problems: tuple[Problem, ...] = ()

    @property
    def ok(self) -> bool:
        """True if nothing is wrong. What is unsealed is not wrong, only unproven."""
        return not self.problems

    @property
    def new(self) -> tuple[Problem, ...]:
        """The problems the trail itself does not tell of yet."""
        return tuple(problem for problem in self.problems if not problem.noted)

    @property
    def summary(self) -> str:
        """All of it in one or two sentences."""
        if not self.lines and self.ok:
            return "There is no audit trail yet."
        said = (
            f"{self.lines} lines ({self.first} to {self.last}), {self.sealed} of them proven by the key in the keyring."
        )
        if self.unsealed:
            said += (
                f" {self.unsealed} are chained only: {self.unsealed_since or 'the next sealed line proves them too.'}"
            )
        if self.other:
            said += f" {self.other} more cannot be read, as after a power cut; they prove nothing."
        return f"{said} {len(self.problems)} problem(s)." if self.problems else said


def verify(paths: Paths, secrets: Secrets) -> Report:
    """Check the trail of this account against the keyring. Any program may do so while the daemon runs.

    Raises AuditError where a file of it cannot be read.
    """
    return check(paths.audit_log_file, open_vault(secrets))


def open_vault(secrets: Secrets) -> Vault:
    """Ask the keyring for key and head; the head first, for it only moves on."""
    try:
        head = _head(secrets)
        try:
            key = bytes.fromhex(secrets.get(KEY))
        except (SecretMissingError, ValueError):
            return Vault(None, head)
    except SecretError as error:
        return Vault(trouble=f"{error.cause} {error.remedy}")
    return Vault(key or None, head)


def check(path: Path, vault: Vault) -> Report:
    """Check the trail at ``path`` against what the keyring has. Raises AuditError where it cannot be read."""
    reading = _Reading(vault)
    try:
        for file in files(path):
            for number, line in enumerate(lines(file), start=1):
                reading.take(f"{file.name}:{number}", line)
    except (OSError, PermissionsError) as error:
        why = error.strerror if isinstance(error, OSError) else error.cause
        raise AuditError(
            f"{path} cannot be read: {why}.", "Look at its owner and mode, and at its directory's."
        ) from error
    return reading.report()


def _head(secrets: Secrets) -> Head | None:
    try:
        return msgspec.json.decode(secrets.get(HEAD), type=Head)
    except SecretMissingError:
        return None
    except (msgspec.MsgspecError, UnicodeError):
        return Head(0, DAMAGED)


@dataclass(frozen=True, slots=True)
class _Note:
    """A line of the trail about what was found wrong with it."""

    place: str
    at: str
    marks: frozenset[str]
    found: str


@dataclass(slots=True)
class _Reading:
    """One way through the lines, from the first to the last."""

    vault: Vault
    first: int = 0
    newest: Read | None = None
    count: int = 0
    sealed: int = 0
    waiting: int = 0
    """Lines since the last sealed one, all chained to each other."""
    other: int = 0
    gone_through: int = 0
    """Lines up to this one were deleted for their age or number, and a line says so."""
    strangers: dict[str, tuple[int, str]] = field(default_factory=dict)
    """By the name of a key that is not in the keyring: how many lines it seals, and the first one's place."""
    problems: list[Problem] = field(default_factory=list)
    notes: list[_Note] = field(default_factory=list)

    def take(self, place: str, line: bytes) -> None:
        """Look at the next line."""
        read = read_line(line)
        if read is None:
            self.other += bool(line)
            return
        self.count += 1
        if self._in_order(place, read):
            self._judge(place, read)
            self.newest = read

    def _in_order(self, place: str, read: Read) -> bool:
        """Whether the line goes on where the newest one ended; False for one that belongs further up."""
        number = read.place.sequence
        if self.newest is None:
            self.first = number
            return True
        expected = self.newest.place.sequence + 1
        if number < expected:
            self._wrong(place, f"Line {number} stands in the wrong place, or twice.", f"order-{number}")
            return False
        if number > expected:
            self._wrong(place, f"{_lines(expected, number - 1)} missing.", f"missing-to-{number - 1}")
        elif read.place.previous != self.newest.link:
            said = f"Line {number} does not follow from the one before: one of them was exchanged."
            self._wrong(place, said, f"exchanged-{number}")
        return True

    def _judge(self, place: str, read: Read) -> None:
        """Whether the line is as it was written, and what it says of the trail itself."""
        key, head, number = self.vault.key, self.vault.head, read.place.sequence
        if read.place.key and (key is None or read.place.key != key_name(key)):
            count, where = self.strangers.get(read.place.key, (0, place))
            self.strangers[read.place.key] = (count + 1, where)
            self.waiting = 0
            return
        if not read.fits(key):
            self._wrong(place, f"Line {number} was changed.", f"changed-{number}")
            return
        if head is not None and number == head.sequence and read.link != head.link:
            self._wrong(place, f"Line {number} is not the one that the keyring remembers.", f"head-{number}")
        self.waiting += 1
        if read.place.key:
            self.sealed += self.waiting
            self.waiting = 0
        if read.action == PRUNED and read.details.get("through", "").isdecimal():
            self.gone_through = max(self.gone_through, int(read.details["through"][:18]))
        elif read.action == GAP:
            marks = frozenset(read.details.get("marks", "").split())
            self.notes.append(_Note(place, read.at, marks, read.details.get("found", "")))

    def _wrong(self, place: str, meaning: str, mark: str) -> None:
        self.waiting = 0
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(Problem(place, meaning, mark))

    def report(self) -> Report:
        """What came of it."""
        last = self.newest.place.sequence if self.newest is not None else 0
        if self.first > self.gone_through + 1:
            meaning = f"{_lines(1, self.first - 1)} missing."
            self.problems.insert(0, Problem("the beginning", meaning, f"missing-to-{self.first - 1}"))
        self._ask_head(last)
        self._tell_strangers()
        return Report(
            lines=self.count,
            sealed=self.sealed,
            unsealed=self.count - self.sealed,
            other=self.other,
            first=self.first,
            last=last,
            unsealed_since=self._why_unsealed(),
            problems=tuple(self._noted()),
        )

    def _ask_head(self, last: int) -> None:
        head = self.vault.head
        if head is None:
            return
        if head.sequence > last:
            meaning = f"{_lines(last + 1, head.sequence)} missing: the keyring remembers them."
            self._wrong("the end", meaning, f"missing-to-{head.sequence}")
        elif head.link == DAMAGED:
            self._wrong("the keyring", "What the keyring remembers of the trail cannot be understood.", "head-damaged")

    def _tell_strangers(self) -> None:
        """Lines sealed by a key that we do not have prove nothing."""
        for name, (count, place) in self.strangers.items():
            if self.vault.trouble:
                meaning = f"{count} sealed line(s) cannot be checked: {self.vault.trouble}"
                self.problems.append(Problem(place, meaning))
            else:
                meaning = f"{count} line(s) cannot be checked: the key that seals them is no longer in the keyring."
                self.problems.append(Problem(place, meaning, f"key-{name}"))

    def _noted(self) -> Iterator[Problem]:
        """The problems, with the time at which the trail tells of them; and those only the trail tells of by now."""
        noted = {mark: note.at for note in reversed(self.notes) for mark in note.marks}
        for problem in self.problems:
            yield replace(problem, noted=noted.get(problem.mark, ""))
        marks = {problem.mark for problem in self.problems}
        for note in self.notes:
            if not note.marks <= marks:
                yield Problem(note.place, f"Found then: {note.found}", noted=note.at)

    def _why_unsealed(self) -> str:
        if self.vault.trouble:
            return self.vault.trouble
        return "" if self.vault.key is not None else "There is no key in the keyring yet; the daemon makes one."


def _lines(first: int, last: int) -> str:
    return f"Line {first} is" if first == last else f"Lines {first} to {last} are"

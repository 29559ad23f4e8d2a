"""The logging handler: folds floods, survives whatever a log call or a disk does, and counts what was lost."""

from __future__ import annotations

import logging
import math
import sys
import time
from collections.abc import Callable
from typing import Protocol

from gamedetectd.errors import LogError
from gamedetectd.observability.repeats import Message, Repeats

_KEY_LENGTH = 1_000
"""Characters by which two messages are compared."""


class LineStream(Protocol):
    """What lines are written to: a rotating file or a terminal."""

    def write(self, lines: str, /) -> object:
        """Append lines, each with its newline."""
        ...

    def flush(self) -> object:
        """Hand on what is held back."""
        ...


class LineHandler(logging.StreamHandler["_Counted"]):
    """Writes each record as a line. Nothing it meets is raised or printed: the caller of a log function is innocent."""

    terminator = ""

    def __init__(
        self, stream: LineStream, formatter: logging.Formatter, now: Callable[[], float] = time.monotonic
    ) -> None:
        super().__init__(_Counted(stream))
        self.setFormatter(formatter)
        self._repeats = Repeats()
        self._now = now

    @property
    def lost(self) -> int:
        """Lines that could not be written since the last one that could."""
        return self.stream.lost

    def format(self, record: logging.LogRecord) -> str:
        """All that is to be written now: what was lost, what was folded and is due, the record unless it is folded."""
        text = record.getMessage()
        if len(text) > _KEY_LENGTH:
            text = f"{text[:_KEY_LENGTH]}… ({len(text)} characters)"
        lines = self._folded(self._now())
        if self._repeats.admits(Message(record.name, record.levelno, text)):
            lines += super().format(record) + "\n"
        return self._loss() + lines if lines else ""

    def tell_loss(self) -> None:
        """If lines were lost, try to say so: the way to find out that the disk can be written again."""
        self._note(self._loss())

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's name
        """Called by logging in the except block of ``emit`` where a record cannot be made a line: say which."""
        template = record.msg if isinstance(record.msg, str) else type(record.msg).__name__
        error = type(sys.exception()).__name__
        place = f"{record.name} ({record.filename}:{record.lineno})"
        text = f"a log line of {place} could not be made ({error}): {template}"
        self.stream.write(self._line(Message(__name__, logging.ERROR, text)))

    def close(self) -> None:
        """Write what is still folded, then let go."""
        self._note(self._folded(math.inf))
        super().close()

    def _note(self, lines: str) -> None:
        """Write lines that are no loss if they cannot be written."""
        self.acquire()
        try:
            self.stream.write(lines, records=0)
        finally:
            self.release()

    def _loss(self) -> str:
        if not self.lost:
            return ""
        text = f"{self.lost} log line(s) before this one could not be written"
        return self._line(Message(__name__, logging.WARNING, text), {"lost": self.lost})

    def _folded(self, now: float) -> str:
        return "".join(
            self._line(
                Message(message.logger, message.level, f"{message.text} … repeated {count} times"), {"repeated": count}
            )
            for message, count in self._repeats.folded(now)
        )

    def _line(self, message: Message, fields: dict[str, int] | None = None) -> str:
        record = logging.LogRecord(message.logger, message.level, "", 0, message.text, None, None)
        if fields:
            record.__dict__["gamedetectd"] = fields
        return super().format(record) + "\n"


class _Counted:
    """A stream that never raises, and counts the records it could not write since it last could."""

    def __init__(self, stream: LineStream) -> None:
        self.lost = 0
        self._stream = stream

    def write(self, lines: str, records: int = 1) -> None:
        if not lines:
            return
        try:
            self._stream.write(lines)
            self._stream.flush()
        except (LogError, OSError, ValueError):  # ValueError: a terminal that is closed
            self.lost += records
        else:
            self.lost = 0

    def flush(self) -> None:
        """Nothing is held back: every write is handed on at once."""

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


class LineHandler(logging.StreamHandler[LineStream]):
    """Writes each record as a line. Nothing it meets is raised or printed: the caller of a log function is innocent."""

    terminator = ""

    def __init__(
        self, stream: LineStream, formatter: logging.Formatter, now: Callable[[], float] = time.monotonic
    ) -> None:
        super().__init__(stream)
        self.setFormatter(formatter)
        self.lost = 0
        """Lines that could not be written since the last one that could."""
        self._repeats = Repeats()
        self._now = now
        self._failed = False

    def emit(self, record: logging.LogRecord) -> None:
        self._failed = False
        super().emit(record)
        if not self._failed:
            self.lost = 0

    def format(self, record: logging.LogRecord) -> str:
        """What is to be written now: what was folded and is due, what was lost, and the record unless it is folded."""
        text = record.getMessage()
        if len(text) > _KEY_LENGTH:
            text = f"{text[:_KEY_LENGTH]}… ({len(text)} characters)"
        message = Message(record.name, record.levelno, text)
        lines = [self._summary(*folded) for folded in self._repeats.folded(self._now())]
        if self._repeats.admits(message):
            if self.lost:
                told = Message(__name__, logging.WARNING, f"{self.lost} log lines before this one could not be written")
                lines.append(self._line(told, {"lost": self.lost}))
            lines.append(super().format(record) + "\n")
        return "".join(lines)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's name
        """Called by logging in the except block of ``emit``: tell of a wrong log call, count a line that is lost."""
        error = sys.exception()
        if isinstance(error, (LogError, OSError)) or record.name == __name__:
            self._failed = True
            self.lost += 1
            return
        template = record.msg if isinstance(record.msg, str) else type(record.msg).__name__
        place = f"{record.filename}:{record.lineno}"
        text = f"a log line of {record.name} ({place}) could not be made ({type(error).__name__}): {template}"
        super().emit(_record(Message(__name__, logging.ERROR, text)))

    def close(self) -> None:
        """Write what is still folded, then let go."""
        self.acquire()
        try:
            self.stream.write("".join(self._summary(*folded) for folded in self._repeats.folded(math.inf)))
        except (LogError, OSError, ValueError):  # ValueError: the terminal is closed already
            self.lost += 1
        finally:
            self.release()
        super().close()

    def _summary(self, message: Message, count: int) -> str:
        told = Message(message.logger, message.level, f"{message.text} … repeated {count} times")
        return self._line(told, {"repeated": count})

    def _line(self, message: Message, fields: dict[str, int]) -> str:
        return super().format(_record(message, fields)) + "\n"


def _record(message: Message, fields: dict[str, int] | None = None) -> logging.LogRecord:
    record = logging.LogRecord(message.logger, message.level, "", 0, message.text, None, None)
    if fields:
        record.__dict__["gamedetectd"] = fields
    return record

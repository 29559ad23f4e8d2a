"""The one set-up of logging: JSON lines to the rotating file, human lines to the terminal, nothing printed besides."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from pathlib import Path
from typing import TextIO

from gamedetectd.config.sections import Logging, Privacy
from gamedetectd.observability.ecs import LINE_LIMIT, SERVICE, EcsFormatter, timestamp
from gamedetectd.observability.faults import catch_faults
from gamedetectd.observability.handlers import LineHandler
from gamedetectd.observability.human import HumanFormatter
from gamedetectd.observability.redaction import redactor
from gamedetectd.observability.rotation import DAY, Limits, RotatingFile

EVENTS = "gamedetectd.events"
"""Name of the logger that session events carry."""


def configure(settings: Logging, privacy: Privacy, log_file: Path, terminal: TextIO | None = None) -> LoggingHandle:
    """Set logging up and return the handle that changes and ends it.

    ``terminal`` (stderr) is written to as ``settings.terminal`` says. Never raises: a file that cannot be written is
    the handle's ``problem``, and is tried again with every line.
    """
    return LoggingHandle(settings, privacy, log_file, terminal)


class LoggingHandle:
    """What ``configure`` set up. Usable from every thread."""

    def __init__(self, settings: Logging, privacy: Privacy, log_file: Path, terminal: TextIO | None) -> None:
        self._file = RotatingFile(log_file, _limits(settings))
        self._formatter = EcsFormatter(_line_limit(settings))
        self._file_handler = LineHandler(self._file, self._formatter)
        self._handlers = [self._file_handler]
        if terminal is not None and settings.terminal != "none":
            human = settings.terminal == "human"
            shown = HumanFormatter(terminal) if human else EcsFormatter(ensure_ascii=True)
            self._handlers.append(LineHandler(terminal, shown))
        self._restore_faults = catch_faults()
        self._file.check()
        root, ours = logging.getLogger(), logging.getLogger(SERVICE)
        self._levels = {root: root.level, ours: ours.level}
        root.setLevel(logging.WARNING)
        for handler in self._handlers:
            handler.addFilter(_ours_or_serious)
            root.addHandler(handler)
        self.reconfigure(settings, privacy)

    def reconfigure(self, settings: Logging, privacy: Privacy) -> None:
        """Take over changed settings at once (all but ``terminal``)."""
        redactor().set_private_titles(privacy.private_titles)
        self._file.limits = _limits(settings)
        self._formatter.line_limit = _line_limit(settings)
        logging.getLogger(SERVICE).setLevel(settings.level.upper())

    def write_event(self, message: str, at: float, fields: Mapping[str, object]) -> None:
        """Write one session event (``at``: wall time) so that it survives a power cut.

        ``fields`` are dotted names of ``observability.fields``. Raises LogError when the line is not on the disk.
        """
        record = logging.LogRecord(EVENTS, logging.INFO, "", 0, message, None, None)
        written = timestamp(record.created)
        record.created, record.msecs = at, int(at * 1000) % 1000
        record.__dict__.update({"event.dataset": f"{SERVICE}.session", "event.created": written, **fields})
        self._file.write(self._formatter.format(record) + "\n", durable=True)

    def problem(self) -> str | None:
        """What keeps the log from being written, and the remedy, in two sentences; None while all is well."""
        if self._file.problem() is not None:
            self._file_handler.tell_loss()  # perhaps it can be written again, and nobody had anything to say since
        problem = self._file.problem()
        return f"{problem.cause} {problem.remedy}" if problem is not None else None

    @property
    def lost_lines(self) -> int:
        """Lines that could not be written since the last one that could."""
        return self._file_handler.lost

    def close(self) -> None:
        """Write what is folded, close the file and leave logging as it was found."""
        root = logging.getLogger()
        for handler in self._handlers:
            root.removeHandler(handler)
            handler.close()
        for logger, level in self._levels.items():
            logger.setLevel(level)
        self._restore_faults()
        self._file.close()


def _ours_or_serious(record: logging.LogRecord) -> bool:
    """Our own records as our level lets them through; of other libraries only what is a warning or worse."""
    return record.levelno >= logging.WARNING or record.name == SERVICE or record.name.startswith(f"{SERVICE}.")


def _limits(settings: Logging) -> Limits:
    return Limits(settings.max_file_bytes, settings.max_total_bytes, settings.max_age_days * DAY)


def _line_limit(settings: Logging) -> int:
    return min(LINE_LIMIT, _limits(settings).file_bytes - 1)

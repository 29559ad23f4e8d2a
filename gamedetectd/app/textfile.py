"""Writes the metrics to a file for node_exporter, where the person set one: imported then, and nothing of it before."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from pathlib import Path

from gamedetectd.app.checks.exposure import METRICS_UNWRITABLE
from gamedetectd.config.outward import Metrics
from gamedetectd.errors import TextfileError
from gamedetectd.health.conditions import Finding
from gamedetectd.interfaces import Stop
from gamedetectd.views.exposition import remove_textfile, write_textfile
from gamedetectd.views.metrics import Family
from gamedetectd.worker import rest

log = logging.getLogger(__name__)


class Textfile:
    """Give ``run`` to a Worker. ``trouble`` says why the file is not written; ``changed`` is told when that changes."""

    def __init__(self, settings: Metrics, read: Callable[[], Sequence[Family]], changed: Callable[[], None]) -> None:
        self.trouble: Finding | None = None
        self._settings = settings
        self._path = Path(settings.textfile)
        self._read = read
        self._changed = changed

    def run(self, stop: Stop) -> None:
        """Write now and every so many seconds; remove the file at the end."""
        try:
            while not stop.is_set():
                self._note(self._write())
                rest(stop, self._settings.textfile_interval)
        finally:
            try:
                remove_textfile(self._path)
            except TextfileError as error:
                log.warning("%s", error)

    def look(self) -> Finding | None:
        """Why the file is not written."""
        return self.trouble

    def _write(self) -> TextfileError | None:
        try:
            write_textfile(self._path, self._read(), public=self._settings.textfile_public)
        except TextfileError as error:
            return error
        return None

    def _note(self, error: TextfileError | None) -> None:
        before = self.trouble
        self.trouble = None if error is None else Finding(METRICS_UNWRITABLE, error.cause)
        if self.trouble != before:
            self._changed()

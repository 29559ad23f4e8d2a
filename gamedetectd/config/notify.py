"""The system's notifications of changed files, by ``watchdog``; imported only by who watches, for it costs memory."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

from watchdog import events
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver
from watchdog.observers.polling import PollingObserver

POLL_SECONDS = 5.0
"""Between two looks where the system has no notification to give."""
STOP_SECONDS = 2.0
"""How long ``close`` waits for watchdog's dispatcher."""

_WANTED: list[type[events.FileSystemEvent]] = [
    events.FileCreatedEvent,
    events.FileModifiedEvent,
    events.FileAttribEvent,
    events.FileMovedEvent,
    events.FileDeletedEvent,
    events.DirCreatedEvent,
    events.DirAttribEvent,
    events.DirMovedEvent,
    events.DirDeletedEvent,
]
"""Not the events of opening and closing: reading a file must not look like a change of it."""
_NOT_THERE = (FileNotFoundError, NotADirectoryError, PermissionError)


class Notifier(events.FileSystemEventHandler):
    """Calls ``notice`` with the paths (one, or two for a rename) of every change in the watched directories.

    ``what`` begins the sentence that says what is noticed late where the system does not notify.
    """

    def __init__(self, notice: Callable[[frozenset[str]], None], what: str = "Changed settings") -> None:
        self.degraded_reason: str | None = None
        """A sentence saying that, and why, changes are looked for instead of being notified; else None."""
        self._notice = notice
        self._what = what
        self._observer: BaseObserver = Observer()
        self._observer.start()

    def watch(self, directories: Iterable[Path]) -> None:
        """Watch exactly these directories, not what lies below them; one that is missing or closed is passed over."""
        wanted = [str(directory) for directory in directories]
        try:
            self._schedule(wanted)
        except OSError as error:  # no inotify instance or watch is left, or the system has none
            self.degraded_reason = (
                f"{self._what} are noticed within {POLL_SECONDS:.0f} seconds instead of at once, because the "
                f"system refuses to notify: {error.strerror}. The limits are in /proc/sys/fs/inotify."
            )
            self.close()
            self._observer = PollingObserver(timeout=POLL_SECONDS)
            self._observer.start()
            self._schedule(wanted)

    def on_any_event(self, event: events.FileSystemEvent) -> None:
        """What watchdog calls for every event."""
        self._notice(frozenset(os.fsdecode(path) for path in (event.src_path, event.dest_path) if path))

    def close(self) -> None:
        """End watchdog's threads."""
        self._observer.stop()
        self._observer.join(STOP_SECONDS)

    def _schedule(self, directories: Iterable[str]) -> None:
        self._observer.unschedule_all()
        for directory in directories:
            with suppress(*_NOT_THERE):
                self._observer.schedule(self, directory, event_filter=_WANTED)

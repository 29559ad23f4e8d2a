"""Notices when the settings or the rules are saved, however an editor does it, and has them read again.

Watched are the configuration directory, the nearest directory above it, so that one that is removed and made again is
found again, and the directories of what the files may be symbolic links to. Nothing wakes up while nothing changes.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from gamedetectd.config.actions import NO_ACTIONS, Actions
from gamedetectd.config.load import NO_FLAGS
from gamedetectd.config.reload import Reload, Reloader
from gamedetectd.config.schema import Settings
from gamedetectd.domain import Rule
from gamedetectd.paths import Paths

QUIET_SECONDS = 0.3
"""How long nothing must change before the files are read: editors save in several steps."""
STOP_SECONDS = 5.0
"""How long ``stop`` waits for the thread."""


class ConfigWatcher:
    """Calls ``on_change`` with a Reload whenever saved settings or rules change anything, for better or worse.

    It is called in the watcher's own thread (by ``reload_now`` in the caller's), never twice at a time, and must not
    raise. ``settings``, ``rules`` and ``actions`` are what the daemon started with; ``environment`` and ``flags`` stay
    above the file.
    """

    def __init__(
        self,
        paths: Paths,
        on_change: Callable[[Reload], None],
        *,
        settings: Settings,
        rules: Sequence[Rule] = (),
        actions: Actions = NO_ACTIONS,
        environment: Mapping[str, str] = os.environ,
        flags: Mapping[str, object] = NO_FLAGS,
    ) -> None:
        self._places = _Places(paths)
        self._on_change = on_change
        self._reloader = Reloader(paths, settings, rules, environment, flags)
        self._told = _news(Reload(settings, tuple(rules), actions=actions))
        self._one_at_a_time = threading.Lock()
        self._changed = threading.Event()
        self._stopped = threading.Event()
        self._degraded: str | None = None
        self._thread = threading.Thread(target=self._live, name="config", daemon=True)

    def start(self) -> None:
        """Begin to watch; once only. What changed since ``settings`` were read is noticed too."""
        self._thread.start()

    def stop(self) -> None:
        """End every thread; may be called more than once, and without ``start``."""
        self._stopped.set()
        self._changed.set()
        if self._thread.ident is not None:
            self._thread.join(STOP_SECONDS)

    def reload_now(self, by: str = "a command") -> Reload:
        """Read everything now, tell ``on_change`` even if nothing changed, and return what came of it.

        ``by`` says who wants it, as ``Reload.by``.
        """
        return self._reload(by, always=True)

    def degraded_reason(self) -> str | None:
        """A sentence saying that, and why, changes are looked for instead of being notified; else None."""
        return self._degraded

    def _live(self) -> None:
        from gamedetectd.config.notify import Notifier

        notifier = Notifier(self._notice)
        try:
            while not self._stopped.is_set():
                while self._places.moved() and not self._stopped.is_set():
                    notifier.watch(self._places.directories)
                self._degraded = notifier.degraded_reason
                self._reload("an edit of the file", always=False)
                self._changed.wait()
                while self._changed.is_set() and not self._stopped.is_set():
                    self._changed.clear()
                    self._stopped.wait(QUIET_SECONDS)
        finally:
            notifier.close()

    def _notice(self, changed: frozenset[str]) -> None:
        if self._places.concern(changed):
            self._changed.set()

    def _reload(self, by: str, *, always: bool) -> Reload:
        with self._one_at_a_time:
            outcome = replace(self._reloader.reload(), by=by)
            news = _news(outcome)
            if always or news != self._told:
                self._told = news
                self._on_change(outcome)
        return outcome


def _news(outcome: Reload) -> tuple[object, ...]:
    """What must differ for an outcome to be worth telling: not ``applied``, which is empty when nothing changes."""
    return outcome.settings, outcome.rules, outcome.needs_restart, outcome.problems, outcome.actions


class _Places:
    """Which directories to watch now, and which paths in them matter."""

    def __init__(self, paths: Paths) -> None:
        self.directories: tuple[Path, ...] = ()
        self._directory = paths.config
        self._files = (paths.settings_file, paths.rules_file, paths.actions_file)
        self._file_names: frozenset[str] = frozenset()
        self._directory_names: frozenset[str] = frozenset()
        self._stale = threading.Event()
        self._stale.set()

    def concern(self, changed: frozenset[str]) -> bool:
        """True if one of these paths is a file we read or a directory on the way to it (another one, perhaps)."""
        if changed & self._directory_names:
            self._stale.set()
            return True
        return bool(changed & self._file_names)

    def moved(self) -> bool:
        """Look where everything is now; True if the directories must be watched anew."""
        stale = self._stale.is_set()
        if stale:
            self._stale.clear()
        before = self.directories
        self.directories = tuple(dict.fromkeys(self._look()))
        targets = {_real(file) for file in self._files}
        real = _real(self._directory)
        self._file_names = frozenset(
            str(name) for name in (*self._files, *targets, *(real / file.name for file in self._files))
        )
        on_the_way = (self._directory, real, *(target.parent for target in targets))
        self._directory_names = frozenset(str(name) for place in on_the_way for name in (place, *place.parents))
        return stale or self.directories != before

    def _look(self) -> Iterator[Path]:
        """From the outside in: one above is watched before we look whether the next exists."""
        yield _real(next(above for above in self._directory.parents if above.is_dir()))
        for place in (self._directory, *(_real(file).parent for file in self._files)):
            if place.is_dir():
                yield _real(place)


def _real(path: Path) -> Path:
    """The path behind every symbolic link; unlike ``Path.resolve``, not an error where links go in a circle."""
    return Path(os.path.realpath(path))

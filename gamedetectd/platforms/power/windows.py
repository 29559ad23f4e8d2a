"""Windows tells of locking, sleep and a new time by messages to the hidden window."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import ExitStack

from gamedetectd.domain import PowerState
from gamedetectd.platforms.power.messages import WM_WTSSESSION_CHANGE, Presence, concerns_time

if sys.platform == "win32":
    from gamedetectd.platforms.mailbox import Mailbox
    from gamedetectd.platforms.win32.message_window import MessageWindow, message_window

    class PowerMessages:
        """Readable (``fileno``) when the clocks are worth a look or the screen was locked. Raises OSError."""

        def __init__(self, window: MessageWindow | None = None) -> None:
            self._window = window or message_window()
            self._presence = Presence()
            self._closing = ExitStack()
            with ExitStack() as failing:
                self._mailbox: Mailbox[PowerState | None] = failing.enter_context(Mailbox())
                failing.enter_context(self._window.listening(self._listen))
                self._closing = failing.pop_all()

        def fileno(self) -> int:
            """The descriptor for ``select``."""
            return self._mailbox.fileno()

        def heard(self) -> Sequence[PowerState]:
            """What became of the screen since the last call."""
            return [state for state in self._mailbox.take() if state is not None]

        def trouble(self) -> str | None:
            """Sentences saying what is not told, or None."""
            if not self._window.alive():
                return "The hidden window that Windows tells of sleep and locking is gone."
            return " ".join(self._window.shortcomings) or None

        def close(self) -> None:
            """Listen no longer."""
            self._closing.close()

        def _listen(self, message: int, wparam: int, _lparam: int) -> int | None:
            if message == WM_WTSSESSION_CHANGE:
                state = self._presence.hear(wparam)
                if state is not None:
                    self._mailbox.put(state)
            elif concerns_time(message, wparam):
                self._mailbox.put(None)
            return None

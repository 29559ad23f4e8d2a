"""The one hidden window of this process: through its thread Windows tells of locking, sleep, the clock, the end of the
session and, for whoever hooks them there, of other programs' windows.

It is a top-level window, because only those are told of the end of the session. The window and its thread are there
while somebody listens. What happens in that thread must be short: it leaves a letter in a ``Mailbox``, as a rule.
"""

from __future__ import annotations

import functools
import logging
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

log = logging.getLogger(__name__)

CLASS_NAME = "gamedetectd.messages"
START_SECONDS = 5.0
END_SECONDS = 2.0
Listener = Callable[[int, int, int], int | None]
"""Is given message, wparam and lparam; what it returns is answered, None for what Windows would answer."""


if sys.platform == "win32":
    from gamedetectd.platforms.win32 import kernel32, user32_messages, wtsapi32

    class MessageWindow:
        """See above. ``shortcomings`` are sentences saying of what Windows does not tell. For any thread."""

        def __init__(self) -> None:
            self.shortcomings: tuple[str, ...] = ()
            self._lock = threading.Lock()
            self._listeners: tuple[Listener, ...] = ()
            self._work: deque[Callable[[], None]] = deque()
            self._thread: threading.Thread | None = None
            self._window = 0
            self._trouble: OSError | None = None
            self._ready = threading.Event()

        @contextmanager
        def listening(self, listener: Listener) -> Iterator[None]:
            """Inside, ``listener`` is called in the window's thread for every message; raises OSError."""
            with self._lock:
                if not self._listeners:
                    self._start()
                self._listeners += (listener,)
            try:
                yield
            finally:
                with self._lock:
                    self._listeners = tuple(one for one in self._listeners if one is not listener)
                    if not self._listeners:
                        self._end()

        def soon(self, action: Callable[[], None]) -> None:
            """Have something done in the window's thread; never waits for it. Nothing is done once that has ended."""
            self._work.append(action)
            window = self._window
            if window:
                with suppress(OSError):  # it was destroyed just now
                    user32_messages.post(window, user32_messages.WM_WORK)

        def alive(self) -> bool:
            """False once the thread has ended."""
            return self._thread is not None and self._thread.is_alive()

        def _start(self) -> None:
            self._trouble, self._work = None, deque()
            self._ready.clear()
            self._thread = threading.Thread(target=self._run, name="messages", daemon=True)
            self._thread.start()
            if not self._ready.wait(START_SECONDS):
                raise TimeoutError("Windows does not give us a window")
            if self._trouble is not None:
                self._thread = None
                raise self._trouble

        def _end(self) -> None:
            thread, self._thread = self._thread, None
            if thread is None or not thread.is_alive():
                return
            self.soon(functools.partial(user32_messages.destroy_window, self._window))
            thread.join(END_SECONDS)
            if thread.is_alive():
                log.warning("the thread of the hidden window did not end")

        def _run(self) -> None:
            procedure = user32_messages.Procedure(self._take)
            module = kernel32.this_module()
            try:
                user32_messages.register_class(CLASS_NAME, procedure, module)
            except OSError as error:
                self._trouble = error
                self._ready.set()
                return
            try:
                self._window = user32_messages.make_window(CLASS_NAME, "gamedetectd", module)
                self._subscribe(self._window)
                self._ready.set()
                user32_messages.pump()
            except OSError as error:
                self._trouble = error
            finally:
                self._window = 0
                self._ready.set()
                user32_messages.unregister_class(CLASS_NAME, module)

        def _subscribe(self, window: int) -> None:
            """Ask for what windows are not told by themselves; both end with the window."""
            found = []
            for what, ask in (
                ("when the screen is locked", wtsapi32.tell_of_session),
                ("of sleep on machines that never quite sleep", user32_messages.tell_of_sleep),
            ):
                try:
                    ask(window)
                except OSError as error:
                    found.append(f"Windows does not tell {what} ({error.strerror or error}).")
            self.shortcomings = tuple(found)

        def _take(self, window: int, message: int, wparam: int, lparam: int) -> int:
            """The window's procedure."""
            if message == user32_messages.WM_WORK:
                while self._work:
                    self._work.popleft()()
                return 0
            if message == user32_messages.WM_DESTROY:
                user32_messages.end_pump()
                return 0
            answers = [listener(message, wparam, lparam) for listener in self._listeners]
            answer = next((one for one in answers if one is not None), None)
            if answer is None:
                answer = user32_messages.answer_as_usual(window, message, wparam, lparam)
            return answer

    @functools.cache
    def message_window() -> MessageWindow:
        """The one of this process."""
        return MessageWindow()

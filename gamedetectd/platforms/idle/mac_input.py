"""macOS: how long ago keyboard, mouse and trackpad were last used. Only asking tells; it costs nothing and needs no
leave. Gamepads are no part of it.
"""

from __future__ import annotations

from gamedetectd.errors import DisplayGoneError
from gamedetectd.platforms.idle.source import Input
from gamedetectd.platforms.mac import core_graphics


class MacInput:
    """See ``source.InputSource``. Locking is told by notices (``platforms.power``), so ``saver`` is never True."""

    alarms = False

    def readers(self) -> tuple[()]:
        """Nothing becomes readable."""
        return ()

    def look(self) -> Input:
        try:
            seconds = core_graphics.seconds_since_input()
        except (OSError, AttributeError) as error:
            raise DisplayGoneError(
                f"macOS does not say when input was last given ({error}).", "Nothing needs to be done."
            ) from error
        return Input(max(0.0, seconds), saver=False)

    def shortcoming(self) -> str | None:
        return None

    def close(self) -> None:
        """Nothing is held."""

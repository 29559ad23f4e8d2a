"""Who watches this desktop: the first of our daemons claims it, so that a second one, with a home of its own, knows.

The claim ends with the process, however that ends. It leaves nothing on the disk but, on macOS, an empty file in the
account's own temporary directory. Another account could take the name first: that costs the daemon nothing.
"""

from __future__ import annotations

import os
import re
import sys

if sys.platform == "win32":
    from gamedetectd.platforms.win32 import kernel32

    def _claim() -> int | None:
        """A handle on a mutex of this log-on session, None where another process has one."""
        try:
            return kernel32.hold_name("gamedetectd-desktop")
        except OSError:
            return 0

    def _release(claim: int) -> None:
        if claim:
            kernel32.close(claim)

elif sys.platform == "linux":
    import socket

    def _claim() -> int | None:
        """A descriptor of a socket with an abstract name, which is one machine's; None where the name is taken."""
        display = _display()
        if not display:
            return -1
        claim = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        try:
            claim.bind(f"\0gamedetectd-desktop/{os.getuid()}/{display}".encode())
        except OSError:
            claim.close()
            return None
        return claim.detach()

    def _release(claim: int) -> None:
        if claim >= 0:
            os.close(claim)

else:
    import tempfile
    from pathlib import Path

    from gamedetectd.errors import PermissionsError
    from gamedetectd.platforms.file_lock import lock
    from gamedetectd.platforms.permissions import open_private

    def _claim() -> int | None:
        """A descriptor of a locked file, None where another process has the lock."""
        try:
            descriptor = open_private(Path(tempfile.gettempdir(), "gamedetectd-desktop.lock"), os.O_RDWR | os.O_CREAT)
        except (OSError, PermissionsError):
            return -1
        if lock(descriptor):
            return descriptor
        os.close(descriptor)
        return None

    def _release(claim: int) -> None:
        if claim >= 0:
            os.close(claim)


def _display() -> str:
    """The desktop's name: without the screen, which is one of several of the same desktop."""
    return os.environ.get("WAYLAND_DISPLAY") or re.sub(r"\.\d+$", "", os.environ.get("DISPLAY", ""))[:64]


class DesktopClaim:
    """One process's claim on the desktop it was started from. Where there is no desktop, nobody disputes it."""

    def __init__(self) -> None:
        self._held: int | None = None

    def take(self) -> bool:
        """True if the desktop is ours to watch, now or since before; False while another process watches it."""
        if self._held is None:
            self._held = _claim()
        return self._held is not None

    def close(self) -> None:
        """Give it back."""
        held, self._held = self._held, None
        if held is not None:
            _release(held)

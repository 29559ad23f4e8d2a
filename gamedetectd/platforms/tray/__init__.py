"""Icons in the tray: one class a system, each a pystray backend with the few methods of ``face.TrayIcon`` on top."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from gamedetectd.interfaces import Stop
from gamedetectd.platforms.tray.face import Face, Hidden, TrayIcon

__all__ = ["Face", "Hidden", "TrayIcon", "make_icon"]


def make_icon(
    name: str,
    face: Face,
    menu: Any,
    *,
    stop: Stop,
    wake: Callable[[], None],
    refresh: Callable[[], None],
    clicked: Callable[[Any], None],
) -> TrayIcon:
    """This system's icon, not shown yet. ``refresh`` runs in its thread after each wake-up.

    ``wake`` ends a wait of ``stop``; ``clicked(item)`` is called for an item of the menu.
    """
    icon: TrayIcon = _kind()(name, face, menu, stop=stop, wake=wake, refresh=refresh, clicked=clicked)
    return icon


def _kind() -> Any:
    if sys.platform == "win32":
        from gamedetectd.platforms.tray.windows import WindowsIcon

        return WindowsIcon
    if sys.platform == "darwin":
        from gamedetectd.platforms.tray.darwin import MacIcon

        return MacIcon
    from gamedetectd.platforms.tray.linux import LinuxIcon

    return LinuxIcon

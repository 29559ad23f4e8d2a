"""Notifications, by what the system offers: the session bus on Linux, the tray's icon elsewhere."""

from __future__ import annotations

import sys

from gamedetectd.platforms.notify.bubble import Bubble, Button, Clicked, Notifier
from gamedetectd.platforms.notify.tray import TrayNotifier

__all__ = ["Bubble", "Button", "Clicked", "Notifier", "TrayNotifier", "make_notifier"]


def make_notifier() -> Notifier:
    """This system's way of showing notifications."""
    if sys.platform == "linux":
        from gamedetectd.platforms.notify.freedesktop import BusNotifier

        return BusNotifier()
    return TrayNotifier()

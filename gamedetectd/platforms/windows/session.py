"""Which desktop this session is, as far as its environment says: which mechanism for windows is worth a try."""

from __future__ import annotations

import os


def on_wayland() -> bool:
    """True in a Wayland session."""
    return bool(os.environ.get("WAYLAND_DISPLAY")) or os.environ.get("XDG_SESSION_TYPE") == "wayland"


def desktop_is(*names: str) -> bool:
    """True where the session calls itself one of these, in any case (``XDG_CURRENT_DESKTOP``: ``ubuntu:GNOME``)."""
    ours = os.environ.get("XDG_CURRENT_DESKTOP", "").casefold().split(":")
    return any(name.casefold() in ours for name in names)


def is_sway() -> bool:
    """Sway, or one that speaks as it does, is the compositor. i3 itself is on X11, and sets only I3SOCK."""
    speaks = bool(os.environ.get("I3SOCK")) or desktop_is("sway", "scroll")
    return bool(os.environ.get("SWAYSOCK")) or (on_wayland() and speaks)


def is_hyprland() -> bool:
    """Hyprland is the compositor."""
    return bool(os.environ.get("HYPRLAND_INSTANCE_SIGNATURE"))


def is_kde() -> bool:
    """KWin is the compositor. On X11 it is a window manager as any other."""
    return on_wayland() and desktop_is("KDE")


def is_gnome() -> bool:
    """GNOME Shell is the compositor, whatever a distribution calls its session."""
    return on_wayland() and desktop_is("GNOME", "GNOME-Classic", "ubuntu")

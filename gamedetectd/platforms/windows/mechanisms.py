"""Every way to learn of windows, the preferred first: one table that the sensor and the list of windows both read.

A row fits a session or does not (is it the right desktop at all?); what fits may still not work, and then says why and
what to do (its backend's ``unsupported_reason``), and the next row that fits is tried.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from gamedetectd.platforms.capability import Capability
from gamedetectd.platforms.windows import declared, session
from gamedetectd.platforms.windows.backend import ForegroundBackend
from gamedetectd.platforms.windows.compositor import CompositorForeground


@dataclass(frozen=True, slots=True)
class Mechanism:
    """A row: what the backend declares of itself, whether it fits this session, and what makes it."""

    declared: Capability
    fits: Callable[[], bool]
    make: Callable[[], ForegroundBackend]


def _sway() -> ForegroundBackend:
    from gamedetectd.platforms.windows import sway

    return sway.backend()


def _hyprland() -> ForegroundBackend:
    from gamedetectd.platforms.windows import hyprland

    return hyprland.backend()


def _kwin() -> ForegroundBackend:
    from gamedetectd.platforms.windows import kwin

    return kwin.backend()


def _gnome() -> ForegroundBackend:
    from gamedetectd.platforms.windows import gnome

    return gnome.backend()


def _x11() -> ForegroundBackend:
    from gamedetectd.platforms.windows.x11 import X11Foreground

    return X11Foreground()


def _win32() -> ForegroundBackend:
    if sys.platform == "win32":
        from gamedetectd.platforms.windows.win32 import Win32Foreground

        return Win32Foreground()
    raise NotImplementedError


def _mac() -> ForegroundBackend:
    from gamedetectd.platforms.windows.mac import MacForeground

    return MacForeground()


def _always() -> bool:
    return True


MECHANISMS: tuple[Mechanism, ...] = (
    Mechanism(declared.SWAY, session.is_sway, _sway),
    Mechanism(declared.HYPRLAND, session.is_hyprland, _hyprland),
    Mechanism(declared.KWIN, session.is_kde, _kwin),
    Mechanism(declared.GNOME, session.is_gnome, _gnome),
    Mechanism(declared.X11, _always, _x11),
    Mechanism(declared.WIN_EVENTS, _always, _win32),
    Mechanism(declared.WORKSPACE, _always, _mac),
)
"""On Wayland X11 comes last: through Xwayland it sees the windows of X11 programs alone."""


def fitting(table: tuple[Mechanism, ...] = MECHANISMS) -> Iterator[ForegroundBackend]:
    """A backend of every row that fits this session, the preferred first. Nothing is opened yet."""
    return (row.make() for row in table if sys.platform.startswith(row.declared.system) and row.fits())


def compositor() -> CompositorForeground | None:
    """The backend of the compositor this session has, if it tells of windows; None on X11 and elsewhere."""
    if not sys.platform.startswith("linux") or not session.on_wayland():
        return None
    for one in fitting():
        if isinstance(one, CompositorForeground) and one.unsupported_reason() is None:
            return one
    return None

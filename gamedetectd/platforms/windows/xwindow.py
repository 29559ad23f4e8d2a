"""What an X11 window says of itself, read in one round trip and made safe to keep: title, class, owner, place.

Sources: the Extended Window Manager Hints 1.5 (``_NET_*``), ICCCM 2.0 (``WM_*``), and gamescope, which like
Proton marks a game's windows with its Steam application number in ``STEAM_GAME``.
"""

from __future__ import annotations

import itertools
import re
import socket
from collections.abc import Sequence
from pathlib import Path

from gamedetectd.domain import Window
from gamedetectd.platforms.windows.backend import Sighting
from gamedetectd.platforms.windows.geometry import LONGEST_TITLE, covers, nearest_monitor, one_line
from gamedetectd.platforms.windows.xanswers import as_bounds, as_bytes, as_monitors, as_numbers, as_pid
from gamedetectd.platforms.windows.xdisplay import XDisplay

TITLE_LONGS = LONGEST_TITLE
"""A property's size is counted in units of four bytes, which is the longest a character can be."""

STEAM_ITSELF = 769
"""The number Steam's own full-screen interface wears under gamescope."""
FIRST_SHORTCUT = 1 << 31
"""From here on a Steam number is a person's own shortcut and names no game of the store."""

_NEVER_FULLSCREEN = ("_NET_WM_WINDOW_TYPE_DESKTOP", "_NET_WM_WINDOW_TYPE_DOCK")
_MAXIMIZED = ("_NET_WM_STATE_MAXIMIZED_HORZ", "_NET_WM_STATE_MAXIMIZED_VERT")

RELEVANT = ("_NET_WM_NAME", "WM_NAME", "WM_CLASS", "_NET_WM_PID", "_NET_WM_STATE", "_NET_FRAME_EXTENTS", "STEAM_GAME")
"""The properties of a window whose change is worth reading it again."""


def describe(display: XDisplay, handle: int) -> Sighting | None:
    """Read one window; None where it is gone. ``DisplayGoneError`` where the server is."""
    names = ("_NET_WM_WINDOW_TYPE", "WM_CLIENT_MACHINE", *RELEVANT)
    questions = [
        display.about_property(handle, name, TITLE_LONGS if name in ("_NET_WM_NAME", "WM_NAME") else 64)
        for name in names
    ]
    geometry = display.about_geometry(handle)
    client, screens = display.about_client(handle), display.about_monitors()
    answers = dict(zip(names, display.ask(*questions), strict=True))
    bounds = as_bounds(*display.ask(*geometry))
    owner = as_pid(display.ask(client)[0]) if client is not None else 0
    monitors = as_monitors(display.ask(screens)[0]) if screens is not None else []
    if bounds is None:
        return None
    state = frozenset(as_numbers(answers["_NET_WM_STATE"]))
    name, monitor = nearest_monitor(bounds, monitors or [(0, display.screen_bounds())])
    types = as_numbers(answers["_NET_WM_WINDOW_TYPE"])
    borderless = (
        covers(bounds, monitor)
        and not any(as_numbers(answers["_NET_FRAME_EXTENTS"]))
        and not all(display.atom(part) in state for part in _MAXIMIZED)
        and not any(display.atom(kind) in types for kind in _NEVER_FULLSCREEN)
    )
    title = as_bytes(answers["_NET_WM_NAME"])
    window = Window(
        handle=handle,
        pid=choose_pid(as_numbers(answers["_NET_WM_PID"]), as_bytes(answers["WM_CLIENT_MACHINE"]), owner),
        title=clean_text(as_bytes(answers["WM_NAME"]) or b"" if title is None else title),
        class_name=class_part(as_bytes(answers["WM_CLASS"]) or b""),
        fullscreen=borderless or display.atom("_NET_WM_STATE_FULLSCREEN") in state,
        bounds=bounds,
        monitor=display.atom_name(name),
    )
    hidden = display.atom("_NET_WM_STATE_HIDDEN") in state
    return Sighting(window, hidden, steam_app(as_numbers(answers["STEAM_GAME"])))


def clean_text(raw: bytes) -> str:
    """A title as one line of at most ``LONGEST_TITLE`` characters, without anything a terminal would obey.

    UTF-8 where it is UTF-8, else Latin-1 where it holds no broken UTF-8 either: old programs write both into WM_NAME.
    """
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        looks_utf8 = any(byte >= 0xC0 and 0x80 <= after < 0xC0 for byte, after in itertools.pairwise(raw))
        text = raw.decode(errors="replace") if looks_utf8 else raw.decode("latin-1")
    return one_line(text)


def class_part(raw: bytes) -> str:
    """The class of ``instance NUL class NUL``, or the only part there is."""
    parts = [part for part in raw.split(b"\0") if part]
    return clean_text(parts[min(1, len(parts) - 1)]) if parts else ""


def steam_app(values: Sequence[int]) -> int:
    """The store's number in ``STEAM_GAME``; 0 for none, for Steam itself and for a person's own shortcut."""
    number = values[0] if values else 0
    return number if number < FIRST_SHORTCUT and number != STEAM_ITSELF else 0


def choose_pid(claimed: Sequence[int], machine: bytes | None, owner: int, proc: Path = Path("/proc")) -> int:
    """The process a window belongs to, as this machine counts; 0 where nobody knows.

    A program claims its pid in ``_NET_WM_PID``: void where it runs on another machine (``WM_CLIENT_MACHINE``), where no
    such process is here, or where it is the number inside a container (Flatpak, Firejail). The X server's word on who
    is connected (``owner``) counts then.
    """
    pid = claimed[0] if claimed else 0
    here = socket.gethostname().partition(".")[0].casefold()
    said = (machine or b"").decode(errors="replace").strip("\0").partition(".")[0].casefold()
    if said not in ("", "localhost", here) or pid == 0 or not (proc / str(pid)).exists():
        return owner
    if pid != owner and _number_inside(owner, proc) == pid:
        return owner
    return pid


def _number_inside(pid: int, proc: Path) -> int:
    """The number a process has in its own pid namespace; 0 where it lives in ours or is gone.

    ``NSpid`` in /proc/PID/status lists its numbers from ours inwards (proc_pid_status(5)).
    """
    try:
        status = (proc / str(pid) / "status").read_text(errors="replace")
    except OSError:
        return 0
    found = re.search(r"^NSpid:\s+\d+(?:\s+\d+)*\s+(\d+)$", status, re.MULTILINE)
    return int(found[1]) if found else 0

"""One X11 connection with manners: no surprises on the terminal, no TCP, windows that vanish are None and not errors.

python-xlib does the protocol. This wraps what would otherwise leak into every caller: its default error handler writes
to stderr, its reader of the authority file prints, a missing socket makes it try TCP, each question costs a round trip
of its own, and it is installed on Linux only, so that it is imported when a connection is opened and not before.
"""

from __future__ import annotations

import logging
import os
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import IntEnum, IntFlag
from typing import TYPE_CHECKING, Any, TypeVar

from gamedetectd.domain import Bounds
from gamedetectd.errors import DisplayGoneError
from gamedetectd.platforms.windows.xanswers import as_bounds, as_family, as_numbers

if TYPE_CHECKING:
    from Xlib.display import Display
    from Xlib.error import XError
    from Xlib.protocol.rq import ReplyRequest, Request

log = logging.getLogger(__name__)

T = TypeVar("T")

CONNECT_TIMEOUT = 2.0
"""Seconds the server's socket may take to accept us."""
RETRY_PAUSES = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0)
"""Seconds between attempts to reach a display that went away; the last one repeats."""
_CONNECTING = threading.Lock()
MOST_EVENTS = 1000
"""Events taken in one go, so that a flood cannot keep us from looking up."""


class Kind(IntEnum):
    """The core protocol's event numbers (X11R7.7 protocol, appendix B) that matter here."""

    ENTER = 7
    FOCUS_IN = 9
    FOCUS_OUT = 10
    DESTROY = 17
    UNMAP = 18
    MAP = 19
    CONFIGURE = 22
    PROPERTY = 28


class Mask(IntFlag):
    """Which events a window is asked for (same source)."""

    NOTHING = 0
    ENTER = 1 << 4
    STRUCTURE = 1 << 17
    SUBSTRUCTURE = 1 << 19
    FOCUS = 1 << 21
    PROPERTY = 1 << 22


@dataclass(frozen=True, slots=True)
class XEvent:
    """An event: its number, the window it tells of, and the atom of the property that changed (0 for other kinds)."""

    kind: int
    window: int
    atom: int


def display_name() -> str:
    """The display of this session, such as ``:0``; empty where there is none."""
    return os.environ.get("DISPLAY", "")


def is_local(name: str) -> bool:
    """True where the X server runs on this machine, so that it knows our process ids (not so over ``ssh -X``)."""
    return name.partition(":")[0] in ("", "unix")


def unusable_reason() -> str | None:
    """A sentence saying why this session's display cannot be used, and what to do; None where it can."""
    name = display_name()
    if not name and os.environ.get("WAYLAND_DISPLAY"):
        return (
            "This is a Wayland session without an X11 display, whose compositor does not tell programs of its windows. "
            "sway, Hyprland, KDE and GNOME do; others show X11 programs at least where they start Xwayland."
        )
    if not name:
        return (
            "There is no display: DISPLAY is not set. Start gamedetectd from inside the desktop session, or set "
            "DISPLAY to its display, such as :0."
        )
    try:
        XDisplay(name).close()
    except DisplayGoneError as error:
        return f"{error.cause} {error.remedy}"
    return None


def unreachable_reason(name: str) -> str | None:
    """Why nobody listens on a local display's socket (path first, then the abstract name), or None."""
    if sys.platform == "win32":
        return "Windows has no X11 sockets"
    number = name.partition(":")[2].partition(".")[0]
    path = f"/tmp/.X11-unix/X{number}"  # noqa: S108 - the fixed place of X11's sockets
    problem: OSError | None = None
    for address in (path, "\0" + path):
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
            probe.settimeout(CONNECT_TIMEOUT)
            try:
                probe.connect(address)
            except OSError as error:
                problem = problem or error
            else:
                return None
    return f"nobody answers on display {name} ({problem.strerror or problem})" if problem else None


def _silence_authority_reader() -> None:
    """Send python-xlib's prints about a strange authority file to our log instead of standard output."""
    from Xlib import xauth

    vars(xauth)["print"] = lambda *words: log.debug("python-xlib: %s", " ".join(map(str, words)))


def _connected(name: str) -> Display:
    """A connection with a table of events of its own.

    python-xlib keeps one table for all connections, and each server numbers the events of its extensions as it likes:
    what one server left there is taken for another's.
    """
    from Xlib import display
    from Xlib.protocol import display as protocol
    from Xlib.protocol import event

    with _CONNECTING:
        everybodys = protocol.Display.event_classes
        own: dict[int, Any] = dict(event.event_class)
        protocol.Display.event_classes = own
        try:
            connection = display.Display(name)
        finally:
            protocol.Display.event_classes = everybodys
    connection.display.event_classes = own
    return connection


class XDisplay:
    """A connection. Every method raises ``DisplayGoneError`` once the server is lost."""

    def __init__(self, name: str) -> None:
        from Xlib import error

        self.name = name
        self.local = is_local(name)
        if self.local and (reason := unreachable_reason(name)) is not None:
            raise self._gone(reason)
        _silence_authority_reader()
        try:
            # "unix:7" and not ":7": the latter makes python-xlib knock at TCP port 6007 when the socket refuses
            self._display = _connected(f"unix{name.removeprefix('unix')}" if self.local else name)
            self._display.set_error_handler(_note_error)
            self.root: int = self._display.screen().root.id
        except (error.DisplayError, error.ConnectionClosedError, OSError) as problem:
            raise self._gone(str(problem).strip()) from problem
        self._atoms: dict[str, int] = {}
        self._names: dict[int, str] = {0: ""}

    def _gone(self, cause: str) -> DisplayGoneError:
        return DisplayGoneError(
            f"Display {self.name}: {cause}.",
            "Check that the desktop still runs, and that DISPLAY and XAUTHORITY name this session's display.",
        )

    def fileno(self) -> int:
        """The socket, for ``select``."""
        return self._do(self._display.fileno)

    def close(self) -> None:
        """Hang up; fine on a lost connection too."""
        try:
            self._do(self._display.close)
        except DisplayGoneError:
            pass  # already closed from the other side

    def _do(self, action: Callable[[], T]) -> T:
        from Xlib import error

        try:
            return action()
        except (error.ConnectionClosedError, OSError) as problem:
            raise self._gone(str(problem)) from problem

    def call(self, action: Callable[[Display], T]) -> T:
        """Use python-xlib directly, for extensions this class does not cover. A refusal counts as a loss."""
        from Xlib import error

        try:
            return self._do(lambda: action(self._display))
        except error.XError as problem:
            raise self._gone(f"the X server refused a request ({type(problem).__name__})") from problem

    # --- events -------------------------------------------------------------------------------------------------------

    def events(self) -> Iterator[XEvent]:
        """What arrived since the last call; never waits. Call until it yields nothing before waiting on the socket:
        questions read events off it too.
        """
        for _ in range(min(MOST_EVENTS, self._do(self._display.pending_events))):
            event = self._display.next_event()
            window = getattr(event, "window", None)
            yield XEvent(event.type, getattr(window, "id", 0), getattr(event, "atom", 0))

    def watch(self, handle: int, mask: Mask) -> None:
        """Ask for these events of a window (replaces what was asked before); a window that is gone is fine."""
        window = self._display.create_resource_object("window", handle)
        self._do(lambda: window.change_attributes(event_mask=int(mask), onerror=_note_error))
        self._do(self._display.flush)

    # --- questions: build several, then send them in one round trip ---------------------------------------------------

    def atom(self, name: str) -> int:
        """The number of a name (asked once)."""
        if name not in self._atoms:
            self._atoms[name] = self._do(lambda: self._display.get_atom(name))
        return self._atoms[name]

    def ask(self, *questions: ReplyRequest) -> list[ReplyRequest | None]:
        """The answers, None where the server answered with an error (the window is gone)."""
        return [self._answer(question) for question in questions]

    def _answer(self, question: ReplyRequest) -> ReplyRequest | None:
        from Xlib import error

        try:
            self._do(question.reply)
        except error.XError:
            return None
        return question

    def about_property(self, handle: int, name: str, longs: int = 64) -> ReplyRequest:
        """Question: a property, at most ``longs`` × 4 bytes of it."""
        from Xlib.protocol import request

        return self._question(
            request.GetProperty,
            delete=0,
            window=handle,
            property=self.atom(name),
            type=0,
            long_offset=0,
            long_length=longs,
        )

    def about_geometry(self, handle: int) -> tuple[ReplyRequest, ReplyRequest]:
        """Questions: a window's size, and where it lies on the desktop; ``as_bounds`` reads both."""
        return self.about_size(handle), self.about_corner(handle)

    def about_size(self, handle: int) -> ReplyRequest:
        """Question: a window's size, without the border, its border, and its place in its parent."""
        from Xlib.protocol import request

        return self._question(request.GetGeometry, drawable=handle)

    def about_corner(self, handle: int) -> ReplyRequest:
        """Question: where a window's inside begins on the desktop."""
        from Xlib.protocol import request

        return self._question(request.TranslateCoords, src_wid=handle, dst_wid=self.root, src_x=0, src_y=0)

    def about_attributes(self, handle: int) -> ReplyRequest:
        """Question: whether a window is shown, whether it draws or only takes input, and its visual."""
        from Xlib.protocol import request

        return self._question(request.GetWindowAttributes, window=handle)

    def about_client(self, handle: int) -> ReplyRequest | None:
        """Question: the process id at the other end of the connection that made the window (X-Resource 1.2)."""
        from Xlib.ext import res

        if not self.local or not self._display.has_extension(res.extname):
            return None
        return self._question(
            res.QueryClientIds,
            opcode=self._display.display.get_extension_major(res.extname),
            specs=[(handle, res.LocalClientPIDMask)],
        )

    def about_monitors(self) -> ReplyRequest | None:
        """Question: the monitors (RandR); ``as_monitors`` reads it."""
        from Xlib.ext import randr

        if not self._display.has_extension(randr.extname):
            return None
        return self._question(
            randr.GetMonitors,
            opcode=self._display.display.get_extension_major(randr.extname),
            window=self.root,
            is_active=True,
        )

    def _question(self, kind: type[ReplyRequest], **fields: object) -> ReplyRequest:
        return self._do(lambda: kind(display=self._display.display, defer=True, **fields))

    def numbers(self, handle: int, name: str, longs: int = 64) -> tuple[int, ...]:
        """A property's 32-bit values; empty where it or the window is missing."""
        return as_numbers(self.ask(self.about_property(handle, name, longs))[0])

    def screen_bounds(self) -> Bounds:
        """The whole desktop."""
        return as_bounds(*self.ask(*self.about_geometry(self.root))) or Bounds(0, 0, 0, 0)

    def atom_name(self, atom: int) -> str:
        """The name of an atom (asked once); empty for none and for one that does not exist."""
        from Xlib.protocol import request

        if atom not in self._names:
            answer = self.ask(self._question(request.GetAtomName, atom=atom))[0]
            self._names[atom] = str(answer.name) if answer is not None else ""
        return self._names[atom]

    def input_focus(self) -> int:
        """The window with the input focus; 0: none, 1: whichever the pointer is over."""
        from Xlib.protocol import request

        answer = self.ask(self._question(request.GetInputFocus))[0]
        focus = answer.focus if answer is not None else 0
        return int(getattr(focus, "id", focus))

    def child_under_pointer(self) -> int:
        """The top-level window the pointer is over, or 0."""
        from Xlib.protocol import request

        answer = self.ask(self._question(request.QueryPointer, window=self.root))[0]
        child = answer.child if answer is not None else 0
        return int(getattr(child, "id", child))

    def about_family(self, handle: int) -> ReplyRequest:
        """Question: a window's parent and children; ``as_family`` reads it."""
        from Xlib.protocol import request

        return self._question(request.QueryTree, window=handle)

    def family(self, handle: int) -> tuple[int, tuple[int, ...]]:
        """As ``as_family`` tells it."""
        return as_family(self.ask(self.about_family(handle))[0])

    def viewable(self, handle: int) -> bool:
        """True where the window and everything around it is mapped."""
        answer = self.ask(self.about_attributes(handle))[0]
        return answer is not None and answer.map_state == 2


def _note_error(problem: XError, _request: Request | None) -> int:
    """Errors nobody waits for: nearly always a window that vanished between its event and our request."""
    log.debug("the X server refused a request: %s", problem)
    return 1

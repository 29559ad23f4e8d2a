"""Which X11 window has the foreground: the window manager's word where there is one, else the input focus."""

from __future__ import annotations

from gamedetectd.platforms.windows.xdisplay import Kind, Mask, XDisplay, XEvent

_MANAGER = "_NET_SUPPORTING_WM_CHECK"
_ACTIVE = "_NET_ACTIVE_WINDOW"
_SUPPORTED = "_NET_SUPPORTED"
_POINTER_ROOT = 1
_DEEPEST = 32
"""Levels between a window and the root beyond which something is wrong."""
_MOST_SEARCHED = 64
"""Windows of one frame that are searched for the program's own."""
_FOCUS_KINDS = (Kind.FOCUS_IN, Kind.FOCUS_OUT, Kind.ENTER, Kind.MAP, Kind.UNMAP, Kind.DESTROY)


class Focus:
    """Follows the foreground on one connection. ``manager`` is the window manager's own window, 0 without one that
    tells. ``base`` is what every top-level window has to be asked for, whatever else is wanted of it.
    """

    def __init__(self, display: XDisplay) -> None:
        self._display = display
        self._news = frozenset(display.atom(name) for name in (_ACTIVE, _MANAGER, _SUPPORTED))
        self.manager = 0
        self.base = Mask.NOTHING
        self._watch_root()
        self._find_manager()

    def _watch_root(self) -> None:
        without = Mask.SUBSTRUCTURE | self.base if self.base else Mask.NOTHING
        self._display.watch(self._display.root, Mask.PROPERTY | without)

    def _find_manager(self) -> None:
        """Look for a living manager: its window names itself. A killed one leaves its properties behind."""
        display = self._display
        window = next(iter(display.numbers(display.root, _MANAGER)), 0)
        if window:
            display.watch(window, Mask.STRUCTURE)
        alive = window != 0 and display.numbers(window, _MANAGER)[:1] == (window,)
        tells = alive and display.atom(_ACTIVE) in display.numbers(display.root, _SUPPORTED, longs=4096)
        self.manager = window if tells else 0
        base = Mask.NOTHING if tells else Mask.FOCUS | Mask.ENTER
        if base != self.base:
            self.base = base
            self._watch_root()
            for handle in display.family(display.root)[1]:
                if handle != window:
                    display.watch(handle, base)

    def notices(self, event: XEvent) -> bool:
        """True where another window may have the foreground because of this event."""
        if event.kind == Kind.PROPERTY and event.window == self._display.root and event.atom in self._news:
            if event.atom != self._display.atom(_ACTIVE):
                self._find_manager()
            return True
        if event.kind == Kind.DESTROY and event.window == self.manager != 0:
            self._find_manager()
            return True
        if self.manager or event.kind not in _FOCUS_KINDS:
            return False
        if event.kind == Kind.MAP:
            self._display.watch(event.window, self.base)
        return True

    def active(self) -> int:
        """The program's window in the foreground, or 0."""
        if self.manager:
            # xfwm4 writes two values; the first is the window
            return next(iter(self._display.numbers(self._display.root, _ACTIVE)), 0)
        focus = self._display.input_focus()
        top = self._display.child_under_pointer() if focus == _POINTER_ROOT else self._top_level(focus)
        return self._program_window(top) if top and self._display.viewable(top) else 0

    def _top_level(self, handle: int) -> int:
        """The child of the root that contains a window, 0 for none."""
        for _ in range(_DEEPEST):
            parent, _children = self._display.family(handle) if handle else (0, ())
            if parent in (0, self._display.root):
                return handle if parent else 0
            handle = parent
        return 0

    def _program_window(self, top: int) -> int:
        """The program's window inside a manager's frame: the one marked with WM_STATE, else ``top`` itself."""
        queue = [top]
        for handle in queue:
            if len(queue) > _MOST_SEARCHED:
                break
            if self._display.numbers(handle, "WM_STATE"):
                return handle
            queue.extend(self._display.family(handle)[1])
        return top


def program_windows(display: XDisplay) -> tuple[int, ...]:
    """Every program's top-level window: the manager's list, or what is mapped on the root without a manager."""
    focus = Focus(display)
    if focus.manager:
        return display.numbers(display.root, "_NET_CLIENT_LIST", longs=4096)
    return tuple(handle for handle in display.family(display.root)[1] if display.viewable(handle))

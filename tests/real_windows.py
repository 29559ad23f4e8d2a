"""Windows a test can bend as it likes, made by python-xlib in the test's own process."""

from Xlib import X, Xatom, display, error
from Xlib.protocol import event

APPEND_AT_MOST = 200_000


class Desk:
    """One client of an X server."""

    def __init__(self, name):
        self.display = display.Display(f"unix{name}")
        self.root = self.display.screen().root

    def atom(self, name):
        return self.display.intern_atom(name)

    def window(self, title="window", *, wm_class=("instance", "Class"), place=(10, 10, 200, 100), **properties):
        """Map a window. ``properties`` are 32-bit values by property name, as ``set`` takes them."""
        x, y, width, height = place
        window = self.root.create_window(x, y, width, height, 0, X.CopyFromParent)
        window.set_wm_class(*wm_class)
        self.title(window, title)
        for name, values in properties.items():
            self.set(window, name, values)
        window.map()
        self.display.sync()
        return window

    def title(self, window, title, name="_NET_WM_NAME", kind="UTF8_STRING"):
        """Write a title, as bytes or text, of any length (in pieces that fit one request)."""
        raw = title.encode() if isinstance(title, str) else title
        window.change_property(self.atom(name), self.atom(kind), 8, raw[:APPEND_AT_MOST])
        for start in range(APPEND_AT_MOST, len(raw), APPEND_AT_MOST):
            piece = raw[start : start + APPEND_AT_MOST]
            window.change_property(self.atom(name), self.atom(kind), 8, piece, mode=X.PropModeAppend)
        self.display.flush()

    def set(self, window, name, values):
        """Set a property to numbers, names of atoms, or bytes."""
        if isinstance(values, bytes):
            window.change_property(self.atom(name), Xatom.STRING, 8, values)
        elif values and isinstance(values[0], str):
            window.change_property(self.atom(name), Xatom.ATOM, 32, [self.atom(value) for value in values])
        else:
            kind = self.atom(name) if name == "_MOTIF_WM_HINTS" else Xatom.CARDINAL
            window.change_property(self.atom(name), kind, 32, values)
        self.display.flush()

    def activate(self, window):
        """Ask the window manager to give a window the foreground, as a taskbar does."""
        self._ask(window, "_NET_ACTIVE_WINDOW", [2, X.CurrentTime, 0, 0, 0])

    def state(self, window, name, second="", *, on=True):
        """Ask the window manager for a state such as ``_NET_WM_STATE_FULLSCREEN``."""
        states = [self.atom(name), self.atom(second) if second else 0]
        self._ask(window, "_NET_WM_STATE", [int(on), *states, 2, 0])

    def _ask(self, window, kind, data):
        message = event.ClientMessage(window=window, client_type=self.atom(kind), data=(32, data))
        self.root.send_event(message, event_mask=X.SubstructureRedirectMask | X.SubstructureNotifyMask)
        self.display.flush()

    def focus(self, window):
        """Give a window the input focus without any manager."""
        self.display.set_input_focus(window, X.RevertToPointerRoot, X.CurrentTime)
        self.display.flush()

    def pretend_to_manage(self, *active):
        """Announce a window manager that says ``active`` (several values, as xfwm4 does); returns its own window."""
        own = self.root.create_window(-10, -10, 1, 1, 0, X.CopyFromParent)
        for window in (own, self.root):
            window.change_property(self.atom("_NET_SUPPORTING_WM_CHECK"), Xatom.WINDOW, 32, [own.id])
        self.set(self.root, "_NET_SUPPORTED", ["_NET_ACTIVE_WINDOW", "_NET_CLIENT_LIST"])
        self.say_active(*active)
        return own

    def say_active(self, *values):
        self.root.change_property(self.atom("_NET_ACTIVE_WINDOW"), Xatom.WINDOW, 32, list(values))
        self.display.flush()

    def close(self):
        try:
            self.display.close()
        except error.ConnectionClosedError:
            pass  # the test ended the server

"""Hyprland's two sockets, speaking as its documentation and source say it does: the compositor itself is not in Debian.

The answers are written after https://wiki.hypr.land/IPC/, hyprctl(1) and what `hyprctl -j` prints (0.34, 0.41, 0.45).
"""

import contextlib
import json
import socket
import threading

from real_programs import eventually

SIGNATURE = "4520b30d498daca8079365bdb909a8dea38e8d55_1732600000_1234567890"
MONITORS = [{"id": 0, "name": "DP-1", "width": 2560, "height": 1440}, {"id": 1, "name": "HDMI-A-1"}]


def client(number, title, *, pid=4242, name="steam_app_620", **more):
    """One window as ``hyprctl activewindow -j`` prints it (0.45)."""
    return {
        "address": f"0x55d1c0ffee{number:02x}", "mapped": True, "hidden": False, "at": [0, 40], "size": [1280, 720],
        "workspace": {"id": 1, "name": "1"}, "floating": False, "pseudo": False, "monitor": 0, "class": name,
        "title": title, "initialClass": name, "initialTitle": title, "pid": pid, "xwayland": False, "pinned": False,
        "fullscreen": 0, "fullscreenClient": 0, "grouped": [], "tags": [], "swallowing": "0x0", "focusHistoryID": 0,
        "inhibitingIdle": False, **more,
    }  # fmt: skip


class FakeHyprland:
    """Listens below ``folder`` (a runtime directory). ``active`` is the window in front, ``clients`` all of them."""

    def __init__(self, folder, signature=SIGNATURE):
        self.runtime = folder
        self._folder = folder / "hypr" / signature
        self._folder.mkdir(parents=True)
        self.active = {}
        self.clients = []
        self.asked = []
        self.open = 0
        self._hearing = []
        self._listening = [self._listen(".socket2.sock", self._hear), self._listen(".socket.sock", self._answer)]

    def _listen(self, name, serve):
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(str(self._folder / name))
        listener.listen()
        thread = threading.Thread(target=self._accept, args=(listener, serve), daemon=True)
        thread.start()
        return listener, thread

    def _accept(self, listener, serve):
        with contextlib.suppress(OSError):
            while True:
                serve(listener.accept()[0])

    def _hear(self, connection):
        self._hearing.append(connection)
        threading.Thread(target=self._until_it_hangs_up, args=(connection,), daemon=True).start()

    def _until_it_hangs_up(self, connection):
        with connection, contextlib.suppress(OSError):
            connection.recv(1)
        self._hearing.remove(connection)

    def _answer(self, connection):
        """Synchronously, as Hyprland does: whoever does not hang up holds everything up."""
        self.open += 1
        with connection, contextlib.suppress(OSError):
            connection.settimeout(5)
            question = connection.recv(4096).decode()
            self.asked.append(question)
            answers = {"j/activewindow": self.active, "j/clients": self.clients, "j/monitors": MONITORS}
            said = answers.get(question, "unknown request")
            connection.sendall(said if isinstance(said, bytes) else json.dumps(said, indent=4).encode())
        self.open -= 1

    def emit(self, *lines):
        """Events such as ``activewindow>>class,title``, for whoever listens; somebody must."""
        eventually(lambda: self._hearing, what="somebody listening")
        for connection in list(self._hearing):
            with contextlib.suppress(OSError):
                connection.sendall("".join(f"{line}\n" for line in lines).encode())

    def focus(self, window):
        """Another window comes to the front; None: none."""
        self.active = window or {}
        named = f"{window['class']},{window['title']}" if window else ","
        self.emit(f"activewindow>>{named}", f"activewindowv2>>{window['address'][2:] if window else ''}")

    def stop(self):
        for listener, _thread in self._listening:
            with contextlib.suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            listener.close()
        for _listener, thread in self._listening:
            thread.join(5)
        for connection in list(self._hearing):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for name in (".socket.sock", ".socket2.sock"):
            (self._folder / name).unlink(missing_ok=True)

"""A private D-Bus session bus for tests, and a service on it that speaks as GameMode does."""

import contextlib
import subprocess
import threading

import pytest
from real_programs import end, find_program

GAMEMODE = "com.feralinteractive.GameMode"
GAMEMODE_PATH = "/com/feralinteractive/GameMode"

CONFIG = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>session</type><listen>unix:path={socket}</listen><servicedir>{services}</servicedir>
<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/>
<allow own="*"/></policy>
</busconfig>"""


class Bus:
    """A dbus-daemon of its own in ``folder``; ``start`` after ``stop`` takes the same address again."""

    def __init__(self, folder):
        self.socket = folder / "bus"
        self.address = f"unix:path={self.socket}"
        self.services = folder / "services"
        self.services.mkdir()
        self._config = folder / "bus.conf"
        self._config.write_text(CONFIG.format(socket=self.socket, services=self.services))
        self._process = None

    def can_start(self, name, program):
        """Let the bus start ``program`` for whoever calls ``name``; before ``start``."""
        (self.services / f"{name}.service").write_text(f"[D-BUS Service]\nName={name}\nExec={program}\n")

    def start(self):
        self.socket.unlink(missing_ok=True)
        self._process = subprocess.Popen(
            [find_program("dbus-daemon"), f"--config-file={self._config}", "--nofork", "--print-address=1"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        if not self._process.stdout.readline():
            pytest.fail("dbus-daemon did not start")
        return self

    def stop(self):
        if self._process is not None:
            end(self._process)
            self._process.stdout.close()
            self._process = None


class FakeGameMode:
    """GameMode's service with ``games`` registered. Real GameMode needs a system that lets it change priorities."""

    def __init__(self, bus, games=(), *, has_list=True, name=GAMEMODE):
        jeepney = pytest.importorskip("jeepney", reason="jeepney is for Linux only")
        from jeepney.io.blocking import open_dbus_connection

        self._jeepney = jeepney
        self._connection = open_dbus_connection(bus.address)
        self._has_list = has_list
        self.games = list(games)
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        request = jeepney.message_bus.RequestName(name)
        self._connection.send_and_get_reply(request, timeout=5.0)
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self):
        while not self._stopped.is_set():
            with contextlib.suppress(TimeoutError, OSError):
                call = self._connection.receive(timeout=0.05)
                if call.header.message_type is self._jeepney.MessageType.method_call:
                    self._answer(call)

    def _answer(self, call):
        if self._has_list:
            listed = [(pid, f"{GAMEMODE_PATH}/Games/{pid}") for pid in self.games]
            answer = self._jeepney.new_method_return(call, "a(io)", (listed,))
        else:
            answer = self._jeepney.new_error(call, "org.freedesktop.DBus.Error.UnknownMethod")
        self._send(answer)

    def _send(self, message):
        with self._lock:
            self._connection.send(message)

    def signal(self, member, signature="io", body=()):
        """Emit any signal of GameMode's interface."""
        address = self._jeepney.DBusAddress(GAMEMODE_PATH, interface=GAMEMODE)
        self._send(self._jeepney.new_signal(address, member, signature, body))

    def register(self, pid):
        self.games.append(pid)
        self.signal("GameRegistered", body=(pid, f"{GAMEMODE_PATH}/Games/{pid}"))

    def unregister(self, pid):
        self.games.remove(pid)
        self.signal("GameUnregistered", body=(pid, f"{GAMEMODE_PATH}/Games/{pid}"))

    def stop(self):
        self._stopped.set()
        self._thread.join(5.0)
        self._connection.close()

"""What Windows tells of programs, windows, input and the session, heard for real by a Windows Python under Wine.

Wine announces no change of the foreground window, knows no gamepads, never sleeps and has one monitor that nobody
scales: the fallback is what is seen here, and sleep is a message and a clock that jumps.
"""

import json
import queue
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from real_programs import eventually, find_program

from gamedetectd import __version__
from gamedetectd.platforms.power import messages

if sys.platform != "linux":
    pytest.skip("Wine runs on Linux", allow_module_level=True)

pytestmark = [pytest.mark.desktop, pytest.mark.timeout(180)]

HERE = Path(__file__).parent
MINES = "C:\\windows\\system32\\winemine.exe"
QUERY_END_SESSION = 0x11


class Watching:
    """``windows_watch.py`` at work, and what it has said."""

    def __init__(self, windows):
        self.process = windows.start(windows.python, HERE / "windows_watch.py")
        self.said = []
        self._waiting = queue.SimpleQueue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        for line in self.process.stdout:
            self._waiting.put(line)

    def order(self, text):
        self.process.stdin.write(f"{text}\n".encode())
        self.process.stdin.flush()

    def until(self, kind, seconds=20.0, **parts):
        """The next observation of a kind with these parts, those before it being passed over."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            try:
                said = json.loads(self._waiting.get(timeout=left))
            except queue.Empty:
                break
            self.said.append(said)
            if said["kind"] == kind and all(said[name] == value for name, value in parts.items()):
                return said
        pytest.fail(f"no {kind} {parts} within {seconds} s; last seen: {self.said[-3:]}")

    def started(self, program):
        while True:
            said = self.until("ProcessStarted")
            if said["process"]["exe"].endswith(program):
                return said


def send(windows, *numbers, window="gamedetectd.messages"):
    """Messages to the hidden window, or another; the answers and the seconds until each."""
    sender = windows.start(windows.python, HERE / "windows_message.py", window, *map(str, numbers))
    told = sender.communicate(timeout=30)[0]
    return [(int(answer), float(seconds)) for answer, seconds in map(str.split, told.decode().splitlines())]


def test_programs_windows_input_and_the_session_are_seen(windows, openbox):
    watching = Watching(windows)
    watching.until("Resync", 60.0)

    mines = windows.start(MINES, "one two", SteamAppId="620", SECRET="hush")
    process = watching.started("winemine.exe")["process"]
    assert process["exe"].casefold() == MINES.casefold()
    assert process["argv"] == [MINES, "one two"]
    assert (process["comm"], process["environment"]["SteamAppId"]) == ("winemine.exe", "620")
    assert "hush" not in json.dumps(process)
    pid = process["key"]["pid"]
    window = watching.until("ForegroundChanged")["window"]
    while window is None or window["pid"] != pid:
        window = watching.until("ForegroundChanged")["window"]
    assert (window["title"], window["class_name"], window["fullscreen"]) == ("WineMine", "WineMine", False)
    assert window["bounds"]["width"] > 100
    assert window["monitor"] == "\\\\.\\DISPLAY1"
    watching.order("windows")
    assert [one["pid"] for one in watching.until("windows")["windows"]] == [pid]
    time.sleep(1.2)  # the look in which an event could still have come
    watching.order("reasons")
    reasons = watching.until("reasons")
    assert reasons["foreground"][1].startswith("Windows tells of no change of the foreground window")
    assert reasons["processes"][1].startswith("Programs are looked for every 1 s instead of being announced")
    assert (reasons["power"][1], reasons["idle"]) == (None, ["GetLastInputInfo", None])

    if not any(said["kind"] == "IdleChanged" and said["idle"] for said in watching.said):
        watching.until("IdleChanged", idle=True)
    touch = subprocess.run([find_program("xdotool"), "mousemove", "60", "60", "click", "1", "key", "Escape"])
    assert touch.returncode == 0
    watching.until("IdleChanged", idle=False)

    watching.order("sleep")
    lock = (messages.WM_WTSSESSION_CHANGE, messages.SESSION_LOCK, 1)
    woken = (messages.WM_POWERBROADCAST, messages.RESUME_AUTOMATIC, 0)
    unlock = (messages.WM_WTSSESSION_CHANGE, messages.SESSION_UNLOCK, 1)
    asked = time.monotonic()
    send(windows, *woken, *lock, *unlock)
    assert watching.until("PowerChanged", state="slept")["seconds"] == pytest.approx(3600, abs=5)
    watching.until("PowerChanged", state="locked")
    watching.until("PowerChanged", state="unlocked")
    assert time.monotonic() - asked < 15, "not by the look every half minute"

    watching.order(f"read {pid}")
    assert watching.until("read")["alive"]
    watching.order("slow")
    watching.order("reasons")
    watching.until("reasons")
    time.sleep(1.6)  # the look that was due before it
    send(windows, messages.WM_CLOSE, 0, 0, window="WineMine")
    ended = watching.until("ProcessEnded", 10.0)
    assert ended["key"]["pid"] == pid, "told by Windows, long before the next look"
    mines.wait(10)
    watching.order("end")
    assert watching.until("ended") == {"kind": "ended", "joined": [True] * 4, "errors": [""] * 4}


def test_a_daemon_names_what_is_played_and_ends_with_the_session_or_when_told(windows, openbox, tmp_path):
    home = tmp_path / "home"
    log = home / "log" / "gamedetectd.jsonl"
    place = windows.drive / "Games" / "Sp\u00e4\u00dfchen" / "winemine.exe"
    place.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(windows.drive / "windows" / "system32" / "winemine.exe", place)

    daemon = windows("run", "--headless", wait=False)
    eventually(log.exists, 60, "the log")
    mines = windows.start("C:\\Games\\Sp\u00e4\u00dfchen\\winemine.exe")
    eventually(lambda: "WineMine is being played" in log.read_text(), 20, "the session")
    explained = windows("explain", "winemine.exe")
    assert "C:\\Games\\" in explained
    assert "It is a game: WineMine" in explained
    log_off = (QUERY_END_SESSION, 0, messages.ENDSESSION_LOGOFF, messages.WM_ENDSESSION, 1, messages.ENDSESSION_LOGOFF)
    (may_end, _), (_, took) = send(windows, *log_off)
    assert may_end == 1
    assert took < 4.5, "Windows would take it for hung"
    assert daemon.wait(10) == 0
    trail = (home / "log" / "audit.jsonl").read_text()
    assert "the log-off" in trail

    daemon = windows("run", "--headless", wait=False)
    eventually(lambda: log.read_text().count(f"gamedetectd {__version__} starts") == 2, 60, "the next daemon")
    send(windows, messages.WM_CLOSE, 0, 0, window="WineMine")
    mines.wait(10)
    eventually(lambda: "WineMine is no longer played" in log.read_text(), 20, "the end of the session")
    assert "Stopped" in windows("stop")
    assert daemon.wait(10) == 0
    told = windows("sessions", "--json")
    [played] = json.loads(told[told.index("[") :])
    assert (played["game"]["title"], played["ended_by"]) == ("WineMine", "exit"), "one session over both daemons"
    assert played["foreground_seconds"] > 0

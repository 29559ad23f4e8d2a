"""What Windows tells of programs, windows, input and the session, heard for real by a Windows Python under Wine.

Wine announces no change of the foreground window, knows no gamepads, never sleeps and has one monitor that nobody
scales: the fallback is what is seen here, and sleep is a message and a clock that jumps.
"""

import json
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
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        for line in self.process.stdout:
            if line.startswith(b"{"):  # Wine says things too
                self.said.append(json.loads(line))

    def order(self, text):
        """Give an order; the number of what is said after it."""
        said = len(self.said)
        self.process.stdin.write(f"{text}\n".encode())
        self.process.stdin.flush()
        return said

    def until(self, kind, matches=lambda _said: True, seconds=20.0, since=0):
        """The first observation of a kind that matches, from number ``since`` on."""

        def found():
            return next((said for said in self.said[since:] if said["kind"] == kind and matches(said)), None)

        return eventually(found, seconds, lambda: f"a {kind} like that among {self.said[since:][-4:]}")

    def answer(self, order):
        """What is said to an order."""
        return self.until(order.split()[0], since=self.order(order))


def send(windows, *numbers, window="gamedetectd.messages"):
    """Messages to the hidden window, or another; the answers and the seconds until each."""
    sender = windows.start(windows.python, HERE / "windows_message.py", window, *map(str, numbers))
    told = sender.communicate(timeout=30)[0]
    return [(int(answer), float(seconds)) for answer, seconds in map(str.split, told.decode().splitlines())]


def test_programs_windows_input_and_the_session_are_seen(windows, openbox):
    watching = Watching(windows)
    watching.until("Resync", seconds=60.0)
    watching.until("ForegroundChanged", seconds=60.0)  # that nothing is in front: what comes then is a change

    mines = windows.start(MINES, "one two", SteamAppId="620", SECRET="hush")
    begun = watching.until("ProcessStarted", lambda said: said["process"]["comm"] == "winemine.exe")
    process = begun["process"]
    assert process["exe"].casefold() == MINES.casefold()
    assert process["argv"] == [MINES, "one two"]
    assert process["environment"]["SteamAppId"] == "620"
    assert "hush" not in json.dumps(process)
    pid = process["key"]["pid"]
    front = watching.until("ForegroundChanged", lambda said: (said["window"] or {}).get("pid") == pid)
    window = front["window"]
    assert (window["title"], window["class_name"], window["fullscreen"]) == ("WineMine", "WineMine", False)
    assert window["bounds"]["width"] > 100
    assert window["monitor"] == "\\\\.\\DISPLAY1"
    assert [one["pid"] for one in watching.answer("windows")["windows"]] == [pid]
    # after the look in which an event could still have come
    reasons = eventually(lambda: (told := watching.answer("reasons"))["foreground"][1] and told, 10, "the fallback")
    assert reasons["foreground"][1].startswith("Windows tells of no change of the foreground window")
    assert reasons["processes"][1].startswith("Programs are looked for every 1 s instead of being announced")
    assert (reasons["power"][1], reasons["idle"]) == (None, ["GetLastInputInfo", None])

    watching.until("IdleChanged", lambda said: said["idle"])
    mark = len(watching.said)
    xdotool = [find_program("xdotool"), "mousemove", "60", "60", "click", "1", "key", "Escape"]
    subprocess.run(xdotool, check=True, timeout=10)
    watching.until("IdleChanged", lambda said: not said["idle"], since=mark)

    watching.order("sleep")
    lock = (messages.WM_WTSSESSION_CHANGE, messages.SESSION_LOCK, 1)
    woken = (messages.WM_POWERBROADCAST, messages.RESUME_AUTOMATIC, 0)
    unlock = (messages.WM_WTSSESSION_CHANGE, messages.SESSION_UNLOCK, 1)
    asked = time.monotonic()
    send(windows, *woken, *lock, *unlock)
    for state in ("slept", "locked", "unlocked"):
        changed = watching.until("PowerChanged", lambda said, state=state: said["state"] == state)
        assert changed["seconds"] == pytest.approx(3600 if state == "slept" else 0, abs=5)
    assert time.monotonic() - asked < 15, "not by the look every half minute"

    assert watching.answer(f"read {pid}")["alive"]
    watching.order("slow")
    time.sleep(2.0)  # the look that was due before it
    send(windows, messages.WM_CLOSE, 0, 0, window="WineMine")
    ended = watching.until("ProcessEnded", lambda said: said["key"] == process["key"], 10.0)
    assert ended, "told by Windows, long before the next look"
    mines.wait(10)
    assert watching.answer("end") == {"kind": "end", "joined": [True] * 4, "errors": [""] * 4}


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

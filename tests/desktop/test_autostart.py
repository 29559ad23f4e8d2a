"""Starting at login for real: openbox-session logs in under Xvfb and starts, or does not start, the real daemon."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
from real_programs import eventually, find_program

from gamedetectd.platforms.autostart.program import Program
from gamedetectd.platforms.autostart.xdg import XdgAutostart
from gamedetectd.platforms.windows.listing import windows

pytestmark = [
    pytest.mark.desktop,
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="desktops that read ~/.config/autostart"),
]
OPENBOX_AUTOSTART = sorted(Path("/usr/lib").glob("**/openbox-xdg-autostart")) or [
    Path("/usr/libexec/openbox-xdg-autostart")
]


class Login:
    """A person's home, whose name takes some quoting, and sessions that they log in to."""

    def __init__(self, folder, display, spawn):
        self.home = folder / "the höme"
        config = self.home / ".config"
        (config / "openbox").mkdir(parents=True, mode=0o700)
        self.home.chmod(0o700)
        self.entries = config / "autostart"
        self.entries.mkdir(mode=0o700)
        (config / "openbox" / "rc.xml").write_text(
            '<openbox_config xmlns="http://openbox.org/3.4/rc"><focus><focusNew>yes</focusNew></focus></openbox_config>'
        )
        self.script = self.home / "my programs" / "gamedetectd"
        self.script.parent.mkdir()
        self.script.symlink_to(Path(sys.executable).with_name("gamedetectd"))
        self.logged_in = self.home / "logged-in"
        (self.entries / "zz-last.desktop").write_text(
            f'[Desktop Entry]\nType=Application\nName=last\nExec=touch "{self.logged_in}"\n', encoding="utf-8"
        )
        kept = {
            name: value for name, value in os.environ.items() if not name.startswith(("XDG_", "DBUS_", "GAMEDETECTD_"))
        }
        self.environment = {
            **kept,
            "HOME": str(self.home),
            "DISPLAY": display,
            "XDG_CONFIG_DIRS": str(folder / "etc"),
            "XDG_RUNTIME_DIR": str(self._private(folder / "run")),
            "COLUMNS": "200",
            "NO_COLOR": "1",
        }
        self._spawn = spawn

    @staticmethod
    def _private(folder):
        folder.mkdir(mode=0o700)
        return folder

    def turn_on(self, *arguments):
        """An entry for the program in this home, which starts it with these arguments."""
        mechanism = XdgAutostart(Program((str(self.script),)), self.environment)
        mechanism.turn_on((str(self.script), "run", *arguments))

    def command(self, *arguments):
        program = Path(sys.executable).with_name("gamedetectd")
        return subprocess.run(
            [program, *arguments], env=self.environment, capture_output=True, text=True, encoding="utf-8", timeout=30
        )

    def status(self):
        done = self.command("autostart", "status", "--json")
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def log_in(self):
        """Start a session; returns once the entries have been started."""
        find_program("openbox-session")
        if subprocess.run(["/usr/bin/python3", "-c", "import xdg"], capture_output=True).returncode:
            pytest.skip("python3-xdg is not installed, so openbox-session starts no entries")
        self.logged_in.unlink(missing_ok=True)
        command = ["dbus-run-session", "--", "openbox-session"]
        session = self._spawn(find_program(command[0]), *command[1:], env=self.environment)
        eventually(self.logged_in.exists, 15, "the session's start of its entries")
        return session

    def daemons(self):
        """The daemons of this home that run or wait to."""
        return [process for process in psutil.process_iter() if self._is_daemon(process)]

    def _is_daemon(self, process):
        try:
            argv = process.cmdline()
            return (
                "run" in argv
                and any("gamedetectd" in word for word in argv)
                and str(self.home) in process.environ()["HOME"]
            )
        except (psutil.Error, KeyError):
            return False

    def answers(self):
        return self.command("status", "--json").returncode == 0


@pytest.fixture
def login(tmp_path, x_server, spawn):
    login = Login(tmp_path, x_server.name, spawn)
    yield login
    login.command("stop")
    for process in login.daemons():
        process.kill()


def test_the_session_starts_it_once_after_a_while_without_a_window(login):
    on = login.command("autostart", "on")
    assert on.returncode == 0, on.stderr
    assert login.status()["this_program"] is True
    began = time.monotonic()
    login.log_in()
    login._spawn("xterm", "-T", "work", env=login.environment)
    eventually(lambda: [window.title for window in windows()] == ["work"], what="the terminal's window")
    active = active_window()
    (daemon,) = eventually(login.daemons, what="the daemon's process")
    eventually(login.answers, 20, "the daemon's first answer")
    assert time.monotonic() - began >= 5
    assert [window.title for window in windows()] == ["work"]
    assert active_window() == active

    # whoever starts the entries again, or has a second entry, gets no second daemon
    login.entries.joinpath("mine.desktop").write_text(
        f'[Desktop Entry]\nType=Application\nName=x\nExec="{login.script}" run\n', encoding="utf-8"
    )
    assert "twice" in [problem["code"] for problem in login.status()["problems"]]
    second = login._spawn(str(OPENBOX_AUTOSTART[0]), "OPENBOX", env=login.environment)
    second.wait(10)
    eventually(lambda: len(login.daemons()) > 1, what="the second and third start")
    eventually(lambda: len(login.daemons()) == 1, 20, "the end of the second and third start")
    assert login.daemons() == [daemon]
    assert login.answers()

    assert login.command("autostart", "on").returncode == 0
    mended = login.status()
    assert (mended["on"], mended["problems"]) == (True, [])
    assert login.command("stop").returncode == 0


def active_window():
    return subprocess.run(["xprop", "-root", "_NET_ACTIVE_WINDOW"], capture_output=True, text=True, check=True).stdout


def test_a_path_that_needs_quoting_is_started(login):
    login.turn_on("--headless")
    login.log_in()
    eventually(login.answers, 20, "the daemon's first answer")
    (daemon,) = login.daemons()
    assert str(login.script) in daemon.cmdline()


def switched_off(login):
    assert login.command("autostart", "off").returncode == 0


def hidden_by_the_desktop(login):
    entry = login.entries / "gamedetectd.desktop"
    entry.write_text(entry.read_text(encoding="utf-8") + "Hidden=true\n", encoding="utf-8")


def moved_away(login):
    login.script.rename(login.script.with_name("somewhere else"))


@pytest.mark.parametrize(
    ("how", "problem"),
    [(switched_off, None), (hidden_by_the_desktop, "switched-off"), (moved_away, "gone")],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_what_is_off_or_gone_is_not_started_and_status_says_why(login, how, problem):
    login.turn_on("--headless")
    assert login.status()["on"] is True
    how(login)
    state = login.status()
    assert state["on"] is False
    assert [each["code"] for each in state["problems"]] == ([problem] if problem else [])
    said = login.command("autostart", "status")
    assert said.returncode == 0
    assert "Does not start at login" in said.stdout
    assert problem != "gone" or f"{login.script} is missing" in said.stdout
    login.log_in()
    time.sleep(1.0)  # entries are started in no order: those that do start are there long before
    assert login.daemons() == []

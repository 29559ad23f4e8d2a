"""Whether gamedetectd starts at login, all ways seen together, as the tray and the command line tell it."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from autostart_samples import POLICIES, RUN, RUN_FOR_ALL, WINDOWS_PROGRAM, LinuxHome, Tools, WindowsHome, installed
from typer.testing import CliRunner

from gamedetectd.app.delay import told_to_stop_within
from gamedetectd.cli.autostart import app
from gamedetectd.errors import AutostartError
from gamedetectd.platforms import autostart
from gamedetectd.platforms.autostart import OffBy, autostart_state, set_autostart, state
from gamedetectd.platforms.autostart.program import Program

if sys.platform == "win32":
    pytest.skip("homes of POSIX", allow_module_level=True)


@pytest.fixture(autouse=True)
def no_home_of_tests(monkeypatch):
    monkeypatch.delenv("GAMEDETECTD_HOME", raising=False)


@pytest.fixture
def home(tmp_path):
    return LinuxHome(tmp_path)


def look(home):
    return autostart_state(home.mechanisms, home.program)


def switch(home, on=True, **options):
    return set_autostart(on, available=home.mechanisms, program=home.program, **options)


def codes(seen):
    return [problem.code for problem in seen.problems]


def working(seen):
    return [entry.mechanism for entry in seen.entries if entry.works]


def test_at_first_it_is_off_and_says_what_on_would_start(home):
    seen = look(home)
    assert (seen.on, seen.mechanism, seen.place, seen.off_by, seen.blocked, seen.entries) == (
        False,
        "",
        "",
        None,
        "",
        (),
    )
    assert seen.command == f"{home.program.argv[0]} run --delay 5"
    assert seen.problems == ()


@pytest.mark.parametrize(("asked", "chosen"), [("", "xdg"), ("xdg", "xdg"), ("systemd", "systemd"), ("launchd", "xdg")])
def test_on_uses_what_is_asked_for_or_the_usual(home, asked, chosen):
    seen = switch(home, with_mechanism=asked)
    assert (seen.on, seen.this_program, seen.mechanism, codes(seen)) == (True, True, chosen, [])
    assert look(home) == seen


def test_one_never_both(home):
    for mechanism in home.mechanisms:
        mechanism.turn_on(home.program.command())
    seen = look(home)
    assert seen.on
    assert codes(seen) == ["twice"]
    assert "gamedetectd.desktop" in seen.problems[0].what
    assert "gamedetectd.service" in seen.problems[0].what
    assert working(switch(home)) == ["xdg"]
    for mechanism in home.mechanisms:
        mechanism.turn_on(home.program.command())
    assert working(switch(home, with_mechanism="systemd")) == ["systemd"]
    assert home.entries.is_dir()
    assert list(home.entries.iterdir()) == []


def test_off_is_off_whatever_started_it_and_all_leaves_nothing(home):
    for mechanism in home.mechanisms:
        mechanism.turn_on(home.program.command())
    home.entry("mine.desktop", "gamedetectd run")
    home.unit("mine.service", "/usr/bin/gamedetectd run")
    seen = switch(home, on=False)
    assert (seen.on, seen.off_by, codes(seen)) == (False, None, [])
    assert len(home.files()) == 2
    assert switch(home, on=False, everything=True).entries == ()
    assert [file.name for file in home.home.rglob("*")] == [".config"]


def gone(home):
    home.entry("gamedetectd.desktop", "/gone/gamedetectd.AppImage run")


def another(home):
    home.entry("gamedetectd.desktop", installed(home.home / "older") + " run")


def hidden(home):
    home.entry("gamedetectd.desktop", home.program.argv[0] + " run", "Hidden=true")


def twice(home):
    home.entry("gamedetectd.desktop", home.program.argv[0] + " run")
    home.entry("mine.desktop", f"env A=b {home.program.argv[0]} run")


@pytest.mark.parametrize(
    ("made", "on", "code", "words"),
    [
        (gone, False, "gone", "/gone/gamedetectd.AppImage is missing"),
        (another, True, "another", "older/gamedetectd"),
        (hidden, False, "switched-off", "Hidden=true in the entry"),
        (twice, True, "twice", "mine.desktop"),
    ],
)
def test_what_is_wrong_is_said_with_a_remedy_that_works(home, made, on, code, words):
    made(home)
    seen = look(home)
    assert seen.on is on
    assert codes(seen) == [code]
    (problem,) = seen.problems
    assert words in problem.what
    assert "gamedetectd autostart on" in problem.remedy
    mended = switch(home)
    assert (mended.on, mended.this_program, codes(mended), len(working(mended))) == (True, True, [], 1)


def test_a_systemd_that_does_not_answer_is_replaced_by_the_entry(home):
    home.systemctl = Tools({"--property=Version": None})
    assert switch(home, with_mechanism="systemd").mechanism == "xdg"


def test_where_nothing_can_be_used_the_reason_is_given(tmp_path):
    home = LinuxHome(tmp_path, FLATPAK_ID="x")
    home.systemctl = Tools({"--property=Version": None})
    assert "sandbox" in look(home).blocked
    with pytest.raises(AutostartError, match="sandbox"):
        switch(home)
    with pytest.raises(AutostartError, match="no way of starting programs"):
        set_autostart(True, available=(), program=home.program)
    assert autostart_state((), home.program).on is False


def test_a_group_policy_blocks_and_asking_us_again_is_no_remedy(tmp_path):
    home = WindowsHome(
        tmp_path,
        {RUN: {"gamedetectd": f'"{WINDOWS_PROGRAM}" run'}, rf"HKCU\{POLICIES}": {"DisableCurrentUserRun": 1}},
    )
    seen = look(home)
    assert (seen.on, seen.off_by) == (False, OffBy.POLICY)
    assert "group policy" in seen.blocked
    assert seen.problems[0].remedy.startswith("Ask the people")


def test_what_starts_for_all_accounts_is_an_administrators_to_mend(tmp_path):
    keys = {RUN_FOR_ALL: {"old": r"C:\old\gamedetectd.exe run", "here": f'"{WINDOWS_PROGRAM}" run'}}
    home = WindowsHome(tmp_path, keys)
    seen = switch(home)
    assert codes(seen) == ["twice", "gone"]
    assert {problem.remedy for problem in seen.problems} == {"Have an administrator of this computer remove it."}


def test_what_the_system_refuses_comes_with_the_place(home):
    home.entries.parent.mkdir(mode=0o700)
    home.entries.write_text("a file, not a folder")
    with pytest.raises(AutostartError, match="cannot be changed") as refused:
        switch(home)
    assert str(home.entries) in refused.value.cause


def test_a_home_of_its_own_is_told_of_for_a_login_has_none(home, monkeypatch):
    monkeypatch.setenv("GAMEDETECTD_HOME", "/portable")
    assert codes(look(home)) == []
    assert codes(switch(home)) == ["home-variable"]


def test_what_only_this_directory_can_start_is_not_put_into_a_login(home, monkeypatch):
    package = Path(state.__file__).resolve().parents[3]
    home.program = Program((sys.executable, "-m", "gamedetectd"))
    elsewhere = [path for path in sys.path if Path(path or ".").resolve() != package]
    monkeypatch.setattr(sys, "path", [str(package), *elsewhere])
    with pytest.raises(AutostartError, match="is not installed"):
        switch(home)
    assert home.files() == []
    monkeypatch.setattr(sys, "path", [str(package), *elsewhere, str(package)])
    assert switch(home).on


def test_nor_is_what_macos_runs_from_a_passing_place(home):
    home.program = Program(("/private/var/folders/x/AppTranslocation/y/d/gamedetectd.app/Contents/MacOS/gamedetectd",))
    with pytest.raises(AutostartError, match="Applications folder"):
        switch(home)


@pytest.fixture
def command(home, monkeypatch):
    """``command("on")`` is ``gamedetectd autostart on`` in this home."""
    monkeypatch.setattr(autostart, "mechanisms", lambda _program: home.mechanisms)
    monkeypatch.setattr(autostart, "this_program", lambda: home.program)
    monkeypatch.setenv("COLUMNS", "60")

    def call(*arguments):
        done = CliRunner().invoke(app, arguments)
        if done.exception and not isinstance(done.exception, SystemExit):
            raise done.exception
        return done

    return call


def test_the_commands_say_what_is_and_what_to_do(command, home):
    assert "Does not start at login; `gamedetectd autostart on` changes that" in command("status").output
    assert "Starts at login: an autostart entry" in command("on").output
    said = command("status").output
    assert f"  {home.entries / 'gamedetectd.desktop'}\n" in said
    assert f"  {home.program.argv[0]} run --delay 5\n" in said
    twice(home)
    another(home)
    said = command("status")
    assert said.exit_code == 0
    assert "! More than one thing would start it" in said.output
    assert "another program" not in said.output.splitlines()[0]
    assert f"{home.entries / 'gamedetectd.desktop'}: on, " in said.output
    assert command("on", "--systemd").exit_code == 0
    assert "mine.desktop: off (gamedetectd autostart off), env" in command("status").output
    assert command("off", "--all").exit_code == 0
    assert home.files() == ["older/gamedetectd"]


def test_the_commands_for_other_programs(command, home):
    hidden(home)
    seen = json.loads(command("status", "--json").output)
    assert (seen["on"], seen["off_by"], seen["this_program"]) == (False, "Hidden=true in the entry", False)
    assert seen["entries"][0]["off_by"] == "Hidden=true in the entry"
    assert "switched off, Hidden=true in the entry" in command("status").output
    gone(home)
    assert "starts nothing" in command("status").output
    assert json.loads(command("on", "--json").output)["on"] is True
    assert json.loads(command("off", "--json").output)["entries"] == []


def test_asking_for_a_systemd_that_does_not_answer_says_what_was_done_instead(command, home):
    home.systemctl = Tools({"--property=Version": None})
    assert "systemd does not answer" in command("on", "--systemd").output


def test_on_that_is_not_on_afterwards_is_no_success(command, home, monkeypatch):
    monkeypatch.setenv("XDG_CURRENT_DESKTOP", "x")
    home.units_for_all.mkdir(parents=True)
    monkeypatch.setattr(home.__class__, "mechanisms", property(lambda self: (Never(self),)))
    done = command("on")
    assert done.exit_code == 1
    assert command("off").exit_code == 0


class Never:
    """A mechanism that writes and still does not start anything."""

    name = "never"

    def __init__(self, home):
        self._home = home

    def unsupported_reason(self):
        return None

    def status(self):
        return self._home.xdg.status()

    def turn_on(self, command):
        self._home.entry("gamedetectd.desktop", "gamedetectd run", "Hidden=true")

    def turn_off(self, *, everything=False):
        self._home.xdg.turn_off(everything=everything)


def test_off_that_is_still_on_is_no_success(command, home, monkeypatch):
    home.entry("x.desktop", home.program.argv[0] + " run")
    monkeypatch.setattr(autostart.state, "change", lambda *_arguments, **_options: None)
    monkeypatch.setattr(autostart, "change", lambda *_arguments, **_options: None)
    assert command("off").exit_code == 1


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_a_daemon_that_waits_is_stopped_at_once(tmp_path, name):
    began = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "-m", "gamedetectd", "run", "--delay", "60"],
        env={**os.environ, "GAMEDETECTD_HOME": str(tmp_path / "home")},
        stderr=subprocess.PIPE,
    )
    try:
        status = Path(f"/proc/{process.pid}/status")
        caught = 1 << (getattr(signal, name) - 1)
        while not caught & int(
            next(line for line in status.read_text().splitlines() if line.startswith("SigCgt")).split()[1], 16
        ):
            time.sleep(0.02)
        time.sleep(0.3)  # Python's own handler of SIGINT is there before ours
        process.send_signal(getattr(signal, name))
        _, said = process.communicate(timeout=10)
    finally:
        process.kill()
    assert (process.returncode, said) == (0, b"")
    assert time.monotonic() - began < 15
    assert not (tmp_path / "home").exists()


def test_a_wait_ends_by_itself_and_leaves_signals_as_they_were():
    before = signal.getsignal(signal.SIGTERM)
    began = time.monotonic()
    assert told_to_stop_within(0.05) is False
    assert time.monotonic() - began >= 0.05
    assert signal.getsignal(signal.SIGTERM) is before


def test_a_wait_takes_no_notice_of_being_told_to_read_settings_again():
    for name, seconds, stopped in (("SIGHUP", 0.3, False), ("SIGTERM", 30, True)):
        timer = threading.Timer(0.1, os.kill, (os.getpid(), getattr(signal, name)))
        timer.start()
        assert told_to_stop_within(seconds) is stopped
        timer.join()


def test_a_program_without_any_output_still_speaks_to_nobody(tmp_path):
    # as pythonw.exe starts it, which gives neither output nor errors a place
    script = (
        "import sys; sys.stdout = sys.stderr = None; sys.argv = ['gamedetectd', '--version'];"
        "from gamedetectd.cli.entry import main; main()"
    )
    assert subprocess.run([sys.executable, "-c", script], capture_output=True).returncode == 0

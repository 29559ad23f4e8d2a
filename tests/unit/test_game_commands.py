"""`gamedetectd game`: no program is beyond the person's word, whether it runs or not, now and after the next start."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from jsonschema import validate
from real_daemon import RealDaemon
from real_programs import end, eventually
from session_story import Story
from toy_games import ToyGames

from gamedetectd.app import correct
from gamedetectd.app.correct import target
from gamedetectd.cli import game as commands
from gamedetectd.config import load_rules
from gamedetectd.control.shapes import schemas
from gamedetectd.detection import person
from gamedetectd.detection.case import build
from gamedetectd.domain import Facts, Game, ProcessInfo, ProcessKey, Rule, RuleKind, System, Window
from gamedetectd.errors import AmbiguousError, NotFoundError
from gamedetectd.sessions.history import History
from gamedetectd.sessions.reader import HistoryReader

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="toy games are shell scripts with desktop entries")


@pytest.fixture
def games(tmp_path):
    return ToyGames(tmp_path)


@pytest.fixture
def start():
    """``start(program, argument)`` runs a program until the test is over."""
    started = []

    def run(*command):
        started.append(subprocess.Popen(command, start_new_session=True, stdin=subprocess.DEVNULL))
        return started[-1]

    yield run
    for process in started:
        end(process)


@pytest.fixture
def home(tmp_path, games):
    """A home in which no daemon runs."""
    return RealDaemon(tmp_path / "home", games.env)


def rules(home):
    found, problems = load_rules(home.home / "config" / "rules.toml")
    assert problems == ()
    return found


def said(done):
    return " ".join(done.stdout.split())


@pytest.mark.parametrize(
    "name", [command.callback.__name__.rstrip("_") for command in commands.app.registered_commands]
)
def test_each_command_teaches(name, home):
    shown = home.run("game", name, "--help")
    assert shown.returncode == 0
    assert f"gamedetectd game {name}" in " ".join(shown.stdout.split()).split("Usage:")[1].replace("game", "game", 1)


class TestAProgramThatRuns:
    def test_rename_ignore_forget_of_a_running_game(self, home, games, start):
        title = games.titles[0]
        process = start(games.path(title), "300")
        with home:

            def ours(rows):  # other tests may play at the same time, and the daemon sees their games
                return [row for row in rows if row["game"]["title"] in (title, "Moon Base")]

            def sessions(**wanted):
                rows = [row for row in home.json("sessions") if all(row[key] == value for key, value in wanted.items())]
                return [row["game"]["title"] for row in ours(rows)]

            def running():
                return [row["id"] for row in ours(home.json("status")["sessions"])]

            eventually(lambda: sessions(ended_by=None) == [title], 15, "the toy game's session")
            (began,) = running()
            renamed = home.run("game", "rename", title.lower().replace(" ", "-"), "Moon Base")
            assert renamed.returncode == 0, renamed.stderr
            assert said(renamed) == f"{games.path(title)} is the game Moon Base."
            eventually(lambda: sessions(ended_by=None) == ["Moon Base"], 10, "the new title in the history")
            assert running() == [began], "the session stays the same one"

            assert home.run("game", "ignore", process.pid).returncode == 0
            assert [rule.kind for rule in rules(home)] == [RuleKind.IGNORE]
            eventually(lambda: running() == [], 10, "the end of the session")
            assert sessions() == [], "what is no game counts nowhere"
            with HistoryReader.open(home.home / "data" / "history.db") as history:
                ended = history.session(began)
            assert str(ended.ended_by) == "corrected"

            assert home.run("game", "forget", process.pid).returncode == 0
            assert rules(home) == ()
            eventually(lambda: sessions(ended_by=None) == [title], 10, "the session again")
            assert running() == [began]

    def test_add_without_a_daemon(self, home, tmp_path, start):
        tool = tmp_path / "tools" / "frobnicate"
        tool.parent.mkdir()
        tool.write_text("#!/bin/sh\nsleep $1\nexit 0\n")
        tool.chmod(0o755)
        process = start(tool, "300")
        added = home.run("game", "add", process.pid, "--title", "Frob")
        assert (added.returncode, added.stderr) == (0, "")
        assert "it takes this over when it starts" in said(added)
        assert "Frob" in [row["game"]["title"] for row in home.json("scan")]
        home.run("game", "add", process.pid)
        assert rules(home) == (Rule(RuleKind.GAME, str(tool), title="Frob"),), "a title once given stays"


class TestAFile:
    def test_add_ignore_and_forget_by_path(self, home, tmp_path):
        file = tmp_path / "moon.x86_64"
        file.touch()
        assert home.run("game", "add", file, "--title", "Moon").returncode == 0
        assert home.run("game", "ignore", file, "--argument", "--server").returncode == 0
        assert rules(home) == (
            Rule(RuleKind.GAME, str(file), title="Moon"),
            Rule(RuleKind.IGNORE, str(file), "--server"),
        )
        assert home.run("game", "forget", "moon").returncode == 0
        assert home.run("game", "forget", file).returncode == 0
        assert rules(home) == ()
        again = home.run("game", "forget", file)
        assert (again.returncode, "You have no rule" in again.stderr) == (1, True)

    def test_a_file_that_has_errors_is_not_touched(self, home, tmp_path):
        broken = home.home / "config" / "rules.toml"
        broken.parent.mkdir(parents=True, mode=0o700)
        broken.write_text("[[rule]]\nkind = \n")
        broken.chmod(0o600)
        file = tmp_path / "moon"
        file.touch()
        refused = home.run("game", "add", file)
        assert refused.returncode == 1
        assert "Your rules cannot be used" in refused.stderr
        assert broken.read_text() == "[[rule]]\nkind = \n"

    @pytest.mark.parametrize(
        ("arguments", "code", "text"),
        [
            (["add", "/no/such/file"], 1, "There is no file /no/such/file"),
            (["add", "/usr"], 1, "is a directory"),
            (["add", "4194304"], 1, "There is no process 4194304"),
            (["forget", "4194304"], 1, "There is no process 4194304"),
            (["add", "no such program anywhere"], 1, "No running program is called"),
            (["forget", "no such program anywhere"], 1, "You have no rule"),
            (["add", " "], 2, "Give a process id"),
            (["add", "/usr/bin/python3", "--title", "Moon"], 1, "runs many programs"),
            (["rename", "/bin/sh", " \t"], 2, "one line of text"),
            (["rename", "/bin/sh", "x" * 300], 2, "one line of text"),
        ],
    )
    def test_what_cannot_be_done_says_why(self, home, arguments, code, text):
        done = home.run("game", *arguments)
        assert (done.returncode, text in " ".join(done.stderr.replace("│", " ").split())) == (code, True), done.stderr
        assert "Traceback" not in done.stderr

    def test_a_more_exact_rule_is_named(self, home, start):
        process = start("/bin/sleep", "300")
        home.run("game", "add", process.pid, "--argument", "300", "--title", "Nap")
        done = home.run("game", "ignore", process.pid)
        assert "Another rule of yours is more exact and decides" in said(done)


class TestList:
    def test_rules_and_merged_ids_with_the_reasons(self, home):
        (home.home / "data").mkdir(parents=True, mode=0o700)
        story = Story(grace=0)
        named = Game("name:moon-base", "Moon Base", "its window", "/g/Moon Base")
        for pid, one in ((50, named), (51, Game("steam:7", "Moon Base", "the library", "/g/Moon Base"))):
            process = story.play(pid, one)
            story.wait(600)
            story.ended(process)
        with History.open(home.home / "data" / "history.db") as history:
            history.commit(story.events)
        home.run("game", "add", "/bin/ls", "--title", "Shell")
        rows = home.json("game", "list")
        validate(rows, schemas()["game"])
        assert [rule["title"] for rule in rows["rules"]] == ["Shell"]
        (row,) = rows["games"]
        assert (row["game"]["id"], row["sessions"], row["seconds"]) == ("steam:7", 2, 1200.0)
        assert [(one["id"], one["reason"]) for one in row["also"]] == [("name:moon-base", "Both lie in /g/Moon Base.")]
        shown = said(home.run("game", "list"))
        assert "is the game Shell." in shown
        assert "also name:moon-base: Both lie in /g/Moon Base." in shown

    def test_nothing_yet(self, home):
        assert json.loads(home.run("game", "list", "--json").stdout) == {"rules": [], "games": []}
        assert "You said nothing yet" in said(home.run("game", "list"))


# --- which program is meant -------------------------------------------------------------------------------------------


class Imagined:
    """A machine with these processes, given as ``(exe, *argv)``, whose windows are by process id."""

    system = System.LINUX

    def __init__(self, *commands, windows=()):
        self._all = [
            ProcessInfo(
                ProcessKey("b", 100 + place, place), exe=exe, argv=tuple(argv) or (exe,), comm=exe.rpartition("/")[2]
            )
            for place, (exe, *argv) in enumerate(commands)
        ]
        self._windows = tuple(Window(pid=pid, title=title) for pid, title in windows)
        self.processes = self

    def windows(self):
        return self._windows

    def pids(self):
        return [process.pid for process in self._all]

    def read(self, pid):
        return next((process for process in self._all if process.pid == pid), None)

    def chain(self, pid):
        found = self.read(pid)
        return (found,) if found else ()

    def gather(self, facts, _kinds):
        return facts


MEANT = {
    # the command, and the rule's executable and argument
    "a program": (("/g/moon",), "/g/moon", ""),
    "an interpreter's script": (("/usr/bin/python3", "python3", "/g/moon.py"), "/g/moon.py", ""),
    "a module": (("/usr/bin/python3", "python3", "-m", "moon"), "/usr/bin/python3", "moon"),
    "a class of Java": (("/usr/bin/java", "java", "-cp", "x.jar", "org.moon.Main"), "/usr/bin/java", "org.moon.Main"),
    "an archive of Java": (("/usr/bin/java", "java", "-jar", "/g/Moon.jar"), "/g/Moon.jar", ""),
    "the interpreter itself": (("/usr/bin/python3", "python3"), "/usr/bin/python3", ""),
    "an emulator's content": (
        ("/usr/bin/snes9x", "snes9x", "-fullscreen", "/roms/Super Metroid (USA).sfc"),
        "/usr/bin/snes9x",
        "Super Metroid (USA).sfc",
    ),
    "a shared engine's game": (
        ("/usr/games/gzdoom", "gzdoom", "-iwad", "/w/freedoom2.wad"),
        "/usr/games/gzdoom",
        "freedoom2.wad",
    ),
    "an engine's game after a setting": (
        ("/usr/games/gzdoom", "gzdoom", "-config", "/h/my.ini", "-iwad", "/w/freedoom2.wad"),
        "/usr/games/gzdoom",
        "freedoom2.wad",
    ),
    "an empty emulator": (("/usr/bin/snes9x", "snes9x"), "/usr/bin/snes9x", ""),
}


@pytest.mark.parametrize("name", MEANT)
def test_a_rule_means_just_this_program(name):
    command, executable, argument = MEANT[name]
    found = target(Imagined(command), "100")
    assert (found.executable, found.argument, found.content) == (executable, argument, "")
    rule = Rule(RuleKind.GAME, found.executable, found.argument)
    assert found.decided_by((rule,)) == rule


def test_where_nothing_is_known_nothing_is_meant():
    assert person.meant(build(Facts())) is None
    with pytest.raises(NotFoundError, match="There is no process 7"):
        target(Imagined(), "7")


def test_an_emulator_that_does_not_say_what_it_runs_cannot_be_named(monkeypatch):
    machine = Imagined(("/usr/bin/snes9x", "snes9x"), windows=[(100, "Super Metroid (USA) - Snes9x 1.62.3")])
    found = target(machine, "snes9x")
    assert found.content == "Super Metroid"
    with pytest.raises(AmbiguousError, match="Super Metroid"):
        commands._exact(Rule(RuleKind.GAME, found.executable), found)
    assert commands._exact(Rule(RuleKind.IGNORE, found.executable), found).kind is RuleKind.IGNORE
    assert commands._exact(Rule(RuleKind.GAME, found.executable, "x"), found).argument == "x"


def test_of_several_programs_the_one_is_meant_that_shows_a_window():
    two = Imagined(("/a/moon",), ("/b/moon",), windows=[(101, "Moon")])
    assert target(two, "moon").executable == "/b/moon"
    with pytest.raises(AmbiguousError, match=r"moon \(100\), moon \(101\)"):
        target(Imagined(("/a/moon",), ("/b/moon",)), "moon")
    assert target(Imagined(("/a/moon",), ("/a/moon",)), "moon").executable == "/a/moon"


def test_a_wrapper_is_not_meant():
    assert target(Imagined(("/usr/bin/gamemoderun", "gamemoderun", "/a/moon"), ("/a/moon",)), "moon").pid == 101
    assert target(Imagined(("/bin/sh", "sh", "/a/moon.sh")), "moon").executable == "/a/moon.sh"


def test_we_do_not_mean_ourselves(monkeypatch):
    monkeypatch.setattr(correct.os, "getpid", lambda: 100)
    with pytest.raises(NotFoundError, match="No running program"):
        target(Imagined(("/a/moon",)), "moon")


def test_a_file_that_may_not_be_looked_at_is_said(monkeypatch):
    def refuse(_self):
        raise PermissionError

    monkeypatch.setattr(correct.Path, "is_dir", refuse)
    with pytest.raises(NotFoundError, match="may not look at /closed/moss"):
        correct._file("/closed/moss")


def test_files_are_spelt_as_the_system_does(tmp_path, monkeypatch):
    real, link = tmp_path / "moon", tmp_path / "link"
    real.touch()
    link.symlink_to(real)
    nothing = Imagined()
    assert target(nothing, str(link)).executable == str(real)
    assert target(nothing, "C:\\Games\\moon.exe").executable == "C:\\Games\\moon.exe"
    monkeypatch.chdir(tmp_path)
    assert target(nothing, "./moon").executable == str(real)
    inner = tmp_path / "Moon.app" / "Contents" / "MacOS"
    inner.mkdir(parents=True)
    with pytest.raises(NotFoundError, match="is a directory"):
        target(nothing, str(tmp_path / "Moon.app"))
    (inner / "Moon").touch()
    assert target(nothing, str(tmp_path / "Moon.app")).executable == str(inner / "Moon")
    assert target(nothing, str(real)).decided_by((Rule(RuleKind.GAME, str(real)),)) is None

"""A hostile person, or program, on the same computer: what they try, and what comes of it (docs/security.md)."""

import json
import os
import shutil
import stat
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import pytest
from audit_trails import Keyring
from real_bus import FakeGameMode
from real_daemon import COMMAND, RealDaemon
from real_programs import eventually
from toy_games import ToyGames

from gamedetectd.app.look import explain
from gamedetectd.app.machine import this_machine
from gamedetectd.app.pause import PauseFile
from gamedetectd.config import Settings
from gamedetectd.control import access, wire
from gamedetectd.control.client import Client
from gamedetectd.control.instance import acquire
from gamedetectd.control.server import Server
from gamedetectd.domain import Instant, ProcessKey
from gamedetectd.errors import GamedetectdError, PermissionsError
from gamedetectd.observability.rotation import DAY, Limits, RotatingFile
from gamedetectd.paths import Paths
from gamedetectd.platforms.permissions import create
from gamedetectd.security.audit import AuditLog
from gamedetectd.sessions.history import History
from gamedetectd.sessions.journal import Journal
from gamedetectd.worker import Worker

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="these attacks are of Unix, the toy games of Linux")
needs_root = pytest.mark.skipif(
    sys.platform == "win32" or os.geteuid() != 0, reason="only root can act as two accounts: run the tests as root"
)
NOBODY = 65534
PRECIOUS = b"do not touch\n" * 40


@pytest.fixture
def paths(tmp_path):
    paths = Paths.below(tmp_path / "home")
    create(paths)
    return paths


def write_log(paths):
    RotatingFile(paths.event_log_file, Limits(10_000, 100_000, DAY)).write("a line\n")


def write_history(paths):
    with History.open(paths.history_file) as history:
        history.backup(0.0)


def write_journal(paths):
    Journal(paths.journal_file).write(Instant(1.0, 1.0, 1.0), "boot", (), sync=True)


def write_audit(paths):
    trail = AuditLog(paths.audit_log_file, Keyring)
    trail.record("start", "It starts.")
    trail.flush()
    if trail.problem is not None:
        raise trail.problem
    trail.close()


def take_lock(paths):
    acquire(paths, ProcessKey("boot", os.getpid(), 1), 1.0).release()


def open_channel(paths):
    server = Server(paths, {})
    _, listener = server._open()
    listener.close()


WRITERS = {
    "log/gamedetectd.jsonl": write_log,
    "log/audit.jsonl": write_audit,
    "log/audit.lock": write_audit,
    "data/history.db": write_history,
    "data/history.db-wal": write_history,
    "state/journal.jsonl": write_journal,
    "state/pause.json": lambda paths: PauseFile(paths.state / "pause.json").write(None),
    "runtime/gamedetectd.lock": take_lock,
    "runtime/control.key": access.make_key,
    "runtime/control.sock": open_channel,
}
PLANTS = {"a symbolic link": Path.symlink_to, "a second name": Path.hardlink_to}


@pytest.mark.parametrize("plant", PLANTS)
@pytest.mark.parametrize("file", WRITERS)
def test_no_file_is_written_through_what_was_planted_in_its_place(paths, tmp_path, file, plant):
    precious = tmp_path / "precious"
    precious.write_bytes(PRECIOUS)
    precious.chmod(0o600)
    PLANTS[plant](tmp_path / "home" / file, precious)
    with suppress(GamedetectdError):
        WRITERS[file](paths)
    assert precious.read_bytes() == PRECIOUS
    assert precious.stat().st_mode & 0o777 == 0o600


def test_a_pipe_in_place_of_any_of_them_makes_nobody_wait(paths):
    for file, write in WRITERS.items():
        place = paths.config.parent / file
        place.unlink(missing_ok=True)
        os.mkfifo(place, 0o600)
        began = time.monotonic()
        with suppress(GamedetectdError):
            write(paths)
        assert time.monotonic() - began < 3.0, file
        place.unlink(missing_ok=True)


@pytest.fixture
def public():
    """A directory every account can reach, as pytest's own is not."""
    directory = Path(tempfile.mkdtemp())
    directory.chmod(0o1777)
    yield directory
    shutil.rmtree(directory)


@needs_root
@pytest.mark.parametrize("part", ["config", "data", "state", "log", "cache", "runtime"])
def test_a_part_of_our_home_that_is_another_persons_is_refused(public, part):
    paths = Paths.below(public / "home")
    (public / "home").mkdir(0o755)
    trap = public / "trap"
    for made, make in ((public / "home" / part, lambda place: place.symlink_to(trap)), (trap, Path.mkdir)):
        make(made)
        os.chown(made, NOBODY, NOBODY, follow_symlinks=False)
    with pytest.raises(PermissionsError, match="belongs to nobody") as caught:
        create(paths)
    assert "chown" in caught.value.remedy
    assert list(trap.iterdir()) == []


@needs_root
def test_the_program_does_not_start_in_a_home_that_another_person_laid_out(public):
    (public / "home").mkdir(0o755)
    os.chown(public / "home", NOBODY, NOBODY)
    done = subprocess.run(
        [*COMMAND, "run", "--headless"],
        env={**os.environ, "GAMEDETECTD_HOME": str(public / "home")},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.returncode == 1
    assert "belongs to nobody" in done.stderr
    assert list((public / "home").iterdir()) == []


class TestControlChannel:
    @pytest.fixture
    def refused(self):
        return []

    @pytest.fixture
    def server(self, paths, refused):
        server = Server(paths, {"do": lambda _request: {"done": True}}, refused.append)
        worker = Worker("control", server.run)
        worker.start()
        eventually(lambda: server.probe() is None)
        yield server
        worker.stop()
        assert worker.join(5.0)

    def test_an_introduction_that_was_overheard_opens_nothing_a_second_time(self, server, paths, refused):
        overheard = []

        class Overheard:
            def __init__(self, connection):
                self.connection = connection

            def __getattr__(self, name):
                return getattr(self.connection, name)

            def send_bytes(self, data):
                overheard.append(data)
                self.connection.send_bytes(data)

        with self.connected(paths) as connection:
            access.enter(Overheard(connection), access.read_key(paths), 2.0)
            wire.send(connection, wire.encode(wire.Ask("do", {})))
            assert wire.decode_answer(wire.receive(connection, 2.0)).reply == {"done": True}
        with self.connected(paths) as connection, suppress(OSError, EOFError):  # it hangs up in between
            for data in overheard:
                connection.send_bytes(data)
            while data := wire.receive(connection, 2.0):
                assert b"done" not in data
        eventually(lambda: refused)
        assert "did not introduce itself" in refused[0]

    def connected(self, paths):
        import socket

        line = socket.socket(socket.AF_UNIX)
        line.connect(str(paths.socket_file))
        return wire.mpc.Connection(line.detach())

    @needs_root
    def test_a_runtime_directory_that_is_swapped_for_another_persons_is_refused(self, paths, public):
        server = Server(paths, {"do": lambda _request: {}})
        worker = Worker("control", server.run)
        worker.start()
        try:
            eventually(lambda: server.probe() is None)
            paths.runtime.rename(paths.runtime.with_name("away"))
            trap = public / "trap"
            trap.mkdir(0o777)
            os.chown(trap, NOBODY, NOBODY)
            paths.runtime.symlink_to(trap)
            assert "was removed" in server.probe()
            eventually(lambda: "PermissionsError" in worker.status().last_error)
            assert list(trap.iterdir()) == [], "no key and no socket where others could have them"
            paths.runtime.unlink()
            paths.runtime.with_name("away").rename(paths.runtime)
            eventually(lambda: server.probe() is None, 10)
            assert Client(paths).request("do") == {}
        finally:
            worker.stop()
            assert worker.join(5.0)


COMM = "import ctypes, time; ctypes.CDLL(None).prctl(15, b'supertux2', 0, 0, 0); time.sleep(60)"


class TestDisguise:
    """A verdict grants nothing: who passes for a game gains an entry in a list of play time. What can be told is."""

    @pytest.fixture
    def verdict(self, tmp_path, spawn):
        machine = this_machine(Paths.below(tmp_path / "home"), Settings())

        def judge(process):
            return explain(machine, (), process.pid)[1]

        yield judge
        machine.catalogue.room.close()

    def test_a_program_of_the_system_under_a_games_name_is_no_game(self, verdict, spawn):
        for disguise in ("supertux2", "/usr/games/supertux2", "hl2.exe"):
            process = spawn("/bin/sleep", "60")
            process = subprocess.Popen([disguise, "60"], executable="/bin/sleep", start_new_session=True)
            try:
                assert not verdict(process).is_game
            finally:
                process.kill()
                process.wait()

    def test_a_thread_name_is_no_evidence(self, verdict, spawn):
        process = spawn("/usr/bin/python3", "-c", COMM)
        eventually(lambda: Path(f"/proc/{process.pid}/comm").read_text() == "supertux2\n")
        assert not verdict(process).is_game

    def test_steams_variables_do_not_make_a_game_of_the_system(self, verdict, spawn):
        assert not verdict(spawn("/bin/sleep", "60", env={"SteamAppId": "620", "SteamGameId": "620"})).is_game

    def test_gamemode_is_asked_to_take_a_stranger_for_a_game(self, verdict, spawn, bus):
        process = spawn("/bin/sleep", "60")
        service = FakeGameMode(bus, [process.pid, 1, 2**22 - 3])
        try:
            said = verdict(process)
        finally:
            service.stop()
        assert not said.is_game
        assert any("GameMode" in one.reason for one in said.evidence), "it was heard, and did not suffice"

    def test_steams_log_names_a_process_that_has_its_number_only_by_now(self, verdict, spawn, tmp_path, monkeypatch):
        """Ids of processes are used again: a line counts for a process that ran when it was written."""
        monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "share"))
        logs = tmp_path / "share/Steam/logs"
        logs.mkdir(parents=True)
        shutil.copy("/bin/sleep", tmp_path / "tool")
        process = spawn(str(tmp_path / "tool"), "60")
        for age, heard in ((60, False), (0, True)):
            when = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(time.time() - age))
            (logs / "gameprocess_log.txt").write_text(
                f"[{when}] AppID 620 adding PID {process.pid} as a tracked process\n"
            )
            machine = this_machine(Paths.below(tmp_path / "home"), Settings())
            assert any(signal.pid == process.pid for signal in machine.signals()) is heard
            machine.catalogue.room.close()

    def test_a_program_of_the_persons_that_has_a_games_name_passes_and_the_reasons_say_so(
        self, verdict, spawn, tmp_path
    ):
        shutil.copy("/bin/sleep", tmp_path / "supertux2")
        said = verdict(spawn(str(tmp_path / "supertux2"), "60"))
        assert said.is_game
        assert any("by its name" in one.reason for one in said.evidence)


def modes(home):
    """Every file the daemon made with its mode, but for those the test made itself."""
    for path in sorted(home.rglob("*")):
        if path.name != "daemon.output":
            yield path, stat.S_IMODE(path.lstat().st_mode)


@pytest.mark.timeout(60)
def test_a_day_of_real_use_leaves_nothing_that_others_may_look_at_whatever_the_umask(tmp_path):
    """With a umask of 0 every file that is made without a mode of its own stands open."""
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    games = ToyGames(tmp_path)
    daemon = RealDaemon(home, games.env, account={"umask": 0})
    with daemon:
        process = games.start(games.titles[0], 3)
        eventually(lambda: games.among(daemon.json("status")["sessions"]), 15, "the session")
        process.wait(10)
        for arguments in (
            ("config", "set", "watch.poll_interval", "2"),
            ("game", "ignore", str(games.path(games.titles[1]))),
            ("pause", "--for", "1h"),
        ):
            done = daemon.run(*arguments)
            assert done.returncode == 0, done.stderr
        eventually(lambda: (home / "state/pause.json").exists())
        found = dict(modes(home))
        open_to_others = {str(path): oct(mode) for path, mode in found.items() if mode & 0o077}
        assert open_to_others == {}
        assert {path.name for path in found} >= {
            "settings.toml", "rules.toml", "history.db", "history.db-wal", "journal.jsonl", "pause.json",
            "gamedetectd.jsonl", "audit.jsonl", "control.sock", "control.key", "gamedetectd.lock",
        }  # fmt: skip

        (home / "data/history.db").chmod(0o644)
        Client(Paths.below(home)).request("check")
        condition = eventually(lambda: next((one for one in daemon.json("status")["health"]["conditions"]
                                             if one["code"] == "permissions-wrong"), None), 20)  # fmt: skip
        command = condition["message"].partition("To close it: ")[2]
        assert command.startswith("chmod 600 ")
        assert os.system(command) == 0
        daemon.stop()
    assert stat.S_IMODE((home / "data/history.db").stat().st_mode) == 0o600
    said = [json.loads(line)["event"]["action"] for line in (home / "log/audit.jsonl").read_text().splitlines()]
    assert said == ["start", "settings-changed", "rules-changed", "permissions-wrong", "stop"]


def test_what_stood_open_before_the_start_is_closed_and_told(tmp_path):
    home = tmp_path / "home"
    paths = Paths.below(home)
    create(paths)
    paths.history_file.touch(0o600)
    for path, mode in ((paths.log, 0o755), (paths.history_file, 0o644)):
        path.chmod(mode)
    with RealDaemon(home) as daemon:
        assert stat.S_IMODE(paths.log.stat().st_mode) == 0o700
        assert stat.S_IMODE(paths.history_file.stat().st_mode) == 0o600
        lines = [json.loads(line) for line in paths.audit_log_file.read_text().splitlines()]
        told = {line["gamedetectd"]["details"].get("remedy", "")[:9] for line in lines}
        assert told == {"", "chmod 700", "chmod 600"}
        assert "can be read by other accounts" in daemon.output.read_text()

"""``run --supervised``: what crashes, hangs or grows is started again and reported; what makes no sense is not."""

import json
import os
import signal
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from real_daemon import RealDaemon, pss
from real_programs import end, eventually

from gamedetectd.app import crashes, supervisor
from gamedetectd.app.supervisor import Patience, Supervisor
from gamedetectd.errors import SupervisorError
from gamedetectd.paths import Paths

if sys.platform != "linux":
    pytest.skip("signals and toy games of Linux", allow_module_level=True)

from toy_games import ToyGames

SAMPLES = Path(__file__).parents[1] / "supervised_samples.py"
QUICK = Patience(start=10, silence=1.5, ending=2.0, crashes=3, window=60, first_pause=0.02, longest_pause=0.05)


@pytest.fixture
def paths(tmp_path):
    paths = Paths.below(tmp_path / "home")
    paths.log.mkdir(parents=True, mode=0o700)
    paths.event_log_file.write_text("".join(f'{{"message": "line {number}"}}\n' for number in range(80)))
    return paths


class Supervised:
    """A supervisor in this thread over the stand-in."""

    def __init__(self, paths, tmp_path, what, patience=QUICK):
        self.file = tmp_path / "starts"
        self.file.touch()
        self.supervisor = Supervisor(paths, [sys.executable, str(SAMPLES), what, str(self.file)], patience)

    @property
    def starts(self):
        return [int(line) for line in self.file.read_text().split()]

    def run(self, *steps):
        """Each step is a signal that we get, or something to wait for before the next; the exit code."""

        def tell():
            for step in steps:
                if isinstance(step, int):
                    os.kill(os.getpid(), step)
                else:
                    eventually(step, 20, "what the test waits for")

        teller = threading.Thread(target=tell, daemon=True)
        teller.start()
        code = self.supervisor.run()
        teller.join(5)
        return code

    def ready(self, number=1):
        """A step: until the stand-in obeys signals for the ``number``th time."""
        return self.file.with_name(f"ready-{number}").exists


def reports(paths):
    return [json.loads(file.read_text()) for file in sorted(crashes.folder(paths).glob("*"))]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=lambda number: number.name)
def test_told_to_end_it_has_the_daemon_end_and_ends_well(paths, tmp_path, number):
    one = Supervised(paths, tmp_path, "well")
    assert one.run(one.ready(), number) == 0
    assert len(one.starts) == 1
    assert reports(paths) == []


def test_a_hang_up_is_handed_on_and_ends_nothing(paths, tmp_path):
    one = Supervised(paths, tmp_path, "well")
    reloaded = tmp_path / "reloaded"
    assert one.run(one.ready(), signal.SIGHUP, reloaded.exists, signal.SIGTERM) == 0
    assert len(one.starts) == 1


CRASHES = {
    "killed-once": "ended with signal SIGKILL",
    "hang-once": "gave no sign of life for 1.5 s and was ended",
    "grow-once": "took 500 MB of memory and was ended",
}


@pytest.mark.parametrize("what", CRASHES)
def test_what_goes_wrong_once_is_reported_and_started_again(paths, tmp_path, what, capfd):
    one = Supervised(paths, tmp_path, what)
    assert one.run(one.ready(2), signal.SIGTERM) == 0
    (report,) = reports(paths)
    assert report["end"] == CRASHES[what]
    assert report["pid"] == one.starts[0]
    assert 0 <= report["uptime_seconds"] < 20
    assert [json.loads(line)["message"] for line in report["log"]] == [f"line {number}" for number in range(30, 80)]
    (file,) = crashes.folder(paths).iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    said = capfd.readouterr().err
    assert f"gamedetectd {CRASHES[what]}. What is known of it: {file}" in said
    assert "It is started again in " in said


@pytest.mark.parametrize("code", [0, 2, 5, 8])
def test_what_a_new_start_would_not_change_is_not_tried(paths, tmp_path, code):
    one = Supervised(paths, tmp_path, str(code))
    assert one.run() == code
    assert len(one.starts) == 1
    assert reports(paths) == []


def test_too_many_crashes_are_given_up_loudly(paths, tmp_path, capfd):
    one = Supervised(paths, tmp_path, "9")
    with pytest.raises(SupervisorError, match=r"crashed 4 times within 1 minutes.*ended with exit code 9"):
        one.run()
    assert len(one.starts) == 4
    assert [report["end"] for report in reports(paths)] == ["ended with exit code 9"] * 4


def test_pauses_grow(paths, tmp_path, capfd):
    patience = Patience(crashes=5, first_pause=0.01, longest_pause=0.1)
    with pytest.raises(SupervisorError):
        Supervised(paths, tmp_path, "1", patience).run()
    said = [float(line.split()[5]) for line in capfd.readouterr().err.splitlines() if "started again" in line]
    assert len(said) == 5
    assert said == sorted(said)


def test_one_that_does_not_end_is_killed(paths, tmp_path):
    one = Supervised(paths, tmp_path, "deaf")
    began = time.monotonic()
    assert one.run(one.ready(), signal.SIGTERM) == 0
    assert time.monotonic() - began < 20
    assert not Path(f"/proc/{one.starts[0]}").exists()


def test_told_to_end_while_it_waits_it_ends(paths, tmp_path):
    one = Supervised(paths, tmp_path, "1", Patience(first_pause=30))
    began = time.monotonic()
    assert one.run(lambda: reports(paths), signal.SIGTERM) == 0
    assert time.monotonic() - began < 25
    assert len(one.starts) == 1


def test_only_some_reports_are_kept_and_broken_ones_are_passed_over(paths):
    for number in range(crashes.MOST + 2):
        crashes.report(paths, f"ended with exit code {number}", 1, 2.0)
    assert [report["end"][-1] for report in reports(paths)] == ["2", "3", "4", "5", "6"]
    (crashes.folder(paths) / "crash-9.json").write_text("{")
    file, crash = crashes.newest(paths)
    assert crash.end == "ended with exit code 6"
    assert str(file) in crashes.in_words(file, crash)
    assert crashes.is_recent(crash, 60)


def test_a_report_that_cannot_be_written_keeps_nothing_from_starting_again(paths, tmp_path, capfd):
    paths.state.mkdir(mode=0o700)
    crashes.folder(paths).write_text("a file where the folder should be")
    one = Supervised(paths, tmp_path, "killed-once")
    assert one.run(one.ready(2), signal.SIGTERM) == 0
    assert "No report could be written" in capfd.readouterr().err


def test_a_daemon_that_cannot_be_started_at_all_is_a_crash_too(paths, capfd):
    missing = Supervisor(paths, ["/no/such/program"], QUICK)
    with pytest.raises(SupervisorError, match="could not be started"):
        missing.run()
    assert len(reports(paths)) == QUICK.crashes + 1


def test_what_the_system_ended_unsupervised_is_reported_at_the_next_start(paths):
    paths.state.mkdir(mode=0o700)
    code = (
        "import os, signal, sys; from pathlib import Path; from gamedetectd.app.crashes import watch_for_faults\n"
        "from gamedetectd.paths import Paths; watch_for_faults(Paths.below(Path(sys.argv[1])))\n"
        "os.kill(os.getpid(), signal.SIGABRT)"
    )
    died = subprocess.run([sys.executable, "-c", code, str(paths.state.parent)], stderr=subprocess.DEVNULL)
    assert died.returncode == -signal.SIGABRT
    assert stat.S_IMODE(crashes.fault_file(paths).stat().st_mode) == 0o600
    crashes.report_unseen(paths)
    crashes.report_unseen(paths)
    (report,) = reports(paths)
    assert report["end"] == "was ended by the system"
    assert report["traceback"][0] == "Fatal Python error: Aborted"
    assert crashes.lately(paths).startswith("It was ended by the system at ")


def test_status_and_doctor_tell_of_a_crash_also_where_no_daemon_runs(paths):
    file = crashes.report(paths, "ended with signal SIGSEGV", 1, 7_300.0)
    nobody = RealDaemon(paths.state.parent)
    for command in ("status", "doctor"):
        done = nobody.run(command)
        said = " ".join((done.stdout + done.stderr).split())
        assert "It ended with signal SIGSEGV at " in said, said
        assert file.name.removeprefix("crash-")[:15] in said.replace(" ", "")


@pytest.mark.parametrize(
    ("at", "recent"), [("nonsense", False), ("2001-01-01T00:00:00Z", False), ("2999-01-01T00:00:00Z", False)]
)
def test_a_report_from_another_time_is_no_news(at, recent):
    crash = crashes.Crash(at, "1", 1, None, "ended", [], [])
    assert crashes.is_recent(crash, crashes.DAY) is recent


# --- the real thing ---


@pytest.fixture
def home(tmp_path):
    games = ToyGames(tmp_path)
    daemon = RealDaemon(tmp_path / "h", games.env, arguments=("--supervised", "--headless"))
    daemon.start()
    yield daemon, games
    daemon.stop()


def more_than_python(pid):
    """Bytes of memory of its own (PSS) beyond what a bare Python has at this moment."""
    bare = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    try:
        time.sleep(0.3)
        return (pss(pid) - pss(bare.pid)) * 1e6
    finally:
        bare.stdin.close()
        bare.wait(5)


def child_of(pid):
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def test_a_session_outlives_the_daemon_and_the_next_one_tells_of_the_crash(home):
    daemon, games = home
    game = games.start(games.titles[0], 60)
    try:
        eventually(lambda: games.among(daemon.json("status")["sessions"]), 20, "the session")
        assert more_than_python(daemon.process.pid) < 10_000_000, "the supervisor costs little"
        (before,) = (s for s in daemon.json("status")["sessions"] if s["game"]["title"] in games.titles)
        (pid,) = child_of(daemon.process.pid)
        os.kill(pid, signal.SIGSEGV)
        eventually(lambda: child_of(daemon.process.pid) not in ([], [pid]), 20, "another daemon")
        eventually(lambda: games.among(daemon.json("status").get("sessions", [])), 20, "the session in the new one")
        (after,) = (s for s in daemon.json("status")["sessions"] if s["game"]["title"] in games.titles)
        assert (after["id"], after["started_at"]) == (before["id"], before["started_at"])
        told = {one["code"]: one for one in daemon.json("status")["health"]["conditions"]}
        assert "ended with signal SIGSEGV" in told["daemon-crashed"]["message"]
        (report,) = reports(Paths.below(daemon.home))
        assert report["traceback"][0] == "Fatal Python error: Segmentation fault"
        assert report["log"]
        assert daemon.stop() == 0
        assert not child_of(1) or pid not in child_of(1)
    finally:
        end(game)


FAULTS = {"leak": "MB of memory and was ended", "hang": "gave no sign of life for 3 s and was ended"}


@pytest.mark.parametrize("fault", ["leak", pytest.param("hang", marks=pytest.mark.slow)])
def test_a_worker_that_leaks_or_hangs_for_ever_costs_no_session(tmp_path, fault):
    games = ToyGames(tmp_path)
    home = RealDaemon(tmp_path / "h", games.env)  # asks, and is started otherwise
    script = (
        "import sys; from pathlib import Path; from gamedetectd.paths import Paths\n"
        "from gamedetectd.app.supervisor import Patience, Supervisor\n"
        "patience = Patience(silence=3.0, memory=200_000_000, first_pause=0.1)\n"
        "sys.exit(Supervisor(Paths.resolve(), sys.argv[1:], patience).run())"
    )
    daemon = [sys.executable, str(SAMPLES.with_name("faulty_daemon.py")), fault, str(tmp_path / "had it")]
    parent = subprocess.Popen([sys.executable, "-c", script, *daemon], env=home.env, stderr=subprocess.PIPE)
    game = None
    try:
        eventually(lambda: home.run("status").returncode == 0, 20, "the daemon")
        game = games.start(games.titles[0], 60)
        (before,) = eventually(lambda: toys(home, games), 20, "the session")
        eventually(lambda: reports(Paths.below(home.home)), 30, "the report")
        (after,) = eventually(lambda: toys(home, games), 20, "the session in the new one")
        assert after["id"] == before["id"]
        assert FAULTS[fault] in reports(Paths.below(home.home))[0]["end"]
        if fault == "hang":
            traceback = "".join(reports(Paths.below(home.home))[0]["traceback"])
            assert "in hang" in traceback, "what each thread was doing"
        parent.terminate()
        assert parent.wait(15) == 0
    finally:
        end(parent)
        parent.stderr.close()
        if game is not None:
            end(game)


def toys(home, games):
    """The rows of toy games that are played; none while nobody answers."""
    done = home.run("status", "--json")
    rows = json.loads(done.stdout)["sessions"] if done.returncode == 0 else []
    return [row for row in rows if row["game"]["title"] in games.titles]


def test_without_its_supervisor_the_daemon_ends_and_leaves_the_place_to_the_next(home):
    daemon, _ = home
    (pid,) = child_of(daemon.process.pid)
    second = subprocess.run([*daemon.command, "run", "--supervised"], env=daemon.env, capture_output=True, timeout=20)
    assert second.returncode == 5, "a second supervisor starts no second daemon"
    daemon.kill()
    eventually(lambda: not Path(f"/proc/{pid}").exists(), 10, "the daemon's end")
    daemon.start()
    assert daemon.stop() == 0


def test_the_supervisor_loads_nothing_of_the_daemon():
    loaded = subprocess.run(
        [
            sys.executable,
            "-c",
            f"import sys; there = set(sys.modules); import {supervisor.__name__}; print(set(sys.modules) - there)",
        ],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    for heavy in ("typer", "rich", "logging", "msgspec", "gamedetectd.app.daemon", "sqlite3", "asyncio"):
        assert f"'{heavy}'" not in loaded

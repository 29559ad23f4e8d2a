"""Whatever lies where our files should be: the daemon starts or says what is wrong, and nothing kept before is lost."""

import json
import os
import subprocess
import sys

import pytest
from real_daemon import RealDaemon
from real_programs import end, eventually
from toy_games import ToyGames

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="toy games are shell scripts with desktop entries")


def text(content):
    def put(path):
        path.write_bytes(content)

    return put


def huge(path):
    with path.open("wb") as file:
        file.truncate(100_000_000)


KINDS = {
    "empty": text(b""),
    "binary": text(bytes(range(256)) * 64),
    "broken text": text(b"[watch\npoll_interval = = 1\n{{{{ \x00"),
    "100 MB": huge,
    "a directory": lambda path: path.mkdir(),
    "a dangling link": lambda path: path.symlink_to("/nowhere/at/all"),
}
FILES = {
    "settings": "config/settings.toml",
    "rules": "config/rules.toml",
    "journal": "state/journal.jsonl",
    "history": "data/history.db",
    "pause": "state/pause.json",
    "lock": "runtime/gamedetectd.lock",
    "log": "log/gamedetectd.jsonl",
}


@pytest.mark.timeout(60)
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("file", FILES)
def test_the_daemon_starts_or_says_what_is_wrong(file, kind, tmp_path):
    home = tmp_path / "home"
    path = home / FILES[file]
    path.parent.mkdir(parents=True, mode=0o700)
    home.chmod(0o700)
    KINDS[kind](path)
    if path.is_file():
        path.chmod(0o600)
    daemon = RealDaemon(home).start(wait=False)
    try:
        eventually(lambda: daemon.process.poll() is not None or daemon.run("status").returncode == 0, 20)
        said = daemon.output.read_text(errors="replace")
        assert "Traceback" not in said
        if daemon.process.poll() is None:
            return
        assert daemon.process.returncode in (1, 8), said
        assert path.name in said, "the message names the place"
        assert len(said.strip().splitlines()) >= 2, "and the remedy"
    finally:
        daemon.stop()


def test_a_damaged_history_is_kept_aside_and_told(tmp_path):
    home = tmp_path / "home"
    history = home / "data/history.db"
    history.parent.mkdir(parents=True, mode=0o700)
    history.write_bytes(b"SQLite format 3\x00" + os.urandom(20_000))
    history.chmod(0o600)
    with RealDaemon(home) as daemon:
        eventually(lambda: "history-restored" in codes(daemon), 20, "the condition")
        assert any(kept.name.startswith("history.damaged") for kept in history.parent.iterdir())


def codes(daemon):
    return {condition["code"] for condition in daemon.json("status")["health"]["conditions"]}


@pytest.fixture
def small_disk(tmp_path):
    """``small_disk(path)`` makes a directory a disk of 400 kB; all are taken away afterwards."""
    mounted = []

    def mount(path):
        path.mkdir(parents=True, mode=0o700)
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=400k,mode=0700", "tmpfs", path], capture_output=True)
        if done.returncode != 0:
            pytest.skip(f"a small disk cannot be mounted here: {done.stderr.decode().strip()}; run the tests as root")
        mounted.append(path)

    yield mount
    for path in mounted:
        subprocess.run(["umount", "-l", path], check=False)


@pytest.mark.timeout(120)
@pytest.mark.parametrize("place", ["data", "state", "log"])
def test_a_full_disk_loses_nothing_and_is_told_with_the_remedy(place, tmp_path, small_disk):
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    small_disk(home / place)
    games = ToyGames(tmp_path)
    with RealDaemon(home, games.env) as daemon:
        ballast = home / place / "ballast"
        with ballast.open("wb", buffering=0) as file:
            try:
                while True:
                    file.write(b"x" * 4096)
            except OSError:
                pass  # the disk is full now
        process = games.start(games.titles[0], 3)
        eventually(lambda: games.among(daemon.json("status")["sessions"]), 15, "the session, in spite of it")
        process.wait(20)
        eventually(lambda: codes(daemon) & {"disk-nearly-full", "disk-full", "history-unwritable", "journal-unwritable",
                                            "log-unwritable"}, 40, "a condition")  # fmt: skip
        conditions = daemon.json("status")["health"]["conditions"]
        assert all(condition["remedy"] for condition in conditions)
        ballast.unlink()
        again = games.start(games.titles[1], 3)
        eventually(lambda: len(games.among(daemon.json("sessions"))) == 2, 30, "both sessions in the history")
        end(again)
        eventually(lambda: logged(home, games) >= 2, 90, "both sessions in the log")
        assert "Traceback" not in daemon.output.read_text(errors="replace")


def logged(home, games):
    lines = [line for file in (home / "log").glob("*.jsonl") for line in file.read_text().splitlines()]
    started = [json.loads(line) for line in lines if '"session-started"' in line]
    return sum(any(title in record["message"] for title in games.titles) for record in started)


@pytest.mark.timeout(60)
def test_a_directory_that_may_not_be_written_is_told(tmp_path):
    if os.geteuid() == 0:
        pytest.skip("root may write anywhere: run the tests as a plain user for this one")
    home = tmp_path / "home"
    (home / "data").mkdir(parents=True)
    (home / "data").chmod(0o500)
    daemon = RealDaemon(home).start(wait=False)
    assert daemon.process.wait(20) == 1
    assert "data" in daemon.output.read_text()

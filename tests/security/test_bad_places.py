"""Files that hang or may not be read, disks that are full or read-only: told with the remedy, and nothing is lost."""

import json
import os
import shutil
import subprocess
import sys
import time

import pytest
from real_daemon import COMMAND, RealDaemon
from real_programs import end, eventually
from toy_games import ToyGames

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="toy games are shell scripts with desktop entries"),
    pytest.mark.timeout(120),
]

FILES = {
    "settings": "config/settings.toml",
    "rules": "config/rules.toml",
    "journal": "state/journal.jsonl",
    "history": "data/history.db",
    "pause": "state/pause.json",
    "lock": "runtime/gamedetectd.lock",
    "log": "log/gamedetectd.jsonl",
}
HANGING = {
    "a named pipe": os.mkfifo,
    "a link to endless zeros": lambda path: path.symlink_to("/dev/zero"),
    "a link in a circle": lambda path: path.symlink_to(path),
}


@pytest.fixture
def home(tmp_path):
    for file in FILES.values():
        (tmp_path / "home" / file).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    (tmp_path / "home").chmod(0o700)
    return tmp_path / "home"


def bound_by_modes():
    """What to put before a command so that file modes bind it; root is bound without two capabilities."""
    if os.geteuid() != 0:
        return []
    which = "-dac_override,-dac_read_search"
    prefix = ["setpriv", f"--inh-caps={which}", f"--bounding-set={which}"]
    if not shutil.which("setpriv") or subprocess.run([*prefix, "true"], capture_output=True).returncode != 0:
        pytest.skip("root is bound by no file mode here, and setpriv cannot change that: run the tests as a plain user")
    return prefix


class BoundDaemon(RealDaemon):
    """A daemon and commands that file modes bind, also where root runs the tests."""

    def __init__(self, home, env=None):
        super().__init__(home, env)
        self.prefix = bound_by_modes()

    def start(self, wait=True):
        with self.output.open("ab") as output:
            self.process = subprocess.Popen(
                [*self.prefix, *COMMAND, "run", "--headless"],
                env=self.env,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        if wait:
            eventually(self.answers, 20, f"the daemon's first answer ({self.output.read_text()[-2000:]!r})")
        return self


def starts_or_says_why(daemon, name):
    """It answers, or ended with a message that names the place and has a remedy; never with a traceback."""
    try:
        eventually(lambda: daemon.process.poll() is not None or daemon.run("status").returncode == 0, 20, "a decision")
        said = daemon.output.read_text(errors="replace")
        assert "Traceback" not in said
        if daemon.process.poll() is None:
            return True
        assert daemon.process.returncode in (1, 8), said
        assert name in said, "the message names the place"
        assert len(said.strip().splitlines()) >= 2, "and the remedy"
        return False
    finally:
        daemon.stop()


def conditions(daemon):
    return {condition["code"]: condition for condition in daemon.json("status")["health"]["conditions"]}


def logged(home, games):
    """What the log says of each toy game, in order."""
    lines = [json.loads(line) for line in (home / "log/gamedetectd.jsonl").read_text().splitlines()]
    ours = [line for line in lines if any(title in line["message"] for title in games.titles)]
    return [line["event"]["action"] for line in ours if line.get("event", {}).get("action", "").startswith("session-")]


@pytest.mark.parametrize("kind", HANGING)
@pytest.mark.parametrize("file", FILES)
def test_nothing_that_hangs_keeps_the_daemon_waiting(home, file, kind):
    path = home / FILES[file]
    HANGING[kind](path)
    starts_or_says_why(RealDaemon(home).start(wait=False), path.name)


@pytest.mark.parametrize("file", FILES)
def test_what_may_not_be_read_is_told_and_kept(home, file):
    path = home / FILES[file]
    path.write_bytes(b"kept")
    path.chmod(0o000)
    started = starts_or_says_why(BoundDaemon(home).start(wait=False), path.name)
    path.chmod(0o600)
    if file in ("settings", "rules", "journal", "history", "log"):
        assert path.read_bytes() == b"kept"
    assert started == (file in ("rules", "pause", "log")), "what only costs something does not keep it from starting"


@pytest.mark.parametrize("place", ["log", "state"])
def test_a_directory_that_may_not_be_written_costs_only_what_is_in_it(home, place, tmp_path):
    games = ToyGames(tmp_path)
    (home / place).chmod(0o500)
    daemon = BoundDaemon(home, games.env)
    try:
        daemon.start()
        play = games.start(games.titles[0], 60)
        try:
            eventually(lambda: games.among(daemon.json("status")["sessions"]), 15, "the session, in spite of it")
            code = {"log": "log-unwritable", "state": "journal-unwritable"}[place]
            told = eventually(lambda: conditions(daemon).get(code), 30, "the condition")
            assert f"home/{place}/" in told["message"]
            assert told["remedy"]
            (home / place).chmod(0o700)
        finally:
            end(play)
        eventually(lambda: ended(daemon, games), 15, "the end in the history")
        eventually(lambda: (home / "log/gamedetectd.jsonl").exists(), 30, "the log")
        eventually(lambda: logged(home, games) == ["session-started", "session-ended"], 90, "both events in the log")
        assert "Traceback" not in daemon.output.read_text()
    finally:
        (home / place).chmod(0o700)
        daemon.stop()


def ended(daemon, games):
    return [row for row in daemon.json("sessions") if row["game"]["title"] in games.titles and row["ended_at"]]


@pytest.fixture
def full_disk(tmp_path):
    """``full_disk(path)`` makes a directory a disk without room; ``full_disk.make_room()`` gives it some."""
    mounted = []

    def mount(path):
        path.mkdir(parents=True, mode=0o700, exist_ok=True)
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=300k,mode=0700", "tmpfs", path], capture_output=True)
        if done.returncode != 0:
            pytest.skip(f"a small disk cannot be mounted here: {done.stderr.decode().strip()}; run the tests as root")
        mounted.append(path)
        with (path / "ballast").open("wb", buffering=0) as file:
            try:
                while True:
                    file.write(b"x" * 4096)
            except OSError:
                pass  # the disk is full now

    mount.make_room = lambda: [(path / "ballast").unlink() for path in mounted]
    yield mount
    for path in mounted:
        subprocess.run(["umount", "-l", path], check=False)


@pytest.mark.parametrize("place", ["data", "state", "log"])
def test_a_disk_that_is_full_at_the_start(home, place, full_disk, tmp_path):
    full_disk(home / place)
    daemon = RealDaemon(home).start(wait=False)
    started = starts_or_says_why(daemon, place)
    assert started == (place != "data"), "without a history there is nothing to start for"
    full_disk.make_room()
    with daemon:
        assert daemon.json("status")["running"]


def test_a_recording_onto_a_full_disk_says_what_can_be_used(home, full_disk, tmp_path):
    full_disk(tmp_path / "small")
    daemon = RealDaemon(home)
    done = daemon.run("record", tmp_path / "small/new.jsonl", "--seconds", "20")
    assert done.returncode == 1
    assert "No space left" in done.stderr
    assert "can be used" in done.stderr
    assert "Traceback" not in done.stderr
    assert daemon.run("replay", tmp_path / "small/new.jsonl").returncode == 0


@pytest.mark.parametrize("command", ["judge", "replay"])
@pytest.mark.parametrize("kind", ["empty", "binary", "100 MB", "a directory", "unreadable", "missing"])
def test_facts_and_recordings_of_any_kind(home, tmp_path, command, kind):
    file = tmp_path / "facts.jsonl"
    if kind == "a directory":
        file.mkdir()
    elif kind != "missing":
        file.write_bytes({"binary": bytes(range(256)) * 64}.get(kind, b""))
    if kind == "100 MB":
        os.truncate(file, 100_000_000)
    prefix = []
    if kind == "unreadable":
        prefix = bound_by_modes()
        file.chmod(0o000)
    began = time.monotonic()
    done = subprocess.run([*prefix, *COMMAND, command, file], env=RealDaemon(home).env, capture_output=True, timeout=30)
    assert time.monotonic() - began < 20
    assert done.returncode == {"empty": 0, "binary": 3, "100 MB": 3}.get(kind, 1)
    assert b"Traceback" not in done.stderr
    assert len(done.stderr) < 100_000
    if done.returncode == 1:
        assert str(file).encode() in done.stderr

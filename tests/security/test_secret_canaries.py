"""Secrets through every command and every error: none of their bytes is found anywhere but where they belong."""

import signal
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

if sys.platform != "linux":
    pytest.skip("terminals and /proc are Linux' here", allow_module_level=True)

from real_daemon import COMMAND, RealDaemon
from real_terminal import Terminal

from gamedetectd.control.client import Client
from gamedetectd.paths import Paths
from gamedetectd.security.credentials.sealed import LEAST_LOG2_N, Opened, Stretching, seal

TYPED, PIPED, ROTATED = "canary-typed-5f0c", "canary-piped-93ab", "canary-rotated-71de"
FIRST, SECOND, WRONG = "passphrase-first-c411", "passphrase-second-0b7e", "passphrase-wrong-88f3"
ALL = (TYPED, PIPED, ROTATED, FIRST, SECOND, WRONG)
PASSPHRASE, VALUE, AGAIN = "Passphrase of", "Value of", "Once more"


@pytest.fixture
def daemon(tmp_path):
    """A real daemon without a keyring, and an encrypted file that nobody has unlocked."""
    home = tmp_path / "home"
    (home / "data").mkdir(parents=True, mode=0o700)
    file = home / "data" / "secrets.enc"
    how = Stretching.fresh(LEAST_LOG2_N)  # cheap: the effort itself is tried elsewhere
    file.write_bytes(seal({}, Opened(how, how.key(FIRST))))
    file.chmod(0o600)
    daemon = RealDaemon(home, {"DBUS_SESSION_BUS_ADDRESS": "", "DISPLAY": ""}, ("--headless", "--log-level", "debug"))
    yield daemon
    daemon.stop()


@pytest.fixture
def terminal(daemon):
    """``terminal("secret", "set", …)`` runs a command where a person sits."""
    opened = []

    def start(*arguments):
        opened.append(Terminal([*COMMAND, *arguments], daemon.env))
        return opened[-1]

    yield start
    for one in opened:
        one.close()


class Watcher:
    """Looks at the command line and environment of every process, again and again, for any of our canaries."""

    def __init__(self):
        self.found, self.looks = set(), 0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._over.set()
        self._thread.join()

    def _watch(self):
        while not self._over.wait(0.05):
            self.looks += 1
            for place in Path("/proc").glob("[0-9]*"):
                for name in ("cmdline", "environ"):
                    try:
                        data = (place / name).read_bytes()
                    except OSError:
                        continue
                    self.found |= {(place.name, canary) for canary in ALL if canary.encode() in data}


def test_secrets_are_nowhere_but_where_they_belong(daemon, terminal):
    daemon.start()
    said = []

    def run(*arguments, stdin="", code=0):
        done = daemon.run("secret", *arguments, stdin=stdin)
        said.append(done.stdout + done.stderr)
        assert done.returncode == code, said[-1]
        return said[-1]

    with Watcher() as watcher:
        typed = terminal("secret", "set", "mqtt")
        typed.answer((VALUE, TYPED), (AGAIN, TYPED), (PASSPHRASE, FIRST))
        assert typed.code() == 0, typed.shown
        assert "The daemon needs the passphrase" in typed.shown
        different = terminal("secret", "set", "mqtt")
        different.answer((VALUE, TYPED), (AGAIN, PIPED))
        assert different.code() == 1
        assert "two different things" in different.shown
        assert "The passphrase is wrong" in run("unlock", stdin=WRONG + "\n", code=1)
        assert "The secrets file is locked" in run("set", "piped", stdin=PIPED, code=1)
        assert "can read the secrets file" in run("unlock", stdin=FIRST + "\n")
        assert Client(Paths.below(daemon.home)).request("secrets_changed") == {"file_is_locked": False}
        kept = run("set", "piped", stdin=PIPED)
        assert "encrypted: piped" in " ".join(kept.split()), "the daemon does it, which has the key"
    rotated = terminal("secret", "rotate", "mqtt")
    rotated.answer((VALUE, ROTATED), (AGAIN, ROTATED))
    assert rotated.code() == 0, "nobody needs to be asked for the passphrase"
    changed = run("rotate", "--passphrase", stdin=f"{FIRST}\n{SECOND}\n")
    assert "The daemon was given it" in changed
    assert "mqtt" in run("list")
    assert TYPED not in run("list", "--json")
    assert "Nothing is kept" in run("rotate", "nothing", stdin=ROTATED, code=1)
    assert "not UTF-8" in daemon_run_bytes(daemon, PIPED.encode() + b"\xff")
    run("rotate", code=2)
    assert "Forgotten: mqtt" in run("delete", "mqtt")
    file = daemon.home / "data" / "secrets.enc"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    file.write_bytes(file.read_bytes()[:-1])
    assert "damaged" in run("unlock", stdin=SECOND + "\n", code=1)
    said.append(daemon.run("status").stdout)
    daemon.stop()
    assert watcher.looks > 10
    assert watcher.found == set()
    shown = "\n".join([*said, typed.shown, different.shown, rotated.shown])
    places = {"what was printed": shown.encode(), "the daemon's output": daemon.output.read_bytes()}
    places |= {str(path): path.read_bytes() for path in daemon.home.rglob("*") if path.is_file()}
    assert len(places) > 5
    assert not [(place, canary) for place, data in places.items() for canary in ALL if canary.encode() in data]
    trail = (daemon.home / "log" / "audit.jsonl").read_text()
    assert all(action in trail for action in ("secret-set", "secret-rotated", "unlock"))


def daemon_run_bytes(daemon, data):
    done = subprocess.run(
        [*COMMAND, "secret", "set", "bytes"], env=daemon.env, input=data, capture_output=True, timeout=30
    )
    assert done.returncode == 1
    return done.stderr.decode()


def test_a_start_in_a_terminal_asks_where_something_is_needed_and_only_then(daemon, terminal):
    started = terminal("run", "--headless")
    started.see("starts")
    assert "assphrase" not in started.shown, "nothing that is needed is in the file"
    started.close()
    places = daemon.home / "data" / "secrets.json"
    places.write_text('{"places": {"gamedetectd.of-our-own": "file"}}')
    places.chmod(0o600)
    interrupted = terminal("run", "--headless")
    interrupted.see(PASSPHRASE)
    for _ in range(6):  # Python overhears a signal that comes between the prompt and the wait for what is typed
        time.sleep(0.5)
        interrupted.process.send_signal(signal.SIGINT)  # as the terminal does at Ctrl-C; a person presses it again
        if interrupted.ended(5):
            break
    assert interrupted.code() == 130
    assert "fault" not in interrupted.shown
    asked = terminal("run", "--headless")
    asked.answer((PASSPHRASE, WRONG))
    asked.see("The passphrase is wrong")
    asked.answer((PASSPHRASE, ""))
    asked.see("starts")
    asked.close()
    right = terminal("run", "--headless")
    right.answer((PASSPHRASE, FIRST))
    right.see("starts")
    from real_programs import eventually

    paths = Paths.below(daemon.home)
    eventually(lambda: (paths.runtime / "control.key").exists() and paths.socket_file.exists(), 20, "the daemon")
    assert eventually(lambda: _reply(paths), 20, "an answer") == {"file_is_locked": False}
    right.close()
    assert not any(canary in each.shown for each in (started, asked, right) for canary in ALL)


def _reply(paths):
    from gamedetectd.errors import GamedetectdError

    try:
        return Client(paths).request("secrets_changed")
    except GamedetectdError:
        return None

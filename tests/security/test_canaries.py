"""Canaries of every kind are planted wherever a stranger's text comes in, and every byte the program wrote is searched.

A real daemon, real games with a window, every command that tells of them, monitoring over HTTP. What may be found where
is one table, ``ALLOWED``; anything else found anywhere is a leak.
"""

import base64
import glob
import http.client
import os
import shutil
import socket
import subprocess
import sys
import urllib.parse
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest
from real_daemon import RealDaemon
from real_programs import end, eventually, find_program

from gamedetectd.app.rehearsal import install_game
from gamedetectd.control.client import Client
from gamedetectd.errors import GamedetectdError
from gamedetectd.paths import Paths

if sys.platform != "linux":
    pytest.skip("NOT TESTED: windows and process lists are made with X and /proc", allow_module_level=True)

CANARIES = {
    "argument": "k4n-4rgument",
    "address-password": "k4n-4ddress-password",
    "address-token": "k4n-4ddress-t0ken",
    "bearer": "k4n.4uth.bearer1234567890",
    "wrong-bearer": "k4n.wrong.bearer1234567890",
    "query-token": "k4n-query-t0ken",
    "cookie": "k4n-c00kie",
    "variable": "k4n-v4riable",
    "by-value": "a.token.of.ours.which.looks.like.nothing",
    "kept-secret": "k4n-kept-5ecret",
    "setting": "k4n-5etting",
    "rule": "k4n-rule-5ecret",
    "file-name": "k4n-file-n4me",
    "imported-list": "k4n-imported-list",
    "store-file": "k4n-store-file",
    "request": "k4n-requ3st",
    "user": "kanarienfreund",
    "window-title": "Kanari Bank 4711",
    "game-title": "Kanari Affair 815",
    "other-process": "k4n-other-process",
}

HISTORY = ("state/data/history.db*", "state/state/journal.jsonl*", "state/data/backups/*")
ALLOWED = {
    "setting": ("state/config/settings.toml",),
    "rule": ("state/config/rules.toml",),
    # the history is the person's own record of what was played, where, and stays in the data directory
    # who asks in their own account is told the places and titles of their own games, but in what is made to be sent on
    "file-name": HISTORY,
    "user": (*HISTORY, "state/config/*", "output of library list*", "output of game list*"),
    "game-title": (*HISTORY, "output of sessions*", "output of game list*", "output of library list*"),
    # the token is the daemon's: another process that never read it cannot know it in a game's title
    "by-value": (*HISTORY, "state/state/http-token", "output of sessions*"),
}
"""Where a canary may be: as file names below the test's directory, or ``output of`` a command."""
PRIVATE = ["*kanari bank*", "*kanari affair*"]


def spellings(canary):
    """The canary as it may stand in a file."""
    data = canary.encode()
    yield from {data, urllib.parse.quote(canary).encode(), base64.b64encode(data)}
    yield canary.encode("utf-16-le")


def free_port():
    with socket.socket() as line:
        line.bind(("127.0.0.1", 0))
        return line.getsockname()[1]


class House:
    """The person's home, with games in it that hold canaries, and the daemon's own home beside it."""

    def __init__(self, place):
        self.place = place
        self.person = place / "home" / CANARIES["user"]
        self.state = place / "state"
        self.said = place / "said"
        self.port = free_port()
        self.spellings = {what: tuple(spellings(canary)) for what, canary in CANARIES.items()}
        for folder in (self.person, self.said):
            folder.mkdir(parents=True)
        self.play = self._install("Lantern Canary", "lantern-canary")
        self.private = self._install(CANARIES["game-title"], f"token={CANARIES['file-name']}")
        self.unnamed = self._install("", "toy")
        self._store()
        self._settings()
        self.env = {
            "HOME": str(self.person),
            "USER": self.person.name,
            "LOGNAME": self.person.name,
            "XDG_DATA_HOME": str(self.person / ".local" / "share"),
            "XDG_DATA_DIRS": str(self.person / "share"),
            "TMPDIR": str(place / "tmp"),
        }
        (place / "tmp").mkdir()
        self.daemon = RealDaemon(self.state, self.env, ("--headless", "--log-level", "debug"))

    def _install(self, title, name):
        program = install_game(self.person / "Games", name)
        program.write_text(f"#!{sys.executable}\n{program.read_text()}")
        program.chmod(0o755)
        if not title:  # known by the person's rule alone
            return program
        entries = self.person / "share" / "applications"
        entries.mkdir(parents=True, exist_ok=True)
        entry = f'[Desktop Entry]\nType=Application\nName={title}\nExec="{program}" 1\nCategories=Game;\n'
        (entries / f"{len(list(entries.iterdir()))}.desktop").write_text(entry)
        return program

    def _store(self):
        """Steam, with a game whose file cannot be read."""
        apps = self.person / ".local" / "share" / "Steam" / "steamapps"
        apps.mkdir(parents=True)
        (apps / "libraryfolders.vdf").write_text(f'"libraryfolders"\n{{ "0" {{ "path" "{apps.parent}" }} }}\n')
        (apps / "appmanifest_1.acf").write_text(f'"AppState" {{ "appid" "1" password={CANARIES["store-file"]}')

    def _settings(self):
        config = self.state / "config"
        config.mkdir(parents=True, mode=0o700)
        private = ", ".join(f'"{title}"' for title in PRIVATE)
        self.write(
            "settings.toml", f"[privacy]\nprivate_titles = [{private}]\n[http]\nenabled = true\nport = {self.port}\n"
        )

        self.write("rules.toml", f'[[rule]]\nkind = "game"\nexecutable = "{self.unnamed}"\n')
        self.token = self.state / "state" / "http-token"
        self.token.parent.mkdir(mode=0o700)
        self.token.write_text(CANARIES["by-value"])
        self.token.chmod(0o600)

    def write(self, name, text):
        file = self.state / "config" / name
        file.write_text(text)
        file.chmod(0o600)

    def start(self, program, title, *arguments):
        env = {**os.environ, **self.env, "MY_API_TOKEN": CANARIES["variable"]}
        return subprocess.Popen([program, title, "60", *arguments], env=env, start_new_session=True)

    def keep(self, name, data):
        """What a command or a server answered."""
        same = len(list(self.said.glob(f"output of {glob.escape(name)}*")))
        (self.said / f"output of {name}{f' ({same})' if same else ''}").write_bytes(data)

    def run(self, *arguments, stdin=None):
        done = self.daemon.run(*arguments, stdin=stdin)
        self.keep(
            " ".join(map(str, arguments)).replace(str(self.place), "").replace("/", "_")[:80],
            (done.stdout + done.stderr).encode(),
        )
        return done

    def request(self, path, **headers):
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        line.request("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        answer = line.getresponse()
        data = answer.read()
        line.close()
        self.keep(f"GET {path[:10].replace('/', '_')} {answer.status}", data + str(answer.headers).encode())
        return answer.status

    def written(self):
        """Every file the program wrote and everything it said, by a name that tells which: its bytes."""
        for top in (self.state, self.said, self.place / "tmp"):
            for file in sorted(top.rglob("*")):
                if file.is_file():
                    yield str(file.relative_to(self.place)).removeprefix("said/"), file.read_bytes()
                if file.suffix == ".zip":
                    with zipfile.ZipFile(file) as archive:
                        for name in archive.namelist():
                            yield f"{file.name}/{name}", archive.read(name)


def hard_day(house):
    """Everything that a stranger can say to the program, and every command that tells of it."""
    canary = CANARIES
    argv = (
        "--password", canary["argument"],
        f"https://bob:{canary['address-password']}@host/x?token={canary['address-token']}&x=1",
        "-H", f"Authorization: Bearer {canary['bearer']}",
    )  # fmt: skip
    house.run("secret", "set", "canary", stdin=canary["kept-secret"] + "\n")
    house.run("secret", "list")
    with house.daemon as daemon:
        other = subprocess.Popen(["sleep", "60"], env={"PASSWORD": canary["other-process"]})
        games = [
            house.start(house.play, canary["window-title"], *argv),
            house.start(house.private, "Affair"),
            house.start(house.unnamed, canary["window-title"]),
        ]
        try:
            eventually(lambda: len(daemon.json("status")["sessions"]) == 3, 15, "the games' sessions")
            talk(house, games)
            games.append(house.start(house.unnamed, f"Level {canary['by-value']}"))
            eventually(lambda: len(daemon.json("status")["sessions"]) == 4, 15, "one more session")
        finally:
            for process in (*games, other):
                if process is other:
                    process.kill()
                    process.wait()
                else:
                    end(process)
        eventually(lambda: not daemon.json("status")["sessions"], 40, "the end of all sessions")
        break_things(house)
    for command in (("sessions", "--json"), ("logs", "-n", "1000"), ("logs", "--json"), ("doctor", "--verify-audit")):
        house.run(*command)


def talk(house, games):
    pids = [str(game.pid) for game in games]
    recording = house.place / "tmp" / "recording.jsonl"
    for command in (
        ("status",), ("status", "--json"), ("status", "--verbose"), ("scan",), ("scan", "--json"), ("sessions",),
        *(("explain", pid) for pid in pids), *(("explain", pid, "--json") for pid in pids),
        ("game", "list"), ("game", "list", "--json"), ("library", "list"), ("library", "list", "--json"),
        ("record", recording, "--seconds", "2"), ("replay", recording), ("metrics",), ("metrics", "--json"),
        ("doctor",), ("doctor", "--json"), ("config", "show"), ("config", "check"), ("autostart", "status"),
        ("catalogue", "status"), ("doctor", "--bundle", house.place / "tmp" / "bundle.zip", "--yes"),
    ):  # fmt: skip
        house.run(*command)
    token = CANARIES["by-value"]
    for path in ("/healthz", "/readyz", "/metrics", "/api/v1/status"):
        assert house.request(path, Authorization=f"Bearer {token}") == 200
    house.request("/metrics", Authorization=f"Bearer {CANARIES['wrong-bearer']}")
    house.request(f"/metrics?token={CANARIES['query-token']}", Cookie=f"session={CANARIES['cookie']}")
    house.request(f"/{CANARIES['query-token']}", Authorization=f"Bearer {token}", X_Api_Key=CANARIES["cookie"])


def break_things(house):
    """What is wrong is told, without what it holds."""
    canary = CANARIES
    client = Client(Paths.below(house.state))
    for command, arguments in (
        (f"password={canary['request']}", {}),
        ("status", {"token": f"password={canary['request']}"}),
        ("pause", {"seconds": f"token={canary['request']}"}),
    ):
        with suppress(GamedetectdError):  # whoever asked is told their own words, and nobody else
            client.request(command, **arguments)
    listed = house.place / f"password={canary['file-name']}.yaml"
    listed.write_text(f"{canary['imported-list']}: [broken, password={canary['imported-list']}\n")
    house.run("catalogue", "import", listed)
    house.write("rules.toml", f'[[rule]]\nkind = "password={canary["rule"]}"\n')
    house.write("settings.toml", f'[http]\nport = "token={canary["setting"]}"\napi_key = "{canary["setting"]}"\n')
    for command in (("reload",), ("status",), ("status", "--json"), ("config", "check"), ("doctor",)):
        house.run(*command)


@pytest.fixture(scope="module")
def day(tmp_path_factory, x_servers):
    find_program("openbox")
    place = tmp_path_factory.mktemp("canaries")
    server = x_servers("-ac")
    before = {name: os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY")}
    os.environ["DISPLAY"] = server.name
    os.environ.pop("WAYLAND_DISPLAY", None)
    manager = subprocess.Popen(["openbox", "--sm-disable"], start_new_session=True, stderr=subprocess.DEVNULL)
    try:
        house = House(place)
        hard_day(house)
        yield dict(house.written()), house
    finally:
        end(manager)
        for name, value in before.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value
        shutil.rmtree(place, ignore_errors=True)


@pytest.mark.parametrize("what", CANARIES)
def test_nothing_is_written_that_must_not_be(what, day):
    written, house = day
    leaks = {
        name: data[max(0, data.find(spelled) - 80) : data.find(spelled) + 60]
        for name, data in written.items()
        for spelled in house.spellings[what]
        if spelled in data and not any(Path(name).match(pattern) for pattern in ALLOWED.get(what, ()))
    }
    assert leaks == {}


def test_what_was_searched_is_everything(day):
    """Or finding nothing would mean nothing."""
    written, _ = day
    names = set(written)
    for part in ("history.db", "gamedetectd.jsonl", "daemon.output", "audit.jsonl", "recording.jsonl", "bundle.zip/"):
        assert any(part in name for name in names), f"{part} is not among {sorted(names)}"
    assert b"Lantern Canary" in b"".join(data for name, data in written.items() if "gamedetectd.jsonl" in name)
    said = {name: data for name, data in written.items() if name.startswith("output of")}
    assert len(said) > 40
    assert b"[private title]" in said["output of status --json"]

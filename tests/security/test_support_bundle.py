"""What a support archive must not give away: canaries of every kind are planted where they could come from.

Then every byte of the archive is searched, also as base64 and URLs would spell it.
"""

import base64
import json
import platform
import re
import stat
import subprocess
import sys
import urllib.parse
import zipfile

import pytest
from played_games import played
from real_daemon import RealDaemon
from real_programs import eventually

from gamedetectd.app.doctor import bundle
from gamedetectd.app.doctor.bundle import Scrubber
from gamedetectd.app.doctor.examine import examine
from gamedetectd.config.sections import Logging, Privacy
from gamedetectd.errors import BundleError
from gamedetectd.observability.setup import configure
from gamedetectd.paths import Paths
from gamedetectd.sessions.history import History

TOKEN = "tok-5CANARY-abcdefghijklmnopqrstuvwxyz0123456789"
SECRET = "s3cr3t-5CANARY-argv"
URL_SECRET = "5CANARYinTheAddress"
MISPLACED = "5CANARY-typed-into-the-wrong-line"
PRIVATE = "5CANARY private diary"
USER = "canaryuser5"
PLAYED = "5CANARY the Game"
RULED = "5CANARY my own title"
PLAYING = "5CANARY being played"
SETTINGS = f"""
[privacy]
private_titles = ["*5CANARY private*"]
[catalogue]
ludusavi_url = "https://example.org/manifest?token={URL_SECRET}"
"""


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A person's home directory with a canary for a name; everything of ours lies in it."""
    person = tmp_path / "home" / USER
    person.mkdir(parents=True, mode=0o700)
    for name, value in {
        "HOME": person,
        "USER": USER,
        "LOGNAME": USER,
        "GAMEDETECTD_HOME": person / "ours",
        "COLUMNS": "120",
        "MY_API_TOKEN": SECRET,
    }.items():
        monkeypatch.setenv(name, str(value))
    return person


@pytest.fixture
def game(home):
    """A process whose command line holds a secret, and that the person's rule calls a game."""
    program = home / "games" / "thing"
    program.parent.mkdir()
    program.write_text("import time\ntime.sleep(60)\n")
    process = subprocess.Popen([sys.executable, str(program), f"--password={SECRET}", "--token", SECRET])
    yield program
    process.kill()
    process.wait()


def plant(home, program):
    paths = Paths.below(home / "ours")
    paths.config.mkdir(parents=True, mode=0o700)
    rules = "".join(
        f"[[rule]]\nkind = '{kind}'\nexecutable = '{executable}'\ntitle = '{title}'\n"
        for kind, executable, title in (
            ("game", program, PLAYING),
            ("game", "/opt/x", RULED),
            (MISPLACED, "/opt/y", "y"),
        )
    )
    for file, text in ((paths.settings_file, SETTINGS), (paths.rules_file, rules)):
        file.write_text(text)
        file.chmod(0o600)
    paths.state.mkdir(mode=0o700)
    paths.http_token_file.write_text(TOKEN + "\n")
    paths.http_token_file.chmod(0o600)
    with History.open(paths.history_file) as history:
        history.commit(played(PLAYED, PRIVATE))
    return paths


def log_something(paths):
    """Lines as a daemon with a bad day would write them, past every redaction of its own."""
    with paths.event_log_file.open("a") as log:
        for message in (
            f"{PLAYED} is being played",
            f"bearer {TOKEN}",
            f"cannot open {paths.config}",
            f"the window {PRIVATE} of {USER} on {platform.node()}",
            f"started with --password={SECRET}",
            f"GET https://example.org/?token={URL_SECRET}",
        ):
            log.write(
                json.dumps({"@timestamp": "2026-01-01T00:00:00.000Z", "message": message, "log.level": "info"}) + "\n"
            )
        log.write("no line at all " + PLAYED + "\n")


def every_byte(file):
    with zipfile.ZipFile(file) as archive:
        return b"\n".join(archive.read(name) for name in archive.namelist())


def spellings(canary):
    data = canary.encode()
    return {data, urllib.parse.quote(canary).encode(), base64.b64encode(data)}


def told(content, canaries):
    return [canary for canary in canaries if any(one.lower() in content.lower() for one in spellings(canary))]


def test_no_canary_is_in_the_archive(home, game):
    paths = plant(home, game)
    file = home / "support.zip"
    with RealDaemon(home / "ours") as daemon:
        eventually(lambda: daemon.json("status")["sessions"], what="the session of the game with the secret")
        log_something(paths)
        done = daemon.run("doctor", "--bundle", file, "--yes")
    assert done.returncode == 0, done.stderr
    content = every_byte(file)
    always = [TOKEN, SECRET, URL_SECRET, MISPLACED, PRIVATE, USER, str(home), "MY_API_TOKEN"]
    assert told(content, [*always, PLAYED, RULED, PLAYING]) == []
    assert not re.search(rb"5CANARY", content, re.IGNORECASE)
    if len(platform.node()) >= 3:
        assert told(content, [platform.node()]) == []
    assert told(done.stdout.encode().replace(str(file).encode(), b""), [*always, PLAYED, RULED, PLAYING]) == []
    assert sys.platform == "win32" or stat.S_IMODE(file.stat().st_mode) == 0o600
    with zipfile.ZipFile(file) as archive:
        names = archive.namelist()
        assert all(name in done.stdout for name in names), "it shows what is in it"
        assert "history.json" not in names
        told_by_doctor = json.loads(archive.read("doctor.json"))
        assert told_by_doctor["daemon"] == "running"
        assert json.loads(archive.read("status.json"))["sessions"] == []
        lines = [json.loads(line) for line in archive.read("log.jsonl").splitlines()]
        started = [line for line in lines if line["message"] == "session-started"]
        assert started, "what happened is there, without what it was"
        assert any("gamedetectd" in line["message"] for line in lines)
    text = done.stdout + content.decode()
    seen_from = "~" if sys.platform != "win32" else "<user>"  # HOME is what the test can set, and not Windows' home
    assert re.search(rf"{seen_from}[\\/]+ours", text), "places are told as seen from home"


def test_the_history_comes_along_only_when_asked_for(home, game):
    paths = plant(home, game)
    row = examine(paths)
    content = {piece.name: piece.data for piece in bundle.pieces(paths, row, with_history=True)}
    assert PLAYED in content["history.json"].decode()
    rest = b"\n".join(content.values())
    assert told(rest, [TOKEN, SECRET, URL_SECRET, MISPLACED, PRIVATE, USER, str(home)]) == []


def test_titles_are_found_in_the_log_where_the_history_is_lost(home):
    paths = Paths.below(home / "ours")
    handle = configure(Logging(), Privacy(), paths.event_log_file)
    handle.write_event(
        f"{PLAYED} started", 1e9, {"gamedetectd.game.title": PLAYED, "gamedetectd.game.id": "name:5canary"}
    )
    handle.close()
    log_something(paths)
    found = {piece.name: piece.data for piece in bundle.pieces(paths, examine(paths))}
    assert told(b"\n".join(found.values()), [PLAYED, "name:5canary"]) == []
    assert b"[a game] is being played" in found["log.jsonl"]


def test_what_cannot_be_read_is_said_and_the_rest_is_there(home):
    paths = Paths.below(home / "ours")
    paths.event_log_file.mkdir(parents=True)
    paths.history_file.mkdir(parents=True)
    found = {piece.name: piece.data for piece in bundle.pieces(paths, examine(paths), with_history=True)}
    assert b"cannot be read" in found["log.jsonl"]
    assert b"problem" in found["history.json"]
    assert json.loads(found["doctor.json"])["overall"] == "unhealthy"


def test_names_that_are_words_do_not_spoil_the_rest(monkeypatch):
    monkeypatch.setattr(platform, "node", lambda: "localhost")
    scrub = Scrubber(["Go", "N"], (), {"USER": "root", "LOGNAME": "me"})
    assert scrub.text("Go to nowhere, root; gone in N seconds") == "[a game] to nowhere, root; gone in [a game] seconds"
    assert scrub.value({"N": ["N", 1, None]}) == {"N": ["[a game]", 1, None]}


# --- writing it ---


def test_it_asks_a_person_and_nobody_else(home):
    daemon = RealDaemon(home / "ours")
    refused = daemon.run("doctor", "--bundle", home / "x.zip", stdin="y\n")
    assert refused.returncode == 2
    assert "--yes" in refused.stderr
    assert not (home / "x.zip").exists()


def test_an_archive_that_is_there_stays_unless_told_otherwise(home):
    file = home / "x.zip"
    file.write_text("of yesterday")
    one = [bundle.Piece("a", "b", b"c")]
    with pytest.raises(BundleError, match="is there already"):
        bundle.write(file, one)
    assert file.read_text() == "of yesterday"
    bundle.write(file, one, force=True)
    assert every_byte(file) == b"c"
    (home / "y.zip").symlink_to(home / "nothing")
    with pytest.raises(BundleError, match="is there already"):
        bundle.write(home / "y.zip", one)


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX modes")
def test_a_place_that_cannot_be_written_to_is_named(home):
    with pytest.raises(BundleError, match="cannot be written: No such file or directory"):
        bundle.write(home / "missing" / "x.zip", [])
    assert list(home.iterdir()) == []

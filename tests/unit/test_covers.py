"""Covers, against a server that answers as SteamGridDB does, and one that does not; and what is kept on disk."""

import json
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from types import SimpleNamespace

import pytest
from actions_world import Server, authority, event
from cover_pictures import jpeg, png, webp
from real_programs import eventually
from typer.testing import CliRunner

from gamedetectd.app import covers as app
from gamedetectd.app.covers import CoverService, cover_file, covers_of, fetch_cover
from gamedetectd.catalogue.covers import LARGEST, Covers, Note, check_picture
from gamedetectd.catalogue.steamgriddb import Asking
from gamedetectd.catalogue.steamgriddb import Server as Place
from gamedetectd.cli.main import build
from gamedetectd.config import outward
from gamedetectd.domain import Game
from gamedetectd.errors import CoverBusyError, CoverError, CoverKeyError
from gamedetectd.observability import redaction
from gamedetectd.paths import Paths
from gamedetectd.security import https
from gamedetectd.sessions.history import History
from gamedetectd.worker import Worker

KEY = "k3y-of-mine"
PORTAL = Game("steam:620", "Portal 2")


class Grids(Server):
    """Answers as SteamGridDB does. ``games``: title by its id there; ``picture`` is sent for every cover."""

    def __init__(self, certificate):
        self.games = {7: "Beneath a Steel Sky", 8: "Portal 2: The Other"}
        self.picture, self.kind = png(), "image/png"
        self.asked = []
        self.answers = {}
        """By the beginning of a path: status, headers, body in place of what is right."""
        super().__init__(certificate)
        grids = self

        def do_get(handler):
            grids.asked.append((handler.path, dict(handler.headers)))
            grids.answer(handler)

        handler_class = self._http.RequestHandlerClass
        assert issubclass(handler_class, BaseHTTPRequestHandler)
        handler_class.do_GET = do_get
        self.api = f"https://localhost:{self.port}/api/v2"

    def answer(self, handler):
        path = handler.path
        for begin, (status, headers, body) in self.answers.items():
            if path.startswith(begin):
                return self._send(handler, status, headers, body)
        if path.startswith("/pictures/"):
            return self._send(handler, 200, {"Content-Type": self.kind}, self.picture)
        if handler.headers["Authorization"] != f"Bearer {KEY}":
            return self._send(handler, 401, {}, b'{"success":false,"errors":["Invalid API key"]}')
        data = None
        if path.startswith("/api/v2/grids/steam/620"):
            data = [{"id": 1, "url": f"https://localhost:{self.port}/pictures/620.png", "width": 600, "height": 900}]
        elif path.startswith("/api/v2/search/autocomplete/"):
            data = [{"id": number, "name": name, "release_date": 757382400} for number, name in self.games.items()]
        elif path.startswith("/api/v2/grids/game/7"):
            data = [{"id": 2, "url": f"https://localhost:{self.port}/pictures/7.png", "width": 600, "height": 900}]
        if data is None:
            return self._send(handler, 404, {}, b'{"success":false,"errors":["Game not found"]}')
        return self._send(handler, 200, {}, json.dumps({"success": True, "data": data}).encode())

    def _send(self, handler, status, headers, body):
        if body == "slow":
            handler.send_response(status)
            handler.end_headers()
            try:
                while True:
                    handler.wfile.write(b" ")
                    time.sleep(0.05)
            except OSError:
                return
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        try:
            handler.wfile.write(body)
        except OSError:
            pass


@pytest.fixture(scope="module")
def certificates(tmp_path_factory):
    return authority(tmp_path_factory.mktemp("certificates"))


@pytest.fixture
def grids(certificates):
    server = Grids(certificates[1])
    yield server
    server.close()


@pytest.fixture
def ask(grids, certificates):
    def asked(game=PORTAL, key=KEY, private=True):
        return Asking(Place(grids.api, key, private, str(certificates[0]))).cover(game)

    return asked


# --- the server ---


def test_a_cover_is_found_by_steams_id_and_the_key_goes_to_the_api_alone(grids, ask):
    note, picture = ask()
    assert (note.game_id, note.kind, picture) == ("steam:620", "image/png", png())
    by_path = {path.split("?")[0]: headers for path, headers in grids.asked}
    assert by_path["/api/v2/grids/steam/620"]["Authorization"] == f"Bearer {KEY}"
    assert "Authorization" not in by_path["/pictures/620.png"]


def test_a_cover_is_found_by_the_title_whatever_it_holds(grids, ask):
    note, _ = ask(Game("name:sky", "beneath a steel sky!"))
    assert (note.name, note.released, note.kind) == ("Beneath a Steel Sky", 1994, "image/png")
    for title in ("Portal 2", "", "../../x?y=1#z", "a\nb\r\nX: y", "\udce9 half", "x" * 10_000):
        note, picture = ask(Game("name:other", title))
        assert (note.kind, picture) == ("", b""), "a game that is only called alike is another"
    assert all("\n" not in path and len(path) < 2_000 for path, _ in grids.asked)


ANSWERS = {
    "a wrong key": ("/api", (401, {}, b""), CoverKeyError, "does not take the key", 3600.0),
    "too often": ("/api", (429, {"Retry-After": "17"}, b""), CoverBusyError, "in 17 s", 17.0),
    "too often, no time told": ("/api", (429, {}, b""), CoverBusyError, "in 60 s", 60.0),
    "down": ("/api", (503, {}, b""), CoverError, "answers 503", 0.0),
    "no JSON": ("/api", (200, {}, b"<html>"), CoverError, "as SteamGridDB does", 0.0),
    "other JSON": ("/api", (200, {}, b'{"success":true,"data":7}'), CoverError, "as SteamGridDB does", 0.0),
    "deep JSON": ("/api", (200, {}, b"[" * 100_000), CoverError, "as SteamGridDB does", 0.0),
    "an endless answer": ("/api", (200, {}, b" " * 3_000_000), CoverError, "more than", 0.0),
    "a redirect of the API": ("/api", (302, {"Location": "https://x.invalid"}, b""), CoverError, "answers 302", 0.0),
    "a picture that is gone": ("/pictures", (404, {}, b""), CoverError, "answers 404", 0.0),
    "a huge picture": ("/pictures", (200, {}, bytes(LARGEST + 1)), CoverError, "more than", 0.0),
    "no https": ("/pictures", (302, {"Location": "http://localhost/"}, b""), CoverError, "not protected", 0.0),
    "round and round": ("/pictures", (302, {"Location": "/pictures/x"}, b""), CoverError, "without end", 0.0),
    "nowhere": ("/pictures", (302, {"Location": "https://[x"}, b""), CoverError, "address is none", 0.0),
}


@pytest.mark.parametrize(("begin", "answer", "kind", "words", "after"), ANSWERS.values(), ids=ANSWERS)
def test_every_answer_is_understood(grids, ask, begin, answer, kind, words, after):
    grids.answers = {begin: answer}
    with pytest.raises(kind, match=words) as caught:
        ask()
    assert caught.value.after == after


def test_a_wrong_key_of_ours_is_told_before_it_is_sent(grids, ask):
    for key in ("", "  ", "a\nb", "ü"):
        with pytest.raises(CoverKeyError):
            ask(key=key)
    with pytest.raises(CoverKeyError):
        ask(key="wrong")
    assert KEY not in json.dumps([headers for _, headers in grids.asked])


def test_a_redirect_to_a_private_address_is_refused(grids, ask, monkeypatch):
    """The server's own address is allowed here as if it were public; where a picture leads to is not."""
    monkeypatch.setattr(https, "is_public", lambda address: address == "127.0.0.1")
    assert ask(private=False)[0].kind
    grids.answers = {"/pictures": (302, {"Location": "https://127.0.0.2/x"}, b"")}
    with pytest.raises(CoverError, match="not on the internet"):
        ask(private=False)
    monkeypatch.undo()
    with pytest.raises(CoverError, match="not on the internet"):
        ask(private=False)


# --- pictures ---


@pytest.mark.parametrize(
    ("kind", "picture"),
    [
        ("image/png", png()),
        ("image/jpeg", jpeg()),
        *(("image/webp", webp(form)) for form in (b"VP8X", b"VP8 ", b"VP8L")),
    ],
)
def test_what_is_a_picture_is_kept_under_its_kind(tmp_path, kind, picture):
    covers = Covers(tmp_path / "covers")
    covers.keep(Note("steam:620", "Portal 2", time.time(), kind), picture)
    assert covers.file("steam:620").read_bytes() == picture
    assert covers.file("steam:620").suffix[1:] in ("png", "jpg", "webp")
    assert covers.note("steam:620").kind == kind


WRONG = {
    "a page": ("text/html", b"<html>", "text/html"),
    "no type": ("", png(), "without a type"),
    "a vector": ("image/svg+xml", b"<svg onload='x'/>", "svg"),
    "a lie": ("image/png", b"<script>", "is called image/png"),
    "another kind": ("image/jpeg", png(), "is called image/jpeg"),
    "half a JPEG": ("image/jpeg", jpeg()[:20], "is called"),
    "no WebP": ("image/webp", b"RIFF0000WEBPVP9 " + bytes(30), "is called"),
    "a bomb": ("image/png", png(60_000, 60_000), "60000"),
    "a dot": ("image/png", png(1, 1), "1 × 1"),
    "too much": ("image/png", png() + bytes(LARGEST), "more than 5 MB"),
}


@pytest.mark.parametrize(("kind", "picture", "words"), WRONG.values(), ids=WRONG)
def test_what_is_none_is_not(kind, picture, words):
    with pytest.raises(CoverError, match=words):
        check_picture(kind, picture)


def test_the_oldest_go_and_what_is_old_is_due(tmp_path):
    covers, now = Covers(tmp_path / "covers"), time.time()
    assert covers.due("a", 30)
    for number in range(5):
        covers.keep(Note(f"g{number}", "G", now, "image/png"), png())
        time.sleep(0.02)
    covers.keep(Note("none", "None", now))
    assert (covers.holding().covers, covers.holding().without) == (5, 1)
    assert not covers.due("g0", 30)
    assert not covers.due("none", 30)
    assert covers.due("g0", 30, now + 31 * 86_400)
    assert covers.due("g0", 30, now - 60), "the clock was wrong then"
    covers.shrink(covers.holding().size - 1)
    assert covers.file("g0") is None
    assert covers.file("g4")
    assert covers.due("g0", 30)
    covers.keep(Note("g4", "G", now))
    assert covers.file("g4") is None, "a game that has none any more"
    assert covers.clear() == 3
    assert covers.holding().size == 0


def test_a_place_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(CoverError, match="cannot be kept"):
        Covers(tmp_path / "file" / "below").keep(Note("a", "A", 0.0))


# --- in a daemon ---


@contextmanager
def serving_covers(grids, certificates, home, games=(PORTAL,), played=(), **settings):
    secrets = SimpleNamespace(get=lambda _name: KEY)
    sessions = [SimpleNamespace(game=game) for game in games]
    totals = [SimpleNamespace(game=game) for game in played]
    daemon = SimpleNamespace(
        paths=Paths.below(home),
        secrets=secrets,
        snapshot=lambda: SimpleNamespace(sessions=sessions),
        reader=SimpleNamespace(totals=lambda: totals),
    )
    whole = {"enabled": True, "key_secret": "it", "url": grids.api, "allow_private": True, **settings}
    service = CoverService(daemon, outward.Covers(**whole), lambda: None)
    service.ca_file = str(certificates[0])
    worker = Worker("covers", service.run)
    worker.start()
    try:
        yield service, worker, sessions
    finally:
        began = time.monotonic()
        worker.stop()
        assert worker.join(10)
        assert time.monotonic() - began < 8
        assert worker.restarts == 0


def test_the_covers_of_what_is_and_was_played_come_by_themselves(grids, certificates, tmp_path, monkeypatch):
    monkeypatch.setattr(app, "PAUSE", 0.01)
    sky, secret = Game("name:sky", "Beneath a Steel Sky"), Game("name:bank", "My Bank")
    monkeypatch.setattr(app, "is_private_title", lambda title: "Bank" in title)
    with serving_covers(grids, certificates, tmp_path, played=[sky, secret]) as (_, worker, sessions):
        paths = Paths.below(tmp_path)
        eventually(lambda: cover_file(paths, "steam:620") and cover_file(paths, "name:sky"), 30)
        sessions.append(SimpleNamespace(game=Game("name:none", "Nobody Knows It")))
        worker.wake()
        eventually(lambda: covers_of(paths).note("name:none"), 30)
        asked = len(grids.asked)
        worker.wake()
        time.sleep(0.1)
        assert len(grids.asked) == asked, "nothing is asked twice"
        assert not any("Bank" in path for path, _ in grids.asked)


def test_a_wrong_key_is_named_in_health_and_nothing_is_asked_for_a_while(grids, certificates, tmp_path):
    grids.answers = {"/api": (401, {}, b"")}
    games = [Game(f"steam:{number}", "G") for number in range(5)]
    with serving_covers(grids, certificates, tmp_path, games) as (service, _, _):
        assert "does not take the key" in eventually(service.look, 30).message
        time.sleep(0.2)
        assert len(grids.asked) == 1


def test_no_key_is_told(grids, certificates, tmp_path):
    with serving_covers(grids, certificates, tmp_path, key_secret="") as (service, _, _):
        assert "key_secret" in eventually(service.look, 30).message


def test_a_slow_server_holds_nobody_up(grids, certificates, tmp_path):
    grids.answers = {"/api": (200, {}, "slow")}
    with serving_covers(grids, certificates, tmp_path) as (_, worker, _):
        eventually(lambda: grids.asked, 30)
        assert worker.status().stuck_for == 0.0
    eventually(lambda: not [one for one in threading.enumerate() if one.name == "covers"], 30)


def test_a_picture_that_is_none_is_not_asked_for_again(grids, certificates, tmp_path):
    grids.kind = "text/html"
    covers = Covers(tmp_path / "covers")
    settings = outward.Covers(enabled=True, key_secret="it", url=grids.api, allow_private=True)
    with pytest.raises(CoverError, match="text/html"):
        fetch_cover(covers, settings, lambda _name: KEY, PORTAL, str(certificates[0]))
    assert covers.note("steam:620").kind == ""
    assert not covers.due("steam:620", 30)


# --- commands ---


def test_the_commands_show_fetch_and_clear(grids, certificates, tmp_path, monkeypatch):
    monkeypatch.setenv("GAMEDETECTD_HOME", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.setenv("SSL_CERT_FILE", str(certificates[0]))
    monkeypatch.setenv("GAMEDETECTD_COVERS_URL", grids.api)
    monkeypatch.setenv("GAMEDETECTD_COVERS_ALLOW_PRIVATE", "true")
    monkeypatch.setattr("gamedetectd.security.credentials.SecretStore.get", lambda _self, _name: KEY)

    def run(*arguments):
        return CliRunner().invoke(build(), ["covers", *arguments])

    assert "switched off" in run("status").output
    missing = run("fetch", "Portal 2")
    assert isinstance(missing.exception, CoverKeyError)
    monkeypatch.setenv("GAMEDETECTD_COVERS_KEY_SECRET", "it")
    assert "Nothing was recorded yet" in str(run("fetch").exception)
    fetched = run("fetch", "Beneath a Steel Sky")
    assert "1 fetched" in fetched.output, (fetched.output, fetched.exception)
    assert json.loads(run("status", "--json").output)["covers"] == 1
    assert "no cover" in run("fetch", "Nobody Knows It").output
    assert "1 cover" in run("clear").output
    assert json.loads(run("status", "--json").output)["covers"] == 0
    paths = Paths.below(tmp_path)
    paths.data.mkdir(mode=0o700)
    with History.open(paths.history_file) as history:
        history.commit([event(1), event(2, title="My Bank", session="s2", game_id="name:bank")])
    grids.asked.clear()
    monkeypatch.setattr(redaction, "is_private_title", lambda title: "Bank" in title)
    assert run("fetch").output == "Portal 2: fetched\n1 fetched.\n"
    assert not any("Bank" in path for path, _ in grids.asked)


def test_the_games_of_an_event_have_ids_that_name_files(tmp_path):
    covers = Covers(tmp_path)
    for game_id in ("../../etc/passwd", "a/b", "name:" + "x" * 10_000, "\udce9", event(1).session.game.id):
        covers.keep(Note(game_id.encode("utf-8", "replace").decode(), "T", time.time(), "image/png"), png())
    assert {file.parent for file in tmp_path.rglob("*.png")} == {tmp_path}

"""Fetching lists as a person meets it, from a server with a certificate of its own on this very machine."""

from __future__ import annotations

import gzip
import http.server
import shutil
import socket
import ssl
import subprocess
import threading
import time
from contextlib import contextmanager

import pytest
from catalogue_samples import write_manifest

from gamedetectd.catalogue import updater
from gamedetectd.catalogue.fetch import Limits, fetch
from gamedetectd.catalogue.importing import in_force
from gamedetectd.catalogue.updater import Checked, Updater, addresses, last_checked, update
from gamedetectd.catalogue.versions import versions
from gamedetectd.config.schema import Settings
from gamedetectd.config.sections import Catalogue
from gamedetectd.errors import CatalogueError, CatalogueUpdateError
from gamedetectd.worker import StopSignal, Worker

FINE = b"Fine Day:\n  installDir: {fine day: {}}\n  launch: {<base>/fine.exe: []}\nOther:\n  installDir: {other: {}}\n"
NEWER = FINE + b"Third:\n  installDir: {third: {}}\n"


@pytest.fixture(scope="session")
def certificates(tmp_path_factory):
    """``certificates(name)``: a certificate for ``name``, signed by itself, with its key in the same file."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed: no certificate can be made, so fetching is not tried")
    where = tmp_path_factory.mktemp("certificates")

    def make(name):
        kept = where / f"{name}.pem"
        if not kept.exists():
            subprocess.run(
                [
                    *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"),
                    *("-nodes", "-days", "2"),
                    *("-keyout", where / "key", "-out", where / "cert", "-subj", f"/CN={name}"),
                    *("-addext", f"subjectAltName=DNS:{name}"),
                ],
                check=True,
                capture_output=True,
                timeout=60,
            )
            kept.write_bytes((where / "key").read_bytes() + (where / "cert").read_bytes())
        return kept

    return make


class Answers(http.server.BaseHTTPRequestHandler):
    """What each path answers is a function of the test's table."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.server.asked.append((self.path, dict(self.headers)))
        self.server.table[self.path](self)

    def log_message(self, *_):
        pass

    def give(self, body=b"", status=200, length=None, **headers):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)


class Quiet(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        """A client that goes away is what several tests are about."""


@contextmanager
def serving(certificate=None):
    """A server on the loopback; ``server.url`` is its address, ``server.table`` what it answers."""
    server = Quiet(("127.0.0.1", 0), Answers)
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    server.table, server.asked = {}, []
    server.url = f"{'https' if certificate else 'http'}://localhost:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join(10)
        server.server_close()


@pytest.fixture
def server(certificates, monkeypatch):
    for name in ("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    certificate = certificates("localhost")
    with serving(certificate) as running:
        running.limits = Limits(largest=100_000, connect=5.0, quiet=0.5, whole=5.0, ca_file=str(certificate))
        yield running


def one(server, directory, path="/list"):
    (found,) = update(directory, {"ludusavi": server.url + path}, server.limits)
    return found


# --- what a fetch meets -----------------------------------------------------------------------------------------------


def trickle(handler):
    handler.send_response(200)
    handler.send_header("Content-Length", "90000")
    handler.end_headers()
    for _ in range(300):
        handler.wfile.write(b"x")
        handler.wfile.flush()
        time.sleep(0.05)


def chunked(handler, *, whole):
    handler.send_response(200)
    handler.send_header("Transfer-Encoding", "chunked")
    handler.end_headers()
    handler.wfile.write(b"%x\r\n%s\r\n" % (len(FINE), FINE))
    if whole:
        handler.wfile.write(b"0\r\n\r\n")
    handler.close_connection = True


REFUSED = {
    # what the server does, what is said
    "a body that ends too early": (
        lambda handler: handler.give(FINE, length=len(FINE) + 50) or end(handler),
        "broke before all",
    ),
    "a last piece that never comes": (lambda handler: chunked(handler, whole=False), "broke before all"),
    "too large by its own word": (lambda handler: handler.give(b"", length=999_999), "more than"),
    "too large, and it does not say": (
        lambda handler: handler.give(gzip.compress(b"a" * 2_000_000), Content_Encoding="gzip"),
        "more than",
    ),
    "a page": (lambda handler: handler.give(b"<html>", Content_Type="text/html; charset=utf-8"), "web page"),
    "a page that does not say so": (lambda handler: handler.give(b"<html>"), "web page"),
    "the other kind of list": (
        lambda handler: handler.give(b'[{"id": 1, "name": "x", "executables": [{"name": "x.exe"}]}]'),
        "kind discord and not ludusavi",
    ),
    "not there": (lambda handler: handler.give(b"", status=404), "404"),
    "silent": (lambda _handler: time.sleep(2), "in time"),
    "dripping": (trickle, "too slowly"),
    "no answer": (lambda handler: end(handler), "broke before all"),
    "packed wrongly": (lambda handler: handler.give(b"no gzip", Content_Encoding="gzip"), "could not be fetched"),
    "going in circles": (lambda handler: handler.give(b"", status=302, Location="/list"), "without end"),
}


def end(handler):
    handler.close_connection = True
    handler.connection.shutdown(socket.SHUT_RDWR)


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused_leaves_the_list_there_is_in_force(server, tmp_path, name):
    answer, said = REFUSED[name]
    server.table["/list"] = lambda handler: handler.give(FINE, ETag='"1"')
    good = one(server, tmp_path / "c")
    assert good.error is None
    server.table["/list"] = answer
    server.limits = Limits(100_000, 5.0, 0.5, 1.5, server.limits.ca_file)
    bad = one(server, tmp_path / "c")
    assert bad.result == "failed"
    assert said in bad.error.cause
    assert bad.error.remedy
    assert isinstance(bad.error, CatalogueError)
    assert bad.about == good.about == in_force(tmp_path / "c", "ludusavi")
    assert last_checked(tmp_path / "c")["ludusavi"].error == bad.error.cause
    assert {file.name for file in (tmp_path / "c").iterdir()} == {"ludusavi.1.index", "state.json"}


def test_only_what_has_changed_is_fetched(server, tmp_path):
    def answer(handler):
        if handler.headers.get("If-None-Match") == '"1"':
            handler.give(b"", status=304)
        else:
            handler.give(FINE, ETag='"1"')

    server.table["/list"] = answer
    first, second = one(server, tmp_path / "c"), one(server, tmp_path / "c")
    assert (first.result, second.result) == ("updated", "unchanged")
    assert first.about == second.about
    assert (first.about.titles, first.about.etag, first.about.origin) == (2, '"1"', server.url + "/list")
    assert len(versions(tmp_path / "c", "ludusavi")) == 1
    assert [headers.get("If-None-Match") for _, headers in server.asked] == [None, '"1"']
    server.table["/list"] = lambda handler: handler.give(NEWER, ETag='"2"')
    third = one(server, tmp_path / "c")
    assert (third.result, third.about.titles) == ("updated", 3)
    assert [file.name for file in versions(tmp_path / "c", "ludusavi")] == ["ludusavi.2.index", "ludusavi.1.index"]


def test_another_address_is_asked_afresh(server, tmp_path):
    server.table["/list"] = server.table["/other"] = lambda handler: handler.give(FINE, ETag='"1"')
    one(server, tmp_path / "c")
    assert one(server, tmp_path / "c", "/other").about.origin == server.url + "/other"
    assert "If-None-Match" not in server.asked[-1][1]


def test_packed_in_pieces_and_behind_a_redirect_it_is_the_same(server, tmp_path):
    server.table["/list"] = lambda handler: handler.give(b"", status=301, Location="/moved")
    server.table["/moved"] = lambda handler: handler.give(gzip.compress(FINE), Content_Encoding="gzip", ETag="x" * 300)
    found = one(server, tmp_path / "c")
    assert (found.about.titles, found.about.etag) == (2, "")
    server.table["/moved"] = lambda handler: chunked(handler, whole=True)
    assert one(server, tmp_path / "c").about.titles == 2


def test_a_redirect_without_protection_is_not_followed(server, tmp_path):
    with serving() as plain:
        plain.table["/list"] = lambda handler: handler.give(FINE)
        server.table["/list"] = lambda handler: handler.give(b"", status=302, Location=plain.url + "/list")
        found = one(server, tmp_path / "c")
        assert "not protected" in found.error.cause
        assert plain.asked == []
        assert "not protected" in one(plain_with(server, plain), tmp_path / "c").error.cause
        assert plain.asked == []


def plain_with(server, plain):
    plain.limits = server.limits
    return plain


def test_a_certificate_nobody_vouches_for_is_refused(server, tmp_path):
    server.table["/list"] = lambda handler: handler.give(FINE)
    server.limits = Limits()
    found = one(server, tmp_path / "c")
    assert "certificate is not trusted" in found.error.cause
    assert server.asked == []


def test_a_certificate_for_another_name_is_refused(certificates, tmp_path):
    certificate = certificates("elsewhere.example")
    with serving(certificate) as server:
        server.table["/list"] = lambda handler: handler.give(FINE)
        server.limits = Limits(ca_file=str(certificate))
        assert "certificate is not trusted" in one(server, tmp_path / "c").error.cause
        assert server.asked == []


def test_nobody_there_and_a_name_that_leads_nowhere(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"https://127.0.0.1:{taken.getsockname()[1]}/"
        with pytest.raises(CatalogueUpdateError, match="no connection"):
            fetch(url, tmp_path / "x")
    with pytest.raises(CatalogueUpdateError, match="leads nowhere"):
        fetch("https://nowhere.invalid/", tmp_path / "x", limits=Limits(connect=2.0))


def test_a_proxy_of_the_system_is_used(server, tmp_path, monkeypatch):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        monkeypatch.setenv("https_proxy", f"http://127.0.0.1:{taken.getsockname()[1]}")
        monkeypatch.delenv("no_proxy", raising=False)
        with pytest.raises(CatalogueUpdateError):
            fetch(server.url + "/list", tmp_path / "x", limits=server.limits)
    assert server.asked == []
    monkeypatch.setenv("no_proxy", "localhost")
    server.table["/list"] = lambda handler: handler.give(FINE)
    assert fetch(server.url + "/list", tmp_path / "x", limits=server.limits) == ""


def test_a_place_that_cannot_be_written(server, tmp_path):
    server.table["/list"] = lambda handler: handler.give(FINE)
    with pytest.raises(CatalogueUpdateError, match="could not be written"):
        fetch(server.url + "/list", tmp_path / "no" / "x", limits=server.limits)
    (tmp_path / "file").write_text("x")
    with pytest.raises(CatalogueError, match="cannot be made"):
        update(tmp_path / "file" / "c", {})


def test_a_list_that_shrank_beyond_belief_is_not_taken(server, tmp_path):
    many = write_manifest(tmp_path / "many", 100).read_bytes()
    server.table["/list"] = lambda handler: handler.give(many)
    assert one(server, tmp_path / "c").result == "updated"
    server.table["/list"] = lambda handler: handler.give(FINE)
    found = one(server, tmp_path / "c")
    assert "where there were" in found.error.cause
    assert found.about.titles > 50


def test_one_list_that_fails_costs_only_itself(server, tmp_path):
    server.table["/list"] = lambda handler: handler.give(FINE)
    server.table["/bad"] = lambda handler: handler.give(b"", status=500)
    steps = []
    wanted = {"discord": server.url + "/bad", "ludusavi": server.url + "/list"}
    found = update(tmp_path / "c", wanted, server.limits, lambda *step: steps.append(step))
    assert [(each.source, each.result) for each in found] == [("discord", "failed"), ("ludusavi", "updated")]
    assert ("ludusavi", len(FINE), len(FINE)) in steps


def test_called_off_nothing_more_is_fetched(server, tmp_path):
    server.table["/list"] = lambda handler: handler.give(FINE)
    wanted = {"discord": server.url + "/list", "ludusavi": server.url + "/list"}
    (found,) = update(tmp_path / "c", wanted, server.limits, cancelled=lambda: True)
    assert "called off" in found.error.cause


# --- by itself --------------------------------------------------------------------------------------------------------


def settings(server, **more):
    return Settings(catalogue=Catalogue(ludusavi_url=server.url + "/list" if server else "", **more))


def test_addresses_come_from_the_settings():
    assert list(addresses(Settings())) == ["ludusavi"]
    assert addresses(settings(None)) == {}
    assert addresses(settings(None, discord_url="https://x/")) == {"discord": "https://x/"}


@pytest.fixture
def running(monkeypatch):
    """``running(updater)`` lets it run as a worker, with a first pause of no time."""
    workers = []

    def start(one):
        one._first_pause = 0.0
        workers.append(Worker("catalogue", one.run))
        workers[-1].start()
        return workers[-1]

    yield start
    for worker in workers:
        worker.stop()
        assert worker.join(10)


def wait_for(true, seconds=20.0):
    until = time.monotonic() + seconds
    while not true() and time.monotonic() < until:
        time.sleep(0.02)
    assert true()


def test_nothing_is_fetched_unless_switched_on(server, tmp_path, running):
    server.table["/list"] = lambda handler: handler.give(FINE)
    worker = running(Updater(tmp_path / "c", settings(server), server.limits))
    time.sleep(0.3)
    assert worker.status().stuck_for == 0.0
    assert server.asked == []


def test_switched_on_it_fetches_once_and_then_waits_for_days(server, tmp_path, running):
    server.table["/list"] = lambda handler: handler.give(FINE)
    worker = running(Updater(tmp_path / "c", settings(server, auto_update=True), server.limits))
    wait_for(lambda: last_checked(tmp_path / "c"))
    worker.wake()
    time.sleep(0.2)
    assert worker.status().stuck_for == 0.0
    assert len(server.asked) == 1
    assert in_force(tmp_path / "c", "ludusavi").titles == 2
    again = running(Updater(tmp_path / "c", settings(server, auto_update=True), server.limits))
    time.sleep(0.2)
    assert len(server.asked) == 1, "a restart is no reason"
    assert again.status().restarts == 0


def test_a_slow_server_makes_nobody_wait(server, tmp_path, running):
    server.table["/list"] = lambda _handler: time.sleep(3)
    server.limits = Limits(ca_file=server.limits.ca_file)
    worker = running(Updater(tmp_path / "c", settings(server, auto_update=True), server.limits))
    wait_for(lambda: server.asked)
    assert worker.status().stuck_for < 0.5
    started = time.monotonic()
    worker.stop()
    assert worker.join(5)
    assert time.monotonic() - started < 2.0


def test_a_failure_is_tried_again_after_hours_and_not_at_once(server, tmp_path, running, caplog):
    server.table["/list"] = lambda handler: handler.give(b"", status=500)
    running(Updater(tmp_path / "c", settings(server, auto_update=True), server.limits))
    wait_for(lambda: last_checked(tmp_path / "c"))
    time.sleep(0.3)
    assert len(server.asked) == 1
    assert any("500" in record.getMessage() for record in caplog.records)


def test_a_directory_that_cannot_be_used_is_told_and_not_tried_again_and_again(server, tmp_path, running, caplog):
    (tmp_path / "file").write_text("x")
    running(Updater(tmp_path / "file" / "c", settings(server, auto_update=True), server.limits))
    wait_for(lambda: caplog.records)
    time.sleep(0.3)
    assert len(caplog.records) == 1


DAY = 86_400.0
DUE = {
    # how the last fetch ended, how long ago: the hours until the next
    "never": (None, 0.0, 0.0),
    "fine": ("updated", DAY, 6 * 24.0),
    "unchanged": ("unchanged", 8 * DAY, 0.0),
    "failed": ("failed", 3_600.0, 5.0),
    "in the future": ("updated", -5 * DAY, 0.0),
}


@pytest.mark.parametrize("name", DUE)
def test_when_the_next_fetch_is_due(name):
    result, ago, hours = DUE[name]
    one = Updater(None, Settings(catalogue=Catalogue(auto_update=True)))
    checked = Checked(time.time() - ago, result) if result else None
    assert one._due(checked, time.time()) / 3_600 == pytest.approx(hours, abs=0.01)


def test_it_waits_before_the_first_fetch(tmp_path):
    assert updater.FIRST_PAUSE >= 30
    stop = StopSignal()
    stop.set()
    Updater(tmp_path, Settings(catalogue=Catalogue(auto_update=True))).run(stop)
    stop.close()
    assert list(tmp_path.iterdir()) == []


def test_a_spoiled_note_of_the_last_fetch_means_none(tmp_path):
    (tmp_path / "state.json").write_text('{"ludusavi": 7}')
    assert last_checked(tmp_path) == {}


def test_a_note_that_cannot_be_written_is_logged(tmp_path, caplog):
    updater._remember(tmp_path / "no", [])
    assert "could not be noted" in caplog.text

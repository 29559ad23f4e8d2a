"""What monitoring gets to see of a daemon: over HTTP and in a file, on and off while it runs, and what health says."""

import http.client
import json
import re
import socket
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path

import msgspec
import pytest
from jsonschema import validate
from prometheus_client.parser import text_string_to_metric_families
from real_programs import end, eventually
from real_promtool import promtool

from gamedetectd.app.daemon import Daemon
from gamedetectd.app.http import HttpService
from gamedetectd.app.textfile import Textfile
from gamedetectd.config import load
from gamedetectd.config.sections import Metrics
from gamedetectd.control.client import Client
from gamedetectd.control.metrics_shapes import MetricsRow
from gamedetectd.control.shapes import StatusRow, schemas
from gamedetectd.errors import ControlError, NotRunningError, PermissionsError, TokenError
from gamedetectd.paths import Paths
from gamedetectd.security.tokens import load_token
from gamedetectd.views.http_guard import HEADERS
from gamedetectd.worker import Worker

if sys.platform != "linux":
    pytest.skip("toy games are shell scripts with desktop entries", allow_module_level=True)

from toy_games import ToyGames


@pytest.fixture
def games(tmp_path, monkeypatch):
    """Toy games this process finds, on a machine without a screen."""
    games = ToyGames(tmp_path)
    monkeypatch.setenv("XDG_DATA_DIRS", games.env["XDG_DATA_DIRS"])
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "DBUS_SESSION_BUS_ADDRESS"):
        monkeypatch.delenv(name, raising=False)
    return games


@pytest.fixture
def port():
    """A port nobody has."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Home:
    """A daemon in this process, its settings, and what it answers."""

    def __init__(self, place, port):
        self.paths = Paths.below(place)
        self.port = port
        self.daemon = None

    def set(self, text=""):
        """Write settings; a daemon that runs takes them over before this returns."""
        file = self.paths.settings_file
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        file.write_text(text)
        file.chmod(0o600)
        if self.daemon is not None:
            self.daemon.watcher.reload_now()

    def http(self, **other):
        values = {"enabled": True, "port": self.port, **other}
        self.set("[http]\n" + "".join(f"{key} = {json.dumps(value)}\n" for key, value in values.items()))

    def start(self):
        self.daemon = Daemon(self.paths, load(self.paths))
        self.daemon.start()
        eventually(self.answers, what="the first answer")
        return self

    def answers(self):
        try:
            return bool(Client(self.paths).request("status"))
        except (NotRunningError, ControlError):
            return False

    def stop(self):
        if self.daemon is not None:
            self.daemon.stop()

    def get(self, path, host="127.0.0.1", token=True, **headers):
        connection = http.client.HTTPConnection(host, self.port, timeout=5)
        if token:
            headers["Authorization"] = "Bearer " + self.paths.http_token_file.read_text().strip()
        try:
            connection.request("GET", path, headers=headers)
            answer = connection.getresponse()
            return answer.status, dict(answer.getheaders()), answer.read()
        finally:
            connection.close()

    def listens(self, host="127.0.0.1"):
        try:
            return self.get("/healthz", host, token=False)[0] == 200
        except OSError:
            return False

    def conditions(self):
        self.daemon.monitor.wake()
        return {one.code: one for one in self.daemon.conditions}

    def metric(self, name, **labels):
        row = msgspec.convert(Client(self.paths).request("metrics"), MetricsRow)
        [metric] = [one for one in row.metrics if one.name == name]
        [sample] = [one for one in metric.samples if one.labels == labels]
        return sample.value


@pytest.fixture
def home(tmp_path, port, games):
    home = Home(tmp_path / "home", port)
    yield home
    home.stop()


def threads_of_ours():
    return {thread.name for thread in threading.enumerate() if thread.name.startswith(("http", "textfile"))}


# --- HTTP ---


def test_it_tells_over_http_what_it_tells_otherwise(home, games):
    home.http()
    home.start()
    eventually(home.listens, what="HTTP")
    assert home.get("/healthz", token=False)[2] == b"ok\n"
    assert home.get("/readyz")[::2] == (200, b"ready\n")
    played = games.start(games.titles[0], 60)
    try:
        eventually(lambda: games.titles[0].encode() in home.get("/api/v1/status")[2], 10, "the game over HTTP")
    finally:
        end(played)
    status, headers, body = home.get("/api/v1/status")
    assert (status, headers["content-type"]) == (200, "application/json")
    validate(json.loads(body), schemas()["status"])
    over_http = msgspec.json.decode(body, type=StatusRow)
    otherwise = msgspec.convert(Client(home.paths).request("status"), StatusRow)
    assert over_http.health.overall == otherwise.health.overall
    assert set(over_http.counters) == set(otherwise.counters)
    status, headers, body = home.get("/metrics")
    assert status == 200
    assert headers["content-type"].startswith("text/plain; version=0.0.4")
    assert promtool("check", "metrics", stdin=body) == (0, "")
    assert home.get("/nothing")[0] == home.get("/metrics/")[0] == 404
    assert {name.decode() for name in HEADERS} <= {name.lower() for name in headers}
    assert "server" not in {name.lower() for name in headers}


def test_numbers_are_those_of_what_was_played(home, games):
    home.set("[sessions]\ngrace_seconds = 0.0\n")
    home.start()
    played = [games.start(title, 60) for title in games.titles[:2]]
    try:
        eventually(lambda: home.metric("gamedetectd_sessions_started_total") >= 2, 10, "two games")
        assert home.metric("gamedetectd_sessions_open") >= 2
        assert home.metric("gamedetectd_detections_total", source="library") >= 2
        assert home.metric("gamedetectd_history_commit_seconds") >= 1
        assert home.metric("gamedetectd_facts_gathering_seconds", kind="desktop_entry") >= 2
        decided = home.metric("gamedetectd_detection_latency_seconds")
        assert 2 <= decided <= home.metric("gamedetectd_judgements_total")
        eventually(lambda: home.metric("gamedetectd_sink_delivery_seconds", sink="event_log") >= 2, what="deliveries")
        assert home.metric("gamedetectd_sink_backlog_events", sink="event_log") == 0
    finally:
        for one in played:
            end(one)
    eventually(lambda: home.metric("gamedetectd_sessions_ended_total", ended_by="exit") >= 2, 15, "their ends")
    assert abs(home.metric("process_start_time_seconds") - psutil_start()) < 2
    row = msgspec.convert(Client(home.paths).request("metrics"), MetricsRow)
    validate(json.loads(msgspec.json.encode(row)), schemas()["metrics"])
    assert games.titles[0] not in str(row)


def psutil_start():
    import psutil

    return psutil.Process().create_time()


def test_it_is_switched_on_moved_and_off_while_it_runs(home, port):
    home.set()
    home.start()
    assert not home.listens()
    assert not home.paths.http_token_file.exists()
    home.http()
    eventually(home.listens, what="HTTP")
    assert stat.S_IMODE(home.paths.http_token_file.stat().st_mode) == 0o600
    token = home.paths.http_token_file.read_text()
    home.http(listen="both")
    eventually(lambda: home.listens("127.0.0.1") and home.listens("::1"), what="both addresses")
    home.http(listen="ipv6")
    eventually(lambda: home.listens("::1") and not home.listens("127.0.0.1"), what="the other address alone")
    assert home.paths.http_token_file.read_text() == token, "it stays, whatever else changes"
    home.set()
    assert not home.listens("::1")
    eventually(lambda: not threads_of_ours(), what="the end of its threads")


def test_it_listens_to_nobody_but_this_computer(home):
    home.http()
    home.start()
    eventually(home.listens, what="HTTP")
    addresses = {info[4][0] for info in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)}
    for address in {*addresses, "127.0.0.2"} - {"127.0.0.1"}:
        with socket.socket() as one:
            one.settimeout(2)
            assert one.connect_ex((address, home.port)) != 0


def test_a_port_that_is_taken_is_said_and_tried_again(home, monkeypatch):
    monkeypatch.setattr("gamedetectd.app.http.FIRST_PAUSE", 0.2)
    with socket.socket() as other:
        other.bind(("127.0.0.1", home.port))
        other.listen()
        home.http()
        home.start()
        eventually(lambda: "http-down" in home.conditions(), what="the condition")
        told = home.conditions()["http-down"]
        assert str(home.port) in told.message
        assert "http" in told.remedy
    eventually(home.listens, what="HTTP, once the port is free")
    eventually(lambda: not list(home.daemon.exposure.findings()), what="the end of the trouble")
    assert all(worker.restarts == 0 for worker in home.daemon.workers)


def test_a_server_that_ends_by_itself_is_started_again(home, monkeypatch):
    monkeypatch.setattr("gamedetectd.app.http.FIRST_PAUSE", 0.05)
    home.http()
    home.start()
    eventually(home.listens, what="HTTP")
    [service] = [way for _, way, _ in home.daemon.exposure._running.values()]
    assert isinstance(service, HttpService)
    server = service.server
    server._loop.call_soon_threadsafe(server._server.end)
    eventually(lambda: service.server is not server and home.listens(), what="another server")


def test_a_token_that_cannot_be_used_is_said(home, monkeypatch):
    monkeypatch.setattr("gamedetectd.app.http.FIRST_PAUSE", 0.2)
    token = home.paths.http_token_file
    token.parent.mkdir(parents=True, mode=0o700)
    token.write_text("short")
    token.chmod(0o600)
    home.http()
    home.start()
    eventually(lambda: "http-token-unusable" in home.conditions(), what="the condition")
    assert str(token) in home.conditions()["http-token-unusable"].message
    assert not home.listens()
    token.unlink()
    eventually(home.listens, what="HTTP, with a new token")
    assert home.get("/readyz")[0] == 200


def test_it_is_not_ready_while_it_cannot_do_its_job(home, monkeypatch):
    from gamedetectd.domain import ActiveCondition, Severity

    home.http()
    home.start()
    eventually(home.listens, what="HTTP")
    eventually(lambda: home.get("/readyz")[0] == 200, what="readiness")
    bad = ActiveCondition("history-unwritable", "Play time cannot be kept", Severity.ERROR, "Full.", "Free some.", 0.0)

    def refuses():
        monkeypatch.setattr(home.daemon, "conditions", (bad,))  # the monitor may say otherwise in between
        return home.get("/readyz")[::2] == (503, b"not ready: history-unwritable\n")

    eventually(refuses, what="the refusal")
    assert home.get("/healthz", token=False)[0] == 200


def test_an_engine_that_is_busy_holds_up_nothing_but_the_status(home, monkeypatch):
    monkeypatch.setattr("gamedetectd.app.http.ENGINE_LIMIT", 0.2)
    home.http()
    home.start()
    eventually(home.listens, what="HTTP")
    free = threading.Event()
    home.daemon.engine.post(lambda _at: (free.wait(5), ())[1])
    try:
        status, headers, body = home.get("/api/v1/status")
        assert status == 503
        assert headers["retry-after"] == "5"
        assert b"engine was busy" in body
        assert home.get("/metrics")[0] == 200
    finally:
        free.set()
    eventually(lambda: home.get("/api/v1/status")[0] == 200, what="the status")


def test_a_fault_of_a_page_is_an_answer_and_a_line_in_the_log(home, monkeypatch):
    home.http()
    home.start()
    eventually(home.listens, what="HTTP")

    def fail():
        raise RuntimeError("a fault of ours")

    with monkeypatch.context() as patch:
        patch.setattr(home.daemon.numbers, "families", fail)
        status, headers, body = home.get("/metrics")
    assert status == 500
    assert {name.decode() for name in HEADERS} <= {name.lower() for name in headers}
    assert b"fault" not in body
    eventually(lambda: "a fault of ours" in home.paths.event_log_file.read_text(), what="the line")
    assert home.get("/metrics")[0] == 200


def test_while_nobody_asks_it_sleeps(home):
    home.http()
    home.start()
    eventually(home.listens, what="HTTP")
    assert home.get("/metrics")[0] == 200
    threads = [thread.native_id for thread in threading.enumerate() if thread.name.startswith("http")]
    assert len(threads) >= 2

    def woken():
        statuses = [Path(f"/proc/self/task/{one}/status").read_text() for one in threads]
        return [re.search(r"^voluntary_ctxt_switches:\s+(\d+)", status, re.MULTILINE)[1] for status in statuses]

    time.sleep(0.3)
    before = woken()
    time.sleep(1)
    assert woken() == before


def test_a_server_that_hangs_is_said(home):
    home.http()
    home.start()
    eventually(home.listens, what="HTTP")
    [service] = [way for _, way, _ in home.daemon.exposure._running.values()]
    assert service.look() is None
    free = threading.Event()
    service.server._loop.call_soon_threadsafe(free.wait, 5)
    try:
        time.sleep(0.1)
        service.look()
        eventually(service.look, what="the finding")
        assert "does not come back" in service.look().message
    finally:
        free.set()
    eventually(lambda: service.look() is None, what="the end of it")


def test_it_ends_in_time_whoever_is_connected(home):
    home.http()
    home.start()
    eventually(home.listens, what="HTTP")
    clients = [socket.create_connection(("127.0.0.1", home.port)) for _ in range(20)]
    try:
        for client in clients[:10]:
            client.sendall(b"GET /metrics HT")
        eventually(home.listens, what="an answer beside them")
        began = time.monotonic()
        home.stop()
        assert time.monotonic() - began < 3
    finally:
        for client in clients:
            client.close()
    eventually(lambda: not threads_of_ours(), what="the end of its threads")


def test_whoever_shows_no_token_is_noted_and_the_token_is_not(home):
    home.http()
    home.start()
    eventually(home.listens, what="HTTP")
    token = home.paths.http_token_file.read_text().strip()
    assert home.get("/metrics", token=False)[0] == 401
    assert home.get("/metrics", token=False, Authorization="Bearer " + token[:-1])[0] == 401
    assert home.get("/metrics", token=False, Authorization="Basic " + token)[0] == 401
    assert home.get(f"/metrics?token={token}", token=False)[0] == 401
    assert home.metric("gamedetectd_http_refused_total", reason="token") == 4
    assert home.metric("gamedetectd_http_requests_total", path="/metrics", code="401") == 4

    def noted():
        home.daemon.audit.flush()
        return b"token-refused" in b"".join(file.read_bytes() for file in home.paths.log.glob("audit*.jsonl"))

    eventually(noted, what="a line in the audit trail")
    home.stop()
    written = [file for file in home.paths.state.parent.rglob("*") if file.is_file()]
    holders = [file.name for file in written if token.encode() in file.read_bytes()]
    assert holders == ["http-token"]
    log = home.paths.event_log_file.read_text()
    assert "HTTP refused a request" in log


def test_a_token_file_is_made_once_and_must_be_ours(tmp_path):
    place = tmp_path / "token"
    token = load_token(place)
    assert len(token) >= 40
    assert load_token(place) == token
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    place.chmod(0o644)
    assert load_token(place) == token
    assert stat.S_IMODE(place.stat().st_mode) == 0o600, "tightened"
    place.chmod(0o666)
    with pytest.raises(PermissionsError):
        load_token(place)
    place.unlink()
    (tmp_path / "elsewhere").write_bytes(token)
    place.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(PermissionsError, match="link"):
        load_token(place)
    for damaged in (b"", b"short", token + b" " + token, b"\xff" * 40, b"a" * 5000):
        place.unlink()
        place.write_bytes(damaged)
        place.chmod(0o600)
        with pytest.raises(TokenError, match="no token"):
            load_token(place)
    with pytest.raises(TokenError, match="cannot be used"):
        load_token(tmp_path / "missing" / "token")


# --- the file ---


def test_the_file_is_written_again_and_again_and_gone_at_the_end(home, tmp_path):
    file = tmp_path / "games.prom"
    home.set()
    home.start()
    home.set(f'[metrics]\ntextfile = "{file}"\ntextfile_interval = 5.0\n')
    eventually(file.exists, what="the file")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    names = {family.name for family in text_string_to_metric_families(file.read_text())}
    assert {"gamedetectd_sessions_open", "gamedetectd_process_open_fds"} <= names
    home.set(f'[metrics]\ntextfile = "{file}"\ntextfile_interval = 5.0\ntextfile_public = true\n')
    eventually(lambda: file.exists() and stat.S_IMODE(file.stat().st_mode) == 0o644, what="a file for all")
    other = tmp_path / "other.prom"
    home.set(f'[metrics]\ntextfile = "{other}"\n')
    eventually(other.exists, what="the other file")
    assert not file.exists()
    home.stop()
    assert not other.exists()
    assert not list(tmp_path.glob(".*.prom*"))


def test_titles_are_told_where_they_are_asked_for_and_never_private_ones(home, games, tmp_path):
    home.set()
    home.start()
    title = games.titles[0]
    played = games.start(title, 60)
    try:
        eventually(lambda: home.metric("gamedetectd_sessions_open") >= 1, 10, "the game")

        def told():
            return str(msgspec.convert(Client(home.paths).request("metrics"), MetricsRow))

        assert title not in told()
        home.set("[metrics]\ngame_titles = true\n")
        eventually(lambda: title in told(), 10, "the title")
        home.set(f'[metrics]\ngame_titles = true\n[privacy]\nprivate_titles = ["{title}"]\n')
        assert title not in told()
    finally:
        end(played)


def test_a_file_that_cannot_be_written_is_said_and_tried_again(home, tmp_path):
    folder = tmp_path / "later"
    home.set(f'[metrics]\ntextfile = "{folder}/games.prom"\ntextfile_interval = 5.0\n')
    home.start()
    eventually(lambda: "metrics-unwritable" in home.conditions(), what="the condition")
    assert str(folder) in home.conditions()["metrics-unwritable"].message
    folder.mkdir()
    changes = []
    settings = Metrics(textfile=f"{folder}/games.prom", textfile_interval=0.05)
    textfile = Textfile(settings, home.daemon.numbers.families, lambda: changes.append(textfile.trouble))
    worker = Worker("textfile", textfile.run)
    worker.start()
    eventually((folder / "games.prom").exists, what="the file")
    folder.rename(tmp_path / "away")
    eventually(lambda: len(changes) == 1, what="the trouble")
    (tmp_path / "away").rename(folder)
    eventually(lambda: len(changes) == 2, what="the end of the trouble")
    assert changes[1] is None
    worker.stop()
    assert worker.join(5)
    assert not list(folder.iterdir())


@pytest.mark.parametrize("value", ["games.prom", "/var/lib/games.txt", "~/games.prom"])
def test_a_file_that_node_exporter_would_not_find_is_refused(home, value):
    from gamedetectd.config import InvalidSettingsError

    home.set(f'[metrics]\ntextfile = "{value}"\n')
    with pytest.raises(InvalidSettingsError, match=r"whole path of a file that ends in \.prom"):
        load(home.paths)


# --- what is off costs nothing ---


def test_what_is_off_is_not_even_imported(tmp_path):
    look = (
        "import sys; from pathlib import Path; from gamedetectd.app.daemon import Daemon; "
        "from gamedetectd.config import load; from gamedetectd.paths import Paths; "
        "paths = Paths.below(Path(sys.argv[1])); daemon = Daemon(paths, load(paths)); daemon.start(); "
        "daemon.numbers.families(); daemon.stop(); print([name for name in sys.modules if name.split('.')[0] in ("
        "'starlette', 'uvicorn', 'jinja2', 'h11', 'anyio', 'asyncio', 'prometheus_client', 'cryptography', 'keyring')])"
    )
    done = subprocess.run([sys.executable, "-c", look, tmp_path / "home"], capture_output=True, text=True, timeout=60)
    assert done.stdout == "[]\n", done.stdout + done.stderr

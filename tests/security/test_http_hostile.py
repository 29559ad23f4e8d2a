"""Whoever knocks at the HTTP port and means no good: refused without a word too many, and nobody else is held up."""

import contextlib
import os
import re
import socket
import sys
import threading
import time
from pathlib import Path

import pytest
from real_daemon import RealDaemon
from real_programs import eventually

from gamedetectd.views import http_server
from gamedetectd.views.http_guard import HEADERS
from gamedetectd.views.http_server import MOST_WAITING, REQUEST_LIMIT, HttpServer, listen

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="what it costs is read in /proc")


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Target:
    """The daemon as the attacker sees it, and as its owner does."""

    def __init__(self, home):
        self.port = free_port()
        env = {"GAMEDETECTD_HTTP_ENABLED": "true", "GAMEDETECTD_HTTP_PORT": str(self.port)}
        self.daemon = RealDaemon(home, env)
        self.token = ""
        self.host = f"Host: 127.0.0.1:{self.port}\r\n"

    def start(self):
        self.daemon.start()
        eventually(lambda: b" 200 " in self.say(f"GET /healthz HTTP/1.1\r\n{self.host}\r\n"), 10, "HTTP")
        self.token = (self.daemon.home / "state" / "http-token").read_text().strip()
        self.key = f"Authorization: Bearer {self.token}\r\n"
        return self

    def connect(self):
        return socket.create_connection(("127.0.0.1", self.port), timeout=5)

    def say(self, data):
        """Everything that comes back, until it hangs up."""
        data = data.encode("latin-1") if isinstance(data, str) else data
        said = b""
        with contextlib.suppress(ConnectionError), self.connect() as line:
            with contextlib.suppress(ConnectionError):
                line.sendall(data)
            while piece := line.recv(65536):
                said += piece
        return said

    def ask(self, data):
        """As ``say``, but asked again while it answers that there were too many."""
        until = time.monotonic() + 5
        while b" 429 " in (said := self.say(data))[:20] and time.monotonic() < until:
            time.sleep(0.1)
        return said

    def serves(self):
        return self.ask(f"GET /metrics HTTP/1.1\r\n{self.host}{self.key}\r\n").startswith(b"HTTP/1.1 200 ")

    @property
    def proc(self):
        return Path(f"/proc/{self.daemon.process.pid}")

    def cpu(self):
        fields = (self.proc / "stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def memory(self):
        return int((self.proc / "statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")

    def descriptors(self):
        return len(list((self.proc / "fd").iterdir()))


@pytest.fixture(scope="module")
def target(tmp_path_factory):
    target = Target(tmp_path_factory.mktemp("home") / "gamedetectd")
    try:
        yield target.start()
        assert target.serves(), "after all of it"
    finally:
        assert target.daemon.stop() == 0


BAD_REQUESTS = {
    # name: (request, statuses that may come back); {H} is the right host, {A} the right token, {P} the port
    "another host": ("GET /metrics HTTP/1.1\r\nHost: evil.example\r\n{A}\r\n", {421}),
    "another host with our port": ("GET /metrics HTTP/1.1\r\nHost: evil.example:{P}\r\n{A}\r\n", {421}),
    "rebinding at the sign of life": ("GET /healthz HTTP/1.1\r\nHost: evil.example:{P}\r\n\r\n", {421}),
    "HTTP/1.0 without a host": ("GET /metrics HTTP/1.0\r\n{A}\r\n", {421}),
    "HTTP/1.1 without a host": ("GET /metrics HTTP/1.1\r\n{A}\r\n", {400}),
    "HTTP/0.9": ("GET /metrics\r\n\r\n", {400}),
    "two hosts": ("GET /metrics HTTP/1.1\r\n{H}Host: evil.example\r\n{A}\r\n", {400}),
    "another site's page": ("GET /metrics HTTP/1.1\r\n{H}{A}Origin: https://evil.example\r\n\r\n", {403}),
    "a sandboxed page": ("GET /metrics HTTP/1.1\r\n{H}{A}Origin: null\r\n\r\n", {403}),
    "a picture of another site": ("GET /healthz HTTP/1.1\r\n{H}Sec-Fetch-Site: cross-site\r\n\r\n", {403}),
    "no token": ("GET /metrics HTTP/1.1\r\n{H}\r\n", {401}),
    "no token, not there": ("GET /admin HTTP/1.1\r\n{H}\r\n", {401}),
    "a short token": ("GET /metrics HTTP/1.1\r\n{H}Authorization: Bearer x\r\n\r\n", {401}),
    "a long token": ("GET /metrics HTTP/1.1\r\n{H}Authorization: Bearer " + "x" * 4000 + "\r\n\r\n", {401}),
    "a token of the right length": (
        "GET /metrics HTTP/1.1\r\n{H}Authorization: Bearer " + "x" * 43 + "\r\n\r\n",
        {401},
    ),
    "a token in the address": ("GET /metrics?access_token={T} HTTP/1.1\r\n{H}\r\n", {401}),
    "a token in a cookie": ("GET /metrics HTTP/1.1\r\n{H}Cookie: token={T}\r\n\r\n", {401}),
    "a body": ("POST /metrics HTTP/1.1\r\n{H}{A}Content-Length: 3\r\n\r\nabc", {405}),
    "a body with GET": ("GET /metrics HTTP/1.1\r\n{H}{A}Content-Length: 3\r\n\r\nabc", {413}),
    "options": ("OPTIONS * HTTP/1.1\r\n{H}{A}\r\n", {405}),
    "preflight": (
        "OPTIONS /metrics HTTP/1.1\r\n{H}Origin: http://evil\r\nAccess-Control-Request-Method: GET\r\n\r\n",
        {403},
    ),
    "trace": ("TRACE /metrics HTTP/1.1\r\n{H}{A}\r\n", {405}),
    "a proxy": ("CONNECT evil.example:443 HTTP/1.1\r\n{H}{A}\r\n", {405}),
    "a proxy, by address": ("GET http://evil.example/ HTTP/1.1\r\n{H}{A}\r\n", {400}),
    "up and out": ("GET /../../../etc/passwd HTTP/1.1\r\n{H}{A}\r\n", {404}),
    "up and out, encoded": ("GET /%2e%2e%2f%2e%2e%2fetc%2fpasswd HTTP/1.1\r\n{H}{A}\r\n", {404}),
    "up and out, twice encoded": ("GET /%252e%252e/etc/passwd HTTP/1.1\r\n{H}{A}\r\n", {404}),
    "a NUL": ("GET /metrics\x00.html HTTP/1.1\r\n{H}{A}\r\n", {400}),
    "a NUL, encoded": ("GET /metrics%00 HTTP/1.1\r\n{H}{A}\r\n", {404}),
    "a line end, encoded": ("GET /%0d%0aX-Evil:%201 HTTP/1.1\r\n{H}{A}\r\n", {404}),
    "a line end in a header": ("GET /metrics HTTP/1.1\r\n{H}{A}X: a\rX-Evil: b\r\n\r\n", {400}),
    "length and pieces": (
        "GET / HTTP/1.1\r\n{H}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /x HTTP/1.1\r\n\r\n",
        {413},
    ),
    "two lengths": ("GET /metrics HTTP/1.1\r\n{H}{A}Content-Length: 0\r\nContent-Length: 9\r\n\r\nGET / HTT", {400}),
    "a length below nothing": ("GET /metrics HTTP/1.1\r\n{H}{A}Content-Length: -1\r\n\r\n", {400}),
    "a length with a sign": ("GET /metrics HTTP/1.1\r\n{H}{A}Content-Length: +3\r\n\r\nabc", {400}),
    "pieces, disguised": ("GET /metrics HTTP/1.1\r\n{H}{A}Transfer-Encoding : chunked\r\n\r\n", {400}),
    "pieces, misspelt": ("GET /metrics HTTP/1.1\r\n{H}{A}Transfer-Encoding: xchunked\r\n\r\n", {400, 413}),
    "another protocol": ("GET /metrics HTTP/1.1\r\n{H}\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n", {401}),
    "HTTP/2": ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", {400, 405, 421}),
    "TLS": ("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + "\x00" * 64, {400}),
    "a Redis": ("*1\r\n$4\r\nPING\r\n\r\n", {400}),
    "nothing but noise": ("\x00\xff" * 200, {400}),
    "a long path": ("GET /" + "a" * 2000 + " HTTP/1.1\r\n{H}{A}\r\n", {400}),
    "many headers": ("GET /metrics HTTP/1.1\r\n{H}{A}" + "X: y\r\n" * 3000 + "\r\n", {431}),
    "a long header": ("GET /metrics HTTP/1.1\r\n{H}{A}X: " + "y" * REQUEST_LIMIT + "\r\n\r\n", {431}),
}


@pytest.mark.parametrize(("request_", "statuses"), BAD_REQUESTS.values(), ids=BAD_REQUESTS)
def test_what_is_not_asked_properly_is_refused_and_tells_nothing(target, request_, statuses):
    values = {"{H}": target.host, "{A}": target.key, "{P}": str(target.port), "{T}": target.token}
    for name, value in values.items():
        request_ = request_.replace(name, value)
    said = target.ask(request_)
    head, _, body = said.partition(b"\r\n\r\n")
    assert int(head.split()[1]) in statuses, said
    assert said.count(b"HTTP/1.1 ") == 1, "one answer a connection, whatever was smuggled in"
    assert b"gamedetectd_" not in said
    assert target.token.encode() not in said
    assert not re.search(rb"uvicorn|starlette|python|h11|Traceback|X-Evil", said, re.IGNORECASE)
    names = {line.split(b":")[0].lower() for line in head.split(b"\r\n")[1:]}
    assert set(HEADERS) <= names
    assert b"server" not in names
    assert len(body) < 100


def test_a_second_request_on_a_connection_is_not_even_read(target):
    said = target.ask(
        f"GET /healthz HTTP/1.1\r\n{target.host}\r\nGET /metrics HTTP/1.1\r\n{target.host}{target.key}\r\n"
    )
    assert said.count(b"HTTP/1.1 ") == 1
    assert said.endswith(b"\r\n\r\nok\n")


def test_ten_megabytes_of_header_are_not_taken(target):
    before = target.memory()
    said = target.say(f"GET /metrics HTTP/1.1\r\n{target.host}X: ".encode() + b"y" * 10_000_000)
    assert not said or said.startswith(b"HTTP/1.1 431 "), "or the line is cut while it still speaks"
    assert target.memory() - before < 2_000_000
    assert target.serves()


def test_five_hundred_connections_hold_nobody_up_and_cost_little(target):
    descriptors, memory, cpu = target.descriptors(), target.memory(), target.cpu()
    crowd = []
    began = time.monotonic()
    try:
        for _ in range(500):
            line = socket.socket()
            line.setblocking(False)
            line.connect_ex(("127.0.0.1", target.port))
            crowd.append(line)
        while time.monotonic() - began < 2:
            assert target.serves(), "beside the crowd"
            assert target.descriptors() - descriptors <= 2 * MOST_WAITING
        assert target.memory() - memory < 5_000_000
        assert target.cpu() - cpu < 0.5 * (time.monotonic() - began)
    finally:
        for line in crowd:
            line.close()
    eventually(lambda: target.descriptors() - descriptors < 10, 10, "the end of the crowd")


def test_a_flood_of_requests_is_slowed_down_and_whoever_has_the_token_gets_through(target):
    stop = time.monotonic() + 2
    answers = []

    def flood():
        while time.monotonic() < stop:
            answers.append(target.say(f"GET /metrics HTTP/1.1\r\n{target.host}\r\n")[9:12])

    cpu, began = target.cpu(), time.monotonic()
    threads = [threading.Thread(target=flood) for _ in range(4)]
    for thread in threads:
        thread.start()
    served = 0
    while time.monotonic() < stop:
        assert target.serves()
        served += 1
        time.sleep(0.1)
    for thread in threads:
        thread.join()
    assert served >= 3
    assert b"429" in answers
    assert target.cpu() - cpu < 0.6 * (time.monotonic() - began)


def test_its_log_has_a_few_lines_of_all_this_and_no_token(target):
    assert target.serves()
    log = (target.daemon.home / "log" / "gamedetectd.jsonl").read_text()
    written = log + target.daemon.output.read_text()
    assert target.token not in written
    lines = [line for line in log.splitlines() if "HTTP refused" in line]
    assert 1 <= len(lines) <= 3
    assert '"ERROR"' not in written
    assert '"error"' not in [part for line in log.splitlines() for part in line.split(",") if "log.level" in part]


# --- slowness, with shorter limits ---


@pytest.fixture
def quick(monkeypatch):
    """A server whose connections last half a second; ``quick.port``, ``quick.refused``."""
    monkeypatch.setattr(http_server, "LIFE", 0.5)

    async def page(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"x" * (50_000_000 if scope["path"] == "/big" else 1)})

    refused, broken = [], []
    server = HttpServer(page, refused.append, lambda: broken.append(True))
    server.port, server.refused = free_port(), refused
    server.connections = lambda: list(server._server.server_state.connections)
    server.start(listen(["127.0.0.1"], server.port))
    eventually(lambda: server._server is not None, what="the server")
    yield server
    assert server.stop(3)
    assert not broken


def lifetime(line, drip):
    """How long a connection lasts that ``drip`` is called for again and again."""
    began = time.monotonic()
    line.settimeout(0.1)
    with contextlib.suppress(ConnectionError):
        while time.monotonic() - began < 5:
            drip(line)
            with contextlib.suppress(TimeoutError):
                if line.recv(10) == b"":
                    break
    return time.monotonic() - began


@pytest.mark.parametrize(
    "drip", [lambda line: line.sendall(b"G"), lambda _line: None], ids=["a byte now and then", "silence"]
)
def test_whoever_takes_for_ever_to_ask_is_cut_off(quick, drip):
    with socket.create_connection(("127.0.0.1", quick.port)) as line:
        assert 0.2 < lifetime(line, drip) < 3


def test_whoever_takes_for_ever_to_listen_is_cut_off(quick):
    with socket.create_connection(("127.0.0.1", quick.port)) as line:
        line.sendall(b"GET /big HTTP/1.1\r\nHost: x\r\n\r\n")
        eventually(lambda: quick.connections(), what="the connection")
        eventually(lambda: not quick.connections(), 3, "its end")


def test_the_oldest_that_waits_makes_room(quick, monkeypatch):
    monkeypatch.setattr(http_server, "LIFE", 10.0)
    crowd = [socket.create_connection(("127.0.0.1", quick.port)) for _ in range(MOST_WAITING + 5)]
    try:
        eventually(lambda: quick.refused.count("full") >= 5, what="room")
        crowd[-1].sendall(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        crowd[-1].settimeout(2)
        assert crowd[-1].recv(100).startswith(b"HTTP/1.1 200")
        with contextlib.suppress(ConnectionResetError):
            assert crowd[0].recv(10) == b""
    finally:
        for line in crowd:
            line.close()


def test_what_goes_wrong_in_the_loop_reaches_the_log(quick, caplog):
    def fail():
        raise RuntimeError("a fault of ours")

    quick._loop.call_soon_threadsafe(fail)
    eventually(lambda: "a fault of ours" in caplog.text, what="the fault in the log")
    with socket.create_connection(("127.0.0.1", quick.port)) as line:
        line.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        assert line.recv(100).startswith(b"HTTP/1.1 200")

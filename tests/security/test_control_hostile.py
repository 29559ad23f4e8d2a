"""Clients that mean no good, or nothing at all: the daemon stays up, answers others, and does nothing for them."""

import contextlib
import json
import os
import socket
import struct
import subprocess
import sys
import threading
import time

import psutil
import pytest

from gamedetectd.control import access, wire
from gamedetectd.control.client import Client
from gamedetectd.control.server import MAX_CONNECTIONS, Server
from gamedetectd.errors import ControlError, NotRunningError
from gamedetectd.paths import Paths
from gamedetectd.worker import Worker, WorkerState

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="these attacks use Unix sockets")


@pytest.fixture
def paths(tmp_path):
    return Paths.below(tmp_path)


@pytest.fixture
def calls():
    return []


@pytest.fixture
def server(paths, calls):
    server = Server(paths, {"do": lambda request: calls.append(request) or {"done": True}})
    worker = Worker("control", server.run)
    worker.start()
    until(lambda: server.probe() is None)
    yield server
    assert worker.status().state is WorkerState.RUNNING
    assert worker.status().restarts == 0
    worker.stop()
    assert worker.join(5.0)


def until(condition, seconds=5.0):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.01)


def connect(paths):
    line = socket.socket(socket.AF_UNIX)
    line.settimeout(5.0)
    try:
        line.connect(str(paths.socket_file))
    except OSError:
        line.close()
        raise
    return line


def frame(data):
    return struct.pack("!i", len(data)) + data


def hung_up(line):
    """True once the daemon has closed the line; what it sent before is read away."""
    try:
        while line.recv(65536):
            pass
    except ConnectionResetError:
        pass
    return True


def authentic(paths):
    """A connection that has introduced itself properly and may now say anything."""
    connection = wire.mpc.Connection(connect(paths).detach())
    os.set_blocking(connection.fileno(), True)
    access.enter(connection, access.read_key(paths), 2.0)
    return connection


UNAUTHENTICATED = {
    "garbage": b"\x00\xff" * 500,
    "hundred megabytes announced": struct.pack("!i", 100_000_000) + b"x" * 100_000,
    "negative length": struct.pack("!i", -5),
    "endless length": struct.pack("!iQ", -1, 2**63),
    "a request without an introduction": frame(b'{"command": "do", "arguments": {}}'),
    "a wrong digest": frame(b"\x00" * 16),
    "a claimed welcome": frame(b"#WELCOME#"),
}


@pytest.mark.parametrize("data", UNAUTHENTICATED.values(), ids=UNAUTHENTICATED.keys())
def test_who_does_not_introduce_itself_is_cut_off_and_nothing_is_done(server, paths, calls, data):
    with connect(paths) as line:
        try:
            line.sendall(data)
        except (BrokenPipeError, ConnectionResetError):
            pass  # cut off already
        started = time.monotonic()
        assert hung_up(line)
        assert time.monotonic() - started < 2.0
    until(lambda: server.counters()["control_refused"] == 1)
    assert calls == []
    assert Client(paths).request("do") == {"done": True}


DEEP = b'{"command": "do", "arguments": {"a": ' + b"[" * 400_000 + b"]" * 400_000 + b"}}"
MALFORMED = {
    "empty": b"",
    "no JSON": b"hello",
    "another shape": b'["do"]',
    "unknown field": b'{"command": "do", "arguments": {}, "sudo": true}',
    "arguments of another type": b'{"command": "do", "arguments": "rm"}',
    "deep": DEEP,
    "no text": b'{"command": "\xff\xfe", "arguments": {}}',
    "a pickle": b"\x80\x04\x95\x1d\x00\x00\x00\x00\x00\x00\x00\x8c\x05posix\x94\x8c\x06system\x94\x93\x94.",
    "escapes": json.dumps({"command": "\x1b[2Jdo\n" * 100, "arguments": {}}).encode(),
}


@pytest.mark.parametrize("data", MALFORMED.values(), ids=MALFORMED.keys())
def test_a_malformed_request_is_answered_with_an_error_and_nothing_is_done(server, paths, calls, data):
    with authentic(paths) as connection:
        connection.send_bytes(data)
        answer = wire.decode_answer(wire.receive(connection, 2.0))
    assert answer.error.code == "GD403"
    assert "\x1b" not in answer.error.cause
    assert calls == []


def test_a_request_that_is_too_long_is_cut_off(server, paths, calls):
    with authentic(paths) as connection:
        connection.send_bytes(b"{" + b" " * (wire.MAX_BYTES - 2) + b"}")
        assert wire.decode_answer(wire.receive(connection, 2.0)).error is not None
    with authentic(paths) as connection:
        with contextlib.suppress(BrokenPipeError):
            connection.send_bytes(b"x" * (wire.MAX_BYTES + 1))
        with pytest.raises((OSError, EOFError)):
            wire.receive(connection, 2.0)
    assert calls == []


def test_silent_clients_hold_nobody_up_for_longer_than_their_second(server, paths):
    silent = [connect(paths) for _ in range(3 * MAX_CONNECTIONS)]
    try:
        until(lambda: server.counters()["control_refused"] >= 3 * MAX_CONNECTIONS, 4.0)
        assert Client(paths).request("do") == {"done": True}
        assert all(hung_up(line) for line in silent)
    finally:
        for line in silent:
            line.close()


def test_one_byte_now_and_then_does_not_stretch_the_second(server, paths):
    with connect(paths) as line:
        started = time.monotonic()
        line.settimeout(0.1)
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            while time.monotonic() - started < 5.0:
                line.sendall(b"\x00")
                time.sleep(0.1)
        assert time.monotonic() - started < 2.0
    until(lambda: server.counters()["control_refused"] == 1)


def test_clients_that_vanish_at_any_moment_leave_nothing_behind(server, paths, calls):
    us = psutil.Process()
    Client(paths).request("do")
    descriptors, threads = us.num_fds(), threading.active_count()
    for _ in range(50):
        connect(paths).close()
        authentic(paths).close()
        with authentic(paths) as connection:
            connection.send_bytes(b'{"command": "do"}')
    until(lambda: len(calls) == 51)
    until(lambda: threading.active_count() <= threads)
    assert us.num_fds() <= descriptors


def test_one_who_does_not_read_the_answer_does_not_stay(paths):
    server = Server(paths, {"long": lambda _request: {"text": "x" * (wire.MAX_BYTES - 100)}})
    worker = Worker("control", server.run)
    worker.start()
    until(lambda: server.probe() is None)
    with authentic(paths) as connection:
        connection.send_bytes(b'{"command": "long"}')
        until(lambda: any(thread.name == "control-client" for thread in threading.enumerate()))
        until(lambda: not any(thread.name == "control-client" for thread in threading.enumerate()), 3.0)
    worker.stop()
    assert worker.join(5.0)


def test_a_wrong_key_is_refused_on_both_sides(server, paths, calls):
    access.key_file(paths).write_bytes(b"0" * 64)
    with pytest.raises(ControlError, match="let this command in"):
        Client(paths).request("do")
    until(lambda: server.counters()["control_refused"] == 1)
    assert calls == []


def test_the_client_trusts_nobody_who_does_not_know_the_key(paths):
    paths.runtime.mkdir(mode=0o700)
    access.make_key(paths)
    with socket.socket(socket.AF_UNIX) as impostor:
        impostor.bind(str(paths.socket_file))
        impostor.listen()
        said = []

        def pretend():
            line, _ = impostor.accept()
            with wire.mpc.Connection(line.detach()) as connection:
                connection.send_bytes(b"#CHALLENGE#" + b"0" * 20)
                connection.recv_bytes(256)
                connection.send_bytes(b"#WELCOME#")
                connection.recv_bytes(256)
                connection.send_bytes(b"0" * 16)
                said.append(connection.recv_bytes(256))

        thread = threading.Thread(target=pretend)
        thread.start()
        with pytest.raises(ControlError):
            Client(paths, timeout=1.0).request("do")
        thread.join(5.0)
    assert said == [b"#FAILURE#"]


def test_key_and_socket_are_for_our_eyes_only(server, paths):
    for file in (access.key_file(paths), paths.socket_file):
        assert file.stat().st_mode & 0o077 == 0
    assert paths.runtime.stat().st_mode & 0o077 == 0


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() != 0, reason="only root can become somebody else")
def test_another_user_is_refused_even_with_the_key_and_an_open_door(server, paths, calls, tmp_path):
    for opened in (*paths.runtime.parents, paths.runtime):
        if opened.stat().st_uid == 0 and opened.stat().st_mode & 0o077 != 0o055:
            opened.chmod(opened.stat().st_mode | 0o055)
    for file in (access.key_file(paths), paths.socket_file):
        file.chmod(0o666)
    script = (
        "import sys; from multiprocessing.connection import Client\n"
        f"Client({str(paths.socket_file)!r}, authkey={access.read_key(paths)!r})"
    )
    attempt = subprocess.run(
        ["/usr/bin/python3", "-c", script], user=65534, group=65534, extra_groups=[], capture_output=True, text=True
    )
    assert attempt.returncode != 0
    assert "EOFError" in attempt.stderr or "ConnectionResetError" in attempt.stderr
    until(lambda: server.counters()["control_refused"] == 1)
    assert calls == []


def test_a_flood_of_connections_ends_with_the_daemon_well(server, paths):
    until_then = time.monotonic() + 1.0
    while time.monotonic() < until_then:
        try:
            connect(paths).close()
        except (BlockingIOError, ConnectionRefusedError):
            pass
    until(lambda: _answers(paths))


def _answers(paths):
    try:
        return Client(paths).request("do") == {"done": True}
    except (ControlError, NotRunningError):
        return False

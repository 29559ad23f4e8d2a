"""HTTP, its token and the numbers on Windows: a Windows Python under Wine, asked from outside."""

import http.client
import json
import socket
import time

import pytest
from real_programs import end, eventually

pytestmark = [pytest.mark.desktop, pytest.mark.slow]


def test_it_is_asked_over_http_and_ends_in_time(windows, tmp_path):
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
    daemon = windows("run", "--headless", wait=False, GAMEDETECTD_HTTP_ENABLED="true", GAMEDETECTD_HTTP_PORT=str(port))
    token = tmp_path / "home" / "state" / "http-token"

    def get(path, **headers):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", path, headers=headers)
            answer = connection.getresponse()
            return answer.status, answer.read()
        except OSError as error:
            return 0, str(error).encode()
        finally:
            connection.close()

    eventually(lambda: get("/healthz") == (200, b"ok\n"), 40, lambda: f"HTTP ({get('/healthz')})")
    assert get("/metrics")[0] == 401
    shown = {"Authorization": f"Bearer {token.read_text().strip()}"}
    status, body = get("/metrics", **shown)
    assert status == 200
    assert b'gamedetectd_build_info{python="3.11' in body
    assert b'system="win32"' in body
    assert b"process_resident_memory_bytes" in body
    assert json.loads(get("/api/v1/status", **shown)[1])["running"]
    said = windows("metrics", "--url", GAMEDETECTD_HTTP_ENABLED="true", GAMEDETECTD_HTTP_PORT=str(port))
    assert "Invoke-RestMethod" in said
    held = [socket.create_connection(("127.0.0.1", port)) for _ in range(3)]
    try:
        windows("stop")
        began = time.monotonic()
        daemon.wait(10)
        assert time.monotonic() - began < 6, "Wine takes its time"
    finally:
        for line in held:
            line.close()
        end(daemon)

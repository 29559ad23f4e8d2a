"""The public API, as another program uses it: beside a real daemon, in the daemon's process, and without any."""

import contextlib
import io
import logging
import re
from pathlib import Path

import pytest
from real_daemon import RealDaemon

from gamedetectd import api
from gamedetectd.app.daemon import Daemon
from gamedetectd.config import Settings
from gamedetectd.errors import ControlError, NotRunningError
from gamedetectd.paths import Paths

PAGE = Path(__file__).resolve().parents[2] / "docs" / "api.md"
EXAMPLE = re.search(r"```python\n(.+?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL).group(1)


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("GAMEDETECTD_HOME", str(tmp_path))
    return tmp_path


def said(source):
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(source, str(PAGE), "exec"), {})
    return out.getvalue()


def test_the_documented_example_runs_with_and_without_a_daemon(home):
    assert said(EXAMPLE) == "No daemon of yours answers. Start it with: gamedetectd run\n"
    with RealDaemon(home) as daemon:
        text = said(EXAMPLE)
        now = api.health.current()
        used = api.metrics.current()
        told = daemon.json("status")
    assert re.match(r"(healthy|degraded|unhealthy) since \d\d:\d\d, version \S+\n", text)
    assert "MB, " in text
    assert "GB of memory to give" in text
    assert now.pid == daemon.process.pid == told["daemon"]["pid"]
    assert (now.overall, now.healthy) == (told["health"]["overall"], now.overall == "healthy")
    assert {one.code for one in now.conditions} == {one["code"] for one in told["health"]["conditions"]}
    assert 10e6 < used.memory_bytes < used.system_memory_available_bytes < used.system_memory_bytes
    assert 0 < used.cpu_seconds < 60
    assert 0 < used.uptime_seconds < 60
    assert used.threads > 3
    assert used.counters["programs"] >= 0


def test_in_the_daemons_process_nobody_is_asked_over_a_channel(home, monkeypatch):
    daemon = Daemon(Paths.below(home), Settings())
    daemon.start()
    try:
        monkeypatch.setattr(api, "Client", None)
        assert api.health.current().version
        assert api.metrics.current().cpu_share is None
    finally:
        daemon.stop()
    monkeypatch.undo()
    monkeypatch.setenv("GAMEDETECTD_HOME", str(home))
    with pytest.raises(NotRunningError):
        api.metrics.current()


def test_a_daemon_of_an_older_version_is_named_as_that(home, monkeypatch):
    old = {"version": "0.0.1", "running": True, "paused": False, "paused_until": None, "sessions": [], "counters": {}}

    class Old:
        def __init__(self, _paths): ...

        def request(self, _command):
            return {**old, "health": None}

    monkeypatch.setattr(api, "Client", Old)
    for ask in (api.health.current, api.metrics.current):
        with pytest.raises(ControlError, match="older version"):
            ask()


def test_loggers_lie_below_ours():
    assert api.get_logger("tool").name == "gamedetectd.tool"
    assert api.get_logger("gamedetectd.tool") is api.get_logger("tool")
    assert api.get_logger("gamedetectd") is logging.getLogger("gamedetectd")
    assert api.get_logger("gamedetectdx").name == "gamedetectd.gamedetectdx"


def test_an_id_holds_in_its_block_and_ties_its_lines_together():
    assert api.CorrelationContext.current() == ""
    with api.CorrelationContext() as outer:
        assert re.fullmatch("[0-9a-f]{32}", outer.id)
        with api.CorrelationContext("given") as inner:
            assert (inner.id, api.CorrelationContext.current()) == ("given", "given")
        assert api.CorrelationContext.current() == outer.id
    assert api.CorrelationContext.current() == ""
    with pytest.raises(ValueError, match="x"), api.CorrelationContext():
        raise ValueError("x")
    assert api.CorrelationContext.current() == ""


def test_the_page_names_everything_there_is():
    page = PAGE.read_text(encoding="utf-8")
    assert [name for name in api.__all__ if name not in page] == []

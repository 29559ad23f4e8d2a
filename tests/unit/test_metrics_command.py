"""``gamedetectd metrics``: what a person, a script and Prometheus get to see."""

import json
import os
import stat
import subprocess
import sys

import pytest
import typer
from jsonschema import validate
from metrics_samples import TITLE, readings
from typer.testing import CliRunner

from gamedetectd.cli import metrics
from gamedetectd.control.metrics_shapes import metrics_row
from gamedetectd.control.shapes import schemas
from gamedetectd.errors import NotRunningError
from gamedetectd.views.metric_table import METRICS, collect

NOT_ON_WINDOWS = {
    *("gamedetectd_system_load1", "gamedetectd_system_load5", "gamedetectd_system_load15"),
    *("gamedetectd_system_pressure_ratio", "process_max_fds"),
}
HERE = {metric.name for metric in METRICS} - (NOT_ON_WINDOWS if sys.platform == "win32" else set())


@pytest.fixture
def app(monkeypatch):
    """``app(*arguments)`` with the numbers of a daemon that has lived a little."""
    row = metrics_row("1.0", "2026-11-26T09:00:00.000Z", collect(readings(titles=str)))
    monkeypatch.setattr(metrics, "_ask", lambda: row)
    command = typer.Typer()
    command.command()(metrics.metrics)

    def run(*arguments, code=0):
        done = CliRunner().invoke(command, list(arguments))
        assert done.exit_code == code, done.output
        return done.output

    return run


def test_elsewhere_than_on_a_terminal_it_is_prometheus_text(app):
    text = app()
    assert "# TYPE gamedetectd_sessions_open gauge\ngamedetectd_sessions_open 1.0\n" in text
    assert app("--text") == text


def test_json_passes_the_published_schema(app):
    row = json.loads(app("--json"))
    validate(row, schemas()["metrics"])
    assert {metric["name"] for metric in row["metrics"]} == HERE


def test_on_a_terminal_it_is_a_table_in_units_people_read(app, monkeypatch, capsys):
    monkeypatch.setenv("COLUMNS", "200")
    metrics._print_table(metrics._ask())
    lines = capsys.readouterr().out.splitlines()
    shown = {line.split()[0]: " ".join(line.split()[1:]) for line in lines if line.startswith(" gamedetectd")}
    assert shown["gamedetectd_judgements_total"] == "1,234"
    assert shown["gamedetectd_detection_latency_seconds"] == "2 × 1.5 s, 95 % ≤ 5.0 s"
    assert shown["gamedetectd_history_commit_seconds"] == "2 × 50.0 s, 95 % ≤ ?"
    assert shown["gamedetectd_observation_latency_seconds"].startswith("3 × 134.80 ms")
    assert shown["gamedetectd_session_start_time_seconds"].rpartition("title=")[2].startswith(TITLE[:8])
    assert "2001-09-09" in shown["gamedetectd_session_start_time_seconds"]
    assert shown["gamedetectd_system_memory_size_bytes"].endswith("MB")
    assert shown["gamedetectd_worker_restarts_total"] == "worker=facts 2"
    assert shown["gamedetectd_health"] == "state=degraded 1"
    assert any(line.split() == ["worker=facts", "0"] for line in lines), "a part that does not run"
    assert not any("control-down" in line for line in lines), "a condition that does not stand"
    assert {line.split()[0] for line in lines if line[1:2].strip()} >= HERE


def test_only_one_way_at_a_time(app):
    assert "Choose one" in app("--json", "--text", code=2)


def test_without_a_daemon_it_says_so(tmp_path, monkeypatch):
    monkeypatch.setenv("GAMEDETECTD_HOME", str(tmp_path))
    with pytest.raises(NotRunningError):
        metrics._ask()


@pytest.mark.skipif(sys.platform == "win32", reason="a shell is asked")
@pytest.mark.parametrize(("listen", "host"), [("ipv4", "127.0.0.1"), ("ipv6", "[::1]"), ("both", "127.0.0.1")])
def test_where_it_is_read_over_http_keeps_the_token_out_of_sight(app, tmp_path, monkeypatch, listen, host):
    home = tmp_path / "with space"
    monkeypatch.setenv("GAMEDETECTD_HOME", str(home))
    monkeypatch.setenv("GAMEDETECTD_HTTP_PORT", "9000")
    monkeypatch.setenv("GAMEDETECTD_HTTP_LISTEN", listen)
    assert "http.enabled true" in app("--url")
    monkeypatch.setenv("GAMEDETECTD_HTTP_ENABLED", "true")
    said = app("--url")
    assert "off" not in said
    assert f"http://{host}:9000/metrics\n" in said
    token = home / "state" / "http-token"
    assert str(token) in said
    token.parent.mkdir(parents=True)
    token.write_text("a-token\n")
    place = tmp_path / "bin"
    place.mkdir()
    (place / "curl").write_text(f'#!/bin/sh\necho "$@" > "{tmp_path}/arguments"\ncat > "{tmp_path}/input"\n')
    (place / "curl").chmod(stat.S_IRWXU)
    command = said.strip().splitlines()[-1]
    subprocess.run(["sh", "-c", command], check=True, env={**os.environ, "PATH": f"{place}:{os.environ['PATH']}"})
    assert (tmp_path / "arguments").read_text() == f"--config - http://{host}:9000/metrics\n"
    assert (tmp_path / "input").read_text() == 'header = "Authorization: Bearer a-token"'

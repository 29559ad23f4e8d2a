"""The table of metrics: named as Prometheus wants it, bounded, complete, and read right; its text and its file."""

import dataclasses
import os
import re
import stat
import sys

import msgspec
import pytest
from metrics_samples import SESSION, TITLE, readings, timing
from prometheus_client.parser import text_string_to_metric_families
from real_promtool import promtool

from gamedetectd.control.metrics_shapes import MetricsRow, metrics_row
from gamedetectd.domain import Evidence, Game
from gamedetectd.errors import TextfileError
from gamedetectd.views.exposition import expose, remove_textfile, write_textfile
from gamedetectd.views.metric_readers import LONGEST_TITLE, MOST_TITLES
from gamedetectd.views.metric_table import METRICS, collect
from gamedetectd.views.metrics import Family

BASE_UNITS = ("_seconds", "_bytes", "_ratio")
OTHER_UNITS = re.compile(r"milli|micro|minute|hour|_ms\b|_kb|_mb|_kib|percent|_days", re.IGNORECASE)
UNBOUNDED = {"session", "game", "title"}


def series(families, name, **labels):
    """The value of one series."""
    [family] = [one for one in families if one.name == name]
    [sample] = [one for one in family.samples if one.labels == labels]
    return sample.value


@pytest.mark.parametrize("metric", METRICS, ids=lambda metric: metric.name)
def test_names_follow_the_conventions(metric):
    assert re.fullmatch(r"(gamedetectd|process)_[a-z0-9_]+", metric.name)
    assert metric.name.endswith("_total") == (metric.kind == "counter")
    assert not OTHER_UNITS.search(metric.name), "base units only"
    assert not metric.name.endswith(("_count", "_sum", "_bucket", "_info")) or metric.name == "gamedetectd_build_info"
    if metric.kind == "histogram":
        assert metric.name.endswith(BASE_UNITS)
    assert metric.help.endswith("."), "a sentence"
    assert metric.help[0].isupper() or metric.help[0].isdigit()
    assert not {"le", "quantile", "job", "instance", "type"} & set(metric.labels)


def test_names_are_there_once():
    assert len({metric.name for metric in METRICS}) == len(METRICS)


def test_every_metric_of_a_daemon_that_lives_has_something_to_say():
    families = collect(readings(titles=str))
    assert {family.name for family in families} == {metric.name for metric in METRICS}
    for metric, family in zip(METRICS, families, strict=True):
        assert all(tuple(sample.labels) == metric.labels for sample in family.samples)


def test_nothing_but_tables_of_ours_makes_series_unless_titles_are_asked_for():
    many = tuple(SESSION for _ in range(100))
    quiet = collect(readings(sessions=many))
    assert TITLE not in str(quiet)
    assert not any(UNBOUNDED & set(sample.labels) for family in quiet for sample in family.samples)
    assert sum(len(family.samples) for family in quiet) < 250
    told = collect(readings(sessions=many, titles=lambda title: title * 20))
    samples = [sample for family in told for sample in family.samples if "title" in sample.labels]
    assert len(samples) == 2 * MOST_TITLES
    assert {len(sample.labels["title"]) for sample in samples} == {LONGEST_TITLE}


def test_a_title_that_is_no_text_can_be_told():
    odd = dataclasses.replace(SESSION, game=Game("name:odd", "od\udce9d"))
    _, text = expose(collect(readings(sessions=(odd,), titles=str)))
    assert b'title="od\\\\udce9d"' in text


def test_values_are_what_was_read():
    families = collect(readings())
    assert series(families, "gamedetectd_sessions_open") == 1
    assert series(families, "gamedetectd_sessions_started_total") == 5
    assert series(families, "gamedetectd_detections_total", source="store") == 3
    assert series(families, "gamedetectd_worker_restarts_total", worker="facts") == 2
    assert series(families, "gamedetectd_worker_running", worker="facts") == 0
    assert series(families, "gamedetectd_health", state="degraded") == 1
    assert series(families, "gamedetectd_health", state="healthy") == 0
    assert series(families, "gamedetectd_health_condition", code="disk-nearly-full", severity="warning") == 1
    assert series(families, "gamedetectd_health_condition", code="control-down", severity="warning") == 0
    assert series(families, "gamedetectd_http_requests_total", path="/metrics", code="200") == 4
    [latency] = [one for one in families if one.name == "gamedetectd_observation_latency_seconds"]
    [sample] = latency.samples
    assert (sample.value, round(sample.sum, 4)) == (3, 0.4044)
    assert dict(sample.buckets)[0.005] == 2


def test_what_the_system_does_not_tell_is_left_out():
    families = collect(readings(resources=None, counters={}))
    names = {family.name for family in families}
    assert not any(name.startswith(("gamedetectd_system", "process_cpu", "gamedetectd_queue")) for name in names)
    assert "gamedetectd_sessions_open" in names


def test_the_text_is_what_prometheus_reads():
    kind, text = expose(collect(readings(titles=str)))
    assert kind.startswith("text/plain; version=0.0.4")
    code, said = promtool("check", "metrics", stdin=text)
    assert (code, said) == (0, "")


OPEN = "application/openmetrics-text"
PROMETHEUS_2 = f"{OPEN};version=1.0.0,{OPEN};version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1"
FORMATS = [
    ("", "text/plain; version=0.0.4"),
    ("text/plain", "text/plain; version=0.0.4"),
    ("*/*", "text/plain; version=0.0.4"),
    ("text/html, nonsense;;=, ;version=,", "text/plain; version=0.0.4"),
    (f"{OPEN}; version=abc", "text/plain; version=0.0.4"),
    (f"{OPEN}; version=99.0.0", "text/plain; version=0.0.4"),
    ("text/plain;version=1.0.0;escaping=allow-utf-8", "text/plain; version=1.0.0"),
    (OPEN, f"{OPEN}; version=1.0.0"),
    (f"{OPEN.upper()}; VERSION=1.0.0", f"{OPEN}; version=1.0.0"),
    (PROMETHEUS_2, f"{OPEN}; version=1.0.0"),
]


@pytest.mark.parametrize(("accept", "expected"), FORMATS)
def test_whatever_format_is_asked_for_one_comes_that_can_be_parsed(accept, expected):
    kind, text = expose(collect(readings(titles=str)), accept)
    assert kind.startswith(f"{expected}; charset=utf-8")
    if OPEN in kind:
        from prometheus_client.openmetrics.parser import text_string_to_metric_families as parse
    else:
        parse = text_string_to_metric_families
    found = {sample.name: sample for family in parse(text.decode()) for sample in family.samples}
    assert found["gamedetectd_session_foreground_seconds"].labels["title"] == TITLE
    assert found["gamedetectd_history_commit_seconds_count"].value == 2


def test_buckets_end_in_infinity_and_only_grow():
    text = expose(collect(readings(latency=timing(0.02, 1e9))))[1].decode()
    buckets = [
        (sample.labels["le"], sample.value)
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if sample.name == "gamedetectd_observation_latency_seconds_bucket"
    ]
    assert buckets[-1] == ("+Inf", 2.0)
    assert [value for _, value in buckets] == sorted(value for _, value in buckets)


def test_json_keeps_all_of_it():
    families = collect(readings(titles=str))
    row = metrics_row("1.0", "2026-11-26T09:00:00.000Z", families)
    again = msgspec.json.decode(msgspec.json.encode(row), type=MetricsRow)
    assert msgspec.convert(again.metrics, tuple[Family, ...], from_attributes=True) == families


def test_the_kind_of_evidence_is_that_of_the_loudest():
    from gamedetectd.app.numbers import kind_of

    loud, quiet = Evidence("library.installed", 9.0, "It is."), Evidence("store.argument", 5.0, "It says so.")
    assert kind_of((quiet, loud)) == "library"
    assert kind_of(()) == "other"
    assert kind_of((Evidence("of.an.older.version", 5.0, "It was."),)) == "other"


# --- the file ---


def test_the_file_stands_beside_node_exporters_own_metrics(tmp_path):
    path = tmp_path / "games.prom"
    write_textfile(path, collect(readings()), public=False)
    text = path.read_bytes()
    assert not re.search(rb"^(# \w+ )?process_", text, re.MULTILINE), "node_exporter refuses a second process_ metric"
    assert b"gamedetectd_process_cpu_seconds_total" in text
    assert promtool("check", "metrics", stdin=text) == (0, "")


@pytest.mark.skipif(sys.platform == "win32", reason="access lists decide there")
@pytest.mark.parametrize(("public", "mode"), [(False, 0o600), (True, 0o644)])
def test_who_may_read_it_is_asked_for_and_not_the_umask(tmp_path, public, mode):
    before = os.umask(0o077)
    try:
        write_textfile(tmp_path / "x.prom", collect(readings()), public=public)
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "x.prom").stat().st_mode) == mode


def test_a_link_in_its_place_is_replaced_and_not_followed(tmp_path):
    victim, path = tmp_path / "victim", tmp_path / "x.prom"
    victim.write_text("mine")
    path.symlink_to(victim)
    write_textfile(path, collect(readings()), public=False)
    assert victim.read_text() == "mine"
    assert not path.is_symlink()


def test_where_it_cannot_be_written_nothing_is_left_behind(tmp_path):
    with pytest.raises(TextfileError, match="cannot be written"):
        write_textfile(tmp_path / "missing" / "x.prom", collect(readings()), public=False)
    (tmp_path / "x.prom").mkdir()
    with pytest.raises(TextfileError):
        write_textfile(tmp_path / "x.prom", collect(readings()), public=False)
    with pytest.raises(TextfileError, match="cannot be removed"):
        remove_textfile(tmp_path / "x.prom")
    assert [one.name for one in tmp_path.iterdir()] == ["x.prom"]
    remove_textfile(tmp_path / "never-written.prom")

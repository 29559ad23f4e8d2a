"""What a log shipper reads: every line is JSON in the Elastic Common Schema, whatever was logged."""

import io
import json
import logging
import os
import re
import threading
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from real_logs import events, log, messages, real_log

from gamedetectd import __version__
from gamedetectd.errors import HistoryError
from gamedetectd.observability.correlation import correlation
from gamedetectd.observability.ecs import LINE_LIMIT, EcsFormatter, timestamp
from gamedetectd.observability.fields import FIELDS, Field, Kind, deviations, fits


def _only(directory):
    found = events(directory)
    assert len(found) == 1
    return found[0]


def test_a_line_has_the_base_fields(tmp_path):
    with real_log(tmp_path):
        log.warning("the queue holds %d of %s", 5, "many")
    event = _only(tmp_path)
    assert re.fullmatch(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", event["@timestamp"])
    assert event["log.level"] == "warning"
    assert event["message"] == "the queue holds 5 of many"
    assert event["ecs.version"] == "1.6.0"
    assert event["log"]["logger"] == "gamedetectd.test"
    assert event["log"]["origin"]["file"]["name"] == "test_logs_ecs.py"
    assert event["process"]["pid"] == os.getpid()
    assert event["process"]["thread"]["name"] == threading.current_thread().name
    assert event["service"] == {"name": "gamedetectd", "version": __version__}
    assert event["event"]["dataset"] == "gamedetectd.log"
    assert "trace" not in event
    assert "error" not in event
    assert list(event)[:3] == ["@timestamp", "log.level", "message"]


def test_the_correlation_id_in_force_is_the_trace_id(tmp_path):
    with real_log(tmp_path):
        with correlation() as correlation_id:
            log.info("within")
        log.info("outside")
    within, outside = events(tmp_path)
    assert within["trace"]["id"] == correlation_id
    assert "trace" not in outside


def test_an_exception_says_type_message_and_where_with_its_cause(tmp_path):
    with real_log(tmp_path):
        try:
            try:
                raise KeyError("first")
            except KeyError as error:
                raise ValueError("second: 2") from error
        except ValueError:
            log.exception("it failed")
    error = _only(tmp_path)["error"]
    assert error["type"] == "ValueError"
    assert error["message"] == "second: 2"
    assert "KeyError: 'first'" in error["stack_trace"]
    assert error["stack_trace"].splitlines()[-1] == "ValueError: second: 2"
    assert "code" not in error


def test_an_error_of_ours_carries_its_code(tmp_path):
    with real_log(tmp_path):
        log.error("no history", exc_info=HistoryError("It is damaged.", "Restore it."))
        log.error("nothing said", exc_info=ValueError())
    ours, silent = events(tmp_path)
    assert ours["error"]["code"] == "GD301"
    assert ours["error"]["message"] == "The history cannot be used: It is damaged. Restore it."
    assert silent["error"]["message"] == "ValueError"


def test_a_stack_can_be_shown_without_an_exception(tmp_path):
    with real_log(tmp_path):
        log.info("here", stack_info=True)
        log.info("nothing is being handled", exc_info=True)
    stack, nothing = events(tmp_path)
    assert "test_a_stack_can_be_shown" in stack["error"]["stack_trace"]
    assert "error" not in nothing


class _Unspeakable:
    def __str__(self):
        raise ArithmeticError("no words")


EXTRAS = {
    "a field of the table": ({"gamedetectd": {"game": {"id": "steam:620"}}}, {"game": {"id": "steam:620"}}),
    "spelled with dots": ({"gamedetectd.game.id": "steam:620"}, {"game": {"id": "steam:620"}}),
    "a whole number for a float": (
        {"gamedetectd": {"session": {"idle_seconds": 3}}},
        {"session": {"idle_seconds": 3.0}},
    ),
    "a list": ({"gamedetectd": {"evidence": ["a", "b"]}}, {"evidence": ["a", "b"]}),
    "a tuple": ({"gamedetectd": {"session": {"processes": (1, 2)}}}, {"session": {"processes": [1, 2]}}),
    "not in the table": ({"gamedetectd": {"queue": {"length": 3}}}, {"details": {"queue.length": "3"}}),
    "of a wrong type": ({"gamedetectd": {"repeated": "often"}}, {"details": {"repeated": "often"}}),
    "too large": ({"gamedetectd": {"repeated": 2**64}}, {"details": {"repeated": str(2**64)}}),
    "true is no number": ({"gamedetectd": {"repeated": True}}, {"details": {"repeated": "True"}}),
    "not a number": ({"gamedetectd": {"session": {"idle_seconds": float("nan")}}}, None),
    "infinite": ({"gamedetectd": {"speed": float("inf")}}, {"details": {"speed": "inf"}}),
    "a list of anything": ({"gamedetectd": {"argv": ["a b", 1, None]}}, {"details": {"argv": "'a b' 1 None"}}),
    "bytes": ({"gamedetectd": {"data": b"\x00"}}, {"details": {"data": "b'\\x00'"}}),
    "nothing": ({"gamedetectd": {"window": None}}, {"details": {"window": "None"}}),
    "a path": ({"gamedetectd": {"file": Path("x/y")}}, {"details": {"file": str(Path("x/y"))}}),
    "details as such": ({"gamedetectd": {"details": {"x": 1}}}, {"details": {"x": "1"}}),
    "details that are no object": ({"gamedetectd": {"details": "x"}}, {"details": {"details": "x"}}),
    "of another library": ({"status": 200}, {"details": {"status": "200"}}),
    "a key that is no text": ({"gamedetectd": {1: 2}}, {"details": {"1": "2"}}),
    "no mapping": ({"gamedetectd": "x"}, {"details": {"gamedetectd": "x"}}),
    "a base field": ({"service": {"name": "other"}}, {"details": {"service.name": "other"}}),
}


@pytest.mark.parametrize(("extra", "shown"), EXTRAS.values(), ids=EXTRAS)
def test_what_is_added_to_a_line_never_breaks_an_index(extra, shown, tmp_path):
    with real_log(tmp_path):
        log.info("with extra", extra=extra)
    event = _only(tmp_path)
    if shown is not None:
        assert event["gamedetectd"] == shown
    assert event["service"]["name"] == "gamedetectd"


def test_a_wrong_log_call_is_told_with_its_place_and_the_next_line_is_fine(tmp_path):
    terminal = io.StringIO()
    with real_log(tmp_path, terminal=terminal):
        log.info("%d apples", "many")
        log.info("%s %s", "one")
        log.info("it is %s", _Unspeakable())
        log.info(_Unspeakable())
        log.info("fine")
    *told, fine = messages(tmp_path)
    assert fine == "fine"
    assert len(told) == 4
    assert re.fullmatch(
        r"a log line of gamedetectd.test \(test_logs_ecs.py:\d+\) could not be made \(TypeError\): %d apples", told[0]
    )
    assert "(ArithmeticError): it is %s" in told[2]
    assert told[3].endswith("(ArithmeticError): _Unspeakable")
    assert len(terminal.getvalue().splitlines()) == 5


_JSON_LIKE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(message=st.text(), name=st.text(), own=st.dictionaries(st.text() | st.sampled_from([*FIELDS]), _JSON_LIKE))
def test_whatever_is_logged_becomes_one_line_that_holds_to_the_table(message, name, own):
    record = logging.LogRecord(name, logging.INFO, "x.py", 1, message, None, None)
    record.__dict__["gamedetectd"] = own
    line = EcsFormatter().format(record)
    assert len(line.splitlines()) == 1
    assert deviations(json.loads(line)) == []


@pytest.mark.parametrize("limit", [6_000, 9_999, LINE_LIMIT])
@pytest.mark.parametrize("text", ["x" * 100_000, "ポ" * 100_000, "\0" * 100_000], ids=["letters", "wide", "escaped"])
def test_no_line_is_longer_than_its_limit(limit, text):
    record = logging.LogRecord("gamedetectd", logging.INFO, "x.py", 1, text, None, None)
    try:
        raise ValueError(text)
    except ValueError as error:
        record.exc_info = (type(error), error, error.__traceback__)
    record.__dict__["gamedetectd"] = {
        "evidence": [text] * 1_000,
        "session": {"processes": list(range(100_000)), "id": text},
        **{f"key {number} {text}": text for number in range(50)},
    }
    line = EcsFormatter(limit).format(record)
    assert len(line.encode()) <= limit
    assert deviations(json.loads(line)) == []


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (0.0, "1970-01-01T00:00:00.000Z"),
        (1_700_000_000.9996, "2023-11-14T22:13:20.999Z"),
        (-5.0, "1970-01-01T00:00:00.000Z"),
        (1e300, "9999-12-31T23:59:59.000Z"),
    ],
)
def test_times_are_utc_with_milliseconds_and_never_fail(seconds, shown):
    assert timestamp(seconds) == shown


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        (Kind.DATE, "2026-01-01T00:00:00.000Z", "2026-01-01 00:00:00"),
        (Kind.KEYWORD, "x", 1),
        (Kind.TEXT, "", None),
        (Kind.LONG, -(2**63), 2**63),
        (Kind.LONG, 1, 1.0),
        (Kind.FLOAT, 1.0, 1),
        (Kind.FLOAT, -0.5, float("inf")),
        (Kind.FLATTENED, {"a": "b"}, {"a": 1}),
    ],
)
def test_a_value_fits_its_field_or_not(kind, good, bad):
    assert fits(Field(kind, ""), good)
    assert not fits(Field(kind, ""), bad)
    assert fits(Field(kind, "", many=True), [good, good])
    assert not fits(Field(kind, "", many=True), [good, bad])
    assert not fits(Field(kind, "", many=True), good)


def test_deviations_are_named():
    assert deviations({"message": 1, "strange": {"field": "x"}}) == [
        "message is 1, not match_only_text",
        "strange.field is not in the table",
    ]


def test_the_documentation_lists_every_field():
    page = (Path(__file__).parents[2] / "docs" / "logs.md").read_text(encoding="utf-8")
    rows = [row for row in page.partition("## Fields")[2].splitlines() if row.startswith("| `")]
    assert rows == [
        f"| `{name}` | {field.kind}{', list' if field.many else ''} | {field.description} |"
        for name, field in FIELDS.items()
    ]

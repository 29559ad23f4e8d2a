"""The JSON other programs read: every converter's output passes the published schema, and tells nothing private."""

import json
import math

import jsonschema
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gamedetectd.control import shapes
from gamedetectd.domain import (
    ActiveCondition,
    EndedBy,
    Evidence,
    Game,
    ProcessKey,
    Rule,
    RuleKind,
    Session,
    SessionEvent,
    SessionEventKind,
    Severity,
    Snapshot,
    Verdict,
)

KEY = ProcessKey("boot", 42, 1000)
CHILD = ProcessKey("boot", 43, 1001)
GAME = Game("steam:620", "Portal 2")
ZELDA = Game("name:zelda", "Zelda", platform="Nintendo 64")
MOMENT = "2023-11-14T22:13:20.250Z"
EVIDENCE = (Evidence("window", 1.5, 'Its window is titled "Portal 2".'), Evidence("launcher", -2.0, "A launcher."))
RUNNING = Session("s1", GAME, 1_700_000_000.25, 12.0, KEY, (CHILD, KEY, CHILD), EVIDENCE, 0.98, foreground_seconds=10.5)
ENDED = Session("s2", GAME, 1e9, 12.0, KEY, (KEY,), EVIDENCE, ended_at=1e9 + 60, ended_by=EndedBy.EXIT)
PROBLEM = ActiveCondition("log", "The log is full", Severity.WARNING, "Disk full.", "Free some space.", 1e9)
SNAPSHOT = Snapshot("1.0", (RUNNING,), ("s1",), math.inf, (PROBLEM,), {"control_requests": 3})


def plain(text):
    return text


def as_json(value):
    return json.loads(msgspec.json.encode(value))


OUTPUTS = [
    ("scan", [shapes.scan_row(RUNNING, True, plain)]),
    ("sessions", [shapes.session_row(RUNNING, plain), shapes.session_row(ENDED, plain)]),
    ("judge", shapes.judge_row("x", Verdict(GAME, 0.9, EVIDENCE), plain)),
    ("judge", shapes.judge_row("x", Verdict(None, 0.1, ()), plain)),
    ("explain", shapes.explain_row("42", Verdict(GAME, 0.9, EVIDENCE), {"id": "42", "window": None}, plain)),
    ("status", shapes.status_row(SNAPSHOT, "degraded", plain)),
    ("status", shapes.not_running_row("1.0")),
    (
        "game",
        shapes.GamesRow(
            [shapes.rule_row(Rule(RuleKind.GAME, "/x"), plain)],
            [shapes.PlayedGameRow(shapes.game_row(ZELDA, plain), 2, 3.5, [shapes.AliasRow("name:x", "Why.", MOMENT)])],
        ),
    ),
    ("watch", shapes.event_row(SessionEvent("e1", SessionEventKind.ENDED, 1e9, ENDED, "c1", 7), plain)),
]


@pytest.mark.parametrize(("name", "value"), OUTPUTS, ids=[name for name, _ in OUTPUTS])
def test_what_is_printed_passes_the_published_schema(name, value):
    schema = shapes.schemas()[name]
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(as_json(value), schema)


def test_the_schemas_refuse_what_is_not_in_them():
    row = as_json(shapes.scan_row(RUNNING, True, plain))
    del row["started_at"]
    with pytest.raises(jsonschema.ValidationError, match="started_at"):
        jsonschema.validate([row], shapes.schemas()["scan"])


def test_a_running_game_looks_like_this():
    assert as_json(shapes.scan_row(RUNNING, True, plain)) == {
        "game": {"id": "steam:620", "title": "Portal 2", "platform": None},
        "probability": 0.98,
        "started_at": "2023-11-14T22:13:20.250Z",
        "foreground": True,
        "processes": [42, 43],
        "evidence": [
            {"source": "window", "weight": 1.5, "reason": 'Its window is titled "Portal 2".'},
            {"source": "launcher", "weight": -2.0, "reason": "A launcher."},
        ],
    }


def test_the_machine_a_game_was_made_for_is_told():
    assert as_json(shapes.game_row(ZELDA, plain)) == {"id": "name:zelda", "title": "Zelda", "platform": "Nintendo 64"}
    assert as_json(shapes.rule_row(Rule(RuleKind.IGNORE, "/x", "-a", "T"), str.lower)) == {
        "kind": "ignore",
        "executable": "/x",
        "argument": "-a",
        "title": "t",
    }


def test_an_ended_session_looks_like_this():
    row = as_json(shapes.session_row(ENDED, plain))
    assert (row["started_at"], row["ended_at"], row["ended_by"]) == (
        "2001-09-09T01:46:40.000Z",
        "2001-09-09T01:47:40.000Z",
        "exit",
    )


@pytest.mark.parametrize(
    ("until", "paused", "shown"), [(None, False, None), (math.inf, True, None), (1e9, True, "2001-09-09T01:46:40.000Z")]
)
def test_a_pause_says_until_when(until, paused, shown):
    row = shapes.status_row(Snapshot("1.0", paused_until=until), "healthy", plain)
    assert (row.paused, row.paused_until) == (paused, shown)


def test_private_titles_are_nowhere_in_any_output():
    canary = "My Bank - 12345"

    def hide(text):
        return text.replace(canary, "[private title]")

    game = Game("name:x", canary)
    evidence = (Evidence("window", 1.0, f'Its window is titled "{canary}".'),)
    session = Session("s", game, 1e9, 1.0, KEY, (KEY,), evidence)
    condition = ActiveCondition("c", "t", Severity.INFO, canary, "r", 1e9)
    facts = {"window": {"pid": 1, "title": canary}, "texts": [canary]}
    rows = [
        shapes.scan_row(session, True, hide),
        shapes.session_row(session, hide),
        shapes.explain_row("1", Verdict(game, 0.9, evidence), facts, hide),
        shapes.status_row(Snapshot("1", (session,), conditions=(condition,)), "healthy", hide),
        shapes.event_row(SessionEvent("e", SessionEventKind.STARTED, 1e9, session), hide),
    ]
    assert facts["window"]["title"] == canary
    for row in rows:
        assert "Bank" not in json.dumps(as_json(row))
        assert "[private title]" in json.dumps(as_json(row))


@given(st.floats())
def test_every_number_is_some_time(wall):
    text = shapes.rfc3339(wall)
    jsonschema.validate(text, {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$"})

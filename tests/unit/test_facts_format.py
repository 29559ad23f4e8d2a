"""The facts format: what is lenient, what is refused, and that writing is the exact reverse of reading."""

from __future__ import annotations

import json
from dataclasses import fields

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gamedetectd import domain
from gamedetectd.detection.judge import verdict_on
from gamedetectd.domain import (
    ALL_KINDS,
    Bounds,
    Bundle,
    DesktopEntry,
    FactKind,
    Facts,
    ForegroundChanged,
    IdleChanged,
    InstalledGame,
    Instant,
    PowerChanged,
    PowerState,
    ProcessEnded,
    ProcessInfo,
    ProcessKey,
    ProcessStarted,
    Resync,
    Rule,
    RuleKind,
    ScreenClassified,
    ScreenLabels,
    StoreSignal,
    System,
    TitleRead,
    Window,
)
from gamedetectd.errors import FactsError
from gamedetectd.facts.format import dump, dump_observation, parse, parse_observation, verdict_row
from gamedetectd.facts.wire import DEEPEST, LONGEST_LINE, decode

text = st.text(st.characters(codec="utf-8"), max_size=20)
some = text.filter(bool)
clock = st.floats(0, 1e10, allow_nan=False)
number = st.integers(0, 2**31)
keys = st.builds(ProcessKey, text, number, number)
processes = st.builds(
    ProcessInfo,
    key=keys,
    parent_pid=number,
    exe=st.none() | some,
    argv=st.lists(text, max_size=4).map(tuple),
    cwd=st.none() | some,
    user=st.none() | some,
    environment=st.dictionaries(text, text, max_size=3),
    started_elapsed=clock,
    comm=text,
)
windows = st.builds(
    Window,
    handle=number,
    pid=number,
    title=text,
    class_name=text,
    fullscreen=st.booleans(),
    bounds=st.none() | st.builds(Bounds, *[st.integers(-(2**20), 2**20)] * 4),
    monitor=text,
)
decisions = st.sampled_from(["", "game", "not_game", "unknown"])
labels = st.builds(ScreenLabels, st.floats(0, 1), st.none() | text, st.floats(0, 1), decisions, text)
category = text.map(str.strip).filter(lambda name: name and ";" not in name)
known = st.builds(
    Facts,
    id=text,
    system=st.sampled_from(System),
    processes=st.lists(processes, max_size=3).map(tuple),
    window=st.none() | windows,
    files=st.dictionaries(text, st.lists(text, max_size=3).map(tuple), max_size=3),
    metadata=st.dictionaries(text, text, max_size=3),
    version_info=st.dictionaries(text, st.dictionaries(text, text, max_size=2), max_size=2),
    desktop_entry=st.none() | st.builds(DesktopEntry, text, st.lists(category, max_size=3).map(tuple), text),
    bundle=st.none() | st.builds(Bundle, text, text),
    library=st.lists(st.builds(InstalledGame, text, text, text, text), max_size=2).map(tuple),
    mapped=st.frozensets(text.filter(lambda name: "/" not in name and "\\" not in name), max_size=3),
    gpu=st.floats(0, 1),
    screen=st.none() | labels,
    texts=st.lists(text, max_size=2).map(tuple),
    rules=st.lists(st.builds(Rule, st.sampled_from(RuleKind), text, text, text), max_size=2).map(tuple),
    gathered=st.frozensets(st.sampled_from(FactKind)),
)
instants = st.builds(Instant, clock, clock, clock)
observations = st.one_of(
    st.builds(ProcessStarted, instants, processes, st.lists(processes, max_size=2).map(tuple)),
    st.builds(ProcessEnded, instants, keys, clock),
    st.builds(Resync, instants, st.lists(processes, max_size=2).map(tuple)),
    st.builds(ForegroundChanged, instants, st.none() | windows),
    st.builds(IdleChanged, instants, st.booleans(), clock),
    st.builds(PowerChanged, instants, st.sampled_from(PowerState), st.floats(-1e6, 1e6)),
    st.builds(ScreenClassified, instants, number, labels),
    st.builds(TitleRead, instants, number, text),
    st.builds(StoreSignal, instants, text, number, text, st.booleans()),
)


@given(known)
def test_facts_written_and_read_are_the_same(facts):
    assert parse(json.dumps(dump(facts))) == facts
    assert parse(dump(facts)) == facts


@given(observations)
def test_observations_written_and_read_are_the_same(observation):
    line = json.dumps(dump_observation(observation))
    assert json.loads(line)["type"] == "observation"
    assert parse_observation(line.encode()) == observation


def test_every_kind_of_observation_can_be_recorded():
    kinds = domain.Observation.__args__
    assert {len(fields(kind)) > 0 for kind in kinds} == {True}
    assert len(kinds) == 9


def test_what_is_missing_null_or_unknown_is_fine():
    assert parse("{}") == Facts()
    nulls = {**dump(Facts()), **dict.fromkeys(field.name for field in fields(Facts)), "os": None}
    assert parse(nulls) == Facts()
    assert parse({"future": [1], "window": {"future": 1, "title": None, "bounds": None}}).window == Window()
    one = parse({"processes": [{"exe": "", "argv": None, "env": {"A": None, "B": "b"}, "future": 1}]}).processes[0]
    assert (one.exe, one.argv, one.environment) == (None, (), {"B": "b"})
    assert parse({"library": [{}], "files": {"/x": None}, "version_info": {"/x": None}}).library[0].store == ""


LENIENT = [
    ({"os": "Windows"}, "system", System.WINDOWS),
    ({"os": "darwin"}, "system", System.MACOS),
    ({"os": " LINUX "}, "system", System.LINUX),
    ({"id": 7}, "id", "7"),
    ({"mapped": ["/usr/lib/libGL.so.1", "C:\\x\\d3d11.dll"]}, "mapped", frozenset(["libGL.so.1", "d3d11.dll"])),
    ({"gpu": True}, "gpu", 1.0),
    ({"gpu": 0.25}, "gpu", 0.25),
    ({"gpu": 40}, "gpu", 0.4),
    ({"gpu": {"busy": 0.5}}, "gpu", 0.5),
    ({"gpu": {}}, "gpu", 0.0),
    ({"gpu": -3}, "gpu", 0.0),
    ({"screen": 0.9}, "screen", ScreenLabels(0.9)),
    ({"screen": {"game_probability": 0.9, "title": "X", "title_score": None}}, "screen", ScreenLabels(0.9, "X")),
    (
        {"desktop_entry": {"Name": "X", "Categories": "Game; Arcade;"}},
        "desktop_entry",
        DesktopEntry("X", ("Game", "Arcade")),
    ),
    ({"bundle": {"CFBundleName": "X"}}, "bundle", Bundle("X")),
    ({"metadata": {"unity": "X", "steam_id": 620, "godot": None}}, "metadata", {"unity": "X", "steam_id": "620"}),
    (
        {"version_info": {"a": {"ProductVersion": 3, "ProductName": None}}},
        "version_info",
        {"a": {"ProductVersion": "3"}},
    ),
    ({"window": {"bounds": [1, 2, 3.0, 4]}}, "window", Window(bounds=Bounds(1, 2, 3, 4))),
    ({"window": {"bounds": [1, 2]}}, "window", Window()),
    ({"window": {"bounds": {"x": 1e300, "y": -1e300}}}, "window", Window(bounds=Bounds(2**31, -(2**31), 0, 0))),
    ({"library": [{"store": "steam", "id": 620}]}, "library", (InstalledGame("steam", "620", "", ""),)),
    ({"processes": [{"exe": "C:\\x.exe"}]}, "system", System.WINDOWS),
    ({"processes": [{"argv": ["/Applications/X.app/Contents/MacOS/X"]}]}, "system", System.MACOS),
    ({"processes": [{"argv": "one string"}]}, "system", System.LINUX),
]


@pytest.mark.parametrize(("line", "field", "value"), LENIENT)
def test_shapes_people_write(line, field, value):
    assert getattr(parse(json.dumps(line)), field) == value


REFUSED = {
    "no JSON": (b"x", "JSON"),
    "empty": (b"", "JSON"),
    "not an object": (b"[1]", "object"),
    "binary": (bytes(range(256)), "JSON"),
    "invalid UTF-8": (b'{"id": "\xff\xfe"}', "JSON"),
    "half a line": (b'{"id": "1", "proc', "JSON"),
    "wrong shape": (b'{"window": []}', "$.window"),
    "wrong deep shape": (b'{"processes": [{"pid": "x"}]}', "$.processes[0].pid"),
    "unknown system": (b'{"os": "beos"}', "$.os"),
    "too deep": (b"[" * 1_000_000, "levels"),
    "too deep within an object": (b'{"a":' * 5_000 + b"1" + b"}" * 5_000, "levels"),
    "too long": (b'{"id": "' + b"x" * LONGEST_LINE + b'"}', "bytes"),
    "a number beyond numbers": (b'{"window": {"pid": 1e999}}', ""),
}


@pytest.mark.parametrize("name", REFUSED)
def test_bad_lines_are_refused_with_what_is_wrong(name):
    line, said = REFUSED[name]
    with pytest.raises(FactsError) as refused:
        parse(line)
    assert said in refused.value.cause
    assert refused.value.remedy


def test_numbers_in_an_environment_are_text():
    (process,) = parse({"processes": [{"pid": 1, "env": {"SteamAppId": 620, "DISPLAY": None}}]}).processes
    assert process.environment == {"SteamAppId": "620"}


def test_surrogates_are_refused_and_not_passed_on():
    with pytest.raises(FactsError):
        parse('{"id": "\udcff"}')


def test_brackets_in_a_title_are_no_nesting():
    title = "[" * (DEEPEST * 10) + '\\" {'
    assert decode(json.dumps({"id": title}))["id"] == title


@settings(max_examples=200)
@given(st.binary(max_size=200))
def test_any_bytes_are_facts_or_refused(line):
    try:
        parse(line)
    except FactsError:
        pass


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | text,
        lambda inner: st.lists(inner) | st.dictionaries(text, inner),
        max_leaves=8,
    )
)
def test_any_value_anywhere_is_facts_or_refused(value):
    for key in ("processes", "window", "files", "library", "gpu", "screen", "desktop_entry", "rules", "id"):
        try:
            parse({key: value})
        except FactsError:
            pass


OBSERVATIONS_REFUSED = [
    '{"type": "observation"}',
    '{"type": "observation", "observation": "teapot"}',
    '{"observation": "resync"}',
    '{"type": "observation", "observation": "resync"}',
    '{"type": "observation", "observation": "resync", "at": {"awake": 1, "elapsed": 1, "wall": 1}}',
    '{"type": "observation", "observation": "resync", "at": {"awake": "x"}, "processes": []}',
    '{"type": "observation", "observation": "idle_changed", "at": {"awake": 1, "elapsed": 1, "wall": 1}, "idle": 3}',
]


@pytest.mark.parametrize("line", OBSERVATIONS_REFUSED)
def test_bad_observations_are_refused(line):
    with pytest.raises(FactsError):
        parse_observation(line)


def test_the_row_that_judge_writes():
    game = Facts(id="a", processes=(ProcessInfo(ProcessKey("b", 1, 1), exe="/usr/games/supertux2"),))
    row = verdict_row("a", verdict_on(game))
    assert list(row) == ["id", "is_game", "game", "probability", "evidence"]
    assert row["game"] == {"id": "name:supertux-2", "title": "Supertux 2", "platform": None}
    assert list(row["evidence"][0]) == ["source", "weight", "reason"]
    nothing = verdict_row(3, verdict_on(Facts()))
    assert (nothing["id"], nothing["is_game"], nothing["game"]) == (3, False, None)
    assert Facts().gathered == ALL_KINDS

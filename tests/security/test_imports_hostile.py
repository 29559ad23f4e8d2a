"""Files to import that are bombs, nonsense or of wrong types: a sentence with file and place, in little memory."""

import json
import os
import random
import sys
import time
import tracemalloc

import pytest
from imported_files import EVENING, bucket, event, localconfig

from gamedetectd.app.imports import activitywatch, found, playnite, steam
from gamedetectd.domain import Verdict
from gamedetectd.errors import ImportFileError

pytestmark = pytest.mark.security


def quiet(_done, _whole):
    pass


READERS = {
    "activitywatch": lambda path: activitywatch.read(path, lambda _app, _title: Verdict(None, 0.0, ()), quiet),
    "playnite": lambda path: playnite.read(path, quiet),
    "steam": lambda path: steam.read(path, {}, quiet),
}
DEEP = 100_000


def windows(*events):
    return json.dumps({"buckets": {"window": bucket("currentwindow", list(events))}})


def games(*rows):
    return json.dumps([{"Name": "Fine", "Playtime": 1}, *rows])


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\0" * 1000,
        b"\xff\xfe\xff\xfe",
        b"MZ\x90\0" + random.Random(1).randbytes(500),
        b"[" * DEEP,
        b'{"buckets":' * DEEP,
        b'{"a":' * DEEP + b"1" + b"}" * DEEP,
        b'"a" {' * DEEP,
        b"{}",
        b"[]]",
        b"null",
        b'"text"',
        b"1e999",
        b'{"buckets": []}',
        b'{"buckets": {"a": 1}}',
        b'{"buckets": {"a": {"type": 1, "events": []}}}',
        b'{"Games": 7}',
        b'{"Games": {"a": 1}}',
        b"[1, 2]",
        b'"UserLocalConfigStore" { "Software" { "Valve" { "Steam" { "apps" "7" } } } }',
        b'"UserLocalConfigStore" { "Software" "x" }',
    ],
    ids=lambda content: repr(content[:30]),
)
def test_nonsense_is_told_with_the_file(tmp_path, reader, content):
    file = tmp_path / "hostile.json"
    file.write_bytes(content)
    begin = time.process_time()
    with pytest.raises(ImportFileError) as told:
        READERS[reader](file)
    assert str(file) in told.value.cause
    assert len(told.value.cause) < 1_000
    assert told.value.remedy
    assert time.process_time() - begin < 20


@pytest.mark.parametrize(
    ("reader", "content", "place"),
    [
        ("activitywatch", windows(event(EVENING, 1.0, app="a", title="b"), 7), "Bucket 'window', event 2"),
        ("activitywatch", windows({"timestamp": "yesterday", "duration": 1, "data": {}}), "event 1"),
        ("activitywatch", windows({"timestamp": "2026-01-01T00:00:00", "duration": 1, "data": {}}), "time zone"),
        ("activitywatch", windows({"timestamp": "2026-01-01T00:00:00Z", "duration": "1", "data": {}}), "event 1"),
        ("activitywatch", windows(event(EVENING, 1.0, app=7)), "event 1"),
        ("activitywatch", windows(event(EVENING, 1.0, app="a", title=["b"])), "event 1"),
        (
            "activitywatch",
            json.dumps({"buckets": {"b": bucket("afkstatus", [event(EVENING, 1, status=1)])}}),
            "event 1",
        ),
        ("activitywatch", windows().replace("[]", '[{"timestamp": ' + "[" * 5000 + "]" * 5000 + "}]"), "nested"),
        ("playnite", games(7), "Game 2"),
        ("playnite", games({"Playtime": 1}), "Game 2"),
        ("playnite", games({"Name": 7, "Playtime": 1}), "Game 2"),
        ("playnite", games({"Name": "X", "Playtime": "long"}), "Game 2 ('X')"),
        ("playnite", games({"Name": "X", "Playtime": -1}), "Playtime"),
        ("playnite", games({"Name": "X", "Playtime": True}), "Playtime"),
        ("playnite", games({"Name": "X", "Playtime": 10**30}), "Playtime"),
        ("playnite", games({"Name": "X", "Playtime": 1, "LastActivity": "soon"}), "LastActivity"),
        ("playnite", games({"Name": "X", "Playtime": 1, "LastActivity": 7}), "LastActivity"),
        ("playnite", '[{"Name": ' + "[" * 5000 + "]" * 5000 + "}]", "nested"),
        ("playnite", "\x04This is a LiteDB file\0\0", "own database"),
    ],
)
def test_wrong_types_are_told_with_their_place(tmp_path, reader, content, place):
    file = tmp_path / "hostile.json"
    file.write_text(content)
    with pytest.raises(ImportFileError) as told:
        READERS[reader](file)
    assert place in told.value.cause


@pytest.mark.parametrize(("minutes", "last"), [("x", 1), (-1, 1), (10**12, 1), ("١", 1), (1, "never"), (1, 10**14)])
def test_numbers_of_steam_that_cannot_be(tmp_path, minutes, last):
    with pytest.raises(ImportFileError, match="App 620"):
        READERS["steam"](localconfig(tmp_path, {620: (minutes, last)}))


def test_titles_that_are_hostile_are_only_titles(tmp_path):
    file = tmp_path / "p.json"
    file.write_text(
        games({"Name": "\u202e\x1b[31m" + "x" * 10_000, "Playtime": 5, "LastActivity": "0001-01-01T00:00:00"})
    )
    assert len(READERS["playnite"](file).times) == 2


@pytest.mark.skipif(sys.platform == "win32", reason="pipes and links are made differently there")
@pytest.mark.parametrize("reader", READERS)
def test_what_is_no_file_is_not_waited_for(tmp_path, reader):
    os.mkfifo(tmp_path / "pipe")
    for place in (tmp_path / "pipe", tmp_path, tmp_path / "missing", "/dev/zero"):
        with pytest.raises(ImportFileError):
            READERS[reader](type(tmp_path)(place))


def test_a_file_larger_than_any_export_is_not_read(tmp_path, monkeypatch):
    monkeypatch.setattr(playnite, "LARGEST", 1000)
    (tmp_path / "p.json").write_text(games() + " " * 1000)
    with pytest.raises(ImportFileError, match="larger"):
        READERS["playnite"](tmp_path / "p.json")


BOMB = b"[" + b"0," * 10_000_000 + b"0]"
"""20 MB that would be a gigabyte in memory."""


@pytest.mark.parametrize(
    ("reader", "content"),
    [
        ("activitywatch", b'{"buckets": {"a": {"type": "currentwindow", "events": ' + BOMB + b"}}}"),
        ("playnite", BOMB),
    ],
    ids=["activitywatch", "playnite"],
)
def test_a_bomb_of_entries_is_refused_before_it_takes_memory(tmp_path, reader, content):
    file = tmp_path / "bomb.json"
    file.write_bytes(content)
    tracemalloc.start()
    try:
        with pytest.raises(ImportFileError, match="far more entries"):
            READERS[reader](file)
        assert tracemalloc.get_traced_memory()[1] < 4 * len(content)
    finally:
        tracemalloc.stop()


def test_play_times_are_numbers_that_can_be():
    assert found.seconds_of(float("nan")) is None
    assert found.seconds_of(float("inf")) is None
    assert found.seconds_of(5) == 5.0

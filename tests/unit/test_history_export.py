"""The history as a spreadsheet, JSON and a calendar: whatever a title holds, every reader gets it right."""

import csv
import io
import json
import re
from datetime import UTC, datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from kept_sessions import HOUR, keep, session

from gamedetectd.app import history_export
from gamedetectd.app.history_export import FORMS, cell, export
from gamedetectd.domain import EndedBy, Game
from gamedetectd.errors import NotFoundError
from gamedetectd.paths import Paths
from gamedetectd.sessions import ics
from gamedetectd.sessions.pages import Wanted

NOW = 1_790_000_000.0
HOSTILE = [
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-2+3",
    "@SUM(1)",
    "\t=1",
    "＝1+1",
    'a "quoted", title;\\ with\nlines\r\nand\rmore',
    "東方 " * 40,
    "\u202egnp.exe",
    "\x1b[31mred\x07",
    "𝔘𝔫𝔦𝔠𝔬𝔡𝔢 🎮" * 12,
]


@pytest.fixture
def path(tmp_path):
    return tmp_path / "history.db"


@pytest.fixture
def paths(tmp_path, monkeypatch):
    """A home for commands run in this very process."""
    monkeypatch.setenv("GAMEDETECTD_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("COLUMNS", "120")
    return Paths.below(tmp_path / "home")


def whole(path, form, wanted=Wanted()):  # noqa: B008 (a value)
    return b"".join(export(path, form, wanted))


def titled(*titles):
    return [session(NOW - n * HOUR, 60, Game(f"name:{n}", title)) for n, title in enumerate(titles)]


def events_of(data):
    """A calendar as a reader takes it: the values of each event, unfolded and unescaped."""
    assert data.endswith(b"END:VCALENDAR\r\n")
    for line in data.removesuffix(b"\r\n").split(b"\r\n"):
        assert len(line) <= 75
        line.decode("utf-8")
    text = data.decode().replace("\r\n ", "")
    events = []
    for part in text.split("BEGIN:VEVENT\r\n")[1:]:
        lines = part.split("END:VEVENT")[0].split("\r\n")
        events.append({name: unescaped(value) for name, _, value in (line.partition(":") for line in lines if line)})
    return events


def unescaped(value):
    return re.sub(r"\\(.)", lambda found: "\n" if found[1] in "nN" else found[1], value)


def test_every_form_has_every_session_but_those_that_count_nowhere(path, monkeypatch):
    monkeypatch.setattr(history_export, "AT_ONCE", 3)
    keep(path, *titled(*(f"Game {n}" for n in range(10))))
    keep(path, session(NOW, 60, Game("name:x", "Not This"), ended_by=EndedBy.CORRECTED))
    keep(path, session(NOW + 60, None, Game("name:y", "Still Played")))
    names = ["Still Played", *(f"Game {n}" for n in range(10))]
    assert [row["title"] for row in csv.DictReader(io.StringIO(whole(path, "csv").decode()))] == names
    rows = json.loads(whole(path, "json"))
    assert [row["game"]["title"] for row in rows] == names
    assert rows[0]["ended_at"] is None
    assert [one["SUMMARY"] for one in events_of(whole(path, "ics"))] == names[1:], "no end, no event yet"
    chosen = json.loads(whole(path, "json", Wanted(since=NOW - 2 * HOUR, until=NOW)))
    assert [row["game"]["title"] for row in chosen] == ["Game 1", "Game 2"]


def test_nothing_played_is_still_a_whole_file(path):
    keep(path)
    assert json.loads(whole(path, "json")) == []
    assert whole(path, "csv").decode().splitlines() == [",".join(history_export.COLUMNS)]
    assert events_of(whole(path, "ics")) == []


def test_no_history_is_told_before_anything_is_written(path):
    with pytest.raises(NotFoundError):
        export(path, "csv", Wanted())


def test_hostile_titles_harm_no_reader(path):
    keep(path, *titled(*HOSTILE))
    rows = list(csv.reader(io.StringIO(whole(path, "csv").decode())))
    assert len(rows) == len(HOSTILE) + 1
    assert {len(row) for row in rows} == {len(history_export.COLUMNS)}
    assert not [value for row in rows for value in row if value.strip().startswith(history_export.FORMULA_BEGINNINGS)]
    assert [row["game"]["title"] for row in json.loads(whole(path, "json"))] == HOSTILE
    assert len(events_of(whole(path, "ics"))) == len(HOSTILE)


class TestACalendar:
    def test_an_event_tells_when_and_keeps_its_id(self, path):
        [one] = keep(path, session(datetime(2026, 3, 10, 23, 30, tzinfo=UTC).timestamp(), HOUR, foreground=1830.4))
        [event] = events_of(whole(path, "ics"))
        assert event == {
            "UID": f"{one.id}@gamedetectd",
            "DTSTAMP": "20260311T003000Z",
            "DTSTART": "20260310T233000Z",
            "DTEND": "20260311T003000Z",
            "SUMMARY": "SuperTux 2",
            "DESCRIPTION": "In the foreground: 30 min 30 s",
            "CATEGORIES": "Game",
            "TRANSP": "TRANSPARENT",
        }
        assert whole(path, "ics") == whole(path, "ics"), "the same sessions are the same file"

    @pytest.mark.parametrize(("begin", "seconds"), [(NOW, 0.0), (0.0, 0.2), (-5.0, 1.0), (1e15, 5.0)])
    def test_an_event_ends_after_it_begins_and_lies_in_the_calendar(self, begin, seconds):
        lines = ics.event(session(begin, seconds), "x").decode().split("\r\n")
        moments = dict(line.split(":", 1) for line in lines if line.startswith("DT"))
        assert moments["DTSTART"] <= moments["DTEND"]
        assert moments["DTSTART"] < moments["DTEND"] or begin == 1e15
        assert re.fullmatch(r"\d{8}T\d{6}Z", moments["DTSTART"])

    @settings(max_examples=150, deadline=None)
    @given(st.text(st.characters(codec="utf-8"), max_size=200))
    @example("é" * 100)
    def test_what_is_escaped_and_folded_is_read_again(self, text):
        [event] = events_of(ics.BEGIN + ics.event(session(NOW, 60), text) + ics.END)
        plain = re.sub("\r\n?|[\x85\u2028\u2029]", "\n", text)
        assert event["SUMMARY"] == re.sub("[\x00-\x08\x0b-\x1f\x7f-\x9f]", "", plain)

    def test_half_characters_are_left_out(self):
        assert ics.escaped("a\ud800b") == "ab"


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=40))
@example("=1")
def test_a_cell_is_one_that_no_spreadsheet_runs_and_that_is_read_again(text):
    shown = cell(text)
    assert not shown.lstrip().startswith(history_export.FORMULA_BEGINNINGS)
    [[read]] = csv.reader(io.StringIO(history_export.csv_line([shown])))
    assert read == shown


class TestTheCommand:
    def test_it_writes_to_a_file_or_to_standard_output(self, gd, paths, tmp_path):
        paths.data.mkdir(parents=True, mode=0o700)
        keep(paths.history_file, *titled("A Game", "Another"))
        assert gd("sessions export").out.count("\n") == 3
        assert gd("sessions", "export", "--game", "Another").out.count("\n") == 2
        for form in FORMS:
            file = tmp_path / f"out.{form}"
            assert gd("sessions", "export", "--format", form, "-o", str(file)).code == 0
            assert b"Another" in file.read_bytes()
            assert not file.with_name(f"{file.name}.new").exists()
        assert json.loads(gd("sessions export --format json").out)[0]["game"]["title"] == "A Game"

    def test_what_cannot_be_is_told(self, gd, paths, tmp_path):
        paths.data.mkdir(parents=True, mode=0o700)
        assert gd("sessions export").code == 1, "nothing recorded"
        keep(paths.history_file, *titled("A Game"))
        wrong = gd("sessions export --format pdf")
        assert wrong.code == 2
        assert "csv, json, ics" in wrong.err
        nowhere = gd("sessions", "export", "-o", str(tmp_path / "no" / "such"))
        assert nowhere.code == 1
        assert "directory of yours" in nowhere.err
        assert gd("sessions --json export").code == 2

    def test_json_holds_nothing_that_acts_on_a_terminal(self, gd, paths):
        paths.data.mkdir(parents=True, mode=0o700)
        keep(paths.history_file, *titled("\u202egnp\x9b"))
        done = gd("sessions export --format json")
        assert "\u202e" not in done.out
        assert json.loads(done.out)[0]["game"]["title"] == "\u202egnp\x9b"


def test_memory_does_not_grow_with_the_history(path):
    """Pieces are made one at a time: a generator that has yielded one holds no more than that."""
    keep(path, *titled(*("Game" for _ in range(2 * history_export.AT_ONCE + 1))))
    sizes = [len(piece) for piece in export(path, "json", Wanted())]
    assert len(sizes) == 5
    assert max(sizes) < sum(sizes) / 1.9

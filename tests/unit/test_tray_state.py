"""What the tray says, as a table: the look, the tooltip, the texts of times and of what is wrong."""

import math
import time
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from gamedetectd.domain import (
    ActiveCondition,
    EndedBy,
    Evidence,
    Game,
    ProcessKey,
    Session,
    Severity,
    Snapshot,
)
from gamedetectd.views.tray_state import IconState, Past, moment, shown, summary, tray_state

NOW = datetime(2026, 11, 25, 20, 15).astimezone().timestamp()  # a Wednesday
KEY = ProcessKey("boot", 7, 7)
INFO = ActiveCondition("clock-set", "The clock was set", Severity.INFO, "Odd.", "Nothing to do.", NOW - 10)
WARNING = ActiveCondition("sink", "Events cannot be delivered", Severity.WARNING, "Full.", "Wait.", NOW - 5)
ERROR = ActiveCondition("history", "Play time cannot be kept", Severity.ERROR, "Read-only.", "Mend the disk.", NOW - 1)


def session(number=1, title="Portal 2", ago=3900.0, lasted=None, **more):
    started = NOW - ago
    ended = None if lasted is None else started + lasted
    return Session(f"s{number}", Game(f"name:{title}", title, install_dir="/games/portal"), started, 0.0, KEY, (KEY,),
                   (Evidence("a", 1.0, "small"), Evidence("b", -3.0, "large"), Evidence("c", 2.0, "medium")),
                   ended_at=ended, ended_by=None if ended is None else EndedBy.EXIT, **more)  # fmt: skip


PLAYING, PAUSED = Snapshot("1", (session(),)), Snapshot("1", paused_until=math.inf)


@pytest.mark.parametrize(
    ("snapshot", "icon"),
    [
        (Snapshot("1"), IconState.WATCHING),
        (PLAYING, IconState.PLAYING),
        (PAUSED, IconState.PAUSED),
        (replace(PLAYING, paused_until=NOW + 60), IconState.PAUSED),
        (Snapshot("1", conditions=(INFO,)), IconState.WATCHING),
        (Snapshot("1", conditions=(WARNING, INFO)), IconState.ATTENTION),
        (replace(PLAYING, conditions=(WARNING,)), IconState.PLAYING),
        (replace(PAUSED, conditions=(WARNING,)), IconState.PAUSED),
        (replace(PLAYING, conditions=(WARNING, ERROR)), IconState.ATTENTION),
        (replace(PAUSED, conditions=(ERROR,)), IconState.ATTENTION),
    ],
)
def test_the_look_says_the_most_important_thing(snapshot, icon):
    assert tray_state(snapshot).icon is icon


@pytest.mark.parametrize(
    ("snapshot", "tooltip"),
    [
        (Snapshot("1"), "No game is being played"),
        (Snapshot("1", conditions=(INFO,)), "No game is being played"),
        (PLAYING, "Portal 2, 1 h 05 min"),
        (Snapshot("1", (session(1), session(2, "Doom", 30.0))), "Doom, less than a minute\nPortal 2, 1 h 05 min"),
        (Snapshot("1", (session(1), session(2, "Doom", 30.0)), ("s1",)),
         "Portal 2, 1 h 05 min\nDoom, less than a minute"),
        (PAUSED, "Paused until you resume it"),
        (replace(PLAYING, paused_until=NOW + 900), "Paused until 20:30"),
        (replace(PLAYING, conditions=(ERROR,)), "Portal 2, 1 h 05 min\nPlay time cannot be kept\nMend the disk."),
        (Snapshot("1", (session(title="A\nB\u202eC\x00" + "x" * 99),)), f"A B C {'x' * 53}…, 1 h 05 min"),
        (Snapshot("1", (session(ago=-100.0),)), "Portal 2, less than a minute"),
    ],
)  # fmt: skip
def test_the_tooltip(snapshot, tooltip):
    assert tray_state(snapshot).tooltip(NOW) == tooltip


def test_the_most_serious_trouble_is_told_and_the_others_are_counted():
    older = replace(ERROR, title="Older", since=NOW - 99)
    trouble = tray_state(Snapshot("1", conditions=(INFO, WARNING, ERROR, older))).trouble
    assert (trouble.title, trouble.remedy, trouble.others) == ("Older", "Mend the disk.", 3)
    assert tray_state(Snapshot("1")).trouble is None


def test_private_titles_are_hidden_everywhere():
    hide = lambda text: text.replace("Portal 2", "[private title]")  # noqa: E731
    snapshot = Snapshot("1", (session(),), conditions=(replace(ERROR, message="Portal 2 is full."),))
    assert "Portal" not in repr(replace(tray_state(snapshot, hide), playing=())) + tray_state(snapshot, hide).tooltip(
        NOW
    )
    told = summary((session(lasted=60.0),), datetime.fromtimestamp(NOW).astimezone(), hide)
    assert "Portal" not in repr(told)


def test_what_is_played_has_its_weightiest_reasons_and_its_folder():
    (played,) = tray_state(PLAYING).playing
    assert played.reasons == ("large", "medium", "small")
    assert played.folder == "/games/portal"


def test_the_tooltip_changes_once_a_minute_and_never_without_a_game():
    state = tray_state(PLAYING)
    seconds = state.next_change(NOW)
    assert 0 < seconds <= 60.02
    assert state.tooltip(NOW) == state.tooltip(NOW + seconds - 0.1)
    assert state.tooltip(NOW) != state.tooltip(NOW + seconds)
    assert tray_state(Snapshot("1")).next_change(NOW) is None
    assert tray_state(replace(PLAYING, paused_until=math.inf)).next_change(NOW) is None
    assert tray_state(replace(PLAYING, paused_until=NOW + 60)).next_change(NOW) == pytest.approx(60.5)
    assert tray_state(replace(PLAYING, paused_until=NOW - 60)).next_change(NOW) == 1.0, "the engine is a bit late"


@pytest.mark.parametrize(
    ("offset", "said"),
    [
        (timedelta(), "20:15"),
        (timedelta(hours=-20), "00:15"),
        (timedelta(hours=-21), "yesterday 23:15"),
        (timedelta(hours=4), "tomorrow 00:15"),
        (timedelta(days=-3), "Sun 20:15"),
        (timedelta(days=6), "Tue 20:15"),
        (timedelta(days=-7), "2026-11-18"),
    ],
)
def test_moments_are_said_as_people_say_them(offset, said):
    at = (datetime.fromtimestamp(NOW).astimezone() + offset).timestamp()
    assert moment(at, NOW) == said


def test_today_counts_from_midnight_and_the_last_three_are_kept():
    now = datetime.fromtimestamp(NOW).astimezone()
    since_midnight = now.hour * 3600 + now.minute * 60
    sessions = (
        session(1, "Now", 600.0),
        session(2, "Noon", 8 * 3600.0, 1800.0),
        session(3, "Over midnight", since_midnight + 1000.0, 1600.0),
        session(4, "Yesterday", since_midnight + 9000.0, 60.0),
        session(5, "Earlier", since_midnight + 99_000.0, 60.0),
    )
    told = summary(sessions, now)
    assert told.today == pytest.approx(600 + 1800 + 600)
    assert [past.title for past in told.recent] == ["Noon", "Over midnight", "Yesterday"]
    assert told.recent[0] == Past("Noon", NOW - 8 * 3600, 1800.0)
    assert summary((), now).today == 0


def test_a_title_is_one_line_that_fits():
    assert shown("Portal 2") == "Portal 2"
    assert len(shown("x" * 500)) == 60
    assert shown("a\tb\r\n c") == "a b c"


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="the time zone cannot be set on Windows")
def test_tomorrow_begins_at_midnight_also_when_the_clocks_change(monkeypatch):
    from gamedetectd.app.pause import until_tomorrow

    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    try:
        assert until_tomorrow(datetime(2026, 10, 25, 0, 30).astimezone()) == 24.5 * 3600
        assert until_tomorrow(datetime(2026, 3, 29, 0, 30).astimezone()) == 22.5 * 3600
        assert until_tomorrow(datetime(2026, 11, 25, 20, 15).astimezone()) == 3.75 * 3600
    finally:
        monkeypatch.undo()
        time.tzset()

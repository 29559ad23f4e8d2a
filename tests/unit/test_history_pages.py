"""The history page by page: found by title, game, day, end and source, and one page after the other without gaps."""

import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest
from kept_sessions import DOTA, HOUR, TUX, keep, session

from gamedetectd.domain import EndedBy, Game
from gamedetectd.errors import AmbiguousError, NotFoundError
from gamedetectd.sessions import pages as pages_module
from gamedetectd.sessions.history import History
from gamedetectd.sessions.pages import Pages, Wanted

NOW = 1_790_000_000.0


@pytest.fixture
def path(tmp_path):
    return tmp_path / "history.db"


def found(path, **wanted):
    with Pages.open(path) as pages:
        return [one.session.id for one in pages.page(Wanted(**wanted)).sessions]


def a_mixture(path):
    keep(
        path,
        session(NOW, 60, session_id="tux"),
        session(NOW - HOUR, 60, DOTA, session_id="dota"),
        session(NOW - 2 * HOUR, 60, ended_by=EndedBy.LOST, session_id="lost"),
        session(NOW - 3 * HOUR, None, session_id="open"),
        session(NOW - 4 * HOUR, 60, DOTA, ended_by=EndedBy.CORRECTED, session_id="corrected"),
    )
    with History.open(path) as history:
        history.take_in("activitywatch", [session(NOW - 5 * HOUR, 60, session_id="imported")], ())


@pytest.mark.parametrize(
    ("wanted", "ids"),
    [
        ({}, "tux dota lost open imported"),
        ({"title": "TUX"}, "tux lost open imported"),
        ({"title": "tux", "ended_by": "lost"}, "lost"),
        ({"title": "nothing"}, ""),
        ({"game": "steam:570"}, "dota"),
        ({"game": "dota 2"}, "dota"),
        ({"game": "steam:570", "title": "tux"}, ""),
        ({"since": NOW - 2 * HOUR}, "tux dota lost"),
        ({"until": NOW - 2 * HOUR}, "open imported"),
        ({"ended_by": "exit"}, "tux dota imported"),
        ({"ended_by": "open"}, "open"),
        ({"ended_by": "corrected"}, "corrected"),
        ({"source": "here"}, "tux dota lost open"),
        ({"source": "activitywatch"}, "imported"),
        ({"source": "activitywatch", "game": "steam:570"}, ""),
    ],
    ids=str,
)
@pytest.mark.parametrize("many", [256, 0], ids=["along each game", "along all"])
def test_what_is_wanted_is_found(path, wanted, ids, many, monkeypatch):
    monkeypatch.setattr(pages_module, "_MANY_GAMES", many)
    a_mixture(path)
    assert found(path, **wanted) == ids.split()


def test_pages_follow_each_other_without_gaps_also_at_one_moment(path):
    kept = keep(path, *(session(NOW - 60 * (n // 4), 10, TUX if n % 3 else DOTA) for n in range(40)))
    for wanted in (Wanted(), Wanted(title="2")):
        seen, after = [], ""
        with Pages.open(path) as pages:
            while True:
                page = pages.page(wanted, 7, after)
                seen += [one.session.id for one in page.sessions]
                after = page.older
                if not after:
                    break
        assert sorted(seen) == sorted(one.id for one in kept)


def test_where_a_session_came_from_and_how_it_had_ended_is_told(path):
    a_mixture(path)
    with Pages.open(path) as pages:
        assert pages.sources() == ("activitywatch",)
        assert pages.past("imported").source == "activitywatch"
        assert pages.past("corrected").corrected
        assert pages.past("corrected").ended_before is None, "it never ended otherwise"
        assert not pages.past("tux").corrected
        assert pages.past("none") is None


def test_an_id_is_found_by_its_beginning(path):
    keep(
        path,
        session(NOW, 60, session_id="aab1"),
        session(NOW, 60, session_id="aab2"),
        session(NOW, 60, session_id="aab"),
    )
    with Pages.open(path) as pages:
        assert pages.identified("aab1") == "aab1"
        assert pages.identified("aab") == "aab", "a whole one"
        with pytest.raises(AmbiguousError, match="Several"):
            pages.identified("aa")
        for text in ("x", "", "aab11"):
            with pytest.raises(NotFoundError):
                pages.identified(text)


@pytest.mark.parametrize("key", ["nonsense", "x/y", "/"])
def test_a_page_that_is_none_is_told(path, key):
    keep(path, session(NOW, 60))
    with Pages.open(path) as pages, pytest.raises(NotFoundError, match="no page"):
        pages.page(Wanted(), 10, key)


def test_what_stood_beside_sessions_outlives_damage(path):
    a_mixture(path)
    [deleted] = keep(path, session(NOW - 9 * HOUR, 60, session_id="deleted"))
    keep(path, replace(deleted, ended_by=EndedBy.CORRECTED, started_at=NOW - 9 * HOUR + 0.5))
    keep(path, *(session(NOW - n, 1, Game(f"name:{n}", f"Game {n}")) for n in range(600)))
    with closing(sqlite3.connect(path)) as connection:
        (page,) = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'sessions_by_game'").fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    with path.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xff" * size)
    with History.open(path) as history:
        assert history.mended is not None
    with Pages.open(path) as pages:
        assert pages.past("imported").source == "activitywatch"
        assert pages.past("deleted").ended_before is EndedBy.EXIT

"""Sessions are deleted and restored, and others' taken in: with a daemon and without, and everybody hears of it."""

import time

import pytest
from kept_sessions import DOTA, HOUR, TUX, keep, session
from real_daemon import RealDaemon
from real_programs import eventually

from gamedetectd.app.history_changes import AT_ONCE, Changes
from gamedetectd.control.client import Client
from gamedetectd.domain import EndedBy, SessionEventKind
from gamedetectd.errors import ControlError, GamedetectdError, HistoryError, NotFoundError, SessionChangeError
from gamedetectd.paths import Paths
from gamedetectd.sessions.history import History
from gamedetectd.sessions.importing import CountedTime, Plan, Standing
from gamedetectd.sessions.pages import Pages, Wanted
from gamedetectd.sessions.reader import HistoryReader
from gamedetectd.sessions.statistics import Statistics

NOW = time.time()


def a_history(paths):
    """Three sessions of an hour, of which one counts nowhere."""
    paths.data.mkdir(parents=True, mode=0o700)
    keep(
        paths.history_file,
        session(NOW - 5 * HOUR, HOUR, session_id="aa1"),
        session(NOW - 9 * HOUR, HOUR, DOTA, session_id="bb2", ended_by=EndedBy.LOST),
        session(NOW - 20 * HOUR, HOUR, session_id="cc3", ended_by=EndedBy.CORRECTED),
    )
    return paths


@pytest.fixture(scope="module")
def daemon(tmp_path_factory):
    place = tmp_path_factory.mktemp("changes") / "home"
    paths = a_history(Paths.below(place))
    with RealDaemon(place) as daemon:
        daemon.paths = paths
        yield daemon


@pytest.fixture(params=["a daemon", "no daemon"], scope="module")
def home(request, tmp_path_factory):
    """``Paths`` of a home where a daemon runs, or none does."""
    if request.param == "a daemon":
        return request.getfixturevalue("daemon").paths
    return a_history(Paths.below(tmp_path_factory.mktemp("alone") / "home"))


def seconds(paths):
    with Statistics.open(paths.history_file) as numbers:
        return round(sum(one.seconds for one in numbers.totals()))


def events(paths, session_id):
    with HistoryReader.open(paths.history_file) as history:
        told = [one for one in history.pending("nobody") if one.session.id == session_id]
    return [(one.kind, one.session.ended_by) for one in told]


def test_a_session_is_deleted_and_restored_and_nothing_is_lost(home):
    changes = Changes(home)
    before = seconds(home)
    assert changes.delete("bb2").game.title == "Dota 2"
    assert seconds(home) == before - HOUR
    with Pages.open(home.history_file) as pages:
        assert pages.past("bb2").ended_before is EndedBy.LOST
    with pytest.raises(SessionChangeError, match="already"):
        changes.delete("bb2")
    assert changes.restore("bb2").ended_by is EndedBy.LOST
    assert seconds(home) == before
    assert events(home, "bb2") == [
        (SessionEventKind.ENDED, EndedBy.LOST),
        (SessionEventKind.CORRECTED, EndedBy.CORRECTED),
        (SessionEventKind.CORRECTED, EndedBy.LOST),
    ]
    with pytest.raises(SessionChangeError, match="not deleted"):
        changes.restore("bb2")
    with pytest.raises(SessionChangeError, match="no session"):
        changes.delete("nobody's")
    assert changes.restore("cc3").ended_by is EndedBy.EXIT, "called no game before we kept how it ended"


def test_a_session_was_of_another_game(home):
    changes = Changes(home)
    before = seconds(home)
    assert changes.rename("aa1", "dota 2").game == DOTA, "the one that the history knows"
    assert changes.rename("aa1", "Céleste: Farewell").game.id == "user:celeste-farewell"
    with Pages.open(home.history_file) as pages:
        assert [one.session.id for one in pages.page(Wanted(title="céleste")).sessions] == ["aa1"]
    with Statistics.open(home.history_file) as numbers:
        assert {one.game.title: one.seconds for one in numbers.totals()}["Céleste: Farewell"] == HOUR
    assert seconds(home) == before
    assert events(home, "aa1")[1:] == [(SessionEventKind.CORRECTED, EndedBy.EXIT)] * 2
    assert changes.rename("aa1", TUX.title).game.id == TUX.id
    changes.delete("aa1")
    with pytest.raises(SessionChangeError, match="counts nowhere"):
        changes.rename("aa1", "Portal 2")
    changes.restore("aa1")


def test_what_others_recorded_comes_in_once(home):
    changes = Changes(home)
    sessions = [session(NOW - (100 + n) * HOUR, 600.0, TUX, session_id=f"n{n}") for n in range(AT_ONCE + 1)]
    sessions.append(session(NOW - 4.5 * HOUR, 600.0, TUX, session_id="taken"))
    times = [CountedTime("steam", "1", "steam:570", "Dota 2", 5 * HOUR, NOW)]
    with Plan.open(home.history_file) as plan:
        assert plan.standings("x", sessions)[-2:] == [Standing.NEW, Standing.TAKEN]
        assert plan.standings_of_times(times) == [Standing.NEW]
    told = []
    taken = changes.take_in("x", sessions, times, lambda *far: told.append(far))
    assert (taken.sessions, taken.times) == ({"new": AT_ONCE + 1, "taken": 1}, {"new": 1})
    assert told == [(0, AT_ONCE + 2), (AT_ONCE, AT_ONCE + 2)]
    again = changes.take_in("x", sessions, times)
    assert (again.sessions, again.times) == ({"known": AT_ONCE + 1, "taken": 1}, {"known": 1})
    assert events(home, "n1") == [], "no hook is run for what was played years ago"
    changes.delete("n0")
    assert changes.take_in("x", sessions[:1], ()).sessions == {"known": 1}, "what was deleted stays so"
    with Pages.open(home.history_file) as pages:
        assert pages.past("n1").source == "x"


def test_titles_of_any_length_come_through(home):
    times = [CountedTime("long", "", f"name:{n}", "🎮" * 100_000, HOUR, NOW) for n in range(AT_ONCE)]
    assert Changes(home).take_in("long", (), times).times == {"new": AT_ONCE}


def test_a_session_that_grew_since_the_last_import_grows(home):
    changes = Changes(home)
    before = seconds(home)
    first = session(NOW - 5000 * HOUR, 600.0, session_id="grows")
    longer = session(NOW - 5000 * HOUR, 1200.0, session_id="grows")
    changes.take_in("x", [first], ())
    assert changes.take_in("x", [longer], ()).sessions == {"changed": 1}
    assert changes.take_in("x", [first], ()).sessions == {"known": 1}
    assert changes.take_in("y", [session(NOW - 5000 * HOUR, 1800.0, session_id="grows")], ()).sessions == {"known": 1}
    assert seconds(home) == before + 1200
    changes.take_in("x", [session(NOW - 5000 * HOUR + 1300, 60.0, session_id="next")], ())
    over = [session(NOW - 5000 * HOUR, 1320.0, session_id="grows")]
    assert changes.take_in("x", over, ()).sessions == {"known": 1}, "it would run into the next"


def test_a_session_that_goes_on_cannot_be_deleted(tmp_path):
    path = Paths.below(tmp_path)
    path.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    keep(path.history_file, session(NOW - HOUR, None, session_id="now"))
    with pytest.raises(SessionChangeError, match="still being played"):
        Changes(path).delete("now")
    with pytest.raises(SessionChangeError, match="still being played"):
        Changes(path).rename("now", "Portal 2")


def test_a_history_that_cannot_be_written_is_told(tmp_path):
    paths = Paths.below(tmp_path)
    paths.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    paths.history_file.mkdir()
    with pytest.raises(HistoryError):
        Changes(paths).take_in("x", [session(NOW, 60)], ())
    with pytest.raises((HistoryError, NotFoundError)):
        Changes(paths).delete("x")


@pytest.mark.parametrize(
    ("command", "arguments"),
    [
        ("session_delete", {}),
        ("session_restore", {"id": 7}),
        ("history_import", {"source": "x", "sessions": [], "times": 7}),
        ("history_import", {"source": "x", "sessions": ["{}"], "times": []}),
        ("history_import", {"source": "x", "sessions": ["x"] * (AT_ONCE + 1), "times": []}),
        ("history_import", {"sessions": [], "times": []}),
    ],
)
def test_the_daemon_refuses_what_it_does_not_understand(daemon, command, arguments):
    with pytest.raises(ControlError):
        Client(daemon.paths).request(command, **arguments)
    assert Client(daemon.paths).request("status")["running"]


def test_the_daemon_tells_a_failure_of_its_history_and_goes_on(daemon):
    replaced = daemon.paths.history_file.with_name("other.db")
    History.open(replaced).close()
    kept = daemon.paths.history_file.rename(daemon.paths.data / "kept.db")
    replaced.rename(daemon.paths.history_file)
    with pytest.raises(GamedetectdError, match="replaced"):
        Changes(daemon.paths).take_in("x", [session(NOW, 60)], ())
    kept.rename(daemon.paths.history_file)
    eventually(lambda: Changes(daemon.paths).take_in("x", [session(NOW - HOUR, 60)], ()).sessions, 10)

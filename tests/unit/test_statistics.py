"""What was played per game, day and hour, and in streaks: whatever the clock did, and however sessions lie."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kept_sessions import DAY, DOTA, HOUR, TUX, keep, session

from gamedetectd.domain import EndedBy
from gamedetectd.sessions import local_time
from gamedetectd.sessions.history import History
from gamedetectd.sessions.importing import CountedTime, Standing
from gamedetectd.sessions.local_time import local_day, midnight, stretches
from gamedetectd.sessions.schema import STEPS
from gamedetectd.sessions.statistics import Statistics

try:
    BERLIN, KOLKATA, SAO_PAULO = map(ZoneInfo, ("Europe/Berlin", "Asia/Kolkata", "America/Sao_Paulo"))
except ZoneInfoNotFoundError:
    pytest.skip("this system has no time zones by name: install tzdata", allow_module_level=True)


def at(text, zone=BERLIN):
    """A wall time as a person in the zone says it."""
    return datetime.fromisoformat(text).replace(tzinfo=zone).timestamp()


@pytest.fixture
def path(tmp_path):
    return tmp_path / "history.db"


def span(path, now, days=1, zone=BERLIN, **more):
    with Statistics.open(path) as numbers:
        return numbers.span(days=days, now=now, zone=zone, **more)


def streaks(path, now, zone=BERLIN, running=()):
    with Statistics.open(path) as numbers:
        return numbers.streaks(now=now, zone=zone, running=running)


def agrees(found):
    """Games, days and hours are three sums of the same."""
    assert sum(one.seconds for one in found.days) == pytest.approx(found.seconds, abs=0.01)
    assert sum(map(sum, found.week)) == pytest.approx(found.seconds, abs=0.01)
    assert sum(one.foreground_seconds for one in found.days) == pytest.approx(found.foreground_seconds, abs=0.01)
    return found


class TestASpan:
    def test_a_session_across_midnight_counts_on_both_days(self, path):
        keep(path, session(at("2026-03-10T23:00"), 3 * HOUR, foreground=1.5 * HOUR))
        found = agrees(span(path, at("2026-03-11T12:00"), days=2))
        assert [(one.day, one.seconds) for one in found.days] == [
            (date(2026, 3, 10), HOUR),
            (date(2026, 3, 11), 2 * HOUR),
        ]
        assert found.foreground_seconds == pytest.approx(1.5 * HOUR)
        assert (found.week[1][23], found.week[2][0], found.week[2][1]) == (HOUR, HOUR, HOUR), "Tuesday to Wednesday"
        today = agrees(span(path, at("2026-03-11T12:00")))
        assert (today.seconds, today.sessions, today.foreground_seconds) == (2 * HOUR, 1, HOUR)
        before = agrees(span(path, at("2026-03-11T12:00"), last=date(2026, 3, 10)))
        assert (before.seconds, before.sessions) == (HOUR, 1)

    def test_games_are_told_the_longest_first(self, path):
        now = at("2026-03-11T12:00")
        keep(path, session(now - HOUR, 600), session(now - 2 * HOUR, 60), session(now - HOUR, 1200, DOTA))
        found = agrees(span(path, now))
        assert [(one.game.title, one.sessions, one.seconds) for one in found.games] == [
            ("Dota 2", 1, 1200.0),
            ("SuperTux 2", 2, 660.0),
        ]

    @pytest.mark.parametrize(
        ("day", "hours"),
        [("2026-03-29", 23), ("2026-10-25", 25), ("2026-06-01", 24)],
        ids=["spring", "autumn", "plain"],
    )
    def test_a_day_is_as_long_as_the_clock_makes_it(self, path, day, hours):
        begin = at(f"{day}T00:00")
        keep(path, *(session(begin + n * HOUR, HOUR) for n in range(-2, 28)))
        found = agrees(span(path, at(f"{day}T23:59:59") + 1, last=date.fromisoformat(day)))
        assert found.days[0].seconds == hours * HOUR
        assert sum(map(sum, found.week)) == hours * HOUR

    def test_hours_are_those_of_a_zone_that_is_half_an_hour_off(self, path):
        keep(path, session(at("2026-03-10T23:30", KOLKATA), HOUR))
        found = agrees(span(path, at("2026-03-11T12:00", KOLKATA), days=2, zone=KOLKATA))
        assert [one.seconds for one in found.days] == [HOUR / 2, HOUR / 2]
        assert found.week[1][23] == found.week[2][0] == HOUR / 2

    def test_a_running_session_counts_up_to_now_and_only_as_the_daemon_knows_it(self, path):
        now = at("2026-03-11T12:00")
        [kept] = keep(path, session(now - HOUR, None, foreground=5.0))
        assert span(path, now).seconds == 0, "nobody says that it goes on"
        running = replace(kept, foreground_seconds=1800.0)
        found = agrees(span(path, now, running=[running]))
        assert (found.sessions, found.seconds, found.foreground_seconds) == (1, HOUR, 1800.0)
        later = at("2026-03-12T01:00")
        assert agrees(span(path, later, running=[running])).seconds == HOUR, "since midnight"
        fresh = session(now - 60, None, DOTA)
        assert agrees(span(path, now, running=[running, fresh])).sessions == 2, "one that is not written yet"
        assert span(path, now, running=[session(now + 60, None)]).sessions == 0, "a clock that was set back"

    def test_what_was_corrected_counts_nowhere(self, path):
        now = at("2026-03-11T12:00")
        keep(path, session(now - HOUR, 600), session(now - 3 * DAY, 2 * DAY, ended_by=EndedBy.CORRECTED))
        keep(path, session(now - HOUR, 600, ended_by=EndedBy.CORRECTED))
        assert agrees(span(path, now, days=7)).seconds == 600

    def test_sessions_of_days_and_of_months_count(self, path):
        """Such come of a computer that is never switched off, or of a wrong clock."""
        now = at("2026-03-11T12:00")
        keep(path, session(now - 100 * DAY, 90 * DAY), session(1.0, 2 * DAY), session(now - 3 * DAY, 2 * DAY))
        found = agrees(span(path, now, days=30))
        assert found.seconds == pytest.approx(
            90 * DAY - (100 * DAY - (now - midnight(date(2026, 2, 10), BERLIN))) + 2 * DAY
        )
        assert agrees(span(path, now, days=100_000)).sessions == 3
        assert len(span(path, now, days=100_000).days) == local_time.number_of(date(2026, 3, 11)) + 1
        assert agrees(span(path, now, last=date(2100, 1, 1))).until == now
        whole = agrees(span(path, now, last=date(2026, 1, 10)))
        assert (whole.seconds, whole.sessions) == (DAY, 1), "it begins before that day and ends after it"

    def test_two_copies_of_a_game_at_once_count_twice(self, path):
        keep(path, *(session(at("2026-03-10T23:00"), 3 * HOUR) for _copy in range(2)))
        found = agrees(span(path, at("2026-03-11T12:00")))
        assert (found.seconds, found.sessions) == (4 * HOUR, 2)

    @settings(max_examples=25, deadline=None)
    @given(
        st.lists(
            st.tuples(st.integers(-70 * 86_400, 86_400), st.integers(0, 3 * 86_400), st.sampled_from([TUX, DOTA]))
        ),
        st.sampled_from([1, 7, 30, 60]),
        st.sampled_from([BERLIN, KOLKATA, SAO_PAULO, UTC]),
    )
    def test_it_is_what_adding_up_every_session_gives(self, tmp_path_factory, many, days, zone):
        path = tmp_path_factory.mktemp("any") / "history.db"
        now = at("2026-04-02T09:17")
        kept = keep(path, *(session(now + begin, float(seconds), game) for begin, seconds, game in many))
        found = agrees(span(path, now, days=days, zone=zone))
        reach = (
            now + 13 * 60
        )  # a clock that was set back leaves sessions in the future: until the quarter's end they count
        for game in (TUX, DOTA):
            parts = [min(one.ended_at, reach) - max(one.started_at, found.since) for one in kept if one.game == game]
            told = [one for one in found.games if one.game.id == game.id]
            assert sum(one.seconds for one in told) == pytest.approx(sum(max(part, 0.0) for part in parts), abs=0.01)


class TestStreaks:
    def test_nothing_played_is_no_streak(self, path):
        keep(path)
        assert streaks(path, at("2026-03-11T12:00")).longest is None

    def test_the_current_and_the_longest_are_told(self, path):
        days = ["2026-01-01", "2026-01-02", "2026-01-03", "2026-03-08", "2026-03-10", "2026-03-11"]
        keep(path, *(session(at(f"{day}T20:00"), 60) for day in days))
        found = streaks(path, at("2026-03-12T12:00"))
        assert (found.longest.days, found.longest.first) == (3, date(2026, 1, 1))
        assert (found.current.days, found.current.last) == (2, date(2026, 3, 11)), "today is not over yet"
        assert streaks(path, at("2026-03-13T12:00")).current is None
        playing = streaks(path, at("2026-03-12T12:00"), running=[session(at("2026-03-12T11:00"), None)])
        assert playing.current.days == 3
        assert playing.longest.first == date(2026, 3, 10), "of equally long ones the latest"

    def test_across_changes_of_the_clock_days_follow_each_other(self, path):
        keep(path, *(session(at(f"2026-03-{day:02d}T00:10"), 60) for day in range(25, 32)))
        assert streaks(path, at("2026-03-31T12:00")).current.days == 7

    def test_a_session_of_days_counts_on_each(self, path):
        keep(path, session(at("2026-03-01T12:00"), 4 * DAY), session(at("2026-03-06T12:00"), 60))
        assert streaks(path, at("2026-03-06T13:00")).current.days == 6


class TestTheCalendar:
    @pytest.mark.parametrize("zone", [BERLIN, KOLKATA, SAO_PAULO, UTC, None], ids=str)
    def test_midnight_is_the_first_moment_of_a_day(self, zone):
        for day in (date(2018, 11, 4), date(2026, 3, 29), date(2026, 10, 25), date(2026, 6, 1)):
            begin = midnight(day, zone)
            assert (local_day(begin, zone), local_day(begin - 1, zone)) == (day, day - timedelta(days=1))

    def test_a_day_without_midnight_begins_later(self):
        assert midnight(date(2018, 11, 4), SAO_PAULO) == at("2018-11-04T01:00", SAO_PAULO)

    def test_the_system_s_own_zone_is_known_beyond_the_year_3000(self):
        # Windows' own functions end there
        known = [
            local_day(datetime(year, 6, 15, 12, tzinfo=UTC).timestamp(), None) for year in (1971, 2999, 3001, 9998)
        ]
        assert [day.isoformat()[:8] for day in known] == ["1971-06-", "2999-06-", "3001-06-", "9998-06-"]

    def test_stretches_follow_each_other_and_know_the_offset(self):
        found = list(stretches(at("2026-01-01T00:00"), at("2027-01-01T00:00"), BERLIN))
        assert [one.offset for one in found] == [3600, 7200, 3600]
        assert [one.end for one in found][:-1] == [one.begin for one in found][1:]
        assert found[1].begin == at("2026-03-29T03:00")
        assert list(stretches(5.0, 5.0, BERLIN)) == []


class TestSumsThatAreKept:
    def test_they_follow_every_change_of_a_session(self, path):
        now = at("2026-03-11T12:00")
        [one] = keep(path, session(now - HOUR, 600))
        with History.open(path) as history:
            for changed in (
                replace(one, ended_at=now),
                replace(one, ended_by=EndedBy.CORRECTED),
                replace(one, ended_at=None, ended_by=None),
                replace(one, ended_at=now - 2 * HOUR),
                replace(one, foreground_seconds=5.0),
            ):
                history.commit([])
                with history._transaction():
                    from gamedetectd.sessions.rows import put_session

                    put_session(history._connection, changed, now)
                if changed.ended_by is EndedBy.CORRECTED:
                    assert agrees(span(path, now)).seconds == 0
                    assert streaks(path, now).current is None
        found = agrees(span(path, now))
        assert (found.seconds, found.foreground_seconds) == (600, 5.0)

    def test_an_older_file_gets_them_with_a_backup(self, path):
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            for step in STEPS[:2]:
                for statement in step:
                    connection.execute(statement)
            connection.execute(f"PRAGMA application_id = {0x47444831}")
            connection.execute("PRAGMA user_version = 2")
            connection.execute("INSERT INTO games VALUES ('steam:570', 'Dota 2', '', '', '')")
            begin = at("2026-03-10T22:50")
            for number, (start, length) in enumerate(
                [(begin, 2 * HOUR), (begin - DAY, 60), (begin - 9 * DAY, 2 * DAY)]
            ):
                connection.execute(
                    "INSERT INTO sessions"
                    " VALUES (?, 'steam:570', ?, ?, 'exit', 60, 50, 10, 1, 5, 'b', 1, 1, '[]', '[]')",
                    (f"s{number}", start, start + length),
                )
        History.open(path).close()
        assert len(list(path.parent.glob("history.backup-*"))) == 1
        found = agrees(span(path, at("2026-03-11T12:00"), days=30))
        assert found.seconds == 2 * HOUR + 60 + 2 * DAY
        assert agrees(span(path, at("2026-03-11T12:00"))).seconds == 50 * 60


class TestWhatOthersCounted:
    NOW = 1_790_000_000.0

    def take(self, path, *times):
        with History.open(path) as history:
            return history.take_in("steam", (), times).times

    def outside(self, path):
        with Statistics.open(path) as numbers:
            return [(one.game.title, one.source, one.seconds, one.outside_seconds) for one in numbers.outside()]

    def test_only_what_goes_beyond_our_sessions_adds_to_them(self, path):
        keep(path, session(self.NOW - DAY, HOUR, DOTA), session(self.NOW, HOUR, DOTA))
        counted = CountedTime("steam", "1", "steam:570", "DOTA", 5 * HOUR, self.NOW - 60)
        assert self.take(path, counted) == {Standing.NEW: 1}
        assert self.outside(path) == [("Dota 2", "steam", 5 * HOUR, 4 * HOUR)]
        assert self.take(path, counted) == {Standing.KNOWN: 1}
        assert self.take(path, replace(counted, seconds=6 * HOUR, counted_until=self.NOW + DAY)) == {
            Standing.CHANGED: 1
        }
        assert self.outside(path) == [("Dota 2", "steam", 6 * HOUR, 4 * HOUR)], "both sessions are among the six hours"
        assert self.take(path, counted) == {Standing.KNOWN: 1}, "an older file changes nothing"

    def test_accounts_add_up_and_programs_do_not(self, path):
        self.take(
            path,
            CountedTime("steam", "1", "steam:570", "Dota 2", 2 * HOUR, self.NOW),
            CountedTime("steam", "2", "steam:570", "Dota 2", 3 * HOUR, self.NOW),
            CountedTime("steam", "", "steam:570", "Dota 2", 4 * HOUR, self.NOW),
            CountedTime("playnite", "", "steam:570", "Dota 2", HOUR, self.NOW),
            CountedTime("playnite", "", "name:old", "Old", 9 * HOUR, self.NOW, 5.0),
            CountedTime("steam", "1", "name:old", "Old", HOUR, self.NOW),
        )
        assert self.outside(path) == [
            ("Old", "playnite", 9 * HOUR, 9 * HOUR),
            ("Dota 2", "steam", 5 * HOUR, 5 * HOUR),
        ]

    def test_a_game_that_was_found_to_be_another_s_keeps_its_time(self, path):
        self.take(path, CountedTime("playnite", "", "name:dota-2", "Dota 2", HOUR, self.NOW))
        keep(path, session(self.NOW - DAY, 60, replace(DOTA, id="name:dota-2", install_dir="/games/dota")))
        keep(path, session(self.NOW - DAY, 60, replace(DOTA, install_dir="/games/dota")))
        assert self.outside(path) == [("Dota 2", "playnite", HOUR, HOUR - 120)]

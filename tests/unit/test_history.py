"""The history: what is committed is there, once, in order, for every sink, whatever happens to the file."""

import errno
import os
import shutil
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from session_story import MORNING, PORTAL, TETRIS, Story

from gamedetectd.domain import EndedBy, Game, SessionEventKind
from gamedetectd.errors import HistoryDamagedError, HistoryError, NotFoundError
from gamedetectd.sessions import backups as backups_module
from gamedetectd.sessions import history as history_module
from gamedetectd.sessions.backups import BACKUPS_KEPT, back_up, backups, salvage
from gamedetectd.sessions.durable import sync_directory
from gamedetectd.sessions.history import EVENTS_KEPT, History
from gamedetectd.sessions.reader import HistoryReader
from gamedetectd.sessions.schema import APPLICATION_ID, PERIOD_SECONDS, STEPS, migrate

posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has neither such modes nor deletes open files")


@pytest.fixture
def path(tmp_path):
    return tmp_path / "data" / "history.db"


@pytest.fixture
def opened(path):
    """``opened()`` opens the history; it is closed with the test."""
    everything = []

    def open_it(**options):
        everything.append(History.open(path, **options))
        return everything[-1]

    yield open_it
    for history in everything:
        history.close()


def evening(games=(PORTAL,), minutes=30.0, day=0.0):
    """The events of an evening: one game after the other, each in the foreground all the time."""
    story = Story(grace=0, at=1000.0 + day * 86_400)
    story.wall += day * 86_400
    for number, game in enumerate(games):
        process = story.play(50 + number, game)
        story.focus(process)
        story.wait(minutes * 60)
        story.ended(process)
        story.wait(60)
    return story.events


def stored(path):
    with HistoryReader.open(path) as reader:
        return reader.sessions()


class TestCommit:
    def test_a_session_is_found_as_it_was(self, opened):
        events = evening()
        history = opened()
        history.commit(events[:1])
        assert history.open_sessions() == (events[0].session,)
        history.commit(events[1:])
        assert history.open_sessions() == ()
        assert history.session(events[1].session.id) == events[1].session
        assert history.session("nobody") is None

    def test_events_are_numbered_in_order_and_survive_closing(self, opened, path):
        history = opened()
        assert history.last_number() == 0
        events = [replace(event, correlation_id="c1") for event in evening((PORTAL, TETRIS))]
        numbered = history.commit(events)
        assert [event.number for event in numbered] == [1, 2, 3, 4]
        history.close()
        again = opened()
        assert again.last_number() == 4
        again.register("log", from_now=False)
        assert again.pending("log") == numbered

    def test_the_same_events_again_double_nothing(self, opened):
        history = opened()
        events = evening()
        first = history.commit(events)
        assert history.commit(events) == first
        assert history.commit(events[:1]) == first[:1]
        assert history.last_number() == 2
        assert history.session(events[0].session.id).ended_at is not None, "an old event does not reopen the session"

    def test_all_or_nothing(self, opened, monkeypatch):
        history = opened()
        history.register("log", from_now=False)
        broken = replace(evening()[1], correlation_id=None)
        with pytest.raises(HistoryError):
            history.commit([evening()[0], broken])
        assert history.sessions() == ()
        assert history.last_number() == 0
        assert len(history.commit(evening())) == 2

    def test_hostile_texts_are_stored(self, opened):
        event = evening([Game("name:\udc80\n", "T\x00\x1b[31m\ud800" * 100_000, "x" * 10**6, "/g\udcff")])[0]
        history = opened()
        history.register("log", from_now=False)
        history.commit([replace(event, session=replace(event.session, probability=float("nan")))])
        (session,) = history.sessions()
        assert session.id == event.session.id
        assert session.game.title.startswith("T\x00\x1b[31m\ufffd")
        assert len(history.pending("log")) == 1

    def test_a_new_title_of_the_same_game_is_seen_everywhere(self, opened):
        history = opened()
        history.commit(evening([Game("name:sol", "sol")]))
        history.commit(evening([Game("name:sol", "Klondike")], day=1))
        assert [session.game.title for session in history.sessions()] == ["Klondike", "Klondike"]


OTHERS_LOOK = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); print(c.execute('{}').fetchone()[0]); c.close()"


@posix
def test_another_program_that_looks_into_the_file_takes_nothing_away(opened, path):
    """Whoever closes the file last deletes its log; our own reader must not make another program the last one."""

    def others_see(query):
        look = [sys.executable, "-c", OTHERS_LOOK.format(query), str(path)]
        return subprocess.run(look, check=True, capture_output=True, text=True).stdout.strip()

    history = opened()
    with HistoryReader.open(path):
        history.commit(evening())
        assert others_see("SELECT count(*) FROM sessions") == "1"
        history.commit(evening(day=1))
        assert len(stored(path)) == 2
    assert others_see("SELECT count(*) FROM sessions") == "2"


def test_a_file_that_may_not_be_read_says_so(opened, path, monkeypatch):
    opened().close()
    monkeypatch.setattr("gamedetectd.sessions.access.os.access", lambda *_: False)
    with pytest.raises(HistoryError, match="Permission denied"):
        HistoryReader.open(path)


class TestSinks:
    def test_each_has_its_own_place(self, opened):
        history = opened()
        history.register("log", from_now=False)
        history.commit(evening((PORTAL, TETRIS)))
        history.register("hooks", from_now=True)
        history.register("log", from_now=True)
        assert [event.number for event in history.pending("log", limit=3)] == [1, 2, 3]
        assert history.pending("hooks") == ()
        history.commit((), {"log": 3})
        assert (history.cursor("log"), history.cursor("hooks"), history.cursor("nobody")) == (3, 4, 0)
        assert [event.number for event in history.pending("log")] == [4]
        assert [event.number for event in history.pending("log", after=1)] == [2, 3, 4]

    def test_a_cursor_moves_neither_back_nor_beyond_what_exists(self, opened):
        history = opened()
        history.register("log", from_now=False)
        history.commit(evening(), {"log": 99})
        assert history.cursor("log") == 2
        history.commit((), {"log": 1, "nobody": 1})
        assert (history.cursor("log"), history.cursor("nobody")) == (2, 0)

    def test_events_are_pruned_only_once_every_sink_has_them(self, opened, monkeypatch):
        monkeypatch.setattr(history_module, "EVENTS_KEPT", 2)
        history = opened()
        history.commit(evening((PORTAL, TETRIS)))
        history.register("quick", from_now=True)
        history.register("slow", from_now=False)
        history.commit((), {"slow": 1})
        history.backup()
        assert [event.number for event in history.pending("slow", after=0)] == [2, 3, 4]
        history.retain(["quick"])
        assert history.cursor("slow") == 0
        history.backup(every=0)
        assert [event.number for event in history.pending("quick", after=0)] == [3, 4]
        assert len(history.sessions()) == 2
        assert [event.number for event in history.commit(evening([Game("steam:1", "Other")], day=1))] == [5, 6]

    def test_thousands_of_events_are_kept_for_a_new_sink(self):
        assert EVENTS_KEPT >= 10_000


class TestQueries:
    @pytest.fixture
    def history(self, opened):
        history = opened()
        for day, game in enumerate([PORTAL, TETRIS, PORTAL, Game("steam:400", "Portal")]):
            history.commit(evening([game], minutes=30 + day, day=day))
        return history

    @pytest.mark.parametrize(
        ("asked", "days"),
        [
            ({}, [3, 2, 1, 0]),
            ({"limit": 2}, [3, 2]),
            ({"since": MORNING + 86_400}, [3, 2, 1]),
            ({"until": MORNING + 86_400}, [0]),
            ({"since": MORNING + 86_400, "until": MORNING + 3 * 86_400, "limit": 1}, [2]),
            ({"game": "steam:620"}, [2, 0]),
            ({"game": "portal 2"}, [2, 0]),
            ({"game": "PORTAL", "limit": 5}, [3]),
            ({"game": "steam:620", "limit": 1}, [2]),
            ({"game": "nothing"}, []),
        ],
    )
    def test_sessions_newest_first(self, history, asked, days):
        found = [round((session.started_at - MORNING) / 86_400) for session in history.sessions(**asked)]
        assert found == days

    def test_one_title_of_two_stores_is_found_in_both(self, history):
        history.commit(evening([Game("epic:p", "Portal")], day=5))
        assert [session.game.id for session in history.sessions(game="Portal")] == ["epic:p", "steam:400"]
        assert [session.game.id for session in history.sessions(game="Portal", limit=1)] == ["epic:p"]

    def test_totals_are_most_played_first(self, history):
        assert [(total.game.id, total.sessions, total.seconds) for total in history.totals()] == [
            ("steam:620", 2, 62 * 60),
            ("steam:400", 1, 33 * 60),
            ("name:tetris", 1, 31 * 60),
        ]
        first = history.totals()[0]
        assert (first.foreground_seconds, first.active_seconds, first.idle_seconds) == (62 * 60, 62 * 60, 0)

    def test_totals_since_any_moment_are_those_of_the_sessions_since_then(self, history):
        for day in range(4, 100, 7):
            history.commit(evening([PORTAL, TETRIS], day=day))
        for since in (0.0, MORNING - 1, MORNING + 1, MORNING + 40.5 * 86_400, MORNING + 1e9, 60 * PERIOD_SECONDS):
            expected = {}
            for session in history.sessions(since=since):
                expected[session.game.id] = expected.get(session.game.id, 0) + 1
            assert {total.game.id: total.sessions for total in history.totals(since)} == expected

    def test_what_was_called_no_game_counts_nowhere(self, history):
        story = Story(grace=0, at=10**6)
        game = story.play(90, TETRIS)
        story.wait(600)
        before = history.totals()
        history.commit(story.events)
        story.judged(game, None)
        history.commit(story.events)
        assert history.totals() == before
        assert len(history.sessions()) == 4
        assert (
            history.sessions(corrected=True)[-1].ended_by is EndedBy.CORRECTED
            or len(history.sessions(corrected=True)) == 5
        )

    def test_a_session_that_was_named_anew_counts_under_its_new_name(self, opened):
        story = Story()
        game = story.play(50, Game("name:p", "p"))
        story.wait(60)
        story.judged(game, PORTAL)
        story.ended(game)
        history = opened()
        for event in story.events:
            history.commit([event])
        assert [(total.game.id, total.seconds) for total in history.totals()] == [("steam:620", 60)]

    def test_a_session_that_is_open_counts_its_foreground_only(self, opened):
        history = opened()
        history.commit(evening()[:1])
        assert (history.totals()[0].sessions, history.totals()[0].seconds) == (1, 0)


class TestReader:
    def test_it_reads_while_the_daemon_writes(self, opened, path):
        history = opened()
        with pytest.raises(NotFoundError, match="Nothing was recorded yet") as error:
            HistoryReader.open(path.with_name("none.db"))
        assert "gamedetectd run" in error.value.remedy
        with HistoryReader.open(path) as reader:
            assert reader.sessions() == ()
            history.commit(evening())
            assert len(reader.sessions()) == 1
            history.commit(evening(day=1))
            assert len(reader.sessions()) == 2
            with pytest.raises(sqlite3.OperationalError, match="readonly"):
                reader._connection.execute("DELETE FROM sessions")
        history.close()
        assert len(stored(path)) == 2

    @posix
    def test_it_reads_in_a_directory_where_nothing_may_be_written(self, opened, path, monkeypatch):
        history = opened()
        history.commit(evening())
        history.close()
        path.parent.chmod(0o500)
        if os.geteuid() == 0:  # root may write everywhere, so it has to be told that it may not
            monkeypatch.setattr(os, "access", lambda place, _mode: place != path.parent)
        try:
            assert len(stored(path)) == 1
            assert [file.name for file in path.parent.iterdir()] == [path.name]
        finally:
            path.parent.chmod(0o700)

    def test_an_empty_file_holds_nothing_yet(self, path):
        path.parent.mkdir()
        path.touch()
        with pytest.raises(NotFoundError, match="Nothing was recorded yet"):
            HistoryReader.open(path)

    def test_an_older_file_waits_for_the_daemon(self, opened, path, monkeypatch):
        opened().close()
        monkeypatch.setattr("gamedetectd.sessions.reader.STEPS", (*STEPS, ()))
        with pytest.raises(HistoryError, match="older") as error:
            HistoryReader.open(path)
        assert "gamedetectd run" in error.value.remedy

    @pytest.mark.parametrize("content", [b"garbage" * 1000, b"\0" * 4096])
    def test_a_damaged_file_is_an_error(self, path, content):
        path.parent.mkdir()
        path.write_bytes(content)
        with pytest.raises(HistoryError, match="damaged"):
            HistoryReader.open(path)
        assert path.read_bytes() == content

    def test_a_directory_is_an_error(self, path):
        path.mkdir(parents=True)
        with pytest.raises(HistoryError, match="Is a directory"):
            HistoryReader.open(path)

    def test_a_file_that_may_not_be_looked_at_is_an_error(self, path, monkeypatch):
        def refuse(_self):
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr(type(path), "exists", refuse)
        with pytest.raises(HistoryError, match="Permission denied"):
            HistoryReader.open(path)

    def test_threads_may_share_it(self, opened):
        history = opened()
        history.register("log", from_now=False)
        seen, problems = [], []

        def sink():
            place = 0
            try:
                while place < 40:
                    for event in history.pending("log", after=place):
                        seen.append(event.number)
                        place = event.number
            except Exception as error:  # noqa: BLE001 (reported below)
                problems.append(error)

        thread = threading.Thread(target=sink)
        thread.start()
        for day in range(20):
            history.commit(evening(day=day))
        thread.join(20)
        assert problems == []
        assert seen == list(range(1, 41))

    def test_what_a_person_broke_by_hand_is_left_out(self, opened):
        history = opened()
        history.commit(evening())
        history._connection.execute("UPDATE sessions SET evidence = '{', processes = 7")
        (session,) = history.sessions()
        assert (session.evidence, session.processes) == ((), ())


class TestFile:
    @posix
    def test_it_is_for_nobody_else(self, opened, path):
        history = opened()
        history.commit(evening())
        history.backup()
        for file in path.parent.iterdir():
            assert file.stat().st_mode & 0o777 == 0o600, file.name
        assert path.parent.stat().st_mode & 0o777 == 0o700

    def test_it_says_what_it_is_and_is_written_durably(self, opened):
        connection = opened()._connection
        asked = ("application_id", "user_version", "journal_mode", "synchronous", "foreign_keys")
        assert [connection.execute(f"PRAGMA {name}").fetchone()[0] for name in asked] == [
            APPLICATION_ID,
            len(STEPS),
            "wal",
            2,
            1,
        ]

    def test_a_file_of_another_program_is_refused_untouched(self, opened, path):
        path.parent.mkdir()
        with closing(sqlite3.connect(path)) as other:
            other.execute("CREATE TABLE theirs (x)")
        before = path.read_bytes()
        with pytest.raises(HistoryError, match="another program") as error:
            opened()
        assert "left as it is" in error.value.remedy
        assert path.read_bytes() == before
        assert [file.name for file in path.parent.iterdir()] == [path.name]

    def test_a_file_of_a_newer_version_is_refused_untouched(self, opened, path):
        opened(steps=(*STEPS, ("CREATE TABLE future (x)",))).close()
        before = path.read_bytes()
        for open_it in (opened, lambda: HistoryReader.open(path)):
            with pytest.raises(HistoryError, match="newer gamedetectd") as error:
                open_it()
            assert "Update gamedetectd" in error.value.remedy
        assert path.read_bytes() == before
        assert backups(path) == []

    def test_an_older_file_is_backed_up_and_brought_up_to_date(self, opened, path):
        history = opened()
        history.commit(evening())
        history.close()
        newer = opened(steps=(*STEPS, ("ALTER TABLE sessions ADD COLUMN note TEXT", "UPDATE sessions SET note = 'x'")))
        assert len(newer.sessions()) == 1
        assert newer._connection.execute("SELECT note FROM sessions").fetchall() == [("x",)]
        newer.close()
        (backup,) = backups(path)
        assert len(stored(backup)) == 1, "the backup is of the old version"

    def test_a_change_that_fails_leaves_the_old_file(self, opened, path):
        history = opened()
        history.commit(evening())
        history.close()
        with pytest.raises(HistoryError):
            opened(steps=(*STEPS, ("ALTER TABLE sessions ADD COLUMN note TEXT", "nonsense")))
        assert len(stored(path)) == 1
        assert opened()._connection.execute("PRAGMA user_version").fetchone() == (len(STEPS),)

    def test_a_file_without_tables_yet_gets_them(self, opened, path):
        path.parent.mkdir()
        with closing(sqlite3.connect(path)) as half_made:
            half_made.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            half_made.execute("VACUUM")
        history = opened()
        assert len(history.commit(evening())) == 2
        assert backups(path) == []

    @pytest.mark.parametrize("kind", ["a directory", "a file in the place of its directory"])
    def test_something_else_in_its_place_is_an_error_with_a_remedy(self, opened, path, kind):
        if kind == "a directory":
            path.mkdir(parents=True)
        else:
            path.parent.touch()
        with pytest.raises(HistoryError) as error:
            opened()
        assert error.value.remedy

    def test_another_program_that_holds_it_is_an_error_and_later_all_is_well(self, opened, path, monkeypatch):
        monkeypatch.setattr(history_module, "BUSY_SECONDS", 0.05)
        history = opened()
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(HistoryError, match="another program holds it"):
                history.commit(evening())
        assert len(history.commit(evening())) == 2

    def test_a_program_that_lets_nobody_read_is_an_error(self, opened, path, monkeypatch):
        opened().close()
        monkeypatch.setattr("gamedetectd.sessions.access.BUSY_SECONDS", 0.05)
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("PRAGMA locking_mode = EXCLUSIVE")
            other.execute("BEGIN EXCLUSIVE")
            with pytest.raises(HistoryError, match="another program holds it"):
                opened()
        assert opened().mended is None

    def test_what_a_power_cut_left_half_done_at_the_very_beginning_is_taken_back(self, opened, path):
        """Before the file is in write-ahead mode SQLite keeps the old pages in a journal beside it."""
        path.parent.mkdir()
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            migrate(connection, STEPS)
            connection.execute("PRAGMA cache_spill = 1")
            connection.execute("PRAGMA cache_size = 1")
            connection.execute("BEGIN")
            connection.executemany(
                "INSERT INTO games VALUES (?, ?, '', '', '')", ((str(i), "x" * 500) for i in range(200))
            )
            copies = {file: file.read_bytes() for file in path.parent.iterdir()}
        assert path.with_name(path.name + "-journal") in copies
        for file, content in copies.items():
            file.write_bytes(content)
        history = opened()
        assert history.mended is None
        assert history._connection.execute("SELECT count(*) FROM games").fetchone() == (0,)

    def test_a_full_disk_is_an_error_and_nothing_is_lost(self, opened):
        history = opened()
        history.commit(evening())
        pages = history._connection.execute("PRAGMA page_count").fetchone()[0]
        history._connection.execute(f"PRAGMA max_page_count = {pages}")
        many = [event for day in range(1, 60) for event in evening((PORTAL, TETRIS), day=day)]
        with pytest.raises(HistoryError, match="the disk is full") as error:
            history.commit(many)
        assert "Free some space" in error.value.remedy
        assert len(history.sessions()) == 1
        history._connection.execute("PRAGMA max_page_count = 1000000")
        assert [event.number for event in history.commit(many)] == list(range(3, len(many) + 3))

    @pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="root may write everything")
    def test_a_read_only_file_is_an_error_with_a_remedy(self, opened, path):
        history = opened()
        history.commit(evening())
        history.close()
        path.parent.chmod(0o500)
        try:
            with pytest.raises(HistoryError) as error:
                opened()
            assert "writable" in error.value.remedy
        finally:
            path.parent.chmod(0o700)

    @posix
    def test_a_file_deleted_under_the_daemon_is_put_back_whole(self, opened, path):
        history = opened()
        history.commit(evening())
        for file in path.parent.iterdir():
            file.unlink()
        history.commit(evening(day=1))
        assert len(stored(path)) == 2
        history.close()
        assert len(stored(path)) == 2

    @posix
    def test_a_file_replaced_under_the_daemon_is_left_alone(self, opened, path):
        history = opened()
        history.commit(evening())
        path.rename(path.with_name("old.db"))
        path.write_bytes(b"theirs")
        with pytest.raises(HistoryError, match="replaced"):
            history.commit(evening(day=1))
        assert path.read_bytes() == b"theirs"


class TestBackups:
    def test_one_a_day_and_the_newest_few_are_kept(self, opened, path):
        history = opened()
        history.commit(evening())
        for day in range(1, 6):
            backup = history.backup()
            assert history.backup() is None, "not twice a day"
            assert len(stored(backup)) == day
            aged = backup.rename(path.with_name(f"history.backup-2001010{day}-000000.db"))
            yesterday = aged.stat().st_mtime - 86_401
            os.utime(aged, (yesterday, yesterday))
            history.commit(evening(day=day))
        assert len(backups(path)) == BACKUPS_KEPT
        assert len(stored(backups(path)[0])) == 5

    def test_a_new_backup_stays_even_if_the_calendar_was_set_back(self, opened, path):
        history = opened()
        history.commit(evening())
        for year in range(2090, 2095):
            history.backup(every=0).rename(path.with_name(f"history.backup-{year}0101-000000.db"))
        assert history.backup(every=0) in backups(path)

    def test_a_backup_is_one_file_that_needs_no_other(self, opened, path):
        history = opened()
        history.commit(evening())
        backup = history.backup()
        names = {file.name for file in path.parent.iterdir()}
        assert names == {path.name, path.name + "-wal", path.name + "-shm", backup.name}
        assert backup.read_bytes()[18:20] == b"\x01\x01", "not in write-ahead mode"

    def test_a_backup_that_was_interrupted_leaves_nothing_behind_for_ever(self, opened, path):
        history = opened()
        history.commit(evening())
        half = path.with_name("history.backup-20260101-000000.db.new")
        half.write_bytes(b"half of it")
        history.backup()
        assert not half.exists()

    def test_a_backup_of_a_damaged_history_does_not_push_out_the_good_ones(self, opened, path):
        history = opened()
        for day in range(60):
            history.commit(evening(day=day))
        good = history.backup()
        history.close()
        spoil(path, "sessions_by_game")
        with (
            closing(sqlite3.connect(path, isolation_level=None)) as connection,
            pytest.raises(HistoryDamagedError, match="came out damaged"),
        ):
            back_up(path, connection)
        assert backups(path) == [good]

    def test_sessions_are_kept_while_a_backup_is_made(self, opened, path, monkeypatch):
        history = opened()
        history.commit(evening())
        copying, release = threading.Event(), threading.Event()
        copy = backups_module._copy

        def slowly(*arguments):
            copying.set()
            assert release.wait(20)
            copy(*arguments)

        monkeypatch.setattr(backups_module, "_copy", slowly)
        backup = threading.Thread(target=history.backup)
        backup.start()
        try:
            assert copying.wait(20)
            history.commit(evening(day=1))
            assert len(stored(path)) == 2
        finally:
            release.set()
            backup.join(20)
        assert len(backups(path)) == 1

    def test_no_room_for_a_backup_is_an_error_with_a_remedy(self, opened, path, monkeypatch):
        history = opened()

        def full(*_):
            raise OSError(28, "No space left on device")

        monkeypatch.setattr("gamedetectd.sessions.backups.replace_durably", full)
        with pytest.raises(HistoryError, match="No space left") as error:
            history.backup()
        assert "Free some space" in error.value.remedy
        assert backups(path) == []
        assert not [file for file in path.parent.iterdir() if file.name.endswith(".new")]


def root_page(path, name):
    with closing(sqlite3.connect(path)) as connection:
        page = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = ?", (name,)).fetchone()[0]
        return page, connection.execute("PRAGMA page_size").fetchone()[0]


def spoil(path, name):
    """Overwrite the page where a table or an index begins."""
    page, size = root_page(path, name)
    with path.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xa5" * size)


def spoil_a_leaf(path):
    """Overwrite a page in the middle of the sessions table."""
    with closing(sqlite3.connect(path)) as connection:
        try:
            pages = [
                row[0]
                for row in connection.execute(
                    "SELECT pageno FROM dbstat WHERE name = 'sessions' AND pagetype = 'leaf' ORDER BY path"
                )
            ]
        except sqlite3.OperationalError:
            pytest.skip("this SQLite was built without dbstat")
        size = connection.execute("PRAGMA page_size").fetchone()[0]
    with path.open("r+b") as file:
        file.seek((pages[len(pages) // 2] - 1) * size)
        file.write(b"\xa5" * size)


class TestDamage:
    @pytest.fixture
    def days(self, opened, path):
        """Forty days of play, of which a backup holds thirty."""
        history = opened()
        for day in range(40):
            history.commit(evening(day=day))
            if day == 29:
                history.backup()
        history.close()
        return path

    def damaged_files(self, path):
        return [file for file in path.parent.iterdir() if ".damaged-" in file.name]

    @pytest.mark.parametrize(
        "content", [b"", b"\0" * 40_000, b"not a database " * 1000], ids=["empty", "NULs", "garbage"]
    )
    def test_what_is_no_database_any_more_is_kept_and_the_backup_restored(self, days, opened, content):
        days.write_bytes(content)
        history = opened()
        assert len(history.sessions()) == 30
        (aside,) = self.damaged_files(days)
        assert aside.read_bytes() == content
        assert aside.name in history.mended.cause
        assert "was restored" in history.mended.cause
        assert history.mended.remedy
        assert len(history.commit(evening(day=50))) == 2
        history.close()
        assert opened().mended is None
        assert len(stored(days)) == 31

    def test_without_a_backup_a_new_file_is_begun_and_says_so(self, opened, path):
        path.parent.mkdir()
        path.write_bytes(b"garbage" * 5000)
        history = opened()
        assert "a new file was begun" in history.mended.cause
        assert history.commit(evening())

    def test_sessions_newer_than_the_backup_are_brought_over(self, days, opened):
        spoil(days, "sessions_by_game")
        history = opened()
        assert len(history.sessions()) == 40
        assert "40 sessions" in history.mended.cause
        assert history.totals()[0].sessions == 40
        assert history._connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)

    def test_sessions_on_both_sides_of_a_broken_page_are_brought_over(self, days, opened):
        for backup in backups(days):
            backup.unlink()
        spoil_a_leaf(days)
        history = opened()
        found = {round((session.started_at - MORNING) / 86_400) for session in history.sessions()}
        assert {0, 39} <= found
        assert 20 <= len(found) < 40

    def test_sessions_whose_games_are_lost_keep_their_ids_as_names(self, days, opened):
        for backup in backups(days):
            backup.unlink()
        with closing(sqlite3.connect(days, isolation_level=None)) as connection:
            connection.execute("DELETE FROM games")
        spoil(days, "sessions_by_game")
        assert {session.game.title for session in opened().sessions()} == {"steam:620"}

    def test_a_table_that_cannot_be_entered_is_given_up(self, days, opened, monkeypatch):
        monkeypatch.setattr("gamedetectd.sessions.backups._MOST_FAILURES", 100)
        spoil(days, "sessions")
        history = opened()
        assert len(history.sessions()) == 30
        assert "0 sessions" in history.mended.cause

    def test_no_room_for_what_is_brought_over_takes_nothing_away(self, days, opened, path):
        with closing(sqlite3.connect(path.with_name("sound.db"), isolation_level=None)) as sound:
            migrate(sound, STEPS)
            sound.execute("PRAGMA max_page_count = 1")  # SQLite takes that for: no more than now
            with pytest.raises(sqlite3.OperationalError, match="full"):
                salvage(days, sound)
            assert sound.execute("SELECT count(*) FROM sessions").fetchone() == (0,)

    def test_a_damaged_backup_is_passed_over(self, days, opened):
        newest = backups(days)[0]
        older = newest.with_name("history.backup-20010101-000000.db")
        shutil.copy(newest, older)
        newest.write_bytes(b"garbage" * 1000)
        days.write_bytes(b"garbage" * 1000)
        history = opened()
        assert older.name in history.mended.cause
        assert len(history.sessions()) == 30

    def test_what_is_written_meanwhile_goes_aside_with_the_file(self, days, opened):
        history = opened()
        history.commit(evening(day=60))
        wal = days.with_name(days.name + "-wal").read_bytes()
        history.close()
        days.write_bytes(b"garbage" * 1000)
        days.with_name(days.name + "-wal").write_bytes(wal)
        opened()
        assert {file.name.rpartition(".db")[2] for file in self.damaged_files(days)} >= {"", "-wal"}

    def test_damage_found_while_writing_is_mended_and_the_events_are_kept(self, days, opened):
        history = opened()
        history.commit((), {})
        spoil(days, "sessions_by_start")
        numbered = history.commit(evening(day=61))
        assert len(numbered) == 2
        assert len(history.sessions()) == 41
        assert history.mended is not None
        assert history._connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)

    def test_two_damages_in_one_second_keep_both_files(self, days, opened):
        days.write_bytes(b"garbage" * 1000)
        opened().close()
        days.write_bytes(b"rubbish" * 1000)
        opened().close()
        assert len(self.damaged_files(days)) == 2

    def test_nonsense_in_a_readable_row_is_not_brought_over(self, days, opened):
        with closing(sqlite3.connect(days, isolation_level=None)) as connection:
            connection.execute("UPDATE sessions SET ended_by = 'nonsense' WHERE rowid = 3")
            connection.execute("UPDATE sessions SET started_at = 'never' WHERE rowid = 4")
        for backup in backups(days):
            backup.unlink()
        spoil(days, "sessions_by_game")
        assert len(opened().sessions()) == 38


@posix
def test_a_directory_that_cannot_be_synced_leaves_no_descriptor_open(path, monkeypatch):
    def broken(_directory):
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr("gamedetectd.sessions.durable.sync_directory", broken)
    before = descriptors()
    with pytest.raises(HistoryError, match="Input/output error") as error:
        History.open(path)
    assert "Check the disk" in error.value.remedy
    assert descriptors() == before


def descriptors():
    """How many files this process has open, where the system tells."""
    place = Path("/proc/self/fd")
    return len(list(place.iterdir())) if place.exists() else 0


def test_windows_needs_no_sync_of_directories(monkeypatch, tmp_path):
    monkeypatch.setattr(sys, "platform", "win32")
    sync_directory(tmp_path / "there is none")


def test_an_unknown_trouble_of_sqlite_is_told_in_its_own_words(opened):
    history = opened()
    history.close()
    with pytest.raises(HistoryError, match="closed database"):
        history.sessions()


def test_the_kinds_of_event_are_read_back(opened):
    history = opened()
    history.register("log", from_now=False)
    history.commit(evening())
    assert [event.kind for event in history.pending("log")] == [SessionEventKind.STARTED, SessionEventKind.ENDED]


@pytest.mark.skipif(sys.platform == "win32", reason="links")
@pytest.mark.parametrize("name", ["history.db", "history.db-wal"])
def test_what_is_also_another_file_is_not_written(tmp_path, name):
    other = tmp_path / "other"
    other.write_bytes(b"")
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / name).hardlink_to(other)
    with pytest.raises(HistoryError) as error:
        History.open(tmp_path / "data" / "history.db")
    assert "second name" in error.value.cause
    assert "a copy of it" in error.value.remedy
    assert other.read_bytes() == b""

"""A history that is only looked at: what is said of it, and that it stays as it was."""

import os
import sqlite3

import pytest
from played_games import played

from gamedetectd.errors import HistoryError
from gamedetectd.sessions import inspection
from gamedetectd.sessions.backups import backups
from gamedetectd.sessions.history import History
from gamedetectd.sessions.inspection import Inspection, inspect
from gamedetectd.sessions.schema import STEPS


@pytest.fixture
def path(tmp_path):
    return tmp_path / "history.db"


def keep(path, *titles):
    with History.open(path) as history:
        history.commit(played(*titles))
        return history.backup()


def test_what_is_in_a_sound_one(path):
    backup = keep(path, "Chess", "Go")
    before = path.read_bytes()
    found = inspect(path)
    assert (found.exists, found.version, found.sessions, found.damage) == (True, len(STEPS), 2, "")
    assert [copy.path for copy in found.backups] == [backup]
    assert found.backups[0].bytes == backup.stat().st_size
    assert found.set_aside == ()
    assert path.read_bytes() == before


def test_none_yet_and_an_empty_one(path):
    assert inspect(path) == Inspection(False)
    path.touch()
    assert inspect(path) == Inspection(True)


def test_damage_is_found_and_left_as_it_is(path):
    keep(path, "Chess")
    whole = path.read_bytes()
    aside = path.with_name("history.damaged-20260101-000000.db")
    aside.write_bytes(whole)
    for damaged in (b"no database" * 999, whole[:4096] + os.urandom(len(whole) - 4096)):
        path.write_bytes(damaged)
        found = inspect(path)
        assert found.exists
        assert found.damage.endswith(".")
        assert len(found.backups) == 1
        assert [copy.path for copy in found.set_aside] == [aside]
        assert path.read_bytes() == damaged


def test_damage_that_the_check_names(path, monkeypatch):
    keep(path, "Chess")
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute("DELETE FROM sqlite_schema WHERE name = 'sessions_by_start'")
    connection.close()
    assert "never used" in inspect(path).damage


@pytest.mark.parametrize(
    ("statement", "says"),
    [("PRAGMA user_version = 99", "newer gamedetectd"), ("PRAGMA application_id = 7", "another program")],
)
def test_what_is_not_for_us_is_refused(path, statement, says):
    keep(path, "Chess")
    with sqlite3.connect(path) as connection:
        connection.execute(statement)
    connection.close()
    with pytest.raises(HistoryError, match=says):
        inspect(path)


def test_another_program_that_holds_it_is_no_damage(path, monkeypatch):
    keep(path, "Chess")

    def held(_path, _connection):
        error = sqlite3.OperationalError("database is locked")
        error.sqlite_errorcode = sqlite3.SQLITE_BUSY
        raise error

    monkeypatch.setattr(inspection, "_content", held)
    with pytest.raises(HistoryError, match="another program holds it"):
        inspect(path)


def test_a_backup_that_goes_away_meanwhile_is_not_told(path, monkeypatch):
    backup = keep(path, "Chess")
    monkeypatch.setattr(inspection, "backups", lambda _path: [path.with_name("gone.db"), *backups(path)])
    assert [copy.path for copy in inspect(path).backups] == [backup]


def test_every_name_a_game_has_or_had(path):
    keep(path, "Chess", "Go")
    with History.open(path) as history:
        assert history.names() == {"Chess", "Go", "name:chess", "name:go"}

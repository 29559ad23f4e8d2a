"""What every store reader promises, whatever lies on the disk: one test over the table of stores."""

import os
import time
from pathlib import Path

import pytest

from gamedetectd.domain import Shelf, System
from gamedetectd.library.room import Library
from gamedetectd.library.stores import STORES, readers
from gamedetectd.library.surroundings import Surroundings


class NoRegistry:
    """A registry without a key."""

    def __getattr__(self, _name):
        return lambda *_path: ()


def surroundings(home, system=System.LINUX):
    environment = {
        "APPDATA": str(home / "AppData/Roaming"),
        "LOCALAPPDATA": str(home / "AppData/Local"),
        "PROGRAMDATA": str(home / "ProgramData"),
        "XDG_DATA_DIRS": str(home / "share"),
    }
    return Surroundings(system, home, environment, None, (home / "disk",))


@pytest.fixture(params=sorted(STORES))
def name(request):
    return request.param


@pytest.mark.parametrize("system", list(System))
def test_nothing_there_is_said_in_a_sentence_and_is_no_problem(name, system, tmp_path):
    reader = STORES[name](surroundings(tmp_path / "nobody", system))
    shelf = reader.load()
    assert reader.name == name
    assert isinstance(shelf, Shelf)
    assert shelf.games == ()
    assert shelf.problems == ()
    assert shelf.nothing[0].isupper()
    assert shelf.nothing.endswith(".")
    assert list(reader.roots()) == []


def test_making_a_reader_touches_nothing(name, tmp_path, monkeypatch):
    def touched(*_arguments, **_options):
        raise AssertionError("the disk was touched")

    for function in ("stat", "lstat", "listdir", "scandir", "open"):
        monkeypatch.setattr(os, function, touched)
    STORES[name](surroundings(tmp_path))


def test_the_fingerprint_stays_while_nothing_changes_and_is_cheap(name, tmp_path):
    reader = STORES[name](surroundings(tmp_path))
    assert reader.fingerprint() == reader.fingerprint()
    hash(reader.fingerprint())
    started = time.perf_counter()
    for _ in range(10):
        reader.fingerprint()
    fingerprints = time.perf_counter() - started
    started = time.perf_counter()
    for _ in range(10):
        sum(1 for _ in os.walk("/usr/lib/python3"))
    assert fingerprints < max(0.05, 10 * (time.perf_counter() - started))


def test_every_store_has_a_row_of_its_own():
    found = readers(surroundings(Path("/nowhere")))
    assert [reader.name for reader in found] == list(STORES)
    assert Library(found).games() == ()

"""Homes of people with stores on them, laid out in a directory of the test, and what readers make of them."""

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from gamedetectd.domain import System
from gamedetectd.library.surroundings import Surroundings
from gamedetectd.platforms.registry.tree import Tree

SHARED = Path(__file__).resolve().parents[1].parent / "shared" / "data"


def fixture(name):
    """A file or directory of real stores, or a skip that says what is missing."""
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"the real files of stores, {path}, are not here")
    return path


def lay_out(source, target):
    """Copy a fixture's directory to where its store keeps it."""
    shutil.copytree(fixture(source), target, dirs_exist_ok=True)


def linux(home, **environment):
    """A Linux home; the disk, with what the whole machine shares, is empty."""
    return Surroundings(System.LINUX, home, environment, None, (home / "disk",))


def windows(disk, registry=None):
    """A Windows disk below ``disk``, with the person Ann."""
    home = disk / "Users" / "Ann"
    environment = {
        "APPDATA": str(home / "AppData" / "Roaming"),
        "LOCALAPPDATA": str(home / "AppData" / "Local"),
        "PROGRAMDATA": str(disk / "ProgramData"),
    }
    return Surroundings(System.WINDOWS, home, environment, registry, (disk,))


def macos(disk):
    """A Mac's disk below ``disk``, with the person Ann."""
    return Surroundings(System.MACOS, disk / "Users" / "Ann", {}, None, (disk,))


def registry(keys):
    """A registry of ``{path: {name: value}}``."""
    tree = Tree()
    for path, values in keys.items():
        tree.add(path).update(values)
    return tree


def write(path, content):
    """A file with bytes, text, or anything else as JSON."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        path.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
    return path


def database(path, tables):
    """A SQLite file of ``{table: [row, …]}``, its columns those of the first row."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(path)) as connection, connection:
        for table, rows in tables.items():
            columns = list(rows[0])
            connection.execute(f"CREATE TABLE {table} ({', '.join(columns)})")
            marks = ", ".join("?" for _ in columns)
            connection.executemany(
                f"INSERT INTO {table} VALUES ({marks})", [tuple(row[column] for column in columns) for row in rows]
            )
    return path


def told(shelf):
    """What a person would want to know of each game."""
    return [(game.store, game.id, game.title, game.install_dir) for game in shelf.games]


def programs(shelf):
    """The programs of each game by its title."""
    return {game.title: list(game.executables) for game in shelf.games}


def complaints(shelf):
    """The names of the files with problems, each with its cause."""
    return [(Path(problem.place).name, problem.cause) for problem in shelf.problems]

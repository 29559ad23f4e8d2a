"""``gamedetectd judge`` as a person and a program meet it: lines in, lines out, and what happens to bad ones."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

GOOD = {"id": "one", "os": "linux", "processes": [{"exe": "/usr/games/supertux2"}]}
OTHER = {"id": 2, "os": "windows", "processes": [{"exe": "C:\\Windows\\System32\\notepad.exe"}]}


def judge(*arguments, given=b"", cwd=None, env=None):
    command = [sys.executable, "-m", "gamedetectd", "judge", *arguments]
    return subprocess.run(command, input=given, capture_output=True, timeout=60, cwd=cwd, env=env, check=False)


def lines(*values):
    return b"".join(value if isinstance(value, bytes) else json.dumps(value).encode() + b"\n" for value in values)


def test_one_line_out_for_each_line_in(tmp_path):
    (tmp_path / "facts.jsonl").write_bytes(b"\xef\xbb\xbf" + lines(GOOD, b"\n", b"  \r\n", OTHER))
    done = judge(str(tmp_path / "facts.jsonl"))
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0
    assert done.stderr == b""
    assert [(row["id"], row["is_game"]) for row in rows] == [("one", True), (2, False)]


def test_standard_input_and_a_bad_line():
    wrong = {"id": "w", "window": 3}
    done = judge("-", given=lines(GOOD, b"{broken\n", wrong, OTHER)[:-1])
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 3
    assert [row["id"] for row in rows] == ["one", None, "w", 2]
    assert set(rows[1]) == set(rows[2]) == {"id", "error"}
    assert b"line 2:" in done.stderr
    assert b"line 3:" in done.stderr
    assert b"$.window" in done.stderr
    assert b"Traceback" not in done.stderr


def test_a_line_of_a_hundred_megabytes_is_refused_and_the_rest_goes_on(tmp_path):
    path = tmp_path / "huge.jsonl"
    with path.open("wb") as out:
        out.write(lines(GOOD) + b'{"id": "huge", "x": "')
        for _ in range(100):
            out.write(b"x" * 1_000_000)
        out.write(b'"}\n' + lines(OTHER))
    done = judge(str(path))
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 3
    assert [row.get("is_game") for row in rows] == [True, None, False]
    assert b"line 2:" in done.stderr


@pytest.mark.parametrize("kind", ["missing", "directory", "binary"])
def test_files_that_are_no_facts(tmp_path, kind):
    path = tmp_path / "facts"
    if kind == "directory":
        path.mkdir()
    if kind == "binary":
        path.write_bytes(os.urandom(5_000).replace(b"\n", b"x"))
    done = judge(str(path))
    assert done.returncode == (3 if kind == "binary" else 1)
    assert done.stderr
    assert b"Traceback" not in done.stderr


def test_nothing_of_this_machine_is_used(tmp_path):
    """The same answer in an empty home, from an empty directory, and nothing is left behind."""
    home = tmp_path / "home"
    home.mkdir()
    env = {**os.environ, "HOME": str(home), "GAMEDETECTD_HOME": str(home / "gd"), "XDG_DATA_DIRS": str(home)}
    assert judge("-", given=lines(GOOD), cwd=home, env=env).stdout == judge("-", given=lines(GOOD)).stdout
    assert list(home.iterdir()) == []


def test_an_empty_file_is_no_error():
    done = judge("-")
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")

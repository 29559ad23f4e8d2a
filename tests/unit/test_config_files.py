"""Files that are not what they should be: a sentence and a remedy each, never a traceback, never a wait."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from gamedetectd.config import check_file, load_rules
from gamedetectd.config.files import SIZE_LIMIT, read_text
from gamedetectd.config.problems import Problem
from gamedetectd.paths import Paths

TEXT = "[watch]\ngamepads = true\n"

BYTES = {
    "UTF-16 as Windows' old editor saves it": (TEXT.encode("utf-16"), 1, "is written in UTF-16"),
    "UTF-16, the other way round": (b"\xfe\xff" + TEXT.encode("utf-16-be"), 1, "is written in UTF-16"),
    "UTF-32": (TEXT.encode("utf-32"), 1, "is written in UTF-32"),
    "UTF-32, the other way round": (b"\0\0\xfe\xff" + TEXT.encode("utf-32-be"), 1, "is written in UTF-32"),
    "zero bytes, as a power cut leaves them": (b"\0" * 4096, 1, "contains zero bytes"),
    "a program": (b"\x7fELF\n\n\x02\0\x01", 3, "contains zero bytes"),
    "Latin-1": (TEXT.encode() + 'x = "\xe4"'.encode("latin-1"), 3, "is not UTF-8"),
    "more than a megabyte": (b"#" * (SIZE_LIMIT + 1), 0, "1 MB is the most that is read"),
}


@pytest.fixture
def paths(tmp_path):
    paths = Paths.below(tmp_path)
    paths.config.mkdir()
    return paths


@pytest.mark.parametrize(("data", "line", "message"), BYTES.values(), ids=BYTES.keys())
def test_bytes_that_are_no_settings_are_named(data, line, message, paths):
    for file in (paths.settings_file, paths.rules_file):
        file.write_bytes(data)
    for problems in (check_file(paths, {}), load_rules(paths.rules_file)[1]):
        (problem,) = problems
        assert message in problem.message
        assert problem.line == line
        assert problem.remedy


def test_a_megabyte_exactly_is_read(paths):
    paths.settings_file.write_bytes(b"#" * SIZE_LIMIT)
    assert check_file(paths, {}) == []


@pytest.mark.parametrize("data", [b"", b"\xef\xbb\xbf" + TEXT.encode(), TEXT.replace("\n", "\r\n").encode()])
def test_an_empty_file_a_utf8_mark_and_windows_line_ends_are_fine(data, paths):
    paths.settings_file.write_bytes(data)
    assert check_file(paths, {}) == []


def test_a_hundred_megabytes_are_refused_unread(paths):
    with paths.settings_file.open("wb") as file:
        file.truncate(100_000_000)
    (problem,) = check_file(paths, {})
    assert "is 100.0 MB long" in problem.message


def test_a_directory_in_the_files_place(paths):
    paths.settings_file.mkdir()
    (problem,) = check_file(paths, {})
    assert (problem.message, problem.remedy) == ("is a directory", "Move it away; a text file belongs there.")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no named pipes in directories")
@pytest.mark.timeout(10)
def test_a_named_pipe_in_the_files_place_makes_nobody_wait(paths):
    os.mkfifo(paths.settings_file)
    (problem,) = check_file(paths, {})
    assert problem.message == "is not a regular file"


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege on Windows")
class TestLinks:
    def test_a_link_is_followed(self, paths, tmp_path):
        (tmp_path / "dotfiles.toml").write_text("[watch]\ngamepads = 3\n")
        paths.settings_file.symlink_to(tmp_path / "dotfiles.toml")
        (problem,) = check_file(paths, {})
        assert problem.key == "watch.gamepads"

    def test_a_link_to_nothing_is_told(self, paths):
        paths.settings_file.symlink_to("gone.toml")
        (problem,) = check_file(paths, {})
        assert problem.message == "is a link to a file that does not exist"

    def test_a_link_in_a_circle_is_told(self, paths):
        paths.settings_file.symlink_to("settings.toml")
        (problem,) = check_file(paths, {})
        assert "cannot be read: Too many levels of symbolic links" in problem.message


def test_a_file_where_a_directory_should_be(paths):
    (paths.config / "file").write_text("")
    problem = read_text(paths.config / "file" / "settings.toml")
    assert isinstance(problem, Problem)
    assert problem.message == "cannot be read: Not a directory"


def test_a_name_with_escapes_is_printable(paths):
    problem = read_text(paths.config / "a\x1b[31m\nb" / "..")
    assert problem == ""
    (paths.config / "a\x1b[31m\nb").mkdir()
    problem = read_text(paths.config / "a\x1b[31m\nb")
    assert problem.file.endswith(r"a\x1b[31m\nb")


@pytest.mark.skipif(sys.platform != "linux", reason="counts descriptors in /proc")
@pytest.mark.parametrize("spoil", [lambda file: file.mkdir(), lambda file: file.write_bytes(b"x" * 2_000_000)])
def test_no_descriptor_stays_open(spoil, paths):
    spoil(paths.settings_file)
    before = len([*Path("/proc/self/fd").iterdir()])
    for _ in range(20):
        check_file(paths, {})
    assert len([*Path("/proc/self/fd").iterdir()]) == before


def test_a_file_that_this_account_may_not_read_is_a_problem_with_a_remedy(tmp_path, monkeypatch):
    def refused(_path):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("gamedetectd.config.files._read_protected", refused)
    problem = read_text(tmp_path / "settings.toml")
    assert "may not be read by this account" in str(problem)
    assert "owner and mode" in str(problem)

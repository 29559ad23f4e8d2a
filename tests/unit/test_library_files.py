"""How stores' files, databases and paths are read: what is bounded, what is mended, what is refused and why."""

import os
import sqlite3
from pathlib import Path

import pytest
from store_homes import database, linux, windows, write

from gamedetectd.domain import LibraryProblem, System
from gamedetectd.library import databases, files, native
from gamedetectd.library.databases import read_tables
from gamedetectd.library.files import UnreadableError, parse_json, parse_yaml, text_of
from gamedetectd.library.remembered import Remembered
from gamedetectd.library.rows import installed, shelf
from gamedetectd.library.surroundings import Surroundings

# --- files ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"plain", "plain"),
        (b"\xef\xbb\xbfmarked", "marked"),
        ("wide \u2605".encode("utf-16"), "wide \u2605"),
        ("\u00fcber".encode(), "\u00fcber"),
    ],
)
def test_text_is_read_in_the_encodings_stores_use(tmp_path, content, text):
    assert files.read_text(write(tmp_path / "a", content)) == text


@pytest.mark.parametrize(
    ("make", "cause"),
    [
        (lambda path: None, "It is not there any more."),
        (lambda path: path.mkdir(), "It is not a file."),
        (os.mkfifo, "It is not a file."),
        (lambda path: write(path, b"a" * 1001), "It is larger than 0 MB."),
        (lambda path: write(path, b""), "It is empty."),
        (lambda path: write(path, b" \r\n\t"), "It is empty."),
        (lambda path: write(path, b"\0\0\0\n"), "It holds nothing but zeros."),
        (lambda path: write(path, b"a\0b"), "It holds binary data."),
        (lambda path: write(path, b"\xff"), "It is not text in UTF-8."),
        (lambda path: path.symlink_to(path), "It cannot be opened: Too many levels of symbolic links."),
    ],
)
def test_what_is_no_text_is_refused_with_its_cause(tmp_path, make, cause):
    make(tmp_path / "a")
    with pytest.raises(UnreadableError) as refused:
        files.read_text(tmp_path / "a", 1000)
    assert refused.value.problem() == LibraryProblem(str(tmp_path / "a"), cause, refused.value.remedy)
    assert refused.value.remedy.endswith(".")


def test_a_file_that_grows_while_it_is_read_ends_at_the_limit(tmp_path):
    path = write(tmp_path / "a", b"a" * 500)
    real = os.fstat

    def smaller(descriptor):
        state = list(real(descriptor))
        state[6] = 5
        return os.stat_result(state)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fstat", smaller)
        assert files.read_bytes(path, 500) == b"a" * 500
        with pytest.raises(UnreadableError, match="larger"):
            files.read_bytes(path, 499)


def test_a_disk_that_fails_is_a_cause(tmp_path, monkeypatch):
    path = write(tmp_path / "a", b"x")

    def fails(*_arguments):
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "read", fails)
    with pytest.raises(UnreadableError, match=r"It cannot be opened: Input/output error\."):
        files.read_bytes(path)


def test_python_writes_json_that_others_refuse_and_it_is_read_all_the_same():
    assert parse_json(b'{"a": NaN, "b": "\\udc80", "c": 123456789012345678901234567890}')["b"] == "\udc80"


@pytest.mark.parametrize("content", [b"{", b"{} {}", b"'a'", b"9" * 9000, b"[" * 200_000, b'{"a":' * 200_000])
def test_what_is_no_json_is_refused(content):
    with pytest.raises(UnreadableError):
        parse_json(content)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a: 007\nb: yes\nc: 1.10\nd: 2020-13-77", {"a": "007", "b": "yes", "c": "1.10", "d": "2020-13-77"}),
        ("a: ~\nb:\nc: null\nd: Null\nNil: x", {"a": None, "b": None, "c": None, "d": None, "Nil": "x"}),
        ("a: 'null'\nb: '~'\nc: ''", {"a": "null", "b": "~", "c": ""}),
        ("a: &x {b: c}\nd: *x\n<<: *x", {"a": {"b": "c"}, "d": {"b": "c"}, "<<": {"b": "c"}}),
        ("!!python/object/apply:os.system [ls]", ["ls"]),
        ("!!timestamp x", "x"),
    ],
)
def test_yaml_keeps_what_is_written(text, value):
    assert parse_yaml(text.encode()) == value


@pytest.mark.parametrize(
    "text",
    [
        "a: [",
        "&a [*a]",
        "? [1]\n: 2",
        "a: b\n---\nc",
        "*a",
        "[" * 5000,
        "- " * 5000,
        "%YAML 9.9\n---\na",
        "a: \x01",
        "\t- a",
    ],
)
def test_what_is_no_yaml_is_refused(text):
    with pytest.raises(UnreadableError):
        parse_yaml(text.encode())


def test_yaml_that_multiplies_itself_stays_small():
    bomb = "a0: &a0 {x: y}\n" + "".join(f"a{n}: &a{n}\n  <<: [{f'*a{n - 1}, ' * 9}]\n" for n in range(1, 12))
    assert len(parse_yaml(bomb.encode())) == 12
    with pytest.raises(UnreadableError, match="larger than"):
        parse_yaml(b"a" * (files.YAML_LIMIT + 1))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (" a ", "a"),
        (5, "5"),
        (True, ""),
        (None, ""),
        ([], ""),
        ("\0\0", ""),
        (1 << 70, ""),
        ("\ud800", "?"),
        ("é", "é"),
    ],
)
def test_a_field_is_text_or_nothing(value, text):
    assert text_of({"x": value}, "missing", "x") == text


def test_mappings_are_found_in_lists_and_mappings_only():
    assert list(files.mappings([{"a": 1}, 2, {3: 4, "b": 5}])) == [{"a": 1}, {"b": 5}]
    assert list(files.mappings({"x": {"a": 1}, "y": []})) == [{"a": 1}]
    assert list(files.mappings("text")) == []
    assert files.mapping([1]) == {}


@pytest.mark.parametrize(
    ("value", "true"), [(True, True), (1, True), ("True", True), ("0", False), (0, False), (None, False), ([], False)]
)
def test_truth_is_recognised_however_it_is_written(value, true):
    assert files.is_true(value) is true


def test_names_are_sorted_limited_and_their_absence_is_no_problem(tmp_path):
    for name in ("b.ITEM", "a.item", "c.txt"):
        write(tmp_path / name, b"")
    assert files.read_names(tmp_path, ".item") == ["a.item", "b.ITEM"]
    assert files.read_names(tmp_path / "missing") == ()
    with pytest.raises(UnreadableError, match="not a directory"):
        files.read_names(tmp_path / "c.txt")
    with pytest.raises(UnreadableError, match="cannot be opened"):
        files.read_names(Path("\0"))


def test_stamps_of_what_cannot_be_looked_at_are_none(tmp_path):
    assert files.stamp("\0") is None
    assert files.stamp(tmp_path / "missing") is None
    assert files.directory_stamps(tmp_path / "missing") is None
    (tmp_path / "dangling").symlink_to(tmp_path / "missing")
    assert files.directory_stamps(tmp_path) == (("dangling", 0, 0),)


def test_what_is_remembered_is_forgotten_with_its_file(tmp_path):
    def read(path):
        seen.append(path.name)
        if path.name == "bad":
            raise UnreadableError("It is bad.")
        return path.read_text()

    seen, problems = [], []
    write(tmp_path / "bad", "x")
    write(tmp_path / "good", "1")
    write(tmp_path / "below" / "deep", "2")
    remembered = Remembered(read)
    assert list(remembered.in_directory(tmp_path / "below", (), problems)) == [("deep", "2")]
    assert list(remembered.in_directory(tmp_path, ("bad", "good"), problems)) == [("good", "1")]
    assert list(remembered.in_directory(tmp_path, ("bad", "good"), problems)) == [("good", "1")]
    assert list(remembered.in_directory(tmp_path / "below", (), problems)) == [("deep", "2")]
    assert seen == ["deep", "bad", "good"]
    assert [problem.place for problem in problems] == [str(tmp_path / "bad")] * 2
    (tmp_path / "good").unlink()
    assert list(remembered.in_directory(tmp_path, ("bad", "good"), [])) == []
    write(tmp_path / "good", "1")
    assert list(remembered.in_directory(tmp_path, ("good",), [])) == [("good", "1")]
    assert seen == ["deep", "bad", "good", "good"]


def test_a_file_that_vanishes_while_it_is_read_is_no_problem(tmp_path):
    def vanished(path):
        raise files.not_opened(FileNotFoundError(2, "No such file"), path)

    problems = []
    write(tmp_path / "a", "x")
    assert files.attempt(problems, vanished, tmp_path / "a") is None
    assert list(Remembered(vanished).in_directory(tmp_path, (), problems)) == []
    assert problems == []


# --- databases --------------------------------------------------------------------------------------------------------


def test_columns_are_found_in_any_spelling_and_missing_ones_are_none(tmp_path):
    path = database(tmp_path / "a b?c#d%.db", {"caves": [{"gameId": 1, "VERDICT": "x"}]})
    assert read_tables(path, {"caves": ("game_id", "verdict", "gone"), "missing": ("a",)}) == {
        "caves": [{"game_id": 1, "verdict": "x", "gone": None}]
    }


def test_text_that_is_no_utf8_is_mended(tmp_path):
    path = tmp_path / "a.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE t (a TEXT)")
        connection.execute("INSERT INTO t VALUES (CAST(x'41ff42' AS TEXT))")
    connection.close()
    assert read_tables(path, {"t": ("a",)}) == {"t": [{"a": "A\ufffdB"}]}


def test_a_value_beyond_all_bounds_and_a_missing_file_are_refused(tmp_path, monkeypatch):
    path = database(tmp_path / "a.db", {"t": [{"a": "x" * 100_000}]})
    monkeypatch.setattr(databases, "VALUE_LIMIT", 50_000)
    with pytest.raises(UnreadableError, match="damaged"):
        read_tables(path, {"t": ("a",)})
    with pytest.raises(UnreadableError, match="not there any more"):
        read_tables(tmp_path / "b.db", {"t": ("a",)})


def test_a_table_with_quotes_in_its_name_is_only_a_name(tmp_path):
    name = 'x"; DROP TABLE t; --'
    path = tmp_path / "a.db"
    with sqlite3.connect(path) as connection:
        quoted = name.replace('"', '""')
        connection.execute(f'CREATE TABLE "{quoted}" (a)')
        connection.execute("CREATE TABLE t (a)")
    connection.close()
    assert read_tables(path, {name: ("a",), "t": ("a",)}) == {name: [], "t": []}


# --- paths and rows ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("directory", "path", "joined"),
    [
        ("/games/a", "bin\\x64\\a.exe", "/games/a/bin/x64/a.exe"),
        ("C:\\Games\\A", "bin/a.exe", "C:\\Games\\A\\bin\\a.exe"),
        ("C:/Games/A/", "./a.exe", "C:\\Games\\A\\a.exe"),
        ("/games/a", "/elsewhere/../b", "/b"),
        ("/games/a", "D:\\b.exe", "D:\\b.exe"),
        ("\\\\nas\\games", "a.exe", "\\\\nas\\games\\a.exe"),
        ("", "a.exe", ""),
        ("/games/a", "", ""),
        ("/games/a", "x\0y", ""),
    ],
)
def test_programs_are_joined_in_the_spelling_of_their_directory(directory, path, joined):
    assert native.join(directory, path) == joined


@pytest.mark.parametrize(
    ("path", "prefix", "place"),
    [
        (r"C:\Games\a.exe", "/p", "/p/drive_c/Games/a.exe"),
        (r"z:\data\a.exe", "/p", "/data/a.exe"),
        (r"E:\a.exe", "/p", r"E:\a.exe"),
        (r"C:\Games\a.exe", "", r"C:\Games\a.exe"),
        ("/data/../a.exe", "/p", "/a.exe"),
        ("relative/a.exe", "/p", "relative/a.exe"),
        ("C:", "/p", "/p/drive_c"),
        (r"C:\..\..\etc", "/p", "/p/drive_c/etc"),
    ],
)
def test_windows_paths_inside_wine_are_found(path, prefix, place):
    assert native.in_prefix(path, prefix) == place


@pytest.mark.parametrize(
    ("program", "directory"),
    [
        ("/g/a/a.exe", "/g/a"),
        ("/g/a/bin/a", "/g/a"),
        ("/g/a/Binaries/Win64/a.exe", "/g/a"),
        ("/home/ann/Games/a.exe", ""),
        ("/home/ann/Games/bin/a", "/home/ann/Games/bin"),
        ("/usr/bin/a", ""),
        (r"C:\Games\A\System\a.exe", r"C:\Games\A"),
        (r"C:\Program Files\a.exe", ""),
        ("a", ""),
    ],
)
def test_a_games_directory_is_above_its_programs_and_never_that_of_many(program, directory):
    assert native.of_program(linux(Path("/home/ann")), program) == directory


def test_a_row_has_a_title_and_tidy_paths_or_is_none(tmp_path):
    home = linux(tmp_path)
    row = installed(home, "gog", "1", "  A \n Game ", "/g/a/", ["b", "b", "", "/x/../y"], also=["a:1", "a:1"])
    assert (row.title, row.install_dir, row.executables, row.also) == ("A Game", "/g/a", ("/g/a/b", "/y"), ("a:1",))
    assert installed(home, "gog", "1", "", "/g/Some Game/").title == "Some Game"
    assert installed(home, "gog", "1", "", "") is None
    assert installed(home, "gog", "", "A Game", "/g/a") is None
    assert installed(home, "gog", "a\nb", "A Game", "/g/a") is None
    assert installed(home, "gog", "x" * 999, "A Game", "/g/a") is None
    assert installed(home, "gog", "1", "A Game", "/g/a", ["../b/b", "c/../d", "..\\..\\e"]).executables == ("/g/a/d",)
    assert len(installed(home, "gog", "1", "x" * 5000, "").title) == 300
    assert installed(windows(tmp_path), "gog", "1", "A", r"C:\Windows").install_dir == ""
    inside = Surroundings(System.WINDOWS, tmp_path, {}, None, (tmp_path / "dosdevices" / "c:",))
    row = installed(inside, "gog", "1", "A", r"C:\GOG Games\A", ["a.exe", r"C:\b.exe"])
    drive = tmp_path / "dosdevices/c:"
    assert row.install_dir == f"{drive}/GOG Games/A"
    assert row.executables == (f"{drive}/GOG Games/A/a.exe", f"{drive}/b.exe")


def test_a_shelf_says_why_it_is_empty(tmp_path):
    row, problem = installed(linux(tmp_path), "gog", "1", "A", "/g/a"), LibraryProblem("/a", "b.", "c.")
    assert shelf("GOG", True, [row, row], [problem, problem]).games == (row,)
    assert shelf("GOG", True, [row], [problem, problem]).problems == (problem,)
    many = [LibraryProblem(f"/{number}", "b.", "c.") for number in range(60)]
    told = shelf("GOG", True, [], many).problems
    assert told[:50] == tuple(many[:50])
    assert told[50:] == (LibraryProblem("/50", "It and 9 more files of GOG cannot be read either.", "c."),)
    assert shelf("GOG", True, [], many[:51]).problems == tuple(many[:51])
    assert shelf("GOG", True, [row], []).nothing == ""
    assert shelf("GOG", True, [], []).nothing == "GOG has installed nothing."
    assert shelf("GOG", False, [], []).nothing == "GOG is not installed here."
    assert shelf("GOG", False, [], [problem]).nothing == "What GOG has installed cannot be read."

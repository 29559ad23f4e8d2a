"""The log file: never more disk than allowed, readable for nobody else, and nothing that happens to it stops us."""

import errno
import json
import os
import stat
import sys
import threading
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from real_logs import files, in_own_mounts, written

from gamedetectd.errors import LogError, PermissionsError
from gamedetectd.observability.rotation import DAY, Limits, RotatingFile, explain, finished_files

WIDE = Limits(max_file=1_000_000, max_total=10_000_000, max_age=90 * DAY)


@pytest.fixture
def open_file(tmp_path):
    """``open_file(limits, now)`` is the log in ``tmp_path``; closed when the test ends."""
    opened = []

    def start(limits=WIDE, **options):
        opened.append(RotatingFile(tmp_path / "gamedetectd.jsonl", limits, **options))
        return opened[-1]

    yield start
    for file in opened:
        file.close()


def _total(directory):
    return sum(file.stat().st_size for file in directory.iterdir())


def test_lines_are_there_at_once_and_in_order(open_file, tmp_path):
    file = open_file()
    file.write("one\n")
    file.write("two\nthree\n", durable=True)
    file.write("")
    assert written(tmp_path) == b"one\ntwo\nthree\n"
    assert file.problem() is None


def test_only_this_account_can_read_it(tmp_path):
    directory = tmp_path / "state" / "log"
    file = RotatingFile(directory / "gamedetectd.jsonl", Limits(10, 100, DAY))
    file.write("123456789\n")
    file.write("123456789\n")
    file.close()
    assert len(files(directory)) == 2
    if sys.platform != "win32":
        assert stat.S_IMODE(directory.stat().st_mode) == 0o700
        assert {stat.S_IMODE(found.stat().st_mode) for found in files(directory)} == {0o600}


def test_a_file_is_finished_before_it_grows_too_large(open_file, tmp_path):
    file = open_file(Limits(max_file=30, max_total=1_000, max_age=DAY))
    for number in range(10):
        file.write(f"line {number:04d}\n")
    assert [found.name for found in files(tmp_path)] == [
        "gamedetectd.000001.jsonl",
        "gamedetectd.000002.jsonl",
        "gamedetectd.000003.jsonl",
        "gamedetectd.jsonl",
    ]
    assert written(tmp_path).decode().split() == [word for n in range(10) for word in ("line", f"{n:04d}")]


@settings(deadline=None, max_examples=50)
@given(
    st.integers(20, 200),
    st.integers(60, 400),
    st.lists(st.integers(1, 220), max_size=60),
    st.lists(st.integers(0, 59), max_size=3),
)
def test_the_files_never_take_more_than_allowed(tmp_path_factory, max_file, max_total, lengths, reopened):
    directory = tmp_path_factory.mktemp("log")
    limits = Limits(max_file, max_total, DAY)
    file = RotatingFile(directory / "gamedetectd.jsonl", limits)
    kept = []
    for number, length in enumerate(lengths):
        if number in reopened:
            file.close()
            file = RotatingFile(directory / "gamedetectd.jsonl", limits)
        line = f"{number:x}".ljust(length, ".") + "\n"
        try:
            file.write(line)
            kept.append(line)
        except LogError:
            assert len(line) > max_total
        assert _total(directory) <= max_total
    file.close()
    text = written(directory).decode()
    assert "".join(kept).endswith(text), "what is left are the newest lines, whole and in order"
    if kept:
        assert text.endswith(kept[-1])


def test_a_lowered_limit_holds_from_the_next_line_on(open_file, tmp_path):
    file = open_file()
    for number in range(1_000):
        file.write(f"{number:09d}\n")
    file.limits = Limits(max_file=200, max_total=400, max_age=DAY)
    file.write("new\n")
    assert _total(tmp_path) <= 400
    assert written(tmp_path).endswith(b"new\n")


def test_numbers_only_grow(open_file, tmp_path):
    file = open_file(Limits(max_file=10, max_total=20, max_age=DAY))
    seen = []
    for _ in range(8):
        file.write("12345678\n")
        seen += [found.name for found in finished_files(file.path)]
    numbers = [int(name.split(".")[1]) for name in seen]
    assert numbers == sorted(numbers)
    assert numbers[-1] == 7


def test_files_of_others_are_left_alone_and_count_for_nothing(open_file, tmp_path):
    names = ("gamedetectd.old.jsonl", "gamedetectd.1.jsonl.gz", "notes.txt", "gamedetectd.٣.jsonl")
    for name in names:
        (tmp_path / name).write_text("x" * 100)
    file = open_file(Limits(max_file=10, max_total=20, max_age=DAY))
    for _ in range(5):
        file.write("12345678\n")
    assert all((tmp_path / name).read_text() == "x" * 100 for name in names)


class _Calendar:
    """A wall clock that stands until the test moves it."""

    def __init__(self):
        self.now = datetime(2026, 11, 23, tzinfo=UTC).timestamp()

    def __call__(self):
        return self.now


def test_a_file_is_finished_when_its_first_line_is_old_and_deleted_when_its_last_is(open_file, tmp_path):
    calendar = _Calendar()
    file = open_file(Limits(1_000, 10_000, max_age=7 * DAY), now=calendar)

    def write(line):
        file.write(line)
        os.utime(file.path, (calendar.now, calendar.now))

    write("first\n")
    calendar.now += 6 * DAY
    write("second\n")
    assert len(files(tmp_path)) == 1
    calendar.now += 2 * DAY
    write("third\n")
    assert [found.read_text() for found in files(tmp_path)] == ["first\nsecond\n", "third\n"]
    calendar.now += 4 * DAY
    write("fourth\n")
    assert len(files(tmp_path)) == 2, "its last line is six days old"
    calendar.now += 1.5 * DAY
    write("fifth\n")
    assert written(tmp_path) == b"third\nfourth\nfifth\n"


@pytest.mark.parametrize(
    "first_line", ['{"@timestamp": "2026-11-01T00:00:00.000Z"}\n', "no json\n", "[]\n", '{"@timestamp": 5}\n']
)
def test_the_age_of_a_file_found_is_that_of_its_first_line(first_line, open_file, tmp_path):
    calendar = _Calendar()
    path = tmp_path / "gamedetectd.jsonl"
    path.write_text(first_line)
    path.chmod(0o600)
    begun = datetime(2026, 11, 1, tzinfo=UTC).timestamp()
    if "2026" not in first_line:
        os.utime(path, (begun, begun))  # it does not say: then it is as old as its last line
    calendar.now = begun + 6 * DAY
    file = open_file(Limits(1_000, 10_000, max_age=7 * DAY), now=calendar)
    file.write("x\n")
    assert len(files(tmp_path)) == 1
    calendar.now = begun + 8 * DAY
    file.write("y\n")
    assert len(files(tmp_path)) == 2


def test_a_clock_that_was_set_back_changes_nothing(open_file, tmp_path):
    calendar = _Calendar()
    file = open_file(Limits(1_000, 10_000, max_age=7 * DAY), now=calendar)
    file.write("a\n")
    calendar.now -= 1_000 * DAY
    file.write("b\n")
    assert written(tmp_path) == b"a\nb\n"
    assert len(files(tmp_path)) == 1


# --- what others do to it ---------------------------------------------------------------------------------------------


def test_a_deleted_file_is_made_again(open_file, tmp_path):
    file = open_file()
    file.write("a\n")
    file.path.unlink()
    file.write("b\n")
    assert written(tmp_path) == b"b\n"


def test_a_file_rotated_by_another_program_is_left_to_it(open_file, tmp_path):
    file = open_file()
    file.write("a\n")
    file.path.rename(tmp_path / "taken.jsonl")
    file.write("b\n")
    assert (tmp_path / "taken.jsonl").read_text() == "a\n"
    assert file.path.read_text() == "b\n"


def test_a_file_emptied_by_another_program_is_written_from_its_start(open_file):
    file = open_file()
    file.write("a\n" * 100)
    os.truncate(file.path, 0)
    file.write("b\n")
    assert file.path.read_text() == "b\n"


def test_a_directory_removed_while_running_is_made_again(tmp_path):
    file = RotatingFile(tmp_path / "a" / "log" / "gamedetectd.jsonl", WIDE)
    file.write("a\n")
    file.path.unlink()
    file.path.parent.rmdir()
    file.path.parent.parent.rmdir()
    file.write("b\n")
    file.close()
    assert written(tmp_path / "a" / "log") == b"b\n"
    if sys.platform != "win32":
        assert stat.S_IMODE(file.path.parent.stat().st_mode) == 0o700


def test_finished_files_may_vanish(open_file, tmp_path):
    file = open_file(Limits(max_file=10, max_total=30, max_age=DAY))
    for number in range(20):
        file.write(f"{number:08d}\n")
        if number % 4 == 0:
            for found in finished_files(file.path):
                found.unlink()
    assert written(tmp_path).endswith(b"00000019\n")
    assert _total(tmp_path) <= 30


def test_a_line_torn_by_a_crash_does_not_spoil_the_next(open_file, tmp_path):
    path = tmp_path / "gamedetectd.jsonl"
    path.write_text('{"message": "whole"}\n{"mess')
    path.chmod(0o600)
    open_file().write('{"message": "next"}\n')
    assert path.read_text() == '{"message": "whole"}\n{"mess\n{"message": "next"}\n'


@pytest.mark.skipif(sys.platform == "win32", reason="NOT TESTED: no such permissions on Windows")
def test_a_file_others_could_read_is_closed_to_them(open_file, tmp_path):
    path = tmp_path / "gamedetectd.jsonl"
    path.write_text("old\n")
    path.chmod(0o644)
    open_file().write("new\n")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


# --- troubles a person reads about ------------------------------------------------------------------------------------


def _spoil_with_directory(path):
    path.mkdir()


def _spoil_with_link(path):
    path.symlink_to(path.parent / "elsewhere")


def _spoil_with_pipe(path):
    os.mkfifo(path)


def _spoil_with_file_for_directory(path):
    path.parent.rmdir()
    path.parent.write_text("")


TROUBLES = [
    (_spoil_with_directory, "directory"),
    (_spoil_with_link, "symbolic link"),
    (_spoil_with_pipe, "not a file"),
    (_spoil_with_file_for_directory, "not a directory"),
]


@pytest.mark.skipif(sys.platform == "win32", reason="NOT TESTED: links and pipes need a Unix")
@pytest.mark.parametrize(("spoil", "said"), TROUBLES)
def test_what_is_in_the_way_is_named_and_nothing_is_written_through_it(spoil, said, tmp_path):
    directory = tmp_path / "log"
    directory.mkdir()
    file = RotatingFile(directory / "gamedetectd.jsonl", WIDE)
    spoil(file.path)
    with pytest.raises(LogError) as raised:
        file.write("x\n")
    assert said in f"{raised.value.cause} {raised.value.remedy}"
    assert file.problem() is raised.value
    assert not (directory / "elsewhere").exists()


def test_once_the_cause_is_gone_so_is_the_problem(open_file, tmp_path):
    file = open_file()
    file.path.mkdir()
    with pytest.raises(LogError):
        file.write("lost\n")
    file.path.rmdir()
    file.write("kept\n")
    assert file.problem() is None
    assert written(tmp_path) == b"kept\n"


def test_a_line_larger_than_everything_allowed_is_refused_and_older_lines_go_on(open_file, tmp_path):
    file = open_file(Limits(max_file=50, max_total=100, max_age=DAY))
    with pytest.raises(LogError, match="max_total_bytes"):
        file.write("x" * 200 + "\n")
    file.write("fits\n")
    assert written(tmp_path) == b"fits\n"


@pytest.mark.parametrize(
    ("error", "cause", "remedy"),
    [
        (OSError(errno.ENOSPC, "x"), "disk is full", "Free some space"),
        (OSError(errno.EROFS, "x"), "read-only", "Mount"),
        (OSError(errno.EACCES, "x"), "may not write", "right to write"),
        (OSError(errno.EIO, "Input/output error"), "input/output error.", "Look at the disk"),
        (OSError("no number"), "no number.", "Look at the disk"),
    ],
)
def test_every_trouble_is_a_sentence_with_a_remedy(error, cause, remedy, tmp_path):
    said = explain(error, tmp_path / "gamedetectd.jsonl")
    assert str(tmp_path) in said.cause
    assert cause in said.cause
    assert remedy in said.remedy
    assert said.remedy.endswith("Logging then goes on by itself.")


def test_a_problem_of_permissions_keeps_its_own_words(tmp_path):
    said = explain(PermissionsError("It is not yours.", "Make it yours."), tmp_path)
    assert (said.cause, said.remedy) == ("It is not yours.", "Make it yours.")


FULL_DISK = """
import logging, sys
from pathlib import Path
from gamedetectd.config.sections import Logging, Privacy
from gamedetectd.observability.setup import configure
place = Path(sys.argv[1])
mount("-t", "tmpfs", "-o", "size=64k,mode=0755", "tmpfs", place)
(place / "ballast").write_bytes(b"x" * 40_000)
handle = configure(Logging(), Privacy(), place / "log" / "gamedetectd.jsonl")
log = logging.getLogger("gamedetectd.x")
told = None
for number in range(2_000):
    log.info("line %d", number)
    told = told or handle.problem()
lost = handle.lost_lines
(place / "ballast").unlink()
log.info("after")
print(told, handle.problem(), lost, handle.lost_lines, sep="\\n")
print((place / "log" / "gamedetectd.jsonl").read_text())
handle.close()
"""


def test_a_full_disk_is_said_and_once_there_is_room_logging_goes_on(tmp_path):
    told, problem, lost, lost_after, *lines = in_own_mounts(FULL_DISK, tmp_path).splitlines()
    assert "the disk is full" in told
    assert "Free some space" in told
    assert (problem, lost_after) == ("None", "0")
    said = [json.loads(line)["message"] for line in lines if line]  # every line is whole
    assert said[-1] == "after"
    assert said[-2] == f"{lost} log line(s) before this one could not be written"
    assert said[:-2] == [f"line {number}" for number in range(2_000 - int(lost))]


READ_ONLY_DISK = """
import logging, sys
from pathlib import Path
from gamedetectd.config.sections import Logging, Privacy
from gamedetectd.observability.setup import configure
place = Path(sys.argv[1])
mount("--bind", place, place)
mount("-o", "remount,bind,ro", place)
handle = configure(Logging(), Privacy(), place / "log" / "gamedetectd.jsonl")
logging.getLogger("gamedetectd.x").info("lost")
print(handle.problem())
mount("-o", "remount,bind,rw", place)
logging.getLogger("gamedetectd.x").info("kept")
print(handle.problem())
handle.close()
"""


def test_a_read_only_disk_is_said_and_once_it_can_be_written_logging_goes_on(tmp_path):
    told, problem = in_own_mounts(READ_ONLY_DISK, tmp_path).splitlines()
    assert "read-only" in told
    assert problem == "None"
    assert b'"kept"' in written(tmp_path / "log")


def test_a_write_that_fails_half_way_leaves_no_half_line(open_file, tmp_path, monkeypatch):
    """A mock: a disk that takes ten bytes and then none cannot be made to order."""
    file = open_file()
    file.write("whole\n")
    write, left = os.write, [10]

    def write_ten(descriptor, data):
        if not left:
            raise OSError(errno.EIO, "Input/output error")
        return write(descriptor, data[: left.pop()])

    monkeypatch.setattr(os, "write", write_ten)
    with pytest.raises(LogError):
        file.write("0123456789abcdef\n")
    assert written(tmp_path) == b"whole\n"
    monkeypatch.setattr(os, "ftruncate", write_ten)
    left.append(10)
    with pytest.raises(LogError):
        file.write("0123456789abcdef\n")
    monkeypatch.undo()
    file.write("next\n")
    assert written(tmp_path) == b"whole\n0123456789\nnext\n"


def test_where_a_file_cannot_be_renamed_it_goes_on_up_to_the_limit(open_file, tmp_path, monkeypatch):
    """A mock of Windows, where a file another program has open can be neither renamed nor deleted."""
    file = open_file(Limits(max_file=20, max_total=60, max_age=DAY))

    def refuse(*_arguments):
        raise PermissionError(errno.EACCES, "in use")

    monkeypatch.setattr(type(tmp_path), "rename", refuse)
    monkeypatch.setattr(type(tmp_path), "unlink", refuse)
    for _ in range(6):
        file.write("123456789\n")
    with pytest.raises(LogError, match="keeps an old log file open"):
        file.write("123456789\n")
    assert _total(tmp_path) == 60
    monkeypatch.undo()
    file.write("after\n")
    assert written(tmp_path) == b"after\n", "the file that took all the room could be deleted at last"


def test_threads_tear_and_lose_no_line_while_files_rotate(open_file, tmp_path):
    file = open_file(Limits(max_file=10_000, max_total=50_000_000, max_age=DAY))

    def write(name):
        for number in range(2_000):
            file.write(f"{name} {number} {'.' * (number % 50)}|\n")

    threads = [threading.Thread(target=write, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    lines = written(tmp_path).decode().splitlines()
    assert len(files(tmp_path)) > 10
    assert len(lines) == 8_000
    assert all(line.endswith("|") for line in lines)
    for name in "abcd":
        assert [int(line.split()[1]) for line in lines if line[0] == name] == list(range(2_000))

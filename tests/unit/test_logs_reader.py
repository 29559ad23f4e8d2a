"""Reading the log back: every file in order, across rotations, past broken lines, with or without a daemon."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime, timedelta, timezone

import pytest
import typer
from hypothesis import given
from hypothesis import strategies as st
from real_logs import log, messages, real_log
from typer.testing import CliRunner

from gamedetectd.cli.main import build
from gamedetectd.cli.moments import parse_moment
from gamedetectd.errors import LogError
from gamedetectd.observability import rotation
from gamedetectd.observability.correlation import correlation
from gamedetectd.observability.lines import LONGEST_LINE, LogReader, Wanted, parse
from gamedetectd.observability.rotation import DAY, Limits, RotatingFile

ALL = Wanted()


def _line(message, **fields):
    return json.dumps({"@timestamp": "2026-11-23T09:00:00.000Z", "log.level": "info", "message": message, **fields})


def _said(lines):
    return [line.event["message"] for line in lines]


@pytest.fixture
def writer(tmp_path):
    """A log with small files: ``writer(*messages)`` writes lines."""
    file = RotatingFile(tmp_path / "gamedetectd.jsonl", Limits(400, 100_000, DAY))

    def write(*texts):
        for text in texts:
            file.write(_line(text) + "\n")

    write.file = file
    yield write
    file.close()


@pytest.fixture
def reader(tmp_path):
    """A reader of that log."""
    return LogReader(tmp_path / "gamedetectd.jsonl")


def test_where_there_is_no_log_there_is_nothing_to_read(reader):
    assert not reader.exists()
    assert reader.tail(ALL, None) == []
    assert reader.more(ALL) == []


@pytest.mark.parametrize("most", [None, 0, 1, 7, 49, 50, 1_000])
def test_lines_come_from_all_files_in_order(writer, reader, most):
    expected = [f"line {number}" for number in range(50)]
    writer(*expected)
    assert reader.exists()
    assert _said(reader.tail(ALL, most)) == (expected if most is None else expected[50 - most if most <= 50 else 0 :])


def test_what_is_written_later_is_read_once_across_rotations(writer, reader):
    writer(*(f"old {number}" for number in range(20)))
    reader.tail(ALL, 3)
    read = []
    expected = []
    for step in (0, 1, 2, 3, 5, 8, 30, 1, 0, 2):
        new = [f"new {len(expected) + number}" for number in range(step)]
        writer(*new)
        expected += new
        read += _said(reader.more(ALL))
    assert read == expected


@given(st.lists(st.integers(0, 9), max_size=20), st.integers(90, 500), st.integers(200, 2_000))
def test_following_never_doubles_and_leaves_out_only_what_was_deleted(tmp_path_factory, steps, max_file, max_total):
    directory = tmp_path_factory.mktemp("log")
    file = RotatingFile(directory / "gamedetectd.jsonl", Limits(max_file, max_total, DAY))
    reader = LogReader(file.path)
    number, read = 0, []
    for step in steps:
        for _ in range(step):
            file.write(_line(str(number)) + "\n")
            number += 1
        there = [int(text) for text in messages_of(directory)]
        new = [int(text) for text in _said(reader.more(ALL))]
        assert new == [one for one in there if not read or one > read[-1]]
        read += new
    file.close()


def messages_of(directory):
    """What a fresh reader says."""
    return _said(LogReader(directory / "gamedetectd.jsonl").tail(ALL, None))


def test_while_four_threads_write_a_follower_sees_every_line_once(writer, reader):
    def write(name):
        for number in range(300):
            writer(f"{name} {number}")

    threads = [threading.Thread(target=write, args=(name,)) for name in "abcd"]
    writer.file.limits = Limits(2_000, 10_000_000, DAY)
    for thread in threads:
        thread.start()
    read = []
    while any(thread.is_alive() for thread in threads):
        read += _said(reader.more(ALL))
    read += _said(reader.more(ALL))
    assert sorted(read) == sorted(f"{name} {number}" for name in "abcd" for number in range(300))
    for name in "abcd":
        assert [text for text in read if text[0] == name] == [f"{name} {number}" for number in range(300)]


def test_a_line_that_is_still_being_written_is_waited_for(writer, reader):
    writer("one")
    assert _said(reader.more(ALL)) == ["one"]
    with writer.file.path.open("ab") as half:
        half.write(_line("two").encode()[:30])
        half.flush()
        assert reader.more(ALL) == []
        half.write(_line("two").encode()[30:] + b"\n")
    assert _said(reader.more(ALL)) == ["two"]
    assert reader.take_skipped() == 0


@pytest.mark.parametrize("replace", [False, True], ids=["emptied", "replaced"])
def test_a_file_that_others_emptied_or_replaced_is_read_from_its_start(writer, reader, replace):
    writer("a long line to begin with", "and another")
    reader.tail(ALL, None)
    if replace:
        writer.file.path.unlink()
    else:
        os.truncate(writer.file.path, 0)
    writer("x")
    assert _said(reader.more(ALL)) == ["x"]


def test_everything_deleted_is_no_fault(writer, reader):
    writer("a")
    reader.tail(ALL, None)
    writer.file.path.unlink()
    assert reader.more(ALL) == []


BROKEN = {
    "cut off": _line("x").encode()[:-9],
    "binary": bytes(range(1, 10)) + b"\xff\xfe",
    "NULs": b"\0" * 64,
    "no object": b"[1, 2]",
    "no message": b'{"a": 1}',
    "a message that is no text": b'{"message": 1}',
    "raw control characters": b'{"message": "a\x1b[2Jb"}',
    "too long": b'{"message": "' + b"x" * LONGEST_LINE + b'"}',
    "far too long": b"y" * (3 * LONGEST_LINE),
    "nested without end": b'{"message": ' + b"[" * 100_000,
}


@pytest.mark.parametrize("junk", BROKEN.values(), ids=BROKEN)
def test_a_broken_line_is_left_out_and_counted(junk, tmp_path, reader):
    content = _line("before").encode() + b"\n" + junk + b"\n\n" + _line("after").encode() + b"\n"
    (tmp_path / "gamedetectd.jsonl").write_bytes(content)
    assert _said(reader.tail(ALL, None)) == ["before", "after"]
    assert reader.take_skipped() == 1
    assert reader.take_skipped() == 0
    assert reader.more(ALL) == []


def test_the_torn_end_of_a_finished_file_is_counted_too(tmp_path, reader):
    (tmp_path / "gamedetectd.000001.jsonl").write_text(_line("a") + "\n" + _line("torn")[:20])
    (tmp_path / "gamedetectd.jsonl").write_text(_line("b") + "\n")
    assert _said(reader.tail(ALL, None)) == ["a", "b"]
    assert reader.take_skipped() == 1


@given(st.binary(max_size=200))
def test_any_bytes_are_a_line_or_not(data):
    line = parse(data)
    assert line is None or isinstance(line.event["message"], str)


@pytest.mark.parametrize(
    ("wanted", "numbers"),
    [
        (Wanted(), [0, 1, 2, 3]),
        (Wanted(level="warning"), [1, 2]),
        (Wanted(level="critical"), []),
        (Wanted(correlation="ab"), [1, 2]),
        (Wanted(correlation="abc"), [2]),
        (Wanted(since="2026-11-23T09:00:02.000Z"), [2, 3]),
        (Wanted(since="2026-11-23T09:00:02.000Z", level="error", correlation="a"), [2]),
    ],
)
def test_only_what_is_asked_for(wanted, numbers, tmp_path, reader):
    levels = ("debug", "warning", "error", "info")
    ids = ("", "ab1", "abc", "b")
    lines = [
        json.dumps(
            {
                "@timestamp": f"2026-11-23T09:00:0{number}.000Z",
                "log": {"level": levels[number]},
                "trace": {"id": ids[number]},
                "message": str(number),
            }
        )
        for number in range(4)
    ]
    (tmp_path / "gamedetectd.jsonl").write_text("\n".join(lines) + "\n")
    assert _said(reader.tail(wanted, None)) == [str(number) for number in numbers]


def test_a_log_that_cannot_be_read_is_said(tmp_path):
    (tmp_path / "log").write_text("no directory")
    reader = LogReader(tmp_path / "log" / "gamedetectd.jsonl")
    for attempt in (reader.exists, lambda: reader.tail(ALL, 1), lambda: reader.more(ALL)):
        with pytest.raises(LogError, match="not a directory"):
            attempt()


def test_a_rotation_in_the_middle_of_a_look_is_noticed(writer, reader, monkeypatch):
    writer("one")
    reader.tail(ALL, None)
    looked, finished_files = [], rotation.finished_files

    def rotate_after_the_first_look(path):
        found = finished_files(path)
        if not looked:
            looked.append(path)
            writer(*(f"more {number}" for number in range(9)))
        return found

    monkeypatch.setattr("gamedetectd.observability.lines.finished_files", rotate_after_the_first_look)
    assert _said(reader.more(ALL)) == [f"more {number}" for number in range(9)]


# --- the command ------------------------------------------------------------------------------------------------------


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A GAMEDETECTD_HOME of its own; what is returned is where its log is."""
    monkeypatch.setenv("GAMEDETECTD_HOME", str(tmp_path))
    monkeypatch.setenv("TZ", "UTC")
    if hasattr(time, "tzset"):
        time.tzset()
    return tmp_path / "log"


def _logs(*arguments):
    return CliRunner().invoke(build(), ["logs", *arguments])


def test_without_a_log_the_person_is_told_so(home):
    result = _logs()
    assert result.exit_code == 0
    assert result.stdout == ""
    assert result.stderr.startswith(f"There is no log yet: {home / 'gamedetectd.jsonl'}")


def test_the_path_is_printed_for_scripts(home):
    assert _logs("--path").stdout == f"{home / 'gamedetectd.jsonl'}\n"


def test_lines_are_shown_for_people_and_for_programs(home):
    with real_log(home), correlation() as correlation_id:
        log.info("Pokémon was started")
        log.warning("careful")
    shown = _logs().stdout.splitlines()
    assert [line[19:] for line in shown] == [" INFO     Pokémon was started", " WARNING  careful"]
    datetime.strptime(shown[0][:19], "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)
    rows = [json.loads(line) for line in _logs("--json").stdout.splitlines()]
    assert [row["message"] for row in rows] == messages(home)
    assert {row["trace"]["id"] for row in rows} == {correlation_id}
    assert _logs("--level", "warning").stdout.count("\n") == 1
    assert _logs("--correlation", correlation_id[:8]).stdout.count("\n") == 2
    assert _logs("--correlation", "nothing").stdout == ""
    assert _logs("--since", "1h").stdout.count("\n") == 2
    assert _logs("--since", "2999-01-01").stdout == ""
    assert _logs("-n", "1").stdout.count("\n") == 1


def test_fifty_lines_are_shown_unless_more_are_asked_for(home):
    with real_log(home):
        for number in range(120):
            log.info("line %d", number)
    assert _logs().stdout.count("\n") == 50
    assert _logs("-n", "100").stdout.count("\n") == 100
    assert _logs("--since", "today").stdout.count("\n") == 120


def test_broken_lines_are_counted_and_do_not_mix_with_the_others(home):
    with real_log(home):
        log.info("fine")
    with (home / "gamedetectd.jsonl").open("ab") as file:
        file.write(b"\x00\xff junk\nmore junk\n")
    result = _logs("--json")
    assert json.loads(result.stdout)["message"] == "fine"
    assert result.stderr == "Left out 2 broken lines.\n"
    assert result.exit_code == 0


def test_a_line_planted_by_another_program_cannot_act_on_the_terminal(home):
    home.mkdir()
    (home / "gamedetectd.jsonl").write_text(_line("a\x1b[2J\u202e\nb", **{"log.level": "\x1b"}) + "\n")
    for arguments in ((), ("--json",)):
        shown = _logs(*arguments).stdout
        assert "\x1b" not in shown
        assert "\u202e" not in shown
        assert len(shown.splitlines()) == 1


@pytest.mark.parametrize("arguments", [("--since", "soon"), ("--level", "loud"), ("-n", "-1")])
def test_wrong_usage_is_said(arguments, home):
    result = _logs(*arguments)
    assert result.exit_code == 2
    assert "Traceback" not in result.output


def heed_interrupts():
    """Tests that run in a shell's background inherit that SIGINT is ignored; a person's terminal does not do that."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def test_following_shows_new_lines_until_it_is_interrupted(home):
    with real_log(home, max_file_bytes=10_000):
        log.info("before")
        command = [sys.executable, "-m", "gamedetectd", "logs", "-f", "--json"]
        with subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            preexec_fn=heed_interrupts,
        ) as follower:
            try:
                assert json.loads(follower.stdout.readline())["message"] == "before"
                for number in range(100):  # through several rotations
                    log.info("line %d", number)
                seen = [json.loads(follower.stdout.readline())["message"] for _ in range(100)]
                follower.send_signal(2)
                _, errors = follower.communicate(timeout=20)
            finally:
                follower.kill()
    assert seen == [f"line {number}" for number in range(100)]
    assert "Traceback" not in errors


NOW = datetime(2026, 11, 23, 20, 15, tzinfo=timezone(timedelta(hours=1)))


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("90s", "2026-11-23T20:13:30+01:00"),
        ("15m", "2026-11-23T20:00:00+01:00"),
        ("15 min", "2026-11-23T20:00:00+01:00"),
        ("1.5h", "2026-11-23T18:45:00+01:00"),
        ("3D", "2026-11-20T20:15:00+01:00"),
        ("2w", "2026-11-09T20:15:00+01:00"),
        ("today", "2026-11-23T00:00:00+01:00"),
        (" Yesterday ", "2026-11-22T00:00:00+01:00"),
        ("2026-11-01", "2026-11-01T00:00:00+01:00"),
        ("2026-11-01T08:30", "2026-11-01T08:30:00+01:00"),
        ("2026-11-01T08:30:00Z", "2026-11-01T08:30:00+00:00"),
    ],
)
def test_moments_as_people_type_them(text, moment):
    assert parse_moment(text, NOW).isoformat() == moment


@pytest.mark.parametrize("text", ["", "soon", "5 parsecs", "-3h", "999999999w", "2026-13-01", "h"])
def test_what_is_no_moment_is_wrong_usage(text):
    with pytest.raises(typer.BadParameter, match="is no moment"):
        parse_moment(text, NOW)

"""Logging as the daemon sets it up: what is kept, what the terminal shows, and that nothing else is ever printed."""

import gc
import io
import json
import logging
import subprocess
import sys
import threading
import warnings

import pytest
from real_logs import events, log, messages, real_log, written

from gamedetectd.config.sections import Logging, Privacy
from gamedetectd.errors import LogError
from gamedetectd.observability.correlation import correlation
from gamedetectd.observability.handlers import LineHandler
from gamedetectd.observability.human import HumanFormatter, human_line, wants_colour
from gamedetectd.observability.repeats import BURST, MOST_MESSAGES, WINDOW, Message, Repeats
from gamedetectd.observability.setup import configure


class _Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self):
        return True


def test_our_level_is_for_us_and_of_others_only_warnings_are_kept(tmp_path):
    noisy = logging.getLogger("noisy.library")
    noisy.setLevel(logging.DEBUG)
    with real_log(tmp_path, level="debug"):
        log.debug("ours")
        noisy.info("chatter")
        noisy.warning("theirs")
        logging.getLogger("gamedetectdly").info("not ours by the name's beginning")
    noisy.setLevel(logging.NOTSET)
    assert messages(tmp_path) == ["ours", "theirs"]


def test_settings_are_taken_over_while_running(tmp_path):
    with real_log(tmp_path, level="warning") as handle:
        log.info("before")
        handle.reconfigure(
            Logging(level="info", max_file_bytes=10_000, max_total_bytes=20_000), Privacy(private_titles=("*bank*",))
        )
        log.info("after")
        log.info('the window "My bank"')
        for number in range(300):
            log.info("filling %d", number)
        assert sum(file.stat().st_size for file in tmp_path.iterdir()) <= 20_000
        handle.reconfigure(Logging(level="error"), Privacy())
        log.warning("no more")
        log.error('the window "My bank"')
    said = messages(tmp_path)
    assert "before" not in said
    assert "no more" not in said
    assert said[-1] == 'the window "My bank"'
    assert said[-2] == "filling 299"


def test_logging_is_as_it_was_once_closed(tmp_path):
    def state():
        root = logging.getLogger()
        hooks = (sys.excepthook, threading.excepthook, sys.unraisablehook, warnings.showwarning)
        return root.level, list(root.handlers), logging.getLogger("gamedetectd").level, logging.raiseExceptions, hooks

    before = state()
    with real_log(tmp_path):
        assert state() != before
    assert state() == before


def test_the_terminal_gets_short_lines_and_the_file_everything(tmp_path):
    terminal = io.StringIO()
    with real_log(tmp_path, terminal=terminal), correlation():
        log.info("hello")
        try:
            raise OSError(2, "No such file")
        except OSError:
            log.exception("it failed")
    hello, failed = terminal.getvalue().splitlines()
    assert hello[8:] == " INFO     hello"
    assert failed[8:] == " ERROR    it failed (FileNotFoundError: [Errno 2] No such file)"
    assert "Traceback" in events(tmp_path)[1]["error"]["stack_trace"]


def test_the_terminal_can_have_json_or_nothing(tmp_path):
    terminal = io.StringIO()
    with real_log(tmp_path / "a", terminal=terminal, shown="json"):
        log.info("Pokémon")
    assert json.loads(terminal.getvalue())["message"] == "Pokémon"
    assert terminal.getvalue().isascii(), "whatever the terminal's encoding"
    terminal = io.StringIO()
    with real_log(tmp_path / "b", terminal=terminal, shown="none"):
        log.info("silent")
    assert terminal.getvalue() == ""
    assert messages(tmp_path / "b") == ["silent"]


def test_a_terminal_of_a_small_alphabet_still_shows_the_line(tmp_path):
    raw = io.BytesIO()
    terminal = io.TextIOWrapper(raw, encoding="ascii", write_through=True)
    with real_log(tmp_path, terminal=terminal):
        log.info("Pokémon")
    assert raw.getvalue().rstrip().endswith(b"Pok\\xe9mon")


@pytest.mark.parametrize(
    ("environment", "on_a_terminal", "in_a_file"),
    [
        ({}, True, False),
        ({"NO_COLOR": "1"}, False, False),
        ({"NO_COLOR": ""}, True, False),
        ({"TERM": "dumb"}, False, False),
        ({"FORCE_COLOR": "1"}, True, True),
        ({"FORCE_COLOR": ""}, True, False),
        ({"FORCE_COLOR": "1", "TERM": "dumb"}, True, True),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, False, False),
    ],
)
def test_colour_is_for_terminals_that_want_it(environment, on_a_terminal, in_a_file, monkeypatch):
    monkeypatch.setenv("TERM", "xterm")
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert wants_colour(_Terminal()) is on_a_terminal
    assert wants_colour(io.StringIO()) is in_a_file


def test_a_warning_is_yellow_and_a_normal_line_plain(monkeypatch):
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    shown = HumanFormatter(_Terminal())
    record = logging.LogRecord("gamedetectd", logging.WARNING, "x.py", 1, "careful \x1b[2J", None, None)
    assert shown.format(record).startswith("\x1b[33m")
    assert shown.format(record).endswith("careful \\x1b[2J\x1b[0m")
    record.levelno, record.levelname = logging.INFO, "INFO"
    assert "\x1b" not in shown.format(record)


@pytest.mark.parametrize(
    ("event", "shown"),
    [
        ({}, "        "),
        ({"@timestamp": "never", "message": 5}, "never         "),
        ({"@timestamp": "9999-12-31T23:59:59.999Z", "message": "x"}, None),
        ({"message": "x", "error": {"type": "OSError"}}, "         x (OSError)"),
        ({"message": "x", "error": {"message": "a\nb"}}, "         x (a\\nb)"),
        ({"message": "x", "gamedetectd": {"lost": 3}}, "         x (3 lines lost)"),
        ({"log.level": "info\x1b", "message": "x"}, "INFO\\x1b    x"),
    ],
)
def test_a_line_of_any_kind_can_be_shown(event, shown):
    line = human_line(event, colour=True, date=True)
    assert len(line.splitlines()) == 1
    if shown is not None:
        assert line.strip() == shown.strip()


# --- trouble ----------------------------------------------------------------------------------------------------------


def test_a_log_that_cannot_be_written_is_a_problem_with_a_remedy_and_no_error(tmp_path, capfd):
    (tmp_path / "log").write_text("in the way")
    terminal = io.StringIO()
    with real_log(tmp_path / "log", terminal=terminal) as handle:
        log.info("one")
        log.info("two")
        assert "not a directory" in handle.problem()
        assert "Move that away." in handle.problem()
        assert handle.lost_lines == 2
        with pytest.raises(LogError, match="not a directory"):
            handle.write_event("Portal started", 0.0, {})
        (tmp_path / "log").unlink()
        log.info("three")
        assert handle.problem() is None
        assert handle.lost_lines == 0
        log.info("four")
    assert messages(tmp_path / "log") == ["2 log line(s) before this one could not be written", "three", "four"]
    assert events(tmp_path / "log")[0]["gamedetectd"]["lost"] == 2
    assert len(terminal.getvalue().splitlines()) == 4, "the terminal still shows everything"
    assert capfd.readouterr() == ("", "")


def test_what_was_lost_is_told_even_before_a_folded_message(tmp_path):
    (tmp_path / "log").write_text("in the way")
    with real_log(tmp_path / "log") as handle:
        for _ in range(BURST + 3):
            log.info("same")
        assert handle.lost_lines == BURST
        (tmp_path / "log").unlink()
        log.info("same")
        log.info("other")
    assert messages(tmp_path / "log")[0] == f"{BURST} log line(s) before this one could not be written"


def test_that_the_disk_is_free_again_is_noticed_even_if_nobody_has_anything_to_say(tmp_path):
    (tmp_path / "log").write_text("in the way")
    with real_log(tmp_path / "log") as handle:
        log.info("one")
        (tmp_path / "log").unlink()
        assert handle.problem() is None
    assert messages(tmp_path / "log") == ["1 log line(s) before this one could not be written"]


def test_a_terminal_that_went_away_harms_nothing(tmp_path, capfd):
    terminal = io.StringIO()
    with real_log(tmp_path, terminal=terminal):
        terminal.close()
        log.info("still here")
    assert messages(tmp_path) == ["still here"]
    assert capfd.readouterr() == ("", "")


def test_the_problem_is_known_from_the_first_moment(tmp_path):
    (tmp_path / "log").write_text("in the way")
    with real_log(tmp_path / "log") as handle:
        assert handle.problem() is not None


# --- what Python would print ------------------------------------------------------------------------------------------


def test_an_exception_nobody_catches_in_a_thread_ends_in_the_log(tmp_path, capfd):
    def fail():
        raise ValueError("oh")

    with real_log(tmp_path):
        for name, target in (("worker-x", fail), ("quiet", sys.exit)):
            thread = threading.Thread(target=target, name=name)
            thread.start()
            thread.join(10)
    (event,) = events(tmp_path)
    assert event["message"] == "an unexpected error ended the thread worker-x"
    assert event["log.level"] == "critical"
    assert event["error"]["message"] == "oh"
    assert event["process"]["thread"]["name"] == "worker-x"
    assert capfd.readouterr() == ("", "")


def test_an_exception_in_a_finaliser_ends_in_the_log(tmp_path, capfd):
    class Bad:
        def __del__(self):
            raise ValueError("too late")

    with real_log(tmp_path):
        bad = Bad()
        del bad
        gc.collect()
    (event,) = events(tmp_path)
    assert "Bad.__del__" in event["message"]
    assert event["error"]["message"] == "too late"
    assert capfd.readouterr() == ("", "")


def test_hooks_survive_what_they_are_told_of_a_thread_that_is_gone(tmp_path):
    with real_log(tmp_path):
        threading.excepthook(threading.ExceptHookArgs((ValueError, ValueError("x"), None, None)))
        threading.excepthook(threading.ExceptHookArgs((ValueError, None, None, None)))
    assert messages(tmp_path) == ["an unexpected error ended the thread that is gone"]


def test_a_warning_ends_in_the_log(tmp_path, capfd):
    with real_log(tmp_path), warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.warn("this is old", DeprecationWarning, stacklevel=1)
    (event,) = events(tmp_path)
    assert "DeprecationWarning: this is old" in event["message"]
    assert event["log"]["logger"] == "py.warnings"
    assert capfd.readouterr() == ("", "")


CRASH = """
import sys
from pathlib import Path
from gamedetectd.config.sections import Logging, Privacy
from gamedetectd.observability.setup import configure
configure(Logging(), Privacy(), Path(sys.argv[1]) / "gamedetectd.jsonl", sys.stderr)
raise {error}("at the end")
"""


def test_a_crash_of_the_program_is_one_line_for_the_person_and_a_trace_in_the_log(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", CRASH.format(error="ValueError"), tmp_path],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert line.endswith("CRITICAL an unexpected error ended gamedetectd (ValueError: at the end)")
    assert "Traceback" in events(tmp_path)[0]["error"]["stack_trace"]


def test_ctrl_c_is_no_fault(tmp_path):
    subprocess.run(
        [sys.executable, "-c", CRASH.format(error="KeyboardInterrupt"), tmp_path],
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert written(tmp_path) == b""


# --- floods -----------------------------------------------------------------------------------------------------------


def test_a_flood_of_one_message_is_a_few_lines_and_a_count(tmp_path):
    terminal = io.StringIO()
    with real_log(tmp_path, terminal=terminal):
        for _ in range(10_000):
            log.warning("the sky is %s", "falling")
            log.info("another")
    said = messages(tmp_path)
    assert said.count("the sky is falling") == BURST
    assert said[-2:] == [
        f"the sky is falling … repeated {10_000 - BURST} times",
        f"another … repeated {10_000 - BURST} times",
    ]
    assert events(tmp_path)[-2]["gamedetectd"]["repeated"] == 10_000 - BURST
    assert events(tmp_path)[-2]["log.level"] == "warning"
    assert len(said) == 2 * BURST + 2
    assert len(terminal.getvalue().splitlines()) == len(said)


def test_the_count_is_told_when_the_window_is_over_and_counting_starts_anew():
    now = [0.0]
    stream = io.StringIO()
    handler = LineHandler(stream, _Bare(), now=lambda: now[0])
    record = logging.LogRecord("x", logging.INFO, "", 0, "again", None, None)
    for _ in range(BURST + 7):
        handler.handle(record)
    now[0] = WINDOW + 1
    handler.handle(record)
    handler.close()
    assert stream.getvalue().splitlines() == ["again"] * BURST + ["again … repeated 7 times", "again"]


class _Bare(logging.Formatter):
    """The message alone."""


def test_messages_that_differ_only_beyond_a_thousand_characters_are_told_apart_by_their_length():
    stream = io.StringIO()
    handler = LineHandler(stream, _Bare())
    for number in range(BURST * 2):
        text = "x" * (2_000 + number % 2)
        handler.handle(logging.LogRecord("x", logging.INFO, "", 0, text, None, None))
    assert len(stream.getvalue().splitlines()) == BURST * 2
    handler.close()


def test_counting_different_messages_takes_bounded_memory():
    repeats = Repeats()
    for number in range(MOST_MESSAGES * 5):
        assert repeats.folded(0.0) == []
        assert repeats.admits(Message("x", 20, str(number)))
    assert len(repeats._seen) <= MOST_MESSAGES


def test_the_same_text_of_another_part_or_level_is_another_message():
    repeats = Repeats()
    for _ in range(BURST):
        assert repeats.admits(Message("a", 20, "x"))
    assert not repeats.admits(Message("a", 20, "x"))
    assert repeats.admits(Message("b", 20, "x"))
    assert repeats.admits(Message("a", 30, "x"))


def test_a_monotonic_clock_that_jumps_back_ends_the_window():
    repeats = Repeats()
    repeats.folded(100.0)
    for _ in range(BURST + 2):
        repeats.admits(Message("a", 20, "x"))
    assert repeats.folded(101.0) == []
    assert repeats.folded(50.0) == [(Message("a", 20, "x"), 2)]


# --- session events ---------------------------------------------------------------------------------------------------


def test_a_session_event_is_a_line_of_its_own_time(tmp_path):
    with real_log(tmp_path) as handle, correlation("c" * 32):
        handle.write_event("Portal started", 1_700_000_000.25, {"event.id": "e1", "event.category": ["process"]})
    (event,) = events(tmp_path)
    assert event["@timestamp"] == "2023-11-14T22:13:20.250Z"
    assert event["event"]["created"] > "2026"
    assert event["event"]["dataset"] == "gamedetectd.session"
    assert event["event"]["id"] == "e1"
    assert event["trace"]["id"] == "c" * 32
    assert "origin" not in event["log"]


def test_session_events_are_written_at_any_level_and_never_folded(tmp_path):
    with real_log(tmp_path, level="error") as handle:
        for _ in range(BURST * 3):
            handle.write_event("Portal started", 0.0, {})
    assert len(events(tmp_path)) == BURST * 3


@pytest.mark.parametrize("times", [1, 2])
def test_closing_twice_is_fine(times, tmp_path):
    handle = configure(Logging(), Privacy(), tmp_path / "gamedetectd.jsonl")
    for _ in range(times):
        handle.close()

"""A million lines in a loop stay under the cap; how fast, beside the standard library in the same run."""

import logging
import logging.handlers
import statistics
import threading
import time
import tracemalloc
from contextlib import contextmanager

import pytest
from real_logs import events, files, log, real_log

from gamedetectd.observability.repeats import BURST

pytestmark = [pytest.mark.performance, pytest.mark.timeout(600)]

CAP = 1_000_000
SLOWEST_RATIO = 8
"""Times as long as the standard library's handler with a plain format, which neither redacts nor escapes."""


@contextmanager
def _real_log(directory, **settings):
    """The real log alone: pytest keeps every record it sees, so it sees none of these millions."""
    root = logging.getLogger()
    handlers, root.handlers = root.handlers, []
    try:
        with real_log(directory, **settings):
            yield
    finally:
        root.handlers = handlers


def _size(directory):
    return sum(file.stat().st_size for file in files(directory))


def _seconds(lines, write):
    began = time.perf_counter()
    for number in range(lines):
        write(number)
    return time.perf_counter() - began


def test_a_million_identical_lines_are_folded(tmp_path):
    with _real_log(tmp_path, max_total_bytes=CAP, max_file_bytes=100_000):
        seconds = _seconds(1_000_000, lambda _number: log.warning("the same trouble again"))
        assert _size(tmp_path) <= CAP
    found = events(tmp_path)
    told = sum(event.get("gamedetectd", {}).get("repeated", 0) for event in found)
    written = sum(event["message"] == "the same trouble again" for event in found)
    assert told + written == 1_000_000, "every one of them is written or counted"
    assert written <= BURST * (seconds / 10 + 2)
    print(f"\n1,000,000 identical lines: {1_000_000 / seconds:,.0f} lines/s, {_size(tmp_path):,} bytes")


@pytest.mark.slow
def test_a_million_different_lines_never_exceed_the_cap(tmp_path):
    largest = 0
    with _real_log(tmp_path, max_total_bytes=CAP, max_file_bytes=100_000):
        for thousand in range(1_000):
            for number in range(1_000):
                log.warning("trouble %d in %d", number, thousand)
            largest = max(largest, _size(tmp_path))
    assert largest <= CAP
    assert largest > CAP * 0.85, "the allowance is used"
    assert events(tmp_path)[-1]["message"] == "trouble 999 in 999"
    print(f"\n1,000,000 different lines: at most {largest:,} of {CAP:,} bytes")


def test_the_speed_beside_the_standard_library(tmp_path):
    lines = 20_000
    plain = logging.getLogger("plain")
    plain.propagate = False
    theirs = logging.handlers.RotatingFileHandler(tmp_path / "plain.log", maxBytes=5_000_000, backupCount=9)
    theirs.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    plain.addHandler(theirs)
    ours_best = theirs_best = float("inf")
    with _real_log(tmp_path / "log"):
        for _ in range(3):  # the message differs each time, or ours would fold it
            theirs_best = min(theirs_best, _seconds(lines, lambda number: plain.warning("process %d ended", number)))
            ours_best = min(ours_best, _seconds(lines, lambda number: log.warning("process %d ended", number)))
    plain.removeHandler(theirs)
    theirs.close()
    ratio = ours_best / theirs_best
    print(
        f"\nours {lines / ours_best:,.0f} lines/s, RotatingFileHandler {lines / theirs_best:,.0f} lines/s:"
        f" {ratio:.1f} times as long"
    )
    assert ratio <= SLOWEST_RATIO


def _lateness(busy, beats=150):
    """Milliseconds by which another thread comes too late that wakes up, and logs a line itself, every 10 ms, while
    one thread does ``busy(number)`` without a pause."""
    over, late = threading.Event(), []

    def go_on():
        number = 0
        while not over.is_set():
            busy(number)
            number += 1

    thread = threading.Thread(target=go_on)
    thread.start()
    try:
        for number in range(beats):
            due = time.perf_counter() + 0.01
            time.sleep(0.01)
            log.info("beat %d", number)
            late.append((time.perf_counter() - due) * 1_000)
    finally:
        over.set()
        thread.join()
    return statistics.quantiles(late, n=20)


def test_the_rest_of_the_program_stays_responsive_in_a_flood(tmp_path, measured):
    """Beside a thread that keeps the interpreter as busy without a log: two threads of one Python share it anyway."""
    with _real_log(tmp_path, max_total_bytes=CAP, max_file_bytes=100_000):
        beside_work = _lateness(lambda number: sum(range(2_000)))
        beside_a_flood = _lateness(lambda number: log.warning("trouble %d", number))
    usual, most, usual_then, most_then = (late[place] for late in (beside_a_flood, beside_work) for place in (9, 18))
    measured("a flood of log lines: how late another thread is that logs every 10 ms, median and 95 %",
             "20 and 60 ms more than beside any busy thread",
             f"{usual:.1f} and {most:.1f} ms; beside that thread {usual_then:.1f} and {most_then:.1f} ms")  # fmt: skip
    assert usual <= usual_then + 20
    assert most <= most_then + 60


def test_a_flood_takes_no_memory(tmp_path):
    with _real_log(tmp_path, max_total_bytes=CAP, max_file_bytes=100_000):
        for number in range(3_000):
            log.warning("warm up %d", number)
        tracemalloc.start()
        try:
            before, _ = tracemalloc.get_traced_memory()
            for number in range(20_000):
                log.warning("trouble %d", number)
            after, _ = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert after - before < 1_000_000

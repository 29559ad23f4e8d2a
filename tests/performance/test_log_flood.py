"""A million lines in a loop stay under the cap; how fast, beside the standard library in the same run."""

import logging
import logging.handlers
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

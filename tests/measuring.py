"""What was measured is printed, and written into docs/measurements.md on request; how slow the machine is meanwhile."""

import os
import re
import time
from pathlib import Path

PAGE = Path(__file__).resolve().parents[1] / "docs" / "measurements.md"
WRITE = "WRITE_MEASUREMENTS"
"""Set this variable to 1 to have the page written."""


def slowness():
    """How many times slower this machine is now than usual, at least 1: a budget of time is multiplied by it."""
    rounds = []
    for _ in range(5):
        started = time.perf_counter()
        sum(number * number for number in range(200_000))
        rounds.append(time.perf_counter() - started)
    return max(1.0, min(rounds) / 0.012)


def note(request, what, budget, figure):
    """Note one figure of the test that asks, as texts with their units; the test itself judges it."""
    with request.config.pluginmanager.get_plugin("capturemanager").global_and_fixture_disabled():
        print(f"\nmeasured: {what}: {figure} (budget: {budget})", flush=True)
    if os.environ.get(WRITE) == "1":
        row = f"| {what} | {budget} | {figure} | `pytest {request.node.nodeid}` |"
        PAGE.write_text(with_row(PAGE.read_text(encoding="utf-8"), what, row), encoding="utf-8")


def with_row(page, what, row):
    """The page with this row in its table, in place of an earlier one about the same."""
    earlier = re.compile(rf"^\| {re.escape(what)} \|.*$", re.MULTILINE)
    if earlier.search(page):
        return earlier.sub(lambda _match: row, page)
    return page.replace("<!-- end -->", f"{row}\n<!-- end -->")

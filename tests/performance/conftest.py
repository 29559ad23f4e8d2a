"""What every measurement shares: its figure is printed, and written into docs/measurements.md on request."""

import os
import re
from pathlib import Path

import pytest

PAGE = Path(__file__).resolve().parents[2] / "docs" / "measurements.md"
WRITE = "WRITE_MEASUREMENTS"
"""Set this variable to 1 to have the page written."""


@pytest.fixture
def measured(request):
    """``measured(what, budget, figure)``: note one figure, as texts with their units. The test itself judges it."""

    def note(what, budget, figure):
        with request.config.pluginmanager.get_plugin("capturemanager").global_and_fixture_disabled():
            print(f"\nmeasured: {what}: {figure} (budget: {budget})", flush=True)
        if os.environ.get(WRITE) == "1":
            row = f"| {what} | {budget} | {figure} | `pytest {request.node.nodeid}` |"
            PAGE.write_text(with_row(PAGE.read_text(encoding="utf-8"), what, row), encoding="utf-8")

    return note


def with_row(page, what, row):
    """The page with this row in its table, in place of an earlier one about the same."""
    earlier = re.compile(rf"^\| {re.escape(what)} \|.*$", re.MULTILINE)
    if earlier.search(page):
        return earlier.sub(lambda _match: row, page)
    return page.replace("<!-- end -->", f"{row}\n<!-- end -->")

"""axe-core, which finds what keeps people with disabilities out of a page; see tests/axe.sh."""

import os
from pathlib import Path

import pytest

FETCHED = Path(__file__).resolve().parents[1] / ".axe"
SERIOUS = {"serious", "critical"}


def axe_script():
    """Its script; where it is missing, the test is skipped, saying how to get it."""
    named = os.environ.get("AXE")
    found = [Path(named)] if named else sorted(FETCHED.glob("axe-*.js"))
    if not found:
        pytest.skip("axe-core is not here: sh tests/axe.sh .axe")
    return found[-1].read_text(encoding="utf-8")


def serious_in(browser, script, *rules):
    """What is seriously wrong with the page that the browser shows, a line each; by some rules alone, or all."""
    browser.run(script + ";window.axe = axe;")
    options = {"resultTypes": ["violations"], **({"runOnly": rules} if rules else {})}
    found = browser.run_later("axe.run(document, arguments[0]).then(arguments[1])", options)
    return [
        f"{one['id']} ({one['impact']}): {node['target']} {node['failureSummary']}"
        for one in found["violations"]
        if one["impact"] in SERIOUS
        for node in one["nodes"]
    ]

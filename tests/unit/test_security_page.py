"""The page on security says what the code does: its actions, and tests that are there."""

import re
from pathlib import Path

from gamedetectd.security.audit_actions import ACTIONS

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")


def test_every_action_of_the_audit_trail_is_listed():
    rows = re.findall(r"^\| `([a-z-]+)` \| (.+) \|$", PAGE, re.M)
    assert rows == [(name, action.description) for name, action in ACTIONS.items()]


def test_every_attack_names_a_test_that_is_there():
    rows = [row for row in PAGE.partition("## What was tried")[2].splitlines() if row.startswith("| ")][2:]
    attacks = [row for row in rows if not re.fullmatch(r"\| \*\*.+ \| \| \|", row)]
    assert len(attacks) > 30
    for row in attacks:
        file, _, name = re.search(r"`([a-z_]+\.py)(?:::)?(\w*)` \|$", row).group(0)[1:-3].partition("::")
        (path,) = (ROOT / "tests").glob(f"*/{file}")
        assert not name or f"def {name}(" in path.read_text(encoding="utf-8"), row

"""Writes what follows from the rest: in docs/ schemas, errors, conditions, decisions, the table of what works where; in
packaging/ the systemd unit.

python packaging/docs/generate.py            write them
python packaging/docs/generate.py --check    only say which are out of date (exit code 1)
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec

from gamedetectd.app.checks import CONDITIONS
from gamedetectd.app.declared import declared
from gamedetectd.app.doctor.findings import FINDINGS
from gamedetectd.control import doctor_shapes, update_shapes
from gamedetectd.control.shapes import schemas
from gamedetectd.errors import GamedetectdError
from gamedetectd.health.conditions import Condition
from gamedetectd.platforms.autostart import AutostartState, unit_file
from gamedetectd.platforms.capability import SYSTEMS, Capability
from gamedetectd.views.metric_table import METRICS
from gamedetectd.views.metrics import Metric

DOCS = Path(__file__).resolve().parents[2] / "docs"
UNIT = DOCS.parent / "packaging" / "systemd" / unit_file.UNIT

AUTOSTART = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "gamedetectd autostart status --json",
    **msgspec.json.schema(AutostartState),
}

ERRORS_HEAD = """\
# Errors

Every error has a code that stays, a title, the cause and what to do about it. This page is made from
`gamedetectd/errors.py` by `poe docs`.

Exit codes of every command: 0 fine, 1 an error, 2 wrong usage, 3 part of the input was bad, 4 the daemon does not run,
5 it runs already, 6 and 7 of `doctor` degraded and unhealthy, 8 the settings cannot be used, 9 the daemon failed for
good.

| code | title | raised when | name in the code |
|---|---|---|---|
"""

CONDITIONS_HEAD = """\
# Conditions of health

What `gamedetectd status` and the log can report, and what to do about it. Information changes nothing, a warning costs
something, an error stops the main job. This page is made from the checks in `gamedetectd/app/checks` by `poe docs`.

| code | severity | title | remedy | told after | not told while |
|---|---|---|---|---|---|
"""


FINDINGS_HEAD = """
## What only the doctor finds

`gamedetectd doctor` tells all of the above that the daemon reports, and what it finds itself, with or without a daemon.
Where it can it gives the very command that mends it. This table is made from `gamedetectd/app/doctor/findings.py`.

| code | severity | title | remedy |
|---|---|---|---|
"""

METRICS_HEAD = """\
# Metrics

What `gamedetectd metrics`, `/metrics` and the file for node_exporter tell; how to read them:
[monitoring](monitoring.md). Of a histogram there are `_bucket`, `_sum` and `_count`. In the file, `process_` metrics
begin with `gamedetectd_process_`. This page is made from `gamedetectd/views/metric_table.py` by `poe docs`.

| name | type | labels | what it says |
|---|---|---|---|
"""

PLATFORMS = DOCS / "platforms.md"
PLATFORMS_MARKS = ("<!-- declared: by poe docs, from gamedetectd/app/declared.py -->\n", "<!-- end -->")
PLATFORMS_HEAD = """\
| what | system | by | verified | remark |
|---|---|---|---|---|
"""

DECISIONS_HEAD = """\
# Decisions

Each page says what was to be decided, what was decided and what that costs. This list is made by `poe docs`.

"""


def pages() -> Iterator[tuple[Path, str]]:
    """Every generated page and its text."""
    for name, schema in (schemas() | schemas(doctor_shapes.SHAPES) | schemas(update_shapes.SHAPES)).items():
        yield DOCS / "schemas" / f"{name}.json", json.dumps(schema, indent=2) + "\n"
    yield DOCS / "schemas" / "autostart.json", json.dumps(AUTOSTART, indent=2) + "\n"
    rows = sorted(errors(GamedetectdError), key=lambda kind: kind.code)
    yield DOCS / "errors.md", ERRORS_HEAD + "".join(map(error_row, rows))
    yield UNIT, unit_file.packaged()
    conditions = CONDITIONS_HEAD + "".join(map(condition_row, CONDITIONS))
    yield DOCS / "conditions.md", conditions + FINDINGS_HEAD + "".join(map(finding_row, FINDINGS))
    yield DOCS / "metrics.md", METRICS_HEAD + "".join(map(metric_row, METRICS))
    yield PLATFORMS, platforms(PLATFORMS.read_text(encoding="utf-8"))
    decisions = sorted((DOCS / "decisions").glob("[0-9]*.md"))
    yield DOCS / "decisions.md", DECISIONS_HEAD + "".join(map(decision_row, decisions))


def errors(root: type[GamedetectdError]) -> Iterator[type[GamedetectdError]]:
    """An error class and everything below it."""
    yield root
    for child in root.__subclasses__():
        yield from errors(child)


def error_row(kind: type[GamedetectdError]) -> str:
    """One line of the table."""
    first = (kind.__doc__ or "").strip().splitlines()[0]
    return f"| {kind.code} | {kind.title} | {first} | `{kind.__name__}` |\n"


def condition_row(condition: Condition) -> str:
    """One line of the table."""
    after = f"{condition.time_to_visible:g} s" if condition.time_to_visible else "at once"
    hidden = ", ".join(condition.depends_on)
    return (
        f"| {condition.code} | {condition.severity} | {condition.title} | {condition.remedy} | {after} | {hidden} |\n"
    )


def finding_row(finding: Condition) -> str:
    """One line of the doctor's table."""
    return f"| {finding.code} | {finding.severity} | {finding.title} | {finding.remedy} |\n"


def metric_row(metric: Metric) -> str:
    """One line of the table."""
    labels = ", ".join(f"`{label}`" for label in metric.labels)
    return f"| `{metric.name}` | {metric.kind} | {labels} | {metric.help} |\n"


def platforms(page: str) -> str:
    """The page, with the table of what works where between its marks made anew; the rest is written by hand."""
    begin, end = PLATFORMS_MARKS
    before, rest = page.split(begin)
    rows = declared()
    first = {row.purpose: row for row in reversed(rows)}
    table = "".join(capability_row(row, named=first[row.purpose] is row) for row in rows)
    return before + begin + PLATFORMS_HEAD + table + end + rest.partition(end)[2]


def capability_row(row: Capability, *, named: bool) -> str:
    """One line of the table; what it is for stands in the first of several alone."""
    cells = (row.purpose if named else "", SYSTEMS[row.system], row.mechanism, row.verified, row.remark)
    return f"| {' | '.join(cells)} |\n"


def decision_row(page: Path) -> str:
    """One line of the list: the page's number and title, which are its heading."""
    heading = page.read_text(encoding="utf-8").splitlines()[0].removeprefix("# ")
    return f"- [{heading}](decisions/{page.name})\n"


def main() -> int:
    """Write or check; the exit code."""
    stale = [(path, text) for path, text in pages() if not path.exists() or path.read_text(encoding="utf-8") != text]
    for path, text in stale:
        print(f"{'out of date' if '--check' in sys.argv else 'written'}: {path.relative_to(DOCS.parent)}")
        if "--check" not in sys.argv:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    return 1 if stale and "--check" in sys.argv else 0


if __name__ == "__main__":
    sys.exit(main())

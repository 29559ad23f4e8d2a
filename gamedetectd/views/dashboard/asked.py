"""One request as the pages see it: who asks, for what, and what a form said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from types import MappingProxyType
from urllib.parse import parse_qs

from gamedetectd.errors import DashboardError
from gamedetectd.i18n import _
from gamedetectd.views.dashboard.content import Search
from gamedetectd.views.dashboard.visitors import Visitor

MOST_FIELDS = 200
LONGEST_FIELD = 2_000
"""Characters."""

Fields = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Asked:
    """``query`` is what follows the question mark, ``form`` the body of a form, ``file`` one that was sent."""

    path: str
    visitor: Visitor
    query: Fields = field(default_factory=lambda: MappingProxyType({}))
    form: Fields = field(default_factory=lambda: MappingProxyType({}))
    file: Path | None = None

    def said(self, name: str, other: str = "") -> str:
        """What a form said under this name."""
        return _first(self.form, name, other)

    def wanted(self, name: str, other: str = "") -> str:
        """What the address says under this name."""
        return _first(self.query, name, other)

    def number(self, name: str, least: int, most: int) -> int:
        """A whole number of the address; the least where there is none."""
        text = self.wanted(name)
        return min(most, max(least, int(text))) if text.isdecimal() and len(text) < 10 else least

    def search(self) -> Search:
        """Which sessions the address asks for. Raises DashboardError for a date that is none."""
        return Search(
            text=self.wanted("q").strip(),
            game=self.wanted("game"),
            since=_date(self.wanted("since")),
            until=_date(self.wanted("until")),
            deleted=self.wanted("deleted") == "1",
        )


def fields(text: bytes) -> Fields:
    """A query, or the body of a form. Raises DashboardError for what is none."""
    try:
        found = parse_qs(text.decode("ascii"), keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="replace")
    except ValueError as error:
        raise DashboardError(_("That is no form of ours."), _("Open the page again and try once more.")) from error
    return {name: [one[:LONGEST_FIELD] for one in values] for name, values in found.items()}


def _first(found: Fields, name: str, other: str) -> str:
    values = found.get(name)
    return values[0] if values else other


def _date(text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise DashboardError(
            _("{text} is no day.").format(text=text[:40]), _("Write a day as in 2026-11-26.")
        ) from None

"""Makes pages of templates: jinja2, with everything escaped, in the person's language.

The templates and what goes with them lie in folders beside this file, in the source tree and in every installation.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from gamedetectd.i18n import _, duration, language, ngettext, pgettext
from gamedetectd.views.dashboard import charts
from gamedetectd.views.dashboard.visitors import Visitor
from gamedetectd.views.tray_state import line, moment, paused

FOLDER = Path(__file__).resolve().parent
PAGES: Mapping[str, str] = MappingProxyType(
    {
        "/": "now",
        "/play": "play",
        "/sessions": "sessions",
        "/health": "health",
        "/logs": "logs",
        "/settings": "settings",
    }
)
"""The pages that every page leads to, and the template of each."""


class Painter:
    """Makes pages. For any thread."""

    def __init__(self) -> None:
        self._templates = Environment(
            loader=FileSystemLoader(FOLDER / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        self._templates.globals.update(_=_, ngettext=ngettext, pgettext=pgettext, charts=charts)
        self._templates.filters.update(
            duration=duration, line=line, day=_day, clock=_clock, stamp=_stamp, percent=_percent, compact=_compact
        )

    def page(self, name: str, path: str, visitor: Visitor, at: float, /, **values: Any) -> str:
        """The page made of the template called ``name``, for the address ``path``, ``at`` this wall time."""
        return self._templates.get_template(f"{name}.html").render(
            path=path,
            word=visitor.word,
            language=language(),
            headings=_headings(),
            moment=lambda then: moment(then, at),
            paused=lambda until: paused(until, at),
            now_at=at,
            **values,
        )


def _headings() -> Mapping[str, str]:
    return {
        "/": _("Now"),
        "/play": _("Play time"),
        "/sessions": _("Sessions"),
        "/health": _("Health"),
        "/logs": _("Log"),
        "/settings": _("Settings"),
    }


def _day(day: date) -> str:
    return day.strftime(pgettext("date, for strftime", "%Y-%m-%d"))


def _clock(at: float) -> str:
    return datetime.fromtimestamp(at).astimezone().strftime(pgettext("time of day, for strftime", "%H:%M"))


def _stamp(at: float) -> str:
    """A moment as machines read it, for ``datetime`` of the element ``time``."""
    return datetime.fromtimestamp(at).astimezone().isoformat(timespec="seconds")


def _percent(share: float) -> str:
    return f"{share * 100:.1f} %" if share < 0.9995 else "100 %"


def _compact(seconds: float) -> str:
    """A length of time where there is little room: ``1:05``."""
    minutes = round(seconds / 60)
    return f"{minutes // 60}:{minutes % 60:02d}"

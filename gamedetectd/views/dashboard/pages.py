"""The dashboard's pages: what each shows. A page is a row in ``PAGES`` here and, if others lead to it, in ``paint``."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from types import MappingProxyType
from urllib.parse import urlencode

from starlette.responses import HTMLResponse, Response, StreamingResponse

from gamedetectd.domain import Severity
from gamedetectd.errors import NotFoundError
from gamedetectd.i18n import _
from gamedetectd.observability.human import human_line
from gamedetectd.observability.lines import LEVELS
from gamedetectd.platforms.regular_files import read_regular
from gamedetectd.views.dashboard import charts
from gamedetectd.views.dashboard.asked import Asked
from gamedetectd.views.dashboard.content import Content, Search
from gamedetectd.views.dashboard.paint import Painter

SPANS = (1, 7, 30, 365)
"""Days of play time to choose from."""
ON_A_PAGE = 50
"""Sessions."""
LINES = 200
FORMS: Mapping[str, str] = MappingProxyType(
    {"csv": "text/csv; charset=utf-8", "json": "application/json", "ics": "text/calendar; charset=utf-8"}
)
"""What sessions can be exported as."""
SOURCES: Mapping[str, str] = MappingProxyType(
    {"activitywatch": "ActivityWatch", "playnite": "Playnite", "steam": "Steam"}
)
"""What play times can be imported from."""
PICTURES: Mapping[str, str] = MappingProxyType({".jpg": "image/jpeg", ".png": "image/png", ".webp": "image/webp"})
LARGEST_PICTURE = 10_000_000
"""Bytes."""
_RANK = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}

Page = Callable[[Content, Painter, Asked], Response]


def _now(content: Content, painter: Painter, asked: Asked) -> Response:
    now = content.now()
    today = content.numbers(1)
    return _shown(painter, asked, "now", now=now, today=today, note=_note(asked))


def _play(content: Content, painter: Painter, asked: Asked) -> Response:
    days = asked.number("days", 0, SPANS[-1])
    numbers = content.numbers(days if days in SPANS else SPANS[1])
    return _shown(
        painter,
        asked,
        "play",
        numbers=numbers,
        spans=SPANS,
        time_chart=charts.over_time(numbers),
        game_chart=charts.lying(numbers.games),
        heat=charts.heat_map(numbers.hours),
    )


def _sessions(content: Content, painter: Painter, asked: Asked) -> Response:
    search, after = asked.search(), asked.wanted("after")
    found, older = content.sessions(search, ON_A_PAGE, after)
    query = _query(search)
    return _shown(
        painter,
        asked,
        "sessions",
        search=search,
        found=found,
        older=f"/sessions?{query}{'&' if query else ''}{urlencode({'after': older})}" if older else "",
        newest=f"/sessions?{query}" if after else "",
        query=query,
        forms=FORMS,
        note=_note(asked),
    )


def _session(content: Content, painter: Painter, asked: Asked) -> Response:
    return _shown(painter, asked, "session", one=content.session(asked.wanted("id")), note=_note(asked))


def import_page(content: Content, painter: Painter, asked: Asked, answer: str = "") -> Response:
    """From where play times can be had; ``answer`` is what came of the last."""
    return _shown(painter, asked, "import", sources=SOURCES, files=content.steam_files(), answer=answer)


def _export(content: Content, _painter: Painter, asked: Asked) -> Response:
    form = asked.wanted("as")
    if form not in FORMS:
        raise NotFoundError(_("There is no such form."), _("There are: {forms}").format(forms=", ".join(FORMS)))
    name = f"gamedetectd-sessions.{form}"
    return StreamingResponse(
        content.export(form, asked.search()),
        headers={"content-type": FORMS[form], "content-disposition": f'attachment; filename="{name}"'},
    )


def _cover(content: Content, _painter: Painter, asked: Asked) -> Response:
    file = content.cover(asked.wanted("game"))
    try:
        picture = read_regular(file, LARGEST_PICTURE)
    except (OSError, ValueError) as error:  # it went meanwhile, or is none of ours
        raise NotFoundError(_("There is no picture of it."), _("See: gamedetectd covers --help")) from error
    return Response(picture, headers={"content-type": PICTURES[file.suffix]})


def _health(content: Content, painter: Painter, asked: Asked) -> Response:
    now = content.now()
    conditions = sorted(now.conditions, key=lambda one: (_RANK[one.severity], one.since))
    return _shown(painter, asked, "health", now=now, conditions=conditions, parts_=content.parts(), note=_note(asked))


def _logs(content: Content, painter: Painter, asked: Asked) -> Response:
    level = asked.wanted("level", LEVELS[1])
    level = level if level in LEVELS else LEVELS[1]
    correlation = asked.wanted("correlation").strip()
    rows = [
        (human_line(one.fields, colour=False, date=True), str(one.fields.get("trace.id", "")), _level(one.fields))
        for one in content.log(correlation, level, LINES)
    ]
    return _shown(painter, asked, "logs", rows=rows, level=level, levels=LEVELS, correlation=correlation, most=LINES)


def _level(fields: Mapping[str, object]) -> str:
    level = str(fields.get("log.level", ""))
    return level if level in LEVELS else ""


def settings_page(
    content: Content, painter: Painter, asked: Asked, wrong: tuple[str, str, str] | None = None
) -> Response:
    """Every option; ``wrong`` is one that could not be set: its name, what was said, and what is wrong with that."""
    return _shown(
        painter,
        asked,
        "settings",
        options=content.settings(),
        waiting=content.waiting(),
        wrong=wrong,
        note=_note(asked),
        status=200 if wrong is None else 422,
    )


PAGES: Mapping[str, Page] = MappingProxyType(
    {
        "/": _now,
        "/play": _play,
        "/sessions": _sessions,
        "/session": _session,
        "/import": import_page,
        "/export": _export,
        "/cover": _cover,
        "/health": _health,
        "/logs": _logs,
        "/settings": settings_page,
    }
)


def notes() -> Mapping[str, str]:
    """What is said after something was done, by the word that the address has for it."""
    return {
        "paused": _("Watching is paused."),
        "resumed": _("Watching goes on."),
        "checked": _("Everything was looked at again."),
        "ignored": _("It is not counted as a game any more."),
        "renamed": _("It has its new name."),
        "deleted": _("Deleted. It can be brought back among the deleted sessions."),
        "undone": _("Brought back."),
        "set": _("Saved."),
    }


def _note(asked: Asked) -> str:
    return notes().get(asked.wanted("done"), "")


def _query(search: Search) -> str:
    """The search as a part of an address, without the page's number."""
    said = {
        "q": search.text,
        "game": search.game,
        "since": search.since.isoformat() if search.since else "",
        "until": search.until.isoformat() if search.until else "",
        "deleted": "1" if search.deleted else "",
    }
    return urlencode({name: value for name, value in said.items() if value})


def _shown(painter: Painter, asked: Asked, name: str, *, status: int = 200, **values: object) -> Response:
    return HTMLResponse(painter.page(name, asked.path, asked.visitor, time.time(), **values), status)

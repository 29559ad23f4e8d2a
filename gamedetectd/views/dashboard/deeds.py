"""What the dashboard's forms do. A deed is a row in ``DEEDS``, and leads back to a page of ours alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from urllib.parse import quote

from starlette.responses import JSONResponse, RedirectResponse, Response

from gamedetectd.errors import DashboardError, GamedetectdError, NotFoundError, SettingsError
from gamedetectd.i18n import _
from gamedetectd.views.dashboard.asked import Asked
from gamedetectd.views.dashboard.content import Content
from gamedetectd.views.dashboard.guard import FILES
from gamedetectd.views.dashboard.pages import SOURCES, import_page, settings_page
from gamedetectd.views.dashboard.paint import Painter

QUARTER = 900.0
"""Seconds of the short pause."""
LONGEST_TITLE = 200
"""Characters."""

Deed = Callable[[Content, Painter, Asked], Response]


def _pause(content: Content, _painter: Painter, asked: Asked) -> Response:
    how = asked.said("for")
    if how == "tomorrow":
        content.pause_until_tomorrow()
    else:
        content.pause(QUARTER if how == "quarter" else None)
    return _back("/", "paused")


def _resume(content: Content, _painter: Painter, _asked: Asked) -> Response:
    content.resume()
    return _back("/", "resumed")


def _check(content: Content, _painter: Painter, _asked: Asked) -> Response:
    content.check()
    return _back("/health", "checked")


def _ignore(content: Content, _painter: Painter, asked: Asked) -> Response:
    content.not_a_game(asked.said("id"))
    return _back(_origin(asked), "ignored")


def _rename(content: Content, _painter: Painter, asked: Asked) -> Response:
    title = " ".join(asked.said("title").split())
    if not title or not title.isprintable() or len(title) > LONGEST_TITLE:
        raise DashboardError(
            _("That is no title."), _("A title is one line of text, of at most {number} letters.").format(number=200)
        )
    content.rename(asked.said("id"), title)
    return _back(_origin(asked), "renamed")


def _delete(content: Content, _painter: Painter, asked: Asked) -> Response:
    content.delete(asked.form.get("id", ()))
    return _back("/sessions", "deleted")


def _undo(content: Content, _painter: Painter, asked: Asked) -> Response:
    content.undo(asked.form.get("id", ()))
    return _back("/sessions", "undone")


def _set(content: Content, painter: Painter, asked: Asked) -> Response:
    name, value = asked.said("name"), asked.said("value")
    try:
        content.set(name, value)
    except SettingsError as error:
        return settings_page(content, painter, asked, (name, value, f"{error.cause} {error.remedy}"))
    return _back(f"/settings#{quote(name)}", "set")


def _bring_in(content: Content, _painter: Painter, asked: Asked) -> Response:
    """Answers in JSON: our script sends the file and shows the answer."""
    source = asked.path.rpartition("/")[2]
    if asked.file is None:
        raise DashboardError(_("No file came with that."), _("Choose a file first."))
    try:
        return JSONResponse({"text": content.bring_in(source, asked.file)})
    except GamedetectdError as error:
        return JSONResponse({"text": f"{error.cause}\n{error.remedy}", "title": error.title}, 422)


def _bring_in_steam(content: Content, painter: Painter, asked: Asked) -> Response:
    """Of the files that lie on this computer alone, whatever a form says."""
    file = next((one for one in content.steam_files() if str(one) == asked.said("file")), None)
    if file is None:
        raise NotFoundError(_("That file is not there any more."), _("Open the page again and try once more."))
    return import_page(content, painter, asked, content.bring_in("steam", file))


DEEDS: Mapping[str, Deed] = MappingProxyType(
    {
        "/pause": _pause,
        "/resume": _resume,
        "/check": _check,
        "/ignore": _ignore,
        "/rename": _rename,
        "/delete": _delete,
        "/undo": _undo,
        "/set": _set,
        "/import-steam": _bring_in_steam,
        **{f"{FILES}{source}": _bring_in for source in SOURCES},
    }
)


def _origin(asked: Asked) -> str:
    """The page the form was on; for one of a session, that session's."""
    return f"/session?id={quote(asked.said('id'))}" if asked.said("on") == "session" else "/"


def _back(place: str, done: str) -> Response:
    """To a page, which says what was done."""
    address, hash_, fragment = place.partition("#")
    sign = "&" if "?" in address else "?"
    return RedirectResponse(f"{address}{sign}done={done}{hash_}{fragment}", 303)

"""The menu of the tray icon, defined once for every system: pystray items that are made of what is true when it opens.

In the texts ``_`` stands before the letter that the keyboard takes; ``spelled`` writes that as each system does. Every
item is also a command: see the README's table.
"""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from gamedetectd.domain import Severity
from gamedetectd.i18n import _, duration, ngettext
from gamedetectd.platforms.tray.backend import Menu, MenuItem
from gamedetectd.views.tray_state import (
    Catalogue,
    Choices,
    Played,
    Summary,
    TrayState,
    Trouble,
    line,
    moment,
    paused,
)

WRAP = 64
"""Characters of a sentence that stand in one line of the menu."""
QUARTER = 900.0
"""Seconds of the short pause."""


class Actions(Protocol):
    """What a click does. None of these may take long or raise."""

    def pause(self, seconds: float | None) -> None:
        """Stop watching so long, or until resumed."""
        ...

    def pause_until_tomorrow(self) -> None:
        """Stop watching until the day is over."""
        ...

    def resume(self) -> None:
        """Watch again."""
        ...

    def not_a_game(self, session: str) -> None:
        """What is played in this session is no game."""
        ...

    def wrong_name(self, session: str, title: str) -> None:
        """Ask the person for the right name."""
        ...

    def open_folder(self, folder: str) -> None:
        """Show a folder."""
        ...

    def notifications(self, mode: str) -> None:
        """Tell of ``all``, ``problems`` or ``none``."""
        ...

    def autostart(self, on: bool) -> None:
        """Start at login, or not."""
        ...

    def vision(self, on: bool) -> None:
        """Look at the screen where nothing else tells, or not."""
        ...

    def ask_for_titles(self) -> None:
        """Have the system ask whether the titles of windows may be read."""
        ...

    def open_dashboard(self) -> None:
        """Show the dashboard in the browser."""
        ...

    def open_logs(self) -> None:
        """Show the folder with the logs."""
        ...

    def open_settings(self) -> None:
        """Open the settings file."""
        ...

    def check_now(self) -> None:
        """Look at everything again."""
        ...

    def quit(self) -> None:
        """End the program."""
        ...


@dataclass(frozen=True, slots=True)
class Sources:
    """Where the menu reads, each time it opens. ``now`` is wall time."""

    state: Callable[[], TrayState]
    summary: Callable[[], Summary]
    choices: Callable[[], Choices]
    catalogue: Callable[[], Catalogue]
    now: Callable[[], float]


class Item(MenuItem):  # type: ignore[misc]
    """An item that keeps its identity (``key``) while its text changes. ``description`` is for screen readers."""

    def __init__(self, key: str, text: str, action: Any = None, *, description: str = "", **options: Any) -> None:
        super().__init__(spelled(text), action, **options)
        self.key = key
        self.description = description


def menu(sources: Sources, actions: Actions) -> Any:
    """The whole menu; its items are made anew whenever somebody looks."""
    return Menu(lambda: tuple(_items(sources, actions)))


def label(text: str, /, **values: str) -> str:
    """A text with values put in that are shown as they are, whatever they contain."""
    return text.format(**{name: value.replace("_", "__") for name, value in values.items()})


def spelled(text: str, system: str = sys.platform) -> str:
    """The text as ``system`` marks the keyboard's letter: ``_x`` on Linux, ``&x`` on Windows, not at all on macOS."""
    if system == "linux":
        return text
    plain = text.replace("__", "\0")
    plain = plain.replace("&", "&&").replace("_", "&") if system == "win32" else plain.replace("_", "")
    return plain.replace("\0", "_")


def _items(sources: Sources, actions: Actions) -> Iterator[Any]:
    now, state = sources.now(), sources.state()
    yield from _playing(state, actions, now)
    yield Menu.SEPARATOR
    yield from _history(sources.summary(), now)
    yield Menu.SEPARATOR
    yield _health(state.trouble)
    yield Menu.SEPARATOR
    yield from _pause(state, actions)
    yield from _choices(sources.choices(), actions)
    yield Menu.SEPARATOR
    yield Item("dashboard", _("Open _dashboard"), actions.open_dashboard)
    yield Item("logs", _("Open _log folder"), actions.open_logs)
    yield Item("settings", _("Open _settings file"), actions.open_settings)
    yield Item("check", _("_Check now"), actions.check_now)
    yield Menu.SEPARATOR
    yield _about(state.version, sources.catalogue())
    yield Item("quit", _("_Quit"), actions.quit)


def _playing(state: TrayState, actions: Actions, now: float) -> Iterator[Item]:
    """What is being played, each game with its submenu."""
    if state.paused_until is not None:
        yield _told("paused", paused(state.paused_until, now))
    elif not state.playing:
        yield _told("nothing", _("No game is being played"))
    for one in state.playing:
        played = duration(max(0.0, now - one.since))
        text = label(_("{title}, {duration}"), title=one.title, duration=played)
        said = _("{title} has been played for {duration}").format(title=one.title, duration=played)
        yield Item(f"game/{one.session}", text, Menu(*_about_game(one, actions)), description=said)


def _about_game(one: Played, actions: Actions) -> Iterator[Any]:
    yield _told(f"{one.session}/why", _("Why:"))
    for number, reason in enumerate(one.reasons):
        yield from _sentence(f"{one.session}/reason/{number}", f"• {reason}")
    yield Menu.SEPARATOR
    yield Item(f"{one.session}/ignore", _("This is _not a game"), lambda: actions.not_a_game(one.session))
    yield Item(f"{one.session}/rename", _("_Wrong name …"), lambda: actions.wrong_name(one.session, one.title))
    yield Item(
        f"{one.session}/folder",
        _("Open its _folder"),
        lambda: actions.open_folder(one.folder),
        enabled=bool(one.folder),
    )


def _history(past: Summary, now: float) -> Iterator[Item]:
    today = label(_("Today: {duration}"), duration=duration(past.today))
    yield _told("today", today if past.today else _("Nothing was played today"))
    for number, one in enumerate(past.recent):
        text = label(
            _("{title}, {duration} ({when})"),
            title=one.title,
            duration=duration(one.seconds),
            when=moment(one.started, now),
        )
        yield _told(f"recent/{number}", text)


def _health(trouble: Trouble | None) -> Item:
    """One line; what it means and what to do about it are below it. What costs nothing does not alarm."""
    if trouble is None:
        return _told("health", _("All is well"))
    calm = trouble.severity is Severity.INFO
    text = _("All is well") if calm else _("Attention: {problem}").format(problem=trouble.title)
    below = [*_sentence("health/title", trouble.title)] if calm else []
    below += [*_sentence("health/message", trouble.message), *_sentence("health/remedy", trouble.remedy)]
    if trouble.others:
        more = ngettext(
            "… and {number} more: gamedetectd status", "… and {number} more: gamedetectd status", trouble.others
        )
        below.append(_told("health/others", label(more, number=str(trouble.others))))
    described = text if calm else f"{text}. {trouble.remedy}"
    return Item("health", label("{text}", text=text), Menu(*below), description=described)


def _pause(state: TrayState, actions: Actions) -> Iterator[Item]:
    if state.paused_until is not None:
        yield Item("resume", _("_Resume watching"), actions.resume)
        return
    choices = (
        Item("pause/quarter", _("For _15 minutes"), lambda: actions.pause(QUARTER)),
        Item("pause/tomorrow", _("Until _tomorrow"), actions.pause_until_tomorrow),
        Item("pause/open", _("Until I _resume it"), lambda: actions.pause(None)),
    )
    yield Item("pause", _("_Pause"), Menu(*choices))


def _choices(choices: Choices, actions: Actions) -> Iterator[Item]:
    modes = (("all", _("_All")), ("problems", _("_Problems only")), ("none", _("_None")))
    yield Item("notifications", _("_Notifications"), Menu(*(_mode(*mode, choices, actions) for mode in modes)))
    yield Item(
        "autostart",
        _("Start at lo_gin"),
        lambda: actions.autostart(not choices.autostart),
        checked=lambda _item: bool(choices.autostart),
        enabled=choices.autostart is not None,
    )
    yield Item(
        "vision",
        _("Loo_k at the screen where nothing else tells"),
        lambda: actions.vision(not choices.vision),
        checked=lambda _item: bool(choices.vision),
        enabled=choices.vision is not None,
    )
    if choices.titles is False:
        yield Item("titles", _("Let me read _window titles …"), actions.ask_for_titles)


def _mode(mode: str, text: str, choices: Choices, actions: Actions) -> Item:
    return Item(
        f"notifications/{mode}",
        text,
        lambda: actions.notifications(mode),
        checked=lambda _item: choices.notifications == mode,
        radio=True,
    )


def _about(version: str, catalogue: Catalogue) -> Item:
    titles = ngettext("{number} known game", "{number} known games", catalogue.titles)
    if catalogue.days is None:
        age = _("the list that comes with the program")
    elif catalogue.days < 1:
        age = _("list of today")
    else:
        age = ngettext("list {number} day old", "list {number} days old", catalogue.days)
        age = age.format(number=catalogue.days)
    below = (
        _told("about/version", label("gamedetectd {version}", version=version)),
        _told("about/catalogue", label("{titles}, {age}", titles=titles.format(number=catalogue.titles), age=age)),
    )
    return Item("about", _("A_bout"), Menu(*below))


def _told(key: str, text: str) -> Item:
    """A line that only tells."""
    return Item(key, text, enabled=False)


def _sentence(key: str, text: str) -> Iterator[Item]:
    """A sentence over as many lines as it needs."""
    for number, part in enumerate(textwrap.wrap(line(text), WRAP, subsequent_indent="   ")):
        yield _told(f"{key}/{number}", label("{part}", part=part))

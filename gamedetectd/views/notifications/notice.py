"""One notification as a value, and what can be said in one. All texts are in the person's language and harmless.

What stands in them comes from outside too (titles, messages): it is redacted, put on one line and cut here, whoever
shows it. Nothing here is markup.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum, StrEnum

from gamedetectd.domain import ActiveCondition, Evidence, Session, Severity
from gamedetectd.i18n import _, duration, ngettext

LONGEST_TITLE = 80
"""Characters of a game's title that are shown."""
LONGEST_MESSAGE = 240
"""Characters of one message or reason that are shown."""
REASONS = 3
"""Reasons shown for a game, the weightiest first."""
MESSAGES = 4
"""Messages of one condition that are shown in full."""
MOST_READ = 8_000
"""Characters of a text from outside that are looked at."""
_JOINERS = "\u200c\u200d"
"""Invisible, and yet letters of Persian words and parts of emoji."""
_ISOLATE, _END_ISOLATE = "\u2068", "\u2069"
_RIGHT_TO_LEFT = frozenset({"R", "AL", "AN"})

Hide = Callable[[str], str]
"""Takes out of a text what the person marked private."""


class Urgency(Enum):
    """How a desktop is to show it."""

    NORMAL = "normal"
    CRITICAL = "critical"


class Action(StrEnum):
    """What can be clicked."""

    WHY = "why"
    NOT_A_GAME = "not-a-game"
    DETAILS = "details"


@dataclass(frozen=True, slots=True)
class Notice:
    """One notification. One with the same ``key`` takes the place of the one before.

    ``subject`` is what the actions are about: a session's id, or a condition's code. What ``stays`` is still true when
    the person comes back to the desk; the rest may be forgotten once it was shown.
    """

    key: str
    title: str
    body: str = ""
    urgency: Urgency = Urgency.NORMAL
    actions: tuple[Action, ...] = ()
    subject: str = ""
    stays: bool = False


def label(action: Action) -> str:
    """What stands on the button."""
    return {Action.WHY: _("Why?"), Action.NOT_A_GAME: _("Not a game"), Action.DETAILS: _("Details")}[action]


# --- games ------------------------------------------------------------------------------------------------------------


def started(key: str, session: Session, title: str | None) -> Notice:
    """A game is being played; where its ``title`` is private, without it and the reasons that may tell it."""
    said = _("A game is being played") if title is None else _("{title} is being played").format(title=title)
    actions = (Action.NOT_A_GAME,) if title is None else (Action.WHY, Action.NOT_A_GAME)
    return Notice(key, said, actions=actions, subject=session.id)


def ended(key: str, session: Session, title: str | None) -> Notice:
    """A game is no longer played, and for how long it was."""
    said = _("A game has ended") if title is None else _("{title} has ended").format(title=title)
    seconds = 0.0 if session.ended_at is None else session.ended_at - session.started_at
    return Notice(key, said, _("Played for {duration}.").format(duration=duration(seconds)), subject=session.id)


def why(session: Session, title: str, hide: Hide) -> Notice:
    """The strongest reasons why the program counts as this game."""
    strongest = sorted((one for one in session.evidence if one.weight > 0), key=lambda one: -one.weight)[:REASONS]
    said = _("Why {title}?").format(title=title)
    body = "\n".join(_reason(one, hide) for one in strongest) or _("Nothing is known of that any more.")
    return Notice(f"why:{session.id}", said, body, actions=(Action.NOT_A_GAME,), subject=session.id)


def not_a_game(session: Session, title: str | None) -> Notice:
    """The person's word was taken."""
    said = _("This is no longer taken for a game")
    if title is not None:
        said = _("{title} is no longer taken for a game").format(title=title)
    body = _("A rule of yours says so from now on; all of them: gamedetectd game list")
    return Notice(f"why:{session.id}", said, body)


def title_of(session: Session, hide: Hide, is_private: bool) -> str | None:
    """A game's title as it may be shown, or None where it is private."""
    title = session.game.title[:MOST_READ]
    line = shortened(title, MOST_READ)
    if is_private or hide(title) != title or hide(line) != line:
        return None
    return isolated(shortened(line, LONGEST_TITLE))


def _reason(evidence: Evidence, hide: Hide) -> str:
    return "• " + isolated(told(evidence.reason, hide))


# --- problems ---------------------------------------------------------------------------------------------------------


def problem(key: str, instances: Sequence[ActiveCondition], hide: Hide) -> Notice:
    """Something is wrong: the first place where it is, and the remedy."""
    first = instances[0]
    lines = [told(first.message, hide)]
    if others := len(instances) - 1:
        lines.append(ngettext("And in {count} more place.", "And in {count} more places.", others).format(count=others))
    lines.append(_(first.remedy))
    urgency = Urgency.CRITICAL if first.severity is Severity.ERROR else Urgency.NORMAL
    return Notice(key, _(first.title), _lines(lines), urgency, (Action.DETAILS,), first.code, stays=True)


def recovered(key: str, condition: ActiveCondition) -> Notice:
    """Something is right again."""
    return Notice(key, _("Back to normal"), _("No longer: {problem}.").format(problem=_(condition.title)))


def details(instances: Sequence[ActiveCondition], hide: Hide) -> Notice:
    """Everything there is to say about a condition."""
    first = instances[0]
    lines = [told(one.message, hide) for one in instances[:MESSAGES]]
    more = len(instances) - len(lines)
    if more > 0:
        lines.append(ngettext("And in {count} more place.", "And in {count} more places.", more).format(count=more))
    lines += [_(first.remedy), _("More: gamedetectd status, gamedetectd logs")]
    return Notice(f"details:{first.code}", _(first.title), _lines(lines), stays=True)


def over(code: str) -> Notice:
    """Details were asked for of something that is no longer wrong."""
    return Notice(f"details:{code}", _("Back to normal"), _("This is no longer wrong."))


# --- what comes from outside ------------------------------------------------------------------------------------------


def shortened(text: str, longest: int = LONGEST_MESSAGE) -> str:
    """The text on one line, without what changes the shape or direction of what is around it, and not longer."""
    head = text[:MOST_READ]
    line = " ".join("".join(one if one.isprintable() or one in _JOINERS else " " for one in head).split())
    if len(line) <= longest and len(head) == len(text):
        return line
    return line[: longest - 1].rstrip() + "…"


def told(text: str, hide: Hide, longest: int = LONGEST_MESSAGE) -> str:
    """A text from outside as it may be shown: what is private is looked for in what came and in what is left of it."""
    return shortened(hide(shortened(hide(text[:MOST_READ]), MOST_READ)), longest)


def answer(title: str, message: str, hide: Hide) -> Notice:
    """Something to say about what the person just did."""
    return Notice("answer", told(title, hide, LONGEST_TITLE), told(message, hide))


def isolated(text: str) -> str:
    """The text, so that what is written from right to left in it does not turn around what is not."""
    if any(unicodedata.bidirectional(letter) in _RIGHT_TO_LEFT for letter in text):
        return f"{_ISOLATE}{text}{_END_ISOLATE}"
    return text


def _lines(lines: Sequence[str]) -> str:
    return "\n".join(line for line in lines if line)

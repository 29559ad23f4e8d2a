"""Tells the person what they should know, on their desktop: one worker between the daemon and a ``Notifier``.

``views.notifications`` decides what and when; here it hears what happens, is shown, and what was clicked does. The
worker sleeps until something happens: a session, a condition, a signal of the desktop's, or what was put off is due.
"""

from __future__ import annotations

import logging
import re
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from gamedetectd.app.checks import BY_CODE
from gamedetectd.domain import ActiveCondition, ProcessKey, Session, SessionEvent, SessionEventKind
from gamedetectd.interfaces import Clock, Stop
from gamedetectd.observability.correlation import correlation
from gamedetectd.observability.redaction import is_private_title, redact
from gamedetectd.platforms.notify import Bubble, Button, Clicked, Notifier
from gamedetectd.views.notifications import notice as notices
from gamedetectd.views.notifications.notice import Action, Notice, Urgency
from gamedetectd.views.notifications.policy import RECOVERY_SETTLES, Order, Policy, Withdraw

if TYPE_CHECKING:
    from gamedetectd.app.daemon import Daemon
    from gamedetectd.engine.core import Program

log = logging.getLogger(__name__)
Kept = TypeVar("Kept")

REMEMBERED = 64
"""Notifications, sessions and their programs that are remembered for whoever clicks late."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What is true now, as far as it decides about notifications.

    ``fullscreen``: a game fills the screen; ``marked``: the person marked titles or programs private.
    """

    mode: str
    grace: float
    visible: tuple[ActiveCondition, ...] = ()
    standing: tuple[ActiveCondition, ...] = ()
    fullscreen: bool = False
    marked: bool = False


class Notifications:
    """Give ``run`` to a Worker and its ``wake`` to ``attach``.

    ``look`` tells what is true now; ``correct`` is called with the id of a session that the person says is no game's;
    ``troubled`` when ``trouble`` has become another.
    """

    def __init__(
        self,
        clock: Clock,
        notifier: Notifier,
        look: Callable[[], Seen],
        correct: Callable[[str], None] = lambda _session: None,
        troubled: Callable[[], None] = lambda: None,
        programs: Callable[[ProcessKey], Iterable[str]] = lambda _key: (),
    ) -> None:
        self.notifier = notifier
        self.trouble = ""
        """Why nothing can be shown, in a sentence; "" where it can, or nothing is wanted."""
        self._clock = clock
        self._look = look
        self._correct = correct
        self._troubled = troubled
        self._programs = programs
        self._seen = Seen("none", 0.0)
        self._policy = Policy(redact, self._is_private, _settles)
        self._wake: Callable[[], None] = lambda: None
        self._events: deque[SessionEvent] = deque()
        self._answers: deque[Notice] = deque(maxlen=REMEMBERED)
        """What is shown whatever was chosen: the person asked for it."""
        self._shown: OrderedDict[str, Notice] = OrderedDict()
        self._sessions: OrderedDict[str, Session] = OrderedDict()
        self._causes: OrderedDict[str, str] = OrderedDict()
        """Correlation id of the latest event of each session."""
        self._called: OrderedDict[str, frozenset[str]] = OrderedDict()
        self._corrected: set[str] = set()
        self._holding = True

    # --- from any thread ---

    def attach(self, wake: Callable[[], None]) -> None:
        """Connect the wake-up of the worker that runs this."""
        self._wake = wake

    def wake(self) -> None:
        """Conditions or settings may be others now."""
        self._wake()

    def happened(self, events: Iterable[SessionEvent]) -> None:
        """These were committed. In the engine's thread, where a session's programs are still known."""
        for event in events:
            session = event.session
            if called := frozenset(name for key in session.processes for name in self._programs(key)):
                _remember(self._called, session.id, self._called.get(session.id, frozenset()) | called)
            self._events.append(event)
        self._wake()

    def focused(self) -> None:
        """Another window has the focus: of interest only while something waits for the screen to be free."""
        if self._holding:
            self._wake()

    def say(self, title: str, message: str) -> None:
        """Answer something that the person did; shown whatever was chosen."""
        self._answers.append(notices.answer(title, message, redact))
        self._wake()

    # --- the worker ---

    def run(self, stop: Stop) -> None:
        """The worker's target."""
        try:
            while not stop.is_set():
                timeout = self.step()
                connection = self.notifier.connection
                stop.select([connection] if connection is not None else [], timeout)
        finally:
            self.notifier.close()

    def step(self) -> float | None:
        """Deal with everything there is now; seconds until something is due, None for not before something happens."""
        now, policy, notifier = self._clock.now(), self._policy, self.notifier
        self._holding = True  # before looking: whoever changes the focus from here on must be heard
        self._seen = self._look()
        self._take_in(self._seen)
        due = policy.deadline() <= now.elapsed
        for clicked in notifier.step(wanted=due or bool(self._answers)):
            self.clicked(clicked)
        if notifier.ready:
            while self._answers:
                self._show(self._answers.popleft())
            self._carry_out(policy.take(now))
        elif notifier.trouble:
            self._give_up()
        self._tell_trouble()
        self._holding = policy.holding
        return self._timeout(now.elapsed)

    def _take_in(self, seen: Seen) -> None:
        now, policy = self._clock.now(), self._policy
        policy.choose(seen.mode)
        policy.grace = seen.grace
        policy.focus(now, fullscreen=seen.fullscreen)
        policy.conditions(now, seen.visible, seen.standing)
        while self._events:
            event = self._events.popleft()
            _remember(self._sessions, event.session.id, event.session)
            _remember(self._causes, event.session.id, event.correlation_id)
            policy.said(now, event)
            if event.kind is SessionEventKind.CORRECTED and event.session.id in self._corrected:
                self._corrected.discard(event.session.id)
                self._answers.append(notices.not_a_game(event.session, self._title(event.session)))

    def _carry_out(self, orders: Iterable[Order]) -> None:
        """Show and take away; after one that failed the others are not tried: each might take as long to fail."""
        works = True
        for order in orders:
            if isinstance(order, Withdraw):
                self.notifier.withdraw(order.key)
                continue
            works = works and self._show(order.notice)
            if not works:
                self._policy.missed(self._clock.now(), order)

    def _give_up(self) -> None:
        """Nothing can be shown here: what is not worth telling later is forgotten."""
        self._policy.forget_games()
        while self._answers:
            answer = self._answers.popleft()
            log.info("%s: %s", answer.title, answer.body)

    def _tell_trouble(self) -> None:
        trouble = "" if self._seen.mode == "none" else self.notifier.trouble
        if trouble != self.trouble:
            self.trouble = trouble
            self._troubled()

    def _timeout(self, elapsed: float) -> float | None:
        """While nothing can be shown, only the notifier has something to wait for."""
        deadline = self._policy.deadline() if self.notifier.ready else float("inf")
        again = self.notifier.due(wanted=bool(self._answers) or self._policy.deadline() <= elapsed)
        waits = [] if deadline == float("inf") else [deadline - elapsed]
        waits += [] if again is None else [again - time.monotonic()]
        return max(0.0, min(waits)) if waits else None

    # --- what is shown, and what is clicked ---

    def _show(self, notice: Notice) -> bool:
        buttons = tuple(Button(action, notices.label(action)) for action in notice.actions)
        critical = notice.urgency is Urgency.CRITICAL
        _remember(self._shown, notice.key, notice)
        with correlation(self._causes.get(notice.subject)):
            return self.notifier.show(Bubble(notice.key, notice.title, notice.body, critical, buttons, notice.stays))

    def clicked(self, clicked: Clicked) -> None:
        """Do what a button of a notification means; what nobody knows any more means nothing."""
        with correlation():
            self._do(clicked)

    def _do(self, clicked: Clicked) -> None:
        notice = self._shown.get(clicked.key)
        if notice is None or clicked.action not in notice.actions:
            return
        log.info("%s was clicked in a notification", clicked.action)
        if clicked.action == Action.DETAILS:
            instances = self._policy.instances(notice.subject)
            self._answers.append(notices.details(instances, redact) if instances else notices.over(notice.subject))
            return
        session = self._sessions.get(notice.subject)
        if session is None:
            return
        if clicked.action == Action.NOT_A_GAME:
            self._corrected.add(session.id)
            self._correct(session.id)
        elif (title := self._title(session)) is not None:
            self._answers.append(notices.why(session, title, redact))

    # --- what is private ---

    def _title(self, session: Session) -> str | None:
        return notices.title_of(session, redact, is_private=self._is_private(session))

    def _is_private(self, session: Session) -> bool:
        """Whether the title, or any of the session's programs, is marked private; it may be where none is known."""
        called = self._called.get(session.id)
        if called is None:
            return self._seen.marked
        return any(is_private_title(session.game.title, name) for name in called)


def notifications_of(daemon: Daemon) -> Notifications:
    """The notifications of a daemon whose engine is built."""
    from gamedetectd.platforms.notify import make_notifier

    def correct(session: str) -> None:
        from gamedetectd.app.tray_actions import TrayActions

        TrayActions(daemon, made.say).not_a_game(session)

    made = Notifications(
        daemon.machine.clock,
        make_notifier(),
        lambda: _seen(daemon),
        correct,
        daemon.monitor.wake,
        lambda key: _names(daemon.engine.core.programs.get(key)),
    )
    return made


def _seen(daemon: Daemon) -> Seen:
    core, settings = daemon.engine.core, daemon.settings
    window = core.focus
    played = bool(core.machine.foreground) or (core.paused and bool(core.machine.sessions))
    return Seen(
        mode=settings.notifications.mode,
        grace=settings.sessions.grace_seconds,
        visible=daemon.conditions,
        standing=daemon.monitor.standing,
        fullscreen=played and window is not None and window.fullscreen,
        marked=bool(settings.privacy.private_titles),
    )


def _names(program: Program | None) -> Iterator[str]:
    """The file names by which a program may be marked private: its own, and what it was started as."""
    if program is not None:
        process = program.facts.processes[-1]
        for text in (process.exe or "", *process.argv[:2], process.comm):
            if name := re.split(r"[\\/]", text)[-1]:
                yield name


def _settles(code: str) -> float:
    """What changes by the person's hand alone is told to be over at once."""
    condition = BY_CODE.get(code)
    return 0.0 if condition is not None and not condition.flaps else RECOVERY_SETTLES


def _remember(kept: OrderedDict[str, Kept], key: str, value: Kept) -> None:
    kept.pop(key, None)
    kept[key] = value
    while len(kept) > REMEMBERED:
        kept.popitem(last=False)

"""Decides what a person is told, when, and what is taken back: driven by explicit time, without a clock or a screen.

What happened goes in (``said``, ``conditions``, ``focus``), and ``take`` returns what is to be shown or taken away now;
``deadline`` says when there is more without anything happening. All moments are elapsed seconds: an hour is an hour on
the person's watch, also of a machine that slept.

- Of one condition there is one notification at a time, and at most ``MOST_OF_ONE`` in an hour. What the person was told
  last and what is true meet again as soon as that allows it.
- A recovery is told once, if the problem was, and only when it lasts: who is told that all is well must not be wrong.
- While a game fills the screen only what is critical is told, the rest afterwards if it is still true.
"""

from __future__ import annotations

import math
from collections import defaultdict, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from gamedetectd.domain import ActiveCondition, Instant, Session, SessionEvent, SessionEventKind, Severity
from gamedetectd.views.notifications import notice as notices
from gamedetectd.views.notifications.notice import Hide, Notice

HOUR = 3600.0
MOST_OF_ONE = 2
"""Notifications of one condition within an hour."""
MOST_OF_A_GAME = 6
"""Notifications of one game within an hour; what is beyond is not told at all."""
MOST_OF_ALL = 20
"""Notifications within an hour that are not critical."""
RECOVERY_SETTLES = 60.0
"""Seconds for which something must be right again before that is told, where it may come and go by itself."""
ASK_AGAIN = 30.0
"""Seconds after which what could not be shown is tried again; twice as long each time."""
CALM = 1.0
"""Seconds for which no game fills the screen before what waited is told: windows flicker when they change."""


@dataclass(frozen=True, slots=True)
class Show:
    """Show this notification, in place of the one with the same key."""

    notice: Notice


@dataclass(frozen=True, slots=True)
class Withdraw:
    """Take the notification of this key away, if it is still there."""

    key: str


Order = Show | Withdraw


class _Budget:
    """At most ``most`` within an hour."""

    def __init__(self, most: int) -> None:
        self._spent: deque[float] = deque(maxlen=most)

    def free_at(self) -> float:
        """The moment from which one more is allowed; minus infinity for always."""
        return self._spent[0] + HOUR if len(self._spent) == self._spent.maxlen else -math.inf

    def spend(self, at: float) -> None:
        self._spent.append(at)

    def refund(self) -> None:
        self._spent.pop()


@dataclass(slots=True)
class _Problem:
    """One condition. An instance of it is known by the moment since when it is there."""

    code: str
    visible: tuple[ActiveCondition, ...] = ()
    standing: frozenset[float] = frozenset()
    told: frozenset[float] = frozenset()
    """The instances that the person was told of and believes to be there; none: they believe that all is well."""
    example: ActiveCondition | None = None
    """What was told last."""
    gone_at: float = math.inf
    """Since when what was told is no longer there."""
    believed: frozenset[float] = frozenset()
    """What ``told`` was before the latest notification, should that not have been shown."""
    misses: int = 0
    """How often in a row it could not be shown."""
    not_before: float = -math.inf
    budget: _Budget = field(default_factory=lambda: _Budget(MOST_OF_ONE))

    @property
    def key(self) -> str:
        return f"condition:{self.code}"

    @property
    def news(self) -> bool:
        """Something is there that the person does not know."""
        return any(one.since not in self.told for one in self.visible)

    @property
    def critical(self) -> bool:
        return any(one.severity is Severity.ERROR for one in self.visible)

    def see(self, at: float, visible: tuple[ActiveCondition, ...], standing: frozenset[float]) -> None:
        """Take what is there now. What was told, went away and came back before that was told is known already."""
        if self.told and not self.standing and standing:
            self.told = standing
        self.visible, self.standing = visible, standing
        if standing:
            self.told = self.told & standing or self.told
            self.gone_at = math.inf
        elif math.isinf(self.gone_at):
            self.gone_at, self.misses = at, 0


@dataclass(slots=True)
class _Playing:
    """One game's notification."""

    key: str
    session: Session
    pending: SessionEventKind | None = None
    due: float = -math.inf
    start_told: bool = False


class Policy:
    """Not thread-safe. ``hide`` and ``is_private`` keep what the person marked private out of every text.

    ``settles`` says for how long a condition must be gone before that is told; ``grace`` for how long an ended session
    may be taken up again.
    """

    def __init__(
        self,
        hide: Hide = str,
        is_private: Callable[[Session], bool] = lambda _session: False,
        settles: Callable[[str], float] = lambda _code: RECOVERY_SETTLES,
        mode: str = "problems",
        grace: float = 0.0,
    ) -> None:
        self.grace = grace
        self._hide = hide
        self._is_private = is_private
        self._settles = settles
        self._mode = mode
        self._problems: dict[str, _Problem] = {}
        self._games: dict[str, _Playing] = {}
        self._game_budgets: defaultdict[str, _Budget] = defaultdict(lambda: _Budget(MOST_OF_A_GAME))
        self._all = _Budget(MOST_OF_ALL)
        self._quiet = False
        self._calm_at = -math.inf
        self._withdrawn: list[str] = []

    # --- what happened ---

    def choose(self, mode: str) -> None:
        """The person wants ``all``, ``problems`` or ``none``; what they no longer want is taken away."""
        if mode == self._mode:
            return
        if "none" in (mode, self._mode):
            for problem in self._problems.values():
                problem.told &= problem.standing  # what changed while nothing was to be told is not told later
        self._mode = mode
        if mode != "all":
            self.forget_games()
            self._withdrawn += [f"game:{game_id}" for game_id in self._game_budgets]
        if mode == "none":
            self._withdrawn += [problem.key for problem in self._problems.values()]

    def focus(self, now: Instant, *, fullscreen: bool) -> None:
        """Whether a game fills the screen and has the focus."""
        if self._quiet and not fullscreen:
            self._calm_at = now.elapsed + CALM
        self._quiet = fullscreen

    def conditions(self, now: Instant, visible: Iterable[ActiveCondition], standing: Iterable[ActiveCondition]) -> None:
        """What is wrong now, and what is told and not over although a cause hides it. INFO is never told."""
        shown = _by_code(one for one in visible if one.severity is not Severity.INFO)
        there = {code: frozenset(one.since for one in found) for code, found in _by_code(standing).items()}
        for code in [*shown, *(code for code in self._problems if code not in shown)]:
            problem = self._problems.setdefault(code, _Problem(code))
            was_well = not problem.told and problem.example is not None and not problem.visible
            mine = shown.get(code, ())
            problem.see(now.elapsed, mine, there.get(code, frozenset()) | {one.since for one in mine})
            if was_well and problem.news:
                self._withdrawn.append(problem.key)  # it says that all is well, which is no longer so

    def said(self, now: Instant, event: SessionEvent) -> None:
        """Something happened to a session."""
        session = event.session
        game = self._games.get(session.id)
        if game is None:
            if self._mode != "all" or event.kind not in (SessionEventKind.STARTED, SessionEventKind.ENDED):
                return
            game = self._games[session.id] = _Playing(f"game:{session.game.id}", session)
        game.session = session
        match event.kind:
            case SessionEventKind.STARTED:
                game.pending, game.due = SessionEventKind.STARTED, now.elapsed
            case SessionEventKind.RESUMED if game.pending is SessionEventKind.ENDED:
                game.pending = None if game.start_told else SessionEventKind.STARTED
                game.due = now.elapsed
            case SessionEventKind.ENDED:
                game.pending, game.due = SessionEventKind.ENDED, now.elapsed + self.grace
            case SessionEventKind.CORRECTED:
                del self._games[session.id]
                self._withdrawn.append(game.key)

    def missed(self, now: Instant, order: Show) -> None:
        """What ``take`` gave could not be shown: the person does not know, and is told later."""
        for problem in self._problems.values():
            if problem.key == order.notice.key:
                problem.told = problem.believed
                problem.budget.refund()
                problem.not_before = now.elapsed + min(HOUR, ASK_AGAIN * 2**problem.misses)
                problem.misses = min(problem.misses + 1, 10)

    def forget_games(self) -> None:
        """Nobody is to hear later of what began and ended until now."""
        self._games.clear()

    # --- what is to be done ---

    def take(self, now: Instant) -> list[Order]:
        """What is to be shown and taken away now, in this order. Each is given once."""
        orders: list[Order] = [Withdraw(key) for key in dict.fromkeys(self._withdrawn)]
        self._withdrawn.clear()
        if self._mode == "none":
            return orders
        at = now.elapsed  # each look at what is due takes what was told just before into account
        orders.extend(self._tell_problem(at, one) for one in self._problems.values() if at >= self._problem_due(one))
        orders.extend(self._tell_game(at, one) for one in list(self._games.values()) if at >= self._game_due(one))
        return orders

    def deadline(self) -> float:
        """When (elapsed seconds) ``take`` has something even if nothing happens; infinity for never."""
        if self._withdrawn:
            return -math.inf
        if self._mode == "none":
            return math.inf
        problems = map(self._problem_due, self._problems.values())
        return min((*problems, *map(self._game_due, self._games.values())), default=math.inf)

    @property
    def holding(self) -> bool:
        """True while something waits for the screen to be free."""
        return self._quiet and (
            any(game.pending for game in self._games.values())
            or any(one.news or (one.told and not one.standing) for one in self._problems.values())
        )

    def instances(self, code: str) -> tuple[ActiveCondition, ...]:
        """Where a condition is seen now."""
        problem = self._problems.get(code)
        return problem.visible if problem is not None else ()

    # --- problems ---

    def _problem_due(self, problem: _Problem) -> float:
        """When it is to be told, or that it is over; infinity for neither, or not before something happens."""
        if problem.news:
            free = max(problem.not_before, problem.budget.free_at())
            return free if problem.critical else max(free, self._all.free_at(), self._screen_free_at())
        if problem.told and not problem.standing:
            settled = max(problem.not_before, problem.gone_at + self._settles(problem.code))
            return max(settled, problem.budget.free_at(), self._all.free_at(), self._screen_free_at())
        return math.inf

    def _tell_problem(self, at: float, problem: _Problem) -> Show:
        problem.believed = problem.told
        problem.budget.spend(at)
        if not (problem.news and problem.critical):
            self._all.spend(at)
        if problem.news:
            unknown = [one for one in problem.visible if one.since not in problem.told]
            known = [one for one in problem.visible if one.since in problem.told]
            problem.told, problem.example = problem.standing, unknown[0]
            return Show(notices.problem(problem.key, (*unknown, *known), self._hide))
        problem.told = frozenset()
        assert problem.example is not None  # noqa: S101 - what was told has been kept
        return Show(notices.recovered(problem.key, problem.example))

    def _screen_free_at(self) -> float:
        return math.inf if self._quiet else self._calm_at

    # --- games ---

    def _game_due(self, game: _Playing) -> float:
        if game.pending is None or self._mode != "all":
            return math.inf
        return max(game.due, self._screen_free_at())

    def _tell_game(self, at: float, game: _Playing) -> Order:
        kind, game.pending = game.pending, None
        if kind is SessionEventKind.ENDED:
            del self._games[game.session.id]
        budget = self._game_budgets[game.key.removeprefix("game:")]
        if at < max(budget.free_at(), self._all.free_at()):
            return Withdraw(game.key)  # what was told before is no longer so
        budget.spend(at)
        self._all.spend(at)
        title = notices.title_of(game.session, self._hide, is_private=self._is_private(game.session))
        game.start_told = kind is SessionEventKind.STARTED
        make = notices.started if game.start_told else notices.ended
        return Show(make(game.key, game.session, title))


def _by_code(conditions: Iterable[ActiveCondition]) -> dict[str, tuple[ActiveCondition, ...]]:
    """The conditions of each code, codes and places in the order given."""
    found: dict[str, tuple[ActiveCondition, ...]] = {}
    for one in conditions:
        found[one.code] = (*found.get(one.code, ()), one)
    return found

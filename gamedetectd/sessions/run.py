"""One run of a game as the state machine knows it: its session, its tally, and whose verdict named it."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace

from gamedetectd.domain import EndedBy, Game, ProcessKey, Session, Verdict
from gamedetectd.sessions.attention import Tally
from gamedetectd.sessions.identity import session_id

PROVISIONAL = 0
"""The rank of a game that is known by a name only."""
_BY_STORE = 1
_RANKS = {"name": PROVISIONAL, "user": 2}


@dataclass(slots=True)
class Run:
    """A session with what no other part needs to know of it.

    ``subjects`` are the processes that were themselves judged to be the game; the others are wrappers around them.
    ``end`` is when the last of its ended processes ended (elapsed clock), ``told`` how many events were made of it,
    ``former`` the processes that were left when it was found to be no game.
    """

    session: Session
    tally: Tally
    subjects: set[ProcessKey] = field(default_factory=set)
    namer: ProcessKey | None = None
    end: float = 0.0
    told: int = 0
    former: tuple[ProcessKey, ...] = ()

    @classmethod
    def of(cls, session: Session) -> Run:
        """The run of a session from an earlier life of the daemon.

        Where several processes are left, the root is taken for a mere wrapper.
        """
        wrapped = session.processes != (session.root,)
        lasted = 0.0 if session.ended_at is None else session.ended_at - session.started_at
        return cls(
            session,
            Tally(session.active_seconds, session.idle_seconds),
            subjects={key for key in session.processes if not (wrapped and key == session.root)},
            end=session.started_elapsed + lasted,
        )

    def settle(self) -> Session:
        """The session with its counters up to date."""
        active, idle = self.tally.active, self.tally.idle
        if (active, idle) != (self.session.active_seconds, self.session.idle_seconds):
            self.session = replace(
                self.session, foreground_seconds=active + idle, active_seconds=active, idle_seconds=idle
            )
        return self.session

    @property
    def later(self) -> bool:
        """True for a game that came into a process that was there before it, and may leave it there."""
        return self.session.id != session_id(self.session.root)

    def knows(self, keys: AbstractSet[ProcessKey]) -> bool:
        """True if one of these processes is, or began, this session."""
        if not keys:
            return False
        return not keys.isdisjoint((self.session.root, *self.session.processes, *self.former))

    def finish(self, ended_by: EndedBy) -> None:
        """Make it an ended session; its length is what the elapsed clock says."""
        lasted = max(0.0, self.end - self.session.started_elapsed)
        self.former = self.session.processes
        self.session = replace(self.session, processes=(), ended_at=self.session.started_at + lasted, ended_by=ended_by)

    def reopen(self) -> None:
        """Make an ended session an open one without processes; whoever resumes it may name it again."""
        self.session = replace(self.session, ended_at=None, ended_by=None, processes=())
        self.subjects.clear()
        self.former = ()
        self.namer = None

    def add(self, key: ProcessKey) -> None:
        """A running process belongs to the session."""
        self.session = replace(self.session, processes=(*self.session.processes, key))

    def remove(self, key: ProcessKey, elapsed: float) -> None:
        """A process no longer belongs to the session since ``elapsed``."""
        self.end = max(self.end, elapsed)
        self.session = replace(self.session, processes=tuple(k for k in self.session.processes if k != key))

    def label(self, verdict: Verdict, game: Game, subject: ProcessKey) -> bool:
        """Let the better verdict name the session: the namer's own latest one, or another's that knows more.

        A verdict that knows less of the same game may still tell which machine it was made for: the script that starts
        an emulator bears the game's name, the emulator knows what it emulates. True if a person would see the
        difference.
        """
        old = self.session.game
        confirms = self.namer is None and game.id == old.id
        knows_more = (rank(game), verdict.probability) > (rank(old), self.session.probability)
        if self.namer != subject and not confirms and not knows_more:
            tells = bool(game.platform) and not old.platform and same_game(old, game)
            if tells:
                self.session = replace(self.session, game=replace(old, platform=game.platform))
            return tells
        self.namer = subject
        self.session = replace(self.session, game=game, evidence=verdict.evidence, probability=verdict.probability)
        seen = ((one.id, one.title, one.install_dir, one.platform) for one in (old, game))
        return len(set(seen)) > 1


def person_said(verdict: Verdict) -> bool:
    """True where the person's own word decided."""
    return any(reason.source.startswith("person.") for reason in verdict.evidence)


def rank(game: Game) -> int:
    """How much is known of a game by its ids: a name only, a store's entry, or the person's own word."""
    return max(_RANKS.get(one.partition(":")[0], _BY_STORE) for one in (game.id, *game.also))


def same_game(one: Game, other: Game) -> bool:
    """The same game by any of its ids, by the directory it is installed in, or by title."""
    directory = one.install_dir.rstrip("/\\")
    return (
        not {one.id, *one.also}.isdisjoint((other.id, *other.also))
        or (directory != "" and directory == other.install_dir.rstrip("/\\"))
        or one.title.casefold() == other.title.casefold()
    )

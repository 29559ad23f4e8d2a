"""Changing the history on the person's word: sessions deleted and restored, and what other programs recorded taken in.

Where the daemon runs, its engine does it, the only writer there is (``HistoryChanges``). Else the command does it
itself, holding the lock that keeps a daemon from starting meanwhile (``Changes``, which tells the two cases apart).
"""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import msgspec

from gamedetectd.control.client import Client
from gamedetectd.control.instance import acquire
from gamedetectd.control.server import Handler
from gamedetectd.detection.person import PERSON
from gamedetectd.detection.titles import slug
from gamedetectd.domain import Game, Instant, ProcessKey, Session, SessionEvent
from gamedetectd.errors import ControlError, GamedetectdError, NotRunningError
from gamedetectd.interfaces import Reply, Request
from gamedetectd.observability.correlation import correlation
from gamedetectd.paths import Paths
from gamedetectd.sessions.correcting import Change, deletion, renaming, restoration
from gamedetectd.sessions.history import History
from gamedetectd.sessions.importing import CountedTime, Standing, TakenIn
from gamedetectd.sessions.pages import Pages
from gamedetectd.sessions.rows import decoder
from gamedetectd.sessions.storable import pack

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gamedetectd.app.daemon import Daemon

AT_ONCE = 200
"""Sessions, or play times, that are written together: the engine does nothing else meanwhile."""
MOST_AT_ONCE = 200_000
"""Characters of them: a request has room for a million bytes."""
PATIENCE = 30.0
"""Seconds in which a running daemon answers."""
_OTHER_VERSION = "Command and daemon may be of different versions: restart the daemon."
_TakeIn = Callable[[str, Sequence[Session], Sequence[CountedTime]], TakenIn]


class HistoryChanges:
    """What commands and pages may have done to one daemon's history. Any thread may call."""

    def __init__(self, daemon: Daemon) -> None:
        self._daemon = daemon

    def handlers(self) -> Mapping[str, Handler]:
        """The commands of the control channel."""
        return {
            "session_delete": self._delete,
            "session_restore": self._restore,
            "session_rename": self._rename,
            "history_import": self._import,
        }

    def delete(self, session_id: str) -> Session:
        """Have an ended session count nowhere; it stays in the history. Raises SessionChangeError, HistoryError."""
        return self._change(deletion, session_id)

    def restore(self, session_id: str) -> Session:
        """Take a deletion, or that it was called no game, back. Raises SessionChangeError, HistoryError."""
        return self._change(restoration, session_id)

    def rename(self, session_id: str, title: str) -> Session:
        """Have an ended session be of the game that is called so. Raises SessionChangeError, HistoryError."""
        return self._change(renaming(_called(self._daemon.paths, title)), session_id)

    def take_in(self, source: str, sessions: Sequence[Session], times: Sequence[CountedTime]) -> TakenIn:
        """Write at most ``AT_ONCE`` of what another program recorded. Raises HistoryError."""
        done: list[TakenIn | GamedetectdError] = []

        def write(_at: Instant) -> tuple[SessionEvent, ...]:
            try:
                done.append(self._daemon.history.take_in(source, sessions, times))
            except GamedetectdError as error:  # the caller's to tell: the engine goes on
                done.append(error)
            return ()

        self._daemon.engine.call(write, PATIENCE)
        if isinstance(done[0], GamedetectdError):
            raise done[0]
        return done[0]

    def _change(self, change: Change, session_id: str) -> Session:
        with Pages.open(self._daemon.paths.history_file) as pages:
            past = pages.past(session_id)
        event = change(past, session_id, self._daemon.machine.clock.now().wall)
        self._daemon.engine.call(lambda _at: (event,))
        return event.session

    def _delete(self, request: Request) -> Reply:
        return _reply(self.delete(_text(request, "id")))

    def _restore(self, request: Request) -> Reply:
        return _reply(self.restore(_text(request, "id")))

    def _rename(self, request: Request) -> Reply:
        return _reply(self.rename(_text(request, "id"), _text(request, "title")))

    def _import(self, request: Request) -> Reply:
        try:
            sessions = [decoder(Session).decode(str(one)) for one in _list(request, "sessions")]
            times = [decoder(CountedTime).decode(str(one)) for one in _list(request, "times")]
        except msgspec.MsgspecError as error:
            raise ControlError(f"What was to be imported is not understood ({error}).", _OTHER_VERSION) from error
        taken = self.take_in(_text(request, "source"), sessions, times)
        return {"sessions": dict(taken.sessions), "times": dict(taken.times)}


@dataclass(frozen=True, slots=True)
class Changes:
    """The same for a command: through the daemon of these paths, or here where none runs."""

    paths: Paths

    def delete(self, session_id: str) -> Session:
        """As ``HistoryChanges.delete``; raises ControlError too."""
        return self._change("session_delete", deletion, session_id)

    def restore(self, session_id: str) -> Session:
        """As ``HistoryChanges.restore``; raises ControlError too."""
        return self._change("session_restore", restoration, session_id)

    def rename(self, session_id: str, title: str) -> Session:
        """As ``HistoryChanges.rename``; raises ControlError too."""
        change = renaming(_called(self.paths, title))
        return self._change("session_rename", change, session_id, title=title)

    def take_in(
        self,
        source: str,
        sessions: Sequence[Session],
        times: Sequence[CountedTime],
        progress: Callable[[int, int], None] = lambda _done, _whole: None,
    ) -> TakenIn:
        """Write what another program recorded, a part at a time. Raises HistoryError, ControlError."""
        taken = TakenIn(Counter(), Counter())
        whole = max(len(sessions), len(times))
        with self._taking_in() as take_in:
            for place in range(0, whole, AT_ONCE):
                progress(place, whole)
                some = take_in(source, sessions[place : place + AT_ONCE], times[place : place + AT_ONCE])
                taken.sessions.update(some.sessions)
                taken.times.update(some.times)
        return taken

    @contextmanager
    def _taking_in(self) -> Iterator[_TakeIn]:
        try:
            self._have_taken_in("", (), ())
        except NotRunningError:
            with self._alone() as history:
                yield history.take_in
        else:
            yield self._have_taken_in

    def _have_taken_in(self, source: str, sessions: Sequence[Session], times: Sequence[CountedTime]) -> TakenIn:
        """Through the daemon, in as many requests as it takes."""
        packed = [pack(one).decode() for one in sessions], [pack(one).decode() for one in times]
        size, count = sum(map(len, (*packed[0], *packed[1]))), max(len(sessions), len(times))
        if size > MOST_AT_ONCE and count > 1:
            half = count // 2
            first = self._have_taken_in(source, sessions[:half], times[:half])
            rest = self._have_taken_in(source, sessions[half:], times[half:])
            return TakenIn(first.sessions + rest.sessions, first.times + rest.times)
        reply = self._client().request("history_import", source=source, sessions=packed[0], times=packed[1])
        return TakenIn(_counted(reply, "sessions"), _counted(reply, "times"))

    def _change(self, command: str, change: Change, session_id: str, **more: str) -> Session:
        try:
            reply = self._client().request(command, id=session_id, **more)
        except NotRunningError:
            with (
                self._alone() as history,
                Pages.open(self.paths.history_file) as pages,
                correlation() as correlation_id,
            ):
                event = change(pages.past(session_id), session_id, time.time())
                history.commit([replace(event, correlation_id=correlation_id)])
                return event.session
        return decoder(Session).decode(_text(reply, "session"))

    def _client(self) -> Client:
        return Client(self.paths, PATIENCE)

    @contextmanager
    def _alone(self) -> Iterator[History]:
        """The history, while no daemon can start. Raises AlreadyRunningError where one is about to."""
        with (
            acquire(self.paths, ProcessKey("", os.getpid(), 0), time.time()),
            History.open(self.paths.history_file) as history,
        ):
            yield history


def _called(paths: Paths, title: str) -> Game:
    """The game of the history that bears this title, or a new one that the person names so."""
    with Pages.open(paths.history_file) as pages:
        return pages.game(title) or Game(f"user:{slug(title)}", title, PERSON)


def _reply(session: Session) -> Reply:
    return {"session": pack(session).decode()}


def _text(values: Mapping[str, object], name: str) -> str:
    value = values.get(name)
    if not isinstance(value, str):
        raise ControlError(f"There is no text {name!r} in it.", _OTHER_VERSION)
    return value


def _list(values: Mapping[str, object], name: str) -> list[object]:
    value = values.get(name)
    if not isinstance(value, list) or len(value) > AT_ONCE:
        raise ControlError(f"There is no list {name!r} of at most {AT_ONCE} in it.", _OTHER_VERSION)
    return value


def _counted(reply: Mapping[str, object], name: str) -> Counter[Standing]:
    value = reply.get(name)
    counts = value if isinstance(value, dict) else {}
    return Counter({Standing(kind): int(number) for kind, number in counts.items()})

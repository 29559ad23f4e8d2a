"""The daemon's end of the control channel: whoever connects, nothing but an authentic request changes anything.

One thread accepts; every client gets a short-lived thread of its own, so that a silent or slow one holds nobody up. The
worker itself only waits, without waking, for the stop or for trouble with the channel.
"""

from __future__ import annotations

import logging
import multiprocessing.connection as mpc
import os
import socket
import stat
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import msgspec

from gamedetectd.control import access, wire
from gamedetectd.control.broadcast import Subscription
from gamedetectd.errors import AlreadyRunningError, ControlError, GamedetectdError
from gamedetectd.interfaces import Reply, Request, Stop
from gamedetectd.observability.correlation import correlation, current_id
from gamedetectd.paths import Paths
from gamedetectd.platforms.permissions import ensure_private_dir

if TYPE_CHECKING:
    from gamedetectd.control.wire import Connection

log = logging.getLogger(__name__)

Handler = Callable[[Request], Reply | Iterator[Reply] | Subscription]
"""Answers one command, given its arguments: with one reply, a finite stream, or live. Runs in the client's thread."""

MAX_CONNECTIONS = 16
BACKLOG = 128
"""Clients the kernel keeps waiting for the moment it takes to admit them or turn them away."""
MAX_STREAMS = 8
"""Of the connections, so many may be live streams: some always remain for commands."""
HEARING_LIMIT = 1.0
"""Seconds a client has for each of: the introduction, the request."""
WARN_EVERY = 60.0
"""Seconds between two warnings about refused clients."""


class Server:
    """Answers the commands in ``handlers``. ``run`` is the target of a worker."""

    def __init__(
        self, paths: Paths, handlers: Mapping[str, Handler], refused: Callable[[str], None] = lambda _reason: None
    ) -> None:
        """``refused`` is told why a client was turned away, in any thread; it must not block."""
        self._paths = paths
        self._handlers = dict(handlers)
        self._told = refused
        self._address = wire.address(paths)
        self._places = threading.BoundedSemaphore(MAX_CONNECTIONS)
        self._streams = threading.BoundedSemaphore(MAX_STREAMS)
        self._lock = threading.Lock()
        self._threads: set[threading.Thread] = set()
        self._subscriptions: set[Subscription] = set()
        self._answered = 0
        self._refused = 0
        self._warned_at: float | None = None
        self._alarm: socket.socket | None = None
        self._identity: tuple[int, int] | None = None
        self._closing = False

    def counters(self) -> Mapping[str, float]:
        """How many requests were answered and how many clients were turned away since the start."""
        return {"control_requests": self._answered, "control_refused": self._refused}

    def run(self, stop: Stop) -> None:
        """Listen until ``stop`` is set.

        Raises:
            AlreadyRunningError: Another daemon answers there.
            PermissionsError: Its directory is not safe from other accounts.
            ControlError: The channel cannot be opened, or broke; start again.
        """
        key, listener = self._open()
        trouble, self._alarm = socket.socketpair()
        accepting = threading.Thread(target=self._accept, args=(listener, key), name="control-accept", daemon=True)
        try:
            accepting.start()
            while not stop.is_set():
                if stop.select([trouble], None):
                    raise ControlError("The control channel broke and is opened again.", "Nothing needs to be done.")
        finally:
            self._close(listener, accepting)
            self._alarm.close()
            self._alarm = None
            trouble.close()

    def probe(self) -> str | None:
        """A sentence if nobody can reach us any more, such as when the socket file was deleted; then opens it anew."""
        if self._identity is None:
            return "The control channel is not open."
        if self._identity == _identity(self._address):
            return None
        self._sound_alarm()
        return f"The control channel {self._address} was removed; it is opened again."

    # --- opening and closing ------------------------------------------------------------------------------------------

    def _open(self) -> tuple[bytes, mpc.Listener]:
        try:
            for directory in (self._paths.runtime, self._paths.socket_file.parent):
                ensure_private_dir(directory)
            _clear_stale(self._address)
            key = access.make_key(self._paths)
            listener = mpc.Listener(self._address, backlog=BACKLOG)
            if sys.platform != "win32":
                Path(self._address).chmod(0o600)
        except OSError as error:
            raise ControlError(
                f"The control channel {self._address} cannot be opened ({error.strerror or error}).",
                "Check that its directory exists, is yours and is not full.",
            ) from error
        self._closing = False
        self._identity = _identity(self._address)
        return key, listener

    def _close(self, listener: mpc.Listener, accepting: threading.Thread) -> None:
        """End everything within about two seconds. Replies under way, such as the one to ``stop``, still go out."""
        self._closing = True
        mine = self._identity == _identity(self._address)
        self._identity = None
        if mine and accepting.is_alive():
            # Nothing else ends a blocked accept on all three systems. If the file is gone, nobody can reach the
            # thread, and it ends with the process.
            with suppress(OSError):
                mpc.Client(self._address).close()
            accepting.join(1.0)
        with suppress(OSError):  # it removes its file, which may be gone already
            listener.close()
        access.discard_key(self._paths)
        with self._lock:
            threads = list(self._threads)
            for subscription in self._subscriptions:
                subscription.end()
        until = time.monotonic() + 1.0
        for thread in threads:
            thread.join(max(0.0, until - time.monotonic()))

    def _sound_alarm(self) -> None:
        alarm = self._alarm
        if alarm is not None:
            with suppress(OSError):
                alarm.send(b"!")

    # --- clients ------------------------------------------------------------------------------------------------------

    def _accept(self, listener: mpc.Listener, key: bytes) -> None:
        while not self._closing:
            try:
                connection: Connection = cast("Any", listener.accept())
            except OSError as error:
                if not self._closing:
                    log.warning("the control channel cannot accept: %s", error)
                    self._sound_alarm()
                return
            if self._closing or not self._welcome(connection, key):
                connection.close()

    def _welcome(self, connection: Connection, key: bytes) -> bool:
        """Hand the client to a thread of its own; False if it must not come in."""
        try:
            user = access.peer_user(connection)
        except OSError:
            return False  # it is gone already
        if not access.permitted(user):
            self._refuse(f"it belongs to user {user}")
            return False
        if not self._places.acquire(blocking=False):
            self._refuse(f"{MAX_CONNECTIONS} others are connected")
            return False
        thread = threading.Thread(target=self._serve, args=(connection, key), name="control-client", daemon=True)
        with self._lock:
            self._threads.add(thread)
        thread.start()
        return True

    def _refuse(self, reason: str) -> None:
        self._told(reason)
        with self._lock:
            self._refused += 1
            now = time.monotonic()
            if self._warned_at is not None and now - self._warned_at < WARN_EVERY:
                return
            self._warned_at = now
        log.warning("the control channel turned a client away: %s", reason)

    def _serve(self, connection: Connection, key: bytes) -> None:
        try:
            with connection, correlation():
                access.admit(connection, key, HEARING_LIMIT)
                self._answer(connection, wire.receive(connection, HEARING_LIMIT))
        except access.RefusedError as error:
            self._refuse(f"it did not introduce itself ({error})")
        except (OSError, EOFError) as error:
            log.debug("a control client left: %s", error)
        finally:
            self._places.release()
            with self._lock:
                self._threads.discard(threading.current_thread())

    def _answer(self, connection: Connection, data: bytes) -> None:
        try:
            ask = wire.decode_ask(data)
            with correlation(ask.correlation_id or current_id()):
                answer = self._handler(ask.command)(ask.arguments)
                if isinstance(answer, Mapping):
                    wire.send(connection, wire.reply_answer(answer))
                else:
                    self._stream(connection, answer)
        except msgspec.ValidationError as error:
            problem = ControlError(f"An argument is wrong ({error}).", "See the command's --help.")
            wire.send(connection, wire.encode(wire.Answer(error=wire.problem_of(problem))))
        except GamedetectdError as error:
            wire.send(connection, wire.encode(wire.Answer(error=wire.problem_of(error))))
        with self._lock:
            self._answered += 1

    def _handler(self, command: str) -> Handler:
        try:
            return self._handlers[command]
        except KeyError:
            raise ControlError(
                f"The daemon knows no command {command[:40]!r}.",
                "Command and daemon may be of different versions: restart the daemon.",
            ) from None

    def _stream(self, connection: Connection, replies: Iterator[Reply] | Subscription) -> None:
        try:
            if not self._streams.acquire(blocking=False):
                raise ControlError(f"{MAX_STREAMS} programs are watching already.", "End one of them.")
            try:
                if isinstance(replies, Subscription):
                    self._follow(connection, replies)
                else:
                    for reply in replies:
                        wire.send(connection, wire.item_answer(reply))
            finally:
                self._streams.release()
        finally:
            if isinstance(replies, Subscription):
                replies.close()
        wire.send(connection, wire.encode(wire.Answer(end=True)))

    def _follow(self, connection: Connection, subscription: Subscription) -> None:
        """Send what comes until the client leaves, falls behind, or the server stops."""
        with self._lock:
            self._subscriptions.add(subscription)
        try:
            if self._closing:
                subscription.end()
            while connection not in mpc.wait([connection, subscription.bell]):
                ended = subscription.ended
                for reply in subscription.take():
                    wire.send(connection, wire.item_answer(reply))
                if subscription.overrun:
                    raise ControlError("You read too slowly, and some lines were left out.", "Start watching again.")
                if ended:
                    return
            raise EOFError("the watcher left")
        finally:
            with self._lock:
                self._subscriptions.discard(subscription)


def _identity(address: str) -> tuple[int, int]:
    """What tells our socket file from another put in its place; pipes on Windows have no file."""
    if sys.platform == "win32":
        return (0, 0)
    try:
        found = os.lstat(address)
    except OSError:
        return (0, 0)
    return (found.st_dev, found.st_ino)


def _clear_stale(address: str) -> None:
    """Remove the socket file a killed daemon left, once it is certain that it is ours and that nobody listens.

    Raises:
        AlreadyRunningError: Somebody listens.
        ControlError: Something else is in the way.
    """
    if sys.platform == "win32":
        return  # a pipe is gone with its process
    try:
        found = os.lstat(address)
    except FileNotFoundError:
        return
    if not stat.S_ISSOCK(found.st_mode) or found.st_uid != os.geteuid():
        raise ControlError(
            f"{address} is in the way: it is not a socket of yours.", "Look at what it is, and move it away."
        )
    with socket.socket(socket.AF_UNIX) as line:
        line.settimeout(HEARING_LIMIT)
        try:
            line.connect(address)
        except ConnectionRefusedError:
            Path(address).unlink(missing_ok=True)
            return
    raise AlreadyRunningError(f"Another daemon answers at {address}.", "Stop it with: gamedetectd stop")

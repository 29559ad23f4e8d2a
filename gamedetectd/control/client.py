"""The command line's end of the control channel."""

from __future__ import annotations

import multiprocessing.connection as mpc
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, cast

from gamedetectd.control import access, wire
from gamedetectd.errors import ControlError, NotRunningError
from gamedetectd.interfaces import Reply
from gamedetectd.observability.correlation import current_id, inherited_id
from gamedetectd.paths import Paths

if TYPE_CHECKING:
    from gamedetectd.control.wire import Connection

TIMEOUT = 5.0
"""Seconds the daemon has to answer."""


class Client:
    """Asks the daemon of these paths; every request is a connection of its own."""

    def __init__(self, paths: Paths, timeout: float = TIMEOUT) -> None:
        self._paths = paths
        self._timeout = timeout

    def request(self, command: str, /, **arguments: object) -> Reply:
        """The daemon's reply to one command.

        Raises:
            NotRunningError: There is no daemon.
            ControlError: It refused, or did not answer in time.
            GamedetectdError: What the command itself raised in the daemon.
        """
        with self._ask(command, arguments) as connection:
            answer = self._hear(connection)
            if answer.reply is None:
                raise ControlError("The daemon sent no reply.", "Command and daemon may be of different versions.")
            return answer.reply

    def stream(self, command: str, /, **arguments: object) -> Iterator[Reply]:
        """The daemon's replies as they come, until the daemon ends them or the iterator is closed.

        Raises:
            NotRunningError: There is no daemon, or it ended meanwhile.
            ControlError: It refused, or we read too slowly.
        """
        with self._ask(command, arguments) as connection:
            while True:
                while not connection.poll(self._timeout):
                    pass  # between two events any time may pass
                answer = self._hear(connection)
                if answer.end:
                    return
                if answer.item is not None:
                    yield answer.item

    @contextmanager
    def _ask(self, command: str, arguments: dict[str, object]) -> Iterator[Connection]:
        request = wire.encode(wire.Ask(command, arguments, current_id() or inherited_id()))
        key = access.read_key(self._paths)
        if key is None:
            raise _not_running()
        with _connect(wire.address(self._paths), self._timeout) as connection:
            try:
                access.enter(connection, key, self._timeout)
                wire.send(connection, request, self._timeout)
            except (access.RefusedError, OSError) as error:
                raise ControlError(
                    f"The daemon did not let this command in ({error}).",
                    "Try again; if it stays so, restart the daemon.",
                ) from error
            yield connection

    def _hear(self, connection: Connection) -> wire.Answer:
        try:
            answer = wire.decode_answer(wire.receive(connection, self._timeout))
        except TimeoutError as error:
            raise ControlError(
                f"The daemon did not answer within {self._timeout:g} s.", "See: gamedetectd logs"
            ) from error
        except (OSError, EOFError) as error:
            raise ControlError("The daemon hung up without an answer.", "See: gamedetectd logs") from error
        if answer.error is not None:
            raise wire.error_of(answer.error)
        return answer


def _not_running() -> NotRunningError:
    return NotRunningError("No daemon of yours answers.", "Start it with: gamedetectd run")


if sys.platform == "win32":

    def _connect(address: str, _timeout: float) -> Connection:
        try:
            connection: Connection = cast("Any", mpc.Client(address))
            return connection
        except FileNotFoundError as error:
            raise _not_running() from error
        except OSError as error:
            raise ControlError(f"The daemon cannot be reached ({error}).", "Restart the daemon.") from error

else:

    def _connect(address: str, timeout: float) -> Connection:
        # Not the library's own Client: that one waits for ever for a daemon that is stopped and has a full queue.
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(timeout)
            try:
                line.connect(address)
            except (FileNotFoundError, ConnectionRefusedError) as error:
                raise _not_running() from error
            except OSError as error:
                raise ControlError(f"The daemon cannot be reached ({error}).", "Restart the daemon.") from error
            line.setblocking(True)
            return mpc.Connection(line.detach())

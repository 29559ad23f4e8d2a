"""Hears of every exec and exit on this Linux machine from the kernel's process connector (cn_proc), without asking.

A filter in the kernel lets only three kinds of message through, and of those only what concerns a process's first
thread: exec, exit, and a process renaming itself (Wine does so once it knows which program it runs). Forks and other
threads never wake us. Layouts: linux/netlink.h, linux/connector.h, linux/cn_proc.h, linux/filter.h.
"""

from __future__ import annotations

import ctypes
import errno
import os
import select
import socket
import struct
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

NETLINK_CONNECTOR = 11
CN_IDX_PROC = 1
CN_VAL_PROC = 1
PROC_CN_MCAST_LISTEN = 1
NLMSG_DONE = 3
SO_ATTACH_FILTER = 26
SO_RCVBUFFORCE = 33

EXEC = 0x00000002
COMM = 0x00000200
EXIT = 0x80000000

SUBSCRIBE = struct.Struct("=IHHII IIIIHH I")
"""struct nlmsghdr, struct cn_msg, enum proc_cn_mcast_op."""
WHAT_AT = 36
PID_AT = 52
TGID_AT = 56
MESSAGE = struct.Struct("=36x I 4x Q I I")
"""What happened, when (ns of CLOCK_MONOTONIC), thread and process."""

BUFFER_BYTES = 4_000_000
"""Room for about 5,000 messages between two looks (each takes some 800 bytes of kernel memory)."""
MOST_PER_LOOK = 20_000
"""Messages taken at once, so that a storm cannot hold us for ever."""
PROBE_SECONDS = 0.5


class EventsUnavailableError(OSError):
    """The kernel does not send process events here; the text is a sentence saying why."""


@dataclass(slots=True)
class Batch:
    """What happened since the last look, in a form where only the outcome matters.

    ``begun`` are pids that execed and had not exited again, in order; ``renamed`` those that changed their name;
    ``exits`` maps pids to seconds of CLOCK_MONOTONIC. ``lost`` says that messages were dropped.
    """

    begun: dict[int, None] = field(default_factory=dict)
    renamed: dict[int, None] = field(default_factory=dict)
    exits: dict[int, float] = field(default_factory=dict)
    lost: bool = False

    @property
    def empty(self) -> bool:
        """True if nothing happened."""
        return not (self.begun or self.renamed or self.exits or self.lost)

    def add(self, what: int, pid: int, nanoseconds: int) -> None:
        """Take in one message."""
        if what == EXEC:
            self.begun[pid] = None
        elif what == COMM:
            self.renamed[pid] = None
        elif what == EXIT:
            self.begun.pop(pid, None)
            self.renamed.pop(pid, None)
            self.exits.setdefault(pid, nanoseconds / 1e9)


class ProcessEvents:
    """An open subscription; readable (``fileno``) when something happened."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._buffer = bytearray(1024)

    def fileno(self) -> int:
        """The descriptor for ``select``."""
        return self._connection.fileno()

    def drain(self) -> Batch:
        """Everything that waits to be read; never blocks."""
        batch = Batch()
        receive, buffer, unpack = self._connection.recvfrom_into, self._buffer, MESSAGE.unpack_from
        for _ in range(MOST_PER_LOOK):
            try:
                size, (sender, _group) = receive(buffer)
            except BlockingIOError:
                break
            except OSError as error:
                if error.errno != errno.ENOBUFS:
                    raise
                batch.lost = True
                continue
            if sender == 0 and size >= MESSAGE.size:
                what, nanoseconds, pid, _process = unpack(buffer)
                batch.add(what, pid, nanoseconds)
        return batch

    def close(self) -> None:
        """End the subscription."""
        self._connection.close()


def open_process_events() -> ProcessEvents:
    """Subscribe, and prove that events arrive and carry our own pids.

    They do not in a container: outside the first network namespace nothing arrives, outside the first pid namespace
    the pids are another namespace's. Before Linux 6.6 only root may listen. Raises EventsUnavailableError.
    """
    try:
        connection = _subscribe()
    except EventsUnavailableError:
        raise
    except OSError as error:
        reason = error.strerror or str(error)
        raise EventsUnavailableError(f"The kernel refuses process events to this account ({reason}).") from error
    events = ProcessEvents(connection)
    try:
        _prove(events)
    except OSError:
        events.close()
        raise
    return events


def _subscribe() -> socket.socket:
    if sys.platform == "win32":
        raise EventsUnavailableError("Windows announces programs to administrators only.")
    if sys.platform != "linux":
        raise EventsUnavailableError("Only Linux announces programs.")
    connection = socket.socket(socket.AF_NETLINK, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK, NETLINK_CONNECTOR)
    try:
        _enlarge_buffer(connection)
        _attach_filter(connection)
        connection.bind((0, CN_IDX_PROC))
        connection.send(
            SUBSCRIBE.pack(
                *(SUBSCRIBE.size, NLMSG_DONE, 0, 0, 0),
                *(CN_IDX_PROC, CN_VAL_PROC, 0, 0, 4, 0),
                PROC_CN_MCAST_LISTEN,
            )
        )
    except OSError:
        connection.close()
        raise
    return connection


def _enlarge_buffer(connection: socket.socket) -> None:
    try:
        connection.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, BUFFER_BYTES)
    except PermissionError:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER_BYTES)  # the system's limit applies


def _attach_filter(connection: socket.socket) -> None:
    """Pass exec, comm and exit where thread and process are the same (classic BPF loads words in network order)."""
    load, jump_equal, to_x, equals_x, accept = 0x20, 0x15, 0x07, 0x1D, 0x06
    program = (
        (load, 0, 0, WHAT_AT),
        (jump_equal, 2, 0, socket.htonl(EXIT)),
        (jump_equal, 1, 0, socket.htonl(EXEC)),
        (jump_equal, 0, 5, socket.htonl(COMM)),
        (load, 0, 0, PID_AT),
        (to_x, 0, 0, 0),
        (load, 0, 0, TGID_AT),
        (equals_x, 0, 1, 0),
        (accept, 0, 0, 0xFFFFFFFF),
        (accept, 0, 0, 0),
    )
    code = ctypes.create_string_buffer(b"".join(struct.pack("=HBBI", *line) for line in program))
    connection.setsockopt(socket.SOL_SOCKET, SO_ATTACH_FILTER, struct.pack("@HP", len(program), ctypes.addressof(code)))


def make_noise() -> None:
    """Give ourselves the name we have, of which the kernel tells whoever listens. Raises OSError."""
    comm = Path("/proc/self/comm")
    comm.write_bytes(comm.read_bytes().rstrip(b"\n"))


def _prove(events: ProcessEvents) -> None:
    """Make some noise: the kernel must tell us of it, with the pid we know ourselves by."""
    try:
        make_noise()
    except OSError as error:
        raise EventsUnavailableError("Process events cannot be tried out, because /proc is read-only here.") from error
    until = time.monotonic() + PROBE_SECONDS
    while (left := until - time.monotonic()) > 0:
        if select.select([events], [], [], left)[0] and os.getpid() in events.drain().renamed:
            return
    raise EventsUnavailableError("No process events with our own process ids arrive here, as in a container.")

"""Memory that two processes share, as X servers take it (System V, shmget(2)): a picture comes without being sent."""

from __future__ import annotations

import ctypes
import os
from types import TracebackType
from typing import Self

IPC_PRIVATE, IPC_CREAT, IPC_RMID = 0, 0o1000, 0
NOWHERE = ctypes.c_void_p(-1).value


class SharedMemory:
    """A segment of ``size`` bytes, readable for this account alone. Raises OSError where there is none to be had.

    ``forget`` it as soon as the other side has it too: then it goes with the last process that uses it, however those
    end.
    """

    def __init__(self, size: int) -> None:
        libc = ctypes.CDLL(None, use_errno=True)
        libc.shmget.argtypes = [ctypes.c_int, ctypes.c_size_t, ctypes.c_int]
        libc.shmat.argtypes, libc.shmat.restype = [ctypes.c_int, ctypes.c_void_p, ctypes.c_int], ctypes.c_void_p
        libc.shmdt.argtypes = [ctypes.c_void_p]
        libc.shmctl.argtypes = [ctypes.c_int, ctypes.c_int, ctypes.c_void_p]
        self._libc = libc
        self.size = size
        self.id: int = libc.shmget(IPC_PRIVATE, size, IPC_CREAT | 0o600)
        if self.id < 0:
            raise _failed()
        self._address = libc.shmat(self.id, None, 0)
        if self._address in (None, NOWHERE):
            error = _failed()
            self.forget()
            raise error
        whole = (ctypes.c_char * size).from_address(self._address)
        self.data = memoryview(whole).cast("B")

    def forget(self) -> None:
        """Have the system drop it with its last user."""
        self._libc.shmctl(self.id, IPC_RMID, None)

    def close(self) -> None:
        """Let go of it; nothing may look at ``data`` any more."""
        self.data.release()
        self._libc.shmdt(self._address)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.close()


def _failed() -> OSError:
    number = ctypes.get_errno()
    return OSError(number, os.strerror(number))

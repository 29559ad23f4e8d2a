"""A lock on a file that the kernel keeps for one process, and gives back however that process ends.

Nothing here waits: a lock that somebody else holds is told at once. On Windows locked bytes cannot be read by others,
so the locked one lies far behind whatever the file says.
"""

from __future__ import annotations

import errno
import os
import sys

if sys.platform == "win32":
    import msvcrt

    _LOCKED_AT = 1 << 20

    def lock(descriptor: int) -> bool:
        """Take the lock; False if somebody else holds it. Raises OSError where the file cannot be locked at all."""
        os.lseek(descriptor, _LOCKED_AT, os.SEEK_SET)
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError as error:
            if error.errno in (errno.EBADF, errno.EINVAL):
                raise
            return False  # EACCES on Windows, none at all on Wine
        return True

    def unlock(descriptor: int) -> None:
        """Give the lock back."""
        os.lseek(descriptor, _LOCKED_AT, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def lock(descriptor: int) -> bool:
        """Take the lock; False if somebody else holds it. Raises OSError where the file cannot be locked at all."""
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno in (errno.EACCES, errno.EAGAIN):
                return False
            raise
        return True

    def unlock(descriptor: int) -> None:
        """Give the lock back."""
        fcntl.flock(descriptor, fcntl.LOCK_UN)

"""Linux, libc: prctl.

https://man7.org/linux/man-pages/man2/PR_SET_PDEATHSIG.2const.html
"""

from __future__ import annotations

import ctypes
import os
import sys

PR_SET_PDEATHSIG = 1
PR_SET_NO_NEW_PRIVS = 38

if sys.platform == "linux":

    def die_with_parent(number: int) -> None:
        """Have the kernel send us the signal when the thread that started us ends; raises OSError."""
        _prctl(PR_SET_PDEATHSIG, number)

    def gain_nothing() -> None:
        """No program that we start from now on has more rights than we; raises OSError."""
        _prctl(PR_SET_NO_NEW_PRIVS, 1)

    def _prctl(option: int, value: int) -> None:
        prctl = ctypes.CDLL(None, use_errno=True).prctl
        prctl.argtypes = [ctypes.c_int, *[ctypes.c_ulong] * 4]
        prctl.restype = ctypes.c_int
        if prctl(option, value, 0, 0, 0) != 0:
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number), "prctl")

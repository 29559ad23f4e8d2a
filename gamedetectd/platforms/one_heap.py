"""Keeps the C library from giving each thread a heap of its own: two dozen that sleep need none, and take 1 MB."""

from __future__ import annotations

import sys

_M_ARENA_MAX = -8
"""From glibc's ``malloc.h``, see https://man7.org/linux/man-pages/man3/mallopt.3.html; other C libraries have none."""


def use_one_heap() -> None:
    """From now on new threads share one heap. Does nothing where the C library knows no such thing."""
    if sys.platform == "linux":
        import ctypes

        mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
        if mallopt is not None:
            mallopt(_M_ARENA_MAX, 1)

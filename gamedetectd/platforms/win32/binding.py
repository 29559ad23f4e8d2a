"""How a function of a DLL becomes one of Python's: its types are always said, its error is kept for the caller.

Each library is loaded by us alone (``ctypes.windll`` is shared, and others set types on it), and only when it is used.
"""

from __future__ import annotations

import ctypes
import functools
import sys
from collections.abc import Callable
from typing import Any

if sys.platform == "win32":

    @functools.cache
    def function(library: str, name: str, result: Any, *arguments: Any) -> Callable[..., Any]:
        """A function with its types; raises OSError where this Windows lacks the library or the function."""
        try:
            found = getattr(_library(library), name)
        except AttributeError as error:
            raise OSError(f"{library}.dll has no {name} here") from error
        found.restype, found.argtypes = result, arguments
        return found  # type: ignore[no-any-return]

    def failed() -> OSError:
        """The error of the call before, in this thread."""
        return ctypes.WinError(ctypes.get_last_error())

    @functools.cache
    def _library(name: str) -> ctypes.WinDLL:
        return ctypes.WinDLL(name, use_last_error=True)

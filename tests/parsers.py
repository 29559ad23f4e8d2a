"""Every parser of files that others write: bytes in, and nothing but the declared errors out.

A parser added here is run on hostile input by ``security/test_fuzz_parsers.py``.
"""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Parser:
    """``run`` takes the whole file; ``errors`` are the only exceptions it may raise; ``seeds`` are good beginnings."""

    run: Callable[[bytes], object]
    errors: tuple[type[Exception], ...] = ()
    seeds: tuple[bytes, ...] = (b"",)


PARSERS: dict[str, Parser] = {}

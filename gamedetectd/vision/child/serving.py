"""What every child of vision does: reads a request a line, answers with labels and numbers, ends with its input."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from typing import BinaryIO, TypeVar

from gamedetectd.errors import GamedetectdError, VisionError
from gamedetectd.vision import wire

Asked = TypeVar("Asked")


def serve(read: Callable[[bytes], Asked], answers: Callable[[Asked], Iterator[wire.Told]]) -> None:
    """Answer until the input ends; nothing but answers gets onto the output, whatever a library prints.

    ``read`` raises ValueError for what is no request, ``answers`` GamedetectdError.
    """
    with os.fdopen(os.dup(sys.stdout.fileno()), "wb") as told:
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
        for line in sys.stdin.buffer:
            try:
                for answer in answers(read(line)):
                    _tell(told, answer)
                _tell(told, wire.Done())
            except GamedetectdError as error:
                _tell(told, wire.Failed(error.code, error.cause, error.remedy))
            except ValueError as error:
                _tell(told, wire.Failed(VisionError.code, f"The request is none: {error}.", "Report this."))


def _tell(told: BinaryIO, answer: wire.Answer) -> None:
    told.write(wire.line(answer))
    told.flush()

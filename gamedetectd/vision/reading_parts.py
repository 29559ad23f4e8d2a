"""Whether all that reading title screens stands on is installed; loads none of it."""

from __future__ import annotations

import sys

from gamedetectd.errors import ReadingMissingError
from gamedetectd.platforms.own_program import shell_word
from gamedetectd.vision import model_files

MODULES = {"rapidocr": "rapidocr", "rapidfuzz": "rapidfuzz", "cv2": "opencv-python-headless"}
"""What the child imports besides what looking needs, and the distribution that has it: the extra ``ocr``."""

_EXTRA = "gamedetectd[ocr]"


def insist_on_parts() -> None:
    """Raises ReadingMissingError where something is not installed, with the command that installs it."""
    if getattr(sys, "frozen", False):
        raise ReadingMissingError(
            "This package comes without what reads title screens; all else works.",
            f"Install gamedetectd with pip for it: pip install {shell_word(_EXTRA)}",
        )
    missing = model_files.missing_of({**model_files.MODULES, **MODULES})
    if missing:
        verb = "is" if len(missing) == 1 else "are"
        raise ReadingMissingError(
            f"{' and '.join(missing)} {verb} missing; without, title screens are not read and all else works.",
            f"Install what is missing: {shell_word(sys.executable)} -m pip install {shell_word(_EXTRA)}",
        )


def missing_reason() -> str | None:
    """Why title screens cannot be read with this installation, and what to do, in sentences; None if they can."""
    try:
        insist_on_parts()
    except ReadingMissingError as error:
        return f"{error.cause} {error.remedy}"
    return None

"""Looking at the screen and reading title screens: are the parts there, and the models those that were measured."""

from __future__ import annotations

from gamedetectd.app.doctor.findings import (
    TITLE_SCREENS_MISSING,
    VISION_MISSING,
    VISION_MODEL_DAMAGED,
    VISION_MODEL_MISSING,
    Trouble,
)
from gamedetectd.config import Settings
from gamedetectd.control.doctor_shapes import CapabilityRow
from gamedetectd.errors import (
    GamedetectdError,
    ModelDamagedError,
    ModelShapeError,
    ReadingMissingError,
    VisionMissingError,
)

PURPOSE = "looking at the screen"
MECHANISM = "models of its own, in a process of its own"
READING = "reading title screens"
READ_BY = "rapidocr, in a process of its own"


def vision(settings: Settings) -> tuple[list[CapabilityRow], list[Trouble]]:
    """A row for looking and one for reading, and what is wrong where they are switched on; nothing is loaded."""
    rows, troubles = _looking(settings)
    row, more = _reading(settings)
    return [*rows, row], [*troubles, *more]


def _reading(settings: Settings) -> tuple[CapabilityRow, list[Trouble]]:
    from gamedetectd.vision.reading_parts import insist_on_parts

    wanted = settings.vision.enabled and settings.vision.read_titles
    try:
        insist_on_parts()
    except ReadingMissingError as error:
        told = [Trouble(TITLE_SCREENS_MISSING, error.cause, error.remedy)] if wanted else []
        return CapabilityRow(READING, READ_BY, "unsupported", f"{error.cause} {error.remedy}"), told
    off = "Switched off in the settings: gamedetectd vision on --read-titles"
    return CapabilityRow(READING, READ_BY, "available" if wanted else "off", "" if wanted else off), []


def _looking(settings: Settings) -> tuple[list[CapabilityRow], list[Trouble]]:
    """The models are read, and nothing of them is loaded."""
    wanted = settings.vision.enabled
    trouble = _trouble()
    if trouble is not None:
        told = [Trouble(*trouble)] if wanted else []
        return [CapabilityRow(PURPOSE, MECHANISM, "unsupported", " ".join(trouble[1:]))], told
    off = "Switched off in the settings: gamedetectd vision on"
    return [CapabilityRow(PURPOSE, MECHANISM, "available" if wanted else "off", "" if wanted else off)], []


def _trouble() -> tuple[str, str, str] | None:
    """Code, cause and remedy of what is not there or not as it was made."""
    from gamedetectd.vision.child.models import verified
    from gamedetectd.vision.model_files import insist_on_parts, models

    try:
        insist_on_parts()
        verified(models())
    except VisionMissingError as error:
        return VISION_MISSING, error.cause, error.remedy
    except (ModelDamagedError, ModelShapeError) as error:
        return VISION_MODEL_DAMAGED, error.cause, error.remedy
    except GamedetectdError as error:
        return VISION_MODEL_MISSING, error.cause, error.remedy
    return None

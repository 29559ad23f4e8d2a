"""Looking at the screen: whether its parts are installed and its models are those that were measured."""

from __future__ import annotations

from gamedetectd.app.doctor.findings import VISION_MISSING, VISION_MODEL_DAMAGED, VISION_MODEL_MISSING, Trouble
from gamedetectd.config import Settings
from gamedetectd.control.doctor_shapes import CapabilityRow
from gamedetectd.errors import GamedetectdError, ModelDamagedError, ModelShapeError, VisionMissingError

PURPOSE = "looking at the screen"
MECHANISM = "models of its own, in a process of its own"


def vision(settings: Settings) -> tuple[list[CapabilityRow], list[Trouble]]:
    """One row, and what is wrong where looking is switched on; the models are read, and nothing of them is loaded."""
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

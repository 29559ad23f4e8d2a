"""The real child with the real models, for tests: where the extra ``vision`` is not installed, they say so loudly."""

import pytest

from gamedetectd.vision.client import VisionChild, references_file
from gamedetectd.vision.model_files import missing_reason


def insist_on_vision():
    """Skip the test where the eyes are not installed."""
    if reason := missing_reason():
        pytest.skip(f"the eyes are not there: {reason}")


def eyes_for(data, **limits):
    """A child that keeps its references below ``data``."""
    insist_on_vision()
    return VisionChild(references_file(data), patience=60.0, **limits)

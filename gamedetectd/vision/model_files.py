"""Where the models are, and whether all that looking at the screen stands on is installed; loads none of it."""

from __future__ import annotations

import importlib.util
import os
import sys
import sysconfig
from collections.abc import Iterator, Mapping
from pathlib import Path

from gamedetectd.errors import ModelMissingError, VisionMissingError
from gamedetectd.paths import MODELS_VARIABLE
from gamedetectd.platforms.own_program import shell_word

VARIABLE = MODELS_VARIABLE
MANIFEST = "manifest.toml"
SHARE = Path("share", "gamedetectd", "models")
"""Where a wheel puts them, below the environment's own directory."""
MODULES = {"numpy": "numpy", "onnxruntime": "onnxruntime"}
"""What the child imports, and the distribution that has it. All are in the extra ``vision``."""
_EXTRA = "gamedetectd[vision]"
PROGRAM = "gamedetectd-vision"
"""The frozen program that looks; it lies beside the daemon's, where the package brings it."""


def models(environment: Mapping[str, str] = os.environ) -> Path:
    """The directory of the models. Raises ModelMissingError where there is none."""
    if wanted := environment.get(VARIABLE):
        return Path(wanted).expanduser().absolute()
    for place in _places():
        if (place / MANIFEST).is_file():
            return place
    raise ModelMissingError("The models are not installed with this program.", _again())


def program() -> str:
    """The frozen program that looks; empty where we are not frozen. Raises VisionMissingError where it is not there."""
    if not getattr(sys, "frozen", False):
        return ""
    beside = Path(sys.executable).with_name(PROGRAM + (".exe" if sys.platform == "win32" else ""))
    if not beside.is_file():
        raise VisionMissingError(
            f"This package comes without the program that looks, {beside.name}.",
            "Install the package that has it; without it, everything else works.",
        )
    return str(beside)


def insist_on_parts() -> None:
    """Raises VisionMissingError where something is not installed, with the command that installs it."""
    if program():
        return  # it brings its own
    missing = missing_of(MODULES)
    if missing:
        verb = "is" if len(missing) == 1 else "are"
        raise VisionMissingError(
            f"{' and '.join(missing)} {verb} missing; without, the screen is not looked at and all else works.",
            f"Install what is missing: {shell_word(sys.executable)} -m pip install {shell_word(_EXTRA)}",
        )


def missing_of(modules: Mapping[str, str]) -> list[str]:
    """The distributions of those modules that are not there; none of them is loaded."""
    return [distribution for module, distribution in modules.items() if not _there(module)]


def missing_reason() -> str | None:
    """Why the screen cannot be looked at with this installation, and what to do, in sentences; None if it can."""
    try:
        insist_on_parts()
        models()
    except (VisionMissingError, ModelMissingError) as error:
        return f"{error.cause} {error.remedy}"
    return None


def _places() -> Iterator[Path]:
    """Where they may be: frozen in, in the source tree, in the environment, or beside where pip was told to install."""
    if frozen := getattr(sys, "_MEIPASS", ""):
        yield Path(frozen) / "models"
        return
    above = Path(__file__).resolve().parents[2]
    if (above / "pyproject.toml").is_file():
        yield above / "models"
    yield Path(sysconfig.get_path("data")) / SHARE
    yield Path(sysconfig.get_path("data", sysconfig.get_preferred_scheme("user"))) / SHARE
    yield above / SHARE


def _there(module: str) -> bool:
    try:
        return importlib.util.find_spec(module) is not None
    except (ModuleNotFoundError, ValueError):
        return False


def _again() -> str:
    if getattr(sys, "frozen", False):
        return "Install gamedetectd again, from the package it came in."
    return f"Install it again: {shell_word(sys.executable)} -m pip install --force-reinstall {shell_word(_EXTRA)}"

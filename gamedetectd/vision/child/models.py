"""The files of the models are what they were when they were measured, or they are not used."""

from __future__ import annotations

import hashlib
import tomllib
from pathlib import Path

from gamedetectd.errors import ModelDamagedError, ModelMissingError, ModelShapeError

MANIFEST = "manifest.toml"
NEEDED = ("features.onnx", "heads.npz")
FORMAT = 1
"""Of the manifest and of what is in the files: another number means that they belong to another version."""
_AGAIN = "Install gamedetectd again."


def verified(models: Path) -> dict[str, bytes]:
    """What is in each needed file, by its name, all of the sha256 that the manifest says.

    Raises ModelMissingError, ModelDamagedError, ModelShapeError (the manifest is of another format).
    """
    rows = _rows(_content(models / MANIFEST))
    files = {}
    for name in NEEDED:
        content = _content(models / name)
        if hashlib.sha256(content).hexdigest() != rows.get(name):
            raise ModelDamagedError(f"{name} is not the file that {MANIFEST} names.", _AGAIN)
        files[name] = content
    return files


def _rows(text: bytes) -> dict[str, str]:
    """File to sha256."""
    try:
        manifest = tomllib.loads(text.decode())
        kind = manifest["format"]
        rows = {str(row["file"]): str(row["sha256"]) for row in manifest["model"]}
    except (ValueError, KeyError, TypeError) as error:
        raise ModelDamagedError(f"{MANIFEST} cannot be understood: {error}.", _AGAIN) from error
    if kind != FORMAT:
        raise ModelShapeError(f"{MANIFEST} has the format {kind}, this version reads {FORMAT}.", _AGAIN)
    return rows


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise ModelMissingError(f"{path} is not there.", _AGAIN) from error
    except OSError as error:
        raise ModelMissingError(f"{path} cannot be read: {error}.", _AGAIN) from error

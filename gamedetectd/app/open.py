"""Opens places of ours on the desktop, for the tray's menu and the command ``open``."""

from __future__ import annotations

from gamedetectd.config import template
from gamedetectd.errors import SettingsError
from gamedetectd.paths import Paths
from gamedetectd.platforms.opening import open_path
from gamedetectd.platforms.permissions import ensure_private_dir, write_private_atomic


def open_settings(paths: Paths) -> None:
    """Open the settings file; where there is none yet, one that explains every option and changes nothing.

    Raises OpenError, or SettingsError where it cannot be made.
    """
    try:
        if not paths.settings_file.exists():
            ensure_private_dir(paths.config)
            write_private_atomic(paths.settings_file, template().encode())
    except OSError as error:
        raise SettingsError(
            f"{paths.settings_file} cannot be written: {error.strerror}.", "Look at that directory."
        ) from error
    open_path(paths.settings_file)

"""The environment variables that detection can use; all others may be secrets and are not kept."""

from __future__ import annotations

import re

NAMES = (
    # Steam and Proton
    "SteamAppId",
    "SteamGameId",
    "SteamOverlayGameId",
    "STEAM_COMPAT_APP_ID",
    "STEAM_COMPAT_DATA_PATH",
    "STEAM_COMPAT_INSTALL_PATH",
    "STEAM_COMPAT_CLIENT_INSTALL_PATH",
    "WINEPREFIX",
    # umu, the launcher of Proton outside Steam
    "UMU_ID",
    "GAMEID",
    "STORE",
    # Heroic
    "HEROIC_APP_NAME",
    "HEROIC_APP_RUNNER",
    "HEROIC_APP_SOURCE",
    # Lutris
    "LUTRIS_GAME_UUID",
    "GAME_NAME",
    "GAME_DIRECTORY",
    # packages and sandboxes
    "FLATPAK_ID",
    "SNAP_NAME",
    "APPIMAGE",
    "container",
    # how it was started
    "GIO_LAUNCHED_DESKTOP_FILE",
    "GIO_LAUNCHED_DESKTOP_FILE_PID",
    "GAMEMODERUNEXEC",
    "GAMESCOPE_WAYLAND_DISPLAY",
    "MANGOHUD",
)
"""Names as programs set them, case and all."""

LONGEST_VALUE = 4096
"""Bytes of a value that are kept: the longest path Linux accepts."""

WANTED = re.compile(
    rb"(?:\A|\0)(" + b"|".join(re.escape(name.encode()) for name in NAMES) + rb")=([^\0]{0,%d})" % LONGEST_VALUE
)
"""Finds the wanted variables in an environment as the kernel keeps it: ``NAME=value`` parted by NUL bytes."""

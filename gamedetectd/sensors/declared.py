"""How far the sensors were tried that need no backend of a system's; see ``platforms/capability.py``."""

from __future__ import annotations

from gamedetectd.platforms.capability import LINUX, MACOS, WINDOWS, Capability, Purpose, Verified

STEAM_LOG = "Steam's process log"
GAMEMODE = "GameMode on the session bus"
_LOG = "`logs/gameprocess_log.txt` of Steam"

DECLARED = (
    Capability(Purpose.STORE_SIGNALS, LINUX, _LOG, Verified.RECORDED, STEAM_LOG, "lines as Steam's users quote them"),
    Capability(Purpose.STORE_SIGNALS, WINDOWS, _LOG, Verified.RECORDED, STEAM_LOG),
    Capability(Purpose.STORE_SIGNALS, MACOS, _LOG, Verified.RECORDED, STEAM_LOG),
    Capability(
        Purpose.STORE_SIGNALS,
        LINUX,
        "com.feralinteractive.GameMode",
        Verified.RECORDED,
        GAMEMODE,
        "a service of the tests' own on a real bus",
    ),
)

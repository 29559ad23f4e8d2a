"""What ``gamedetectd.app`` says of itself, in its ``Info.plist``. Read by ``pyinstaller.spec``.

Keys: https://developer.apple.com/documentation/bundleresources/information-property-list
"""

from __future__ import annotations

from pathlib import Path

IDENTIFIER = "io.github.gamedetectd"
"""Also the label of the LaunchAgent; what the person allows in the system settings is kept under it."""
OLDEST_SYSTEM = "11.0"
"""The first for both kinds of processor, and the oldest that the Python we bundle runs on."""
ENTITLEMENTS = Path(__file__).with_name("entitlements.plist")


def info_plist(version: str) -> dict[str, object]:
    """Everything that PyInstaller does not write by itself, or writes otherwise."""
    return {
        "CFBundleDisplayName": "gamedetectd",
        "CFBundleVersion": version,
        "CFBundleDevelopmentRegion": "en",
        "CFBundleLocalizations": ["en", "de"],
        "LSApplicationCategoryType": "public.app-category.utilities",
        "LSMinimumSystemVersion": OLDEST_SYSTEM,
        "LSUIElement": True,  # an icon in the menu bar, none in the Dock
        "LSBackgroundOnly": False,  # PyInstaller would say so of a program that also has a command line
        "NSHighResolutionCapable": True,
        "NSSupportsAutomaticTermination": False,
        "NSSupportsSuddenTermination": False,  # running sessions are written down at the end
        "NSHumanReadableCopyright": "© 2026 The gamedetectd authors. MIT licence.",
    }

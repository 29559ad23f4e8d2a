"""Games that come with an operating system and lie among its own files."""

from __future__ import annotations

from collections.abc import Mapping

from gamedetectd.detection import paths
from gamedetectd.domain import System

_WINDOWS: Mapping[str, str] = {
    "winemine": "WineMine",
    "winmine": "Minesweeper",
    "sol": "Solitaire",
    "freecell": "FreeCell",
    "spider": "Spider Solitaire",
    "mshearts": "Hearts",
    "pinball": "3D Pinball for Windows - Space Cadet",
    "chess": "Chess Titans",
    "solitaire": "Solitaire",
    "minesweeper": "Minesweeper",
    "spidersolitaire": "Spider Solitaire",
    "hearts": "Hearts",
    "mahjong": "Mahjong Titans",
    "purbleplace": "Purble Place",
    "inkball": "InkBall",
}
_MAC: Mapping[str, str] = {"chess": "Chess"}
_WINDOWS_PLACES = ("/windows/", "/microsoft games/", "/windows nt/pinball")


def builtin_game(key: str, path: str, system: System) -> str:
    """The title of the game that the system ships under this name and place, or ""; Wine counts as Windows."""
    folded = paths.folded(path, ignore_case=True)
    if system is System.MACOS and folded.startswith("/system/applications/"):
        return _MAC.get(key, "")
    if key == "winemine" or any(place in folded for place in _WINDOWS_PLACES):
        return _WINDOWS.get(key, "") if folded.endswith(".exe") else ""
    return ""

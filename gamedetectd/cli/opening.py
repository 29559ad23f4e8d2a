"""``gamedetectd open``: shows places of ours, or a game's folder, on the desktop."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from gamedetectd.domain import Session
    from gamedetectd.paths import Paths


class Place(StrEnum):
    """What can be opened."""

    LOGS = "logs"
    SETTINGS = "settings"
    FOLDER = "folder"


def open_(
    place: Annotated[Place, typer.Argument(help="The folder with the logs, the settings file, or a game's folder.")],
    game: Annotated[
        str | None, typer.Argument(metavar="[TITLE|ID]", help="Which game's folder; the one played last by default.")
    ] = None,
) -> None:
    """Open the log folder, the settings file or a game's folder with the desktop's own programs.

    A settings file that is not there yet is made; it explains every option and changes nothing.

    - `gamedetectd open logs`
    - `gamedetectd open settings`
    - `gamedetectd open folder "SuperTux 2"`
    """
    from gamedetectd.app.open import open_settings
    from gamedetectd.paths import Paths
    from gamedetectd.platforms.opening import open_folder, open_path

    paths = Paths.resolve()
    if place is Place.LOGS:
        open_path(paths.log)
    elif place is Place.SETTINGS:
        open_settings(paths)
    else:
        open_folder(_folder(paths, game))


def _folder(paths: Paths, game: str | None) -> Path:
    """Raises NotFoundError where there is no such game, or it has no folder of its own."""
    from gamedetectd.control.wire import printable
    from gamedetectd.errors import NotFoundError
    from gamedetectd.sessions.reader import HistoryReader

    with HistoryReader.open(paths.history_file) as history:
        found: tuple[Session, ...] = history.sessions(None, None, 1, None if game is None else str(printable(game)))
    if not found:
        raise NotFoundError("No such game was played.", "`gamedetectd sessions` lists those that were.")
    if not found[0].game.install_dir:
        raise NotFoundError(f"{found[0].game.title} has no folder of its own.", "Its program lies among others.")
    return Path(found[0].game.install_dir)

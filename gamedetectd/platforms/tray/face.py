"""What an icon in the tray looks like and what it says, apart from how a system shows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from PIL.Image import Image


@dataclass(frozen=True, slots=True)
class Face:
    """One look of the icon: RGBA images of growing size (square, in px) and the words for who cannot see them."""

    name: str
    images: tuple[Image, ...]
    description: str
    urgent: bool = False

    def nearest(self, size: int) -> Image:
        """The image drawn for ``size`` px, or the next larger one."""
        return next((image for image in self.images if image.width >= size), self.images[-1])


@dataclass(frozen=True, slots=True)
class Hidden:
    """Why there is no icon, in a sentence. ``extension``: GNOME shows none without an extension."""

    why: str
    extension: bool = False


class TrayIcon(Protocol):
    """What the program needs of an icon, whichever system shows it. All but ``wake`` is for the icon's own thread."""

    title: str
    """The tooltip."""

    def show(self, face: Face) -> None:
        """Look like this from now on."""
        ...

    def update_menu(self) -> None:
        """The menu's items are others now."""
        ...

    def run(self) -> None:
        """Show the icon until the worker's stop is set, and call ``refresh`` after each ``wake``."""
        ...

    def wake(self) -> None:
        """For any thread: something changed, or it is time to end."""
        ...

    def notify(self, message: str, title: str | None = None) -> None:
        """Tell something in a bubble; from any thread."""
        ...

    def hidden(self) -> Hidden | None:
        """Why nobody can see the icon, or None."""
        ...

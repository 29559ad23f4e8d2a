"""A menu of our own on X11, for trays that embed windows: they have no way to show a program's menu.

It is drawn by pillow into one window that holds the pointer and the keyboard while it is open. A submenu takes the
menu's place; its first row leads back.
"""

from __future__ import annotations

import logging
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from Xlib import XK, X

from gamedetectd.platforms.children.environment import child_environment

log = logging.getLogger(__name__)

SIZE = 13
"""Height of the letters in px."""
ROW, RULE, MARGIN, GUTTER = 24, 9, 10, 22
"""Heights of a row and of a line between rows, and the space beside the text, in px."""
WIDEST = 520
GROUND, INK, FAINT, LIT = (250, 250, 250), (25, 25, 25), (120, 120, 120), (53, 132, 228)
BACK = "\u2039"
MORE = "\u203a"
MASK = X.ExposureMask | X.KeyPressMask | X.ButtonReleaseMask | X.ButtonPressMask | X.PointerMotionMask


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the menu; ``item`` is None for a line between items and for the way back."""

    text: str
    item: Any = None
    back: bool = False
    mark: str = ""
    enabled: bool = True
    more: bool = False

    @property
    def height(self) -> int:
        """In px."""
        return ROW if self.text else RULE

    @property
    def usable(self) -> bool:
        """True if a click does something."""
        return bool(self.text) and self.enabled


class PopupMenu:
    """An open menu. Hand it every event by ``takes`` until it is ``closed``; ``chosen`` is the item clicked."""

    def __init__(self, display: Any, menu: Any, place: tuple[int, int]) -> None:
        self.closed = False
        self.chosen: Any = None
        self._display = display
        self._place = place
        self._above: list[Any] = []
        self._menu = menu
        self._rows: Sequence[Row] = ()
        self._lit = -1
        screen = display.screen()
        self._screen = (screen.width_in_pixels, screen.height_in_pixels)
        self._window = screen.root.create_window(
            0, 0, 10, 10, 1, screen.root_depth, X.InputOutput, X.CopyFromParent,
            override_redirect=True, event_mask=MASK, background_pixel=screen.white_pixel,
        )  # fmt: skip
        self._window.set_wm_name("gamedetectd menu")
        self._gc = self._window.create_gc()
        self._fill(menu)
        self._window.map()
        held = self._window.grab_pointer(
            False, X.ButtonPressMask | X.ButtonReleaseMask | X.PointerMotionMask, X.GrabModeAsync, X.GrabModeAsync,
            X.NONE, X.NONE, X.CurrentTime,
        )  # fmt: skip
        self._window.grab_keyboard(False, X.GrabModeAsync, X.GrabModeAsync, X.CurrentTime)
        if held != X.GrabSuccess:  # somebody else holds the pointer: a click elsewhere could never close it
            self._close()
        display.flush()

    def takes(self, event: Any) -> bool:
        """Act on an event of ours; False if it is another window's."""
        if getattr(getattr(event, "window", None), "id", None) != self._window.id:
            return False
        if event.type == X.Expose:
            self._draw()
        elif event.type == X.MotionNotify:
            self._light(self._at(event.event_x, event.event_y))
        elif event.type == X.ButtonPress and not self._inside(event.event_x, event.event_y):
            self._close()
        elif event.type == X.ButtonRelease and self._inside(event.event_x, event.event_y):
            self._choose(self._at(event.event_x, event.event_y))
        elif event.type == X.KeyPress:
            self._key(self._display.keycode_to_keysym(event.detail, 0))
        self._display.flush()
        return True

    def _fill(self, menu: Any) -> None:
        """Show the rows of this menu or submenu, on the screen as a whole."""
        self._menu = menu
        self._rows = [*([Row(BACK, back=True)] if self._above else []), *(_row(item) for item in menu)]
        self._lit = -1
        font = _font()
        width = max((int(font.getlength(row.text)) for row in self._rows), default=0)
        self._width = min(WIDEST, width + 2 * (MARGIN + GUTTER))
        self._height = sum(row.height for row in self._rows) + 8
        x = max(0, min(self._place[0], self._screen[0] - self._width - 2))
        y = self._place[1] if self._place[1] + self._height < self._screen[1] else self._place[1] - self._height
        self._window.configure(x=x, y=max(0, y), width=self._width, height=self._height, stack_mode=X.Above)
        self._draw()

    def _draw(self) -> None:
        from PIL import Image, ImageDraw

        picture = Image.new("RGB", (self._width, self._height), GROUND)
        pen, font, y = ImageDraw.Draw(picture), _font(), 4
        for number, row in enumerate(self._rows):
            if not row.text:
                pen.line((MARGIN, y + RULE // 2, self._width - MARGIN, y + RULE // 2), (210, 210, 210))
            else:
                lit = number == self._lit and row.usable
                if lit:
                    pen.rectangle((2, y, self._width - 3, y + ROW - 1), LIT)
                ink = (255, 255, 255) if lit else INK if row.enabled else FAINT
                pen.text((MARGIN, y + ROW // 2), row.mark, ink, font, anchor="lm")
                pen.text((MARGIN + GUTTER, y + ROW // 2), row.text, ink, font, anchor="lm")
                pen.text((self._width - MARGIN, y + ROW // 2), MORE if row.more else "", ink, font, anchor="rm")
            y += row.height
        picture.tostring = picture.tobytes  # type: ignore[attr-defined] # what python-xlib calls
        self._window.put_pil_image(self._gc, 0, 0, picture)

    def _inside(self, x: int, y: int) -> bool:
        return 0 <= x < self._width and 0 <= y < self._height

    def _at(self, x: int, y: int) -> int:
        """The number of the row there, -1 for none."""
        top = 4
        for number, row in enumerate(self._rows):
            if top <= y < top + row.height:
                return number if self._inside(x, y) and row.usable else -1
            top += row.height
        return -1

    def _light(self, number: int) -> None:
        if number != self._lit:
            self._lit = number
            self._draw()

    def _choose(self, number: int) -> None:
        if number < 0:
            return
        row = self._rows[number]
        if row.back:
            self._fill(self._above.pop())
        elif row.more:
            self._above.append(self._menu)
            self._fill(row.item.submenu)
        else:
            self.chosen = row.item
            self._close()

    def _key(self, keysym: int) -> None:
        usable = [number for number, row in enumerate(self._rows) if row.usable]
        if keysym == XK.XK_Escape or not usable:
            self._close()
        elif keysym in (XK.XK_Down, XK.XK_Up):
            step = 1 if keysym == XK.XK_Down else -1
            now = usable.index(self._lit) if self._lit in usable else (-1 if step > 0 else 0)
            self._light(usable[(now + step) % len(usable)])
        elif keysym in (XK.XK_Return, XK.XK_KP_Enter, XK.XK_space) or (keysym == XK.XK_Right and self._leads_on()):
            self._choose(self._lit)
        elif keysym == XK.XK_Left and self._above:
            self._fill(self._above.pop())

    def _leads_on(self) -> bool:
        return self._lit >= 0 and self._rows[self._lit].more

    def _close(self) -> None:
        self.closed = True
        self._display.ungrab_pointer(X.CurrentTime)
        self._display.ungrab_keyboard(X.CurrentTime)
        self._window.destroy()


def _row(item: Any) -> Row:
    from gamedetectd.platforms.tray.backend import Menu

    if item is Menu.SEPARATOR:
        return Row("")
    checked = item.checked
    mark = ("\u2022" if item.radio else "\u2713") if checked else ""
    text = item.text.replace("__", "\0").replace("_", "").replace("\0", "_")
    return Row(text or " ", item, mark=mark, enabled=bool(item.enabled), more=item.submenu is not None)


@cache
def _font() -> Any:
    """The person's own sans-serif font, or the one that comes with pillow."""
    from PIL import ImageFont

    try:
        asked = subprocess.run(
            ["fc-match", "--format=%{file}", "sans"],
            env=child_environment(),
            capture_output=True,
            text=True,
            timeout=2,
            check=True,
        )
        return ImageFont.truetype(asked.stdout, SIZE)
    except (OSError, subprocess.SubprocessError, ValueError) as error:
        log.debug("no font of the system's: %s", error)
        return ImageFont.load_default(SIZE)

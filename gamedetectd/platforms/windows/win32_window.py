"""What a window of Windows says of itself, read without asking its program: title, class, owner, place."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from gamedetectd.domain import Window
from gamedetectd.platforms.windows.backend import Sighting

APP_FRAME = "ApplicationFrameWindow"
"""The frame around a store app, of another process (ApplicationFrameHost.exe) than the app inside it."""

if sys.platform == "win32":
    from gamedetectd.platforms.win32 import dwmapi, shell32, user32
    from gamedetectd.platforms.windows.geometry import one_line
    from gamedetectd.platforms.windows.win32_shape import Shape, bounds, fills_screen

    def describe(handle: int, *, front: bool = True) -> Sighting | None:
        """Read one window, inside ``user32.real_pixels``; None where it is gone. ``front``: it has the foreground.

        ``pid`` is 0 for a store app that does not show itself in its frame yet.
        """
        outer, inner = user32.bounds(handle), user32.inner_bounds(handle)
        if outer is None or inner is None:
            return None
        class_name = user32.class_name(handle)
        device, area = user32.monitor(handle) or ("", (0, 0, 0, 0))
        shape = Shape(
            outer=bounds(outer),
            inner=bounds(inner),
            monitor=bounds(area),
            class_name=class_name,
            caption=user32.style(handle) & user32.STYLE_CAPTION == user32.STYLE_CAPTION,
            maximised=user32.maximised(handle),
        )
        window = Window(
            handle=handle,
            pid=_app_inside(handle) if class_name == APP_FRAME else user32.owner(handle),
            title=one_line(user32.title(handle)),
            class_name=one_line(class_name),
            fullscreen=fills_screen(shape) or (front and not shape.caption and _has_screen_to_itself()),
            bounds=bounds(dwmapi.frame(handle) or outer),
            monitor=device,
        )
        return Sighting(window, hidden=user32.minimised(handle) or dwmapi.cloaked(handle))

    def listed() -> Iterator[Window]:
        """Every window a person would call one, the minimised too: visible, with a title, no tool's."""
        with user32.real_pixels():
            for handle in user32.top_windows():
                if user32.visible(handle) and not _is_tool(handle) and user32.title(handle):
                    sighting = describe(handle, front=False)
                    if sighting is not None:
                        yield sighting.window

    def listed_foreground() -> Window | None:
        """The one window the foreground sensor would report."""
        with user32.real_pixels():
            handle = user32.foreground()
            sighting = describe(handle) if handle else None
        return None if sighting is None or sighting.hidden else sighting.window

    def _is_tool(handle: int) -> bool:
        return bool(user32.style(handle, user32.GWL_EXSTYLE) & user32.EXSTYLE_TOOL_WINDOW)

    def _app_inside(frame: int) -> int:
        """The process whose window is inside a frame."""
        host = user32.owner(frame)
        owners = map(user32.owner, user32.inner_windows(frame))
        return next((pid for pid in owners if pid not in (0, host)), 0)

    def _has_screen_to_itself() -> bool:
        return shell32.user_state() is shell32.UserState.DIRECT3D

"""Wayland on desktops that show programs whole monitors alone (GNOME, KDE): the window is cut out of the portal's cast.

Only where the person allowed it before (``ask``, for the command ``vision allow``), only the window in front, and only
while nothing lies over it. Nothing here ever brings up a dialog but ``ask``.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing

from gamedetectd.domain import Bounds
from gamedetectd.errors import PermissionsError
from gamedetectd.platforms.capture import cast, cast_tokens, gstreamer
from gamedetectd.platforms.capture.cast import Cast, RefusedError, Stream
from gamedetectd.platforms.capture.cast_leave import Leave
from gamedetectd.platforms.capture.cast_tokens import UnknownTokenError
from gamedetectd.platforms.capture.front import alone, who_tells
from gamedetectd.platforms.capture.gstreamer import Frame
from gamedetectd.platforms.capture.monitors import Monitor, monitors
from gamedetectd.platforms.capture.shown import NotShown, Outcome, Shown, area, bgrx, insist_on_size, overlap, whole

WAY = "what the screen shows where the window is (the portal's screen cast)"
ASK_SECONDS = 120.0
"""How long the person may take to answer the desktop's dialog."""
TRIES, PAUSE = 3, 0.4
"""How often, with how many seconds between, a token is tried that another child of ours may be exchanging just now."""
SKEWED = 0.03
"""By how much of one another the scales of both directions may differ, by rounding."""
_NOT_ALLOWED = f"This desktop shows the screen only to whom you allow it, once: {cast.ALLOW}"


def ask(leave: Leave) -> None:
    """Have the desktop ask the person whether we may see the screen, and keep the answer; nothing is looked at.

    Raises NotShown where it was not allowed or cannot be, and as ``Leave.write`` does.
    """
    gstreamer.program()
    who_tells()
    with closing(Cast.begun("", ASK_SECONDS)) as begun:
        if not begun.token:
            raise NotShown(
                Outcome.DENIED,
                "You allowed it this one time only, and nobody is asked while playing: allow it again, and have it"
                " remembered.",
            )
        if any(stream.source == cast.VIRTUAL for stream in begun.streams):
            cast_tokens.drop(begun.token)
            raise NotShown(
                Outcome.DENIED,
                f"You chose a new virtual output, on which nobody plays: choose a monitor that is there: {cast.ALLOW}",
            )
        leave.write(begun.token)


def give_back(leave: Leave) -> bool:
    """Forget the leave, and have the desktop forget it; True if there was one. Raises as ``Leave.read`` does."""
    token = leave.read()
    if token:
        cast_tokens.drop(token)
    return leave.forget()


class PortalCapture:
    """Shows windows, one after the other, out of one screen cast: it begins with the first, and ends by ``close``."""

    def __init__(self, leave: Leave) -> None:
        self._leave = leave
        self._cast: Cast | None = None

    def show(self, handle: int) -> Shown:
        """The foreground window, which must be this one. Raises NotShown."""
        gstreamer.program()
        window = alone(handle)
        if self._cast is None and not self._token():
            raise NotShown(Outcome.DENIED, _NOT_ALLOWED)
        place = window.bounds or Bounds(0, 0, 0, 0)
        insist_on_size(place.width, place.height)
        running = self._running()
        stream, monitor = showing(place, running.streams)
        with running.remote() as remote:
            picture = gstreamer.frame(remote.fileno(), stream.node)
        if alone(handle).bounds != window.bounds:
            raise NotShown(Outcome.GONE, "The window moved while it was looked at.")
        return cut_out(picture, overlap(place, monitor), monitor)

    def close(self) -> None:
        """End the screen cast."""
        if self._cast is not None:
            self._cast.close()
            self._cast = None

    def _running(self) -> Cast:
        """The screen cast, begun by the token that is kept, which the next one takes the place of."""
        for attempt in range(TRIES):
            if self._cast is not None:
                break
            if attempt:
                time.sleep(PAUSE)
            token = self._token()
            try:
                self._cast = Cast.begun(token, cast.RESTORED_SECONDS)
                self._keep(token, self._cast.token)
            except UnknownTokenError:
                if attempt == TRIES - 1:
                    raise
            except RefusedError:
                self._keep(token, "")
                raise
        assert self._cast is not None  # noqa: S101 - or the last try raised
        return self._cast

    def _token(self) -> str:
        try:
            return self._leave.read()
        except (PermissionsError, OSError) as error:
            raise _unkept(error) from error

    def _keep(self, used: str, token: str) -> None:
        try:
            if token and token != used:
                self._leave.write(token)
            elif not token:
                self._leave.forget(used)
        except (PermissionsError, OSError) as error:
            raise _unkept(error) from error


def _unkept(error: PermissionsError | OSError) -> NotShown:
    why = error.cause if isinstance(error, PermissionsError) else error.strerror or str(error)
    return NotShown(Outcome.CANNOT, f"The leave to see the screen cannot be kept: {why}")


def showing(place: Bounds, streams: tuple[Stream, ...]) -> tuple[Stream, Bounds]:
    """The monitor that shows most of a window, and its bounds on the desktop. Raises NotShown where none does."""
    known = list(zip(streams, _places(streams), strict=True))
    shown = [(stream, there) for stream, there in known if there is not None]
    if not shown:
        raise NotShown(
            Outcome.CANNOT,
            "The desktop's portal does not tell which monitor it shows, as KDE's does not, and several are of one size:"
            f" allow the whole workspace instead: {cast.ALLOW}",
        )
    stream, monitor = max(shown, key=lambda one: area(overlap(place, one[1])))
    seen = area(overlap(place, monitor))
    if not seen and len(shown) == len(known):
        raise NotShown(Outcome.OFF_SCREEN, f"The window is on a monitor that you did not allow: {cast.ALLOW}")
    if 4 * seen < area(place):
        raise NotShown(Outcome.OFF_SCREEN)
    return stream, monitor


def _places(streams: tuple[Stream, ...]) -> Iterator[Bounds | None]:
    """Where each stream's monitor is on the desktop, by the portal's word or by its size; None where that is open."""
    there = () if all(stream.place for stream in streams) else monitors()
    for stream in streams:
        if stream.place is not None or len(there) == 1 == len(streams):
            yield stream.place or there[0].place
            continue
        fitting = {one.place for one in (*there, *_workspace(there)) if stream.size and one.has(stream.size)}
        yield fitting.pop() if len(fitting) == 1 else None


def _workspace(there: tuple[Monitor, ...]) -> Iterator[Monitor]:
    """All monitors as the one that KDE's portal also offers, if there are several."""
    if len(there) > 1:
        left, top = min(one.place.x for one in there), min(one.place.y for one in there)
        right = max(one.place.x + one.place.width for one in there)
        bottom = max(one.place.y + one.place.height for one in there)
        size = (right - left, bottom - top)
        yield Monitor(Bounds(left, top, *size), size)


def cut_out(picture: Frame, part: Bounds, monitor: Bounds) -> Shown:
    """A part of the desktop out of the picture of a whole monitor, which has any number of px to one of the desktop's.

    Raises NotShown.
    """
    across, down = picture.width / monitor.width, picture.height / monitor.height
    if abs(across - down) > SKEWED * down:
        raise NotShown(Outcome.CANNOT, "The screen cast has another shape than the monitor, as of one that is turned.")
    left, top = (round((part.x - monitor.x) * across), round((part.y - monitor.y) * down))
    right = min(picture.width, round((part.x + part.width - monitor.x) * across))
    bottom = min(picture.height, round((part.y + part.height - monitor.y) * down))
    insist_on_size(right - left, bottom - top)
    picture.data.extend(bytes(4 * left))  # so that the last row, begun as far to the right, is a whole one
    data = memoryview(picture.data)[top * picture.stride + 4 * left :]
    return whole(right - left, bottom - top, bgrx(picture.stride), data, WAY)

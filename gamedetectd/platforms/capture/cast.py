"""A screen cast as the desktop's portal gives it: whole monitors as video, to whom the person allowed it once.

The first time the portal shows a dialog; with the token that it gave then it shows none. The pictures come through
PipeWire, and nothing is written to the disk.
https://flatpak.github.io/xdg-desktop-portal/docs/doc-org.freedesktop.portal.ScreenCast.html
"""

from __future__ import annotations

import select
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, Self

from gamedetectd.domain import Bounds
from gamedetectd.errors import BusError
from gamedetectd.platforms.capture import cast_tokens
from gamedetectd.platforms.capture.shown import NotShown, Outcome
from gamedetectd.platforms.dbus.session_bus import BUS, BUS_PATH, SessionBus

PORTAL = "org.freedesktop.portal.Desktop"
PLACE = "/org/freedesktop/portal/desktop"
SCREEN_CAST = "org.freedesktop.portal.ScreenCast"
REQUEST = "org.freedesktop.portal.Request"
SESSION = "org.freedesktop.portal.Session"
REMEMBERS = 4
"""The interface's version from which on it gives tokens."""
MONITOR, VIRTUAL = 1, 4
"""What a stream may show: a monitor that is there, or one that the portal makes for it, on which nobody plays."""
UNTIL_REVOKED = 2
START_SECONDS = 10.0
"""How long the portal may take to be started by the bus."""
STEP_SECONDS = 5.0
"""How long a step takes at most in which nobody is asked."""
RESTORED_SECONDS = 3.0
"""The same of the start with a token. Later than that the portal shows its dialog, which is taken away again."""
ALLOW = "gamedetectd vision allow"
_ENDED = (
    "The desktop ended the screen cast: you stopped it, the screen was locked, or a monitor came or went. It is tried"
    f" again later; to take the leave back: {ALLOW} --revoke"
)


class RefusedError(NotShown):
    """The portal would have asked the person, or the person said no: the token is worth nothing."""


@dataclass(frozen=True, slots=True)
class Stream:
    """One monitor: its node in PipeWire, and where it is on the desktop, as far as the portal says.

    ``size`` without a corner may be in the monitor's own px.
    """

    node: int
    corner: tuple[int, int] | None
    size: tuple[int, int] | None
    source: int = MONITOR

    @property
    def place(self) -> Bounds | None:
        """Its bounds on the desktop."""
        return Bounds(*self.corner, *self.size) if self.corner is not None and self.size is not None else None


class Cast:
    """A running screen cast, from ``begun`` on; ``token`` is for the next one ("" where the portal gives none)."""

    def __init__(self, bus: SessionBus) -> None:
        self._bus = bus
        self._portal = ""
        self._session = ""
        self._answers: dict[str, tuple[int, dict[str, Any]]] = {}
        self._count = 0
        self.streams: tuple[Stream, ...] = ()
        self.token = ""
        self.ended = False

    @classmethod
    def begun(cls, token: str, seconds: float) -> Self:
        """Begin one by a token, or, where there is none, have the person asked; wait ``seconds`` for the answer.

        Raises NotShown, and RefusedError where the token does not do: the dialog is taken away then.
        """
        with _bus_errors():
            cast = cls(SessionBus.open(descriptors=True))
            try:
                cast._begin(token, seconds)
            except BaseException:
                cast.close()
                raise
        return cast

    def remote(self) -> Any:
        """A connection to PipeWire that shows these streams and nothing else, as jeepney's ``FileDescriptor``.

        Raises NotShown.
        """
        with _bus_errors():
            self._hear()
            if self.ended:
                raise NotShown(Outcome.DENIED, _ENDED)
            options: dict[str, Any] = {}
            (file,) = self._call("OpenPipeWireRemote", "oa{sv}", self._session, options)
        return file

    def close(self) -> None:
        """End it."""
        if self._session and not self.ended:
            with suppress(BusError):
                self._bus.tell(PORTAL, self._session, SESSION, "Close")
        self._bus.close()

    def _begin(self, token: str, seconds: float) -> None:
        self._find_portal()
        if token:
            cast_tokens.insist_on_known(self._bus, token)
        names = self._bus.name[1:].replace(".", "_")
        for path in (f"{PLACE}/request/{names}", f"{PLACE}/session/{names}"):
            self._bus.watch(f"type='signal',sender='{PORTAL}',path_namespace='{path}'")
        made = self._ask(STEP_SECONDS, "CreateSession", "a{sv}", session_handle_token=("s", "gamedetectd"))
        self._session = str(_value(made, "session_handle", "s") or _value(made, "session_handle", "o") or "")
        if not self._session.startswith("/"):
            raise NotShown(Outcome.CANNOT, "The desktop's portal began no session.")
        restored = {"restore_token": ("s", token)} if token else {}
        wanted: dict[str, Any] = {
            "types": ("u", MONITOR),
            "multiple": ("b", True),
            "persist_mode": ("u", UNTIL_REVOKED),
        }
        self._ask(STEP_SECONDS, "SelectSources", "oa{sv}", self._session, **wanted, **restored)
        started = self._ask(seconds, "Start", "osa{sv}", self._session, "")
        self.streams = tuple(_streams(_value(started, "streams", "a(ua{sv})")))
        self.token = str(_value(started, "restore_token", "s") or "")
        if not self.streams:
            raise NotShown(Outcome.CANNOT, "The desktop's portal gives a screen cast without a monitor.")

    def _find_portal(self) -> None:
        """Have the portal started where it does not run yet. Raises NotShown where it has no screen casts for us."""
        with suppress(BusError):  # it may run without the bus knowing how to start it
            self._bus.call(BUS, BUS_PATH, BUS, "StartServiceByName", "su", PORTAL, 0, seconds=START_SECONDS)
        try:
            (self._portal,) = self._bus.call(BUS, BUS_PATH, BUS, "GetNameOwner", "s", PORTAL)
        except BusError as error:
            raise NotShown(
                Outcome.CANNOT,
                "This desktop shows the screen by its portal alone, which is not there: install xdg-desktop-portal and"
                " the one of your desktop (xdg-desktop-portal-gnome, -kde).",
            ) from error
        version = self._property("version")
        if version is None or not self._property("AvailableSourceTypes") & MONITOR:
            raise NotShown(
                Outcome.CANNOT,
                "The desktop's portal shows nobody the screen: install the one of your desktop"
                " (xdg-desktop-portal-gnome, -kde), PipeWire and WirePlumber.",
            )
        if version < REMEMBERS:
            raise NotShown(Outcome.CANNOT, "The desktop's portal is too old to remember whom you allow it (1.12 does).")

    def _property(self, name: str) -> Any:
        """A number that the portal tells of itself; None where it has no screen casts."""
        try:
            (answer,) = self._bus.call(
                PORTAL, PLACE, "org.freedesktop.DBus.Properties", "Get", "ss", SCREEN_CAST, name, seconds=STEP_SECONDS
            )
        except BusError:
            return None
        kind, value = answer if isinstance(answer, tuple) and len(answer) == 2 else ("", 0)
        return value if kind == "u" else 0

    def _call(self, method: str, signature: str, *body: Any) -> Any:
        return self._bus.call(PORTAL, PLACE, SCREEN_CAST, method, signature, *body, seconds=STEP_SECONDS)

    def _ask(self, seconds: float, method: str, signature: str, *body: Any, **options: Any) -> dict[str, Any]:
        """Make a request and wait for its response. Raises NotShown, and takes back what was not answered in time."""
        self._count += 1
        token = f"gamedetectd{self._count}"
        until = time.monotonic() + seconds
        (request,) = self._call(method, signature, *body, {"handle_token": ("s", token), **options})
        while request not in self._answers:
            left = until - time.monotonic()
            if self.ended or left <= 0 or not (self._bus.waiting or select.select([self._bus], [], [], left)[0]):
                with suppress(BusError):
                    self._bus.call(PORTAL, request, REQUEST, "Close")
                raise _unanswered(method, ended=self.ended)
            self._hear()
        code, results = self._answers.pop(request)
        if code:
            raise _refused(method, code)
        return results

    def _hear(self) -> None:
        """Take in what the portal said; nobody else is believed."""
        from jeepney import HeaderFields  # type: ignore[import-untyped]

        for signal in self._bus.signals():
            fields = signal.header.fields
            if fields.get(HeaderFields.sender) != self._portal:
                continue
            what = fields.get(HeaderFields.interface), fields.get(HeaderFields.member)
            path = fields.get(HeaderFields.path)
            if what == (REQUEST, "Response") and len(signal.body) == 2:
                self._answers[path] = signal.body
            elif what == (SESSION, "Closed") and path == self._session:
                self.ended = True


def _unanswered(method: str, *, ended: bool) -> NotShown:
    if ended:
        return NotShown(Outcome.DENIED, _ENDED)
    if method == "Start":
        return RefusedError(Outcome.DENIED, f"Nobody answered the desktop's question whether we may see: {ALLOW}")
    return NotShown(Outcome.CANNOT, f"The desktop's portal did not answer in time ({method}).")


def _refused(method: str, code: int) -> NotShown:
    if method == "Start":
        what = "You did not allow it, or no dialog came up." if code == 1 else "The desktop does not allow it."
        return RefusedError(Outcome.DENIED, f"{what} To be asked again: {ALLOW}")
    return NotShown(Outcome.CANNOT, f"The desktop's portal refused ({method}, response {code}).")


def _value(results: dict[str, Any], name: str, kind: str) -> Any:
    """What a result holds, if it is of that type; else None."""
    found = results.get(name)
    return found[1] if isinstance(found, tuple) and len(found) == 2 and found[0] == kind else None


def _streams(told: object) -> Iterator[Stream]:
    """Those that have the form they must have."""
    for one in told if isinstance(told, list) else ():
        node, about = one
        place = _value(about, "position", "(ii)"), _sized(_value(about, "size", "(ii)"))
        yield Stream(int(node), *place, _value(about, "source_type", "u") or MONITOR)


def _sized(size: tuple[int, int] | None) -> tuple[int, int] | None:
    return size if size is not None and min(size) > 0 else None


@contextmanager
def _bus_errors() -> Iterator[None]:
    try:
        yield
    except BusError as error:
        raise NotShown(Outcome.CANNOT, f"The desktop's portal cannot be used: {error.cause}") from error

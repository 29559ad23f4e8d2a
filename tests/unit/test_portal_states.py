"""What the portal says of applications, on a real bus, as documented: shown as a hint, and never believed blindly."""

import json
import sys
from types import MappingProxyType

import pytest
from fake_compositors import Service

from gamedetectd.paths import Paths
from gamedetectd.platforms.windows.portal import SERVICES, application_states

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="a session bus is Linux'")


class FakePortal(Service):
    names = (SERVICES[1],)
    states = MappingProxyType({"net.supertux.SuperTux": ("u", 2), "org.gnome.Calendar": ("u", 0), "com.a.B": ("u", 1)})

    def GetAppState(self, _call):  # noqa: N802 - the service's own name
        return "a{sv}", dict(self.states)


@pytest.fixture
def paths(tmp_path, monkeypatch):
    monkeypatch.setenv("GAMEDETECTD_HOME", str(tmp_path / "home"))
    return Paths.below(tmp_path / "home")


@pytest.fixture
def portal(bus, monkeypatch):
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", bus.address)
    monkeypatch.delenv("DISPLAY", raising=False)
    service = FakePortal(bus)
    yield service
    service.stop()


def test_each_application_has_its_state(portal):
    told = {"com.a.B": "has a window", "net.supertux.SuperTux": "in use", "org.gnome.Calendar": "in the background"}
    assert application_states() == told


def test_desktop_status_shows_them_where_windows_are_not_seen(portal, gd):
    assert json.loads(gd("desktop status --json").out)["applications"]["net.supertux.SuperTux"] == "in use"
    assert "portal:   net.supertux.SuperTux in use (a hint: no process is told)" in gd("desktop status").out


@pytest.mark.parametrize("states", [{}, {"a" * 300: ("u", 1)}, {"a": ("s", "x")}, {"a": ("u", 9)}, {"a": ("i", 1)}])
def test_what_it_must_not_say_is_left_out(portal, states):
    portal.states = states
    assert application_states() == {}


def test_without_portal_or_bus_there_is_nothing(bus, monkeypatch):
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", bus.address)
    assert application_states() == {}
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")
    assert application_states() == {}

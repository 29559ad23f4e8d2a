"""The icon on a real private session bus, asked by a panel of the test's own: every call of both interfaces."""

import sys
import time
from pathlib import Path

import pytest
from real_bus import Bus
from real_programs import eventually

if sys.platform != "linux":
    pytest.skip("the session bus is for Linux", allow_module_level=True)

from real_tray import ITEM, ITEM_PATH, MENU, MENU_PATH, Caller, FakeWatcher, Icon

from gamedetectd.platforms.tray.backend import Menu, MenuItem
from gamedetectd.platforms.tray.face import Face
from gamedetectd.platforms.tray.linux import LinuxIcon
from gamedetectd.views.icons import SIZES, face
from gamedetectd.views.tray_state import IconState
from gamedetectd.worker import Worker

PROPERTIES = "org.freedesktop.DBus.Properties"


class Shown:
    """An icon that runs in a thread of its own, with a menu of the test's; ``change`` is done in that thread."""

    def __init__(self):
        self.items = [
            MenuItem("_Game, 1 min", Menu(MenuItem("Not a game", lambda: self.clicks.append("ignore")))),
            Menu.SEPARATOR,
            MenuItem("On", lambda: self.clicks.append("on"), checked=lambda _item: self.on),
            MenuItem("Off", lambda: self.clicks.append("off"), enabled=False),
        ]
        self.on = False
        self.clicks = []
        self.changes = []
        self.worker = Worker("tray", self._live)
        self.icon = None
        self.worker.start()
        eventually(lambda: self.icon is not None, what="the icon")

    def _live(self, stop):
        icon = LinuxIcon(
            "gamedetectd",
            face(IconState.WATCHING),
            Menu(lambda: self.items),
            stop=stop,
            wake=self.worker.wake,
            refresh=self._refresh,
            clicked=lambda item: item(None),
            settle=0.2,
        )
        self.icon = icon
        icon.run()

    def _refresh(self):
        while self.changes:
            self.changes.pop(0)(self.icon)

    def change(self, function):
        self.changes.append(function)
        self.icon.wake()

    def retitle(self, title):
        self.change(lambda icon: setattr(icon, "title", title))

    def end(self):
        self.worker.stop()
        assert self.worker.join(5.0)
        assert self.worker.restarts == 0, self.worker.last_error


@pytest.fixture
def bus(tmp_path, monkeypatch):
    bus = Bus(tmp_path).start()
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", bus.address)
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "XDG_CURRENT_DESKTOP"):
        monkeypatch.delenv(name, raising=False)
    yield bus
    bus.stop()


@pytest.fixture
def watcher(bus):
    watcher = FakeWatcher(bus.address)
    yield watcher
    watcher.stop()


@pytest.fixture
def shown(bus):
    shown = Shown()
    yield shown
    shown.end()


@pytest.fixture
def icon(bus, watcher, shown):
    caller = Caller(bus.address)
    yield Icon(caller).wait(5)
    caller.close()


def call(icon, path, interface, member, signature=None, *body):
    return icon.caller.call(icon.ours(), path, interface, member, signature, *body)


# --- the item ---


def test_it_says_what_it_is(icon, shown):
    assert {name: icon[name] for name in ("Category", "Id", "Title", "Status", "ItemIsMenu", "Menu")} == {
        "Category": "ApplicationStatus", "Id": "gamedetectd", "Title": "gamedetectd", "Status": "Active",
        "ItemIsMenu": True, "Menu": MENU_PATH,
    }  # fmt: skip
    assert icon["IconAccessibleDesc"] == "Watching for games"
    everything = call(icon, ITEM_PATH, PROPERTIES, "GetAll", "s", ITEM)[0]
    assert {"IconName", "IconPixmap", "AttentionIconPixmap", "OverlayIconPixmap", "ToolTip", "WindowId"} <= set(
        everything
    )
    assert shown.icon.hidden() is None


def test_its_pictures_are_argb_in_network_byte_order_in_every_size(icon):
    pixmaps = icon["IconPixmap"]
    assert [(width, height) for width, height, _ in pixmaps] == [(size, size) for size in SIZES]
    width, height, data = pixmaps[-1]
    assert len(data) == width * height * 4
    (red, green, blue, alpha) = face(IconState.WATCHING).images[-1].getpixel((32, 10))
    place = (10 * width + 32) * 4
    assert tuple(data[place : place + 4]) == (alpha, red, green, blue)


def test_another_look_and_tooltip_are_told(icon, watcher, shown):
    shown.change(lambda one: one.show(face(IconState.ATTENTION)))
    shown.retitle("Portal 2, 1 h 05 min\nA <b> & more")
    eventually(lambda: {"NewIcon", "NewStatus", "NewToolTip"} <= set(watcher.heard(ITEM)), what="the signals")
    assert icon["Status"] == "NeedsAttention"
    assert icon["ToolTip"] == ("", [], "Portal 2, 1 h 05 min", "A &lt;b> &amp; more")
    assert icon["AttentionAccessibleDesc"] == "Needs your attention"
    told = watcher.heard(ITEM).count("NewToolTip")
    shown.retitle("Portal 2, 1 h 05 min\nA <b> & more")
    time.sleep(0.2)
    assert watcher.heard(ITEM).count("NewToolTip") == told, "what is the same is not told again"


def test_clicks_on_the_icon_itself_are_answered(icon):
    for member in ("Activate", "SecondaryActivate", "ContextMenu"):
        assert call(icon, ITEM_PATH, ITEM, member, "ii", 3, 4) == ()
    assert call(icon, ITEM_PATH, ITEM, "Scroll", "is", 1, "vertical") == ()


@pytest.mark.parametrize(
    ("path", "interface", "member", "signature", "body"),
    [
        ("/nowhere", ITEM, "Activate", "ii", (1, 2)),
        (ITEM_PATH, ITEM, "Dance", None, ()),
        (ITEM_PATH, "org.example", "Activate", "ii", (1, 2)),
        (ITEM_PATH, ITEM, "Activate", "s", ("x",)),
        (ITEM_PATH, PROPERTIES, "Get", "ss", (ITEM, "Nothing")),
        (ITEM_PATH, PROPERTIES, "Get", "ss", ("org.example", "Id")),
        (ITEM_PATH, PROPERTIES, "GetAll", "s", ("org.example",)),
        (ITEM_PATH, PROPERTIES, "Set", "ssv", (ITEM, "Id", ("s", "x"))),
        (MENU_PATH, MENU, "GetLayout", "iias", (99, -1, [])),
        (MENU_PATH, MENU, "GetProperty", "is", (1, "colour")),
        (MENU_PATH, MENU, "GetProperty", "is", (99, "label")),
        (MENU_PATH, MENU, "AboutToShow", "i", (99,)),
        (MENU_PATH, MENU, "Event", "isvu", (99, "clicked", ("s", ""), 0)),
        (MENU_PATH, MENU, "EventGroup", "a(isvu)", ([(99, "clicked", ("s", ""), 0)],)),
    ],
)
def test_what_is_wrong_is_refused_and_the_icon_goes_on(icon, path, interface, member, signature, body):
    icon.rows()
    with pytest.raises(LookupError):
        call(icon, path, interface, member, signature, *body)
    assert icon["Id"] == "gamedetectd"


def test_it_describes_itself(icon):
    for path, interface in ((ITEM_PATH, ITEM), (MENU_PATH, MENU)):
        (text,) = call(icon, path, "org.freedesktop.DBus.Introspectable", "Introspect")
        assert f'<interface name="{interface}">' in text
        assert PROPERTIES in text
    assert '<arg type="a(ia{sv})" direction="out"/>' in text
    (root,) = call(icon, "/", "org.freedesktop.DBus.Introspectable", "Introspect")
    assert '<node name="MenuBar"/>' in root
    assert call(icon, ITEM_PATH, "org.freedesktop.DBus.Peer", "Ping") == ()


# --- the menu ---


def test_the_layout_is_the_menu(icon):
    assert icon.labels() == ["Game, 1 min", "Not a game", "", "On", "Off"]
    found = {label: properties for _, label, properties in icon.rows()}
    assert found["Game, 1 min"] == {"label": "_Game, 1 min", "children-display": "submenu"}
    assert found[""] == {"type": "separator"}
    assert found["On"]["toggle-type"] == "checkmark"
    assert found["Off"]["enabled"] is False
    shallow = call(icon, MENU_PATH, MENU, "GetLayout", "iias", 0, 1, ["label"])[1]
    assert all(not child[2] for _, child in shallow[2])
    assert all(set(child[1]) <= {"label"} for _, child in shallow[2])


def test_properties_one_by_one_and_together(icon):
    (item, _, _) = icon.row("Off")
    assert call(icon, MENU_PATH, MENU, "GetProperty", "is", item, "enabled") == (("b", False),)
    assert call(icon, MENU_PATH, MENU, "GetProperty", "is", item, "toggle-state") == (("i", -1),)
    (group,) = call(icon, MENU_PATH, MENU, "GetGroupProperties", "aias", [item, 999], ["label"])
    assert group == [(item, {"label": ("s", "Off")})]
    (everything,) = call(icon, MENU_PATH, MENU, "GetGroupProperties", "aias", [], [])
    assert len(everything) == 6
    assert icon.caller.property(icon.ours(), MENU_PATH, MENU, "Version") == 3


def test_clicks_reach_the_items_and_nothing_else_does(icon, shown):
    icon.click("Not a game")
    icon.click("Off")
    icon.event(icon.row("On")[0], "hovered")
    icon.event(icon.row("Game")[0])
    icon.event(0, "opened")
    item = icon.row("On")[0]
    events = [(item, "clicked", ("s", ""), 0), (99, "clicked", ("s", ""), 0)]
    assert call(icon, MENU_PATH, MENU, "EventGroup", "a(isvu)", events) == ([99],)
    eventually(lambda: shown.clicks == ["ignore", "on"], what="the clicks")


def test_texts_are_made_when_the_menu_opens_and_items_keep_their_ids(icon, watcher, shown):
    before = {label: item for item, label, _ in icon.rows()}
    shown.items[0] = MenuItem("_Game, 2 min", shown.items[0].submenu)
    shown.on = True
    assert call(icon, MENU_PATH, MENU, "AboutToShow", "i", 0) == (False,), "the same items"
    eventually(lambda: "ItemsPropertiesUpdated" in watcher.heard(MENU), what="the changed texts")
    updated, removed = watcher.last(MENU, "ItemsPropertiesUpdated")
    assert dict(updated)[before["Game, 1 min"]] == {"label": ("s", "_Game, 2 min")}
    assert dict(updated)[before["On"]] == {"toggle-state": ("i", 1)}
    assert removed == []
    assert {label: item for item, label, _ in icon.rows()}["On"] == before["On"]


def test_other_items_are_told_as_another_layout(icon, watcher, shown):
    icon.rows()
    revision = call(icon, MENU_PATH, MENU, "GetLayout", "iias", 0, 0, [])[0]
    shown.items.append(MenuItem("More", None))
    shown.items[3] = MenuItem("Off", None)
    shown.change(lambda one: one.update_menu())
    eventually(lambda: watcher.last(MENU, "LayoutUpdated") == (revision + 1, 0), what="the signal")
    assert watcher.last(MENU, "ItemsPropertiesUpdated")[1] == [(icon.row("Off")[0], ["enabled"])]
    shown.items.pop()
    assert call(icon, MENU_PATH, MENU, "AboutToShowGroup", "ai", [0, 99]) == ([0], [99])
    assert "More" not in icon.labels()


def test_ids_are_not_kept_for_ever(bus, monkeypatch):
    from gamedetectd.platforms.tray import dbusmenu

    monkeypatch.setattr(dbusmenu, "MOST_REMEMBERED", 20)
    items = []
    server = dbusmenu.MenuServer(lambda: items, lambda _item: None, lambda *_: None)
    for number in range(200):
        one = MenuItem(f"game {number}", None)
        one.key = f"game/{number}"
        items[:] = [one]
        server.refresh()
    assert len(server._ids) <= 21


# --- panels and buses that come and go ---


def test_a_panel_that_comes_later_gets_the_icon_and_so_does_the_next_one(bus, shown):
    assert "No panel here" in eventually(shown.icon.hidden, what="that nobody shows it").why
    for _ in range(2):
        watcher = FakeWatcher(bus.address)
        eventually(lambda: watcher.items, what="the registration")  # noqa: B023
        eventually(lambda: shown.icon.hidden() is None, what="that it is seen")
        watcher.stop()
        eventually(shown.icon.hidden, what="that it is gone")


def test_a_panel_that_refuses_is_asked_again(bus, shown):
    watcher = FakeWatcher(bus.address, refuse=1)
    eventually(lambda: watcher.items, 10, "the second attempt")
    eventually(lambda: shown.icon.hidden() is None, what="that it is seen")
    watcher.stop()


def test_a_watcher_without_a_panel_shows_nothing_until_one_comes(bus, shown):
    watcher = FakeWatcher(bus.address, host=False)
    eventually(lambda: watcher.items, what="the registration")

    def says():
        hidden = shown.icon.hidden()
        return hidden is not None and "No panel is there" in hidden.why

    eventually(says, what="that nobody shows it")
    watcher.host = True
    watcher.signal("StatusNotifierHostRegistered")
    eventually(lambda: shown.icon.hidden() is None, what="that it is seen")
    watcher.stop()


def test_it_comes_back_with_the_bus(bus, watcher, shown):
    eventually(lambda: watcher.items, what="the registration")
    watcher.stop()
    bus.stop()
    eventually(shown.icon.hidden, what="that it is gone")
    bus.start()
    later = FakeWatcher(bus.address)
    eventually(lambda: later.items, 10, "the registration")
    later.stop()


def test_gnome_is_told_apart(bus, shown, monkeypatch):
    monkeypatch.setenv("XDG_CURRENT_DESKTOP", "ubuntu:GNOME")
    eventually(lambda: shown.icon.hidden().extension, what="that the extension is missing")
    assert "AppIndicator" in shown.icon.hidden().why


def test_a_display_that_is_not_there_is_no_end(bus, monkeypatch):
    monkeypatch.setenv("DISPLAY", ":4711")
    one = Shown()
    time.sleep(0.6)
    assert "No panel here" in one.icon.hidden().why
    one.end()


def test_while_nothing_happens_its_thread_sleeps(icon, shown):
    icon.rows()
    status = Path(f"/proc/self/task/{shown.worker._thread.native_id}/status")

    def switches():
        return next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("voluntary"))

    time.sleep(0.3)
    before = switches()
    time.sleep(2)
    assert switches() == before


def test_a_bubble_without_a_service_is_only_logged(icon, shown, caplog):
    caplog.set_level("INFO")
    shown.icon.notify("Say it in a terminal.", "Wrong name?")
    assert "Say it in a terminal." in caplog.text


def test_faces_of_one_size_do_as_well(bus):
    whole = face(IconState.PLAYING)
    assert Face("x", whole.images[:1], "x").nearest(64).width == 16

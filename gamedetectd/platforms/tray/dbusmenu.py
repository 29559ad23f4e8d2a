"""A pystray menu as ``com.canonical.dbusmenu``: the host asks for it when it opens, so that its texts are of then.

Facts: the interface's description in https://github.com/AyatanaIndicators/libdbusmenu (libdbusmenu-glib/dbus-menu.xml).
A text's ``_`` marks the letter of the keyboard; ``__`` is a line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from gamedetectd.platforms.tray.backend import Menu
from gamedetectd.platforms.tray.objects import INVALID_ARGUMENTS, Exported, Method, RefusedError

PATH = "/MenuBar"
INTERFACE = "com.canonical.dbusmenu"
VERSION = 3
ROOT = 0
MOST_REMEMBERED = 2_000
"""Ids of items that are gone are remembered up to so many, so that an item keeps its id when it comes back."""
DEFAULTS: Mapping[str, Any] = {
    "type": "standard", "label": "", "enabled": True, "visible": True, "icon-name": "", "toggle-type": "",
    "toggle-state": -1, "children-display": "", "accessible-desc": "",
}  # fmt: skip
SIGNATURES: Mapping[type, str] = {bool: "b", int: "i", str: "s"}
SIGNALS = {"ItemsPropertiesUpdated": "a(ia{sv})a(ias)", "LayoutUpdated": "ui", "ItemActivationRequested": "iu"}

Properties = Mapping[str, Any]
Emit = Callable[..., None]


@dataclass(slots=True)
class Node:
    """One item as the host sees it. ``item`` is what a click calls; None for the root."""

    id: int
    item: Any
    properties: Properties
    children: list[Node] = field(default_factory=list)


class MenuServer:
    """Serves the menu that ``menu()`` returns. ``emit(member, signature, *body)`` sends a signal of the interface.

    ``clicked(item)`` is called for a click.
    """

    def __init__(self, menu: Callable[[], Any], clicked: Callable[[Any], None], emit: Emit) -> None:
        self._menu = menu
        self._clicked = clicked
        self._emit = emit
        self._ids: dict[tuple[int, str], int] = {}
        self._last_id = ROOT
        self._revision = 1
        self._root = Node(ROOT, None, {"children-display": "submenu"})
        self._nodes: dict[int, Node] = {ROOT: self._root}

    def exported(self) -> Exported:
        """The object for the bus."""
        methods = {
            "GetLayout": Method("iias", "u(ia{sv}av)", self._get_layout),
            "GetGroupProperties": Method("aias", "a(ia{sv})", self._get_group),
            "GetProperty": Method("is", "v", self._get_property),
            "Event": Method("isvu", "", self._event),
            "EventGroup": Method("a(isvu)", "ai", self._event_group),
            "AboutToShow": Method("i", "b", self._about_to_show),
            "AboutToShowGroup": Method("ai", "aiai", self._about_to_show_group),
        }
        properties: dict[str, tuple[str, Callable[[], Any]]] = {
            "Version": ("u", lambda: VERSION),
            "TextDirection": ("s", lambda: "ltr"),
            "Status": ("s", lambda: "normal"),
            "IconThemePath": ("as", list),
        }
        return Exported(PATH, INTERFACE, methods, properties, SIGNALS)

    def refresh(self) -> bool:
        """Make the menu anew and tell the host what differs; True if it has other items than before."""
        other = self._renew()
        if other:
            self._emit("LayoutUpdated", SIGNALS["LayoutUpdated"], self._revision, ROOT)
        return other

    def _renew(self) -> bool:
        """Make the menu anew and tell of items with other properties; True if there are other items."""
        before, shape = self._nodes, _shape(self._root)
        self._build()
        other = _shape(self._root) != shape
        self._revision += other
        self._tell_changes(before)
        return other

    # --- what the host asks ---

    def _get_layout(self, parent: int, depth: int, names: list[str]) -> Sequence[Any]:
        if parent == ROOT:
            self._renew()
        node = self._known(parent)
        return (self._revision, _written(node, depth, frozenset(names)))

    def _get_group(self, ids: list[int], names: list[str]) -> Sequence[Any]:
        nodes = [self._nodes[one] for one in ids if one in self._nodes] if ids else list(self._nodes.values())
        return ([(node.id, _typed(node.properties, frozenset(names))) for node in nodes],)

    def _get_property(self, item: int, name: str) -> Sequence[Any]:
        node = self._known(item)
        if name not in DEFAULTS:
            raise RefusedError(INVALID_ARGUMENTS, f"Items have no {name}.")
        value = node.properties.get(name, DEFAULTS[name])
        return ((SIGNATURES[type(value)], value),)

    def _event(self, item: int, kind: str, _data: object, _time: int) -> Sequence[Any]:
        node = self._known(item)
        if kind == "clicked" and node.item is not None and not node.children and node.properties.get("enabled", True):
            self._clicked(node.item)
        return ()

    def _event_group(self, events: list[tuple[int, str, object, int]]) -> Sequence[Any]:
        unknown = [event[0] for event in events if event[0] not in self._nodes]
        if events and len(unknown) == len(events):
            raise RefusedError(INVALID_ARGUMENTS, "None of these items is there.")
        for event in events:
            if event[0] in self._nodes:
                self._event(*event)
        return (unknown,)

    def _about_to_show(self, item: int) -> Sequence[Any]:
        self._known(item)
        return (self.refresh(),)

    def _about_to_show_group(self, ids: list[int]) -> Sequence[Any]:
        known = [one for one in ids if one in self._nodes]
        other = bool(known) and self.refresh()
        return (known if other else [], [one for one in ids if one not in known])

    def _known(self, item: int) -> Node:
        if item not in self._nodes:
            raise RefusedError(INVALID_ARGUMENTS, f"There is no item {item}.")
        return self._nodes[item]

    # --- the menu as nodes ---

    def _build(self) -> None:
        self._nodes = {}
        self._root = Node(ROOT, None, {"children-display": "submenu"})
        self._nodes[ROOT] = self._root
        self._fill(self._root, self._menu())
        if len(self._ids) > MOST_REMEMBERED:
            self._ids = {key: item for key, item in self._ids.items() if item in self._nodes}

    def _fill(self, parent: Node, menu: Iterable[Any]) -> None:
        for place, item in enumerate(menu or ()):
            key = (parent.id, str(getattr(item, "key", "") or place))
            if key not in self._ids:
                self._last_id += 1
                self._ids[key] = self._last_id
            node = Node(self._ids[key], item, _properties(item))
            parent.children.append(node)
            self._nodes[node.id] = node
            if item.submenu is not None:
                self._fill(node, item.submenu)

    def _tell_changes(self, before: Mapping[int, Node]) -> None:
        """Tell of items that were there before with other properties; new ones come with the layout."""
        updated, removed = [], []
        for item, node in self._nodes.items():
            old = before[item].properties if item in before else node.properties
            news = {name: value for name, value in node.properties.items() if old.get(name) != value}
            gone = [name for name in old if name not in node.properties]
            if news:
                updated.append((item, _typed(news, frozenset())))
            if gone:
                removed.append((item, gone))
        if updated or removed:
            self._emit("ItemsPropertiesUpdated", SIGNALS["ItemsPropertiesUpdated"], updated, removed)


def _properties(item: Any) -> Properties:
    """What differs from the defaults."""
    if item is Menu.SEPARATOR:
        return {"type": "separator"}
    found: dict[str, Any] = {"label": item.text}
    if description := getattr(item, "description", ""):
        found["accessible-desc"] = description
    if not item.enabled:
        found["enabled"] = False
    if item.checked is not None:
        found["toggle-type"] = "radio" if item.radio else "checkmark"
        found["toggle-state"] = int(bool(item.checked))
    if item.submenu is not None:
        found["children-display"] = "submenu"
    return found


def _typed(properties: Properties, names: frozenset[str]) -> dict[str, tuple[str, Any]]:
    return {name: (SIGNATURES[type(value)], value) for name, value in properties.items() if not names or name in names}


def _written(node: Node, depth: int, names: frozenset[str]) -> tuple[int, dict[str, Any], list[Any]]:
    """A node with what is below it, ``depth`` levels deep (-1: all), as GetLayout answers."""
    children = [] if depth == 0 else [("(ia{sv}av)", _written(child, depth - 1, names)) for child in node.children]
    return (node.id, _typed(node.properties, names), children)


def _shape(node: Node) -> tuple[Any, ...]:
    return (node.id, tuple(_shape(child) for child in node.children))

"""Ludusavi's manifest: what Steam and the community know of 53,000 games, as one YAML file.

Read event by event, so that memory does not grow with the file. Of each title only its programs, its install
directories and its numbers are kept; what the manifest is made for, save files, is passed over.
Format: https://github.com/mtkennerly/ludusavi-manifest (MIT licence).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

from gamedetectd.catalogue.rows import argument_words, launch_path, one_line
from gamedetectd.domain import KnownGame, Launch, System
from gamedetectd.errors import CatalogueError

SOURCE = "ludusavi"
_SYSTEMS = {"windows": System.WINDOWS, "dos": System.WINDOWS, "linux": System.LINUX, "mac": System.MACOS}
_BY_ENDING = {".exe": System.WINDOWS, ".bat": System.WINDOWS, ".cmd": System.WINDOWS, ".app": System.MACOS}
_MOST_LAUNCHES, _MOST_DIRECTORIES, _MOST_IDS = 48, 16, 8
_REMEDY = "Fetch the file again; it should be Ludusavi's manifest.yaml, whole and unchanged."


def read(stream: BinaryIO) -> Iterator[KnownGame | None]:
    """Each title of the manifest in its order, also those nothing tells a program of; None for one that is none.

    Raises CatalogueError, which names the line, where the stream is no manifest.
    """
    import yaml

    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    nodes = _Nodes(yaml.parse(stream, Loader=loader))
    try:
        start = nodes.root()
        for title, value in nodes.mapping(start):
            yield _game(nodes, title, value)
        nodes.end()
    except (yaml.YAMLError, RecursionError) as error:
        raise CatalogueError(f"It is no readable YAML: {_place(error)}.", _REMEDY) from error


def _place(error: Exception) -> str:
    mark = getattr(error, "problem_mark", None)
    what = getattr(error, "problem", None) or getattr(error, "reason", None) or type(error).__name__
    return f"line {mark.line + 1}: {what}" if mark is not None else str(what)


class _Nodes:
    """The events of a YAML stream as nodes. Whoever is given a node that has begun must read or ``skip`` it."""

    def __init__(self, events: Iterator[Any]) -> None:
        import yaml

        self._events = events
        self._scalar = yaml.ScalarEvent
        self._starts = (yaml.MappingStartEvent, yaml.SequenceStartEvent)
        self._ends = (yaml.MappingEndEvent, yaml.SequenceEndEvent)
        self._mapping, self._sequence = self._starts

    def root(self) -> Any:
        """The mapping the document consists of. Raises CatalogueError where it is anything else."""
        import yaml

        for event in self._events:
            if isinstance(event, yaml.StreamStartEvent | yaml.DocumentStartEvent):
                continue
            if isinstance(event, self._mapping):
                return event
            break
        raise CatalogueError("It does not list titles as a manifest does.", _REMEDY)

    def end(self) -> None:
        """Read what follows the document, so that rubbish at the end is noticed."""
        import yaml

        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent):
                raise CatalogueError("A second document follows the first.", _REMEDY)

    def mapping(self, node: Any) -> Iterator[tuple[str, Any]]:
        """The keys and values of a mapping that has begun; nothing for another node, which is skipped."""
        if not isinstance(node, self._mapping):
            self.skip(node)
            return
        for key in self._events:
            if isinstance(key, self._ends):
                return
            value_of = str(key.value) if isinstance(key, self._scalar) else None
            self.skip(key)
            value = next(self._events)
            if value_of is None:
                self.skip(value)
            else:
                yield value_of, value

    def items(self, node: Any) -> Iterator[Any]:
        """The members of a sequence that has begun; the node alone where it is a single one."""
        if not isinstance(node, self._sequence):
            yield node
            return
        for event in self._events:
            if isinstance(event, self._ends):
                return
            yield event

    def text(self, node: Any) -> str:
        """The text of a scalar, else ""."""
        if isinstance(node, self._scalar):
            return str(node.value)
        self.skip(node)
        return ""

    def skip(self, node: Any) -> None:
        """Read to the end of a node that has begun."""
        depth = int(isinstance(node, self._starts))
        while depth:
            event = next(self._events)
            depth += isinstance(event, self._starts) - isinstance(event, self._ends)


def _game(nodes: _Nodes, title: str, value: Any) -> KnownGame | None:
    launches: dict[Launch, None] = {}
    directories: dict[str, None] = {}
    ids: dict[str, None] = {}
    for key, node in nodes.mapping(value):
        if key == "installDir":
            directories |= dict.fromkeys(_directories(nodes, node))
        elif key == "launch":
            launches |= dict.fromkeys(_launches(nodes, node))
        elif key in ("steam", "gog"):
            ids = dict.fromkeys([*_first_id(nodes, key, node), *ids])
        elif key == "id":
            ids |= dict.fromkeys(_more_ids(nodes, node))
        else:
            nodes.skip(node)
    shown = one_line(title)
    if not shown:
        return None
    first, *also = sorted(ids, key=_rank) or [""]
    return KnownGame(
        first,
        shown,
        _without_needless(list(launches))[:_MOST_LAUNCHES],
        tuple(directories)[:_MOST_DIRECTORIES],
        tuple(also)[:_MOST_IDS],
    )


def _rank(ident: str) -> int:
    """Steam's number before GOG's before others; within one store as they were told."""
    store = ident.partition(":")[0]
    return ("steam", "gog").index(store) if store in ("steam", "gog") else 2


def _directories(nodes: _Nodes, node: Any) -> Iterator[str]:
    for name, value in nodes.mapping(node):
        nodes.skip(value)
        if last := launch_path(name).rpartition("/")[2]:
            yield last


def _launches(nodes: _Nodes, node: Any) -> Iterator[Launch]:
    for name, value in nodes.mapping(node):
        path = launch_path(name)
        ways = list(_ways(nodes, value)) or [("", ())]
        for argument, systems in ways:
            if path:
                yield Launch(path, argument, systems or _by_ending(path))


def _ways(nodes: _Nodes, node: Any) -> Iterator[tuple[str, tuple[System, ...]]]:
    """The arguments of one way to start a program, and the systems it is for."""
    for item in nodes.items(node):
        argument, systems = "", set()
        for key, value in nodes.mapping(item):
            if key == "arguments":
                argument = argument_words(nodes.text(value))
            elif key == "when":
                systems |= set(_when(nodes, value))
            else:
                nodes.skip(value)
        yield argument, tuple(system for system in System if system in systems)


def _when(nodes: _Nodes, node: Any) -> Iterator[System]:
    for item in nodes.items(node):
        for key, value in nodes.mapping(item):
            name = nodes.text(value)
            if key == "os" and name in _SYSTEMS:
                yield _SYSTEMS[name]


def _by_ending(path: str) -> tuple[System, ...]:
    return tuple(system for ending, system in _BY_ENDING.items() if path.endswith(ending))


def _without_needless(launches: list[Launch]) -> tuple[Launch, ...]:
    """Without those with an argument where the same program is also started without any: it is not needed then."""
    plain = {launch.path for launch in launches if not launch.argument}
    return tuple(launch for launch in launches if not launch.argument or launch.path not in plain)


def _first_id(nodes: _Nodes, store: str, node: Any) -> Iterator[str]:
    for key, value in nodes.mapping(node):
        number = nodes.text(value)
        if key == "id" and number.isascii() and number.isdigit():
            yield f"{store}:{number}"


def _more_ids(nodes: _Nodes, node: Any) -> Iterator[str]:
    stores = {"steamExtra": "steam", "gogExtra": "gog", "lutris": "lutris", "flatpak": "flatpak"}
    for key, value in nodes.mapping(node):
        if key not in stores:
            nodes.skip(value)
            continue
        for item in nodes.items(value):
            if name := one_line(nodes.text(item)):
                yield f"{stores[key]}:{name}"

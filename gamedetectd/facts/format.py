"""The facts format: one program a line as JSON. ``dump`` is the exact reverse of ``parse``.

Reading is lenient towards what is missing, null or unknown, and strict towards what is there in the wrong shape: an
error says which key. Recordings hold lines of observations beside those of facts, see ``recording``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import msgspec

from gamedetectd.domain import (
    ALL_KINDS,
    Bundle,
    Content,
    DesktopEntry,
    FactKind,
    Facts,
    InstalledGame,
    KnownGame,
    Launch,
    Rule,
    RuleKind,
    ScreenLabels,
    System,
    Verdict,
)
from gamedetectd.errors import FactsError
from gamedetectd.facts.mapped import base_names
from gamedetectd.facts.recording import dump_observation, parse_observation
from gamedetectd.facts.wire import (
    ProcessLine,
    WindowLine,
    decode,
    dump_process,
    dump_screen,
    dump_window,
    read_process,
    read_window,
)

__all__ = ["dump", "dump_observation", "parse", "parse_observation", "verdict_row"]


_SYSTEMS = {"darwin": "macos", "mac": "macos", "osx": "macos", "win32": "windows", "win64": "windows", "win": "windows"}
"""What other programs call the systems."""


class _DesktopEntry(msgspec.Struct):
    name: str | None = msgspec.field(name="Name", default=None)
    categories: list[str] | str | None = msgspec.field(name="Categories", default=None)
    exec: str | None = msgspec.field(name="Exec", default=None)


class _Bundle(msgspec.Struct):
    display_name: str | None = msgspec.field(name="CFBundleDisplayName", default=None)
    name: str | None = msgspec.field(name="CFBundleName", default=None)
    category: str | None = msgspec.field(name="LSApplicationCategoryType", default=None)


class _Row(msgspec.Struct):
    store: str | None = None
    id: str | int | None = None
    title: str | None = None
    install_dir: str | None = None
    executables: list[str] | None = None
    also: list[str] | None = None
    platform: str | None = None


class _Launch(msgspec.Struct):
    path: str
    argument: str = ""
    systems: list[System] = []
    launcher: bool = False
    exclusive: bool = False


class _Known(msgspec.Struct):
    id: str
    title: str
    launches: list[_Launch] = []
    directories: list[str] = []
    also: list[str] = []
    source: str = ""
    sharing: int = 1


class _Content(msgspec.Struct):
    path: str | None = None
    title: str | None = None
    platform: str | None = None
    source: str | None = None


class _Screen(msgspec.Struct):
    game_probability: float = 0.0
    title: str | None = None
    title_score: float | None = None
    decision: Literal["game", "not_game", "unknown"] | None = None
    read: str | None = None


class _Gpu(msgspec.Struct):
    busy: float | None = None


class _Rule(msgspec.Struct):
    kind: RuleKind
    executable: str
    argument: str = ""
    title: str = ""


class _Line(msgspec.Struct):
    id: str | int | None = None
    os: str | None = None
    processes: list[ProcessLine] | None = None
    window: WindowLine | None = None
    files: dict[str, list[str] | None] | None = None
    metadata: dict[str, str | int | None] | None = None
    version_info: dict[str, dict[str, str | int | float | None] | None] | None = None
    desktop_entry: _DesktopEntry | None = None
    bundle: _Bundle | None = None
    library: list[_Row] | None = None
    catalogue: list[_Known] | None = None
    content: _Content | None = None
    mapped: list[str] | None = None
    gpu: float | bool | _Gpu | None = None
    screen: float | _Screen | None = None
    texts: list[str] | None = None
    rules: list[_Rule] | None = None
    gathered: list[FactKind] | None = None


def parse(line: bytes | str | Mapping[str, Any]) -> Facts:
    """The facts of one line (or of an object already decoded); FactsError says which key has the wrong shape."""
    value = decode(line) if isinstance(line, bytes | str) else line
    try:
        raw = msgspec.convert(value, _Line)
    except (msgspec.ValidationError, RecursionError, UnicodeEncodeError) as error:
        raise FactsError(f"A value has the wrong shape: {error}.", "See docs/facts.md for the format.") from error
    return Facts(
        id="" if raw.id is None else str(raw.id),
        system=_system(raw.os) if raw.os else _guess_system(raw),
        processes=tuple(read_process(one) for one in raw.processes or ()),
        window=None if raw.window is None else read_window(raw.window),
        files={place: tuple(names or ()) for place, names in (raw.files or {}).items()},
        metadata={key: str(text) for key, text in (raw.metadata or {}).items() if text is not None},
        version_info={
            path: {key: str(text) for key, text in (values or {}).items() if text is not None}
            for path, values in (raw.version_info or {}).items()
        },
        desktop_entry=None if raw.desktop_entry is None else _desktop_entry(raw.desktop_entry),
        bundle=None
        if raw.bundle is None
        else Bundle(raw.bundle.display_name or raw.bundle.name or "", raw.bundle.category or ""),
        library=tuple(_row(one) for one in raw.library or ()),
        catalogue=tuple(_known(one) for one in raw.catalogue or ()),
        content=None if raw.content is None else _content(raw.content),
        mapped=base_names(raw.mapped or ()),
        gpu=_gpu(raw.gpu),
        screen=_screen(raw.screen),
        texts=tuple(raw.texts or ()),
        rules=tuple(Rule(one.kind, one.executable, one.argument, one.title) for one in raw.rules or ()),
        gathered=ALL_KINDS if raw.gathered is None else frozenset(raw.gathered),
    )


def _system(name: str) -> System:
    """The system of this name, in any case and as other programs call it; FactsError for one there is not."""
    known = name.strip().casefold()
    try:
        return System(_SYSTEMS.get(known, known))
    except ValueError:
        cause = f"A value has the wrong shape: {name[:40]!r} is no system - at `$.os`."
        raise FactsError(cause, "Write linux, windows or macos.") from None


def _guess_system(raw: _Line) -> System:
    """The system of a line that does not say: drive letters mean Windows, application bundles macOS."""
    paths = [one.exe or (one.argv[0] if isinstance(one.argv, list) and one.argv else "") for one in raw.processes or ()]
    if any(path[1:3] in (":\\", ":/") for path in paths):
        return System.WINDOWS
    return System.MACOS if any(".app/Contents/MacOS/" in path for path in paths) else System.LINUX


def _desktop_entry(raw: _DesktopEntry) -> DesktopEntry:
    given = raw.categories or ()
    names = given.split(";") if isinstance(given, str) else given
    return DesktopEntry(raw.name or "", tuple(name.strip() for name in names if name.strip()), raw.exec or "")


def _row(raw: _Row) -> InstalledGame:
    return InstalledGame(
        raw.store or "",
        "" if raw.id is None else str(raw.id),
        raw.title or "",
        raw.install_dir or "",
        tuple(raw.executables or ()),
        tuple(raw.also or ()),
        raw.platform or "",
    )


def _content(raw: _Content) -> Content:
    return Content(raw.path or "", raw.title or "", raw.platform or "", raw.source or "")


def _known(raw: _Known) -> KnownGame:
    launches = tuple(
        Launch(one.path, one.argument, tuple(one.systems), one.launcher, one.exclusive) for one in raw.launches
    )
    return KnownGame(raw.id, raw.title, launches, tuple(raw.directories), tuple(raw.also), raw.source, raw.sharing)


def _gpu(raw: float | bool | _Gpu | None) -> float:
    """A share of 0 to 1; true means busy; a number above 1 is a percentage."""
    value = raw.busy if isinstance(raw, _Gpu) else raw
    share = float(value or 0.0)
    return min(1.0, max(0.0, share / 100 if share > 1 else share))


def _screen(raw: float | _Screen | None) -> ScreenLabels | None:
    if raw is None:
        return None
    if isinstance(raw, _Screen):
        score, decision = raw.title_score or 0.0, raw.decision or ""
        return ScreenLabels(raw.game_probability, raw.title, score, decision, raw.read or "")
    return ScreenLabels(float(raw))


def dump(facts: Facts) -> dict[str, Any]:
    """The facts as an object for one line; what is at its default is left out, except id, os and processes."""
    line: dict[str, Any] = {
        "id": facts.id,
        "os": str(facts.system),
        "processes": [dump_process(process) for process in facts.processes],
    }
    if facts.window is not None:
        line["window"] = dump_window(facts.window)
    if facts.files:
        line["files"] = {place: list(names) for place, names in facts.files.items()}
    if facts.metadata:
        line["metadata"] = dict(facts.metadata)
    if facts.version_info:
        line["version_info"] = {path: dict(values) for path, values in facts.version_info.items()}
    if facts.desktop_entry is not None:
        entry = facts.desktop_entry
        line["desktop_entry"] = {"Name": entry.name, "Categories": list(entry.categories), "Exec": entry.exec}
    if facts.bundle is not None:
        line["bundle"] = {
            "CFBundleDisplayName": facts.bundle.display_name,
            "LSApplicationCategoryType": facts.bundle.category,
        }
    if facts.library:
        line["library"] = [_dump_row(row) for row in facts.library]
    if facts.catalogue:
        line["catalogue"] = [msgspec.to_builtins(row) for row in facts.catalogue]
    if facts.content is not None:
        line["content"] = msgspec.to_builtins(facts.content)
    line |= _dump_optional(facts)
    return line


def _dump_row(row: InstalledGame) -> dict[str, Any]:
    line: dict[str, Any] = {"store": row.store, "id": row.id, "title": row.title, "install_dir": row.install_dir}
    more = {"executables": list(row.executables), "also": list(row.also), "platform": row.platform}
    return line | {key: value for key, value in more.items() if value}


def _dump_optional(facts: Facts) -> dict[str, Any]:
    line: dict[str, Any] = {}
    if facts.mapped:
        line["mapped"] = sorted(facts.mapped)
    if facts.gpu:
        line["gpu"] = facts.gpu
    if facts.screen is not None:
        line["screen"] = dump_screen(facts.screen)
    if facts.texts:
        line["texts"] = list(facts.texts)
    if facts.rules:
        line["rules"] = [
            {"kind": str(rule.kind), "executable": rule.executable, "argument": rule.argument, "title": rule.title}
            for rule in facts.rules
        ]
    if facts.gathered != ALL_KINDS:
        line["gathered"] = [str(kind) for kind in FactKind if kind in facts.gathered]
    return line


def verdict_row(ident: str | int | None, verdict: Verdict) -> dict[str, Any]:
    """One line of ``judge``'s output."""
    game = verdict.game
    return {
        "id": ident,
        "is_game": verdict.is_game,
        "game": None if game is None else {"id": game.id, "title": game.title, "platform": game.platform or None},
        "probability": verdict.probability,
        "evidence": [
            {"source": reason.source, "weight": reason.weight, "reason": reason.reason} for reason in verdict.evidence
        ],
    }

"""Recordings: every observation as one JSON line with its clocks, and back, so that a bug report becomes a test."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from gamedetectd.domain import (
    ForegroundChanged,
    IdleChanged,
    Instant,
    Observation,
    PowerChanged,
    PowerState,
    ProcessEnded,
    ProcessInfo,
    ProcessKey,
    ProcessStarted,
    Resync,
    ScreenClassified,
    ScreenLabels,
    StoreSignal,
    TitleRead,
)
from gamedetectd.errors import FactsError
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

_REMEDY = "Record again with this version, or mend the line by hand."


def dump_observation(observation: Observation) -> dict[str, Any]:
    """One line of a recording: ``{"type": "observation", "observation": "process_started", "at": {…}, …}``."""
    name = next(name for name, (kind, _, _) in _KINDS.items() if isinstance(observation, kind))
    at = {"awake": observation.at.awake, "elapsed": observation.at.elapsed, "wall": observation.at.wall}
    return {"type": "observation", "observation": name, "at": at, **_KINDS[name][1](observation)}


def parse_observation(line: bytes | str | Mapping[str, Any]) -> Observation:
    """The observation of one line; FactsError says what is missing or wrong."""
    value = decode(line) if isinstance(line, bytes | str) else line
    name = value.get("observation")
    if value.get("type") != "observation" or not isinstance(name, str) or name not in _KINDS:
        raise FactsError(f"The line is no observation that is known: {name!r}.", _REMEDY)
    try:
        at = msgspec.convert(value["at"], Instant)
        return _KINDS[name][2](at, value)
    except KeyError as error:
        raise FactsError(f"The observation {name} lacks the key {error}.", _REMEDY) from error
    except (msgspec.ValidationError, RecursionError) as error:
        raise FactsError(f"The observation {name} has a value of the wrong shape: {error}.", _REMEDY) from error


def _processes(value: object) -> tuple[ProcessInfo, ...]:
    return tuple(read_process(one) for one in msgspec.convert(value or [], list[ProcessLine]))


def _process(value: object) -> ProcessInfo:
    return _processes([value])[0]


def _key(value: object) -> ProcessKey:
    return msgspec.convert(value, ProcessKey)


def _dump_key(key: ProcessKey) -> dict[str, Any]:
    return {"boot_id": key.boot_id, "pid": key.pid, "start_ticks": key.start_ticks}


def _read_started(at: Instant, value: Mapping[str, Any]) -> ProcessStarted:
    return ProcessStarted(at, _process(value["process"]), _processes(value.get("ancestors")))


def _dump_started(seen: ProcessStarted) -> dict[str, Any]:
    return {
        "process": dump_process(seen.process),
        "ancestors": [dump_process(process) for process in seen.ancestors],
    }


def _read_ended(at: Instant, value: Mapping[str, Any]) -> ProcessEnded:
    return ProcessEnded(at, _key(value["key"]), msgspec.convert(value["exit_elapsed"], float))


def _dump_ended(seen: ProcessEnded) -> dict[str, Any]:
    return {"key": _dump_key(seen.key), "exit_elapsed": seen.exit_elapsed}


def _read_resync(at: Instant, value: Mapping[str, Any]) -> Resync:
    return Resync(at, _processes(value["processes"]))


def _dump_resync(seen: Resync) -> dict[str, Any]:
    return {"processes": [dump_process(process) for process in seen.processes]}


def _read_foreground(at: Instant, value: Mapping[str, Any]) -> ForegroundChanged:
    raw = msgspec.convert(value["window"], WindowLine | None)
    return ForegroundChanged(at, None if raw is None else read_window(raw))


def _dump_foreground(seen: ForegroundChanged) -> dict[str, Any]:
    return {"window": None if seen.window is None else dump_window(seen.window)}


def _read_idle(at: Instant, value: Mapping[str, Any]) -> IdleChanged:
    return IdleChanged(at, msgspec.convert(value["idle"], bool), msgspec.convert(value["since_elapsed"], float))


def _dump_idle(seen: IdleChanged) -> dict[str, Any]:
    return {"idle": seen.idle, "since_elapsed": seen.since_elapsed}


def _read_power(at: Instant, value: Mapping[str, Any]) -> PowerChanged:
    return PowerChanged(
        at, msgspec.convert(value["state"], PowerState), msgspec.convert(value.get("seconds", 0.0), float)
    )


def _dump_power(seen: PowerChanged) -> dict[str, Any]:
    return {"state": str(seen.state), "seconds": seen.seconds}


def _read_screen(at: Instant, value: Mapping[str, Any]) -> ScreenClassified:
    return ScreenClassified(at, msgspec.convert(value["pid"], int), msgspec.convert(value["screen"], ScreenLabels))


def _dump_screen(seen: ScreenClassified) -> dict[str, Any]:
    return {"pid": seen.pid, "screen": dump_screen(seen.screen)}


def _read_title(at: Instant, value: Mapping[str, Any]) -> TitleRead:
    return TitleRead(at, msgspec.convert(value["pid"], int), msgspec.convert(value["title"], str))


def _dump_title(seen: TitleRead) -> dict[str, Any]:
    return {"pid": seen.pid, "title": seen.title}


def _read_signal(at: Instant, value: Mapping[str, Any]) -> StoreSignal:
    return StoreSignal(
        at,
        msgspec.convert(value["source"], str),
        msgspec.convert(value["pid"], int),
        msgspec.convert(value["game_id"], str),
        msgspec.convert(value["running"], bool),
    )


def _dump_signal(seen: StoreSignal) -> dict[str, Any]:
    return {"source": seen.source, "pid": seen.pid, "game_id": seen.game_id, "running": seen.running}


_Reader = Callable[[Instant, Mapping[str, Any]], Observation]
_KINDS: dict[str, tuple[type, Callable[[Any], dict[str, Any]], _Reader]] = {
    "process_started": (ProcessStarted, _dump_started, _read_started),
    "process_ended": (ProcessEnded, _dump_ended, _read_ended),
    "resync": (Resync, _dump_resync, _read_resync),
    "foreground_changed": (ForegroundChanged, _dump_foreground, _read_foreground),
    "idle_changed": (IdleChanged, _dump_idle, _read_idle),
    "power_changed": (PowerChanged, _dump_power, _read_power),
    "screen_classified": (ScreenClassified, _dump_screen, _read_screen),
    "title_read": (TitleRead, _dump_title, _read_title),
    "store_signal": (StoreSignal, _dump_signal, _read_signal),
}
"""Name in the file, type, writer, reader."""

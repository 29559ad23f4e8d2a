"""Steam's ``localconfig.vdf``: how many minutes an account has played each app in all, and when last.

It lies in ``userdata/ACCOUNT/config`` of Steam's directory. Which sessions those minutes were it does not tell. What
the apps are called is in ``appcache/appinfo.vdf`` of the same Steam.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from gamedetectd.app.imports.found import LONGEST_TIME, Found, Progress, contents, wrong
from gamedetectd.library.binary_vdf import AppInfo, BinaryVdfError, read_appinfo
from gamedetectd.library.vdf import Block, VdfError, parse
from gamedetectd.sessions.importing import CountedTime

SOURCE = "steam"
LARGEST = 64_000_000
"""Bytes of a file."""
NO_GAMES = frozenset(["tool", "application", "music", "video", "config", "dlc"])
"""Kinds of app whose time is no play."""
_LATEST = 253_402_300_799
_COPY_IT = "Give the file userdata/…/config/localconfig.vdf of Steam's directory."
_WAY = ("UserLocalConfigStore", "Software", "Valve", "Steam", "apps")


def read(path: Path, titles: Mapping[str, str], progress: Progress) -> Found:
    """The play times of one account; ``titles`` are those of games by their ids, as far as we know them.

    Raises ImportFileError with the place of what is wrong.
    """
    try:
        block = parse(contents(path, LARGEST))
    except VdfError as error:
        raise wrong(path, error.cause, _COPY_IT) from error
    for name in _WAY:
        block = block.block(name)
    apps = [(app, entry) for app, entry in block.blocks() if app.isascii() and app.isdigit() and len(app) < 11]
    if not apps:
        raise wrong(path, f"It holds no apps under {' / '.join(_WAY)}.", _COPY_IT)
    minutes: dict[int, tuple[int, int]] = {}
    for number, (app, entry) in enumerate(apps, 1):
        progress(number, len(apps))
        played = _number(path, app, entry, "Playtime", int(LONGEST_TIME // 60))
        last = _number(path, app, entry, "LastPlayed", _LATEST)
        if played > minutes.get(int(app), (0, 0))[0]:
            minutes[int(app)] = (played, last)
    infos = _infos(path, frozenset(minutes))
    until, account = path.stat().st_mtime, _account(path)
    times = tuple(
        CountedTime(
            SOURCE, account, f"steam:{app}", _title(app, infos, titles), played * 60.0, until, float(last) or None
        )
        for app, (played, last) in minutes.items()
        if app not in infos or infos[app].kind not in NO_GAMES
    )
    idle = len(minutes) - len(times)
    return Found(SOURCE, times=times, passed_over=(f"{idle:,} apps that are no games.",) if idle else ())


def _title(app: int, infos: Mapping[int, AppInfo], titles: Mapping[str, str]) -> str:
    """What the app is called; its number where nobody knows."""
    named = infos[app].name if app in infos else ""
    return named or titles.get(f"steam:{app}") or f"Steam app {app}"


def _number(path: Path, app: str, entry: Block, name: str, most: int) -> int:
    told = entry.text(name).strip()
    if not told:
        return 0
    if not (told.isascii() and told.isdigit() and len(told) < 16 and int(told) <= most):
        raise wrong(path, f"App {app}: its {name} {told[:40]!r} is no number that can be.", _COPY_IT)
    return int(told)


def _account(path: Path) -> str:
    """Whose file it is, where it lies where Steam keeps it; "" for a copy elsewhere."""
    whole = path.absolute()
    user, place = whole.parent.parent, whole.parent.parent.parent
    lies = whole.parent.name.lower() == "config" and place.name.lower() == "userdata"
    return user.name if lies and re.fullmatch(r"\d{1,20}", user.name) else ""


def _infos(path: Path, wanted: frozenset[int]) -> dict[int, AppInfo]:
    """What the apps are; nothing of what cannot be read, which costs no more than their names."""
    found: dict[int, AppInfo] = {}
    whole = path.absolute()
    for root in whole.parents[3:4]:
        appinfo = root / "appcache" / "appinfo.vdf"
        try:
            if appinfo.is_file():
                with appinfo.open("rb", buffering=0) as file:
                    for app in read_appinfo(file, wanted):
                        found[app.id] = app
        except (BinaryVdfError, OSError):
            return found
    return found

"""A moment as a person types it: a time, a date, or how long ago."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import typer

AGO = re.compile(r"(\d{1,9}(?:\.\d{1,3})?)\s*(s|min|m|h|d|w)")
"""``15m``, ``2h``, ``1.5d``."""
_UNITS = {"s": 1.0, "m": 60.0, "min": 60.0, "h": 3600.0, "d": 86_400.0, "w": 604_800.0}
_DAYS = {"today": 0, "yesterday": 1}
SINCE_HELP = "`15m`, `2h`, `3d` ago, `today`, `yesterday`, a date `2026-11-23` or a time `2026-11-23T20:15`."


def parse_moment(text: str, now: datetime) -> datetime:
    """The moment meant, in ``now``'s time zone unless the text names another; see ``SINCE_HELP``.

    Raises typer.BadParameter, which is wrong usage, where it cannot be understood.
    """
    said = text.strip().lower()
    try:
        if match := AGO.fullmatch(said):
            return now - timedelta(seconds=float(match.group(1)) * _UNITS[match.group(2)])
        if said in _DAYS:
            midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
            return midnight - timedelta(days=_DAYS[said])
        moment = datetime.fromisoformat(text.strip())
        return moment if moment.tzinfo is not None else moment.replace(tzinfo=now.tzinfo)
    except (ValueError, OverflowError) as error:
        raise typer.BadParameter(f"'{text}' is no moment. Say {SINCE_HELP}") from error

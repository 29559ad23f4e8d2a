"""Files as ActivityWatch, Playnite and Steam write them, for tests of the import."""

import json
from datetime import UTC, datetime

EVENING = datetime(2026, 3, 10, 18, tzinfo=UTC).timestamp()


def stamp(wall):
    return datetime.fromtimestamp(wall, UTC).isoformat()


def event(begin, seconds, **data):
    return {"id": 1, "timestamp": stamp(begin), "duration": seconds, "data": data}


def bucket(kind, events, host="pc"):
    return {"id": "b", "created": stamp(EVENING), "type": kind, "client": "c", "hostname": host, "events": events}


def activitywatch(path, *windows, away=(), **more):
    """``windows`` are (begin, seconds, app, title), ``away`` (begin, seconds)."""
    buckets = {
        "aw-watcher-window_pc": bucket("currentwindow", [event(b, s, app=a, title=t) for b, s, a, t in windows[::-1]]),
        "aw-watcher-afk_pc": bucket("afkstatus", [event(b, s, status="afk") for b, s in away]),
        **more,
    }
    path.write_text(json.dumps({"buckets": buckets}))
    return path


def playnite(path, *games):
    path.write_text(json.dumps(games))
    return path


def localconfig(steam, apps, account="4711"):
    """``apps`` are minutes and the last moment by app."""
    path = steam / "userdata" / account / "config" / "localconfig.vdf"
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = "".join(
        f'"{app}" {{ "Playtime" "{minutes}" "LastPlayed" "{last}" }}\n' for app, (minutes, last) in apps.items()
    )
    path.write_text(
        f'"UserLocalConfigStore" {{ "Software" {{ "valve" {{ "Steam" {{ "Apps" {{\n{rows}}} }} }} }} }}', "utf-8"
    )
    return path

"""Sessions that were played, for whoever needs a history with something in it."""

import time

from gamedetectd.domain import EndedBy, Evidence, Game, ProcessKey, Session, SessionEvent, SessionEventKind

KEY = ProcessKey("boot", 7, 7)


def played(*titles, ago=7_200.0):
    """The event that ended a session of each game, an hour after it began ``ago`` seconds ago."""
    began = time.time() - ago
    return [
        SessionEvent(
            f"e{number}",
            SessionEventKind.ENDED,
            began + 3_600.0,
            Session(
                f"s{number}",
                Game(f"name:{title.lower()}", title),
                began,
                10.0,
                KEY,
                (KEY,),
                (Evidence("desktop_entry", 3.0, f"{title} is listed among the games."),),
                0.9,
                began + 3_600.0,
                EndedBy.EXIT,
                1_800.0,
                1_700.0,
                100.0,
            ),
        )
        for number, title in enumerate(titles)
    ]

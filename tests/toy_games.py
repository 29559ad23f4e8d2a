"""Little games for tests of the whole: scripts with a desktop entry of their own, recognised like any other game."""

import hashlib
import subprocess
import sys
import time
from pathlib import Path


class ToyGames:
    """Games under ``place``; give ``env`` to the daemon so that it finds their desktop entries."""

    def __init__(self, place: Path, count=4):
        self.directory = place / "games"
        applications = place / "share" / "applications"
        self.directory.mkdir(parents=True)
        applications.mkdir(parents=True)
        # other tests may play at the same time: the daemon sees all of their games, so titles are of this place alone
        word = "".join(chr(ord("a") + digit % 26) for digit in hashlib.sha256(str(place).encode()).digest()[:6])
        self.titles = [f"Toy {word.capitalize()} Number {number}" for number in range(count)]
        for title in self.titles:
            script = self.path(title)
            script.write_text("#!/bin/sh\nsleep $1\nexit 0\n")
            script.chmod(0o755)
            entry = f'[Desktop Entry]\nType=Application\nName={title}\nExec="{script}" 1\nCategories=Game;\n'
            (applications / f"{script.name}.desktop").write_text(entry)
        self.env = {"XDG_DATA_DIRS": f"{place / 'share'}:/usr/share"}
        self.place = place

    def path(self, title):
        return self.directory / title.lower().replace(" ", "-")

    def among(self, rows):
        """The titles of these games that sessions in JSON are of, in their order."""
        return [row["game"]["title"] for row in rows if row["game"]["title"] in self.titles]

    def start(self, title, seconds, **account):
        command = [self.path(title), str(seconds)]
        return subprocess.Popen(command, start_new_session=True, stdin=subprocess.DEVNULL, **account)


class Play:
    """One run of a toy game, as the one who started it saw it; times are wall times."""

    def __init__(self, games, title, seconds):
        self.title = title
        self.before = time.time()
        self.process = games.start(title, seconds)
        self.started = time.time()
        self.ended = None

    def over(self):
        if self.ended is None and self.process.poll() is not None:
            self.ended = time.time()
        return self.ended is not None


if sys.platform == "win32":  # pragma: no cover
    raise ImportError("toy games are shell scripts")

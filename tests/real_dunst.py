"""Real dunst on a test's own bus and screen, asked by ``dunstctl`` as a person would."""

import json
import subprocess

from real_programs import eventually, find_program

CONFIG = """[global]
history_length = 100
markup = full
format = "<b>%s</b>\\n%b"
sort = no
monitor = 0
[urgency_low]
timeout = 0
[urgency_normal]
timeout = 0
[urgency_critical]
timeout = 0
"""


class Dunst:
    """``start`` after ``stop`` is another process of the same name on the bus."""

    def __init__(self, spawn, folder):
        self._spawn = spawn
        self.config = folder / "dunstrc"
        self.config.write_text(CONFIG)
        self.process = None

    def start(self):
        self.process = self._spawn("dunst", "-conf", self.config)
        eventually(lambda: self._asked("count", "displayed").returncode == 0, what="dunst answering")
        return self

    def stop(self):
        self.process.kill()
        self.process.wait(5)

    def displayed(self):
        return int(self._ask("count", "displayed"))

    def history(self):
        """Everything that is no longer on the screen, oldest first, as ``(title, body)``."""
        (entries,) = json.loads(self._ask("history"))["data"]
        return [(one["summary"]["data"], one["body"]["data"]) for one in reversed(entries)]

    @property
    def titles(self):
        return [title for title, _ in self.history()]

    def close_all(self):
        eventually(lambda: self._ask("close-all") == "" and self.displayed() == 0, what="every notification closing")

    def seen(self):
        """Everything so far: what is on the screen is put away for it."""
        self.close_all()
        return self.history()

    def click(self, place=0):
        self._ask("action", str(place))

    def _ask(self, *arguments):
        done = self._asked(*arguments)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def _asked(self, *arguments):
        return subprocess.run([find_program("dunstctl"), *arguments], capture_output=True, text=True, timeout=10)

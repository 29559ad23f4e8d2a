"""Plays recipes and captures them: frames of real programs, for learning and measuring.

    python packaging/models/record.py --to DIRECTORY [--display 91] [--jobs 4] [NAME…]

Each session of a recipe (``recipes.json``) has an Xvfb and openbox of its own, which end with it, and with them
whatever it left on the screen; it is played with random keys and clicks (the same for the same name and session), and
its largest window captured; frames are 416 px on the long side, JPEG 87. What was recorded before is kept. Needs
Debian's xvfb and openbox and each recipe's packages; Pillow and python-xlib.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import closing
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from PIL import Image, ImageStat
from screens import Screen, displayed, environment, running
from Xlib import error

RECIPES = Path(__file__).with_name("recipes.json")
LONG_SIDE = 416
QUALITY = 87
KEYS = ["Return", "space", "Up", "Down", "Left", "Right", "Up", "Right", "Left", "x", "z", "Return", "a", "s", "d", "w"]
BROKEN = (error.XError, error.DisplayError, error.ConnectionClosedError, OSError, subprocess.TimeoutExpired)
"""What comes of a program that takes its display or itself along."""

Recipe = Mapping[str, Any]
Row = dict[str, Any]
"""Of a session, as the manifest has it."""


def command_of(recipe: Recipe) -> list[str]:
    """What is started; ``$CHECKOUT`` stands for this repository's directory."""
    checkout = str(Path(__file__).resolve().parents[2])
    return [part.replace("$CHECKOUT", checkout) for part in shlex.split(recipe["command"])]


def played(screen: Screen, recipe: Recipe, chance: random.Random, place: tuple[int, int, int, int]) -> None:
    """One or two things that a person might do; the recipe's ``script`` first."""
    for _ in range(chance.randint(1, 2)):
        if chance.random() < recipe.get("mouse", 0.4):
            screen.click(
                *(round(at + long * chance.uniform(0.06, 0.94)) for at, long in zip(place[:2], place[2:], strict=True))
            )
        elif recipe.get("keys", KEYS):
            screen.key(chance.choice(recipe.get("keys", KEYS)), chance.uniform(0.03, 0.4))


def record(name: str, recipe: Recipe, session: str, to: Path, number: int) -> Row:
    """One session of one recipe, on that display: its row for the manifest, with no frames where it showed nothing."""
    chance = random.Random(session)
    place = to / "frames" / session
    place.mkdir(parents=True, exist_ok=True)
    rows: list[Row] = []
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home,
        (to / "log.txt").open("ab") as log,
        displayed(number, log),
        running(command_of(recipe), environment(home, number, recipe.get("environment", {})), home, log) as program,
        closing(Screen(f":{number}")) as screen,
    ):
        began = time.monotonic()
        while not screen.largest() and program.poll() is None and time.monotonic() - began < recipe.get("wait", 20):
            time.sleep(0.3)
        time.sleep(recipe.get("settle", 2.0))
        if recipe.get("maximised"):
            screen.maximise()
        for key in recipe.get("script", []):
            screen.key(key, 0.1)
            time.sleep(0.8)
        for _ in range(2 * recipe.get("frames", 12)):
            found = screen.largest()
            if len(rows) == recipe.get("frames", 12) or (found is None and program.poll() is not None):
                break
            if found is not None:
                rows += _kept(screen.picture(found[1]), place, len(rows), time.monotonic() - began, found)
                played(screen, recipe, chance, found[1])
            time.sleep(recipe.get("every", 0.8))
    family = recipe.get("family", name)
    return {"session": session, "name": name, "class": recipe["class"], "family": family, "frames": rows}


def _kept(picture: Image.Image, place: Path, number: int, seconds: float, found: Any) -> list[Row]:
    """Writes a frame that is not of one colour; its row."""
    if max(ImageStat.Stat(picture).stddev) < 3:
        return []
    picture.thumbnail((LONG_SIDE, LONG_SIDE), Image.Resampling.BOX)
    path = place / f"{number:03d}.jpg"
    picture.save(path, "JPEG", quality=QUALITY)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return [
        {"file": path.name, "t": round(seconds, 1), "window": list(found[1]), "title": found[2][:60], "sha256": digest}
    ]


def missing(names: list[str], recipes: Mapping[str, Recipe], had: set[str]) -> list[tuple[str, str]]:
    """Name and session of what was not recorded yet and is installed."""
    search = environment("/", 0, {})["PATH"]
    return [
        (name, session)
        for name in names
        for session in (name, f"{name}@2")[: recipes[name].get("sessions", 1)]
        if session not in had and shutil.which(command_of(recipes[name])[0], path=search)
    ]


def side_by_side(
    chosen: argparse.Namespace, recipes: Mapping[str, Recipe], jobs: list[tuple[str, str]]
) -> Iterator[Row]:
    """Record them, ``chosen.jobs`` at a time, each on a display of its own; their rows as they come."""
    end = time.monotonic() + 60 * chosen.minutes
    displays: SimpleQueue[int] = SimpleQueue()
    for number in range(chosen.jobs):
        displays.put(chosen.display + number)

    def one(name: str, session: str) -> Row | None:
        number = displays.get()
        try:
            return record(name, recipes[name], session, chosen.to, number) if time.monotonic() < end else None
        except BROKEN as reason:
            print(f"{session}: {reason}", flush=True)
            return None
        finally:
            displays.put(number)

    with ThreadPoolExecutor(chosen.jobs) as pool:
        try:
            for future in as_completed([pool.submit(one, *job) for job in jobs]):
                if (row := future.result()) is not None:
                    yield row
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def main() -> None:
    """Record what is missing."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("names", nargs="*")
    ask.add_argument("--to", type=Path, required=True)
    ask.add_argument("--display", type=int, default=91)
    ask.add_argument("--recipes", type=Path, default=RECIPES)
    ask.add_argument("--jobs", type=int, default=1, help="programs side by side, each on a display of its own")
    ask.add_argument("--minutes", type=float, default=600, help="begin no session after so many")
    chosen = ask.parse_args()
    recipes: dict[str, Recipe] = json.loads(chosen.recipes.read_text())
    if unknown := set(chosen.names) - set(recipes):
        ask.error(f"not in {chosen.recipes}: {', '.join(sorted(unknown))}")
    chosen.to.mkdir(parents=True, exist_ok=True)
    manifest = chosen.to / "manifest.json"
    done: list[Row] = json.loads(manifest.read_text()) if manifest.exists() else []
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what runs is ended, too
    jobs = missing(chosen.names or list(recipes), recipes, {row["session"] for row in done})
    for row in side_by_side(chosen, recipes, jobs):
        print(row["session"], len(row["frames"]), flush=True)
        if len(row["frames"]) >= 5:
            done.append(row)
            manifest.write_text(json.dumps(done, indent=1) + "\n")


if __name__ == "__main__":
    main()

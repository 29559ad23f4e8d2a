"""How many title screens are read right, wrong or not at all: ``python title_screens.py ../../../shared/vision``.

The reader's thresholds were chosen on one half of the programs and frozen; the other half was read once. Which half is
whose follows from the program's name. Three catalogues are tried: the one that comes with gamedetectd, the same with
every program's title, and the same with none of them, where every title that is told is a wrong one.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from gamedetectd.catalogue.builtin import each_builtin
from gamedetectd.detection.content_titles import content_titles
from gamedetectd.vision.child import files
from gamedetectd.vision.child.reading import Text
from gamedetectd.vision.child.titles import Line, Titles, squeezed

HALVES = ("development", "test")


def half_of(program: str) -> str:
    """Which half a program belongs to, for ever."""
    return HALVES[hashlib.sha256(program.encode()).digest()[0] % 2]


def read(pictures: Sequence[Path]) -> dict[str, list[Line]]:
    """The lines of each picture, by its file's name."""
    text = Text()
    return {picture.stem: text.lines(files.read(picture)) for picture in pictures}


def catalogues(titles: Sequence[str]) -> Iterator[tuple[str, Titles]]:
    """The three that are tried."""
    shipped = [*content_titles(), *(game.title for game in each_builtin())]
    own = {squeezed(title) for title in titles}
    for name, known in (
        ("as shipped", shipped),
        ("with all titles", [*shipped, *titles]),
        ("with none of them", [title for title in shipped if squeezed(title) not in own]),
    ):
        catalogue = Titles()
        catalogue.add(known)
        yield name, catalogue


def outcome(told: Sequence[str], title: str) -> str:
    """What came of a program's pictures together: one wrong title outweighs any number of right ones."""
    if any(squeezed(one) != squeezed(title) for one in told):
        return "wrong"
    return "right" if told else "silent"


def applications(data: Path, titles: Sequence[str]) -> str:
    """What is told of one picture of each application, twice as large as it was recorded; nothing should be."""
    text, told, looked = Text(), [], 0
    catalogue = next(one for name, one in catalogues(titles) if name == "with all titles")
    for session in json.loads((data / "manifest.json").read_text()):
        frames = session["frames"] if session["class"] == "app" else []
        if frames:
            file = data / "frames" / session["session"] / frames[len(frames) // 2]["file"]
            pixels = files.read(file)
            looked += 1
            match = catalogue.find(text.lines(pixels.repeat(2, axis=0).repeat(2, axis=1)))
            told += [f"{session['session']}: {match.title}"] if match is not None else []
    return f"{looked} applications, told of {len(told)} {told or ''}"


def main() -> None:
    """Print a table; each row a half and a catalogue."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("data", type=Path, help="the directory with titles.json and title-screens/")
    arguments.add_argument("--half", choices=HALVES, help="only this half")
    arguments.add_argument("--applications", action="store_true", help="pictures of applications instead")
    arguments.add_argument("--tell", action="store_true", help="also each title that was told")
    given = arguments.parse_args()
    place = given.data / "title-screens"
    titles: dict[str, str] = json.loads((given.data / "titles.json").read_text())
    if given.applications:
        print(applications(given.data, list(titles.values())))
        return
    halves = [half for half in HALVES if given.half in (None, half)]
    programs = {half: [one for one in sorted(titles) if half_of(one) == half] for half in halves}
    lines = read(
        [file for half in halves for one in programs[half] for file in sorted(place.glob(f"{one}-[0-9]*.jpg"))]
    )
    print("| half | catalogue | programs | right | wrong | silent | pictures | right | wrong |\n" + "|---" * 9 + "|")
    for half in halves:
        for name, catalogue in catalogues(list(titles.values())):
            count = dict.fromkeys(("right", "wrong", "silent"), 0)
            pictures = [0, 0, 0]
            for program in programs[half]:
                told = []
                for picture in (one for one in lines if one.rpartition("-")[0] == program):
                    match = catalogue.find(lines[picture])
                    pictures[0] += 1
                    if match is not None:
                        told.append(match.title)
                        pictures[1 + (outcome([match.title], titles[program]) == "wrong")] += 1
                        if given.tell:
                            print(f"{picture}: {match.title} (of {match.text!r}, {match.likeness})")
                count[outcome(told, titles[program])] += 1
            row = (half, name, len(programs[half]), *count.values(), *pictures)
            print("| " + " | ".join(map(str, row)) + " |")


if __name__ == "__main__":
    main()

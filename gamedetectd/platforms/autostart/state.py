"""All ways of starting at login seen together: whether it starts, once and from here, and what is wrong if not.

The tray and the command line ask ``autostart_state`` and call ``set_autostart``; nothing else is for them.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from gamedetectd.errors import AutostartError
from gamedetectd.i18n import _
from gamedetectd.paths import HOME_VARIABLE
from gamedetectd.platforms.autostart.mechanism import OWN_DOING, Entry, Mechanism, OffBy, Problem
from gamedetectd.platforms.autostart.program import Program


@dataclass(frozen=True, slots=True)
class AutostartState:
    """``on``: gamedetectd starts at the next login. ``mechanism`` and ``place`` say how, "" where it does not.

    ``command`` is what would be started, or what switching on would have started. ``off_by`` is who switched it off
    where a person did not by our own command. ``blocked`` is a sentence saying why it cannot be changed here, or "".
    """

    on: bool
    mechanism: str
    place: str
    command: str
    this_program: bool
    off_by: OffBy | None
    blocked: str
    entries: tuple[Entry, ...]
    problems: tuple[Problem, ...]


def state_of(
    mechanisms: Sequence[Mechanism], program: Program, environment: Mapping[str, str] = os.environ
) -> AutostartState:
    """What ``mechanisms`` have, seen together."""
    standings = [mechanism.status() for mechanism in mechanisms]
    entries = tuple(entry for standing in standings for entry in standing.entries)
    working = [entry for entry in entries if entry.works]
    best = next((entry for entry in working if entry.this_program), working[0] if working else None)
    off_by = next((entry.off_by for entry in entries if entry.off_by and entry.off_by not in OWN_DOING), None)
    reasons = [mechanism.unsupported_reason() for mechanism in mechanisms[:1]]
    return AutostartState(
        on=best is not None,
        mechanism=best.mechanism if best else "",
        place=best.place if best else "",
        command=best.command if best else " ".join(program.command()),
        this_program=best is not None and best.this_program,
        off_by=None if best else off_by,
        blocked=_blocked(reasons, entries, best),
        entries=entries,
        problems=(
            *_problems(entries, working),
            *(problem for standing in standings for problem in standing.problems),
            *_of_the_home(working, environment),
        ),
    )


def change(mechanisms: Sequence[Mechanism], program: Program, chosen: str, *, on: bool, everything: bool) -> None:
    """Have the mechanism ``chosen`` start this program at login and no other do it, or none at all.

    Raises AutostartError with cause and remedy, also for what the system refused.
    """
    try:
        if on:
            _refuse_passing(program)
            next(each for each in mechanisms if each.name == chosen).turn_on(program.command())
        for mechanism in mechanisms:
            if not on or mechanism.name != chosen:
                mechanism.turn_off(everything=everything)
    except OSError as error:
        place = f"{error.filename} cannot be changed" if error.filename else "The system refused the change"
        raise AutostartError(
            f"{place}: {error.strerror or error}.", "Look at who owns it and whether the disk is full or read-only."
        ) from error


def _blocked(reasons: Sequence[str | None], entries: Sequence[Entry], best: Entry | None) -> str:
    if best is None and any(entry.off_by is OffBy.POLICY for entry in entries):
        return _("A group policy of this computer forbids it.")
    return next((reason for reason in reasons if reason), "") if best is None else ""


def _problems(entries: Sequence[Entry], working: Sequence[Entry]) -> Iterator[Problem]:
    if len(working) > 1:
        places = ", ".join(entry.place for entry in working)
        what = _("More than one thing would start it: {places}.").format(places=places)
        yield Problem("twice", what, _mending(for_all=any(entry.for_all for entry in working)))
    for entry in entries:
        if entry.off_by is None and entry.missing:
            what = _("{place} starts nothing: {missing} is missing or cannot be run.")
            either = _("Run `gamedetectd autostart on` to mend it, or `gamedetectd autostart off --all` to remove it.")
            remedy = _mending(for_all=True) if entry.for_all else either
            yield Problem("gone", what.format(place=entry.place, missing=entry.missing), remedy)
        elif entry.works and not entry.this_program:
            what = _("{place} starts another gamedetectd than this one: {command}")
            remedy = _mending(for_all=entry.for_all)
            yield Problem("another", what.format(place=entry.place, command=entry.command), remedy)
        elif entry.off_by and entry.off_by not in OWN_DOING and not working:
            yield _switched_off(entry, entry.off_by)


def _switched_off(entry: Entry, off_by: OffBy) -> Problem:
    what = _("{place} was switched off ({who}).").format(place=entry.place, who=_(off_by.value))
    asked = _("Ask the people who manage this computer.") if off_by is OffBy.POLICY else _mending()
    return Problem("switched-off", what, asked)


def _mending(*, for_all: bool = False) -> str:
    if for_all:
        return _("Have an administrator of this computer remove it.")
    return _("Run `gamedetectd autostart on`.")


def _of_the_home(working: Sequence[Entry], environment: Mapping[str, str]) -> Iterator[Problem]:
    if working and environment.get(HOME_VARIABLE):
        yield Problem(
            "home-variable",
            _("{variable} is set here. What starts at login has it only if the whole session does.").format(
                variable=HOME_VARIABLE
            ),
            _("Set it for the session, or unset it to see what starts at login."),
        )


def _refuse_passing(program: Program) -> None:
    """Raise AutostartError where this program will not be found at login.

    Python may find us only because of the directory it was started in; macOS runs what was downloaded and not moved yet
    from a place made for this one time.
    """
    if "/AppTranslocation/" in program.argv[0]:
        raise AutostartError(
            "macOS runs gamedetectd from a place of its own as long as it was not moved since it was downloaded.",
            "Move it to the Applications folder, start it from there and switch this on again.",
        )
    package = Path(__file__).resolve().parents[3]
    by_module = program.argv[1:2] == ("-m",)
    if by_module and package in _resolved(sys.path[:1]) and package not in _resolved(sys.path[1:]):
        raise AutostartError(
            f"gamedetectd is not installed: it runs from {package}, where no Python looks at login.",
            f"Install it: {program.argv[0]} -m pip install {package}",
        )


def _resolved(paths: Sequence[str]) -> set[Path]:
    return {Path(each or os.curdir).resolve() for each in paths}

"""Programs that are known not to be games: what each is, and what confirms it.

Names are spelled as ``paths.key`` spells them: lower case, no ``.exe``, no blanks, no underscores. They are facts about
programs people meet every day; a name here never needs a second look.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from gamedetectd.detection.tables.known_parts import HELPERS, LAUNCHERS, SERVERS
from gamedetectd.detection.tables.known_programs import APPLICATIONS, BENCHMARKS, SCREENSAVERS
from gamedetectd.detection.tables.known_system import SYSTEM

SOURCES: Mapping[str, str] = {
    "debian": "A program or package of Debian 12 has this name.",
    "wine": "Wine brings Windows' program under its own name.",
    "lolbas": "The LOLBAS project lists it among the programs that come with Windows.",
    "ananicy": "The process rules of CachyOS (ananicy-rules) say what it is.",
    "discord": "Discord's list of November 2022 has it, as a launcher or as the application that it is.",
    "github": "The public source of another program lists it among those that are no games, or names its application.",
    "unconfirmed": "Nothing but our own knowledge.",
}
"""What confirms a name, by the word that stands before it in the tables."""

_COMMON_WORDS = """
action arc atom attract audition awesome badlion blend bolt books brackets bridge browser bubbles butler calendar
carla celluloid cheese cider clementine clock codex construct contacts contour control corona deluge
dictionary discover display ditto dock dragon eagle eclipse element elevate epiphany etcher everything evolution
feather fences fleet fling flux foot fork gaea grass groove helix houdini humble hydrogen hyper hyperion igor immersed
infinity insomnia inventor kindle kitty ladybird lazarus legendary line lively loot luna lychee lynx maple maps marble
mari maya medal meld memu messages micro min moc modo movies murmur music mystify nano nautilus nemesis nemo
nightshade nile nitrogen notes nuke nyxt obsidian octopi opera origin parabolic parole peace peek perplexity photos
piper pix planner polly poser postbox preview processing proteus purple quark radiant ranger rare reaper redshift
resolve resources rhino ribbons ricochet rider rio river sage sanctuary sandbox scarab shadow shortcuts shutter
signal simulator sketch slack spark spectacle spine squirrel start station stickies strawberry sunshine surf teams
teapot terminal terminator terminology thorium tidal tiled totem tower tracy trainer tropics twine udk valley vanguard
variety view vinegar visit warp whale zed zen zoom
"""

COMMON_WORDS = frozenset(_COMMON_WORDS.split())
"""Names in ``KNOWN`` that are ordinary words, so that a game may bear them too: they weigh less."""

_BLOCKS = {
    "application": APPLICATIONS,
    "system": SYSTEM,
    "benchmark": BENCHMARKS,
    "screensaver": SCREENSAVERS,
    "server": SERVERS,
    "helper": HELPERS,
    "launcher": LAUNCHERS,
}


def _names(block: str) -> Iterator[tuple[str, str]]:
    """The names of a block, each with the source that heads it."""
    source = ""
    for word in block.split():
        if word.startswith("@"):
            source = word[1:]
        else:
            yield word, source


KNOWN: Mapping[str, str] = {name: kind for kind, block in _BLOCKS.items() for name, _ in _names(block)}
"""What a program is, by its key."""


def confirmed_by() -> Mapping[str, str]:
    """The source in ``SOURCES`` that says so, by the program's key."""
    return {name: source for block in _BLOCKS.values() for name, source in _names(block)}


SENTENCES: Mapping[str, str] = {
    "application": "{name} is an application, not a game.",
    "system": "{name} belongs to the operating system.",
    "benchmark": "{name} is a benchmark or a graphics demo, not a game.",
    "screensaver": "{name} is a screensaver.",
    "server": "{name} is a server: it runs a game for others, nobody plays in it.",
    "helper": "{name} is a helper that games and launchers bring along, not a game.",
    "launcher": "{name} starts or streams games, it is not one itself.",
}

"""What a large collection costs: 10,000 installed games are read once, and never again while nothing changes."""

import time

import pytest
from measuring import slowness

from gamedetectd.domain import System
from gamedetectd.library.room import Library
from gamedetectd.library.stores import readers
from gamedetectd.library.surroundings import Surroundings

pytestmark = pytest.mark.performance

GAMES = 10_000
MANIFEST = """"AppState"
{{
\t"appid"\t\t"{number}"
\t"Universe"\t\t"1"
\t"name"\t\t"Lantern Drift {number}"
\t"StateFlags"\t\t"4"
\t"installdir"\t\t"Lantern Drift {number}"
\t"LastUpdated"\t\t"1700000000"
\t"SizeOnDisk"\t\t"123456789"
\t"buildid"\t\t"1"
\t"InstalledDepots"
\t{{
\t\t"{number}"
\t\t{{
\t\t\t"manifest"\t\t"1234567890123456789"
\t\t\t"size"\t\t"123456789"
\t\t}}
\t}}
\t"UserConfig"
\t{{
\t\t"language"\t\t"english"
\t}}
}}
"""


@pytest.fixture
def collection(tmp_path):
    """A home with a Steam library of 10,000 games."""
    steamapps = tmp_path / ".local/share/Steam/steamapps"
    (steamapps / "common").mkdir(parents=True)
    for number in range(1000, 1000 + GAMES):
        (steamapps / f"appmanifest_{number}.acf").write_text(MANIFEST.format(number=number))
        (steamapps / "common" / f"Lantern Drift {number}").mkdir()
    return tmp_path


def timed(what):
    """Seconds of this process's CPU: others on the machine do not count."""
    started = time.process_time()
    what()
    return time.process_time() - started


def test_ten_thousand_installed_games_are_read_in_two_seconds_and_not_again(collection, measured):
    library = Library(readers(Surroundings(System.LINUX, collection)), monotonic=lambda: 0.0)  # it never rests
    first = timed(library.refresh)
    assert len(library.games()) == GAMES
    again = min(timed(library.refresh) for _ in range(3))
    path = (str(collection / ".local/share/Steam/steamapps/common/Lantern Drift 7777/bin/game"),)
    assert [game.id for game in library.look_up(path)] == ["7777"]
    count = 10_000
    look_up = timed(lambda: [library.look_up(path) for _ in range(count)]) / count
    measured("10,000 installed games: read / looked at again / one look-up", "2 s of CPU / a fifth of reading / 50 µs",
             f"{first:.2f} s / {again:.3f} s (1/{first / again:.0f}) / {look_up * 1e6:.1f} µs")  # fmt: skip
    assert first < 2.0 * slowness()
    assert again < first / 5
    assert look_up < 50e-6 * slowness()

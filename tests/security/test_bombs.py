"""Bombs: small files that would fill the memory or take for ever. Every parser ends soon, and as declared."""

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest
from store_homes import linux, write

from gamedetectd.library.stores import STORES


@pytest.mark.skipif(sys.platform == "win32", reason="the limit on memory is Unix'")
@pytest.mark.timeout(100)
def test_every_parser_ends_soon_on_every_bomb_and_needs_little():
    done = subprocess.run(
        [sys.executable, Path(__file__).with_name("bombs.py")], capture_output=True, text=True, timeout=90, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    outcome = json.loads(done.stdout)
    assert outcome["broken"] == []
    seconds, slowest = outcome["slowest"]
    assert seconds < 5.0, slowest
    assert outcome["memory"] < 600, "megabytes"


def test_a_games_arguments_that_never_end_hold_nobody_up(tmp_path):
    write(tmp_path / ".local/share/lutris/games/a-1.yml", f'name: A\ngame: {{exe: /g/a, args: "{"x" * 3_000_000}"}}\n')
    began = time.process_time()
    STORES["lutris"](linux(tmp_path)).load()
    assert time.process_time() - began < 5.0


def test_an_own_file_that_is_a_bomb_is_told_and_the_earlier_stays_in_force(tmp_path):
    from gamedetectd.config import check_file, load_rules
    from gamedetectd.paths import Paths

    paths = Paths.below(tmp_path)
    paths.config.mkdir(mode=0o700)
    for bomb in (b"a = " + b"[" * 200_000, b"[a]\n" * 200_000, b"a = " + b"9" * 900_000, b"x" * 2_000_000):
        paths.settings_file.write_bytes(bomb)
        paths.rules_file.write_bytes(bomb)
        began = time.process_time()
        assert check_file(paths, {})
        assert load_rules(paths.rules_file)[1]
        assert time.process_time() - began < 5.0

"""Lists of games by somebody who means harm: bombs, endless nesting, texts that act on a terminal; and a full disk."""

import json
import os
import sqlite3
import subprocess
import sys
import time

import pytest
from catalogue_samples import write_manifest

from gamedetectd.catalogue.importing import import_file, in_force
from gamedetectd.catalogue.memory import Memory
from gamedetectd.catalogue.room import Room
from gamedetectd.errors import CatalogueError, PermissionsError

EVIL = "Fine\x1b]0;owned\x07\x1b[31m\u202eyaD\r\n[red]"
GOOD = "Fine:\n  installDir: {fine: {}}\n"


def bomb(levels=12):
    """Each anchor holds nine of the one before: beyond counting where anybody unfolds it."""
    lines = ["a0: &a0 {installDir: {x: {}}}"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, levels)]
    return "\n".join(lines) + "\n"


BOMBS = {
    "a bomb of aliases": lambda: bomb().encode(),
    "nested a million deep": lambda: b"a: " + b"[" * 1_000_000,
    "mappings a million deep": lambda: b"a: " + b"{a: " * 1_000_000,
    "nested in JSON": lambda: b"[" + b'{"id":' * 500_000,
    "many titles of nothing": lambda: b"".join(b"t%d: {}\n" % number for number in range(200_000)),
    "one title of many programs": lambda: (
        b"t:\n  launch:\n" + b"".join(b'    "<base>/p%d.exe": []\n' % n for n in range(200_000))
    ),
    "one program of a hundred thousand titles": lambda: b"".join(
        b't%d: {launch: {"<base>/game.exe": []}}\n' % n for n in range(100_000)
    ),
    "a line without end": lambda: b"a: '" + b"x" * 30_000_000,
    "NULs": lambda: b"a: \0\0\0",
    "a number of a million digits": lambda: b'[{"id": ' + b"9" * 1_000_000 + b', "name": "x"}]',
    "a tag that would run something": lambda: (
        b"a: !!python/object/apply:os.system ['touch /tmp/never']\n" + GOOD.encode()
    ),
}


@pytest.mark.timeout(110)
@pytest.mark.parametrize("name", BOMBS)
def test_it_ends_soon_in_a_list_or_in_a_reason(tmp_path, name):
    place = tmp_path / "c"
    (tmp_path / "good").write_text(GOOD)
    import_file(tmp_path / "good", place)
    file = tmp_path / "bomb"
    file.write_bytes(BOMBS[name]())
    started = time.monotonic()
    refused = None
    try:
        about = import_file(file, place)
    except CatalogueError as error:
        refused = error
    if refused is None:
        assert about.titles >= 1
    else:
        assert refused.remedy
        assert str(file) in refused.cause
        assert in_force(place, "ludusavi").titles == 1
    assert time.monotonic() - started < 100
    room = Room(Memory(tuple), place)
    assert len(room.look_up(["game.exe", "p1.exe"], ["fine", "x"])) <= 64
    assert room.problem() is None
    room.close()


def gamedetectd(home, *arguments, given=b""):
    return subprocess.run(
        [sys.executable, "-m", "gamedetectd", *arguments],
        env={**os.environ, "GAMEDETECTD_HOME": str(home), "COLUMNS": "100"},
        input=given,
        capture_output=True,
        timeout=90,
        check=False,
    )


def test_nothing_in_a_list_acts_on_the_terminal(tmp_path):
    file = tmp_path / f"list{EVIL.replace('/', '')}.yaml"
    file.write_text(
        f"{json.dumps(EVIL)}: {{launch: {{'<base>/finegame2000.exe': []}}, installDir: {{fine game two: {{}}}}}}\n"
    )
    (tmp_path / "facts").write_text(
        json.dumps({"id": 1, "os": "windows", "processes": [{"exe": "D:\\Fine Game Two\\finegame2000.exe"}]})
    )
    said = b""
    for arguments in (
        ("catalogue", "import", str(file)),
        ("catalogue", "status"),
        ("catalogue", "status", "--json"),
        ("judge", str(tmp_path / "facts"), "--catalogue", str(file)),
        ("catalogue", "import", str(tmp_path / f"missing{EVIL.replace('/', '')}")),
    ):
        done = gamedetectd(tmp_path / "home", *arguments)
        assert b"Traceback" not in done.stderr
        said += done.stdout + done.stderr
    assert b"Fine" in said
    for acts in (b"\x1b", b"\x07", b"\xe2\x80\xae", b"\r"):
        assert acts not in said


def test_a_full_disk_leaves_the_earlier_list(tmp_path):
    place = tmp_path / "small"
    place.mkdir(mode=0o700)
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=300k,mode=0700", "tmpfs", place], capture_output=True)
    if done.returncode != 0:
        pytest.skip(f"a small disk cannot be mounted here: {done.stderr.decode().strip()}; run the tests as root")
    try:
        (tmp_path / "good").write_text(GOOD)
        good = import_file(tmp_path / "good", place / "c")
        with pytest.raises(CatalogueError, match=r"full|written|space"):
            import_file(write_manifest(tmp_path / "big", 5_000), place / "c")
        assert in_force(place / "c", "ludusavi") == good
        assert [file.name for file in (place / "c").iterdir()] == ["ludusavi.1.index"]
    finally:
        subprocess.run(["umount", "-l", place], check=False)


def test_a_place_that_others_may_write_is_refused(tmp_path):
    if sys.platform == "win32":
        pytest.skip("modes say nothing on Windows")
    place = tmp_path / "open"
    place.mkdir()
    place.chmod(0o777)
    (tmp_path / "good").write_text(GOOD)
    with pytest.raises(PermissionsError):
        import_file(tmp_path / "good", place / "c")


def test_an_index_with_a_view_in_place_of_a_table_runs_nothing(tmp_path):
    """A view could count for ever when it is asked; it is refused before it is."""
    (tmp_path / "good").write_text(GOOD)
    import_file(tmp_path / "good", tmp_path / "c")
    evil = tmp_path / "evil"
    evil.write_bytes((tmp_path / "c" / "ludusavi.1.index").read_bytes())
    database = sqlite3.connect(evil, isolation_level=None)
    database.execute("DROP TABLE keys")
    database.execute(
        "CREATE VIEW keys AS WITH RECURSIVE n(key, sharing, games) AS"
        " (SELECT 'a', 1, x'00000000' UNION ALL SELECT key || 'a', 1, games FROM n) SELECT * FROM n"
    )
    database.close()
    started = time.monotonic()
    with pytest.raises(CatalogueError, match="tables"):
        import_file(evil, tmp_path / "c")
    assert time.monotonic() - started < 5

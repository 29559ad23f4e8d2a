"""``library``: what a person and a program see of what is installed here."""

import json
import os
import re
import subprocess
import sys

import pytest

MANIFEST = (
    '"AppState"\n{\n"appid" "620"\n"name" "Portal \\"2\\" [bold]x[/]"\n"StateFlags" "4"\n"installdir" "Portal 2"\n}\n'
)


@pytest.fixture
def home(tmp_path):
    """A home with one game of Steam's, and a manifest that is damaged."""
    steamapps = tmp_path / ".local/share/Steam/steamapps"
    (steamapps / "common/Portal 2").mkdir(parents=True)
    (steamapps / "appmanifest_620.acf").write_text(MANIFEST)
    (steamapps / "appmanifest_7.acf").write_bytes(bytes(100))
    return tmp_path


def gd(home, *arguments, columns="200", group="library"):
    environment = {
        "HOME": str(home),
        "PATH": os.environ["PATH"],
        "XDG_DATA_DIRS": str(home / "share"),
        "GAMEDETECTD_HOME": str(home / "gd"),
    } | ({"COLUMNS": columns} if columns else {})
    return subprocess.run(
        [sys.executable, "-m", "gamedetectd", group, *arguments], env=environment, capture_output=True, text=True
    )


def test_a_person_sees_title_store_directory_and_what_is_wrong(home):
    done = gd(home, "list", "--store", "steam")
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    row = next(line for line in done.stdout.splitlines() if "steam" in line and "Portal" in line)
    assert 'Portal "2" [bold]x[/]' in row
    assert row.rstrip().endswith("common/Portal 2")
    assert "1 installed game." in done.stdout
    assert "appmanifest_7.acf" in done.stdout
    assert "zeros" in done.stdout


def test_long_places_are_never_cut_off(home):
    deep = home / ".local/share/Steam/steamapps/common" / ("long-" * 30)
    (home / ".local/share/Steam/steamapps/common/Portal 2").rename(deep)
    manifest = home / ".local/share/Steam/steamapps/appmanifest_620.acf"
    manifest.write_text(MANIFEST.replace("Portal 2", deep.name))
    narrow = gd(home, "list", "--store", "steam", columns="80").stdout
    assert "…" not in narrow
    assert max(map(len, narrow.splitlines())) <= 80
    piped = gd(home, "list", "--store", "steam", columns="").stdout
    assert [line.rstrip().endswith(str(deep)) for line in piped.splitlines() if "Portal" in line] == [True]


@pytest.mark.skipif(sys.platform != "linux", reason="processes are looked at")
def test_who_asks_for_something_else_hears_nothing_of_damaged_files(home):
    for group, *arguments in (("scan",), ("explain", str(os.getpid()))):
        done = gd(home, *arguments, group=group)
        assert (done.returncode, done.stderr) == (0, "")


def test_a_program_sees_the_same(home):
    seen = json.loads(gd(home, "list", "--store", "steam", "--json").stdout)
    [game] = seen["games"]
    place = str(home / ".local/share/Steam/steamapps/common/Portal 2")
    assert game == {"store": "steam", "id": "620", "title": 'Portal "2" [bold]x[/]', "install_dir": place}
    [problem] = seen["problems"]
    assert problem["store"] == "steam"
    assert problem["place"].endswith("appmanifest_7.acf")
    assert problem["remedy"]
    assert seen["stores"]["gog"]["nothing"].endswith(".")


def test_one_store_alone_and_a_store_that_is_none(home):
    assert json.loads(gd(home, "list", "--store", "gog", "--json").stdout)["games"] == []
    assert "No installed games" in gd(home, "list", "--store", "gog").stdout
    wrong = gd(home, "list", "--store", "steem")
    assert wrong.returncode == 2
    assert "steam" in wrong.stderr


def test_every_store_says_how_many_or_why_none(home):
    lines = gd(home, "list", "--stores").stdout.splitlines()
    assert next(line for line in lines if line.startswith("steam")).split()[1] == "1"
    assert "not installed here" in next(line for line in lines if line.startswith("lutris"))


def test_refresh_without_a_daemon_says_what_there_is(home):
    done = gd(home, "refresh")
    assert done.returncode == 0
    assert "does not run" in done.stdout
    assert re.search(r"\d+ installed games? and 1 problem\.", done.stdout)

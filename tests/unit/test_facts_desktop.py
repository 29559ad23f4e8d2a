"""Desktop entries: which one a running program was started from, and what broken files and directories do."""

import os
import time

import pytest
from facts_samples import chain, desktop_file, make_pipe, process
from hypothesis import given
from hypothesis import strategies as st

from gamedetectd.domain import DesktopEntry, Facts, Window
from gamedetectd.facts.desktop_entries import DesktopEntrySource
from gamedetectd.facts.desktop_files import parse_entry
from gamedetectd.facts.desktop_index import RECHECK_SECONDS, DesktopIndex, data_directories

pytestmark = pytest.mark.skipif(os.name != "posix", reason="desktop entries belong to Unix desktops")


@pytest.fixture
def applications(tmp_path):
    """A directory of desktop files like a well-filled desktop's."""
    where = tmp_path / "applications"
    entries = {
        "supertux2": {"Name": "SuperTux 2", "Exec": "supertux2"},
        "sky": {"Name": "Beneath a Steel Sky", "Exec": "/usr/games/sky"},
        "scummvm": {"Name": "ScummVM", "Exec": "scummvm", "StartupWMClass": "scummvm"},
        "frozen-bubble": {"Name": "Frozen-Bubble", "Exec": "frozen-bubble"},
        "pychess": {"Name": "PyChess", "Exec": "env UBUNTU_MENUPROXY= pychess"},
        "armagetron": {"Name": "Armagetron Advanced", "Exec": "armagetronad %f"},
        "freecol": {"Name": "FreeCol", "Exec": "freecol", "StartupWMClass": "net-sf-freecol-FreeCol"},
        "sol": {"Name": "AisleRiot Solitaire", "Exec": "sol"},
        "python3.11": {"Name": "Python", "Exec": "/usr/bin/python3.11", "Categories": "Development;"},
        "xterm": {"Name": "XTerm", "Exec": "xterm", "Categories": "TerminalEmulator;", "StartupWMClass": "XTerm"},
        "nethack": {"Name": "NetHack", "Exec": "xterm -e nethack"},
        "lutris": {"Name": "Lutris", "Exec": "lutris %U"},
        "writer": {"Name": "Writer", "Exec": "libreoffice --writer %U", "Categories": "Office;"},
        "calc": {"Name": "Calc", "Exec": "libreoffice --calc %U", "Categories": "Office;"},
        "start": {"Name": "Office", "Exec": "libreoffice %U", "Categories": "Office;"},
        "foo": {"Name": "Foo", "Exec": "/opt/foo/start.sh"},
        "bar": {"Name": "Bar", "Exec": "/opt/bar/start.sh"},
        "portal": {"Name": "Portal 2", "Exec": "steam steam://rungameid/620"},
        "quail": {"Name": "Quail", "Exec": "xdg-open heroic://launch/epic/QuailApp"},
        "org.x.Game": {"Name": "X Game", "Exec": "flatpak run --command=xgame org.x.Game"},
        "com.heroic.hgl": {"Name": "Heroic", "Exec": "flatpak run com.heroic.hgl"},
        "twin1": {"Name": "Twin One", "Exec": "/opt/twin/twins"},
        "twin2": {"Name": "Twin Two", "Exec": "/opt/twin/twins"},
        "jar": {"Name": "Jar Game", "Exec": "java -jar /opt/jar/game.jar"},
        "class1": {"Name": "Class One", "Exec": "/opt/c/one", "StartupWMClass": "shared-class"},
        "class2": {"Name": "Class Two", "Exec": "/opt/c/two", "StartupWMClass": "shared-class"},
        "classy": {"Name": "Classy", "Exec": "/opt/classy/launcher", "StartupWMClass": "ClassyWindow"},
        "org.gnome.Mines": {"Name": "Mines", "Exec": "gnome-mines"},
        "gone": {"Name": "Gone", "Exec": "/opt/gone/gonegame", "TryExec": "/opt/gone/gonegame"},
        "flatpak-update": {"Name": "Update", "Exec": "flatpak update"},
        "hidden-twin": {"Name": "MIME Helper", "Exec": "/opt/m/mimegame", "NoDisplay": "true"},
        "shown-twin": {"Name": "Mime Game", "Exec": "/opt/m/mimegame"},
    }
    for stem, keys in entries.items():
        desktop_file(where, stem, **keys)
    return where


@pytest.fixture
def name_of(applications):
    """``name_of(facts)``: the name in the entry that is found, or None."""
    source = DesktopEntrySource(DesktopIndex([str(applications)]))

    def look(facts):
        found = source.gather(facts).desktop_entry
        return found.name if found is not None else None

    return look


SHELL = ("/usr/bin/bash", "-bash")


@pytest.mark.parametrize(
    ("commands", "window_class", "name"),
    [
        ([("/usr/games/supertux2", "supertux2")], None, "SuperTux 2"),
        ([SHELL, ("/usr/games/supertux2", "supertux2")], None, "SuperTux 2"),
        ([("/home/me/build/supertux2", "./supertux2")], None, "SuperTux 2"),
        ([("/usr/bin/dash", "/bin/sh", "-e", "/usr/games/sky"), ("/usr/games/scummvm", "scummvm", "sky")], "scummvm",
         "Beneath a Steel Sky"),
        ([("/usr/games/scummvm", "scummvm")], "scummvm", "ScummVM"),
        ([("/usr/bin/perl", "/usr/bin/perl", "/usr/games/frozen-bubble")], "perl", "Frozen-Bubble"),
        ([("/usr/bin/python3.11", "/usr/bin/python3", "/usr/games/pychess")], None, "PyChess"),
        ([("/usr/bin/dash", "/bin/sh", "/usr/games/armagetronad"), ("/usr/games/armagetronad.real",)], None,
         "Armagetron Advanced"),
        ([("/usr/games/armagetronad.real",)], None, "Armagetron Advanced"),
        ([("/usr/bin/dash", "/bin/sh", "/usr/games/freecol"), ("/usr/lib/jvm/bin/java", "java", "-cp", "x", "F")],
         None, "FreeCol"),
        ([("/usr/lib/jvm/bin/java", "java", "-cp", "x", "F")], "net-sf-freecol-FreeCol", "FreeCol"),
        ([("/usr/lib/jvm/bin/java", "java", "-cp", "x", "F")], "sun-awt-X11", None),
        ([("/usr/lib/jvm/bin/java", "java", "-jar", "/opt/jar/game.jar")], None, "Jar Game"),
        ([("/usr/lib/jvm/bin/java", "java", "-jar", "/opt/other/game.jar")], None, None),
        ([("/usr/games/sol", "sol")], None, "AisleRiot Solitaire"),
        ([("/opt/maths/bin/sol", "sol")], None, None),
        ([("/usr/bin/python3.11", "python3.11")], None, None),
        ([("/usr/bin/python3.11", "python3.11", "/home/me/script.py")], None, None),
        ([("/usr/bin/xterm", "xterm")], "XTerm", "XTerm"),
        ([("/usr/bin/xterm", "xterm"), SHELL, ("/home/me/bin/mine", "mine")], None, None),
        ([("/usr/bin/xterm", "xterm", "-e", "nethack")], None, "NetHack"),
        ([("/usr/bin/xterm", "xterm", "-e", "vi")], None, "XTerm"),
        ([("/usr/bin/python3", "/usr/bin/python3", "/usr/bin/lutris"), ("/home/me/games/x/x.x86_64",)], None, None),
        ([("/usr/lib/lo/program/soffice.bin", "/usr/bin/libreoffice", "--writer", "a.odt")], None, "Writer"),
        ([("/usr/lib/lo/program/soffice.bin", "/usr/bin/libreoffice", "--impress")], None, "Office"),
        ([("/usr/bin/dash", "/bin/sh", "/opt/foo/start.sh"), ("/opt/foo/game",)], None, "Foo"),
        ([("/usr/bin/dash", "/bin/sh", "/opt/else/start.sh"), ("/opt/else/game",)], None, None),
        ([("/opt/twin/twins",)], None, None),
        ([("/opt/x/y",)], "shared-class", None),
        ([("/opt/classy/lib/electron",)], "classywindow", "Classy"),
        ([("/usr/games/gnome-mines", "gnome-mines")], "gnome-mines", "Mines"),
        ([("/opt/y/notmines",)], "org.gnome.Mines", "Mines"),
        ([("/opt/gone/gonegame",)], None, None),
        ([("/usr/bin/flatpak", "flatpak", "run", "org.other.App"), ("/usr/bin/thing",)], None, None),
        ([("/opt/m/mimegame",)], None, "Mime Game"),
        ([("/usr/bin/env", "env", "A=b", "game"), ("/usr/bin/foobar",)], None, None),
        ([(None,)], None, None),
    ],
)  # fmt: skip
def test_a_program_has_the_entry_it_was_started_from(name_of, commands, window_class, name):
    assert name_of(chain(*commands, window_class=window_class)) == name


@pytest.mark.parametrize(
    ("exe", "environment", "name"),
    [
        ("/home/me/steam/portal2/portal2_linux", {"SteamAppId": "620"}, "Portal 2"),
        ("/home/me/steam/other/other", {"SteamAppId": "621"}, None),
        ("/home/me/heroic/q.exe", {"HEROIC_APP_NAME": "QuailApp"}, "Quail"),
        ("/app/bin/xgame", {"FLATPAK_ID": "org.x.Game"}, "X Game"),
        (None, {"FLATPAK_ID": "org.x.Game"}, "X Game"),
        ("/home/me/Games/Heroic/other/other.x86_64", {"FLATPAK_ID": "com.heroic.hgl"}, None),
        ("/usr/lib/ioquake3/ioquake3", {"GIO_LAUNCHED_DESKTOP_FILE": "/x/foo.desktop",
                                        "GIO_LAUNCHED_DESKTOP_FILE_PID": "100"}, "Foo"),
        ("/usr/lib/ioquake3/ioquake3", {"GIO_LAUNCHED_DESKTOP_FILE": "/x/foo.desktop",
                                        "GIO_LAUNCHED_DESKTOP_FILE_PID": "99"}, None),
    ],
)  # fmt: skip
def test_stores_and_desktops_say_which_entry_it_is(name_of, exe, environment, name):
    assert name_of(chain((exe,), env=environment)) == name


def test_flatpak_is_also_known_by_the_command_that_ran_it(name_of):
    facts = chain(
        ("/usr/bin/flatpak", "flatpak", "run", "org.x.Game"), ("/usr/bin/bwrap", "bwrap", "xgame"), ("/app/bin/run",)
    )
    assert name_of(facts) == "X Game"


def test_the_windows_owner_is_the_program(name_of):
    facts = Facts(
        processes=(process("/usr/games/supertux2", pid=5), process("/usr/bin/helper", pid=6, parent=5)),
        window=Window(pid=5, class_name=""),
    )
    assert name_of(facts) == "SuperTux 2"


def test_the_entry_is_given_as_it_stands_in_the_file(applications):
    source = DesktopEntrySource(DesktopIndex([str(applications)]))
    found = source.gather(chain(("/usr/games/armagetronad",))).desktop_entry
    assert found == DesktopEntry("Armagetron Advanced", ("Game",), "armagetronad %f")


def test_a_link_leads_to_the_program(tmp_path):
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / "realgame").write_text("")
    (tmp_path / "realgame").symlink_to(tmp_path / "lib" / "realgame")
    desktop_file(tmp_path / "a", "g", Name="Real Game", Exec=tmp_path / "realgame")
    desktop_file(tmp_path / "a", "h", Name="Other Game", Exec="/opt/other/realgame")
    source = DesktopEntrySource(DesktopIndex([str(tmp_path / "a")]))
    assert source.gather(chain((str(tmp_path / "lib" / "realgame"),))).desktop_entry.name == "Real Game"


# --- files ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "name"),
    [
        ("[Desktop Entry]\nType=Application\nName=A\nExec=a\n", "A"),
        ("[Desktop Entry]\r\nName=A\r\nExec=a\r\n", "A"),
        ("# a comment\n\n[Desktop Entry]\nExec=a\nName[de]=Ä\nName = B \n", "B"),
        ("[Desktop Entry]\nName[de]=Nur Deutsch\nExec=a\n", "Nur Deutsch"),
        ("[Desktop Entry]\nName=A\nExec=a\n[Desktop Action X]\nName=X\nExec=x\n", "A"),
        ("[Desktop Entry]\nName=A\\sB\\nC\\qD\nExec=a\n", "A B C\\qD"),
        ("[Desktop Entry]\nName=\x1b[31mRed\x07\nExec=a\n", "[31mRed"),
        ("[Desktop Entry]\nName=A\nName=B\nExec=a\n", "A"),
        ("[Desktop Entry]\nType=Link\nName=A\nExec=a\n", None),
        ("[Desktop Entry]\nName=A\nExec=a\nHidden=true\n", None),
        ("[Desktop Entry]\nName=A\n", None),
        ("[Desktop Entry]\nExec=a\n", None),
        ("[Desktop Action X]\nName=X\nExec=x\n", None),
        ("[Desktop Entry]\nName=A\nExec=" + "x" * 10_000 + "\n", None),
        ("[Desktop Entry]\nName=A\0B\nExec=/a\0b\n", "AB"),
        ("", None),
    ],
)
def test_a_desktop_file_says(content, name):
    entry = parse_entry(content.encode(), "stem")
    assert (entry.name if entry else None) == name


def test_a_name_that_is_no_utf8_stays_readable():
    assert parse_entry(b"[Desktop Entry]\nName=Caf\xe9 \xff\nExec=a\n", "s").name == "Caf� �"


@given(st.binary(max_size=500))
def test_no_file_is_too_broken(content):
    parse_entry(b"[Desktop Entry]\nName=A\nExec=a\n" + content, "stem")
    parse_entry(content, "stem")


# --- directories ------------------------------------------------------------------------------------------------------


def test_the_persons_own_directories_come_first():
    places = data_directories({"XDG_DATA_HOME": "/h/data", "XDG_DATA_DIRS": "/x:/usr/share/:relative"}, "/h")
    assert places[:3] == (
        "/h/data/applications",
        "/h/.local/share/flatpak/exports/share/applications",
        "/x/applications",
    )
    assert places.count("/usr/share/applications") == 1
    assert "/var/lib/flatpak/exports/share/applications" in places
    assert "/var/lib/snapd/desktop/applications" in places
    assert not any("relative" in place for place in places)
    assert data_directories({}, "/h")[0] == "/h/.local/share/applications"


def test_an_own_file_hides_the_systems_also_by_being_deleted(tmp_path):
    mine, system = tmp_path / "mine", tmp_path / "system"
    desktop_file(mine, "a", Name="My A", Exec="aaaaa")
    desktop_file(mine, "b", Name="B", Exec="bbbbb", Hidden="true")
    desktop_file(mine / "kde", "c", Name="My C", Exec="ccccc")
    for stem in ("a", "b", "kde-c"):
        desktop_file(system, stem, Name=f"System {stem}", Exec=stem * 5)
    table = DesktopIndex([str(mine), str(system)]).table()
    assert [entry.name for stem in ("a", "b", "kde-c") for entry in table.by_stem(stem)] == ["My A", "My C"]


def test_what_is_installed_later_is_found_after_a_moment(tmp_path):
    now = [0.0]
    index = DesktopIndex([str(tmp_path / "applications")], monotonic=lambda: now[0])
    assert index.game_executables() == frozenset()
    desktop_file(tmp_path / "applications", "g", Name="G", Exec="/opt/g/newgame")
    assert index.game_executables() == frozenset(), "a look every few seconds is enough"
    now[0] += RECHECK_SECONDS
    assert index.game_executables() == {"newgame"}
    same = index.table()
    now[0] += RECHECK_SECONDS
    assert index.table() is same, "nothing changed: nothing is read again"
    (tmp_path / "applications" / "g.desktop").unlink()
    now[0] += RECHECK_SECONDS
    assert index.game_executables() == frozenset()


def test_the_games_executables_for_a_first_glance(applications):
    games = DesktopIndex([str(applications)]).game_executables()
    assert {"supertux2", "pychess", "sky", "frozen-bubble", "game.jar", "start.sh"} <= games
    assert not games & {"steam", "python3.11", "libreoffice", "env"}


def test_hostile_directories_are_survived(tmp_path, applications):
    (applications / "loop").symlink_to(applications, target_is_directory=True)
    (applications / "nowhere.desktop").symlink_to("/does/not/exist")
    (applications / "self.desktop").symlink_to(applications / "self.desktop")
    make_pipe(applications / "pipe.desktop")
    (applications / "directory.desktop").mkdir()
    make_pipe(applications / "pipe")
    (applications / "device.desktop").symlink_to("/dev/zero")
    with (applications / "huge.desktop").open("wb") as huge:
        huge.truncate(1 << 40)
    (applications / "binary.desktop").write_bytes(bytes(range(256)) * 100)
    odd = applications / os.fsdecode(b"\xff\xfe\n.desktop")
    odd.write_bytes(b"[Desktop Entry]\nName=Odd\nExec=/opt/oddgame\n")
    started = time.monotonic()
    table = DesktopIndex([str(applications), str(applications / "nowhere")]).table()
    assert time.monotonic() - started < 5
    assert [entry.name for entry in table.by_command("oddgame")] == ["Odd"]
    assert [entry.name for entry in table.by_command("supertux2")] == ["SuperTux 2"]

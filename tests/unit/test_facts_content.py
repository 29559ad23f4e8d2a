"""What containers keep of their games: RetroArch's history and answers, ScummVM's list, DOSBox's settings."""

import json
import os
import socket
import threading

import pytest
from facts_samples import chain
from hypothesis import given
from hypothesis import strategies as st

from gamedetectd.domain import Content, Facts, Instant
from gamedetectd.facts import content_files as read
from gamedetectd.facts.content import ContentSource
from gamedetectd.facts.retroarch import DEFAULT_PORT, Home, ask
from gamedetectd.facts.retroarch import content as retroarch_content

STARTED = 1_000.0
"""Seconds on the elapsed clock; the imagined machine has been up for 5000 when somebody looks."""


def at(wall):
    return lambda: Instant(5_000.0, 5_000.0, wall)


def gathered(tmp_path, program, *argv, wall=10_000.0, cwd=None, environment=None, home=None):
    facts = chain((program, program, *argv), cwd=cwd or str(tmp_path), env=environment or {})
    process = facts.processes[-1]
    started = type(process)(**{**{f: getattr(process, f) for f in process.__slots__}, "started_elapsed": STARTED})
    facts = Facts(processes=(started,))
    source = ContentSource(lambda facts: [facts.processes[-1].exe], str(home or tmp_path), at(wall))
    return source.gather(facts).content


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def playlist(*items):
    return json.dumps({"version": "1.5", "items": list(items)})


ZELDA = {
    "path": "/roms/zelda.zip#Zelda, A Link.sfc",
    "label": "The Legend of Zelda: A Link to the Past",
    "core_path": "/usr/lib/libretro/snes9x_libretro.so",
    "core_name": "Snes9x",
    "crc32": "DETECT",
    "db_name": "Nintendo - Super Nintendo Entertainment System.lpl",
}
BARE = {"path": "/roms/My Homebrew (World).nes", "label": "", "core_path": "/l/nestopia_libretro.so", "db_name": ""}


# --- RetroArch --------------------------------------------------------------------------------------------------------

PLACES = {
    "native": ("/usr/bin/retroarch", ".config/retroarch"),
    "flatpak": ("/app/bin/retroarch", ".var/app/org.libretro.RetroArch/config/retroarch"),
    "snap": ("/snap/retroarch/1/retroarch", "snap/retroarch/current/.config/retroarch"),
    "windows": ("retroarch.exe", "AppData/Roaming/RetroArch"),
    "macOS": ("/Applications/RetroArch.app/Contents/MacOS/RetroArch", "Library/Application Support/RetroArch/config"),
}


@pytest.mark.parametrize("place", PLACES)
def test_the_history_is_found_wherever_retroarch_is_installed(tmp_path, place):
    program, directory = PLACES[place]
    history = write(tmp_path / directory / "content_history.lpl", playlist(ZELDA))
    write(tmp_path / directory / "retroarch.cfg", 'content_history_directory = "default"\n')
    os.utime(history, (9_000, 9_000))
    found = gathered(tmp_path, program)
    assert found == Content(ZELDA["path"], ZELDA["label"], ZELDA["db_name"], "RetroArch's history")


def test_a_history_from_before_the_start_tells_nothing(tmp_path):
    write(tmp_path / ".config/retroarch/retroarch.cfg", "")
    history = write(tmp_path / ".config/retroarch/content_history.lpl", playlist(ZELDA))
    os.utime(history, (5_000, 5_000))  # the process began at 10000 - 4000
    assert gathered(tmp_path, "/usr/bin/retroarch") is None
    os.utime(history, (6_001, 6_001))
    assert gathered(tmp_path, "/usr/bin/retroarch").title == ZELDA["label"]


def test_where_the_settings_say_otherwise_the_history_lies_there(tmp_path):
    write(
        tmp_path / ".config/retroarch/retroarch.cfg",
        f'content_history_path = "~/kept/content_history.lpl"\nplaylist_directory = "{tmp_path}/lists"\nbroken line\n',
    )
    old = write(tmp_path / "kept/content_history.lpl", playlist(BARE))
    os.utime(old, (7_000, 7_000))
    new = write(tmp_path / "lists/builtin/content_history.lpl", playlist(ZELDA))
    os.utime(new, (8_000, 8_000))
    assert gathered(tmp_path, "/usr/bin/retroarch").title == ZELDA["label"]
    os.utime(old, (8_500, 8_500))
    found = gathered(tmp_path, "/usr/bin/retroarch")
    assert (found.path, found.title, found.platform) == (BARE["path"], "", BARE["core_path"])


def test_a_file_without_a_label_gets_the_one_of_its_playlist(tmp_path):
    write(tmp_path / ".config/retroarch/retroarch.cfg", "")
    write(
        tmp_path / ".config/retroarch/playlists/Nintendo.lpl", playlist({**BARE, "label": "My Homebrew"}, "no item", {})
    )
    write(tmp_path / ".config/retroarch/playlists/notes.txt", "x")
    history = write(tmp_path / ".config/retroarch/content_history.lpl", playlist(BARE))
    os.utime(history, (9_000, 9_000))
    found = gathered(tmp_path, "/usr/bin/retroarch")
    assert (found.title, found.platform) == ("My Homebrew", "Nintendo.lpl")


def test_what_is_on_the_command_line_is_looked_up_in_the_playlists(tmp_path):
    program = write(tmp_path / "ra/retroarch.exe", "")
    write(tmp_path / "ra/retroarch.cfg", 'playlist_directory = ":\\playlists"\n')
    write(tmp_path / "ra/playlists/SNES.lpl", playlist({**ZELDA, "path": "/roms/zelda.zip"}))
    found = gathered(tmp_path, str(program), "-L", "snes9x_libretro.dll", "/roms/zelda.zip")
    assert found == Content("/roms/zelda.zip", ZELDA["label"], ZELDA["db_name"], "RetroArch's playlist")
    assert gathered(tmp_path, str(program), "zelda.zip").title == ZELDA["label"]
    assert gathered(tmp_path, str(program), "/roms/other.zip") is None
    assert gathered(tmp_path, str(program), "-f") is None


def test_the_settings_named_on_the_command_line_count_first(tmp_path):
    write(tmp_path / ".config/retroarch/retroarch.cfg", "")
    write(tmp_path / "other/mine.cfg", "")
    history = write(tmp_path / "other/content_history.lpl", playlist(ZELDA))
    os.utime(history, (9_000, 9_000))
    for argv in (("-c", "other/mine.cfg"), ("--config=other/mine.cfg",)):
        assert gathered(tmp_path, "/usr/bin/retroarch", *argv).title == ZELDA["label"]
    assert gathered(tmp_path, "/usr/bin/retroarch", "-c") is None


def test_without_settings_nothing_is_known(tmp_path):
    assert gathered(tmp_path, "/usr/bin/retroarch", "/roms/zelda.zip") is None
    assert gathered(tmp_path, "/usr/bin/supertux2") is None


def test_a_process_whose_start_is_not_known_has_no_history(tmp_path):
    write(tmp_path / ".config/retroarch/retroarch.cfg", "")
    write(tmp_path / ".config/retroarch/content_history.lpl", playlist(ZELDA))
    source = ContentSource(lambda facts: ["/usr/bin/retroarch"], str(tmp_path))
    assert source.gather(chain(("/usr/bin/retroarch",))).content is None
    assert source.gather(Facts()) == Facts()


@pytest.fixture
def answering():
    """``answering(reply)``: a port of this machine that answers as RetroArch does."""
    channels = []

    def start(reply):
        channel = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        channel.bind(("127.0.0.1", 0))
        channel.settimeout(5)
        channels.append(channel)

        def serve():
            asked, address = channel.recvfrom(100)
            assert asked == b"GET_STATUS"
            if reply is not None:
                channel.sendto(reply, address)

        thread = threading.Thread(target=serve)
        thread.start()
        channels.append(thread)
        return channel.getsockname()[1]

    yield start
    for one in channels:
        one.join(5) if isinstance(one, threading.Thread) else None
    for one in channels:
        one.close() if isinstance(one, socket.socket) else None


def listening(tmp_path, port, enabled="true"):
    text = f'network_cmd_enable = "{enabled}"\nnetwork_cmd_port = "{port}"\n'
    write(tmp_path / ".config/retroarch/retroarch.cfg", text)


def test_its_answer_on_the_network_counts_before_everything(tmp_path, answering):
    history = write(tmp_path / ".config/retroarch/content_history.lpl", playlist(ZELDA))
    os.utime(history, (9_000, 9_000))
    listening(tmp_path, answering(b"GET_STATUS PLAYING nes,Game, With Commas (World),crc32=e5224cf4\n"))
    found = gathered(tmp_path, "/usr/bin/retroarch")
    assert found == Content("Game, With Commas (World)", "", "nes", "RetroArch's answer on the network")


def test_it_may_answer_that_nothing_is_loaded(tmp_path, answering):
    listening(tmp_path, answering(b"GET_STATUS CONTENTLESS"))
    found = gathered(tmp_path, "/usr/bin/retroarch", "/roms/left.nes")
    assert found == Content(source="RetroArch's answer on the network")


@pytest.mark.parametrize("reply", [b"", b"\xff" * 100, b"GET_STATUS PLAYING", b"VERSION 1.19", None])
def test_an_answer_that_is_none_leaves_the_question_open(answering, reply):
    assert ask(answering(reply), seconds=0.05) is None


def test_nobody_is_asked_who_was_not_told_to_listen(tmp_path):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as channel:
        channel.bind(("127.0.0.1", 0))
        channel.settimeout(0.1)
        listening(tmp_path, channel.getsockname()[1], enabled="false")
        gathered(tmp_path, "/usr/bin/retroarch")
        with pytest.raises(TimeoutError):
            channel.recv(100)


@pytest.mark.parametrize("told", ["", "0", "99999", "x", "-1"])
def test_a_port_that_is_none_is_the_usual_one(tmp_path, told):
    listening(tmp_path, told)
    facts = chain(("/usr/bin/retroarch",))
    home = Home(facts.processes[-1], "/usr/bin/retroarch", str(tmp_path))
    assert home.port == DEFAULT_PORT
    assert home.listens


def test_too_many_playlists_are_not_all_read(tmp_path, monkeypatch):
    monkeypatch.setattr("gamedetectd.facts.retroarch.ALL_PLAYLISTS_LIMIT", 10)
    write(tmp_path / ".config/retroarch/retroarch.cfg", "")
    for name in ("a", "b", "c"):
        write(tmp_path / f".config/retroarch/playlists/{name}.lpl", playlist(ZELDA))
    facts = chain(("/usr/bin/retroarch",))
    home = Home(facts.processes[-1], "/usr/bin/retroarch", str(tmp_path))
    assert retroarch_content(home, [ZELDA["path"]], None) is None


# --- playlists --------------------------------------------------------------------------------------------------------

LEGACY = """/roms/Sonic, the Hedgehog.md
Sonic, the Hedgehog
/cores/genesis_plus_gx_libretro.so
Sega (Genesis Plus GX)
0|crc
Sega - Mega Drive - Genesis.lpl
not a path
x
y
z
0
w
"""


def test_old_playlists_have_six_lines_an_entry():
    (only,) = read.playlist(LEGACY.encode())
    assert only.path == "/roms/Sonic, the Hedgehog.md"
    assert only.label == "Sonic, the Hedgehog"
    assert only.database == "Sega - Mega Drive - Genesis.lpl"
    assert read.playlist("\n".join(LEGACY.splitlines()[:5]).encode()) == ()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "{}",
        '{"items": 3}',
        '{"items": [1, null, {"path": 4}]}',
        '{"items": [{"path": "DETECT"}]}',
        "[" * 9_000,
        "{" * 9_000,
        "\0",
    ],
)
def test_broken_playlists_are_empty(text):
    assert read.playlist(text.encode()) == ()


# --- ScummVM ----------------------------------------------------------------------------------------------------------

SCUMMVM_INI = """[scummvm]
lastselectedgame=sky

[sky-cd]
description=Beneath a Steel Sky (CD/DOS/English)
platform=pc
path=/games/sky
engineid=sky
; a comment
[bare]
path=/x
"""


@pytest.mark.parametrize(
    "place",
    [
        ".config/scummvm/scummvm.ini",
        ".var/app/org.scummvm.ScummVM/config/scummvm/scummvm.ini",
        "snap/scummvm/current/.config/scummvm/scummvm.ini",
        "AppData/Roaming/ScummVM/scummvm.ini",
        "Library/Preferences/ScummVM Preferences",
        ".scummvmrc",
    ],
)
def test_scummvm_knows_what_its_targets_are_called(tmp_path, place):
    write(tmp_path / place, SCUMMVM_INI)
    found = gathered(tmp_path, "/usr/games/scummvm", "-f", "Sky-CD")
    assert found == Content("/games/sky", "Beneath a Steel Sky (CD/DOS/English)", "pc", "ScummVM's own list of games")
    for argv in ((), ("bare",), ("scummvm",), ("other",)):
        assert gathered(tmp_path, "/usr/games/scummvm", *argv) is None


def test_scummvms_settings_may_be_named(tmp_path):
    write(tmp_path / "my.ini", SCUMMVM_INI)
    assert gathered(tmp_path, "/usr/games/scummvm", "--config=my.ini", "sky-cd").platform == "pc"
    assert gathered(tmp_path, "/usr/games/scummvm", "-c", str(tmp_path / "my.ini"), "sky-cd").platform == "pc"


def test_a_home_that_is_not_known_holds_nothing(tmp_path):
    source = ContentSource(lambda facts: ["/usr/games/scummvm"], "")
    assert source.gather(chain(("/usr/games/scummvm", "scummvm", "sky"))).content is None


# --- DOSBox -----------------------------------------------------------------------------------------------------------

AUTOEXEC = {
    "a program below the mounted directory": ('mount c "/dos/Keen 4"\nc:\nKEEN4E.EXE\nexit', "/dos/Keen 4/KEEN4E.EXE"),
    "a directory changed to": (
        "@echo off\nMOUNT C /dos\nC:\ncd \\GAMES\ncd DUKE3D\n@call duke3d.bat",
        "/dos/GAMES/DUKE3D/duke3d.bat",
    ),
    "a relative mount": ("mount c ..\nc:\ntyrian", "{up}/tyrian"),
    "a drive in the program's path": ("mount d /cd\nd:\\setup\\game.exe", "/cd/setup/game.exe"),
    "a disk image that is booted": ("imgmount 0 /img/x.img\nboot -l a /img/x.img", "/img/x.img"),
    "a drive that is booted": ("imgmount c /img/y.img\nboot -l c", "/img/y.img"),
    "a boot of nothing": ("boot -l c", None),
    "a program on an image": ("imgmount c /img/Lost Vikings.img -t hdd\nc:\nvikings", None),
    "a quoted image": ('imgmount d "/img/My Game.cue" -t iso\nd:\nrun.exe', "/img/My Game.cue"),
    "commands alone": ("rem hello\nmount c /dos\nc:\ncls\n:label\ngoto label\nif exist x y", None),
    "nothing": ("", None),
    "nothing mounted": ("game.exe", "{here}/game.exe"),
}


@pytest.mark.parametrize("name", AUTOEXEC)
def test_what_the_settings_of_dosbox_start(tmp_path, name):
    lines, expected = AUTOEXEC[name]
    here = tmp_path / "home" / "DOSBOX"
    write(here / "game.conf", f"[sdl]\nfullscreen=true\n[autoexec]\n# comment\n{lines}\n[other]\nlast.exe\n")
    found = gathered(tmp_path, str(here / "dosbox"), "-conf", "game.conf", cwd=str(here))
    if name == "a program on an image":
        assert found.path == "/img/Lost/vikings"  # as DOSBox itself takes what has no quotes
    elif expected is None:
        assert found is None
    else:
        path = expected.format(up=here.parent, here=here)
        assert found == Content(path, "", "MS-DOS", "the commands in its settings game.conf")


def test_the_last_settings_have_the_last_word_and_those_that_are_missing_none(tmp_path):
    write(tmp_path / "a.conf", "[autoexec]\nmount c /a\nc:\na.exe\n")
    write(tmp_path / "b.conf", "[autoexec]\nmount c /b\nc:\nb.exe\n")
    argv = ("-conf", "a.conf", "-conf", "b.conf", "-conf", "missing.conf", "-conf")
    assert gathered(tmp_path, "/usr/bin/dosbox", *argv).path == "/b/b.exe"
    assert gathered(tmp_path, "/usr/bin/dosbox-staging", "--conf=a.conf").path == "/a/a.exe"


def test_western_letters_in_old_settings_are_read():
    assert read.autoexec("[autoexec]\nmount c /jeux/été\n".encode("latin-1")) == ("mount c /jeux/été",)


# --- hostile input ----------------------------------------------------------------------------------------------------


@given(st.binary(max_size=2_000))
def test_no_bytes_are_an_error(content):
    read.settings(content)
    read.playlist(content)
    read.status(content)
    read.ini_sections(content)
    read.started(read.autoexec(content))


@given(st.text(max_size=500))
def test_no_text_is_an_error(text):
    read.playlist(('{"items": [{"path": ' + json.dumps(text) + "}]}").encode())
    read.started(read.autoexec(("[autoexec]\n" + text).encode("utf-8", "surrogatepass")))
    read.playlist(("/x" + text + "\n" + text * 5).encode("utf-8", "surrogatepass"))
    read.status(("GET_STATUS PLAYING " + text).encode("utf-8", "surrogatepass"))


def test_limits_hold():
    many = json.dumps({"items": [{"path": f"/{n}"} for n in range(read.ITEMS_LIMIT + 5)]})
    assert len(read.playlist(many.encode())) == read.ITEMS_LIMIT
    assert len(read.autoexec(b"[autoexec]\n" + b"x\n" * (read.LINES_LIMIT + 5))) == read.LINES_LIMIT - 1
    assert (
        read.playlist(json.dumps({"items": [{"path": "/" + "x" * 5_000, "label": "y" * 5_000}]}).encode())[0].path == ""
    )


@pytest.mark.parametrize(
    "content",
    [
        b'a = "' + b" " * 900_000 + b'"x',
        b"[autoexec]\n" + (b"boot" + b" " * 3_900 + b"\n") * 200,
        b"[autoexec]\n" + (b'mount c "' + b" x" * 1_900 + b"\n") * 200,
        b"GET_STATUS PLAYING " + b",crc32=" * 500,
        b"/" * 900_000,
        b"=" * 900_000,
    ],
    ids=range(6),
)
def test_no_bytes_take_long(content):
    """Patterns that try every way of reading a line would need minutes for these."""
    read.settings(content)
    read.playlist(content)
    read.status(content)
    read.ini_sections(content)
    assert isinstance(read.started(read.autoexec(content)), str)

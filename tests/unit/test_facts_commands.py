"""What a command line really starts: Exec lines as applications in the wild write them, and running processes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gamedetectd.facts.commands import (
    Command,
    Link,
    contains_in_order,
    flatpak_id,
    is_transparent,
    parse_exec,
    process_command,
)


@pytest.mark.parametrize(
    ("line", "started"),
    [
        ("supertux2", Command("supertux2")),
        ("armagetronad %f", Command("armagetronad")),
        ("/usr/bin/geany --new %F", Command("/usr/bin/geany", ("--new",))),
        ('"/opt/My Game/start" --full %U', Command("/opt/My Game/start", ("--full",))),
        (r'"/opt/a \"b\"/run" 100%%', Command('/opt/a "b"/run', ("100%",))),
        ("env UBUNTU_MENUPROXY= pychess", Command("pychess")),
        ("env -u LANG -- A=b C=d nice -n 5 neverball", Command("neverball")),
        ("SDL_VIDEODRIVER=x11 ./game", Command("./game")),
        ("gamemoderun mangohud /opt/x/game -w", Command("/opt/x/game", ("-w",))),
        ("timeout -k 1 5 taskset 0x1 sol", Command("sol")),
        ('sh -c "supertux2 --fullscreen"', Command("supertux2", ("--fullscreen",))),
        ('bash -lc "cd /opt/foo && exec ./foo.x86_64 -x"', Command("/opt/foo/foo.x86_64", ("-x",))),
        ("sh -e /usr/games/sky", Command("/usr/games/sky")),
        ("python3 /opt/game/main.py --x", Command("/opt/game/main.py", ("--x",))),
        ("python3 -m pychess", Command("python3", ("-m", "pychess"))),
        ("python3 -X dev -W error /opt/g.py", Command("/opt/g.py")),
        ("java -Xmx2G -jar /opt/t/tl.jar -a", Command("/opt/t/tl.jar", ("-a",))),
        ("java -cp a:b net.sf.Main x", Command("Main", ("x",))),
        ("wine C:\\\\\\\\Games\\\\\\\\a.lnk", Command("C:\\\\Games\\\\a.lnk")),
        ("xterm -e nethack", Command("xterm", ("-e", "nethack"))),
        ("flatpak run --branch=stable --command=stk net.supertuxkart.SuperTuxKart @@u %U @@",
         Link("flatpak", "net.supertuxkart.SuperTuxKart")),
        ("/usr/bin/flatpak run org.x.Y/x86_64/stable", Link("flatpak", "org.x.Y")),
        ("steam steam://rungameid/620", Link("steam", "620")),
        ("/usr/bin/steam -silent -applaunch 400 -novid", Link("steam", "400")),
        ("xdg-open heroic://launch/epic/Fortnite", Link("heroic", "Fortnite")),
        ('xdg-open "heroic://launch?appName=Quail&runner=legendary"', Link("heroic", "Quail")),
        ("", None),
        ("%U", None),
        ("env A=b", None),
        ('"unclosed', None),
        ("flatpak update", Command("flatpak", ("update",))),
        ("sh -c \"echo 'open\"", None),
    ],
)  # fmt: skip
def test_an_exec_line_starts(line, started):
    assert parse_exec(line) == started


def test_a_relative_command_is_seen_from_the_entrys_directory():
    assert parse_exec("./game -x", "/opt/game") == Command("/opt/game/game", ("-x",))
    assert parse_exec("bin/../game", "/opt/game") == Command("/opt/game/game")
    assert parse_exec("game", "/opt/game") == Command("game")


def test_shells_within_shells_are_followed_only_so_far():
    line = "true"
    for _ in range(30):
        line = "sh -c '" + line.replace("'", "'\\''") + "'"
        if len(line) > 100_000:
            break
    parse_exec(line)


@pytest.mark.parametrize(
    ("exe", "argv", "cwd", "commands"),
    [
        ("/usr/games/sol", ["sol"], "/", [Command("/usr/games/sol"), Command("sol")]),
        ("/opt/g/g.bin", ["./g.bin", "-x"], "/opt/g", [Command("/opt/g/g.bin", ("-x",))]),
        (
            "/usr/bin/perl",
            ["/usr/bin/perl", "-w", "/usr/games/frozen-bubble"],
            "/",
            [Command("/usr/games/frozen-bubble")],
        ),
        ("/usr/bin/python3.11", ["python3", "game.py"], "/opt/g", [Command("game.py")]),
        ("/usr/bin/dash", ["/bin/sh", "-e", "/usr/games/sky", "--en"], "/", [Command("/usr/games/sky", ("--en",))]),
        ("/usr/bin/bash", ["-bash"], "/", [Command("/usr/bin/bash"), Command("-bash")]),
        (None, ["/usr/games/sol"], None, [Command("/usr/games/sol")]),
        (None, [], None, []),
        (None, ["", "x"], None, []),
    ],
)
def test_a_process_is_known_by(exe, argv, cwd, commands):
    assert process_command(exe, argv, cwd) == commands


@pytest.mark.parametrize(
    ("name", "arguments", "transparent"),
    [
        ("env", ["A=b", "game"], True),
        ("bwrap", ["--bind"], True),
        ("sh", ["-e", "/usr/games/sky"], True),
        ("bash", ["-c", "game; true"], True),
        ("bash", ["--login"], False),
        ("bash", [], False),
        ("python3", ["/usr/bin/lutris"], False),
        ("steam", [], False),
    ],
)
def test_only_what_runs_something_else_is_looked_through(name, arguments, transparent):
    assert is_transparent(name, arguments) is transparent


def test_flatpak_ids():
    assert flatpak_id(["flatpak", "run", "--x", "a.b.C"]) == "a.b.C"
    assert flatpak_id(["flatpak", "run"]) is None
    assert flatpak_id(["flatpak", "run", "game"]) is None
    assert flatpak_id(["flatpak", "list"]) is None


def test_arguments_must_come_in_order():
    assert contains_in_order(["-a", "b"], ["-x", "-a", "y", "b"])
    assert not contains_in_order(["b", "-a"], ["-a", "b"])
    assert contains_in_order([], [])


@given(st.text(max_size=300), st.text(max_size=20))
def test_no_exec_line_is_too_strange(line, directory):
    target = parse_exec(line, directory)
    assert target is None or isinstance(target, Command | Link)


@given(
    st.lists(
        st.sampled_from(
            ["env", "sh", "-c", "A=b", "nice", "-n", "timeout", "java", "-jar", "%f", "flatpak", "run", "-", "--", ""]
        )
    ),
)
def test_no_pile_of_wrappers_is_too_high(tokens):
    target = parse_exec(" ".join(tokens))
    assert target is None or isinstance(target, Command | Link)

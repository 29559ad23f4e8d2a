"""Recordings for bug reports: nothing personal in them, everything detection needs still there."""

import errno
import json
import os
import stat
from dataclasses import asdict, fields, replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gamedetectd.domain import (
    Bounds,
    DesktopEntry,
    Facts,
    ForegroundChanged,
    IdleChanged,
    InstalledGame,
    Instant,
    ProcessEnded,
    ProcessInfo,
    ProcessKey,
    ProcessStarted,
    Resync,
    Rule,
    RuleKind,
    Window,
)
from gamedetectd.facts import format as facts_format
from gamedetectd.facts.record import Recorder
from gamedetectd.facts.redact import RecordingRedactor
from gamedetectd.observability.redaction import Redactor

AT = Instant(1.0, 2.0, 3.0)
HOME = "/home/berenike"
GAME = f"{HOME}/.local/share/Steam/steamapps/common/Portal 2/portal2_linux"


@pytest.fixture
def redactor():
    """The redactor of Berenike at her computer ``wintermute``, who keeps some titles to herself."""
    in_force = Redactor(Path(HOME), {"USER": "berenike"})
    in_force.set_private_titles(["*diary*", "keepassxc"])
    return RecordingRedactor(in_force, HOME, "berenike", "wintermute.example.org")


def info(exe, *argv, pid=7, **more):
    return ProcessInfo(ProcessKey("boot", pid, 1), 1, exe, argv or (exe,), **more)


HEX = "0123456789abcdef" * 3
JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U"

CANARIES = {
    "home": f"{HOME}/.config/canary",
    "Windows home": r"C:\Users\berenike\canary",
    "Wine home": r"Z:\home\berenike\canary",
    "Wine user": "/x/drive_c/users/berenike/canary",
    "user in a path": "/srv/berenike/canary",
    "user as a word": "profile-of-berenike_v2",
    "user in capitals": "Hello BERENIKE!",
    "host": "wintermute is this computer",
    "user and host": "berenike@wintermute: ~",
    "e-mail": "b.quist+games@example.co.uk",
    "query": "https://example.org/play?who=berry&session=kiwi#pear",
    "userinfo": "https://berry:kiwi@example.org/",
    "OpenAI key": "sk-proj-kiwikiwikiwikiwi1",
    "GitHub token": "ghp_kiwikiwikiwikiwikiwi1",
    "Slack token": "xoxb-kiwi-1234567890",
    "AWS key": "AKIAKIWIKIWIKIWI1234",
    "JWT": JWT,
    "long hex": HEX,
    "long mixed": "aB3" * 20,
    "uuid": "123e4567-e89b-12d3-a456-426614174000",
    "header": "Authorization: Bearer kiwikiwi1234",
    "assignment": "password=kiwikiwi",
}
SECRETS = (
    "berenike",
    "BERENIKE",
    "wintermute",
    "quist",
    "kiwi",
    "KIWI",
    "berry",
    "pear",
    HEX,
    JWT[:20],
    "aB3aB3",
    "123e4567",
)


@pytest.mark.parametrize("canary", CANARIES.values(), ids=CANARIES)
def test_no_canary_is_recorded_wherever_it_stands(redactor, canary):
    facts = Facts(
        processes=(info("/usr/bin/x", "/usr/bin/x", canary, f"--path={canary}", f"a {canary} b"),),
        window=Window(1, 7, f"before {canary} after"),
        texts=(canary,),
        desktop_entry=DesktopEntry("X", (), f"x {canary}"),
        rules=(Rule(RuleKind.GAME, "/usr/bin/x", canary, "X"),),
    )
    seen = repr(redactor.facts(facts))
    started = redactor.observation(ProcessStarted(AT, facts.processes[0], facts.processes))
    focused = redactor.observation(ForegroundChanged(AT, facts.window))
    resync = redactor.observation(Resync(AT, facts.processes))
    for text in (seen, repr(started), repr(focused), repr(resync)):
        assert [secret for secret in SECRETS if secret in text] == []


@pytest.mark.parametrize(
    "name", ["home", "Windows home", "Wine home", "Wine user", "user in a path", "user as a word", "e-mail", "host"]
)
def test_no_canary_is_recorded_as_a_path(redactor, name):
    place = CANARIES[name]
    facts = Facts(
        processes=(
            info(place + "/dir/game", cwd=place, environment={"WINEPREFIX": place}, user="berenike", comm=place),
        ),
        files={place: (f"save of {place}",)},
        version_info={place + "/game.exe": {"ProductName": place}},
        library=(InstalledGame("steam", "steam:1", "T", place),),
        rules=(Rule(RuleKind.GAME, place + "/game"),),
    )
    seen = repr(redactor.facts(facts))
    assert [secret for secret in SECRETS if secret in seen] == []


@pytest.mark.parametrize(
    "argv",
    [
        ("--token", "kiwi"),
        ("--password=kiwi",),
        ("--api-key", "kiwi"),
        ("-AUTH_PASSWORD=kiwi", "-AUTH_TYPE=exchangecode"),
        ("-epicusername=kiwi", "-epicuserid=kiwi"),
        ("--username", "kiwi", "--accessToken", "kiwi", "--uuid", "kiwi", "--xuid", "kiwi", "--clientId", "kiwi"),
        ("/user:x", "--login", "kiwi", "+key", "kiwi"),
        ("--email=kiwi", "--steam-id", "kiwi"),
    ],
)
def test_values_of_personal_options_are_hidden(redactor, argv):
    (shown,) = redactor.facts(Facts(processes=(info("/usr/bin/java", "java", *argv),))).processes
    assert "kiwi" not in repr(shown)
    assert len(shown.argv) == len(argv) + 1


def test_what_detection_needs_survives(redactor):
    facts = Facts(
        id="7",
        processes=(
            info("/usr/bin/bash", "-bash", pid=1),
            info(
                GAME,
                "./portal2_linux",
                "-game",
                "portal2",
                "+map",
                "sp_a1_intro1",
                "-iwad",
                "/usr/share/games/doom/freedoom2.wad",
                "--keymap",
                "de",
                "-epicapp=Fortnite",
                "-authlevel",
                "steam://rungameid/620",
                "net.minecraft.client.main.Main",
                cwd=f"{HOME}/.local/share/Steam/steamapps/common/Portal 2",
                environment={
                    "SteamAppId": "620",
                    "HEROIC_APP_NAME": "9773aa1aa54f4f7b80e44bef04986cea",
                    "STEAM_COMPAT_DATA_PATH": f"{HOME}/.local/share/Steam/steamapps/compatdata/620",
                },
                comm="portal2_linux",
            ),
        ),
        window=Window(3, 7, "PORTAL 2 - Vulkan", "portal2_linux", True, Bounds(0, 0, 1920, 1080)),
        files={str(Path(GAME).parent): ("UnityPlayer.so", "portal2_linux", "steam_api64.dll", "libGameOverlay.so")},
        version_info={f"{HOME}/x/Doom.exe": {"ProductName": "DOOM Eternal", "CompanyName": "id Software"}},
        desktop_entry=DesktopEntry("Portal 2", ("Game", "ActionGame"), "steam steam://rungameid/620"),
        library=(InstalledGame("steam", "steam:620", "Portal 2", str(Path(GAME).parent)),),
        mapped=frozenset({"libSDL2-2.0.so.0"}),
        gpu=0.5,
        texts=("PRESS START", "New Game"),
        rules=(Rule(RuleKind.GAME, GAME, "-game", "Portal"),),
    )
    assert redactor.facts(facts) == Facts(
        **{
            **{field.name: getattr(facts, field.name) for field in fields(facts)},
            **{
                name: value
                for name, value in _with_tilde(facts).items()
                if name in ("processes", "files", "version_info", "library", "rules")
            },
        }
    )


def _with_tilde(facts):
    """The same facts with nothing but the home directory's name replaced."""
    short = lambda text: text.replace(HOME, "~")  # noqa: E731
    return {
        "processes": tuple(
            replace(
                one,
                exe=short(one.exe),
                cwd=one.cwd and short(one.cwd),
                environment={key: short(value) for key, value in one.environment.items()},
            )
            for one in facts.processes
        ),
        "files": {short(where): names for where, names in facts.files.items()},
        "version_info": {short(path): values for path, values in facts.version_info.items()},
        "library": tuple(replace(game, install_dir=short(game.install_dir)) for game in facts.library),
        "rules": tuple(replace(rule, executable=short(rule.executable)) for rule in facts.rules),
    }


def test_a_private_title_stays_private_and_so_does_what_was_read_on_it(redactor):
    facts = Facts(
        processes=(info("/usr/bin/gedit"),), window=Window(1, 7, "My Diary - gedit", "Gedit"), texts=("dear",)
    )
    seen = redactor.facts(facts)
    assert seen.window.title == "[private title]"
    assert seen.texts == ("[private title]",)
    assert seen.processes[0].exe == "/usr/bin/gedit"


def test_every_title_of_a_private_program_stays_private(redactor):
    window = Window(1, 7, "Vault", "qt")
    assert redactor.observation(ForegroundChanged(AT, window)).window.title == "Vault"
    redactor.observation(ProcessStarted(AT, info("/usr/bin/keepassxc")))
    assert redactor.observation(ForegroundChanged(AT, window)).window.title == "[private title]"
    redactor.observation(ProcessEnded(AT, ProcessKey("boot", 7, 1), 1.0))
    assert redactor.observation(ForegroundChanged(AT, window)).window.title == "Vault"
    redactor.observation(Resync(AT, (info("/usr/bin/keepassxc"),)))
    assert redactor.observation(ForegroundChanged(AT, window)).window.title == "[private title]"


def test_what_holds_nothing_personal_is_recorded_as_it_is(redactor):
    for observation in (
        IdleChanged(AT, True, 1.0),
        ProcessEnded(AT, ProcessKey("b", 1, 1), 2.0),
        ForegroundChanged(AT, None),
    ):
        assert redactor.observation(observation) is observation or redactor.observation(observation) == observation
    nameless = ProcessInfo(ProcessKey("b", 1, 1))
    assert redactor.facts(Facts(processes=(nameless,))).processes == (nameless,)


@pytest.mark.parametrize("user", ["root", "steam", "doom", "al"])
def test_a_user_called_like_something_common_spoils_nothing(user):
    in_force = Redactor(Path("/home") / user, {"USER": user})
    redactor = RecordingRedactor(in_force, f"/home/{user}", user, "pc")
    facts = Facts(processes=(info(f"/usr/games/{user}", user="root", comm=user),), window=Window(1, 7, "Final run"))
    seen = redactor.facts(facts)
    assert seen.processes[0].exe == f"/usr/games/{user}"
    assert seen.processes[0].comm == user
    assert seen.window.title == "Final run"


def test_the_home_directory_goes_even_if_its_name_is_common():
    redactor = RecordingRedactor(Redactor(Path("/home/deck"), {"USER": "deck"}), "/home/deck", "deck", "steamdeck")
    seen = redactor.facts(
        Facts(
            processes=(info("/home/deck/Games/x", "x", "/home/deck/y"),),
            window=Window(1, 7, "/home/deck/z"),
            files={"/home/deck/Games": ("deck",)},
        )
    )
    assert (seen.processes[0].exe, seen.processes[0].argv) == ("~/Games/x", ("x", "~/y"))
    assert (seen.window.title, seen.files) == ("~/z", {"~/Games": ("deck",)})


@given(st.text(max_size=200))
def test_any_text_can_be_redacted_and_again(text):
    redactor = RecordingRedactor(Redactor(Path(HOME), {}), HOME, "berenike", "wintermute")
    once = redactor.facts(Facts(texts=(text,), window=Window(title=text), processes=(info("/x", "x", text),)))
    assert redactor.facts(once) == once
    assert HOME not in "".join(once.texts)


def test_long_texts_take_no_longer(redactor):
    megabyte = ("a-b.c@" * 50 + "/home/x/y ") * 3_000
    redactor.facts(Facts(texts=(megabyte,), processes=(info("/x", "x", megabyte),)))


# --- the file ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def record(tmp_path, redactor):
    """``record(size_limit=…)`` opens a recorder on a new file, closed at the end."""
    opened = []

    def start(**options):
        path = tmp_path / f"{len(opened)}.jsonl"
        opened.append(Recorder(path, redactor, lambda f: {"id": f.id}, lambda o: asdict(o), **options))
        return opened[-1], path

    yield start
    for one in opened:
        one.close()


def test_lines_are_there_as_soon_as_they_are_written(record):
    recorder, path = record()
    assert recorder.write(Facts(id="ä\udcff"))
    assert recorder.write(ForegroundChanged(AT, Window(title=f"{HOME}/x")))
    facts, observation = map(json.loads, path.read_text("ascii").splitlines())
    assert facts == {"id": "ä\udcff"}
    assert observation["window"]["title"] == "~/x"
    assert recorder.lines == 2


def test_a_recording_in_the_facts_format_can_be_read_again(tmp_path, redactor):
    facts = Facts(
        id="7",
        processes=(info(GAME, GAME, "--token", "kiwi", cwd=HOME, user="berenike"),),
        window=Window(1, 7, "PORTAL 2", "portal2", True),
        files={str(Path(GAME).parent): ("UnityPlayer.so",)},
        desktop_entry=DesktopEntry("Portal 2", ("Game",), "steam steam://rungameid/620"),
    )
    started = ProcessStarted(AT, facts.processes[0])
    with Recorder(tmp_path / "r", redactor, facts_format.dump, facts_format.dump_observation) as recorder:
        assert recorder.write(facts)
        assert recorder.write(started)
    text = (tmp_path / "r").read_text()
    assert not any(secret in text for secret in SECRETS)
    first, second = text.splitlines()
    assert facts_format.parse(first).processes[0].exe == "~" + GAME.removeprefix(HOME)
    assert facts_format.parse(first).files == redactor.facts(facts).files
    assert facts_format.parse(first).desktop_entry == facts.desktop_entry
    assert facts_format.parse_observation(second) == redactor.observation(started)


def test_only_the_owner_may_read_it(record):
    before = os.umask(0)
    try:
        _recorder, path = record()
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_nothing_is_overwritten(tmp_path, redactor):
    path = tmp_path / "precious"
    path.write_text("precious")
    link = tmp_path / "link"
    link.symlink_to(path)
    for taken in (path, link):
        with pytest.raises(FileExistsError):
            Recorder(taken, redactor, asdict, asdict)
    assert path.read_text() == "precious"


def test_a_recording_ends_before_its_limit(record):
    recorder, path = record(size_limit=100)
    assert [recorder.write(Facts(id=str(n) * 40)) for n in range(4)] == [True, True, False, False]
    assert not recorder.write(Facts(id="")), "no gap: once a line was left out, all later ones are"
    assert path.stat().st_size <= 100


def test_a_full_disk_leaves_no_half_line(record):
    recorder, path = record()
    recorder.write(Facts(id="1"))
    real = recorder._file

    class Full:
        def write(self, data):
            if len(data) < 10:
                raise OSError(errno.ENOSPC, "No space left on device")
            return real.write(data[:5])

        def __getattr__(self, name):
            return getattr(real, name)

    recorder._file = Full()
    with pytest.raises(OSError, match="No space"):
        recorder.write(Facts(id="2"))
    recorder._file = real
    recorder.write(Facts(id="3"))
    assert [json.loads(line)["id"] for line in path.read_text().splitlines()] == ["1", "3"]


def test_it_closes_itself(tmp_path, redactor):
    with Recorder(tmp_path / "r", redactor, asdict, asdict) as recorder:
        pass
    assert recorder._file.closed

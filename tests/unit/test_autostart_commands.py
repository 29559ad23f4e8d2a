"""Which command starts this program, and how each system writes it down and reads it."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from autostart_samples import installed
from hypothesis import given
from hypothesis import strategies as st

from gamedetectd.errors import AutostartError
from gamedetectd.platforms.autostart import desktop_entry, unit_file, windows_command
from gamedetectd.platforms.autostart.files import refuse_unspeakable
from gamedetectd.platforms.autostart.program import Program, program_missing, started_by, this_program

RUN = ("run", "--delay", "5")
posix = pytest.mark.skipif(sys.platform == "win32", reason="POSIX paths")


def frozen(executable, environment=None, **options):
    return this_program("linux", executable, environment or {}, frozen=True, **options)


@posix
def test_a_console_script_beside_this_python_is_what_starts(tmp_path):
    script = installed(tmp_path)
    program = this_program("linux", str(tmp_path / "python3"), {"PATH": "/nowhere"}, frozen=False)
    assert program.command() == (script, *RUN)
    assert program.is_what_starts((str(tmp_path / "python3"), "-m", "gamedetectd", "run"))
    assert not program.is_what_starts((str(tmp_path / "python3"), "-m", "other"))


@posix
@pytest.mark.parametrize("same", [True, False])
def test_one_on_the_path_counts_only_where_it_is_for_this_python(tmp_path, same):
    python = tmp_path / "python" / "bin" / "python3"
    script = tmp_path / "local" / "gamedetectd"
    installed(script.parent)
    script.write_text(f"#!{python if same else '/other/bin/python3'}\n")
    program = this_program("linux", str(python), {"PATH": str(script.parent)}, frozen=False)
    assert program.argv == ((str(script),) if same else (str(python), "-m", "gamedetectd"))


@posix
def test_without_a_script_it_is_a_module_of_this_python(tmp_path):
    program = this_program("linux", str(tmp_path / "python3"), {"PATH": str(tmp_path)}, frozen=False)
    assert program.command() == (str(tmp_path / "python3"), "-m", "gamedetectd", *RUN)


def test_frozen_it_is_the_program_itself_or_the_image_it_was_mounted_from():
    assert frozen("/opt/g/gamedetectd").argv == ("/opt/g/gamedetectd",)
    image = {"APPDIR": "/tmp/.mount_x", "APPIMAGE": "/home/a/gamedetectd.AppImage"}
    program = frozen("/tmp/.mount_x/usr/bin/gamedetectd", image)
    assert program.argv == ("/home/a/gamedetectd.AppImage",)
    assert frozen("/opt/g/gamedetectd", image).argv == ("/opt/g/gamedetectd",)


@pytest.mark.parametrize(
    ("is_frozen", "there", "argv"),
    [
        (True, r"C:\g\gamedetectdw.exe", (r"C:\g\gamedetectdw.exe",)),
        (True, "", (r"C:\g\python.exe",)),
        (False, r"C:\g\pythonw.exe", (r"C:\g\pythonw.exe", "-m", "gamedetectd")),
        (False, "", (r"C:\g\python.exe", "-m", "gamedetectd")),
    ],
)
def test_on_windows_it_is_one_without_a_console(is_frozen, there, argv):
    program = this_program("win32", r"C:\g\python.exe", {}, frozen=is_frozen, is_file=there.__eq__)
    assert program.argv == argv
    started = (r"c:\G\PYTHON.exe",) if is_frozen else (r"c:\G\PYTHON.exe", "-m", "gamedetectd")
    assert program.is_what_starts((*started, "run"))
    assert is_frozen or program.is_what_starts((r"C:\g\Scripts\gamedetectd.exe", "run"))
    assert not program.is_what_starts((r"C:\other\python.exe", "-m", "gamedetectd"))


@posix
def test_links_to_a_script_are_that_script_but_two_environments_of_one_python_are_two(tmp_path):
    script = installed(tmp_path / "venv" / "bin")
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "gamedetectd").symlink_to(script)
    assert Program((script,)).is_what_starts((str(tmp_path / "bin" / "gamedetectd"), "run"))
    installed(tmp_path / "usr", "python3")
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "python3").symlink_to(tmp_path / "usr" / "python3")
    one, two = ((str(tmp_path / name / "python3"), "-m", "gamedetectd") for name in ("one", "two"))
    assert Program(one).is_what_starts(one)
    assert not Program(one).is_what_starts(two)
    assert not Program(one).is_what_starts(())


@pytest.mark.parametrize(
    ("argv", "found"),
    [
        (["gamedetectd", "run"], ["gamedetectd", "run"]),
        (["gamedetectd"], ["gamedetectd"]),
        (["gamedetectd", "--headless", "run"], ["gamedetectd", "--headless", "run"]),
        (["gamedetectd", "status"], None),
        (["gamedetectd", "autostart", "on"], None),
        (["gamedetective", "run"], None),
        (["/opt/g/gamedetectd-1.2-x86_64.AppImage", "run"], ["/opt/g/gamedetectd-1.2-x86_64.AppImage", "run"]),
        (["C:\\g\\GameDetectdW.exe", "run"], ["C:\\g\\GameDetectdW.exe", "run"]),
        (["python3", "-m", "gamedetectd", "run"], ["python3", "-m", "gamedetectd", "run"]),
        (["python3", "-X", "utf8", "-m", "gamedetectd", "run"], None),
        (["python3.12", "-I", "-m", "gamedetectd", "run"], ["python3.12", "-m", "gamedetectd", "run"]),
        (["python3", "/usr/bin/gamedetectd", "run"], ["/usr/bin/gamedetectd", "run"]),
        (["python3", "-m", "http.server"], None),
        (["python3", "other.py", "-m", "gamedetectd"], None),
        (["env", "A=b", "C=d", "gamedetectd", "run"], ["gamedetectd", "run"]),
        (["nice", "-n", "5", "ionice", "-c3", "gamedetectd", "run"], ["gamedetectd", "run"]),
        (["A=b", "gamedetectd"], ["gamedetectd"]),
        (["sh", "-c", "sleep 10 && exec gamedetectd run"], ["gamedetectd", "run"]),
        (["bash", "-c", "cd /x; A=1 '/o p/gamedetectd' run &"], ["/o p/gamedetectd", "run"]),
        (["sh", "-c", "echo 'gamedetectd run"], None),
        (["sh", "-c", "echo gamedetectd run"], None),
        (["sh", "-c"], None),
        (["env"], None),
        ([], None),
    ],
)
def test_what_starts_gamedetectd_is_seen_behind_what_stands_before_it(argv, found):
    assert started_by(argv) == (tuple(found) if found is not None else None)


def test_shells_in_shells_end_somewhere():
    inner = "gamedetectd run"
    for _ in range(8):
        inner = "sh -c " + subprocess.list2cmdline([inner])
    assert started_by(inner.split(" ", 2)) is None


@posix
def test_a_program_is_missing_where_it_cannot_be_run(tmp_path):
    script = installed(tmp_path)
    assert program_missing((script, "run")) == ""
    assert program_missing(("sh",)) == ""
    assert program_missing((str(tmp_path / "gone"),)) == str(tmp_path / "gone")
    (tmp_path / "gamedetectd").chmod(0o644)
    assert os.geteuid() == 0 or program_missing((script,)) == script
    assert program_missing(()) == ""


PATHS = [
    "/usr/bin/gamedetectd",
    "/home/jörg ñ/ゲーム/gamedetectd",
    "/a b/per%cent/%f/gamedetectd",
    "/dollar$HOME/`tick`/gamedetectd",
    "/quote'\"/back\\slash/gamedetectd",
    "/semi;amp&pipe|hash#/(x)*?~<>/gamedetectd",
    "/equals=sign/gamedetectd",
]
ARGUMENTS = ("run", "--delay", "5", "", " ", "$x", "%u", '"', "a'b", "\\", "\\\\ \\")


def of_entry(command):
    return desktop_entry.split_exec(desktop_entry.keys(desktop_entry.rendered(command))["Exec"])


def of_unit(command):
    (found,) = unit_file.commands(unit_file.rendered(command))
    return found


@pytest.mark.parametrize("written", [of_entry, of_unit], ids=["desktop entry", "systemd unit"])
@pytest.mark.parametrize("path", PATHS)
def test_what_is_written_is_read_again(written, path):
    command = (path, *ARGUMENTS)
    found = written(command)
    assert found[-len(command) :] == command
    assert found[: -len(command)] in ((), ("/usr/bin/env",))
    assert desktop_entry.keys(desktop_entry.rendered(command))["TryExec"] == path


TEXT = st.text(st.characters(min_codepoint=32, exclude_categories=["Cs", "Cc", "Zs", "Zl", "Zp"]) | st.just(" "))


@given(TEXT, st.lists(TEXT))
def test_whatever_the_words_are(program, arguments):
    command = ("/" + program, *arguments)
    assert of_entry(command)[-len(command) :] == command
    assert of_unit(command)[-len(command) :] == command


WINDOWS_TEXT = st.text(st.characters(min_codepoint=32, exclude_categories=["Cs", "Cc"], exclude_characters='"'))


@given(WINDOWS_TEXT, st.lists(TEXT))
def test_and_on_windows(program, arguments):
    assert windows_command.split(windows_command.joined(("C:\\" + program, *arguments))) == (
        "C:\\" + program,
        *arguments,
    )


@pytest.mark.parametrize(
    ("text", "argv"),
    [
        (r"C:\Program Files\g\gamedetectdw.exe run --delay 5", (r"C:\Program Files\g\gamedetectdw.exe", *RUN)),
        (r'"C:\Program Files\g\gamedetectdw.exe" run', (r"C:\Program Files\g\gamedetectdw.exe", "run")),
        (r'"C:\g\g.exe', (r"C:\g\g.exe",)),
        (r"C:\g\gamedetectd run", (r"C:\g\gamedetectd", "run")),
        ('g.exe "a b" c\\\\"d e" \\\\x \\"y', ("g.exe", "a b", "c\\d e", "\\\\x", '"y')),
        ("", ()),
        ("  ", ()),
    ],
)
def test_commands_as_others_write_them_on_windows(text, argv):
    assert windows_command.split(text) == argv


@pytest.mark.parametrize(
    ("value", "argv"),
    [
        ("gamedetectd run %u", ("gamedetectd", "run")),
        ("'single quoted' a\\ b", ("single quoted", "a b")),
        ('half"quoted word"', ("halfquoted word",)),
        ('never "closed', ()),
        ("", ()),
    ],
)
def test_commands_as_others_write_them_in_entries(value, argv):
    assert desktop_entry.split_exec(value) == argv


def test_commands_as_others_write_them_in_units():
    text = "[Service]\nExecStart=-/usr/bin/env \\\n  gamedetectd run\nExecStart=\n ExecStart = :'/a b/x' \\x\n"
    assert unit_file.commands(text) == (("/usr/bin/env", "gamedetectd", "run"), ("/a b/x", "x"))


def test_an_entry_is_hidden_without_losing_what_else_it_says():
    text = "# mine\n[Desktop Entry]\r\nHidden=false\nExec=gamedetectd run\nName=x\n\n[Desktop Action a]\nHidden=no\n"
    after = desktop_entry.hidden(text)
    assert desktop_entry.keys(after) == {
        "Hidden": "true",
        "X-Gamedetectd-Off": "true",
        "Exec": "gamedetectd run",
        "Name": "x",
    }
    assert after.startswith("# mine\n[Desktop Entry]\n")
    assert after.endswith("[Desktop Action a]\nHidden=no\n")
    assert desktop_entry.hidden(after) == after
    assert desktop_entry.keys(desktop_entry.hidden("nonsense"))["Hidden"] == "true"
    assert desktop_entry.keys("nonsense") == {}


@pytest.mark.parametrize("path", ["/a\nb/gamedetectd", "/a\x7f/gamedetectd", os.fsdecode(b"/\xff/gamedetectd")])
def test_what_no_file_can_say_is_refused_with_a_sentence(path):
    with pytest.raises(AutostartError, match="Install gamedetectd in a directory with a plainer name"):
        refuse_unspeakable((path, "run"))


def needs(name):
    if shutil.which(name) is None:
        pytest.skip(f"{name} is not installed")
    return name


AWKWARD = ["plain", "ö x", "per%cent", "%F x", "dol$HOME", "q'uote", 'dq"x', "back\\sl", "tick`x", "semi;#&x", "e=q"]


@pytest.fixture
def awkward(tmp_path):
    """A program under an awkward name that writes down what it was started with."""

    def make(name):
        file = tmp_path / "a b" / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(
            f"#!/bin/sh\nprintf '%s|' \"$0\" \"$@\" > '{tmp_path}/part'\nmv '{tmp_path}/part' '{tmp_path}/out'\n"
        )
        file.chmod(0o755)
        return (str(file), "run", "a b$c%d\\"), tmp_path / "out"

    return make


@posix
@pytest.mark.parametrize("name", AWKWARD)
def test_desktops_built_on_glib_start_exactly_that(awkward, tmp_path, name):
    command, out = awkward(name)
    entry = tmp_path / "x.desktop"
    entry.write_text(desktop_entry.rendered(command), encoding="utf-8")
    valid = subprocess.run([needs("desktop-file-validate"), entry], capture_output=True, text=True)
    assert (valid.returncode, valid.stdout) == (0, "")
    done = subprocess.run([needs("gio"), "launch", entry], capture_output=True, text=True, timeout=10)
    assert done.returncode == 0, done.stderr
    until = time.monotonic() + 5
    while not out.exists() and time.monotonic() < until:
        time.sleep(0.01)
    assert out.read_text() == "|".join(command) + "|"


@posix
def test_systemd_understands_exactly_that(awkward, tmp_path):
    tmp_path.chmod(0o700)
    units = []
    for number, name in enumerate(AWKWARD):
        units.append(tmp_path / f"u{number}.service")
        units[-1].write_text(unit_file.rendered(awkward(name)[0]), encoding="utf-8")

    def complaints():
        command = [needs("systemd-analyze"), "verify", "--user", *units]
        environment = {**os.environ, "XDG_RUNTIME_DIR": str(tmp_path)}
        return subprocess.run(command, capture_output=True, text=True, timeout=30, env=environment).stderr

    assert complaints() == ""
    gone = [name for name in AWKWARD if not set(name) & set("'\"\\")]  # env starts the others
    for name in AWKWARD:
        (tmp_path / "a b" / name).unlink()
    said = complaints()
    assert [name for name in gone if f"Command {tmp_path}/a b/{name} is not executable" not in said] == []
    assert said.count("is not executable") == len(gone)


@posix
def test_systemds_generator_makes_a_unit_of_the_entry(awkward, tmp_path):
    generator = "/usr/lib/systemd/user-generators/systemd-xdg-autostart-generator"
    if not Path(generator).exists():
        pytest.skip(f"{generator} is not installed")
    autostart = tmp_path / "config" / "autostart"
    autostart.mkdir(parents=True)
    command, _ = awkward("ö x")
    (autostart / "gamedetectd.desktop").write_text(desktop_entry.rendered((*command[:2], "a$b%c")), encoding="utf-8")
    environment = {**os.environ, "XDG_CONFIG_HOME": str(tmp_path / "config"), "XDG_CONFIG_DIRS": str(tmp_path)}
    subprocess.run([generator, *[tmp_path] * 3], env=environment, check=True, capture_output=True, timeout=10)
    unit = (tmp_path / "app-gamedetectd@autostart.service").read_text()
    assert f'ExecStart=:"{command[0]}" run "a\\$b%%c"' in unit

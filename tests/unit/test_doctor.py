"""The doctor at broken installations, sessions, files and daemons: what it says, what mends it, its exit code."""

import importlib.util
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator, validate
from played_games import played
from real_daemon import RealDaemon
from real_programs import eventually

import gamedetectd
from gamedetectd import i18n
from gamedetectd.app.doctor import capabilities, daemon_side, examine, findings, installation, kept
from gamedetectd.app.doctor import places as looking_at_places
from gamedetectd.catalogue import builtin
from gamedetectd.control.doctor_shapes import SHAPES
from gamedetectd.control.shapes import schemas
from gamedetectd.errors import SettingsError
from gamedetectd.paths import Paths
from gamedetectd.platforms.own_program import shell_word
from gamedetectd.platforms.resources import resource_meter
from gamedetectd.security.audit import AuditLog
from gamedetectd.security.credentials import SecretStore
from gamedetectd.sessions.history import History
from gamedetectd.vision import model_files, reading_parts

SCHEMAS = schemas(SHAPES)
NOBODY = 65_534
CANARY = "hunter2-in-the-wrong-place"


@pytest.fixture
def paths(tmp_path, monkeypatch):
    """A home of its own, and a session without display, bus and autostart."""
    home = tmp_path / "home"
    for variable in ("DISPLAY", "WAYLAND_DISPLAY", "DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("GAMEDETECTD_HOME", str(home))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "xdg"))
    monkeypatch.setenv("GAMEDETECTD_SECRETS_STORE", "file")  # the keyring is asked in a child: a test of its own
    monkeypatch.setenv("COLUMNS", "160")
    monkeypatch.setenv("NO_COLOR", "1")
    return Paths.below(home)


def found(done):
    """What was found, without what only says that there is no desktop and no daemon."""
    expected = {"display-missing", "bus-missing", "daemon-not-running"}
    return {row["code"]: row for row in done.json["findings"] if row["code"] not in expected}


def write(path, text, mode=0o600):
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.write_text(text)
    path.chmod(mode)


# --- all is well ---


def test_a_fresh_installation_is_healthy_and_nothing_is_made(paths, gd):
    done = gd("doctor", "--json")
    assert (done.code, done.json["overall"], done.json["daemon"]) == (0, "healthy", "not-running")
    missing = {"display-missing", "bus-missing"} if sys.platform != "win32" else set()
    assert {row["code"] for row in done.json["findings"]} == {"daemon-not-running", *missing}
    assert not paths.config.parent.exists()
    Draft202012Validator.check_schema(SCHEMAS["doctor"])
    validate(done.json, SCHEMAS["doctor"])


def test_people_read_tables_and_at_the_end_what_to_do(gd):
    done = gd("doctor")
    assert done.code == 0
    titles = ("System", "Places", "What this system can do", "Kept", "Logging")
    assert [line for line in done.out.splitlines() if line in titles] == list(titles)
    assert "Start it: gamedetectd run" in done.out
    assert done.out.splitlines()[-1].startswith(f"gamedetectd {gamedetectd.__version__} is healthy: 0 problems.")


def test_the_parts_are_those_the_project_declares():
    import tomllib

    root = Path(__file__).resolve().parents[2]
    declared = tomllib.loads((root / "pyproject.toml").read_text())["project"]["dependencies"]
    names = {line.split(">")[0].split(";")[0].strip() for line in declared}
    assert {part.distribution for part in installation.PARTS} == names
    for line in declared:
        name = line.split(">")[0].strip()
        [part] = [part for part in installation.PARTS if part.distribution == name]
        assert (part.system == "linux") == ("sys_platform == 'linux'" in line)


def test_the_languages_are_those_there_are():
    assert {"en", *installation.LANGUAGES} == set(i18n.languages())


# --- what is broken ---


def part_missing(_paths, monkeypatch):
    there = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "watchdog" else there(name))


def catalogue_missing(_paths, monkeypatch):
    monkeypatch.setattr(builtin, "TABLE", Path("/nonexistent/games.tsv"))


def catalogue_cut(paths, monkeypatch):
    write(paths.config.parent.parent / "games.tsv", "half a ro")
    monkeypatch.setattr(builtin, "TABLE", paths.config.parent.parent / "games.tsv")


def translations_missing(_paths, monkeypatch):
    monkeypatch.setattr(i18n, "FOLDER", Path("/nonexistent"))


def home_in_the_way(paths, _monkeypatch):
    paths.config.parent.write_text("not a directory")


def directory_in_the_way(paths, _monkeypatch):
    write(paths.data, "not a directory")


def open_directory(paths, _monkeypatch):
    paths.config.mkdir(parents=True)
    paths.config.chmod(0o777)


def disk_full(_paths, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: shutil._ntuple_diskusage(10**9, 10**9 - 10**6, 10**6))


def display_wrong(_paths, monkeypatch):
    monkeypatch.setenv("DISPLAY", ":987")


def bus_wrong(_paths, monkeypatch):
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus")


def settings_broken(paths, _monkeypatch):
    write(paths.settings_file, f'[watch]\npoll_interval = "{CANARY}"\n')


def settings_open(paths, _monkeypatch):
    write(paths.settings_file, "", 0o666)


def actions_broken(paths, _monkeypatch):
    write(paths.actions_file, f'[[hook]]\nname = "a"\ncommand = "{CANARY}"\n')


def rules_broken(paths, _monkeypatch):
    write(paths.rules_file, f'[[rule]]\nkind = "{CANARY}"\nexecutable = "x"\n')


def kept_history(paths):
    with History.open(paths.history_file) as history:
        history.commit(played("Chess", "Go", "Halma"))
        return history.backup()


def history_damaged(paths, _monkeypatch):
    kept_history(paths)
    data = bytearray(paths.history_file.read_bytes())
    data[4096 : 4096 * 6] = os.urandom(4096 * 5)
    paths.history_file.write_bytes(data)


def history_no_database(paths, _monkeypatch):
    write(paths.history_file, "not a database at all, but long enough to be looked at" * 40)


def history_newer(paths, _monkeypatch):
    kept_history(paths)
    with sqlite3.connect(paths.history_file) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()


def backup_old(paths, _monkeypatch):
    backup = kept_history(paths)
    os.utime(backup, (time.time() - 5 * 86_400,) * 2)


def backup_missing(paths, _monkeypatch):
    kept_history(paths).unlink()


def list_damaged(paths, _monkeypatch):
    write(paths.data / "catalogue" / "ludusavi.1.index", "no index")


def store_unreadable(paths, monkeypatch):
    home = paths.config.parent.parent / "person"
    write(home / ".steam" / "steam" / "steamapps" / "libraryfolders.vdf", '"libraryfolders" { "0" {')
    monkeypatch.setenv("HOME", str(home))


def autostart_stale(paths, monkeypatch):
    entry_file = paths.config.parent.parent / "xdg" / "autostart" / "gamedetectd.desktop"
    write(entry_file, "[Desktop Entry]\nType=Application\nName=gamedetectd\nExec=/nonexistent/gamedetectd run\n", 0o644)
    monkeypatch.setenv("GAMEDETECTD_HOME", str(paths.config.parent))


def check_failing(_paths, monkeypatch):
    def fail():
        raise RuntimeError("a fault of ours")

    monkeypatch.setattr(kept, "library", fail)
    monkeypatch.setattr(threading, "excepthook", lambda _args: None)  # it prints what is to be reported


def check_hanging(_paths, monkeypatch):
    monkeypatch.setattr(kept, "library", lambda: ([], time.sleep(1) or ()))
    monkeypatch.setattr(examine, "_LIBRARY_SECONDS", 0.1)


def vision_wanted(paths):
    write(paths.settings_file, "[vision]\nenabled = true\n")


def vision_parts_missing(paths, monkeypatch):
    vision_wanted(paths)
    monkeypatch.setattr(model_files, "MODULES", {"no_such_module": "no-such-part"})


def title_screens_parts_missing(paths, monkeypatch):
    write(paths.settings_file, "[vision]\nenabled = true\nread_titles = true\n")
    monkeypatch.setitem(reading_parts.MODULES, "no_such_module", "no-such-part")


def vision_model_missing(paths, monkeypatch):
    vision_wanted(paths)
    monkeypatch.setattr(model_files, "MODULES", {})
    monkeypatch.setattr(model_files, "_places", lambda: iter(()))


def vision_model_damaged(paths, monkeypatch):
    vision_wanted(paths)
    folder = paths.config.parent / "models"
    write(folder / "manifest.toml", 'format = 1\n[[model]]\nfile = "features.onnx"\nsha256 = "0"\n')
    write(folder / "features.onnx", "another")
    monkeypatch.setattr(model_files, "MODULES", {})
    monkeypatch.setattr(model_files, "_places", lambda: iter([folder]))


BROKEN = [
    (part_missing, 7, "part-missing", "watchdog is not there", "-m pip install --force-reinstall watchdog"),
    (
        catalogue_missing,
        7,
        "resource-missing",
        f"{Path('/nonexistent/games.tsv')}, cannot be read: No such file",
        "Install it again",
    ),
    (catalogue_cut, 7, "resource-missing", "line 1 of games.tsv has 1 columns", "Install it again"),
    (translations_missing, 7, "resource-missing", "The texts in the language 'de'", "Install it again"),
    (home_in_the_way, 7, "place-unusable", "is in the way: it is no directory", "Move it away: m"),
    (directory_in_the_way, 7, "place-unusable", "data is in the way", "Move it away: m"),
    (open_directory, 6, "place-open", "can be changed by other accounts", "chmod go-w "),
    (disk_full, 6, "disk-nearly-full", "1 MB are left", "Free some space"),
    (display_wrong, 6, "display-unusable", "Display :987", "export DISPLAY=:0"),
    (
        bus_wrong,
        6,
        "bus-unusable",
        "Notifications, the icon and the keyring need it",
        "export DBUS_SESSION_BUS_ADDRESS=",
    ),
    (settings_broken, 7, "settings-refused", "settings.toml:2: watch.poll_interval", "gamedetectd config check"),
    (settings_open, 7, "settings-refused", "is not protected", "chmod go-w "),
    (rules_broken, 6, "rules-invalid", "rules.toml:2: rule[0].kind", "gamedetectd config check"),
    (actions_broken, 6, "actions-invalid", "actions.toml:3: hook[0].command", "gamedetectd config check"),
    (history_damaged, 7, "history-damaged", "Newest backup: history.backup-", "gamedetectd run"),
    (history_no_database, 7, "history-damaged", "There is no backup.", "gamedetectd run"),
    (history_newer, 7, "history-unusable", "written by a newer gamedetectd", "Update gamedetectd"),
    (backup_old, 6, "history-no-backup", "the newest is of ", "gamedetectd run"),
    (backup_missing, 6, "history-no-backup", "there is none", "gamedetectd run"),
    (list_damaged, 6, "catalogue-damaged", "ludusavi.1.index", "gamedetectd catalogue update"),
    (autostart_stale, 6, "autostart-broken", "/nonexistent/gamedetectd", "autostart"),
    (
        vision_parts_missing,
        6,
        "vision-missing",
        "no-such-part is missing",
        f"-m pip install {shell_word('gamedetectd[vision]')}",
    ),
    (
        title_screens_parts_missing,
        6,
        "title-screens-missing",
        "no-such-part",
        f"-m pip install {shell_word('gamedetectd[ocr]')}",
    ),
    (vision_model_missing, 6, "vision-model-missing", "not installed with this program", "Install it again"),
    (vision_model_damaged, 6, "vision-model-damaged", "features.onnx is not the file", "Install gamedetectd again"),
    (check_failing, 6, "check-failed", "Looking at the stores failed", "report it"),
    (check_hanging, 6, "check-slow", "Looking at the stores took longer than 0.1 s", "network drives"),
]


@pytest.mark.parametrize(
    ("breaks", "code", "finding", "says", "mends"), BROKEN, ids=lambda one: getattr(one, "__name__", "")
)
def test_each_broken_thing_is_told_apart_and_gets_its_command(
    paths, gd, monkeypatch, breaks, code, finding, says, mends
):
    breaks(paths, monkeypatch)
    done = gd("doctor", "--json")
    assert finding in found(done), done.json["findings"]
    row = found(done)[finding]
    assert says in row["message"]
    assert mends in row["remedy"]
    assert done.code == code
    assert CANARY not in done.out, "a value in the wrong place may be a secret"
    validate(done.json, SCHEMAS["doctor"])


WITHOUT = """
import sys
class Blocked:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == {module!r}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)
sys.meta_path.insert(0, Blocked())
sys.argv = ["gamedetectd", *sys.argv[1:]]
from gamedetectd.cli.entry import main
main()
"""
"""gamedetectd as it is where a library was never installed, or was removed."""


@pytest.mark.parametrize("module", ["typer", "msgspec", "yaml", "watchdog"])
def test_a_library_that_is_not_there_is_named_whatever_stumbles_over_it(paths, module):
    command = [sys.executable, "-c", WITHOUT.format(module=module), "doctor"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    said = done.stdout + done.stderr
    assert done.returncode == 7, said
    assert "Traceback" not in said
    part = next(part.distribution for part in installation.PARTS if part.module == module)
    assert f"{part} is missing" in said or f"{part} is not there: it is needed for " in said
    assert "-m pip install --force-reinstall " in said


def test_a_library_that_is_not_there_ends_other_commands_in_a_sentence(paths):
    command = [sys.executable, "-c", WITHOUT.format(module="typer"), "status"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr.splitlines()[0]) == (
        1,
        "gamedetectd is not completely installed: typer is missing.",
    )


def test_what_a_store_cannot_read_is_only_a_note(paths, gd, monkeypatch):
    store_unreadable(paths, monkeypatch)
    done = gd("doctor", "--json")
    assert (found(done)["store-unreadable"]["severity"], done.code) == ("info", 0)


def test_an_account_without_a_home_is_told_so(gd, monkeypatch):
    def homeless(_environment=None):
        raise SettingsError("The home directory of this account is not known.", "Set HOME.")

    monkeypatch.setattr(Paths, "resolve", homeless)
    done = gd("doctor", "--json")
    assert (done.code, done.out) == (7, "")
    assert "Set HOME." in done.err


def test_every_finding_has_a_case():
    tried = {finding for _, _, finding, *_ in BROKEN}
    elsewhere = {"store-unreadable", "display-missing", "bus-missing", "daemon-not-running", "settings-invalid"}
    elsewhere |= {"windows-untold"}
    elsewhere |= {"daemon-hung", "daemon-died", "daemon-other-version", "secrets-unusable"}
    assert tried | elsewhere == set(findings.BY_CODE)


@pytest.fixture
def public():
    """A directory that every account may look into."""
    if sys.platform == "win32" or os.geteuid() != 0:
        pytest.skip("only root can look as another account does")
    with tempfile.TemporaryDirectory() as directory:
        Path(directory).chmod(0o755)
        yield Path(directory)


def as_nobody(call):
    os.seteuid(NOBODY)
    try:
        return call()
    finally:
        os.seteuid(0)


def test_another_account_cannot_use_our_home_and_is_told_whose_it_is(public):
    paths = Paths.below(public / "home")
    paths.config.mkdir(parents=True, mode=0o755)
    rows, troubles = as_nobody(lambda: looking_at_places.places(paths))
    assert {one.code for one in troubles} == {findings.PLACE_UNUSABLE}
    assert any("sudo chown $(id -u)" in one.remedy for one in troubles)
    assert next(row for row in rows if row.name == "settings").owner == "root"


def test_a_home_of_our_own_that_may_not_be_written_to(public):
    home = public / "home"
    home.mkdir(mode=0o500)
    os.chown(home, NOBODY, NOBODY)
    _, troubles = as_nobody(lambda: looking_at_places.places(Paths.below(home)))
    assert {one.remedy for one in troubles} == {f"Make it writable: chmod u+rwX {home}"}


# --- with a daemon ---


def test_a_daemon_that_runs_hangs_and_dies(paths, gd, monkeypatch):
    with RealDaemon(paths.config.parent) as daemon:
        eventually(lambda: daemon.json("status")["daemon"]["last_backup"], what="the first backup")
        running = gd("doctor", "--json")
        people = gd("status", "--verbose")
        brief = gd("status")
        monkeypatch.setattr(gamedetectd, "__version__", "99.0")
        other = gd("doctor", "--json")
        monkeypatch.undo()
        monkeypatch.setenv("GAMEDETECTD_HOME", str(paths.config.parent))
        monkeypatch.setenv("COLUMNS", "160")
        os.kill(daemon.process.pid, signal.SIGSTOP)
        begun = time.monotonic()
        hung = gd("doctor", "--json")
        lasted = time.monotonic() - begun
        os.kill(daemon.process.pid, signal.SIGCONT)
        daemon.kill()
        died = gd("doctor", "--json")
    assert (running.json["daemon"], running.json["logging_of"]) == ("running", "daemon")
    assert any("EcsFormatter" in line for line in running.json["logging_tree"])
    assert running.json["status"]["daemon"]["pid"] == daemon.process.pid
    assert {row["purpose"]: row["state"] for row in running.json["capabilities"]}["power"] == "used"
    validate(running.json, SCHEMAS["doctor"])
    for heading in ("Sensors", "Sinks", "Workers", "Resources", "Kept", "Counters"):
        assert heading in people.out.splitlines()
        assert heading not in brief.out.splitlines()
    assert len(brief.out.splitlines()) < 10 < len(people.out.splitlines())
    assert "sensors watch; " in brief.out
    assert found(other)["daemon-other-version"]["message"].startswith("This is 99.0, the daemon is version ")
    assert (hung.code, hung.json["daemon"]) == (7, "hung")
    assert f"kill -9 {daemon.process.pid}; gamedetectd run" in found(hung)["daemon-hung"]["remedy"]
    assert lasted < 20
    assert (died.code, died.json["daemon"]) == (6, "died")
    assert f"Process {daemon.process.pid} held the lock" in found(died)["daemon-died"]["message"]


def test_a_display_that_hangs_is_named(monkeypatch):
    one = examine._Examination(lambda _what: None)
    found = one.look("display", lambda: (time.sleep(0.3), ()), "nothing", 0.05, slow=findings.DISPLAY_UNUSABLE)
    assert (found, [row.code for row in one.findings]) == ("nothing", [findings.DISPLAY_UNUSABLE])


def test_an_audit_trail_as_it_was_and_one_that_was_changed(paths, gd):
    none = gd("doctor", "--verify-audit")
    assert (none.code, none.out) == (0, "There is no audit trail yet.\n")
    trail = AuditLog(paths.audit_log_file, lambda: SecretStore(paths, "file"))
    trail.record("start", "gamedetectd starts.")
    trail.record("stop", "gamedetectd ends.")
    trail.flush()
    trail.close()
    whole = gd("doctor", "--verify-audit", "--json")
    validate(whole.json, SCHEMAS["doctor-verify-audit"])
    assert (whole.code, whole.json["ok"], whole.json["lines"]) == (0, True, 2)
    paths.audit_log_file.write_bytes(paths.audit_log_file.read_bytes().replace(b"starts", b"started"))
    changed = gd("doctor", "--verify-audit", "--json")
    validate(changed.json, SCHEMAS["doctor-verify-audit"])
    assert (changed.code, changed.json["ok"]) == (7, False)
    people = gd("doctor", "--verify-audit")
    assert "was changed" in people.out
    assert "find out who it was" in people.out


@pytest.mark.parametrize(
    "arguments", [("--self-test", "--verify-audit"), ("--self-test", "--bundle", "x.zip"), ("--yes",), ("--force",)]
)
def test_what_does_not_go_together_is_wrong_usage(gd, arguments):
    assert gd("doctor", *arguments).code == 2


def test_settings_that_broke_while_it_runs_cost_less(paths):
    settings_broken(paths, None)
    _, troubles = kept.settings(paths, running=True)
    assert [one.code for one in troubles] == [findings.SETTINGS_INVALID]


def test_what_should_run_since_it_starts_at_login(paths):
    [one] = daemon_side.troubles(daemon_side.Found("not-running"), at_login=True)
    assert one.message == "It starts at login, and does not run now."


def test_an_answer_of_another_shape_is_another_version(paths, monkeypatch):
    monkeypatch.setattr(daemon_side.Client, "request", lambda _self, _command: {"version": 1})
    answer = daemon_side.ask(paths)
    assert answer.state == "running"
    [one] = daemon_side.troubles(answer, at_login=False)
    assert (one.code, "was not understood" in one.message) == (findings.DAEMON_OTHER_VERSION, True)


def test_a_key_that_cannot_be_read_is_a_daemon_that_cannot_be_asked(paths):
    (paths.runtime / "control.key").mkdir(parents=True)
    answer = daemon_side.ask(paths)
    assert answer.state == "hung"
    [one] = daemon_side.troubles(answer, at_login=False)
    assert "gamedetectd logs" in one.remedy


# --- secrets ---


def test_a_keyring_that_is_not_there_matters_once_a_secret_is_in_it(paths, monkeypatch):
    monkeypatch.delenv("GAMEDETECTD_SECRETS_STORE")
    chosen, _ = kept.settings(paths, running=False)
    row, troubles = kept.secrets(paths, chosen)
    assert (row.kept, row.store.startswith("an encrypted file"), list(troubles)) == (0, True, [])
    assert row.problem
    write(paths.data / "secrets.json", '{"places": {"mqtt": "keyring"}}')
    row, [trouble] = kept.secrets(paths, chosen)
    assert (row.kept, trouble.code, "mqtt" in str(row)) == (1, findings.SECRETS_UNUSABLE, False)
    write(paths.data / "secrets.json", "{")
    row, [trouble] = kept.secrets(paths, chosen)
    assert (row.store, trouble.code) == ("unknown", findings.SECRETS_UNUSABLE)


# --- desktops ---


def test_a_bus_with_services_and_one_without(bus, paths, monkeypatch):
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", bus.address)
    assert list(capabilities.bus_troubles()) == []
    chosen, _ = kept.settings(paths, running=False)
    assert [row.state for row in capabilities.desktop(chosen)] == ["unsupported", "unsupported"]
    names = ("org.freedesktop.Notifications", "org.kde.StatusNotifierWatcher")
    monkeypatch.setattr(capabilities, "_on_the_bus", lambda: frozenset(names))
    assert [row.state for row in capabilities.desktop(chosen)] == ["available", "available"]
    monkeypatch.setattr(sys, "platform", "darwin")
    assert [row.mechanism for row in capabilities.desktop(chosen)] == ["bubbles of the icon", "menu bar"]
    assert (list(capabilities.display_troubles()), list(capabilities.bus_troubles())) == ([], [])


def test_what_the_settings_switch_off_is_told_as_off(paths):
    write(paths.settings_file, '[tray]\nenabled = false\n[notifications]\nmode = "none"\n')
    chosen, _ = kept.settings(paths, running=False)
    assert [row.state for row in capabilities.desktop(chosen)] == ["off", "off"]


def test_settings_that_are_private_are_only_counted(paths, gd):
    write(paths.settings_file, '[privacy]\nprivate_titles = ["*bank*", "diary"]\n')
    done = gd("doctor")
    assert "bank" not in done.out
    assert "2 patterns" in done.out


def test_usage_has_shares_once_health_has_looked():
    from gamedetectd.app.standing import Usage

    meter = resource_meter()
    earlier = meter.read()
    usage = Usage(meter)
    assert usage.row(None).cpu_share is None
    assert usage.row(earlier).cpu_share is None, "a moment is too short to measure a share over"
    until = time.monotonic() + 1.05
    while time.monotonic() < until:
        pass
    row = usage.row(earlier)
    assert row.cpu_share > 0
    assert 0 < row.system_cpu_share <= 1

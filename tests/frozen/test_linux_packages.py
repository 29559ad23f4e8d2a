"""What the Debian package and the archive hold, and the archive installed, upgraded and removed in a home."""

import gzip
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from real_programs import eventually

pytestmark = [
    pytest.mark.timeout(400),
    pytest.mark.skipif(sys.platform != "linux", reason="packages for Linux"),
]  # the first one builds
ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "packaging" / "linux"))


def verify(*command, **options):
    if shutil.which(command[0]) is None:
        pytest.skip(f"{command[0]} is not installed")
    return subprocess.run([*map(str, command)], capture_output=True, text=True, timeout=60, **options)


@pytest.fixture(scope="module")
def laid_out(folder, tmp_path_factory):
    """The archive's folder, before it is packed."""
    import make_tar

    return make_tar.lay_out(folder, tmp_path_factory.mktemp("archive"))


@pytest.fixture(scope="module")
def package_root(folder, tmp_path_factory):
    """What the Debian package holds, before it is packed."""
    import make_deb

    root = tmp_path_factory.mktemp("deb") / "root"
    make_deb.lay_out(folder, root)
    return root


def test_everything_is_where_it_belongs_and_readable(package_root):
    for place in (
        "usr/bin/gamedetectd",
        "usr/lib/systemd/user/gamedetectd.service",
        "usr/share/applications/gamedetectd.desktop",
        "usr/share/icons/hicolor/48x48/apps/gamedetectd.png",
        "usr/share/icons/hicolor/256x256/apps/gamedetectd.png",
        "usr/share/doc/gamedetectd/copyright",
        "usr/share/bash-completion/completions/gamedetectd",
        "usr/share/zsh/vendor-completions/_gamedetectd",
        "usr/share/fish/vendor_completions.d/gamedetectd.fish",
        "DEBIAN/md5sums",
    ):
        assert (package_root / place).is_file(), place
    modes = {path.stat().st_mode & 0o7777 for path in package_root.rglob("*") if not path.is_symlink()}
    assert modes == {0o755, 0o644}
    control = (package_root / "DEBIAN" / "control").read_text()
    assert "Depends: libc6 (>= 2." in control
    assert "python" not in control.partition("Description")[0].lower()


def test_nothing_starts_by_itself(package_root):
    assert not (package_root / "etc").exists()
    assert not list(package_root.rglob("*.wants"))
    assert (
        "ExecStart=/usr/bin/gamedetectd run" in (package_root / "usr/lib/systemd/user/gamedetectd.service").read_text()
    )


def test_the_descriptions_are_valid(package_root):
    share = package_root / "usr/share"
    entry = verify("desktop-file-validate", share / "applications/gamedetectd.desktop")
    assert (entry.returncode, entry.stdout) == (0, "")
    described = verify("appstreamcli", "validate", "--no-net", *share.glob("metainfo/*.xml"))
    assert described.returncode == 0, described.stdout


def test_the_manual_has_every_command(package_root, tmp_path):
    page = tmp_path / "gamedetectd.1"
    page.write_bytes(gzip.decompress((package_root / "usr/share/man/man1/gamedetectd.1.gz").read_bytes()))
    shown = verify("man", "--warnings", "-E", "UTF-8", "-l", "-Tutf8", "-Z", page)
    assert (shown.returncode, shown.stderr) == (0, "")
    text = page.read_text()
    assert [name for name in ("doctor", "game add", "secret set", "self\\-update") if f".SS {name}" not in text] == []


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completions_are_scripts_of_their_shell(package_root, shell):
    import staging

    done = verify(shell, "-n", package_root / "usr" / staging.SHELLS[shell])
    assert (done.returncode, done.stderr) == (0, "")


def test_completion_asks_the_program(package_root):
    asked = {"COMP_WORDS": "gamedetectd sess", "COMP_CWORD": "1", "_GAMEDETECTD_COMPLETE": "complete_bash"}
    done = subprocess.run([package_root / "usr/bin/gamedetectd"], env=asked, capture_output=True, text=True, timeout=30)
    assert done.stdout.split() == ["sessions"]


def test_the_archive_installs_upgrades_and_goes(laid_out, tmp_path):
    home = tmp_path / "home ünï"
    home.mkdir()
    ours = {"HOME": str(home), "PATH": os.environ["PATH"]}

    def run(*command, umask=0o077):
        return subprocess.run([*map(str, command)], env=ours, capture_output=True, text=True, timeout=60, umask=umask)

    installed = run("sh", laid_out / "install.sh")
    assert installed.returncode == 0, installed.stderr
    program = home / ".local/bin/gamedetectd"
    assert run(program, "--version").stdout.startswith("gamedetectd ")
    assert (home / ".local/share/applications/gamedetectd.desktop").is_file()
    set_ = run(program, "config", "set", "sessions.grace_seconds", "5")
    assert set_.returncode == 0, set_.stderr
    again = run("sh", laid_out / "install.sh")
    assert again.returncode == 0, again.stderr
    settings = home / ".config/gamedetectd/settings.toml"
    assert "grace_seconds" in settings.read_text()
    gone = run("sh", home / ".local/lib/gamedetectd/uninstall.sh")
    assert gone.returncode == 0, gone.stderr
    assert [
        path for path in (home / ".local").rglob("*gamedetectd*") if path.is_file() and "share" not in path.parts
    ] == []
    assert not list((home / ".local/share/applications").iterdir())
    assert settings.is_file()


@pytest.mark.parametrize("options", [("--headless",), ("--headless", "--supervised")])
def test_a_daemon_that_runs_goes_on_as_the_new_version(laid_out, tmp_path, options):
    ours = {"HOME": str(tmp_path), "PATH": os.environ["PATH"], "XDG_RUNTIME_DIR": str(tmp_path)}
    install = ["sh", laid_out / "install.sh"]
    subprocess.run(install, env=ours, check=True, capture_output=True, timeout=60)
    program = tmp_path / ".local/bin/gamedetectd"
    quiet = subprocess.DEVNULL
    daemon = subprocess.Popen([program, "run", *options], env=ours, stdin=quiet, stdout=quiet, stderr=quiet)
    try:

        def running():
            asked = subprocess.run([program, "status", "--json"], env=ours, capture_output=True, timeout=30)
            told = json.loads(asked.stdout or b"{}")
            return told.get("running") and told["daemon"]["pid"]

        pid = eventually(running, 20, "the daemon's answer")
        subprocess.run(install, env=ours, check=True, capture_output=True, timeout=60)

        def new():
            try:
                return running() and not str(Path(f"/proc/{running()}/exe").readlink()).endswith("(deleted)")
            except OSError:
                return False

        eventually(new, 20, "the new version")
        assert (running() == pid) == ("--supervised" not in options)
        assert daemon.poll() is None
        assert not list((tmp_path / ".local/state/gamedetectd").glob("crashes/*"))
    finally:
        daemon.terminate()
        daemon.wait(15)


def test_an_installation_of_pips_is_not_overwritten(laid_out, tmp_path):
    script = tmp_path / ".local/bin/gamedetectd"
    script.parent.mkdir(parents=True)
    script.write_text("#!/usr/bin/python3\n")
    done = subprocess.run(
        ["sh", laid_out / "install.sh"],
        env={"HOME": str(tmp_path), "PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.returncode, "not ours" in done.stderr) == (1, True)
    assert script.read_text() == "#!/usr/bin/python3\n"

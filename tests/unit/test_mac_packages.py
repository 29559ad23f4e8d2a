"""What is made for macOS, as far as it can be looked at elsewhere: Info.plist, entitlements, the commands that sign."""

import plistlib
import subprocess
import sys
from pathlib import Path

import pytest

from gamedetectd.platforms.autostart import launch_agent

ROOT = Path(__file__).resolve().parents[2]
PACKAGING = ROOT / "packaging" / "macos"
KEYS = {"GAMEDETECTD_NOTARY_KEY": "/k.p8", "GAMEDETECTD_NOTARY_KEY_ID": "K", "GAMEDETECTD_NOTARY_ISSUER": "I"}


@pytest.fixture
def packaging(monkeypatch):
    """Imports a script of packaging/macos by its name."""
    monkeypatch.syspath_prepend(str(PACKAGING))
    before = dict(sys.modules)
    yield lambda name: __import__(name)
    for name in ("bundle", "signature", "make_dmg"):
        if name not in before:
            sys.modules.pop(name, None)


@pytest.fixture
def application(tmp_path):
    app = tmp_path / "gamedetectd.app"
    (app / "Contents" / "MacOS").mkdir(parents=True)
    (app / "Contents" / "Frameworks" / "lib").mkdir(parents=True)
    (app / "Contents" / "MacOS" / "gamedetectd").write_bytes(b"\xcf\xfa\xed\xfe program")
    (app / "Contents" / "Frameworks" / "lib" / "a.so").write_bytes(b"\xca\xfe\xba\xbe library")
    (app / "Contents" / "Frameworks" / "b").symlink_to("lib/a.so")
    (app / "Contents" / "Info.plist").write_bytes(b"<plist/>")
    return app


def test_the_application_has_no_icon_in_the_dock_and_is_not_ended_unasked(packaging):
    bundle = packaging("bundle")
    plist = plistlib.loads(plistlib.dumps(bundle.info_plist("1.2.3")))
    assert plist["LSUIElement"] is True
    assert plist["LSBackgroundOnly"] is False
    assert plist["NSSupportsSuddenTermination"] is False
    assert plist["CFBundleVersion"] == "1.2.3"
    assert "licence" in plist["NSHumanReadableCopyright"]
    assert bundle.IDENTIFIER == launch_agent.LABEL
    entitled = plistlib.loads(bundle.ENTITLEMENTS.read_bytes())
    assert all(name.startswith("com.apple.security.cs.") for name in entitled)


def test_what_lies_inside_is_signed_first_and_the_whole_last(packaging, application):
    sign = packaging("signature")
    assert sign.signing(application, {}) == []
    commands = sign.signing(application, {sign.IDENTITY: "Developer ID Application: X"})
    assert [command[-1].rpartition("/")[2] for command in commands] == [
        *("a.so", "gamedetectd", "gamedetectd.app", "gamedetectd.app")
    ]
    assert all("runtime" in command for command in commands[:-1])
    assert commands[-1][1] == "--verify"
    image = application.with_name("g.dmg")
    assert len(sign.signing(image, {sign.IDENTITY: "X"})) == 1


@pytest.mark.parametrize("missing", ["", *KEYS])
def test_notarising_needs_all_of_the_key_and_puts_no_secret_into_a_command(packaging, application, missing):
    sign = packaging("signature")
    commands = sign.notarising(application, {name: value for name, value in KEYS.items() if name != missing})
    assert [command[1] for command in commands] == ([] if missing else ["notarytool", "stapler"])
    assert not any("password" in part for command in commands for part in command)


def test_without_credentials_it_says_so_and_goes_on(application):
    environment = {"PATH": "/usr/bin:/bin"}
    command = [sys.executable, PACKAGING / "signature.py", "--notarise", application]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0
    assert "Not signed" in done.stdout
    assert "Not notarised" in done.stdout


def test_a_tool_that_fails_ends_it(packaging):
    with pytest.raises(SystemExit, match="did not do it"):
        packaging("signature").run([["false"]], 5)


def test_the_image_holds_the_application_and_where_it_goes(packaging, application, tmp_path):
    dmg = packaging("make_dmg")
    stage = dmg.staged(application, tmp_path / "work")
    assert sorted(one.name for one in stage.iterdir()) == ["Applications", "gamedetectd.app"]
    assert (stage / "gamedetectd.app/Contents/Frameworks/b").is_symlink()
    command = dmg.command(stage, tmp_path / "g.dmg", "1.2.3")
    assert command[:2] == ["hdiutil", "create"]
    assert command[-1] == str(tmp_path / "g.dmg")


@pytest.mark.skipif(sys.platform == "darwin", reason="there it is made")
def test_elsewhere_than_on_macos_it_says_what_is_missing(application):
    command = [sys.executable, PACKAGING / "make_dmg.py", application, application.parent]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "hdiutil" in done.stderr

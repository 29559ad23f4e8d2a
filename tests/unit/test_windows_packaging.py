"""What the installer for Windows is made from: its script compiles, its lists are exact, winget's manifest is whole."""

import shutil
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "packaging" / "windows"))

import make_installer  # noqa: E402
import sign  # noqa: E402


@pytest.fixture
def folder(tmp_path):
    """What PyInstaller would have made: a file in it has a name that is special in NSIS."""
    folder = tmp_path / "gamedetectd"
    (folder / "_internal" / "empty inside").mkdir(parents=True)
    for name in ("gamedetectd.exe", "gamedetectdw.exe", "_internal/a $b.txt", "_internal/empty inside/c.txt"):
        (folder / name).write_text(name)
    return folder


def test_the_script_compiles_without_a_warning(folder, tmp_path):
    if shutil.which("makensis") is None:
        pytest.skip("makensis is not installed: apt-get install -y --no-install-recommends nsis")
    made = make_installer.make(folder, tmp_path, "1.2.3", fast=True)
    assert made.name == "gamedetectd-1.2.3-setup.exe"
    assert made.read_bytes().startswith(b"MZ")


def test_what_is_put_in_is_what_is_taken_out(folder):
    lines = [line.strip() for line in make_installer.lists_of(folder)]
    assert [line for line in lines if line.startswith("Delete ")] == [
        'Delete "$INSTDIR\\_internal\\a $$b.txt"',
        'Delete "$INSTDIR\\_internal\\empty inside\\c.txt"',
        'Delete "$INSTDIR\\gamedetectd.exe"',
        'Delete "$INSTDIR\\gamedetectdw.exe"',
    ]
    assert [line for line in lines if line.startswith("RMDir ")] == [
        'RMDir "$INSTDIR\\_internal\\empty inside"',
        'RMDir "$INSTDIR\\_internal"',
    ]
    assert sum(line.startswith("File ") for line in lines) == 4
    script = (ROOT / "packaging" / "windows" / "gamedetectd.nsi").read_text(encoding="utf-8")
    assert "RMDir /r" not in script.replace('RMDir /r "$LOCALAPPDATA\\${NAME}"', "", 1), "only the history, when asked"


def test_what_looks_at_the_screen_is_put_in_only_where_it_is_wanted(folder, tmp_path):
    (folder / "gamedetectd-vision.exe").write_text("it looks")
    (folder / "_internal" / "vision-files.txt").write_text(
        "gamedetectd-vision.exe\n_internal/empty inside/c.txt\n_internal/vision-files.txt\n_internal/not there\n"
    )
    lists = "\n".join(make_installer.lists_of(folder)).split("!macroend")
    put_in = {
        part.split()[1]: [line.split('"')[1] for line in part.splitlines() if line.startswith("  File")]
        for part in lists
        if part.strip()
    }
    assert put_in["InstallFiles"] == ["/oname=gamedetectd.exe", "/oname=gamedetectdw.exe", "/oname=a $$b.txt"]
    assert put_in["InstallVision"] == ["/oname=gamedetectd-vision.exe", "/oname=vision-files.txt", "/oname=c.txt"]
    assert "gamedetectd-vision.exe" in lists[2], "taken out with the others"
    if shutil.which("makensis") is not None:
        assert make_installer.make(folder, tmp_path, "1.2.3", fast=True).is_file()


def test_a_link_ends_the_build(folder):
    try:
        (folder / "link").symlink_to(folder / "gamedetectd.exe")
    except OSError:
        pytest.skip("this account may make no links")
    with pytest.raises(SystemExit, match="is a link"):
        list(make_installer.lists_of(folder))


def test_the_manifest_is_whole(tmp_path):
    installer = tmp_path / "setup.exe"
    installer.write_bytes(b"abc")
    place = make_installer.write_manifest(tmp_path / "winget", "1.2.3", "https://example.org/setup.exe", installer)
    manifests = {file.name: yaml.safe_load(file.read_text(encoding="utf-8")) for file in place.iterdir()}
    assert {row["ManifestType"] for row in manifests.values()} == {"version", "installer", "defaultLocale", "locale"}
    assert {(row["PackageIdentifier"], row["PackageVersion"]) for row in manifests.values()} == {
        ("gamedetectd.gamedetectd", "1.2.3")
    }
    installed = manifests["gamedetectd.gamedetectd.installer.yaml"]
    assert installed["Installers"] == [
        {
            "Architecture": "x64",
            "InstallerUrl": "https://example.org/setup.exe",
            "InstallerSha256": "BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD",
        }
    ]
    assert installed["Scope"] == "user"


def test_every_text_is_in_both_languages():
    texts = (ROOT / "packaging" / "windows" / "texts.nsh").read_text(encoding="utf-8")
    script = (ROOT / "packaging" / "windows" / "gamedetectd.nsi").read_text(encoding="utf-8")
    named = {line.split()[2] for line in texts.splitlines() if line.startswith("!insertmacro Text ")}
    assert all(f"$({name})" in script for name in named)


STORE = {sign.THUMBPRINT: "ab12", sign.TIMESTAMP: "http://time.example"}
FILE = {sign.PKCS12: "/k/our.p12", sign.PASSWORD_FILE: "/k/password"}


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        (STORE, "signtool sign /fd SHA256 /sha1 ab12 /tr http://time.example /td SHA256 a.exe"),
        (
            FILE,
            "osslsigncode sign -pkcs12 /k/our.p12 -readpass /k/password -h sha256 -n gamedetectd -in a.exe -out b",
        ),
    ],
)
def test_how_a_program_is_signed(environment, expected):
    assert " ".join(sign.command(Path("a.exe"), Path("b"), environment)) == expected


def test_without_a_certificate_it_says_so():
    assert sign.sign_all([Path("a.exe")], {}) == sign.UNSIGNED


def test_what_cannot_be_signed_ends_the_build(tmp_path):
    with pytest.raises(SystemExit, match="could not be signed"):
        sign.sign_all([tmp_path / "a.exe"], {sign.PKCS12: "/nowhere"})

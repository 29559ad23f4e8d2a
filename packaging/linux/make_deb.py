"""Makes the Debian package: ``python make_deb.py FOLDER OUTPUT``, with the folder that ``packaging/build.py`` made."""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parent), str(Path(__file__).resolve().parents[2])]

import needed  # noqa: E402
import staging  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
CONTROL = """\
Package: gamedetectd
Version: {version}
Architecture: {architecture}
Maintainer: The gamedetectd authors <maintainers@gamedetectd.invalid>
Installed-Size: {kibibytes}
Depends: {depends}
Recommends: xdg-utils
Suggests: zenity | kdialog, gnome-keyring | kwalletmanager
Section: utils
Priority: optional
Description: knows which game is being played, since when, and why
 It sits in the tray and recognises games that it did not launch: from
 processes, windows, what stores have installed and a list of four thousand
 games. It keeps a history of play time, writes logs that log shippers read,
 and explains every decision, on this computer alone.
 .
 Nothing starts by itself: "gamedetectd autostart on" has it start at login.
"""
VISION_CONTROL = """\
Package: gamedetectd-vision
Version: {version}
Architecture: {architecture}
Maintainer: The gamedetectd authors <maintainers@gamedetectd.invalid>
Installed-Size: {kibibytes}
Depends: gamedetectd (= {version}), {depends}
Recommends: grim
Suggests: gstreamer1.0-tools, gstreamer1.0-pipewire, gstreamer1.0-plugins-base
Section: utils
Priority: optional
Description: eyes for gamedetectd
 Looks at one window where nothing else tells whether it is a game, or which.
 Pictures stay in the process that takes them; it is off until switched on
 by "gamedetectd vision on".
"""
LINTIAN = """\
# Everything it needs is in one folder, so that no package of Python's is needed and none can break it.
gamedetectd: embedded-library
gamedetectd: custom-library-search-path
gamedetectd: unstripped-binary-or-object
gamedetectd: hardening-no-pie
gamedetectd: shared-library-lacks-prerequisites
gamedetectd: extra-license-file
gamedetectd: package-contains-documentation-outside-usr-share-doc
gamedetectd: initial-upload-closes-no-bugs
gamedetectd: package-installs-python-bytecode
gamedetectd: library-not-linked-against-libc
gamedetectd: syntax-error-in-debian-changelog
"""


def main() -> int:
    """Make it; the exit code."""
    folder, output = Path(sys.argv[1]), Path(sys.argv[2])
    with tempfile.TemporaryDirectory(prefix="gamedetectd-deb-") as scratch:
        root, vision = Path(scratch) / "root", Path(scratch) / "vision"
        print(make(folder, root, output))
        if vision_files(folder):
            lay_out_vision(folder, vision)
            print(pack(vision, _package(output, "gamedetectd-vision")))
    return 0


def make(folder: Path, root: Path, output: Path) -> Path:
    """Lay everything out below ``root`` and pack it; the package."""
    lay_out(folder, root)
    return pack(root, _package(output, "gamedetectd"))


def vision_files(folder: Path) -> list[str]:
    """What the folder has for the program that looks at the screen alone: a package of its own."""
    listed = folder / "_internal" / "vision-files.txt"
    return listed.read_text(encoding="utf-8").splitlines() if listed.is_file() else []


def lay_out_vision(folder: Path, root: Path) -> None:
    """Put what the second package holds below ``root``, a new folder: it is of no use without the first."""
    from gamedetectd import __version__

    library = root / "usr" / "lib" / staging.COMMAND
    for name in vision_files(folder):
        place = library / name
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(folder / name, place, follow_symlinks=False)
    docs = root / "usr" / "share" / "doc"
    docs.mkdir(parents=True)
    (docs / "gamedetectd-vision").symlink_to("gamedetectd")
    overrides = root / "usr" / "share" / "lintian" / "overrides" / "gamedetectd-vision"
    overrides.parent.mkdir(parents=True)
    overrides.write_text(LINTIAN.replace("gamedetectd:", "gamedetectd-vision:"), encoding="utf-8")
    _control(root, VISION_CONTROL, __version__, needed.dependencies(library, beside=folder))
    staging.settle(root)


def lay_out(folder: Path, root: Path) -> None:
    """Put everything the package holds below ``root``, a new folder."""
    from gamedetectd import __version__

    root.mkdir()
    usr = root / "usr"
    staging.stage(folder, usr, program="/usr/bin/gamedetectd")
    for name in vision_files(folder):
        (usr / "lib" / staging.COMMAND / name).unlink()
    for place in sorted((usr / "lib" / staging.COMMAND).rglob("*"), reverse=True):
        if place.is_dir() and not place.is_symlink() and not any(place.iterdir()):
            place.rmdir()
    docs = usr / "share" / "doc" / "gamedetectd"
    docs.mkdir(parents=True)
    (docs / "copyright").write_text(_copyright(folder), encoding="utf-8")
    (docs / "changelog.gz").write_bytes(staging.packed((ROOT / "CHANGELOG.md").read_bytes()))
    overrides = usr / "share" / "lintian" / "overrides" / "gamedetectd"
    overrides.parent.mkdir(parents=True)
    overrides.write_text(LINTIAN, encoding="utf-8")
    _control(root, CONTROL, __version__, needed.dependencies(usr / "lib" / staging.COMMAND))
    control = root / "DEBIAN"
    for script in ("postinst", "postrm"):
        shutil.copy(Path(__file__).with_name(f"deb_{script}.sh"), control / script)
        (control / script).chmod(0o755)
    staging.settle(root)


def pack(root: Path, package: Path, how: tuple[str, ...] = ("-Zxz", "-z2")) -> Path:
    """Everything below ``root`` belongs to root in the package, whoever packs it."""
    subprocess.run(["dpkg-deb", "--root-owner-group", *how, "--build", root, package], check=True)
    return package


def _package(output: Path, name: str) -> Path:
    from gamedetectd import __version__

    return output / f"{name}_{__version__}_{_answer('dpkg', '--print-architecture')}.deb"


def _control(root: Path, form: str, version: str, depends: list[str]) -> None:
    """What dpkg reads of a package."""
    control = root / "DEBIAN"
    control.mkdir()
    (control / "control").write_text(
        form.format(
            version=version,
            architecture=_answer("dpkg", "--print-architecture"),
            kibibytes=sum(path.lstat().st_size for path in (root / "usr").rglob("*")) // 1024,
            depends=", ".join(depends),
        ),
        encoding="utf-8",
    )
    (control / "md5sums").write_text(_md5sums(root), encoding="utf-8")


def _md5sums(root: Path) -> str:
    files = (path for path in staging.walk(root / "usr") if path.is_file() and not path.is_symlink())
    return "".join(
        f"{hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest()}  {path.relative_to(root)}\n"
        for path in files
    )


def _copyright(folder: Path) -> str:
    """Debian's form, with a paragraph for what is bundled; the whole texts are beside the program."""
    licence = (ROOT / "LICENSE").read_text(encoding="utf-8")
    holder = re.search(r"^Copyright \(c\) (.+)$", licence, re.MULTILINE)
    body = licence.partition("\n\n")[2].partition("\n\n")[2].strip()
    text = "\n".join(f" {line}" if line else " ." for line in body.splitlines())
    index = (folder / "_internal" / "licences" / "INDEX.txt").read_text(encoding="utf-8").partition("\n\n")[2]
    parts = "".join(f"  {line}\n" for line in index.splitlines())
    return (
        "Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\n"
        "Upstream-Name: gamedetectd\n"
        "Comment:\n"
        " The program comes with Python and the libraries it stands on. Their licences are in\n"
        " /usr/lib/gamedetectd/_internal/licences, one folder each:\n"
        f" .\n{parts}\n"
        f"Files: *\nCopyright: {holder[1] if holder else 'The gamedetectd authors'}\nLicense: Expat\n{text}\n"
    )


def _answer(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


if __name__ == "__main__":
    sys.exit(main())

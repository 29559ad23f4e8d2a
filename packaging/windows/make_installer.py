"""Makes ``gamedetectd-VERSION-setup.exe`` from the frozen folder, and the manifest winget wants of it.

    python packaging/windows/make_installer.py dist/gamedetectd dist
    python packaging/windows/make_installer.py dist/gamedetectd dist --download https://…/gamedetectd-1.2-setup.exe

Needs NSIS 3.08 or newer: its ``makensis`` runs on Windows, Linux and macOS alike. What is installed is what the folder
holds now, and the uninstaller gets the list of it. With a certificate (``sign.py``) every program is signed first.
"""

from __future__ import annotations

import argparse
import hashlib
import ntpath
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path[:0] = [str(ROOT), str(HERE), str(HERE.parent / "pyinstaller")]

import pictures  # noqa: E402
import sign  # noqa: E402

import gamedetectd  # noqa: E402
from gamedetectd.app.newest_version import numbers  # noqa: E402

PROGRAMS = ("gamedetectd.exe", "gamedetectdw.exe", "gamedetectd-vision.exe")
"""What is signed; the last one only where it was built. The libraries are their makers'."""

VISION_FILES = Path("_internal", "vision-files.txt")
"""What the folder has for the last of them alone; ``pyinstaller.spec`` writes it."""


def main() -> int:
    """Make what is asked for; 0."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="what PyInstaller made on Windows")
    parser.add_argument("output", type=Path, help="where the installer goes")
    parser.add_argument("--version", default=gamedetectd.__version__, help="another than the program's own, for tests")
    parser.add_argument(
        "--download", default="", metavar="URL", help="where it will be found; writes winget's manifest"
    )
    parser.add_argument("--fast", action="store_true", help="compress little")
    wanted = parser.parse_args()
    if not (wanted.folder / PROGRAMS[0]).is_file():
        parser.error(f"{wanted.folder} holds no {PROGRAMS[0]}: it must be built on Windows, or under Wine")
    wanted.output.mkdir(parents=True, exist_ok=True)
    print(sign.sign_all([path for name in PROGRAMS if (path := wanted.folder / name).is_file()]))
    installer = make(wanted.folder.resolve(), wanted.output.resolve(), wanted.version, fast=wanted.fast)
    print(f"{installer}: {installer.stat().st_size / 1e6:.1f} MB")
    if wanted.download:
        print(write_manifest(wanted.output / "winget", wanted.version, wanted.download, installer))
    return 0


def make(folder: Path, output: Path, version: str, *, fast: bool = False) -> Path:
    """Run ``makensis``; the installer's path. Raises SystemExit with what it said where it fails."""
    compiler = shutil.which("makensis")
    if compiler is None:
        raise SystemExit("makensis is not here: install NSIS (Debian's package nsis), with its folder on the path.")
    installer = output / f"gamedetectd-{version}-setup.exe"
    looking = vision_files(folder)
    with tempfile.TemporaryDirectory(prefix="gamedetectd-installer-") as made:
        lists = Path(made)
        (lists / "files.nsh").write_text("\n".join(lists_of(folder)) + "\n", encoding="utf-8")
        defined = {
            "VERSION": version,
            "VERSION_QUAD": ".".join(map(str, (*numbers(version), 0, 0, 0, 0)[:4])),
            "SIZE": kilobytes(set(files(folder)) - looking),
            **({"VISION_SIZE": kilobytes(looking)} if looking else {}),
            "ICON": str(pictures.write_ico(lists / "gamedetectd.ico")),
            "LICENCE": str(with_windows_lines(ROOT / "LICENSE", lists / "LICENSE.txt")),
            "OUTPUT": str(installer),
            "LISTS": made,
            **({"SIGN": f'"{sys.executable}" "{HERE / "sign.py"}"'} if sign.configured() else {}),
            **({"FAST": "1"} if fast else {}),
        }
        options = [f"-D{name}={value}" for name, value in defined.items()]
        run = [compiler, "-V2", "-WX", "-INPUTCHARSET", "UTF8", *options, "gamedetectd.nsi"]
        done = subprocess.run(run, cwd=HERE, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"makensis ended with exit code {done.returncode}.\n{done.stdout}{done.stderr}")
    return installer


def lists_of(folder: Path) -> Iterator[str]:
    """Macros: two put files of the folder in, one takes all of them out and the directories left empty."""
    found = sorted(file.relative_to(folder) for file in files(folder))
    looking = {file.relative_to(folder) for file in vision_files(folder)}
    yield from put_in("InstallFiles", folder, [file for file in found if file not in looking])
    yield from put_in("InstallVision", folder, sorted(looking))
    yield "!macro RemoveFiles"
    yield from (f'  Delete "{installed(file)}"' for file in found)
    yield from (f'  RMDir "{installed(place)}"' for place in reversed(directories(found)) if place != Path())
    yield "!macroend"


def put_in(name: str, folder: Path, found: list[Path]) -> Iterator[str]:
    """A macro that puts these files of the folder in."""
    yield f"!macro {name}"
    for place in directories(found):
        yield f'  SetOutPath "{installed(place)}"'
        yield from (f'  File "/oname={quoted(file.name)}" "{folder / file}"' for file in found if file.parent == place)
    yield "!macroend"


def directories(found: list[Path]) -> list[Path]:
    """Every directory on the way to these files, "." first."""
    return sorted({parent for file in found for parent in file.parents})


def vision_files(folder: Path) -> set[Path]:
    """What is there for the program that looks at the screen alone; empty where it was not built."""
    listed = folder / VISION_FILES
    names = listed.read_text(encoding="utf-8").splitlines() if listed.is_file() else []
    return {path for name in names if (path := folder / name).is_file()}


def kilobytes(found: Iterable[Path]) -> str:
    """How much these files take, as NSIS is told."""
    return str(sum(file.stat().st_size for file in found) // 1024)


def files(folder: Path) -> Iterator[Path]:
    """Every file below a folder; a link where none can be ends the build."""
    for path in folder.rglob("*"):
        if path.is_symlink():
            raise SystemExit(f"{path} is a link, which no installer of Windows puts in.")
        if path.is_file():
            yield path


def installed(relative: Path) -> str:
    """Where a path of the folder lies once installed, as NSIS writes it."""
    return ntpath.normpath(ntpath.join("$INSTDIR", quoted("\\".join(relative.parts))))


def quoted(text: str) -> str:
    """``$`` is special in NSIS."""
    return text.replace("$", "$$")


def with_windows_lines(source: Path, copy: Path) -> Path:
    """A text whose lines end as the licence page wants them."""
    copy.write_text(source.read_text(encoding="utf-8"), encoding="utf-8", newline="\r\n")
    return copy


def write_manifest(folder: Path, version: str, download: str, installer: Path) -> Path:
    """Fill the templates in ``winget/``; the folder, as ``winget install --manifest`` takes it."""
    digest = hashlib.sha256(installer.read_bytes()).hexdigest().upper()
    folder.mkdir(parents=True, exist_ok=True)
    for template in templates():
        filled = template.read_text(encoding="utf-8").replace("@VERSION@", version)
        filled = filled.replace("@URL@", download).replace("@SHA256@", digest)
        (folder / template.name).write_text(filled, encoding="utf-8")
    return folder


def templates() -> Iterable[Path]:
    """The four files of a manifest."""
    return sorted((HERE / "winget").glob("*.yaml"))


if __name__ == "__main__":
    os.umask(0o022)
    sys.exit(main())

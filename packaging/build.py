"""Builds the program in one folder, tries it, and packs it; everything it makes is below ``build/frozen`` and ``dist``.

    python packaging/build.py                 dist/gamedetectd: one folder with everything in it
    python packaging/build.py --tar --deb     and what Linux installs
    python packaging/build.py --vision        and the second program, which looks at the screen
    python packaging/build.py --compare       builds twice and says which files differ

The first run makes an environment with exactly the parts that ``packaging/requirements/frozen.txt`` names. With
``--this-python`` those must be installed already where this runs.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import time
import venv
from collections.abc import Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
REQUIREMENTS = ROOT / "packaging" / "requirements" / "frozen.txt"
VISION_REQUIREMENTS = REQUIREMENTS.with_name("vision.txt")
WORK = ROOT / "build" / "frozen"
PROGRAM = "gamedetectd.exe" if os.name == "nt" else "gamedetectd"
LARGEST = 80_000_000
"""Bytes that the daemon may take on disk."""
LARGEST_WITH_VISION = 330_000_000
VISION_FILES = Path("_internal", "vision-files.txt")
"""What the folder has for the second program alone; ``pyinstaller.spec`` writes it."""


def main() -> int:
    """Do what is asked for; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--output", type=Path, default=ROOT / "dist", help="where the results go (dist)")
    parser.add_argument("--vision", action="store_true", help="with the program that looks at the screen")
    parser.add_argument("--tar", action="store_true", help="an archive with an install script (Linux)")
    parser.add_argument("--deb", action="store_true", help="a Debian package (Linux)")
    parser.add_argument("--compare", action="store_true", help="build twice and compare")
    parser.add_argument("--this-python", action="store_true", help="use this Python, which has all parts")
    parser.add_argument("--no-test", action="store_true", help="leave the self-test out")
    wanted = parser.parse_args()
    if (wanted.tar or wanted.deb) and sys.platform != "linux":
        parser.error("--tar and --deb are made on Linux")
    output: Path = wanted.output.absolute()
    with step("The environment"):
        requirements = (REQUIREMENTS, VISION_REQUIREMENTS) if wanted.vision else (REQUIREMENTS,)
        place = WORK / ("environment-vision" if wanted.vision else "environment")
        python = Path(sys.executable) if wanted.this_python else environment(place, requirements)
    with step("The folder"):
        folder = freeze(python, output, vision=wanted.vision)
    if not wanted.no_test:
        with step("Its self-test"):
            subprocess.run([folder / PROGRAM, "doctor", "--self-test"], check=True, stdout=subprocess.DEVNULL)
    insist_on_size(folder)
    for form in [form for form in ("tar", "deb") if getattr(wanted, form)]:
        with step(f"The .{form}"):
            pack = [python, ROOT / "packaging" / "linux" / f"make_{form}.py", folder, output]
            subprocess.run(pack, check=True, env=build_environment())
    return compare(python, folder, vision=wanted.vision) if wanted.compare else 0


class step:  # noqa: N801 - used as a word
    """Says what is being done, and how long it took."""

    def __init__(self, what: str) -> None:
        self._what = what

    def __enter__(self) -> None:
        print(f"{self._what} …", flush=True)
        self._begun = time.monotonic()

    def __exit__(self, kind: object, *_rest: object) -> None:
        print(
            f"{self._what}: {'done' if kind is None else 'FAILED'}, {time.monotonic() - self._begun:.0f} s", flush=True
        )


def environment(place: Path, requirements: Sequence[Path] = (REQUIREMENTS,)) -> Path:
    """The Python of an environment that has the pinned parts; one that is there and up to date is kept."""
    python = place / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    sums = [hashlib.sha256(file.read_bytes()).hexdigest() for file in requirements]
    wanted = "\n".join([sys.version, *sums, ""])
    mark = place / "made-from.txt"
    if mark.is_file() and mark.read_text(encoding="utf-8") == wanted and python.exists():
        return python
    venv.EnvBuilder(clear=True, with_pip=True, symlinks=os.name != "nt").create(place)
    install = ["install", "--quiet", "--disable-pip-version-check", "--no-compile", "--require-hashes"]
    for file in requirements:
        subprocess.run([python, "-m", "pip", *install, "--requirement", file], check=True)
    mark.write_text(wanted, encoding="utf-8")
    return python


def build_environment(*, vision: bool = False) -> dict[str, str]:
    """What makes two builds of one commit the same: no random order, and one time for all files."""
    kept = {name: value for name, value in os.environ.items() if name not in {"PYTHONPATH", "PYTHONHOME"}}
    return {
        **kept,
        "PYTHONHASHSEED": "0",
        "PYTHONDONTWRITEBYTECODE": "1",
        "SOURCE_DATE_EPOCH": os.environ.get("SOURCE_DATE_EPOCH") or commit_time(),
        "PYINSTALLER_CONFIG_DIR": str(WORK / "cache"),
        "PYTHONPATH": str(ROOT),
        "GAMEDETECTD_WITH_VISION": "1" if vision else "0",
    }


def commit_time() -> str:
    """When the last change was made, in seconds since 1970; a fixed day where there is no git."""
    try:
        asked = subprocess.run(
            ["git", "log", "-1", "--format=%ct"], cwd=ROOT, capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return "1767225600"
    return asked.stdout.strip()


def freeze(python: Path, output: Path, work: Path = WORK / f"work-{sys.platform}", *, vision: bool = False) -> Path:
    """Run PyInstaller; the folder it made. Where it fails, what it said is printed."""
    work = work / hashlib.sha256(bytes(output)).hexdigest()[:8]  # two builds at once are apart
    folder = output / "gamedetectd"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.rmtree(work, ignore_errors=True)  # what was left there must not find its way in
    work.mkdir(parents=True)
    command = [python, "-m", "PyInstaller", "--noconfirm", "--log-level", "WARN"]
    places = ["--distpath", output, "--workpath", work, ROOT / "pyinstaller.spec"]
    # on Windows it says what it has to say itself: under Wine services that it starts would hold our pipe open
    heard = {} if os.name == "nt" else {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    done = subprocess.run(
        [*command, *places],
        cwd=ROOT,
        env=build_environment(vision=vision),
        stdin=subprocess.DEVNULL,
        check=False,
        **heard,
    )
    if done.returncode != 0 or not (folder / PROGRAM).is_file():
        print((done.stdout or b"").decode(errors="replace"), file=sys.stderr)
        raise SystemExit(f"PyInstaller ended with exit code {done.returncode}.")
    return folder


def insist_on_size(folder: Path) -> None:
    """Say how large it is, the daemon alone and with its eyes. Raises SystemExit where that is too much."""
    told = size(folder)
    listed = folder / VISION_FILES
    names = listed.read_text(encoding="utf-8").splitlines() if listed.is_file() else []
    alone = told - sum((folder / name).lstat().st_size for name in names if (folder / name).is_file())
    beside = f", {alone / 1e6:.1f} MB without the program that looks" if names else ""
    print(f"{folder}: {told / 1e6:.1f} MB{beside}")
    for found, most in ((alone, LARGEST), (told, LARGEST_WITH_VISION)):
        if found > most:
            raise SystemExit(f"{found / 1e6:.1f} MB is larger than {most / 1e6:.0f} MB.")


def size(folder: Path) -> int:
    """Bytes of all files, each link counted once."""
    return sum(path.lstat().st_size for path in folder.rglob("*") if not path.is_dir() or path.is_symlink())


def compare(python: Path, folder: Path, *, vision: bool = False) -> int:
    """Build again in the same place and print what differs; 1 if anything does that is not expected to."""
    first = dict(digests(folder))
    with step("The folder once more"):
        second = dict(digests(freeze(python, folder.parent, vision=vision)))
    differing = sorted(name for name in first.keys() | second.keys() if first.get(name) != second.get(name))
    for name in differing:
        print(f"differs: {name}")
    print(f"{len(first)} files, {len(differing)} differ between two builds")
    return 1 if differing else 0


def digests(folder: Path) -> Iterator[tuple[str, str]]:
    """Each file by its path, with what it holds."""
    for path in folder.rglob("*"):
        if path.is_file() or path.is_symlink():
            held = os.fsencode(path.readlink()) if path.is_symlink() else path.read_bytes()
            yield path.relative_to(folder).as_posix(), hashlib.sha256(held).hexdigest()


if __name__ == "__main__":
    sys.exit(main())

"""Gathers the licence of every part that is bundled; a part without one ends the build.

Each file that goes in belongs to us, to Python, to an installed distribution or to a library of the system. From the
first three the texts come out of what is installed, from the last out of Debian's copyright files. ``INDEX.txt`` says
which part is under what.
"""

from __future__ import annotations

import importlib.metadata
import os
import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
TEXTS = Path(__file__).with_name("licence_texts")
"""Licences of distributions that come without theirs: ``NAME.txt``."""
_A_LICENCE = re.compile(r"(licen[cs]e|copying|copyright|notice|authors)", re.IGNORECASE)
_COMMON = re.compile(r"/usr/share/common-licenses/([A-Za-z0-9.+-]*[A-Za-z0-9])")
BUILDER = ("pyinstaller", "pyinstaller-hooks-contrib")
"""Their code is in the executable too: what starts it, and what runs before ours."""
FOLDER = "licences"


@dataclass(frozen=True, slots=True)
class Part:
    """One thing with a licence: its version, what that licence is called, and the files that hold its text."""

    name: str
    version: str
    licence: str
    files: tuple[Path, ...]


def collect(analyses: Iterable[Any], folder: Path) -> list[tuple[str, str, str]]:
    """Write the texts below ``folder`` and give them as data for COLLECT. Raises SystemExit for a part without one."""
    sources = {
        Path(source)
        for found in analyses
        for entries in (found.binaries, found.datas, found.pure, found.scripts)
        for _name, source, _kind in entries
        if source
    }
    parts = sorted(
        {part.name: part for part in _parts(sources, folder.parent)}.values(), key=lambda part: part.name.lower()
    )
    if bare := [part.name for part in parts if not part.files]:
        raise SystemExit(f"No licence is known of: {', '.join(bare)}. Put its text into {TEXTS}.")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for part in parts:
        for file in part.files:
            copy = folder / part.name / file.name
            copy.parent.mkdir(exist_ok=True)
            if copy.exists():  # of something that the part itself brings along
                copy = copy.with_name(f"{file.parent.name}-{file.name}")
            shutil.copyfile(file, copy)
    (folder / "INDEX.txt").write_text(_index(parts), encoding="utf-8")
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return [(str(Path(FOLDER) / path.relative_to(folder)), str(path), "DATA") for path in files]


def _index(parts: Iterable[Part]) -> str:
    rows = "".join(f"{part.name} {part.version}: {part.licence}\n" for part in parts)
    return (
        "What this program is made of, and under which licence each part is. The texts are in the folders.\n\n" + rows
    )


def _parts(sources: Iterable[Path], made: Path) -> Iterator[Part]:
    """Every part that one of the sources belongs to; below ``made`` is what PyInstaller made of others."""
    owners = _owners()
    packages = importlib.metadata.packages_distributions()
    yield Part("gamedetectd", _our_version(), "MIT", (ROOT / "LICENSE",))
    yield _python()
    for name in BUILDER:
        yield _distribution(importlib.metadata.distribution(name))
    strangers = set()
    for source in sources:
        path = source.absolute()
        if path.is_relative_to(made.absolute()):
            for name in packages.get(_package_compiled(path), ()):
                yield _distribution(importlib.metadata.distribution(name))
        elif _is_ours(path):
            continue
        elif (owner := owners.get(path) or owners.get(path.resolve())) is not None:
            yield _distribution(owner)
        elif not _is_pythons(path):
            strangers.add(path.resolve())
    yield from _of_the_system(strangers)


def _package_compiled(path: Path) -> str:
    """The package of a file that PyInstaller compiled: ``…/localpycs/0/PACKAGE/…``; "" of its other files."""
    _, compiled, rest = path.as_posix().partition("/localpycs/")
    return rest.split("/")[1].removesuffix(".pyc") if compiled and "/" in rest else ""


def _owners() -> dict[Path, importlib.metadata.Distribution]:
    """Every installed file and whose it is."""
    return {
        Path(str(found.locate_file(file))).resolve(): found
        for found in importlib.metadata.distributions()
        for file in found.files or ()
    }


def _distribution(found: importlib.metadata.Distribution) -> Part:
    told = found.metadata
    folder = Path(str(found.locate_file("")))
    files = tuple(
        Path(str(folder / file))
        for file in found.files or ()
        if (".dist-info" in file.parts[0] or len(file.parts) == 2) and _A_LICENCE.search(file.name)
        if file.suffix not in (".py", ".pyc")
    )
    name = told["Name"]
    fallback = TEXTS / f"{name.lower().replace('_', '-')}.txt"
    if not files and fallback.is_file():
        files = (fallback,)
    spelt = told.get("License-Expression") or told.get("License") or ""
    return Part(name, found.version, spelt.strip().splitlines()[0] if spelt.strip() else "see the text", files)


def _python() -> Part:
    version = ".".join(map(str, sys.version_info[:3]))
    debian = Path(f"/usr/share/doc/python{sys.version_info.major}.{sys.version_info.minor}/copyright")
    places = (Path(sysconfig.get_path("stdlib")) / "LICENSE.txt", Path(sys.base_prefix) / "LICENSE.txt", debian)
    files = tuple(path for path in places if path.is_file())[:1]
    return Part("Python", version, "PSF-2.0, with the licences of what it includes", files)


def _of_the_system(files: Iterable[Path]) -> Iterator[Part]:
    """The Debian packages that the libraries are from. A library of nobody's is a part without a licence."""
    for file in sorted(files):
        if sys.platform == "win32" and file.is_relative_to(os.environ["SYSTEMROOT"]):
            yield Part("Microsoft runtime", "", "Distributable Code", (TEXTS / "msvc-runtime.txt",))
            continue
        package = _debian_package(file)
        if package is None:
            yield Part(str(file), "", "unknown", ())
            continue
        text = Path("/usr/share/doc") / package.partition(":")[0] / "copyright"
        version = _answer("dpkg-query", "--show", "--showformat=${source:Package} ${source:Version}", package)
        files_found = (text, *_common(text)) if text.is_file() else ()
        yield Part(package.partition(":")[0], version, "see the text", files_found)


def _debian_package(file: Path) -> str | None:
    for spelt in (str(file), str(file).removeprefix("/usr")):
        if said := _answer("dpkg-query", "--search", spelt):
            return said.splitlines()[0].partition(": ")[0].partition(",")[0]
    return None


def _answer(*command: str) -> str:
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return ""


def _common(copyright_file: Path) -> tuple[Path, ...]:
    """The texts in ``/usr/share/common-licenses`` that a copyright file speaks of."""
    named = set(_COMMON.findall(copyright_file.read_text(encoding="utf-8", errors="replace")))
    places = (Path("/usr/share/common-licenses") / name for name in sorted(named))
    return tuple(path for path in places if path.is_file())


def _is_ours(path: Path) -> bool:
    return path.is_relative_to(ROOT) and ".dist-info" not in str(path) and "site-packages" not in path.parts


def _is_pythons(path: Path) -> bool:
    prefixes = {Path(sys.base_prefix).resolve(), Path(sysconfig.get_path("stdlib")).resolve()}
    return any(path.resolve().is_relative_to(prefix) for prefix in prefixes if prefix != Path("/usr")) or (
        path.is_relative_to(Path(sysconfig.get_path("stdlib")))
    )


def _our_version() -> str:
    import gamedetectd

    return gamedetectd.__version__

"""Which packages of Debian the built program needs: of every library it links that it does not bring along."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

_NEEDED = re.compile(r"^\s+NEEDED\s+(\S+)", re.MULTILINE)
_GLIBC = re.compile(r"\bGLIBC_(\d+)\.(\d+)(?:\.\d+)?\b")
OF_THE_C_LIBRARY = re.compile(r"(lib(c|m|dl|pthread|rt|util|resolv)\.so\.\d|ld-linux[\w-]*\.so\.\d|ld64\.so\.\d)")


def dependencies(folder: Path, beside: Path | None = None) -> list[str]:
    """``Depends`` of the package. Raises SystemExit for a library that is neither brought along nor Debian's.

    ``beside`` is what another package brings.
    """
    programs = list(elf_files(folder))
    brought = {path.name for place in (folder, beside) if place is not None for path in place.rglob("*")}
    linked: set[str] = set()
    newest = (0, 0)
    for program in programs:
        told = _answer("objdump", "-p", str(program))
        linked |= set(_NEEDED.findall(told))
        newest = max([newest, *((int(major), int(minor)) for major, minor in _GLIBC.findall(told))])
    missing = sorted(name for name in linked - brought if not OF_THE_C_LIBRARY.fullmatch(name))
    packages = {_package(name) for name in missing}
    return [f"libc6 (>= {newest[0]}.{newest[1]})", *sorted(packages)]


def elf_files(folder: Path) -> Iterator[Path]:
    """Every program and library."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink():
            with path.open("rb") as file:
                if file.read(4) == b"\x7fELF":
                    yield path


def _package(library: str) -> str:
    told = _answer("dpkg-query", "--search", f"*/{library}")
    if not told:
        raise SystemExit(f"{library} is linked, not brought along, and in no package of Debian's here.")
    return told.splitlines()[0].partition(":")[0]


def _answer(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout

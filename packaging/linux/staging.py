"""What every Linux package has besides the program: menu entry, icons, man page, completions, unit, AppStream data."""

from __future__ import annotations

import gzip
import importlib
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "pyinstaller"))

COMMAND = "gamedetectd"
APP_ID = "io.github.gamedetectd"
SHELLS = {
    "bash": "share/bash-completion/completions/gamedetectd",
    "zsh": "share/zsh/vendor-completions/_gamedetectd",
    "fish": "share/fish/vendor_completions.d/gamedetectd.fish",
}
"""Where each shell looks, below ``/usr``."""


def stage(folder: Path, usr: Path, *, program: str) -> None:
    """Lay out the built ``folder`` and everything around it below ``usr``; ``program`` is what the unit starts."""
    shutil.copytree(folder, usr / "lib" / COMMAND, symlinks=True)
    (usr / "bin").mkdir(parents=True)
    (usr / "bin" / COMMAND).symlink_to(f"../lib/{COMMAND}/{COMMAND}")
    _write(usr / "share/man/man1/gamedetectd.1.gz", packed(_man_page()))
    for shell, place in SHELLS.items():
        _write(usr / place, completion(shell).encode())
    _write(usr / "share/applications/gamedetectd.desktop", (HERE / "gamedetectd.desktop").read_bytes())
    _write(usr / f"share/metainfo/{APP_ID}.metainfo.xml", metainfo().encode())
    importlib.import_module("pictures").write_hicolor(usr / "share" / "icons" / "hicolor")
    _write(usr / "lib/systemd/user/gamedetectd.service", unit(program).encode())


def unit(program: str) -> str:
    """The systemd unit for a package that knows where the program is."""
    from gamedetectd.platforms.autostart import unit_file

    origin = (
        "Part of the package. `systemctl --user enable gamedetectd` has it start with the desktop; it is not by itself."
    )
    return unit_file.rendered((program, *unit_file.PACKAGED[2:]), origin)


def completion(shell: str) -> str:
    """The script that completes our commands; it asks the program what fits."""
    from typer.completion import get_completion_script

    return get_completion_script(prog_name=COMMAND, complete_var="_GAMEDETECTD_COMPLETE", shell=shell) + "\n"


def metainfo() -> str:
    """AppStream's description, with the version and the day of this build."""
    import datetime as dt

    from gamedetectd import __version__

    day = dt.datetime.fromtimestamp(epoch(), dt.UTC).date().isoformat()
    text = (HERE / f"{APP_ID}.metainfo.xml").read_text(encoding="utf-8")
    return text.replace("@VERSION@", __version__).replace("@DATE@", day)


def epoch() -> int:
    """The time that files of this build bear, in seconds since 1970."""
    return int(os.environ.get("SOURCE_DATE_EPOCH", "1767225600"))


def packed(data: bytes) -> bytes:
    """gzip without a time in it."""
    return gzip.compress(data, 9, mtime=0)


def settle(root: Path) -> None:
    """Modes that do not depend on the umask, and one time for everything."""
    for path in [root, *walk(root)]:
        if not path.is_symlink():
            runs = path.is_dir() or (path.stat().st_mode & 0o100 and ".so" not in path.suffixes)
            path.chmod(0o755 if runs else 0o644)
        os.utime(path, (epoch(), epoch()), follow_symlinks=False)


def walk(root: Path) -> Iterator[Path]:
    """Everything below ``root``, in an order that is always the same."""
    return iter(sorted(root.rglob("*")))


def _man_page() -> bytes:
    sys.path.insert(0, str(HERE))
    return str(importlib.import_module("man_page").page()).encode()


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)

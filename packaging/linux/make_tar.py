"""Makes the archive for those without a package manager: ``python make_tar.py FOLDER OUTPUT``.

What unpacks it runs ``install.sh``, which needs no root and puts everything below ``~/.local``.
"""

from __future__ import annotations

import gzip
import platform
import shutil
import sys
import tarfile
import tempfile
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parent), str(Path(__file__).resolve().parents[2])]

import staging  # noqa: E402

SCRIPTS = ("install.sh", "uninstall.sh")


def main() -> int:
    """Make it; the exit code."""
    folder, output = Path(sys.argv[1]), Path(sys.argv[2])
    with tempfile.TemporaryDirectory(prefix="gamedetectd-tar-") as scratch:
        print(make(folder, Path(scratch), output))
    return 0


def lay_out(folder: Path, scratch: Path) -> Path:
    """Put everything the archive holds below ``scratch``; the one folder in it."""
    from gamedetectd import __version__

    root = scratch / f"gamedetectd-{__version__}"
    root.mkdir()
    staging.stage(folder, root / "usr", program="@PROGRAM@")
    for script in SCRIPTS:
        shutil.copy(Path(__file__).with_name(script), root / script)
        (root / script).chmod(0o755)
    shutil.copy(staging.HERE.parents[1] / "LICENSE", root / "LICENSE")
    staging.settle(root)
    return root


def make(folder: Path, scratch: Path, output: Path) -> Path:
    """Lay everything out below ``scratch`` and pack it; the archive."""
    from gamedetectd import __version__

    root = lay_out(folder, scratch)
    archive = output / f"gamedetectd-{__version__}-linux-{platform.machine()}.tar.gz"
    with (
        archive.open("wb") as file,
        gzip.GzipFile("", "wb", 9, file, mtime=0) as zipped,
        tarfile.open(fileobj=zipped, mode="w", format=tarfile.PAX_FORMAT) as tar,
    ):
        for path in (root, *staging.walk(root)):
            tar.add(path, path.relative_to(scratch).as_posix(), recursive=False, filter=_nobodys)
    return archive


def _nobodys(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = ""
    return entry


if __name__ == "__main__":
    sys.exit(main())

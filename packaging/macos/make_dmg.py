"""Makes ``gamedetectd-VERSION.dmg``: the application, and a link to the folder into which it is drawn.

    python packaging/macos/make_dmg.py dist/gamedetectd.app dist

Needs macOS (``hdiutil``). The application and the image are signed, and the image is notarised, where ``signature.py``
is given something to do it with.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parents[1])]

import signature  # noqa: E402

import gamedetectd  # noqa: E402

SECONDS = 600
FILE_SYSTEM = "HFS+"
"""What every system since ``bundle.OLDEST_SYSTEM`` and before it opens."""


def staged(application: Path, folder: Path) -> Path:
    """The folder of which the image is made. Links within the application stay links."""
    stage = folder / "stage"
    shutil.copytree(application, stage / application.name, symlinks=True)
    (stage / "Applications").symlink_to("/Applications")
    return stage


def command(stage: Path, image: Path, version: str) -> list[str]:
    """What makes a compressed image that cannot be written to."""
    name = ["-volname", f"gamedetectd {version}"]
    return [
        "hdiutil",
        "create",
        *name,
        "-srcfolder",
        str(stage),
        "-fs",
        FILE_SYSTEM,
        "-format",
        "UDZO",
        "-ov",
        str(image),
    ]


def make(application: Path, output: Path, version: str) -> Path:
    """The image. Raises SystemExit where ``hdiutil`` does not make it."""
    image = output / f"gamedetectd-{version}.dmg"
    with tempfile.TemporaryDirectory(prefix="gamedetectd-dmg-") as folder:
        try:
            subprocess.run(command(staged(application, Path(folder)), image, version), check=True, timeout=SECONDS)
        except (OSError, subprocess.SubprocessError) as error:
            raise SystemExit(f"The image was not made: {error}") from error
    return image


def main() -> int:
    """Sign, pack, sign and notarise."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("application", type=Path, help="what PyInstaller made on macOS")
    parser.add_argument("output", type=Path, help="where the image goes")
    wanted = parser.parse_args()
    if sys.platform != "darwin":
        parser.error("only macOS has hdiutil, which makes the image")
    if not (wanted.application / "Contents" / "Info.plist").is_file():
        parser.error(f"{wanted.application} is no application")
    wanted.output.mkdir(parents=True, exist_ok=True)
    _signed(wanted.application)
    image = make(wanted.application, wanted.output.resolve(), gamedetectd.__version__)
    _signed(image)
    commands = signature.notarising(image, os.environ)
    signature.run(commands, signature.NOTARY_SECONDS)
    print(signature.NOT_NOTARISED if not commands else f"Notarised: {image}")
    print(f"{image}: {image.stat().st_size / 1e6:.1f} MB")
    return 0


def _signed(file: Path) -> None:
    commands = signature.signing(file, os.environ)
    signature.run(commands, signature.SIGN_SECONDS)
    print(f"Signed: {file}" if commands else signature.UNSIGNED)


if __name__ == "__main__":
    sys.exit(main())

"""Writes the extension for GNOME Shell as archives: one for GNOME 43 and 44, one for 45 and later.

python packaging/gnome/pack.py FOLDER
"""

from __future__ import annotations

import sys
import zipfile
from pathlib import Path

from gamedetectd.platforms.windows.gnome_extension import KNOWN, UUID, files

OLDEST = (1980, 1, 1, 0, 0, 0)
"""The time of every file, so that the same text makes the same archive."""


def pack(folder: Path) -> list[Path]:
    """Write both archives and return where they are."""
    folder.mkdir(parents=True, exist_ok=True)
    made = []
    for modules, versions in KNOWN.items():
        place = folder / f"{UUID}-{versions[0]}-{versions[-1]}.shell-extension.zip"
        with zipfile.ZipFile(place, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, text in files(modules=modules).items():
                archive.writestr(zipfile.ZipInfo(name, OLDEST), text)
        made.append(place)
    return made


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    for written in pack(Path(sys.argv[1])):
        print(written)

"""Draws the program's icon in the files that systems want: .ico, .icns, and PNGs of the sizes that ``hicolor`` has.

python packaging/pyinstaller/pictures.py FOLDER
"""

from __future__ import annotations

import sys
from pathlib import Path

from gamedetectd.views.icons import draw
from gamedetectd.views.tray_state import IconState

LOOK = IconState.WATCHING
ICO_SIZES = (16, 20, 24, 32, 40, 48, 64, 256)
"""In px: what Windows shows at 100 to 250 percent, and the large one of its shells."""
ICNS_SIZES = (32, 64, 128, 256, 512, 1024)
HICOLOR_SIZES = (16, 22, 24, 32, 48, 64, 128, 256)


def write_ico(path: Path) -> Path:
    """Windows' form, each size drawn for itself."""
    images = [draw(LOOK, size) for size in ICO_SIZES]
    images[-1].save(path, format="ICO", sizes=[(size, size) for size in ICO_SIZES], append_images=images[:-1])
    return path


def write_icns(path: Path) -> Path:
    """macOS' form."""
    images = [draw(LOOK, size) for size in ICNS_SIZES]
    images[-1].save(path, format="ICNS", append_images=images[:-1])
    return path


def write_hicolor(folder: Path) -> list[Path]:
    """``16x16/apps/gamedetectd.png`` and its like below ``folder``."""
    written = []
    for size in HICOLOR_SIZES:
        path = folder / f"{size}x{size}" / "apps" / "gamedetectd.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        draw(LOOK, size).save(path, format="PNG")
        written.append(path)
    return written


def main() -> int:
    """Write all of them below the folder that was named."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    write_ico(folder / "gamedetectd.ico")
    write_icns(folder / "gamedetectd.icns")
    write_hicolor(folder / "hicolor")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""What goes into the frozen program besides what its code imports by name, and what stays out: static tables.

Read by ``pyinstaller.spec``. Nothing here is searched for at run time: what is loaded by a name in a text is in
``HIDDEN``, and all modules of our own are taken because children are started by their names.
"""

from __future__ import annotations

import importlib.metadata
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "gamedetectd"
NAME = "gamedetectd"
WINDOWED = "gamedetectdw"
"""The same program without a console: what Windows starts at login and from the start menu."""
WITH_VISION = os.environ.get("GAMEDETECTD_WITH_VISION") == "1"
"""``packaging/build.py --vision`` says so: the second program, which looks at the screen, is built too."""
VISION_NAME = "gamedetectd-vision"
VISION_FILES = "vision-files.txt"
"""Names, a line each and relative to the folder, every file that is there for the second program alone."""

Entry = tuple[str, str, str]
"""PyInstaller's: where a file goes, where it comes from, and what it is."""

HIDDEN = {
    "linux": ("keyring.backends.SecretService", "pystray._dummy", "pystray._xorg"),
    "win32": ("keyring.backends.Windows", "pystray._win32"),
    "darwin": ("keyring.backends.macOS", "pystray._darwin"),
}
"""What is loaded by a name that the code does not import: by ``sys.platform``."""
HIDDEN_EVERYWHERE = (
    "anyio._backends._asyncio",
    "uvicorn.lifespan.off",
    "uvicorn.lifespan.on",
    "uvicorn.logging",
    "uvicorn.loops.asyncio",
    "uvicorn.protocols.http.h11_impl",
)

NOT_IN_THE_DAEMON = ("numpy", "cv2", "onnxruntime", "mss")
"""What the vision program alone may load."""
NOT_IN_VISION = (
    "cv2",  # 90 MB, for a comparison that `vision bench` makes with Pillow where there is no cv2
    "onnxruntime.quantization",
    "onnxruntime.tools",
    "onnxruntime.transformers",
    "onnxruntime.backend",
    "numpy.f2py",
    "numpy.testing",
    "typer",
    "rich",
    "keyring",
    "cryptography",
    "starlette",
    "uvicorn",
    "watchdog",
    *(() if sys.platform == "win32" else ("mss",)),
)
"""What it has no use for."""
EXCLUDED = (
    "readline",  # under the GPL, and nothing of ours reads lines with it
    "curses",
    "tkinter",
    "_tkinter",
    "PIL.ImageTk",
    "PIL.ImageQt",
    "PIL._avif",  # ten megabytes of video codecs
    "PIL._webp",
    "PIL._imagingcms",
    "PIL._imagingmath",
    "gi",
    "PyQt5",
    "test",
    "unittest",
    "doctest",
    "pdb",
    "pydoc",
    "pydoc_data",
    "lib2to3",
    "ensurepip",
    "pip",
    "setuptools",
    "pkg_resources",
    "wheel",
    "xmlrpc.server",
    "uvloop",
    "httptools",
    "websockets",
    "trio",
    "watchfiles",
    "IPython",
)
"""What libraries would use if it were there, or tools that a program in one piece has no use for."""
REPLACEABLE = {"pystray": "pyc", "Xlib": "pyc"}
"""Under the LGPL: they lie beside the program as files, so that whoever wants another version can put it there."""
RUNTIME_HOOKS_LEFT_OUT = (
    "pyi_rth_cryptography_openssl",
    "pyi_rth_inspect",
    "pyi_rth_multiprocessing",
    "pyi_rth_pkgutil",
    "pyi_rth_setuptools",
)
"""They mend what we do not use (sources of frozen functions, pickled processes, searched packages) and cost memory; the
first sets a variable that every child would inherit."""


def own_modules() -> Iterator[str]:
    """Every module of ours by its name."""
    for file in sorted(PACKAGE.rglob("*.py")):
        parts = file.relative_to(ROOT).with_suffix("").parts
        yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def hidden(system: str = sys.platform) -> list[str]:
    """What must be taken although no import statement names it."""
    return [*own_modules(), *HIDDEN_EVERYWHERE, *HIDDEN.get(system, ())]


VISION_HIDDEN = ("gamedetectd.vision.child.main",)
"""What the second program becomes, by its name."""

DATA = (
    "catalogue/games.tsv",
    "locale/*/LC_MESSAGES/*.mo",
    "platforms/windows/**/*.js",
    "views/dashboard/static/*",
    "views/dashboard/templates/*.html",
)
"""The same files that ``tool.setuptools.package-data`` names, as patterns below the package."""


def data() -> Iterator[tuple[str, str]]:
    """Our files that are no code, and the folder each goes to."""
    found = (file for pattern in DATA for file in sorted(PACKAGE.glob(pattern)))
    for file in found:
        yield str(file), str(file.parent.relative_to(ROOT))


def models() -> Iterator[tuple[str, str]]:
    """What the second program sees with, with the licence it is under."""
    for file in sorted((ROOT / "models").iterdir()):
        if file.is_file():
            yield str(file), "models"


def metadata() -> Iterator[tuple[str, str]]:
    """What the doctor reads versions from. Nothing else of it: the rest has paths of this machine in it."""
    from gamedetectd.app.doctor.installation import PARTS

    for part in PARTS:
        if part.system in ("", sys.platform):
            folder = next(
                file.parent
                for file in importlib.metadata.distribution(part.distribution).files or ()
                if file.name == "METADATA"
            )
            found = importlib.metadata.distribution(part.distribution).locate_file(folder / "METADATA")
            yield str(found), str(folder)


def without_debugging(entries: Iterable[Entry], folder: Path) -> Iterator[Entry]:
    """Python's own libraries on Linux without what only a debugger reads: a Python built by hand has 25 MB of it.

    Those of wheels stay as they are: ``strip`` damages what ``patchelf`` has moved.
    """
    prefix = Path(sys.base_prefix).resolve()
    for name, source, kind in entries:
        if sys.platform == "linux" and Path(source).resolve().is_relative_to(prefix) and prefix != Path("/usr"):
            copy = folder / name
            copy.parent.mkdir(parents=True, exist_ok=True)
            subprocess.run(["strip", "--strip-debug", "-o", copy, source], check=True)
            yield name, str(copy), kind
        else:
            yield name, source, kind

"""The version resource of the Windows programs: what Explorer's "Details" shows and installers compare."""

from __future__ import annotations

from typing import Any

import gamedetectd
from gamedetectd.app.newest_version import numbers

ENGLISH_US, UNICODE = 0x0409, 1200


def version_resource(name: str, description: str) -> Any:
    """PyInstaller's ``VSVersionInfo`` for ``name.exe``. Use it on Windows only."""
    from PyInstaller.utils.win32.versioninfo import (
        FixedFileInfo,
        StringFileInfo,
        StringStruct,
        StringTable,
        VarFileInfo,
        VarStruct,
        VSVersionInfo,
    )

    quad = (*numbers(gamedetectd.__version__), 0, 0, 0, 0)[:4]
    texts = {
        "CompanyName": "gamedetectd",
        "FileDescription": description,
        "FileVersion": gamedetectd.__version__,
        "InternalName": name,
        "LegalCopyright": "MIT licence; see the folder licences",
        "OriginalFilename": f"{name}.exe",
        "ProductName": "gamedetectd",
        "ProductVersion": gamedetectd.__version__,
    }
    table = StringTable(f"{ENGLISH_US:04X}{UNICODE:04X}", [StringStruct(key, text) for key, text in texts.items()])
    return VSVersionInfo(
        ffi=FixedFileInfo(filevers=quad, prodvers=quad, mask=0x3F, flags=0, OS=0x40004, fileType=1),
        kids=[StringFileInfo([table]), VarFileInfo([VarStruct("Translation", [ENGLISH_US, UNICODE])])],
    )

r"""Windows' own registry, read and written through the standard library.

Always the 64-bit view: there ``SOFTWARE`` is what 64-bit programs see, ``SOFTWARE\WOW6432Node`` what 32-bit ones
do, whichever of the two this program is. What is missing or denied is empty.
"""

from __future__ import annotations

import sys

if sys.platform == "win32":
    import winreg
    from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
    from contextlib import contextmanager, suppress
    from typing import TypeVar

    Found = TypeVar("Found")

    _HIVES = {
        "hklm": winreg.HKEY_LOCAL_MACHINE,
        "hkey_local_machine": winreg.HKEY_LOCAL_MACHINE,
        "hkcu": winreg.HKEY_CURRENT_USER,
        "hkey_current_user": winreg.HKEY_CURRENT_USER,
        "hkcr": winreg.HKEY_CLASSES_ROOT,
        "hkey_classes_root": winreg.HKEY_CLASSES_ROOT,
    }

    class WindowsRegistry:
        """This machine's registry."""

        def keys(self, path: str) -> Sequence[str]:
            with _opened(path) as key:
                return tuple(_counted(winreg.EnumKey, key)) if key is not None else ()

        def values(self, path: str) -> Mapping[str, str | int | bytes]:
            with _opened(path) as key:
                if key is None:
                    return {}
                return {name: _value(data, kind) for name, data, kind in _counted(winreg.EnumValue, key)}

        def stamp(self, path: str) -> Hashable:
            with _opened(path) as key:
                try:
                    return winreg.QueryInfoKey(key) if key is not None else None
                except OSError:
                    return None

        def write(self, path: str, name: str, value: str | bytes) -> None:
            hive, _, rest = path.partition("\\")
            access = winreg.KEY_SET_VALUE | winreg.KEY_WOW64_64KEY
            with winreg.CreateKeyEx(_HIVES[hive.lower()], rest, 0, access) as key:
                kind = winreg.REG_SZ if isinstance(value, str) else winreg.REG_BINARY
                winreg.SetValueEx(key, name, 0, kind, value)

        def delete(self, path: str, name: str) -> None:
            hive, _, rest = path.partition("\\")
            access = winreg.KEY_SET_VALUE | winreg.KEY_WOW64_64KEY
            with suppress(FileNotFoundError), winreg.OpenKey(_HIVES[hive.lower()], rest, 0, access) as key:
                winreg.DeleteValue(key, name)

    @contextmanager
    def _opened(path: str) -> Iterator[winreg.HKEYType | None]:
        hive, _, rest = path.partition("\\")
        try:
            key = winreg.OpenKey(_HIVES[hive.lower()], rest, 0, winreg.KEY_READ | winreg.KEY_WOW64_64KEY)
        except (OSError, KeyError, ValueError):  # ValueError: a NUL in the path
            yield None
            return
        with key:
            yield key

    def _counted(enumerate_one: Callable[[winreg.HKEYType, int], Found], key: winreg.HKEYType) -> Iterator[Found]:
        """Every key or value; it ends with an error, also when the key is deleted meanwhile."""
        index = 0
        while True:
            try:
                found = enumerate_one(key, index)
            except OSError:
                return
            yield found
            index += 1

    def _value(data: object, kind: int) -> str | int | bytes:
        if isinstance(data, str):
            return winreg.ExpandEnvironmentStrings(data) if kind == winreg.REG_EXPAND_SZ else data
        if isinstance(data, list):
            return "\n".join(map(str, data))
        return data if isinstance(data, int | bytes) else b""

"""Names that tell nothing of a program, and directories that are not a program's own."""

from __future__ import annotations

import re


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


COMMAND_PATH = (
    "/bin",
    "/usr/bin",
    "/usr/games",
    "/usr/local/bin",
    "/usr/local/games",
    "/snap/bin",
    "/app/bin",
    "/sbin",
    "/usr/sbin",
    "/usr/local/sbin",
)
"""Where the system looks commands up; /usr/games also for those who do not have it on their own path."""

COMMON_NAMES = _words(
    """apprun app client electron exec game gameclient launch launcher linux main nw play player run runner setup start
    startup steam wrapper
    xterm uxterm konsole gnome-terminal xfce4-terminal lxterminal kitty alacritty foot urxvt rxvt st terminator tilix
    xdg-open gio gtk-launch"""
)
"""Programs of many different things (a start script, a terminal): their name alone says nothing,
with whatever ending."""

COMMON_CLASSES = _words("electron explorer game java launcher perl python python3 sdl steam unity unityplayer wine")
"""Window classes that many different programs have."""

INNER_DIRECTORIES = _words(
    """bin bin32 bin64 binaries x64 x86 x86_64 amd64 win32 win64 wingdk windows linux linux32 linux64 linux-x86_64
    linuxnoeditor windowsnoeditor mac macos osx contents resources lib lib32 lib64 system system32 program release
    retail shipping game build dist runtime jre java app"""
)
"""Names of directories that lie inside an installation rather than being one."""

INNER_DIRECTORY = re.compile(r"py\d?-.+|.+-(x86_64|i686|amd64)")
"""The same by shape: Ren'Py and others put executables into ``lib/py3-linux-x86_64``."""

SHARED_DIRECTORIES = _words(
    """/ /app /app/bin /applications /bin /boot /dev /etc /home /lib /lib32 /lib64 /library /media /mnt /opt /opt/bin
    /root /run /run/media /sbin /snap /snap/bin /srv /sys /system /tmp /usr /usr/bin /usr/games /usr/lib /usr/lib32
    /usr/lib64 /usr/libexec /usr/local /usr/local/bin /usr/local/games /usr/local/lib /usr/local/sbin /usr/local/share
    /usr/sbin /usr/share /usr/share/games /usr/share/java /users /users/shared /var /var/lib /var/tmp /volumes
    c: c:/programdata c:/users c:/users/public"""
)
"""Directories of many programs; in lower case, with forward slashes."""

SHARED_DIRECTORY = re.compile(
    r"[a-z]:|[a-z]:/(windows(/.*)?|program files( \(x86\))?)"
    r"|/(media|mnt|volumes)/[^/]+|/run/(media/[^/]+(/[^/]+)?|user/\d+)"
    r"|(/home|/users|[a-z]:/users)/[^/]+"
    r"|/usr/lib/[^/]+-linux-[^/]+|/usr/(libexec|lib/jvm|lib/wine)(/.*)?|/(proc|sys|dev)(/.*)?"
    r"|.*/drive_c(/windows(/.*)?|/program files( \(x86\))?|/users(/[^/]+)?)?|.*/steamapps(/common)?"
)
"""The same by shape."""

SHARED_IN_HOME = _words(
    """applications bin desktop documents downloads dropbox games movies music onedrive pictures public templates videos
    .cache .config .local .local/bin .local/share .local/state .steam .var .var/app library appdata appdata/local
    appdata/locallow appdata/roaming appdata/local/programs appdata/local/temp"""
) | {"library/application support", "saved games", "my games"}
"""The same below a home directory."""

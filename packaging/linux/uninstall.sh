#!/bin/sh
# Removes what install.sh installed. Settings, history and logs stay; what to do about them is said at the end.
set -eu
prefix=${PREFIX:-$HOME/.local}
case $0 in */lib/gamedetectd/uninstall.sh) prefix=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd) ;; esac
place=$prefix/lib/gamedetectd
if [ ! -x "$place/gamedetectd" ]; then
    echo "There is no gamedetectd at $place." >&2
    exit 1
fi
"$place/gamedetectd" stop >/dev/null 2>&1 || true
"$place/gamedetectd" autostart off >/dev/null 2>&1 || true
kept=$("$place/gamedetectd" config path 2>/dev/null || true)
if [ -f "$place/files" ]; then
    while IFS= read -r file; do
        case $file in "$prefix"/share/*gamedetectd*) rm -f -- "$file" ;; esac
    done <"$place/files"
fi
if [ -L "$prefix/bin/gamedetectd" ]; then rm -f "$prefix/bin/gamedetectd"; fi
rm -rf "$place"
echo "gamedetectd is removed. Your settings and history are still here:"
printf '%s\n' "$kept"

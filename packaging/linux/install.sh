#!/bin/sh
# Installs gamedetectd for the account that runs this, below ~/.local, or below PREFIX. No root is needed.
# Running it again, from a newer archive, upgrades: settings and history stay, and a daemon that runs goes on as the new one.
set -eu
umask 022
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
prefix=${PREFIX:-$HOME/.local}
case $prefix in /*) ;; *) echo "PREFIX must begin with a slash: $prefix" >&2; exit 2 ;; esac
place=$prefix/lib/gamedetectd

if [ -e "$prefix/bin/gamedetectd" ] && [ ! -L "$prefix/bin/gamedetectd" ]; then
    echo "$prefix/bin/gamedetectd is there and not ours (from pip or pipx?): remove it first." >&2
    exit 1
fi
mkdir -p "$prefix/lib" "$prefix/bin" "$prefix/share"
rm -rf "$place.new" "$place.old"
cp -R "$here/usr/lib/gamedetectd" "$place.new"
cp "$here/uninstall.sh" "$place.new/uninstall.sh"
if [ -e "$place" ]; then mv "$place" "$place.old"; fi
mv "$place.new" "$place"
rm -rf "$place.old"
# daemons that ran from the old folder go on as the new version
for exe in /proc/[0-9]*/exe; do
    if [ "$(readlink "$exe" 2>/dev/null)" = "$place.old/gamedetectd (deleted)" ]; then
        pid=${exe#/proc/} pid=${pid%/exe}
        case "$(tr '\0' ' ' <"/proc/$pid/cmdline")" in
        *" run "*--supervised*) ;; # its child is told
        *" run "*) kill -HUP "$pid" 2>/dev/null || true ;;
        esac
    fi
done
ln -sfn ../lib/gamedetectd/gamedetectd "$prefix/bin/gamedetectd"

(cd "$here/usr/share" && find . -type f) | while IFS= read -r file; do
    target=$prefix/share/$file
    case $file in
    ./zsh/vendor-completions/*) target=$prefix/share/zsh/site-functions/_gamedetectd ;;
    esac
    mkdir -p "$(dirname "$target")"
    cp "$here/usr/share/$file" "$target"
    printf '%s\n' "$target" >>"$place/files.new"
done
mv "$place/files.new" "$place/files"
# a menu may not have ~/.local/bin on its path
sed "s|^Exec=gamedetectd|Exec=\"$place/gamedetectd\"|" "$here/usr/share/applications/gamedetectd.desktop" \
    >"$prefix/share/applications/gamedetectd.desktop"

echo "gamedetectd is installed: $prefix/bin/gamedetectd"
case ":$PATH:" in *":$prefix/bin:"*) ;; *) echo "$prefix/bin is not on your PATH." ;; esac
echo "To have it start at login: $prefix/bin/gamedetectd autostart on"
echo "To remove it: $place/uninstall.sh"

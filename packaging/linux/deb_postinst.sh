#!/bin/sh
# Says to daemons that run from this folder that all of it has been replaced: they go on as the new version.
set -e
[ "$1" = configure ] || exit 0
for exe in /proc/[0-9]*/exe; do
    if [ "$(readlink "$exe" 2>/dev/null)" = "/usr/lib/gamedetectd/gamedetectd (deleted)" ]; then
        pid=${exe#/proc/} pid=${pid%/exe}
        case "$(tr '\0' ' ' <"/proc/$pid/cmdline")" in
        *" run "*--supervised*) ;; # its child is told
        *" run "*) kill -HUP "$pid" 2>/dev/null || true ;;
        esac
    fi
done
exit 0

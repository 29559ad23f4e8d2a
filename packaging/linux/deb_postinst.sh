#!/bin/sh
# Says to daemons that run from this folder that all of it has been replaced: they go on as the new version.
set -e
if [ "$1" = configure ]; then
    touch /usr/lib/gamedetectd/installed
fi
exit 0

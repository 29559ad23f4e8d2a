#!/bin/sh
# Nothing of a person's is touched, on purge neither: settings and history are in their homes.
set -e
case "$1" in
remove | purge) rm -rf /usr/lib/gamedetectd ;;
esac
exit 0

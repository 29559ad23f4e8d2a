#!/bin/sh
# Fetches Prometheus' promtool for the tests of metrics and alert rules, without installing Prometheus, whose package
# would start a server: promtool.sh DIRECTORY. Prints the path of promtool.
set -eu
mkdir -p "$1"
place=$(cd "$1" && pwd)
if [ ! -x "$place/promtool" ]; then
    command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null || { echo "promtool is fetched on Debian only" >&2; exit 1; }
    fetch=$(mktemp -d)
    trap 'rm -rf "$fetch"' EXIT
    cd "$fetch"
    apt-get -qq -o APT::Sandbox::User=root download prometheus >&2 || { [ "$(id -u)" = 0 ] && apt-get update -qq >&2 && apt-get -qq -o APT::Sandbox::User=root download prometheus >&2; }
    dpkg-deb --fsys-tarfile prometheus_*.deb | tar -xf - ./usr/bin/promtool
    mv usr/bin/promtool "$place/promtool"
fi
echo "$place/promtool"

#!/bin/sh
# Fetches axe-core, which finds what keeps people with disabilities out of a page, for the dashboard's tests:
# axe.sh DIRECTORY. Prints the path of its script. It is under the MPL and stays outside the repository.
set -eu
version=4.14.1
mkdir -p "$1"
place=$(cd "$1" && pwd)
if [ ! -s "$place/axe-$version.js" ]; then
    command -v npm >/dev/null || { echo "axe-core is fetched with npm, which is not here" >&2; exit 1; }
    fetch=$(mktemp -d)
    trap 'rm -rf "$fetch"' EXIT
    cd "$fetch"
    npm pack --silent --ignore-scripts "axe-core@$version" >/dev/null
    tar -xf "axe-core-$version.tgz" package/axe.min.js
    mv package/axe.min.js "$place/axe-$version.js"
fi
echo "$place/axe-$version.js"

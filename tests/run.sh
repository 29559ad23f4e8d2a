#!/bin/sh
# Makes the environment the tests need and runs everything CI runs. Safe to repeat; PYTHON picks another interpreter.
set -eu
cd "$(dirname "$0")/.."

if [ ! -x .venv/bin/python ]; then
    "${PYTHON:-python3}" -m venv .venv
fi
.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r packaging/requirements/dev.txt
.venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .

missing=""
if command -v dpkg-query >/dev/null; then
    # shellcheck disable=SC2013 # package names are single words
    for package in $(sed 's/#.*//' tests/desktop/apt.txt); do
        dpkg-query --show --showformat '${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed ||
            missing="$missing $package"
    done
fi
if [ -n "$missing" ] && [ "$(id -u)" = 0 ]; then
    echo "Installing what the desktop tests use:$missing"
    apt-get update -qq
    # shellcheck disable=SC2086 # a list of packages
    DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=550 install -qq -y --no-install-recommends \
        $missing >/dev/null
elif [ -n "$missing" ]; then
    echo "NOT INSTALLED, so desktop tests will be skipped; install them as root:$missing" >&2
fi

WINDOWS_PYTHON=""
if command -v wine >/dev/null; then
    WINDOWS_PYTHON=$(sh tests/desktop/windows_python.sh .windows) ||
        echo "NO WINDOWS PYTHON, so the tests that need one will be skipped; see tests/desktop/README.md" >&2
fi
PROMTOOL=$(sh tests/promtool.sh .promtool) ||
    echo "NO PROMTOOL, so the tests of metrics and alert rules that need it will be skipped; see tests/promtool.sh" >&2
AXE=$(sh tests/axe.sh .axe) ||
    echo "NO AXE-CORE, so the tests of what keeps people out of the dashboard will be skipped; see tests/axe.sh" >&2
export WINDOWS_PYTHON PROMTOOL AXE

exec .venv/bin/python packaging/ci/suites.py "$@"

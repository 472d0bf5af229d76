#!/bin/sh
# Makes .venv beside the Makefile and installs one set of pinned requirements, and Vigie, into it.
# Usage: install.sh base|server|dev        PYTHON=/path/to/python3 chooses the interpreter.
set -eu
cd "$(dirname "$0")/.."
set_name="$1"

say() { printf '%s\n' "$*" >&2; }

fits() {
    "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))' 2>/dev/null
}

find_python() {
    for candidate in ${PYTHON:+"$PYTHON"} python3 python3.13 python3.12 python3.11 python3.14; do
        if command -v "$candidate" >/dev/null 2>&1 && fits "$candidate"; then
            command -v "$candidate"
            return
        fi
    done
    say "error: Vigie needs Python 3.11 or newer, and none is on the path."
    say "hint: install one (Debian: apt-get install python3 python3-venv), or say where it is:"
    say "      make run PYTHON=/path/to/python3"
    exit 1
}

can_make_environments() {
    "$1" -c 'import ensurepip, venv' 2>/dev/null
}

need_ensurepip() {
    can_make_environments "$1" && return
    # Debian and Ubuntu cut Python's own venv module out into a package of its own.
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
        say "installing python3-venv, which this Python lacks"
        apt-get update -qq >&2 && apt-get install -y -qq python3-venv >&2 || true
        can_make_environments "$1" && return
    fi
    say "error: $1 cannot make virtual environments: its venv module is missing."
    say "hint: Debian and Ubuntu have it in a package: apt-get install python3-venv"
    exit 1
}

# An environment that was moved with its folder, or whose Python is gone, is made anew.
if ! { [ -x .venv/bin/python ] && [ "$(cat .venv/.place 2>/dev/null)" = "$PWD" ] &&
    fits .venv/bin/python; }; then
    python="$(find_python)"
    need_ensurepip "$python"
    say "making .venv with $("$python" --version)"
    rm -rf .venv
    "$python" -m venv .venv
    printf '%s' "$PWD" >.venv/.place
fi

pip() {
    .venv/bin/python -m pip --disable-pip-version-check --quiet install "$@"
}

say "installing requirements/$set_name.txt"
pip --require-hashes -r "requirements/$set_name.txt"
if [ "$set_name" = base ]; then
    # --no-build-isolation: what builds Vigie is pinned in base.txt like everything else.
    pip --no-deps --no-build-isolation --editable .
fi
touch ".venv/.installed-$set_name"

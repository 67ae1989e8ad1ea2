# Sourced by ./run and ./test: make .venv hold exactly what a lock says.
# shellcheck shell=bash

say() { printf '%s\n' "$*" >&2; }

# The first Python that can carry us, or nothing. A name that answers may still be a shim for a version that isn't there.
find_python() {
    local name
    for name in ${PYTHON:+"$PYTHON"} python3 python3.13 python3.12 python3.14 python3.11; do
        if "$name" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 15))' 2>/dev/null; then
            printf '%s' "$name"
            return
        fi
    done
}

make_venv() {
    local python
    python=$(find_python)
    if [ -z "$python" ]; then
        say "Toward needs Python 3.11 to 3.14. On Debian or Ubuntu type: sudo apt install python3 python3-venv"
        say "(or name one yourself: PYTHON=/path/to/python3.12 $0)"
        return 1
    fi
    if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        say "This Python lacks its venv part. On Debian or Ubuntu type: sudo apt install python3-venv"
        return 1
    fi
    "$python" -m venv --clear .venv
}

# ensure_environment LOCK [LOCK...]: install the first lock. A stamp beside it says for which contents it was done; the
# further locks are ones that the first contains, so they count as done too.
ensure_environment() {
    local lock=$1 want stamp
    if ! .venv/bin/python -c '' 2>/dev/null; then
        make_venv || return 1
    fi
    want=$(cat "$lock" pyproject.toml | cksum)
    stamp=.venv/done-$lock
    if [ "$(cat "$stamp" 2>/dev/null)" = "$want" ] && [ -x .venv/bin/toward ]; then
        return
    fi
    say "Installing what Toward needs (once; a minute or two) ..."
    # flit-core is in the lock, so Toward itself is built from it and nothing is fetched by the way.
    if ! .venv/bin/python -m pip install --quiet --disable-pip-version-check ${INSTALL_WITH:-} --require-hashes -r "$lock" ||
        ! .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .; then
        say "That did not work; the lines above say why. Is this machine online? Then try again."
        return 1
    fi
    for lock in "$@"; do
        cat "$lock" pyproject.toml | cksum >".venv/done-$lock"
    done
}

#!/usr/bin/env bash
# Puts everything in place, from nothing: Debian packages, uv, .venv, front-end libraries. Safe to run again; quick when
# nothing is missing. `scripts/setup.sh run` for the product alone, `scripts/setup.sh test` for tests as well.
set -euo pipefail
cd "$(dirname "$0")/.."
want=${1:-run}
UV_VERSION=0.13.9
# Compiled once here: a program that must compile all it imports takes seconds to start, and not every machine lets it keep what it compiled.
export UV_PYTHON_DOWNLOADS=never UV_LINK_MODE=copy UV_COMPILE_BYTECODE=1

say() { printf '\033[1m==>\033[0m %s\n' "$*" >&2; }

packages() {
    cat scripts/apt-run.txt
    [ "$want" = test ] && cat scripts/apt-test.txt
    command -v python3.11 >/dev/null || echo python3
    # A pyenv or Debian python3.11 without ensurepip can't make a virtual environment.
    python3.11 -c 'import ensurepip' 2>/dev/null || echo python3-venv
    command -v make >/dev/null || echo make
    return 0
}

missing=()
while read -r name; do
    case "$name" in '' | '#'*) continue ;; esac
    dpkg-query -W -f='${Status}' "$name" 2>/dev/null | grep -q 'install ok installed' || missing+=("$name")
done < <(packages)

if [ ${#missing[@]} -gt 0 ]; then
    say "Debian packages: ${missing[*]}"
    as_root=()
    if [ "$(id -u)" != 0 ]; then
        command -v sudo >/dev/null || { say "Run as root: apt-get install ${missing[*]}"; exit 5; }
        as_root=(sudo)
    fi
    # Debian's packages start their own redis and postgres at once; ours run privately, so those are kept from starting.
    policy=/usr/sbin/policy-rc.d
    made_policy=no
    if [ "$(id -u)" = 0 ] && [ ! -e $policy ]; then
        printf '#!/bin/sh\nexit 101\n' >$policy && chmod 755 $policy && made_policy=yes
    fi
    "${as_root[@]}" apt-get update -qq
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
    [ $made_policy = yes ] && rm -f $policy
fi

if [ ! -x .tools/bin/uv ] || [ "$(.tools/bin/uv --version | cut -d' ' -f2)" != "$UV_VERSION" ]; then
    say "uv $UV_VERSION"
    python3.11 -m venv .tools
    .tools/bin/pip install -q --disable-pip-version-check "uv==$UV_VERSION"
fi

say "Python packages (uv.lock)"
.tools/bin/uv sync --frozen --quiet --python python3.11
.venv/bin/python -m compileall -q -x node_modules commands digitize_api models storage workers

say "Front-end libraries (package-lock.json)"
.venv/bin/python scripts/frontend.py "$want"

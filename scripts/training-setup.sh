# For the scripts that train, sourced in the repository's root: the environment ($venv) and the fonts that lines are drawn with.
# shellcheck shell=bash

venv=.training/venv

need() { sudo=$([ "$(id -u)" = 0 ] || echo sudo); $sudo apt-get install -y -q "$@" >/dev/null; }

mapfile -t fonts < <(grep -v '^#' training/apt.txt)
dpkg -s "${fonts[@]}" >/dev/null 2>&1 || need "${fonts[@]}"

uv=$(command -v uv || echo .tools/bin/uv)
[ -x "$uv" ] || scripts/setup.sh run

if [ ! -x $venv/bin/python ]; then
    python3.11 -m venv $venv
    # torch by pip: it takes the build (CPU or CUDA) that this machine is set up for. All else as locked.
    $venv/bin/pip install -q torch==2.13.0
    "$uv" export -q --frozen --no-hashes --no-emit-project --no-default-groups --group training --prune torch |
        "$uv" pip install -q --python $venv/bin/python -r -
fi

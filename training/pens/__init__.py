"""Makes the reader of a pen's digits: ``scripts/train-pens.sh`` fetches what it learns from, draws strings, trains, and writes its weights."""

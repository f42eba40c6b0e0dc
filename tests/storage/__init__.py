"""Tests of ``storage``: one contract for both stores, then what is particular to each."""

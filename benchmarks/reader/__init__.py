"""Measuring the line reader: hand-typed truth of real lines, and what the engines make of the same pages."""

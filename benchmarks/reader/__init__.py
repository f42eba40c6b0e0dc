"""Measuring the line reader: typed truth of real lines, and what the engines make of the same pages."""

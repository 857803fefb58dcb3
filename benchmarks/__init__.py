"""Measurements of what the project claims; each module is run by itself: `python -m benchmarks.in_flight`."""

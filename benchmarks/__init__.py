"""Measure how fast reqlint is at every size, next to the other tools that could do the same work."""

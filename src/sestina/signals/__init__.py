"""Measured tracks, one idea a file: pixels, sound and text in, values over time out."""

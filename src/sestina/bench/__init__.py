"""Benchmarks: cases, answerers, resumable runs, and tables with errors."""

"""Benchmark tasks: what is asked of a video, and how an answer is scored."""

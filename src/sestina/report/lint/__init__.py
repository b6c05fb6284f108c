"""Lint: what about a video's packaging will hurt it on a platform, as findings that point at units and places."""

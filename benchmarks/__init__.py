"""Measurements against known truth and against peers; not part of the installed package."""

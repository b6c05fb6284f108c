"""Storyboards as pages to look at."""

"""Storyboards in the formats of editors, players, annotation tools and data tools, one format a file, and back."""

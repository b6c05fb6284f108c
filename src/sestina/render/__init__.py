"""Storyboards in, videos whose truth is exactly known out."""

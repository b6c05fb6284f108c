"""Sestina turns a video into a storyboard: timeline-grounded units tied to evidence that can be checked."""

__version__ = "0.1.0"

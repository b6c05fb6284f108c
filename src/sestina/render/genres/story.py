"""A story: somebody on the way through two places, something that happens, and how it ends."""

from __future__ import annotations

from sestina.render.genres.grammar import Grammar

GRAMMAR = Grammar(
    name="story",
    formats=("story_time",),
    structures=("setup_conflict_resolution", "setup_conflict_resolution", "reverse_chronological", "chronological",
                "single_gag", "escalation"),
    cues={
        "context_setup": ("home", "mover", "away"), "inciting_event": ("mover", "away"),
        "development": ("mover", "mover", "presenter", "home", "away"), "climax": ("mover", "thing"),
        "resolution": ("home", "presenter", "mover"), "*": ("mover", "home", "presenter", "away"),
    },
)  # fmt: skip

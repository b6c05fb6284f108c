"""A reaction: somebody watches what happens, seen in an inset over it and in shots of their own."""

from __future__ import annotations

from sestina.render.genres.grammar import Grammar

GRAMMAR = Grammar(
    name="reaction",
    formats=("reaction",),
    structures=("freeform", "single_gag", "escalation", "question_answer", "setup_conflict_resolution", "list"),
    cues={
        "development": ("mover", "away", "presenter"), "climax": ("mover",), "turn_twist": ("presenter", "mover"),
        "hook": ("presenter", "mover", "away"), "*": ("presenter", "mover", "away", "presenter"),
    },
    inset=True,
)  # fmt: skip

"""Gameplay: a hero made of blocks runs through worlds; dangers, levels, a bar of progress."""

from __future__ import annotations

from sestina.render.genres.grammar import Grammar

GRAMMAR = Grammar(
    name="gameplay",
    formats=("gameplay",),
    structures=("escalation", "escalation", "single_gag", "freeform", "chronological", "setup_conflict_resolution",
                "list"),
    cues={"*": ("mover", "mover", "mover", "presenter")},
    movers=("hero",),
)  # fmt: skip

"""A list: items that follow one another, each in a picture of its own, mostly numbered."""

from __future__ import annotations

from sestina.render.genres.grammar import Grammar

GRAMMAR = Grammar(
    name="listicle",
    formats=("listicle",),
    structures=("list", "list", "hook_steps_recap", "escalation", "contrast_pairs", "chronological"),
    cues={
        "development": ("thing", "away", "mover", "home", "presenter"), "hook": ("away", "thing", "presenter", "mover"),
        "recap": ("thing", "home"), "*": ("home", "away", "thing", "presenter"),
    },
)  # fmt: skip

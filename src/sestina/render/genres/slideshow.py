"""A slideshow: still pictures one after another, mostly joined gradually, with words on them."""

from __future__ import annotations

from sestina.render.genres.grammar import Grammar

GRAMMAR = Grammar(
    name="slideshow",
    formats=("slideshow_photo",),
    structures=("chronological", "chronological", "list", "freeform", "reverse_chronological", "escalation"),
    cues={"development": ("away", "thing", "home"), "*": ("home", "away", "thing")},
    voices=("written", "written", "spoken"),
    soft=0.75,
)  # fmt: skip

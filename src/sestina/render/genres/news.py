"""News: somebody reports, named in a lower third under a channel's mark, and pictures from elsewhere."""

from __future__ import annotations

from sestina.render.genres.grammar import Grammar

GRAMMAR = Grammar(
    name="news",
    formats=("news_explainer",),
    structures=("question_answer", "question_answer", "chronological", "setup_conflict_resolution", "freeform",
                "reverse_chronological"),
    cues={
        "context_setup": ("presenter", "away"), "proof": ("away", "thing"),
        "development": ("away", "presenter", "mover"),
        "*": ("presenter", "away", "home"),
    },
    voices=("captioned", "spoken", "captioned"),
    named=True,
)  # fmt: skip

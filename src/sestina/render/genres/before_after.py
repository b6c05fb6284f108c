"""Before and after: the same thing worn and new, set side by side or shown one after the other."""

from __future__ import annotations

from sestina.render.genres.grammar import Grammar

GRAMMAR = Grammar(
    name="before_after",
    formats=("before_after", "transformation"),
    structures=("contrast_pairs", "contrast_pairs", "contrast_pairs", "hook_problem_solution_cta",
                "reverse_chronological", "question_answer", "chronological"),
    cues={
        "problem": ("before",), "reveal_payoff": ("after",), "demonstration": ("after",),
        "development": ("before", "hands"),
        "turn_twist": ("after",), "resolution": ("after",), "hook": ("before", "after", "presenter"),
        "context_setup": ("before", "home"), "*": ("before", "after", "home"),
    },
)  # fmt: skip

"""A tutorial: how something is done, step by step, mostly at one table."""

from __future__ import annotations

from sestina.render.genres.grammar import Grammar

GRAMMAR = Grammar(
    name="tutorial",
    formats=("tutorial_howto",),
    structures=("hook_steps_recap", "hook_steps_recap", "list", "chronological", "question_answer",
                "hook_problem_solution_cta"),
    cues={
        "development": ("hands", "thing", "hands", "presenter"), "demonstration": ("hands", "thing"),
        "reveal_payoff": ("after", "thing"), "problem": ("before", "presenter"),
        "*": ("home", "presenter", "thing", "away"),
    },
)  # fmt: skip

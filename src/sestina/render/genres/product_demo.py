"""A product demonstration: one thing of one maker, shown close and at work."""

from __future__ import annotations

from sestina.render.genres.grammar import Grammar

GRAMMAR = Grammar(
    name="product_demo",
    formats=("product_demo",),
    structures=("hook_problem_solution_cta", "hook_problem_solution_cta", "testimonial_arc", "list", "question_answer",
                "freeform"),
    cues={
        "demonstration": ("hands", "thing"), "development": ("thing", "hands", "thing"),
        "proof": ("thing", "presenter"),
        "problem": ("before", "presenter"), "reveal_payoff": ("after", "thing"),
        "hook": ("thing", "presenter", "thing"),
        "*": ("thing", "presenter", "home"),
    },
)  # fmt: skip

"""A talking head: one person faces the camera and speaks, with jump cuts and looks aside."""

from __future__ import annotations

from sestina.render.genres.grammar import Grammar

GRAMMAR = Grammar(
    name="talking_head",
    formats=("talking_head",),
    structures=("testimonial_arc", "testimonial_arc", "hook_problem_solution_cta", "question_answer", "freeform",
                "list", "hook_steps_recap"),
    cues={"demonstration": ("presenter", "thing"), "*": ("presenter",)},
    voices=("captioned", "captioned", "spoken"),
)  # fmt: skip

"""Plots: the strings of beats a structure can be told in, with several ways to open and to close each.

A structure says what the middle must hold. Openings and closings are drawn from one pool for all structures, so that
the first beat is not always a hook and the last not always a call to act.
"""

from __future__ import annotations

from sestina.render.genres.draw import Draw

D = "development"

MIDDLES: dict[str, tuple[tuple[str, ...], ...]] = {
    "hook_problem_solution_cta": (
        ("problem", D, "demonstration"), ("problem", "proof", D), ("problem", D, "reveal_payoff"),
        ("problem", "objection_handling", "demonstration"), ("problem", D, "resolution"),
    ),
    "hook_steps_recap": (
        (D, D, D, "recap"), (D, D, "filler", "recap"), (D, D, "recap"), (D, "demonstration", D, "recap"),
    ),
    "setup_conflict_resolution": (
        ("context_setup", "problem", D, "resolution"), ("context_setup", "inciting_event", D, "resolution"),
        ("context_setup", "turn_twist", D, "resolution"), ("context_setup", "inciting_event", "climax", "resolution"),
    ),
    "list": ((D, D, D), (D, D, "filler", D), ("promise", D, D, D), (D, D, D, "objection_handling"), (D, "proof", D, D)),
    "question_answer": (
        ("promise", D, "reveal_payoff"), ("promise", "proof", D, "reveal_payoff"), ("promise", D, D, "reveal_payoff"),
        ("promise", "filler", D, "reveal_payoff"),
    ),
    "contrast_pairs": (
        ("problem", "reveal_payoff", D, "reveal_payoff"), (D, "turn_twist", D, "turn_twist"),
        ("problem", "demonstration", "problem", "demonstration"),
        ("problem", "reveal_payoff", "problem", "reveal_payoff"),
    ),
    "escalation": (
        (D, D, "climax"), (D, "inciting_event", D, "climax"), ("problem", D, D, "climax"), (D, D, D, "climax"),
    ),
    "chronological": (
        ("context_setup", D, D, "resolution"), ("transition_card", D, "transition_card", D),
        (D, D, "transition_card", D), ("context_setup", D, "transition_card", D),
    ),
    "reverse_chronological": (
        ("reveal_payoff", D, D, "problem"), ("resolution", D, "context_setup"), ("reveal_payoff", D, "problem"),
    ),
    "testimonial_arc": (
        ("context_setup", "problem", D, "proof"), ("problem", "proof", D, "resolution"), ("problem", D, "proof"),
    ),
    "single_gag": (
        ("context_setup", D, "turn_twist"), (D, D, "turn_twist"), ("context_setup", "filler", "turn_twist"),
    ),
    "freeform": (
        (D, "filler", D), ("filler", D, "proof", D), (D, "sponsor_read", D), (D, D, "filler", "demonstration"),
    ),
}  # fmt: skip
"""Structure -> what its middle can be."""

HOOKED = ("hook_problem_solution_cta", "hook_steps_recap")
"""Structures whose name asks for a hook."""

OPENINGS: tuple[tuple[tuple[str, ...], int], ...] = (
    (("hook",), 6), (("hook", "promise"), 2), (("hook", "bumper_intro"), 1), (("bumper_intro",), 3),
    (("transition_card",), 3), (("context_setup",), 2), (("filler",), 3), (("sponsor_read",), 2), (("cta",), 2),
    ((), 10),
)  # fmt: skip
"""How a video can begin, and how often; () begins in the middle of things."""

CLOSINGS: tuple[tuple[tuple[str, ...], int], ...] = (
    (("cta",), 2), (("cta", "end_card"), 1), (("end_card",), 2), (("loop_back",), 2), (("filler",), 2),
    (("sponsor_read",), 2), (("development",), 2), ((), 9),
)  # fmt: skip
"""How a video can end, and how often; () ends with the middle's last beat."""

ASIDES = ("cta", "sponsor_read", "filler", D, "demonstration", "transition_card", "proof")
"""What may come between two beats of the middle."""


def plot(draw: Draw, structure: str) -> tuple[str, ...]:
    """Return the beats of a video of this structure, first to last."""
    middle = list(draw.pick(MIDDLES[structure]))
    if draw.chance(0.45) and len(middle) < 4:
        middle.insert(draw.whole(1, len(middle) - 1), draw.pick(ASIDES))
    opening = list(_weighted(draw, OPENINGS))
    if structure in HOOKED and "hook" not in opening:
        opening = ["hook"]
    closing = list(_weighted(draw, CLOSINGS))
    if structure == "hook_problem_solution_cta" and "cta" not in closing:
        closing = ["cta"]
    beats = [*opening, *middle, *closing]
    return tuple(beat for number, beat in enumerate(beats) if not _repeated(beats, number))


def _repeated(beats: list[str], number: int) -> bool:
    """Whether the beat says again what the one before it said; steps may follow one another."""
    return number > 0 and beats[number] == beats[number - 1] and beats[number] != D


def _weighted(draw: Draw, pool: tuple[tuple[tuple[str, ...], int], ...]) -> tuple[str, ...]:
    return draw.pick([beats for beats, weight in pool for _ in range(weight)])

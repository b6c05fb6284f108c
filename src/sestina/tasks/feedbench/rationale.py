"""Why this cut: reasons and functions of every boundary, with the evidence they cite."""

from __future__ import annotations

from sestina.core.card import Card
from sestina.core.registry import tasks
from sestina.core.storyboard import Storyboard, Unit
from sestina.core.task import Score
from sestina.objective.boundaries import f1
from sestina.tasks.feedbench._pairs import best_pairs
from sestina.tasks.feedbench._task import NEAR_S, FeedTask, mean, said
from sestina.tasks.feedbench.citations import Citations

FACETS = {"rationale": "edit.cut_rationale", "function": "edit.cut_function"}


@tasks.register(
    "feedbench.rationale",
    card=Card(summary="Reasons and functions of cuts: set F1 over cut and label, verified by their evidence."),
)
class Rationale(FeedTask):
    """The score is the mean over reasons and functions of the F1 with verified evidence.

    A label at the right cut whose evidence does not hold is a false one and leaves the true one missed; `*_plain_f1`
    shows what the labels alone are worth.
    """

    name = "feedbench.rationale"
    facets = ("edit.cut_rationale", "edit.cut_function")
    prompt = "Say of every cut which function it has and why it is there, and cite the evidence of each reason."

    def judge(self, board: Storyboard, gold: Storyboard) -> Score:
        """Return the verified set F1 of reasons and functions."""
        check = Citations(board, gold.media)
        given = [unit for facet in FACETS.values() for unit in said(board, facet)]
        sound = {unit.id for unit in given if check.hold(unit)}
        parts: dict[str, float] = {"evidence_holds": len(sound) / len(given)} if given else {}
        for name, facet in FACETS.items():
            wanted, units = said(gold, facet), said(board, facet)
            if not wanted:
                continue
            pairs = best_pairs(wanted, units, same_cut)
            for kind, hits in (("", [j for _, j, _ in pairs if units[j].id in sound]), ("_plain", pairs)):
                missed, false = len(wanted) - len(hits), len(units) - len(hits)
                parts[f"{name}{kind}_f1"] = f1(len(hits), missed, false)
                parts |= {f"{name}{kind}.hits": len(hits), f"{name}{kind}.missed": missed}
                parts[f"{name}{kind}.false"] = false
        return Score(value=mean(parts, [f"{name}_f1" for name in FACETS]), parts=parts)


def same_cut(one: Unit, other: Unit) -> float:
    """Return how near two units of one label stand in time, 0 for other labels or more than `NEAR_S` apart."""
    if one.label != other.label:
        return 0.0
    return max(0.0, 1.0 - abs(one.span.middle_s - other.span.middle_s) / NEAR_S)

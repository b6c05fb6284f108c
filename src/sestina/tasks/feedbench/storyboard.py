"""The whole storyboard against gold, by the objective."""

from __future__ import annotations

from statistics import fmean

from sestina.core import vocabulary
from sestina.core.card import Card
from sestina.core.exchange import Answer
from sestina.core.registry import tasks
from sestina.core.storyboard import Storyboard
from sestina.core.task import Sample, Score, unscored
from sestina.objective.report import ScoreReport
from sestina.objective.score import score as objective
from sestina.tasks.feedbench._task import FeedTask


@tasks.register(
    "feedbench.storyboard",
    card=Card(summary="A whole storyboard by the SV6D objective: structure less penalties, and each dimension."),
)
class WholeStoryboard(FeedTask):
    """Everything gold examined, in one number and in six."""

    name = "feedbench.storyboard"
    facets = tuple(f"{prefix}." for prefix in vocabulary.PREFIXES)
    prompt = "Describe the whole video: every unit in time, with the evidence it rests on."

    def asks(self, gold: Storyboard) -> bool:
        """Return whether gold says anything at all."""
        return any(unit.status != "abstain" for unit in gold.items)

    def score(self, sample: Sample, answer: Answer) -> Score:
        """Return the objective's score; text is handed to it as it came, so that damage is named and penalised."""
        if answer.error is not None:
            return unscored(answer.error)
        nothing = sample.gold.model_copy(update={"items": ()})
        report = objective(answer.storyboard or answer.text or nothing, sample.gold)
        parts = {"structure": report.structure, "penalty": report.structure - report.score}
        parts |= {f"dimension.{name}": value for name, value in report.dimensions.items()}
        return Score(value=report.score, parts=parts | by_source(report))


def by_source(report: ScoreReport) -> dict[str, float]:
    """Return the mean soft F1 of the facets that signals produce (`facets.S`), and of those and text (`facets.S+T`).

    Plain F1, before chance is taken off: how much of what signals promise is found. A class without facets is left
    out.
    """
    classes = {"facets.S": ("S",), "facets.S+T": ("S", "T", "S+T", "S/T")}
    book = vocabulary.load()
    found = {
        name: [one.score for facet, one in report.facets.items() if book.facet(facet).source in sources]
        for name, sources in classes.items()
    }
    return {name: fmean(values) for name, values in found.items() if values}

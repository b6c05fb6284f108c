"""What is usual: the commonest label of every facet, shots of the usual length."""

from __future__ import annotations

from pathlib import Path

from sestina.bench.answerers._guess import guess
from sestina.bench.prior import FacetPrior
from sestina.bench.setting import Setting
from sestina.core.card import Card
from sestina.core.exchange import Answer, Question
from sestina.core.registry import answerers
from sestina.core.storyboard import Producer
from sestina.media.probe import probe
from sestina.media.source import resolve


@answerers.register("frequency", card=Card(summary="Gives the dev split's commonest labels and usual lengths."))
class Frequency:
    """Knows the length of the video and the dev split's averages, and nothing else."""

    sees = True
    only_choices = False

    def __init__(self, setting: Setting) -> None:
        self.prior = setting.prior

    def answer(self, question: Question, video: Path | None) -> Answer:
        """Return the usual storyboard, or the commonest option. Raises MediaError for a file that cannot be read."""
        if question.options:
            known = self.prior.facets.get(question.facets[0], FacetPrior(level="")).labels
            return Answer(choice=max(range(len(question.options)), key=lambda i: known.get(question.options[i], 0)))
        if video is None:
            return Answer(error="no video")
        media = probe(resolve(video))
        usual = self.prior.facets.get("edit.shot")
        length_s = max(0.2, usual.length_s) if usual is not None else media.duration_s
        count = max(1, round(media.duration_s / length_s))
        cuts_s = [media.span.start_s + media.duration_s * k / count for k in range(1, count)]
        producer = Producer(kind="rule", name="frequency")
        return Answer(storyboard=guess(media, self.prior, cuts_s, commonest, producer))


def commonest(facet: str, facts: FacetPrior) -> str | None:
    """Return the commonest label of a facet, the first in the alphabet of several; None where it has none."""
    return max(sorted(facts.labels), key=lambda label: facts.labels[label], default=None)

"""Storyboards made without looking: what is usual, or what chance brings, laid over a video's length."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise

from sestina.bench.prior import FacetPrior, Prior
from sestina.core import vocabulary
from sestina.core.evidence import Box, ContextEvidence, Region
from sestina.core.media_info import MediaInfo
from sestina.core.storyboard import Producer, Storyboard, Unit
from sestina.core.time import Span

SHARE_MIN = 0.5
"""Facets that fewer of the videos have are left out."""

Choose = Callable[[str, FacetPrior], str | None]
"""Facet and its averages to the label to give."""


def guess(media: MediaInfo, prior: Prior, cuts_s: Sequence[float], choose: Choose, producer: Producer) -> Storyboard:
    """Return a storyboard with every usual facet: shots from `cuts_s`, labels as `choose` says, numbers as usual."""
    whole = media.span
    bounds = [whole.start_s, *sorted(t for t in set(cuts_s) if whole.start_s < t < whole.end_s), whole.end_s]
    shots = [Span.of(a, b) for a, b in pairwise(bounds) if b > a]
    units: list[Unit] = []
    for facet, facts in prior.facets.items():
        if facts.share >= SHARE_MIN:
            spans = list(_spans(facet, facts, whole, shots))
            for number, span in enumerate(spans):
                units.append(_unit(f"{facet}/{number}", facet, facts, span, choose(facet, facts), producer))
    return Storyboard(media=media, items=tuple(units)).canonical()


def _spans(facet: str, facts: FacetPrior, whole: Span, shots: Sequence[Span]) -> Iterator[Span]:
    """Yield where units of a facet go: on every shot, at every cut, side by side, or as often and long as usual."""
    if facts.level == "shot":
        yield from shots
    elif facts.level == "boundary":
        yield from (Span.at(shot.start_s) for shot in shots[1:])
    elif facts.level == "video":
        yield whole
    elif vocabulary.facet(facet).tiles:
        count = max(1, round(facts.per_video))
        bounds = [whole.start_s + whole.duration_s * k / count for k in range(count)] + [whole.end_s]
        yield from (Span.of(a, b) for a, b in pairwise(bounds))
    else:
        count = max(1, round(facts.per_video))
        room_s = max(0.0, whole.duration_s - facts.length_s)
        for k in range(count):
            start_s = whole.start_s + room_s * (k / (count - 1) if count > 1 else min(1.0, facts.start))
            yield Span.of(start_s, min(whole.end_s, start_s + facts.length_s))


def _unit(name: str, facet: str, facts: FacetPrior, span: Span, label: str | None, producer: Producer) -> Unit:
    known = vocabulary.facet(facet)
    labels: Mapping[str, object] = {"label": label} if label is not None else {}
    return Unit(
        id=name, dimension=known.dimension, facet=facet, level=facts.level, span=span, confidence=0.5,  # type: ignore[arg-type]  # levels come from units
        status="inferred", producer=producer, evidence=(ContextEvidence(key="prior", quote="the dev split"),),
        text=facts.text, value=facts.value, unit=facts.unit if facts.value is not None else None,
        region=None if facts.box is None else Region(box=Box.of(*facts.box)),
        **labels,  # type: ignore[arg-type]  # a label or nothing
    )  # fmt: skip

"""Multiple choice that cannot be guessed: every label of an option set is right equally often.

A facet's labels do not occur equally often. If questions followed the video, who always names the commonest label
would do better than chance, and so would who never names a label that never occurs. So questions are asked about a
set of labels of which each is kept at the rate of the rarest, and the wrong options are drawn from that set alone.
Then, given the options, each of them is right with the same probability. All this holds among questions that look
alike: what begins at zero is a hook, and what lasts no time is a cut, so labels are counted apart by what the
question itself shows of when and how long (`context`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

from sestina.core.facet import Facet
from sestina.core.time import Span

Counts = Mapping[str, Mapping[str, int]]
"""How often each label is the answer among questions that look alike: context to label to count."""
OPTIONS = 4
"""Options of a question, fewer where a facet has fewer labels in use."""


STARTS_S = (0.001, 4.0, 8.0, 16.0)
"""Questions about spans that start between two of these look alike."""
LENGTHS_S = (0.001, 1.2, 2.5)
"""Questions about spans that last between two of these look alike."""


def context(facet: str, span: Span | None, level: str) -> str:
    """Return what a question shows besides its options: the facet, and roughly when and for how long."""
    if span is None or level == "video":
        return f"{facet}@video"
    start = sum(span.start_s >= bound for bound in STARTS_S)
    return f"{facet}@{start}.{sum(span.duration_s >= bound for bound in LENGTHS_S)}"


@dataclass(frozen=True, kw_only=True)
class Pool:
    """The labels of one facet that are asked about, and how often a unit that carries one is kept, in [0, 1]."""

    keep: Mapping[str, float]

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels in a fixed order."""
        return tuple(sorted(self.keep))

    def draws(self, label: str, rng: Random) -> bool:
        """Return whether a unit with this label becomes a question."""
        return rng.random() < self.keep.get(label, 0.0)

    def options(self, label: str, rng: Random) -> tuple[str, ...]:
        """Return the options of a question whose answer is `label`, in random order."""
        others = [other for other in self.labels if other != label]
        found = [label, *rng.sample(others, min(OPTIONS - 1, len(others)))]
        rng.shuffle(found)
        return tuple(found)


def pool(facet: Facet, counts: Mapping[str, int]) -> Pool | None:
    """Return the labels to ask about: those that leave the most questions when each is as rare as the rarest.

    At least `OPTIONS` labels where so many are in use; of a label and one above it in the tree the commoner, since
    both are true at once. None with fewer than two.
    """
    ranked = _apart(facet, sorted((-count, label) for label, count in counts.items() if count > 0))
    if len(ranked) < 2:
        return None
    least = min(OPTIONS, len(ranked))
    size = max(range(least, len(ranked) + 1), key=lambda k: (k * ranked[k - 1][1], k))
    rarest = ranked[size - 1][1]
    return Pool(keep={label: rarest / count for label, count in ranked[:size]})


def _apart(facet: Facet, ranked: Sequence[tuple[int, str]]) -> list[tuple[str, int]]:
    kept: list[tuple[str, int]] = []
    for negative, label in ranked:
        if facet.is_label(label) and not any(_above(facet, label, other) for other, _ in kept):
            kept.append((label, -negative))
    return kept


def _above(facet: Facet, one: str, other: str) -> bool:
    return one in facet.ancestors(other) or other in facet.ancestors(one)

"""Means with errors that know about videos, paired differences, and what a run holds beyond means.

Samples of one video are no independent draws: their standard error is clustered by video (Liang and Zeger, 1986, as
Miller, "Adding error bars to evals", 2024, asks of benchmarks), with the usual correction G/(G-1) for few clusters.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sestina.bench.log import Key, Record, Run, key
from sestina.core import vocabulary
from sestina.core.facet import Facet
from sestina.objective.boundaries import f1

Z_95 = 1.959964
"""Normal quantile of a two-sided interval of 95 %."""
COVERAGES = (0.25, 0.5, 0.75, 1.0)
"""Shares of the most confident judgements at which accuracy is given."""
COUNTS = (".hits", ".missed", ".false")


@dataclass(frozen=True, kw_only=True)
class Mean:
    """A mean, its clustered standard error (None with fewer than two videos), and how many it rests on."""

    mean: float
    se: float | None
    samples: int
    videos: int

    @property
    def half_width(self) -> float | None:
        """Half the width of the 95 % interval."""
        return None if self.se is None else Z_95 * self.se


def clustered(values: Sequence[float], videos: Sequence[str]) -> Mean | None:
    """Return the mean of `values` with its standard error clustered by `videos`; None of nothing."""
    if not values:
        return None
    mean = math.fsum(values) / len(values)
    sums: dict[str, list[float]] = defaultdict(list)
    for value, video in zip(values, videos, strict=True):
        sums[video].append(value - mean)
    count = len(sums)
    total = math.fsum(math.fsum(deviations) ** 2 for _, deviations in sorted(sums.items()))
    se = math.sqrt(total * count / (count - 1)) / len(values) if count > 1 else None
    return Mean(mean=mean, se=se, samples=len(values), videos=count)


@dataclass(frozen=True, kw_only=True)
class Row:
    """One task of one run.

    Args:
        task: its name.
        scored: mean over scored samples, None without any.
        unscored, failed: samples that could not be judged, and those the answerer failed at; in no mean.
        at_least: the mean if every one of those had earned nothing.
        parts: means of sub-metrics.
        pooled: F1 of counts pooled over videos, and figures over all judgements of the run.
    """

    task: str
    scored: Mean | None
    unscored: int
    failed: int
    at_least: float
    parts: Mapping[str, float]
    pooled: Mapping[str, float]

    def to_dict(self) -> dict[str, Any]:
        """Return the row as plain JSON values."""
        return asdict(self)


def rows(run: Run) -> list[Row]:
    """Return a row for every task of a run, in order of name."""
    tasks: dict[str, list[Record]] = defaultdict(list)
    for record in run.records:
        tasks[record["task"]].append(record)
    return [_row(task, tasks[task]) for task in sorted(tasks)]


def _row(task: str, records: Sequence[Record]) -> Row:
    good = [record for record in records if record["status"] == "scored"]
    values = [float(record["score"]["value"]) for record in good]
    return Row(
        task=task,
        scored=clustered(values, [record["video"] for record in good]),
        unscored=sum(record["status"] == "unscored" for record in records),
        failed=sum(record["status"] == "failed" for record in records),
        at_least=math.fsum(values) / len(records),
        parts=_parts(good),
        pooled=_pooled(good) | _judged(good) | _consistency(good),
    )


def _parts(records: Iterable[Record]) -> dict[str, float]:
    found: dict[str, list[float]] = defaultdict(list)
    for record in records:
        for name, value in record["score"].get("parts", {}).items():
            if not name.endswith(COUNTS):
                found[name].append(value)
    return {name: math.fsum(values) / len(values) for name, values in sorted(found.items())}


def _pooled(records: Iterable[Record]) -> dict[str, float]:
    """Return the F1 of every sub-metric that counts, over all videos: every item weighs the same."""
    totals: dict[str, float] = defaultdict(float)
    for record in records:
        for name, value in record["score"].get("parts", {}).items():
            if name.endswith(COUNTS):
                totals[name] += value
    stems = sorted({name.rpartition(".")[0] for name in totals})
    return {f"{stem}.f1": f1(*(totals[stem + end] for end in COUNTS)) for stem in stems}


def _judged(records: Iterable[Record]) -> dict[str, float]:
    """Return macro-F1 and accuracy over coverage for every facet whose labels were judged one by one.

    Of a tree also the macro-F1 of its top labels: a parent given for want of certainty is no error there.
    """
    facets: dict[str, list[tuple[str, str | None, float]]] = defaultdict(list)
    for record in records:
        for facet, gold, said, confidence in record["score"].get("judged", []):
            facets[facet].append((gold, said, confidence))
    found: dict[str, float] = {}
    for facet, triples in sorted(facets.items()):
        found[f"{facet}.macro_f1"] = macro_f1([(gold, said) for gold, said, _ in triples])
        known = vocabulary.facet(facet)
        if known.type == "tree":
            tops = [(_top(known, gold), _top(known, said)) for gold, said, _ in triples]
            found[f"{facet}.macro_f1_top"] = macro_f1([(gold or "", said) for gold, said in tops])
        for coverage, accuracy in abstention_curve(triples):
            found[f"{facet}.accuracy@{coverage:g}"] = accuracy
    return found


def _top(facet: Facet, label: str | None) -> str | None:
    """Return the label at the top of the tree above `label`, or itself; another facet's label stays as it is."""
    if label is None or not facet.is_label(label):
        return label
    return (label, *facet.ancestors(label))[-1]


def macro_f1(pairs: Sequence[tuple[str, str | None]]) -> float:
    """Return the mean, over the labels of gold, of the F1 of each label, from (gold, said) pairs."""
    names = sorted({gold for gold, _ in pairs})
    scores = []
    for name in names:
        hits = sum(gold == said == name for gold, said in pairs)
        missed = sum(gold == name != said for gold, said in pairs)
        false = sum(said == name != gold for gold, said in pairs)
        scores.append(f1(hits, missed, false))
    return math.fsum(scores) / len(scores) if scores else 0.0


def abstention_curve(triples: Sequence[tuple[str, str | None, float]]) -> list[tuple[float, float]]:
    """Return (coverage, accuracy) where only the most confident share answers, from (gold, said, confidence).

    Coverage counts all judgements; a share beyond what was answered at all is left out.
    """
    answered = sorted(((sure, gold == said) for gold, said, sure in triples if said is not None), reverse=True)
    found = []
    for coverage in COVERAGES:
        size = round(coverage * len(triples))
        if 0 < size <= len(answered):
            found.append((coverage, _right(answered, size) / size))
    return found


def _right(answered: Sequence[tuple[float, bool]], size: int) -> float:
    """Return how many of the surest `size` are right, on average over the orders of what is equally sure."""
    limit = answered[size - 1][0]
    surer = [right for sure, right in answered if sure > limit]
    alike = [right for sure, right in answered if sure == limit]
    return sum(surer) + (size - len(surer)) * sum(alike) / len(alike)


def _consistency(records: Iterable[Record]) -> dict[str, float]:
    """Return how often all variants of a question get one answer, how often that is right, and how often any is."""
    groups: dict[str, list[tuple[str, str | None]]] = defaultdict(list)
    for record in records:
        if record.get("group"):
            groups[record["group"]] += [(gold, said) for _, gold, said, _ in record["score"].get("judged", [])]
    if not groups:
        return {}
    same = [len({said for _, said in pairs}) == 1 and pairs[0][1] is not None for pairs in groups.values()]
    right = [all(gold == said for gold, said in pairs) for pairs in groups.values()]
    found = {"consistent": sum(same) / len(groups), "consistent_right": sum(right) / len(groups)}
    given = [gold == said for pairs in groups.values() for gold, said in pairs if said is not None]
    return found | ({"right_answered": sum(given) / len(given)} if given else {})


@dataclass(frozen=True, kw_only=True)
class Difference:
    """How much better one run is than another on the samples both scored.

    Args:
        task: its name.
        difference: mean of second less first with its clustered error, None when no sample is in both.
        first, second: means of the two over these samples.
        alone: samples that only one of the two scored.
    """

    task: str
    difference: Mean | None
    first: float | None
    second: float | None
    alone: int

    @property
    def is_clear(self) -> bool:
        """Whether the 95 % interval leaves zero out."""
        found = self.difference
        return found is not None and found.half_width is not None and abs(found.mean) > found.half_width

    def to_dict(self) -> dict[str, Any]:
        """Return the difference as plain JSON values."""
        return asdict(self) | {"clear": self.is_clear}


def compare(first: Run, second: Run) -> list[Difference]:
    """Return the paired difference of every task that either run holds."""
    one, two = _scored(first), _scored(second)
    tasks = sorted({name for name, _ in {**one, **two}})
    return [_difference(task, one, two) for task in tasks]


def _scored(run: Run) -> dict[Key, tuple[float, str]]:
    good = [record for record in run.records if record["status"] == "scored"]
    return {key(record): (float(record["score"]["value"]), record["video"]) for record in good}


def _difference(task: str, one: Mapping[Key, tuple[float, str]], two: Mapping[Key, tuple[float, str]]) -> Difference:
    here, there = ({name for name in run if name[0] == task} for run in (one, two))
    both = sorted(here & there)
    values = [two[name][0] - one[name][0] for name in both]
    return Difference(
        task=task,
        difference=clustered(values, [one[name][1] for name in both]),
        first=math.fsum(one[name][0] for name in both) / len(both) if both else None,
        second=math.fsum(two[name][0] for name in both) / len(both) if both else None,
        alone=len(here ^ there),
    )

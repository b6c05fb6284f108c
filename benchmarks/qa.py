"""FeedBench's structure questions, asked in words of the analyzer's storyboards without a model, facet by facet.

    python -m benchmarks.qa CACHE [--limit 210]

CACHE holds rendered test clips with their gold and the analyzer's storyboards, as `sestina bench run` leaves them.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from benchmarks.selection import clips
from benchmarks.tables import table
from sestina.answers.extract import Extractor
from sestina.bench.prior import dev_prior
from sestina.core import vocabulary
from sestina.core.task import Sample
from sestina.tasks.feedbench.qa import StructureQA

FIRST = 9001
"""The first seed of the test split."""
CLASSES = (
    ("S or T alone", lambda source: source in ("S", "T", "S+T", "S/T")),
    ("S or T for a part or in all", lambda source: "S" in source or "T" in source),
    ("all", lambda source: True),
)


def main(arguments: Sequence[str] | None = None) -> None:
    """Print a row a facet, and one a class of facets."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cache", type=Path)
    parser.add_argument("--limit", type=int, default=210)
    given = parser.parse_args(arguments)
    tallies: dict[str, list[tuple[bool, bool, float]]] = defaultdict(list)
    for gold, board, _ in clips(given.cache, FIRST, given.limit):
        extractor = Extractor(board)
        for sample in StructureQA({gold.media.name: gold}, counts=dev_prior().questions).samples():
            tallies[sample.question.facets[0]].append(_asked(extractor, sample))
    rows = [[f"`{facet}`", vocabulary.facet(facet).source, *_row(tallies[facet])] for facet in sorted(tallies)]
    for name, belongs in CLASSES:
        some = [one for facet, own in tallies.items() if belongs(vocabulary.facet(facet).source) for one in own]
        rows.append([f"**{name}**", "", *_row(some)])
    print(table(rows, ["facet", "source", "questions", "answered", "right", "chance"]))


def _asked(extractor: Extractor, sample: Sample) -> tuple[bool, bool, float]:
    """Return whether a question was answered, whether rightly, and the chance of guessing it."""
    choice = extractor.answer(sample.question.prompt).choice
    return choice is not None, choice == sample.key, 1 / len(sample.question.options)


def _row(asked: Sequence[tuple[bool, bool, float]]) -> list[str]:
    count = max(1, len(asked))
    return [str(len(asked)), *(f"{sum(column) / count:.3f}" for column in zip(*asked, strict=True))]


if __name__ == "__main__":
    main()

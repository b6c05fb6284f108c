"""Measures chance: what the best blind answer gets in each facet, and writes the table that the objective takes off.

    python -m benchmarks.chance FOLDER...      # folders of golds; tune on dev seeds, report gaming on others
    python -m benchmarks.chance --written      # sixty written storyboards, alone or besides folders

Every gold is answered blindly in three ways (another video's storyboard, the usual label of every facet over the whole
video, usual labels evenly spread). A facet's chance is the soft F1 over all golds of the way that does best in it.
Golds of different folders never answer each other.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from benchmarks.attacks import Case, Corpus, constant, metronome, said, with_units
from benchmarks.gaming import WRITTEN, golds
from benchmarks.written import corpus
from sestina.core import vocabulary
from sestina.core.storyboard import Storyboard
from sestina.objective.chance import FILE, kind
from sestina.objective.score import ScoreConfig, prepare, score

DEV_SEED = 10_000
"""Written storyboards from here on are for tuning; the gaming table takes those from 0 on."""
OTHERS = 4
"""Other videos that answer each gold."""
MOST = 0.95
"""Chance is cut here, so that no facet weighs nothing."""
PLAIN = ScoreConfig(chance={})

Tally = dict[str, dict[str, list[float]]]
"""Facet to blind way to [matched, units of both documents]."""


def tally(boards: Sequence[Storyboard], into: Tally) -> None:
    """Add to a tally what blind answers match on the golds of one corpus."""
    together = Corpus(boards)
    for number, gold in enumerate(boards):
        rng = np.random.default_rng([23, number])
        case, truth = Case(together, number, rng), prepare(gold)
        others = case.others
        answers = {"usual": [constant(case)], "spread": [metronome(case)], "another": []}
        for _ in range(min(OTHERS, len(others))):
            other = others[int(rng.integers(len(others)))]
            answers["another"].append(with_units(gold, said(other)))
        for way, documents in answers.items():
            for document in documents:
                for name, facet in score(document, truth, PLAIN).facets.items():
                    sums = into.setdefault(name, {}).setdefault(way, [0.0, 0.0])
                    sums[0] += facet.matched
                    sums[1] += facet.predicted + facet.gold


def chances(found: Tally) -> dict[str, dict[str, float]]:
    """Return the table: chance of every facet, and the mean over the facets of each type and level."""
    facets = {
        name: min(MOST, max(2 * matched / units for matched, units in ways.values()))
        for name, ways in sorted(found.items())
    }
    kinds = defaultdict(list)
    for name, chance in facets.items():
        kinds[kind(vocabulary.facet(name))].append(chance)
    return {
        "facets": {name: round(chance, 3) for name, chance in facets.items()},
        "kinds": {name: round(float(np.mean(values)), 3) for name, values in sorted(kinds.items())},
    }


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", type=Path, nargs="*", help="folders of gold storyboards, each a corpus")
    parser.add_argument("--written", action="store_true", help="also use written storyboards")
    parser.add_argument("-o", "--out", type=Path, default=FILE, help="the table")
    given = parser.parse_args()
    corpora = [golds(folder) for folder in given.folders]
    if given.written:
        corpora.append(corpus(WRITTEN, DEV_SEED))
    found: Tally = {}
    for boards in corpora:
        tally(boards, found)
    result = chances(found)
    given.out.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    print(f"{sum(map(len, corpora))} golds, {len(result['facets'])} facets: {given.out}")


if __name__ == "__main__":
    main()

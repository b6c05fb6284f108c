"""The gaming table: what each attack scores, over a folder of gold storyboards.

    python -m benchmarks.gaming FOLDER [--limit N] [--plain] [-o table.md]      # golds of rendered or real videos
    python -m benchmarks.gaming                                                 # sixty written ones

Golds with fewer than ten units are left out. Neighbours are golds with the same `provenance.settings["genre"]`.
`--plain` takes no chance off, which shows what the correction is for.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from benchmarks.attacks import ATTACKS, Case, Corpus, genre, said
from benchmarks.tables import table
from benchmarks.written import corpus
from sestina.core.errors import SchemaError
from sestina.core.storyboard import Storyboard
from sestina.objective.score import ScoreConfig, prepare, score

FEWEST = 10
WRITTEN = 60
LIMITS = {"neighbour of the same genre": 0.25, "neighbour, stretched to fit": 0.25}
"""What an attack must stay below, 0.1 where not named."""


def golds(folder: Path, limit: int | None = None) -> list[Storyboard]:
    """Return the storyboards of a folder and the folders in it, by name; other JSON files are passed over."""
    found = []
    for path in sorted(folder.rglob("*.json")):
        try:
            found.append(Storyboard.from_json(path))
        except SchemaError:
            continue
    return found[:limit]


def attacked(boards: Sequence[Storyboard], config: ScoreConfig) -> dict[str, list[float]]:
    """Return the scores of every attack on every gold with enough units."""
    scores: dict[str, list[float]] = {name: [] for name in ATTACKS}
    together = Corpus(boards)
    for number, gold in enumerate(boards):
        if len(said(gold)) < FEWEST:
            continue
        truth = prepare(gold)
        lonely = not any(genre(board) == genre(gold) != "" for board in boards if board is not gold)
        for name, attack in ATTACKS.items():
            if "neighbour" in name and lonely:
                continue
            case = Case(together, number, np.random.default_rng([17, number]))
            scores[name].append(score(attack(case), truth, config).score)
    return scores


def report(boards: Sequence[Storyboard], config: ScoreConfig) -> str:
    """Return the table in Markdown: mean, 95th percentile and maximum of every attack, and its limit."""
    rows = []
    for name, scores in attacked(boards, config).items():
        if scores:
            limit = LIMITS.get(name, 0.1)
            below = sum(value < limit for value in scores) / len(scores)
            worst = np.quantile(scores, 0.95)
            rows.append((name, *(f"{v:.3f}" for v in (np.mean(scores), worst, max(scores))), limit, f"{below:.0%}"))
    head = ("attack", "mean", "95th percentile", "maximum", "limit", "golds below it")
    units = np.median([len(said(board)) for board in boards])
    return f"{len(boards)} golds, {units:.0f} units in the median\n\n{table(rows, head)}"


def main() -> None:
    """Print the table, and write it where asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="?", help="folder of gold storyboards; written ones without")
    parser.add_argument("--limit", type=int, help="use the first so many")
    parser.add_argument("--plain", action="store_true", help="take no chance off")
    parser.add_argument("-o", "--out", type=Path, help="also write the table here")
    given = parser.parse_args()
    boards = golds(given.folder, given.limit) if given.folder else corpus(given.limit or WRITTEN)
    text = report(boards, ScoreConfig(chance={}) if given.plain else ScoreConfig())
    print(text)
    if given.out:
        given.out.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

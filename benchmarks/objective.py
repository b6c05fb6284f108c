"""How many scores a second, on one core and over processes, and how cost grows with the size of a document.

    python -m benchmarks.objective [--seconds 2] [--workers 2]

A prediction is the gold with one unit in ten relabelled, one in ten missing and every span a little late.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Sequence

import numpy as np

from benchmarks.machine import facts, today
from benchmarks.tables import table
from benchmarks.written import GENRES, storyboard
from sestina.core import vocabulary
from sestina.core.storyboard import Storyboard, Unit
from sestina.core.time import Span
from sestina.objective.score import prepare, score, score_many

SIZES = (10, 30, 100, 300, 1000)
SHOTS_PER_UNIT = 1 / 9
"""A little more than the written storyboards need to reach a size; the rest is cut off."""
GOLDS = 20
BATCH = 4000
LATE_S = 0.05


def sized(units: int, seed: int) -> Storyboard:
    """Return a written storyboard with so many units."""
    board = storyboard(GENRES[seed % len(GENRES)], seed, max(3, round(units * SHOTS_PER_UNIT)))
    if len(board) < units:
        raise ValueError(f"wrote {len(board)} units, needed {units}")
    kept = np.linspace(0, len(board) - 1, units).round().astype(int).tolist()
    return board.model_copy(update={"items": tuple(board.items[k] for k in kept)})


def imperfect(gold: Storyboard, seed: int) -> Storyboard:
    """Return a prediction that is mostly right."""
    rng = np.random.default_rng(seed)
    kept = [_late(unit, rng) for unit in gold.items if rng.random() > 0.1]
    return gold.model_copy(update={"items": tuple(kept)})


def _late(unit: Unit, rng: np.random.Generator) -> Unit:
    labels = vocabulary.facet(unit.facet).labels
    label = labels[int(rng.integers(len(labels)))] if labels and rng.random() < 0.1 else unit.label
    late = float(rng.uniform(0, LATE_S))
    span = Span.of(unit.span.start_s + late, unit.span.end_s + late)
    return unit.model_copy(update={"span": span, "label": label})


def rate(work: Sequence[Callable[[], object]], seconds: float) -> float:
    """Return how many calls a second of processor time, by turns, after one round to warm up."""
    for call in work:
        call()
    done, began = 0, time.process_time()
    while (spent := time.process_time() - began) < seconds:
        work[done % len(work)]()
        done += 1
    return done / spent


def growth(seconds: float) -> str:
    """Return a table of scores a second by size, for parsed documents and for JSON text."""
    rows = []
    for units in SIZES:
        golds = [sized(units, seed) for seed in range(GOLDS)]
        preds = [imperfect(gold, seed) for seed, gold in enumerate(golds)]
        ready = [prepare(gold) for gold in golds]
        texts = [pred.to_json() for pred in preds]
        pairs, told = zip(preds, ready, strict=True), zip(texts, ready, strict=True)
        parsed = rate([lambda p=p, g=g: score(p, g) for p, g in pairs], seconds)  # type: ignore[misc]  # bound early
        written = rate([lambda p=p, g=g: score(p, g) for p, g in told], seconds)  # type: ignore[misc]  # bound early
        mean = sum(score(pred, gold).score for pred, gold in zip(preds, ready, strict=True)) / GOLDS
        each = (f"{parsed:.0f}", f"{1e3 / parsed:.2f}", f"{1e6 / parsed / units:.1f}", f"{written:.0f}")
        rows.append((units, *each, f"{mean:.3f}"))
    head = ("units", "parsed: scores/s", "ms each", "us a unit", "JSON text: scores/s", "mean score")
    return table(rows, head)


def batch(workers: int) -> str:
    """Return a table of one batch of 30-unit texts on one process and on several, starting them included."""
    golds = [sized(30, seed) for seed in range(GOLDS)]
    pairs = [(imperfect(gold, k).to_json(), gold) for k in range(BATCH // GOLDS) for gold in golds]
    rows = []
    for count in (1, workers):
        began = time.perf_counter()
        score_many(pairs, workers=count)
        spent = time.perf_counter() - began
        rows.append((count, f"{spent:.2f}", f"{len(pairs) / spent:.0f}"))
    return table(rows, ("processes", f"s for {len(pairs)} texts", "scores/s"))


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=2.0, help="time spent on each figure")
    parser.add_argument("--workers", type=int, default=2)
    given = parser.parse_args()
    print(f"{today()}\n\n{facts()}\n\n{growth(given.seconds)}\n\n{batch(given.workers)}")


if __name__ == "__main__":
    main()

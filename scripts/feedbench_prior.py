"""Measure what the dev split looks like on average, for the baselines and for balanced questions.

    python -m scripts.feedbench_prior [--cache FOLDER] [--jobs N] [--limit N]

Renders what the cache lacks and writes `src/sestina/bench/prior.json`. To be run again whenever the genres change,
since FeedBench's questions on rendered clips are balanced by it.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path

from sestina.bench.cases import Case, split
from sestina.bench.prior import FILE, measure
from sestina.core.storyboard import Storyboard


def gold(case: Case, cache: Path) -> Storyboard:
    """Return a clip's gold, rendering the clip unless the cache has it."""
    return case.open(cache).gold


def main(words: Sequence[str]) -> int:
    """Measure and write; return the exit code."""
    parser = argparse.ArgumentParser(description="Measure what the dev split looks like on average.")
    parser.add_argument("--cache", type=Path, default=Path(".bench-cache/feedbench"), help="folder of rendered clips")
    parser.add_argument("--jobs", type=int, default=1, help="clips at the same time")
    parser.add_argument("--limit", type=int, default=None, help="the first N clips only")
    asked = parser.parse_args(words)
    cases = split("rendered-dev")[: asked.limit]
    with ProcessPoolExecutor(asked.jobs, mp_context=get_context("spawn")) as pool:
        golds = list(pool.map(partial(gold, cache=asked.cache.resolve()), cases))
    prior = measure({case.id: one for case, one in zip(cases, golds, strict=True)})
    FILE.write_text(prior.to_json(), "utf-8")
    sys.stdout.write(f"{FILE}: {prior.videos} clips\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

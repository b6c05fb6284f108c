"""Measure what the dev split looks like on average, for the baselines and for balanced questions.

    python -m scripts.feedbench_prior [CACHE] [JOBS]

Renders what the cache lacks and writes `src/sestina/bench/prior.json`. To be run again whenever the genres change,
since FeedBench's questions on rendered clips are balanced by it.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path

from sestina.bench.cases import Case, split
from sestina.bench.prior import FILE, measure
from sestina.core.storyboard import Storyboard

CACHE = Path(".bench-cache/feedbench")


def gold(case: Case, cache: Path) -> Storyboard:
    """Return a clip's gold, rendering the clip unless the cache has it."""
    return case.open(cache).gold


def main(words: Sequence[str]) -> int:
    """Measure and write; return the exit code."""
    cache = Path(words[0]).resolve() if words else CACHE.resolve()
    jobs = int(words[1]) if len(words) > 1 else 1
    cases = split("rendered-dev")
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        golds = list(pool.map(partial(gold, cache=cache), cases))
    FILE.write_text(measure({case.id: one for case, one in zip(cases, golds, strict=True)}).to_json(), "utf-8")
    sys.stdout.write(f"{FILE}: {len(cases)} clips\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

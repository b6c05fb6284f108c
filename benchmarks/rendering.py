"""How fast clips with sound and overlays are rendered: seconds of video a second, one process and several.

Every genre writes one script, set at one size and rate; each is rendered whole, with its gold, in a fresh process, as
`sestina render` would.

    python -m benchmarks.rendering --jobs 2
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from fractions import Fraction
from itertools import repeat
from multiprocessing import get_context
from pathlib import Path

from benchmarks.tables import table
from sestina.render.genre import GENRES, compose
from sestina.render.render import render
from sestina.render.script import Script
from sestina.render.timeline import Timeline

WIDTH, HEIGHT, RATE = 1280, 720, Fraction(30)


def sized(genre: str, seed: int) -> Script:
    """Return a genre's script at the measured size and a constant rate."""
    return replace(compose(genre, seed), width=WIDTH, height=HEIGHT, rate=RATE, drops=(), jitter=0.0)


def timed(genre: str, seed: int, folder: str) -> tuple[float, float, float]:
    """Render one clip; return its length, the wall time and the processor time this process took, seconds."""
    script = sized(genre, seed)
    wall, cpu = time.perf_counter(), time.process_time()
    render(script, Path(folder) / f"{genre}.mp4", Path(folder) / f"{genre}.sv6d.json")
    return Timeline(script).duration_s, time.perf_counter() - wall, time.process_time() - cpu


def measured(jobs: int, seed: int) -> tuple[list[tuple[float, float, float]], float]:
    """Render every genre, `jobs` at a time; return what `timed` says of each and the wall time of all."""
    start = time.perf_counter()
    with (
        tempfile.TemporaryDirectory() as folder,
        ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool,
    ):
        found = list(pool.map(timed, GENRES, repeat(seed), repeat(folder)))
    return found, time.perf_counter() - start


def main(arguments: Sequence[str] | None = None) -> None:
    """Print one row a genre for one process, then the rate of all genres for one process and for several."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--jobs", type=int, default=2, help="processes of the second run")
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args(arguments)
    alone, alone_s = measured(1, options.seed)
    rows = [
        [genre, f"{length:.1f}", f"{wall:.1f}", f"{cpu:.1f}", f"{length / wall:.2f}"]
        for genre, (length, wall, cpu) in zip(GENRES, alone, strict=True)
    ]
    print(table(rows, ["genre", "clip s", "wall s", "processor s", "x real time"]))
    length = sum(one[0] for one in alone)
    print(f"\n1 process, start included: {length / alone_s:.2f} x real time")
    if options.jobs > 1:
        _, together_s = measured(options.jobs, options.seed)
        print(f"{options.jobs} processes, start included: {length / together_s:.2f} x real time")


if __name__ == "__main__":
    main()

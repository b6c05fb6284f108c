"""What choosing frames costs: each selector on ten minutes of video, against decoding them, and on two hours.

    python -m benchmarks.selection_time [FOLDER] [--minutes 10] [--frames 32]

FOLDER keeps the video that is made. Prints Markdown: for candidates 1 and 8 a second of that video, and for two hours
at one a second, the seconds and the most memory that one call took; what embedding takes is said apart. `x decode` is
the worst of the two rates against decoding alone; more than 2 is too slow.
"""

from __future__ import annotations

import argparse
import tempfile
import time
import tracemalloc
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from pathlib import Path

import numpy as np

from benchmarks.decode import decode_only
from benchmarks.tables import table
from sestina.core.exchange import Budget, Candidates
from sestina.core.registry import selectors
from sestina.core.storyboard import Storyboard
from sestina.media.encode import VideoWriter
from sestina.media.probe import probe
from sestina.media.source import resolve
from sestina.models.plain import Plain
from sestina.pipeline.glance import MOST, Glance

WIDTH, HEIGHT, RATE = 320, 180, 24
RATES_HZ = (1.0, 8.0)
QUESTION = "When is it red?"


def main(arguments: Sequence[str] | None = None) -> None:
    """Make the video, decode it, embed it, and print what each selector costs."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="?", help="where the video is kept; default: nowhere")
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--frames", type=int, default=32)
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as spare:
        path = (given.folder or Path(spare)) / f"scenes-{given.minutes:g}.mp4"
        if not path.exists():
            write_scenes(path, given.minutes * 60)
        decode_s = _better(lambda: decode_only(path))
        sets = dict(_candidates(path))
    rows = []
    for name in selectors.names():
        costs = [cost(name, candidates, given.frames) for candidates in sets.values()]
        worst = max(seconds for seconds, _ in costs[: len(RATES_HZ)])
        rows.append([name, *(f"{s:.3f} s, {mb:.0f} MB" for s, mb in costs), f"{worst / decode_s:.2f}"])
    print(f"\n{given.minutes:g} minutes of {WIDTH}x{HEIGHT}, {RATE} frames a second; decoding alone {decode_s:.2f} s\n")
    print(table(rows, ["selector", *sets, "x decode"]))


def write_scenes(path: Path, duration_s: float) -> None:
    """Write scenes of 1 to 8 s, each a coarse coloured texture that moves steadily."""
    rng = np.random.default_rng(1)
    left = 0
    with VideoWriter(path, width=WIDTH, height=HEIGHT, rate=Fraction(RATE), preset="ultrafast") as writer:
        for _ in range(round(duration_s * RATE)):
            if left == 0:
                left = int(rng.integers(RATE, 8 * RATE))
                texture = rng.integers(0, 256, (HEIGHT // 20, WIDTH // 20, 3), np.uint8).repeat(20, 0).repeat(20, 1)
                step = int(rng.integers(-3, 4))
            texture = np.roll(texture, step, axis=1)
            left -= 1
            writer.add_frame(texture)


def _candidates(path: Path) -> Iterator[tuple[str, Candidates]]:
    """Yield the candidates by what they are called."""
    board = Storyboard(media=probe(path))
    for rate_hz in RATES_HZ:
        began = time.perf_counter()
        glance = Glance(resolve(path), board, Plain(), rate_hz)
        print(f"{len(glance.times_s)} candidates decoded and embedded in {time.perf_counter() - began:.1f} s")
        yield f"{rate_hz:g} a second", glance.candidates(QUESTION)
    rows = np.resize(glance.features, (MOST, glance.features.shape[1]))
    query = glance.candidates(QUESTION).query
    yield f"{MOST} candidates", Candidates(times_s=np.arange(MOST, dtype=np.float64), features=rows, query=query)


def cost(name: str, candidates: Candidates, frames: int) -> tuple[float, float]:
    """Return seconds (the better of two turns) and megabytes at the most that a selector needs."""
    select, budget = selectors.get(name).make, Budget(frames=frames)
    took_s = _better(lambda: select(candidates, budget))
    tracemalloc.start()
    select(candidates, budget)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return took_s, most / 1e6


def _better(work: Callable[[], object]) -> float:
    """Return the seconds of the better of two turns."""
    turns = []
    for _ in range(2):
        began = time.perf_counter()
        work()
        turns.append(time.perf_counter() - began)
    return min(turns)


if __name__ == "__main__":
    main()

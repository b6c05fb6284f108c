"""How long a question takes on a long storyboard without a model, and whether a thousand of them fill memory.

    python -m benchmarks.asking [--units 10000] [--hours 2] [--questions 1000]

The storyboard is that of `benchmarks.exports`. Questions of every kind are asked in turn, each about another time, so
that none is answered from memory. Memory is the resident size of the process, measured after the first hundred
questions and after the last.
"""

from __future__ import annotations

import argparse
import time
from collections import defaultdict
from pathlib import Path

import numpy as np

from benchmarks.exports import large
from benchmarks.tables import table
from sestina.answers.extract import Extractor
from sestina.core.storyboard import Storyboard

KINDS = (
    "How many hard cuts are there between {} s and {} s?", "When is cut number {}?", "How long is the shot at {} s?",
    "Which shot scale is seen at {} s?", "Is there a pan after {} s?", "How often does it cut in the first {} s?",
    "Why is there a cut at {} s?", "Are there more close-ups or wide shots after {} s?", "What is said about word{}?",
    "When does Caption {} appear?", "What happens at {} s?", "Summarize the video after {} s", "Where is unicorn {}?",
    "What does the text on screen say at {} s?", "Which is longer, the first shot or the {}th shot?",
)  # fmt: skip
SETTLED = 100
"""Questions after which memory is measured first."""


def resident_mb() -> float:
    """Return the resident memory of this process, MB."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return float("nan")


def asked(board: Storyboard, count: int) -> dict[str, list[float]]:
    """Ask `count` questions, print memory on the way, and return the seconds each took, by kind."""
    began = time.perf_counter()
    extractor = Extractor(board)
    made_s = time.perf_counter() - began
    began = time.perf_counter()
    extractor.answer("Where is the unicorn?")
    first_s = time.perf_counter() - began
    took_s: dict[str, list[float]] = defaultdict(list)
    settled = resident_mb()
    for number in range(count):
        kind = KINDS[number % len(KINDS)]
        question = kind.format(*(7 * number + 3, 7 * number + 60)[: kind.count("{}")])
        began = time.perf_counter()
        extractor.answer(question)
        took_s[kind].append(time.perf_counter() - began)
        if number == SETTLED:
            settled = resident_mb()
    print(f"sorted in {made_s:.2f} s, indexed with the first question in {first_s:.2f} s")
    print(f"memory after {SETTLED} questions {settled:.0f} MB, after {count} {resident_mb():.0f} MB")
    return took_s


def main() -> None:
    """Print the times by kind of question."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--units", type=int, default=10_000)
    parser.add_argument("--hours", type=float, default=2.0)
    parser.add_argument("--questions", type=int, default=1000)
    arguments = parser.parse_args()
    board = large(arguments.units, arguments.hours)
    print(f"{len(board)} units, {board.media.duration_s:.0f} s")
    took_s = asked(board, arguments.questions)
    rows = [
        (kind, len(times), f"{1000 * float(np.median(times)):.1f}", f"{1000 * max(times):.1f}")
        for kind, times in took_s.items()
    ]
    every = [one for times in took_s.values() for one in times]
    rows.append(("all", len(every), f"{1000 * float(np.median(every)):.1f}", f"{1000 * max(every):.1f}"))
    print(table(rows, ("question", "asked", "median ms", "longest ms")))
    print(f"{sum(every):.1f} s in all")


if __name__ == "__main__":
    main()

"""Frame selectors on FeedBench: how much of what matters is seen with 4 to 64 frames, and what choosing costs.

    python -m benchmarks.selection CACHE [--first 9011] [--limit 60] [--rate 8] [-o PLOT]

CACHE holds rendered clips with their gold and the analyzer's storyboards, as `sestina bench run` leaves them. Selectors
are given the analyzer's storyboard and the embedder without weights, never the gold. Two measures, errors clustered by
video:

* key-moment recall: the share of the gold's shots, overlays, hooks, requests and gradual edits with a frame inside;
* evidence recall: the share of FeedBench's structure questions, asked without their times, whose gold unit has one.

Clips are taken seed by seed, so that every genre has its share; `--first` leaves out those that were looked at before.
"""

from __future__ import annotations

import argparse
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.tables import table
from sestina.bench.answerers.signals import ROOMS
from sestina.bench.cases import digest_of
from sestina.bench.keyframes import keyframe_score, unified_mean
from sestina.bench.prior import dev_prior
from sestina.core.exchange import Budget, Candidates
from sestina.core.registry import selectors
from sestina.core.storyboard import Storyboard, Unit
from sestina.core.time import Span
from sestina.media.source import resolve
from sestina.models.plain import Plain
from sestina.pipeline.glance import Glance
from sestina.tasks.feedbench.qa import ASKED, StructureQA

BUDGETS = (4, 8, 16, 32, 64)
MOMENTS = ("edit.shot", "diss.overlay", "narr.hook", "diss.cta", "edit.transition")
LONGEST_SHARE = 0.5
"""Share of a video beyond which a moment is everywhere and says nothing of a selector."""
BASES = ("uniform", "uniform-centre")
"""What everyone must beat: the usual rule, and the one of the uniform rules that does best here."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table, and draw the plot where asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cache", type=Path, help=f"made by `sestina bench run`; analyses depend on {', '.join(ROOMS)}")
    parser.add_argument("--first", type=int, default=9001, help="first seed")
    parser.add_argument("--limit", type=int, default=60, help="clips at most")
    parser.add_argument("--rate", type=float, default=8.0, help="candidates a second")
    parser.add_argument("--out", "-o", type=Path, help="a plot, .png")
    given = parser.parse_args(arguments)
    moments: Tally = defaultdict(lambda: defaultdict(list))
    evidence: Tally = defaultdict(lambda: defaultdict(list))
    unified: dict[tuple[str, int], list[Any]] = defaultdict(list)
    took_s: dict[str, float] = defaultdict(float)
    videos = 0
    few = Candidates(times_s=np.arange(3.0), features=np.eye(3, dtype=np.float32))
    for name in selectors.names():
        selectors.get(name).make(few, Budget(frames=2))  # what is imported late is not timed
    for gold, board, path in clips(given.cache, given.first, given.limit):
        videos += 1
        glance = Glance(resolve(path), board, Plain(board=board), given.rate)
        for name in selectors.names():
            for budget in BUDGETS:
                _measure(name, budget, gold, glance, moments, evidence, unified, took_s)
    rows = [
        [name, *(_cell(moments[name, budget]) for budget in BUDGETS), *(_cell(evidence[name, b]) for b in BUDGETS),
         f"{unified_mean(unified[name, 8]):.3f}", f"{1000 * took_s[name] / max(1, videos * len(BUDGETS)):.1f}"]
        for name in selectors.names()
    ]  # fmt: skip
    head = ["selector", *(f"moments {b}" for b in BUDGETS), *(f"evidence {b}" for b in BUDGETS), "KFS unified 8", "ms"]
    print(f"{videos} videos, {given.rate:g} candidates a second, means ± 95 % clustered by video\n")
    print(table(rows, head))
    print()
    less = [f"{kind}, less {base}" for base in BASES for kind in ("moments", "evidence")]
    print(table([[name, *_against(moments, evidence, name, 8)] for name in selectors.names()], ["at 8 frames", *less]))
    if given.out is not None:
        _plot(moments, evidence, given.out)


Tally = dict[Any, dict[str, list[float]]]
"""(selector, budget) to video to hits."""


def clips(cache: Path, first: int, limit: int) -> Iterator[tuple[Storyboard, Storyboard, Path]]:
    """Yield gold, the analyzer's storyboard and the video of the analyzed clips from seed `first` on, seed by seed."""
    analyzed = {
        path.name.split(".")[0]: path
        for folder in sorted(cache.glob("signals-*"), key=lambda folder: folder.stat().st_mtime)
        for path in folder.glob("*.json")
    }
    found = 0
    newest = max(cache.glob("rendered-*"), key=lambda folder: folder.stat().st_mtime)
    for path in sorted(newest.glob("*-*.mp4"), key=_seed):
        board = analyzed.get(digest_of(path)[:24]) if _seed(path)[0] >= first else None
        if board is not None and found < limit:
            found += 1
            yield Storyboard.from_json(path.with_suffix(".gold.json")), Storyboard.from_json(board), path


def _seed(path: Path) -> tuple[int, str]:
    genre, _, seed = path.stem.rpartition("-")
    return int(seed), genre


def _measure(
    name: str,
    budget: int,
    gold: Storyboard,
    glance: Glance,
    moments: Tally,
    evidence: Tally,
    unified: dict[tuple[str, int], list[Any]],
    took_s: dict[str, float],
) -> None:
    select, video = selectors.get(name).make, gold.media.name
    questions = list(_questions(gold))
    start = time.perf_counter()
    plain = _times(select, glance, glance.candidates(""), budget)
    took_s[name] += time.perf_counter() - start
    scenes = [[_inside(unit.span)] for unit in _moments(gold)]
    moments[name, budget][video] += [float(_hit(plain, unit.span)) for unit in _moments(gold)]
    if scenes:
        unified[name, budget].append(keyframe_score(plain, scenes))
    for text, span in questions:
        times = _times(select, glance, glance.candidates(text), budget)
        evidence[name, budget][video].append(float(_hit(times, span)))


def _times(select: Any, glance: Glance, candidates: Candidates, budget: int) -> list[float]:
    chosen = select(candidates, Budget(frames=budget), seed=0)
    return [float(glance.times_s[index]) for index in chosen.indices]


def _moments(gold: Storyboard) -> list[Unit]:
    longest_s = LONGEST_SHARE * gold.media.duration_s
    return [
        unit
        for unit in gold.items
        if unit.facet in MOMENTS and unit.status != "abstain" and 0 < unit.span.duration_s <= longest_s
    ]


def _questions(gold: Storyboard) -> Iterator[tuple[str, Span]]:
    """Yield questions in words without their times, and the span in which the answer is seen."""
    longest_s = LONGEST_SHARE * gold.media.duration_s
    for sample in StructureQA({gold.media.name: gold}, counts=dev_prior().questions).samples():
        span = sample.question.span
        if span is not None and sample.id.endswith("#1") and 0 < span.duration_s <= longest_s:
            options = ", ".join(option.replace("_", " ") for option in sample.question.options)
            yield f"Which {ASKED[sample.question.facets[0]]} is seen: {options}?", span


def _inside(span: Span) -> tuple[float, float]:
    return span.start_s, span.end_s


def _hit(times_s: Sequence[float], span: Span) -> bool:
    return any(span.contains(time_s) for time_s in times_s)


def _stat(hits: Mapping[str, Sequence[float]]) -> tuple[float, float]:
    """Return the mean over all hits and its 95 % half width, clustered by video."""
    values = [value for one in hits.values() for value in one]
    if not values:
        return 0.0, 0.0
    mean = float(np.mean(values))
    sums = [sum(one) - len(one) * mean for one in hits.values()]
    return mean, 1.96 * float(np.sqrt(sum(total**2 for total in sums))) / len(values)


def _cell(hits: Mapping[str, Sequence[float]]) -> str:
    mean, half = _stat(hits)
    return f"{mean:.3f} ± {half:.3f}"


def _against(moments: Tally, evidence: Tally, name: str, budget: int) -> list[str]:
    """Return a selector's paired differences to what it must beat, with their errors."""
    return [_difference(tally, name, base, budget) for base in BASES for tally in (moments, evidence)]


def _difference(tally: Tally, name: str, base: str, budget: int) -> str:
    ours, theirs = tally[name, budget], tally[base, budget]
    pairs = {video: [a - b for a, b in zip(ours[video], theirs[video], strict=True)] for video in ours}
    mean, half = _stat(pairs)
    return f"{mean:+.3f} ± {half:.3f}"


def _plot(moments: Tally, evidence: Tally, path: Path) -> None:
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, panels = pyplot.subplots(1, 2, figsize=(13, 5.5), sharey=True)
    titles = ("key-moment recall", "evidence recall")
    for panel, tally, title in zip(panels, (moments, evidence), titles, strict=True):
        for number, name in enumerate(selectors.names()):
            stats = [_stat(tally[name, budget]) for budget in BUDGETS]
            at = [budget * 1.012 ** (number - 9) for budget in BUDGETS]  # side by side, not over each other
            line = "-" if number < 10 else "--"
            style: dict[str, Any] = {"color": f"C{number % 10}", "linestyle": line, "linewidth": 1}
            if name == BASES[0]:
                style |= {"color": "black", "linewidth": 2.5, "zorder": 3}
            elif name.startswith(BASES[0]):
                style |= {"color": "grey", "linestyle": ":"}
            panel.errorbar(at, [m for m, _ in stats], [h for _, h in stats], label=name, capsize=1.5, **style)
        panel.set(title=title, xlabel="frames", xscale="log", xticks=BUDGETS, xticklabels=BUDGETS)
        panel.minorticks_off()
        panel.grid(alpha=0.3)
    panels[1].legend(fontsize=7, ncols=2)
    figure.tight_layout()
    figure.savefig(path, dpi=110, metadata={"Software": None})


if __name__ == "__main__":
    main()

"""The round trip: scripts are rendered, the videos analyzed, and what is found is scored against gold, facet by facet.

    python -m benchmarks.round_trip FOLDER [--genres all] [--first 601] [--clips 40] [--jobs 2] [-o table.md]
                                    [--floors benchmarks/round_trip.json] [--write-floors]
    python -m benchmarks.round_trip --kept CACHE [--split rendered-test|real]

Clips, gold and analyses are kept in FOLDER and made once. `--floors` compares every facet with the floor it once
reached and exits with 1 where one has fallen by more than its tolerance; `--write-floors` sets them anew. `--kept`
scores the analyses that `sestina bench run --answerer signals` left in its cache instead, on FeedBench's own golds.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from sestina.bench import cases
from sestina.bench.cases import digest_of
from sestina.core import vocabulary
from sestina.core.storyboard import Storyboard
from sestina.objective.score import ScoreConfig, score
from sestina.pipeline.analyze import measure
from sestina.render.genre import GENRES
from sestina.render.many import Clip, clips, make
from sestina.tasks.feedbench import real

TOLERANCE = 0.05
"""How far a facet's mean may fall below its floor: about two standard errors over forty clips."""


@dataclass(frozen=True, kw_only=True)
class Row:
    """One facet over all clips: who can produce it, in how many clips it counts, the mean soft F1 and its error."""

    facet: str
    source: str
    clips: int
    mean: float
    error: float


def scored(clip: Clip) -> dict[str, float]:
    """Return the plain soft F1 of every facet of one clip; what is not there yet is rendered and analyzed first.

    Raises SestinaError when the clip cannot be rendered or read.
    """
    made = make(clip)
    if made.error is not None:
        raise made.error
    path = clip.video.with_suffix(".sv6d.json")
    if not path.exists():
        measure(clip.video).storyboard.to_json(path)
    report = score(Storyboard.from_json(path), Storyboard.from_json(clip.gold), ScoreConfig(chance={}))
    return {name: one.score for name, one in report.facets.items()}


def kept(cache: Path, split: str) -> list[dict[str, float]]:
    """Return the same for every video of a FeedBench split whose analysis lies in a cache, the newest one of each."""
    every = sorted(cache.glob("signals-*/*.json"), key=lambda path: path.stat().st_mtime)
    analyzed = {path.name.split(".")[0]: path for path in every}
    if split == "real":
        golds = [(real.origin(name).sha256[:24], real.gold(name)) for name in real.names()]
    else:
        ids = {case.id for case in cases.split(split)}
        videos = [path for path in sorted(cache.glob("rendered-*/*.mp4")) if path.stem.replace("-0", "-") in ids]
        golds = [(digest_of(path)[:24], Storyboard.from_json(path.with_suffix(".gold.json"))) for path in videos]
    pairs = {key: (Storyboard.from_json(analyzed[key]), gold) for key, gold in golds if key in analyzed}
    reports = [score(board, gold, ScoreConfig(chance={})) for board, gold in pairs.values()]
    return [{name: one.score for name, one in report.facets.items()} for report in reports]


def rows(found: Sequence[dict[str, float]]) -> list[Row]:
    """Return a row a facet, those marked S first, then by name."""
    values: dict[str, list[float]] = defaultdict(list)
    for one in found:
        for name, value in one.items():
            values[name].append(value)
    made = [
        Row(
            facet=name, source=vocabulary.facet(name).source, clips=len(all_), mean=statistics.fmean(all_),
            error=statistics.stdev(all_) / len(all_) ** 0.5 if len(all_) > 1 else 0.0,
        )
        for name, all_ in values.items()
    ]  # fmt: skip
    return sorted(made, key=lambda row: (row.source != "S", row.facet))


CLASSES = (("marked S", {"S"}), ("marked S, T or both", {"S", "T", "S+T", "S/T"}))
"""Classes of facets by who can produce them."""


def table(found: Sequence[Row], every: Sequence[dict[str, float]]) -> Iterator[str]:
    """Yield the lines of a Markdown table: means over classes of facets and over clips, then every facet."""
    yield f"{len(every)} clips; soft F1 of the plain objective, mean over the clips in which the facet counts.\n"
    yield "| facets | how many | mean over facets | mean over clips, 95 % |"
    yield "|---|--:|--:|--:|"
    for name, wanted in CLASSES:
        some = {row.facet: row.mean for row in found if row.source in wanted}
        clips_ = [statistics.fmean(own) for one in every if (own := [v for k, v in one.items() if k in some])]
        half = 1.96 * statistics.stdev(clips_) / len(clips_) ** 0.5 if len(clips_) > 1 else 0.0
        if some:
            means = f"**{statistics.fmean(some.values()):.3f}** | {statistics.fmean(clips_):.3f} ± {half:.3f}"
            yield f"| {name} | {len(some)} | {means} |"
    yield "\n| facet | source | clips | mean ± standard error |"
    yield "|---|---|--:|--:|"
    for row in found:
        yield f"| `{row.facet}` | {row.source} | {row.clips} | {row.mean:.2f} ± {row.error:.2f} |"


def fallen(found: Sequence[Row], floors: dict[str, float]) -> list[str]:
    """Return a line for every facet that lies more than `TOLERANCE` below its floor, or is gone."""
    now = {row.facet: row.mean for row in found}
    return [
        f"{name}: {now.get(name, 0.0):.3f}, floor {floor:.3f}"
        for name, floor in sorted(floors.items())
        if now.get(name, 0.0) < floor - TOLERANCE
    ]


def main(arguments: Sequence[str]) -> int:
    """Make, score, print; 1 when a facet has fallen."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", default=Path("."))
    parser.add_argument("--kept", type=Path)
    parser.add_argument("--split", default="rendered-test")
    parser.add_argument("--first", type=int, default=601)
    parser.add_argument("--clips", type=int, default=40)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("-o", "--output", type=Path)
    parser.add_argument("--floors", type=Path)
    parser.add_argument("--write-floors", action="store_true")
    asked = parser.parse_args(arguments)
    if asked.kept is not None:
        every = kept(asked.kept, asked.split)
    else:
        asked.folder.mkdir(parents=True, exist_ok=True)
        todo = clips(GENRES, asked.first, asked.clips, asked.folder)
        with ProcessPoolExecutor(asked.jobs, get_context("spawn")) as pool:
            every = list(pool.map(scored, todo))
    found = rows(every)
    text = "\n".join(table(found, every)) + "\n"
    print(text)
    if asked.output is not None:
        asked.output.write_text(text, encoding="utf-8")
    if asked.floors is None:
        return 0
    if asked.write_floors:
        floors = {row.facet: round(row.mean, 3) for row in found}
        asked.floors.write_text(json.dumps(floors, indent=1) + "\n", encoding="utf-8")
        return 0
    lost = fallen(found, json.loads(asked.floors.read_text("utf-8")))
    print("\n".join(lost) or "no facet has fallen")
    return int(bool(lost))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

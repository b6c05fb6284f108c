"""How well camera movements are told: rendered shots with known paths, and tripod clips that must not move.

    python -m benchmarks.camera /tmp/sets/camera-101 --clips DIRECTORY

Prints Markdown: F1 of every parent label, macro-F1, the confusion table, how often a child was said and right, and for
each tripod clip whether anything but `static` was said. Shots are the gold ones (whole clips where there is no gold),
so that the camera is measured and nothing else.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sestina.core import vocabulary
from sestina.core.evidence import FrameEvidence
from sestina.core.media_info import MediaInfo
from sestina.core.reading import Reading
from sestina.core.storyboard import Storyboard, Unit
from sestina.core.time import Span
from sestina.dimensions.camera.movement import FACET, Movement
from sestina.media.decode import sweep
from sestina.media.probe import probe
from sestina.signals.motion import Motion

TRIPOD = (
    "sam2__04_coffee.mp4", "sam2__01_dog.mp4", "DVR-Scan__traffic_camera.mp4", "VideoLLaMA2__00003491.mp4",
    "video-retalking__3.mp4", "sample-videos__car-detection.mp4", "moviepy__chaplin.mp4", "PLLaVA__yoga.mp4",
)  # fmt: skip
"""Clips of the shared folder that were seen to stand still, subjects moving in most of them."""
UNDECIDED = "abstain"


@dataclass(frozen=True, kw_only=True)
class Case:
    """One movement of the truth and what was said over its span: labels of the longest part, parent and exact."""

    clip: str
    gold: str
    said: str

    @property
    def parents(self) -> tuple[str, str]:
        """(true parent, said parent)."""
        return parent_of(self.gold), parent_of(self.said)


def parent_of(label: str) -> str:
    """Return the top label above `label` in the movement tree; `label` itself when it is not in the tree."""
    parents = vocabulary.facet(FACET).parents
    while parents.get(label):
        label = parents[label]
    return label


def measured(path: Path, shots: Sequence[Span] = ()) -> Reading:
    """Return the reading of one video with its motion tracks and the given shots (default: one)."""
    info: MediaInfo = probe(path)
    signal = Motion()
    signal.start(info)
    for batch in sweep(path, info):
        signal.feed(batch)
    reading = Reading(media=info, tracks={track.name: track for track in signal.finish().tracks})
    spans = list(shots) or [info.span]
    units = [reading.unit("edit.shot", span=s, evidence=[FrameEvidence(at_s=s.start_s)]) for s in spans]
    return reading.with_(units=tuple(units))


def said_over(units: Sequence[Unit], span: Span) -> str:
    """Return the label whose parent holds the longest part of `span`, `abstain` where nothing was decided."""
    exact: Counter[str] = Counter()
    parents: Counter[str] = Counter()
    for unit in units:
        label = unit.label or UNDECIDED
        exact[label] += unit.span.overlap_s(span)  # type: ignore[assignment]  # a counter of seconds
        parents[parent_of(label)] += unit.span.overlap_s(span)  # type: ignore[assignment]  # a counter of seconds
    best = max(parents, key=lambda label: parents[label], default=UNDECIDED)
    return max((label for label in exact if parent_of(label) == best), key=lambda label: exact[label], default=best)


def cases_of(video: Path) -> list[Case]:
    """Return the cases of one rendered clip with its gold beside it."""
    gold = Storyboard.from_json(video.with_suffix(".json"))
    reading = measured(video, [shot.span for shot in gold.shots])
    said = list(Movement()(reading))
    truth = gold.units(facet=FACET)
    return [Case(clip=video.stem, gold=unit.label or "", said=said_over(said, unit.span)) for unit in truth]


def f1_scores(cases: Sequence[Case]) -> dict[str, float]:
    """Return F1 of every true parent label."""
    pairs = [case.parents for case in cases]
    scores = {}
    for label in sorted({gold for gold, _ in pairs}):
        hits = sum(gold == said == label for gold, said in pairs)
        wrong = sum((gold == label) != (said == label) for gold, said in pairs)
        scores[label] = 2 * hits / (2 * hits + wrong)
    return scores


def table(rows: Sequence[Sequence[object]], head: Sequence[str]) -> str:
    """Return a Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)


def rendered_report(folder: Path) -> str:
    """Return the Markdown report on a folder of rendered clips."""
    cases = [case for video in sorted(folder.glob("*.mp4")) for case in cases_of(video)]
    scores = f1_scores(cases)
    confusion = Counter(case.parents for case in cases)
    columns = sorted({said for _, said in confusion} | set(scores))
    rows = [[gold, f"{scores[gold]:.2f}", *(confusion[gold, said] or "" for said in columns)] for gold in scores]
    children = [case for case in cases if case.said != parent_of(case.said) and case.said != UNDECIDED]
    right = sum(case.said == case.gold for case in children)
    misses = [[c.clip, c.gold, c.said] for c in cases if c.parents[0] != c.parents[1]]
    return "\n\n".join(
        [
            f"## Camera movement on {folder.name}: {len(cases)} movements",
            f"Parent macro-F1 **{sum(scores.values()) / len(scores):.3f}**. "
            f"A child was named {len(children)} times, {right} of them right.",
            table(rows, ["truth", "F1", *columns]),
            table(misses, ["clip", "truth", "said"]) if misses else "No parent was missed.",
        ]
    )


def tripod_report(folder: Path) -> str:
    """Return the Markdown report on tripod clips: what was said of each, and whether it moved."""
    rows = []
    for name in TRIPOD:
        if (folder / name).exists():
            units = list(Movement()(measured(folder / name)))
            labels = [unit.label or UNDECIDED for unit in units]
            moved = sum(parent_of(label) not in ("static", UNDECIDED) for label in labels)
            rows.append([name, ", ".join(labels), moved or ""])
    return "\n\n".join(["## Tripod clips", table(rows, ["clip", "said", "false movements"])])


def main() -> None:
    """Print the report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", nargs="*", type=Path, help="folders of rendered clips with gold beside them")
    parser.add_argument("--clips", type=Path, help="folder of real clips")
    options = parser.parse_args()
    for folder in options.sets:
        print(rendered_report(folder) + "\n")
    if options.clips:
        print(tripod_report(options.clips))


if __name__ == "__main__":
    main()

"""On-screen text against rendered truth: kind and span of overlays (F1) and what they say (character error rate).

    python -m benchmarks.overlays /tmp/sets/overlay-1 [--list] [--clips 00,03]

A predicted overlay matches a gold one when both have the same kind, their spans share at least half their union, and
their boxes meet (a full-frame card meets everything); matching is one to one. The error rate is counted over all gold
texts: the edit distance to the matched text, and the whole length of a text that was not found. Case counts,
runs of white space do not.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from scipy.optimize import linear_sum_assignment

from sestina.core.storyboard import ScreenText, Storyboard, Unit
from sestina.pipeline.analyze import analyze
from sestina.tasks.feedbench.packaging import edit_distance

LEAST_IOU = 0.5


def pairs(scores: Sequence[Sequence[float]]) -> list[tuple[int, int]]:
    """Return the one-to-one pairs with positive score whose sum is largest."""
    if not len(scores) or not len(scores[0]):
        return []
    table = np.asarray(scores)
    rows, columns = linear_sum_assignment(-table)
    return [(int(i), int(j)) for i, j in zip(rows, columns, strict=True) if table[i, j] > 0]


def kind_score(gold: Unit, found: Unit) -> float:
    """Return the span IoU of two overlays of one kind that meet in the picture, else 0."""
    if gold.label != found.label or gold.region is None or found.region is None:
        return 0.0
    meets = gold.region.box.overlap(found.region.box) > 0
    shared = gold.span.iou(found.span)
    return shared if meets and shared >= LEAST_IOU else 0.0


def plain(text: str) -> str:
    """Return `text` with single spaces."""
    return " ".join(text.split())


def text_errors(gold: Sequence[ScreenText], found: Sequence[ScreenText]) -> tuple[int, int, int, int]:
    """Return edit distance and letters over the texts found, then over all gold texts."""
    table = [
        [
            g.span.iou(f.span) * max(0.0, 1 - edit_distance(plain(g.text), plain(f.text)) / max(1, len(plain(g.text))))
            for f in found
        ]
        for g in gold
    ]
    matched = dict(pairs(table))
    wrong = letters = missed = 0
    for i, text in enumerate(gold):
        size = len(plain(text.text))
        if i in matched:
            wrong += edit_distance(plain(text.text), plain(found[matched[i]].text))
            letters += size
        else:
            missed += size
    return wrong, letters, wrong + missed, letters + missed


def kinds(board: Storyboard) -> list[Unit]:
    """Return the overlays of known kind."""
    return [unit for unit in board.units(facet="diss.overlay.kind") if unit.status != "abstain"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure one set and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--list", action="store_true", help="print every miss and every false overlay")
    parser.add_argument("--clips", default="", help="only clips whose names hold one of these, comma separated")
    options = parser.parse_args(arguments)
    hits, missed, extra = Counter[str](), Counter[str](), Counter[str]()
    ious: list[float] = []
    errors = np.zeros(4, np.int64)
    spent = length = 0.0
    wanted = options.clips.split(",") if options.clips else [""]
    for path in sorted(options.folder.glob("*.json")):
        if not any(word in path.stem for word in wanted):
            continue
        gold = Storyboard.from_json(path)
        began = time.perf_counter()
        board = analyze(path.with_suffix(".mp4"), only=["diss.overlay"])
        spent += time.perf_counter() - began
        length += board.media.duration_s
        one, two = kinds(gold), kinds(board)
        table = [[kind_score(g, f) for f in two] for g in one]
        matched = pairs(table)
        hits.update(one[i].label or "" for i, _ in matched)
        ious += [table[i][j] for i, j in matched]
        lost = [u for i, u in enumerate(one) if i not in {i for i, _ in matched}]
        false = [u for j, u in enumerate(two) if j not in {j for _, j in matched}]
        missed.update(u.label or "" for u in lost)
        extra.update(u.label or "" for u in false)
        errors += text_errors(gold.transcript.screen, board.transcript.screen)
        if options.list:
            _show(path.stem, lost, false, board)
    _report(hits, missed, extra, ious, errors.tolist())
    print(f"analysis {spent:.1f} s for {length:.1f} s of video")
    return 0


def _show(name: str, lost: Sequence[Unit], false: Sequence[Unit], board: Storyboard) -> None:
    for sign, units in (("-", lost), ("+", false)):
        for u in units:
            box = u.region.box if u.region else None
            place = f"{box.x:.2f} {box.y:.2f} {box.w:.2f} {box.h:.2f}" if box else ""
            print(f"{name} {sign} {u.label:22s} {u.text!r:34} {u.span.start_s:.2f}-{u.span.end_s:.2f} [{place}]")
    if lost or false:
        for text in board.transcript.screen:
            print(f"      read {text.text!r:36} {text.span.start_s:.2f}-{text.span.end_s:.2f} locked={text.locked}")
        for unit in board.units(facet="diss.overlay.kind", status="abstain"):
            print(f"      abstained {unit.span} {unit.evidence[0]}")


def _report(
    hits: Counter[str], missed: Counter[str], extra: Counter[str], ious: Sequence[float], errors: Sequence[int]
) -> None:
    for label in sorted({*hits, *missed, *extra}):
        print(f"{label:24s} found {hits[label]:3d}  missed {missed[label]:3d}  false {extra[label]:3d}")
    found, lost, false = hits.total(), missed.total(), extra.total()
    f1 = 2 * found / max(1, 2 * found + lost + false)
    shared = float(np.mean(ious)) if ious else 0.0
    print(f"kind and span F1 {f1:.4f}  (found {found}, missed {lost}, false {false}; mean span IoU {shared:.3f})")
    print(f"character error rate {errors[2] / max(1, errors[3]):.4f} over all gold texts, ", end="")
    print(f"{errors[0] / max(1, errors[1]):.4f} over those found")


if __name__ == "__main__":
    raise SystemExit(main())

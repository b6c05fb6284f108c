"""Cuts and transitions: where they are, frame by frame, and of which type."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sestina.core.card import Card
from sestina.core.registry import tasks
from sestina.core.storyboard import Storyboard, Unit
from sestina.core.task import Judged, Score
from sestina.core.time import FrameTable, Span
from sestina.objective.boundaries import Tally, Truth, f1, paired, scored
from sestina.objective.distance import distance
from sestina.tasks.feedbench._pairs import best_pairs
from sestina.tasks.feedbench._task import FeedTask, mean, said

FRAMES = (0, 1, 2)
"""Frames a cut may be off."""
SECONDS = (0.1, 0.25)
"""Seconds a cut may be off, as most papers count."""
JUDGED = 1
"""Frames a cut may be off in the score and in the rate of false alarms."""
IOU_MIN = 0.5
"""Temporal IoU from which on a gradual transition counts as found."""
ENDS = ("start", "end")
"""Labels of the medium's own bounds, which join no shots."""


@tasks.register(
    "feedbench.boundaries",
    card=Card(
        summary="Boundaries one to one: F1 at 0, 1 and 2 frames and 0.1 and 0.25 s, span IoU of gradual ones, types.",
        source="Tang et al., 'Fast video shot transition localization' (ClipShots), 2018: hard and gradual apart",
    ),
)
class Boundaries(FeedTask):
    """The score is the F1 of all boundaries: a cut within one frame, a gradual one by an IoU of at least one half."""

    name = "feedbench.boundaries"
    facets = ("edit.transition", "edit.shot")
    prompt = "Find every boundary between two shots, cuts as instants and gradual ones as spans, each with its type."

    def asks(self, gold: Storyboard) -> bool:
        """Return whether gold says how the video is cut, be it not at all."""
        return gold.media.video is not None and bool(said(gold, "edit.shot") or said(gold, "edit.transition"))

    def judge(self, board: Storyboard, gold: Storyboard) -> Score:
        """Return the F1 of all boundaries, with its parts; an answer without shots and boundaries is no answer."""
        table = gold.media.frame_table()
        if table is None or not (said(board, "edit.shot") or said(board, "edit.transition")):
            return Score(value=0.0, explanation="no shots and no boundaries")
        unjudged = [unit.span for unit in gold.boundaries if unit.status == "abstain"]
        true, called = edits(gold), edits(board)
        cuts, soft = _split(true)
        called_cuts, called_soft = _split(called)
        parts: dict[str, float] = {}
        for name, tally in _tallies(table, cuts, soft, unjudged, called_cuts):
            parts |= _counts(f"cuts@{name}", tally)
        hard = scored(_truth(table, cuts, soft, unjudged), _frames(table, called_cuts), JUDGED)
        fuzzy = _gradual(soft, called_soft, unjudged)
        parts |= _counts("gradual", fuzzy)
        judged = tuple(_types(table, true, called))
        parts |= _type_parts(judged)
        parts |= _counts("all", hard + fuzzy)
        false = len(hard.false) + len(fuzzy.false)
        parts["false_per_min"] = false / (gold.media.duration_s / 60)
        return Score(value=mean(parts, ["all.f1"]), parts=parts, judged=judged)


def edits(board: Storyboard) -> list[Unit]:
    """Return the boundaries between shots, in order."""
    return [unit for unit in said(board, "edit.transition") if unit.label not in ENDS]


def _split(units: Sequence[Unit]) -> tuple[list[Unit], list[Unit]]:
    return [u for u in units if u.span.is_instant], [u for u in units if not u.span.is_instant]


def _frames(table: FrameTable, units: Sequence[Unit]) -> list[float]:
    return [table.index_at(unit.span.start_s) for unit in units]


def _truth(table: FrameTable, cuts: Sequence[Unit], soft: Sequence[Unit], unjudged: Sequence[Span]) -> Truth:
    def ends(spans: Sequence[Span]) -> tuple[tuple[float, float], ...]:
        return tuple((table.index_at(span.start_s), table.index_at(span.end_s)) for span in spans)

    return Truth(
        cuts=tuple(_frames(table, cuts)), gradual=ends([unit.span for unit in soft]), unjudged=ends(unjudged)
    )


def _tallies(
    table: FrameTable, cuts: Sequence[Unit], soft: Sequence[Unit], unjudged: Sequence[Span], called: Sequence[Unit]
) -> Iterator[tuple[str, Tally]]:
    """Yield every tolerance's name and what it counts, in frames and in seconds."""
    truth = _truth(table, cuts, soft, unjudged)
    for tolerance in FRAMES:
        yield f"{tolerance}f", scored(truth, _frames(table, called), tolerance)
    in_seconds = Truth(
        cuts=tuple(unit.span.start_s for unit in cuts),
        gradual=tuple((unit.span.start_s, unit.span.end_s) for unit in soft),
        unjudged=tuple((span.start_s, span.end_s) for span in unjudged),
        margin=truth.margin / float(table.rate),
    )
    for tolerance_s in SECONDS:
        yield f"{tolerance_s:g}s", scored(in_seconds, [unit.span.start_s for unit in called], tolerance_s)


def _gradual(true: Sequence[Unit], called: Sequence[Unit], unjudged: Sequence[Span]) -> Tally:
    pairs = best_pairs(true, called, lambda one, other: _enough(one.span.iou(other.span)))
    hit, right = {i for i, _, _ in pairs}, {j for _, j, _ in pairs}
    free = [unit for j, unit in enumerate(called) if j not in right and not any(map(unit.span.overlaps, unjudged))]
    missed = tuple(unit.span.start_s for i, unit in enumerate(true) if i not in hit)
    return Tally(hits=len(pairs), missed=missed, false=tuple(unit.span.start_s for unit in free))


def _enough(iou: float) -> float:
    return iou if iou >= IOU_MIN else 0.0


def _types(table: FrameTable, true: Sequence[Unit], called: Sequence[Unit]) -> Iterator[Judged]:
    """Yield the types of all boundaries that were found: cuts within two frames, gradual ones by their overlap."""
    cuts, soft = _split(true)
    called_cuts, called_soft = _split(called)
    found = [
        (cuts[i], called_cuts[j])
        for i, j in paired(_frames(table, cuts), _frames(table, called_cuts), max(FRAMES))
    ]
    pairs = best_pairs(soft, called_soft, lambda one, other: _enough(one.span.iou(other.span)))
    found += [(soft[i], called_soft[j]) for i, j, _ in pairs]
    for one, other in found:
        yield Judged(facet="edit.transition", gold=one.claim, said=other.label, confidence=other.confidence)


def _type_parts(judged: Sequence[Judged]) -> dict[str, float]:
    if not judged:
        return {}
    exact = sum(one.gold == one.said for one in judged)
    near = sum(1 - distance("edit.transition", one.gold, one.said or "") for one in judged)
    return {"type_accuracy": exact / len(judged), "type_similarity": near / len(judged)}


def _counts(name: str, tally: Tally) -> dict[str, float]:
    missed, false = len(tally.missed), len(tally.false)
    return {
        f"{name}.f1": f1(tally.hits, missed, false),
        f"{name}.hits": tally.hits, f"{name}.missed": missed, f"{name}.false": false,
    }  # fmt: skip

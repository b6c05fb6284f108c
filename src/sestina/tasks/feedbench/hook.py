"""The hook: until when the opening tries to stop the viewer, and by which means."""

from __future__ import annotations

from sestina.core.card import Card
from sestina.core.registry import tasks
from sestina.core.storyboard import Storyboard
from sestina.core.task import Judged, Score
from sestina.core.time import Span
from sestina.tasks.feedbench._pairs import set_f1
from sestina.tasks.feedbench._task import FeedTask, labels, mean, said

MEANS = {"tactic": "narr.hook.tactic", "device": "narr.hook.visual_device"}
PRIMARY = "narr.hook.tactic.primary"


@tasks.register(
    "feedbench.hook",
    card=Card(summary="The hook's end by temporal IoU, its tactics and visual devices by set F1 and accuracy."),
)
class Hook(FeedTask):
    """The score is the mean of the span's IoU, the tactics' F1 and the devices' F1, as far as gold names them."""

    name = "feedbench.hook"
    facets = ("narr.hook", "narr.hook.hook_end", "narr.hook.tactic", PRIMARY, "narr.hook.visual_device")
    prompt = "Say when the hook ends, by which tactic it works, and which visual device carries it."

    def asks(self, gold: Storyboard) -> bool:
        """Return whether gold knows until when the hook lasts or how it works."""
        return hook_span(gold) is not None or any(said(gold, facet) for facet in MEANS.values())

    def judge(self, board: Storyboard, gold: Storyboard) -> Score:
        """Return the mean of what gold names, part by part."""
        parts: dict[str, float] = {}
        judged: list[Judged] = []
        true, found = hook_span(gold), hook_span(board)
        if true is not None:
            parts["span_iou"] = found.iou(true) if found is not None else 0.0
            if found is not None:
                parts["end_error_s"] = abs(found.end_s - true.end_s)
        for name, facet in MEANS.items():
            wanted, given = labels(said(gold, facet)), labels(said(board, facet))
            if wanted:
                parts[f"{name}_f1"] = set_f1(wanted, given)
        first, guess = _primary(gold), _primary(board)
        if first is not None:
            parts["tactic_accuracy"] = float(first == guess)
            judged.append(Judged(facet=PRIMARY, gold=first, said=guess))
        return Score(value=mean(parts, ("span_iou", "tactic_f1", "device_f1")), parts=parts, judged=tuple(judged))


def hook_span(board: Storyboard) -> Span | None:
    """Return the hook's span: of `narr.hook`, else from the start to `narr.hook.hook_end`, else of the beat `hook`."""
    start_s = board.media.span.start_s
    for unit in said(board, "narr.hook"):
        return unit.span
    for unit in said(board, "narr.hook.hook_end"):
        if unit.value is not None and unit.value >= 0:
            return Span.of(start_s, start_s + unit.value)
    for unit in board.units(facet="narr.beat", label="hook"):
        return unit.span
    return None


def _primary(board: Storyboard) -> str | None:
    """Return the one tactic that carries the hook: as said, or the surest of those named."""
    first = labels(said(board, PRIMARY))
    tactics = sorted(said(board, MEANS["tactic"]), key=lambda unit: -unit.confidence)
    return next(iter((*first, *labels(tactics))), None)

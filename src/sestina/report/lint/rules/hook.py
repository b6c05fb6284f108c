"""Hook: nothing happens in the first seconds in which viewers decide to stay."""

from __future__ import annotations

from collections.abc import Iterator

from sestina.core import vocabulary
from sestina.core.card import Card
from sestina.core.time import Span
from sestina.report.lint.case import Case
from sestina.report.lint.finding import Finding, Severity
from sestina.report.lint.lint import rules

EVENTS = {
    f"narr.hook.t_first_{name}": words
    for name, words in (
        ("cut", "cut"), ("text", "text"), ("word", "spoken word"), ("face", "face"), ("motion_peak", "burst of motion"),
        ("product", "sight of the product"), ("brand", "sight of the brand"),
    )
}  # fmt: skip
HINT = "open with the strongest picture, or with words that promise something"


@rules.register(
    "hook",
    card=Card(
        summary="The hook, or the first thing that happens, comes too late.",
        source="own; `hook_window_s` of `narr.beat`, after the three-second plays that platforms count",
    ),
)
class Hook:
    """Compares the hook's start and the first event with the window of the vocabulary."""

    severity: Severity = "warning"

    def __call__(self, case: Case) -> Iterator[Finding]:
        """Yield at most one finding."""
        latest, start = vocabulary.threshold("narr.beat", "hook_window_s"), case.whole.start_s
        hooks = [unit for unit in case.said("narr.hook", "narr.beat") if unit.label == "hook"]
        events = [unit for unit in case.said(*EVENTS) if unit.value is not None]
        late = [unit for unit in hooks if unit.span.start_s - start > latest]
        first = min(events, key=lambda unit: (unit.value or 0.0, unit.id), default=None)
        if late and len(late) == len(hooks):
            at = min(late, key=lambda unit: (unit.span.start_s, unit.id))
            yield case.finding(f"the hook begins only after {at.span.start_s - start:.1f} s", HINT, at)
        elif first is not None and (first.value or 0.0) > latest:
            what = EVENTS[first.facet]
            quiet = Span.of(start, min(case.whole.end_s, start + (first.value or 0.0)))
            message = f"nothing happens for {first.value:.1f} s: the first {what} is the first thing that was measured"
            yield case.finding(message, HINT, first, span=quiet)
        elif not events and not hooks:
            hint = "analyze the video whole: the opening is told by cuts, texts, words, faces and motion"
            yield case.unjudged("when the hook comes; nothing of the opening is known", hint, *EVENTS, "narr.hook")

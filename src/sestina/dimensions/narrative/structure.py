"""Structure read off the beats: the form they make, how long a promise waits, and what comes back."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sestina.core.card import Card
from sestina.core.invariants import normalised
from sestina.core.reading import Reading
from sestina.core.registry import parsers
from sestina.core.storyboard import Unit
from sestina.core.time import Span
from sestina.dimensions.narrative._lexicon import LOOPS, PRONOUNS, matches
from sestina.dimensions.narrative._lines import Line, lines

FORMS = (
    ("hook_problem_solution_cta", r"hook.*problem.*(?:demonstration|proof|reveal_payoff|resolution).*cta"),
    ("hook_steps_recap", r"hook.*development.*recap"),
    ("question_answer", r"promise.*reveal_payoff"),
    ("setup_conflict_resolution", r"context_setup.*(?:problem|turn_twist|inciting_event).*resolution"),
    ("loop", r"hook.*loop_back"),
)
"""Form and the run of beats that makes it, the more telling ones first."""
REPEAT_WORDS_MIN = 2
PERSON_SHARE = 0.5
PRONOUNS_MIN = 3


@parsers.register(
    "narrative.structure",
    card=Card(summary="Names the form the beats make and the time from promise to payoff, by rule."),
    facets=("narr.structure", "narr.payoff_delay"),
    after=("narr.beat", "edit.shot", "diss.overlay.kind"),
    kind="rule",
)
class Structure:
    """Yields the form, or an abstention where the beats make none."""

    def __call__(self, reading: Reading) -> Iterator[Unit]:
        """Yield the form and the payoff's delay."""
        beats = reading.of("narr.beat")
        if not beats:
            return
        string = " ".join(beat.label or "" for beat in beats)
        counters = [u for u in reading.of("diss.overlay.kind") if u.label in ("list_counter", "step_label")]
        form = next((name for name, pattern in FORMS if re.search(pattern, string)), None)
        if form is None and len(counters) >= 2:
            form = "list"
        if form is None:
            reason = f"the beats found by rule ({string}) make no known form"
            yield reading.abstain("narr.structure", span=reading.span, reason=reason)
        else:
            sure = min(beat.confidence for beat in beats)
            evidence = reading.cite(*(counters if form == "list" else beats))
            yield reading.unit("narr.structure", label=form, span=reading.span, confidence=sure, evidence=evidence)
        yield from _payoff(reading, beats)


def _payoff(reading: Reading, beats: tuple[Unit, ...]) -> Iterator[Unit]:
    promise = next((beat for beat in beats if beat.label == "promise"), None)
    payoff = next((beat for beat in beats if beat.label == "reveal_payoff"), None)
    if promise and payoff and payoff.span.start_s > promise.span.start_s:
        yield reading.unit(
            "narr.payoff_delay", value=payoff.span.start_s - promise.span.start_s, span=reading.span,
            confidence=min(promise.confidence, payoff.confidence), evidence=reading.cite(promise, payoff),
        )  # fmt: skip


@parsers.register(
    "narrative.structure.words",
    card=Card(summary="Reads open loops, repetitions and the grammatical person from words on screen and in speech."),
    facets=("narr.open_loop", "narr.open_loop.type", "narr.repetition", "narr.perspective"),
    optional=("ocr", "speech"),
    kind="text",
)
class Words:
    """Yields what the words alone give away; nothing where there are none."""

    def __call__(self, reading: Reading) -> Iterator[Unit]:
        """Yield loops, repetitions and the person who speaks."""
        found = lines(reading)
        yield from _loops(reading, found)
        yield from _repetitions(reading, found)
        yield from _person(reading, found)


def _loops(reading: Reading, found: list[Line]) -> Iterator[Unit]:
    """A loop is opened in the first half; a rule cannot tell whether it is ever closed, so only its kind is said."""
    middle = reading.span.start_s + reading.span.duration_s / 2
    for line in found:
        kinds = matches(LOOPS, line.text)
        if kinds and line.span.start_s < middle:
            yield reading.unit(
                "narr.open_loop.type", label=kinds[0], span=line.span, confidence=0.5 * line.confidence,
                evidence=line.evidence,
            )  # fmt: skip
            rest = Span.of(line.span.start_s, reading.span.end_s)
            reason = "whether the loop is closed takes a reader of the story"
            yield reading.abstain("narr.open_loop", span=rest, reason=reason, evidence=line.evidence)


def _repetitions(reading: Reading, found: list[Line]) -> Iterator[Unit]:
    first: dict[str, Line] = {}
    for line in found:
        words = normalised(line.text)
        if len(words.split()) < REPEAT_WORDS_MIN:
            continue
        before = first.setdefault(words, line)
        if before is not line and line.span.start_s >= before.span.end_s:
            label = "phrase" if line.spoken else "text"
            sure = 0.8 * min(line.confidence, before.confidence)
            yield reading.unit(
                "narr.repetition", label=label, span=line.span, confidence=sure,
                evidence=[*before.evidence, *line.evidence],
            )  # fmt: skip


def _person(reading: Reading, found: list[Line]) -> Iterator[Unit]:
    counts = dict.fromkeys(PRONOUNS, 0)
    quoted: dict[str, list[Line]] = {label: [] for label in PRONOUNS}
    for line in found:
        for label, pattern in PRONOUNS.items():
            hits = len(pattern.findall(line.text))
            counts[label] += hits
            quoted[label] += [line] if hits else []
    total = sum(counts.values())
    if not found:
        return
    label = max(counts, key=lambda name: counts[name])
    if total < PRONOUNS_MIN or counts[label] / total <= PERSON_SHARE:
        reason = f"{total} pronouns are too few, or they disagree"
        yield reading.abstain("narr.perspective", span=reading.span, reason=reason)
        return
    yield reading.unit(
        "narr.perspective", label=label, span=reading.span, confidence=0.7 * counts[label] / total, level="video",
        evidence=[item for line in quoted[label][:6] for item in line.evidence],
    )  # fmt: skip

"""Calls to act: where the viewer is asked to do something, in writing or in speech."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from sestina.core.card import Card
from sestina.core.evidence import AsrEvidence, Evidence, Region
from sestina.core.reading import Reading
from sestina.core.registry import parsers
from sestina.core.storyboard import Unit, Word
from sestina.core.time import Span
from sestina.core.track import Track
from sestina.dimensions.dissemination._overlays import overlays_of
from sestina.dimensions.dissemination._words import cta_targets, find, words_of

PAUSE_S = 0.7
"""A pause this long, or a full stop, ends a spoken sentence."""
MOST_WORDS = 14
"""A written text longer than this tells a story that happens to hold a verb of the lexicon."""
SOFT = ("like", "comment", "share", "save", "vote", "follow")
"""Targets whose words are common outside calls; they count when the text is short or says who should act on what."""
SHORT = 5


@dataclass(frozen=True)
class Call:
    """One request: what for, where and in whose words."""

    targets: dict[str, str]
    text: str
    span: Span
    spoken: bool
    button: bool
    confidence: float
    evidence: tuple[Evidence, ...]
    region: Region | None = None


@parsers.register(
    "dissemination.cta",
    card=Card(
        summary="Finds requests to follow, buy, comment and the like by a lexicon for each language.",
        source="own lexicon (en, es, de, fr, pt, zh, ja, ar)",
    ),
    facets=(
        "diss.cta", "diss.cta.target", "diss.cta.modality", "diss.cta.first_at", "diss.cta.count",
        "diss.cta.final_10pct", "diss.cta.incentive", "diss.cta.urgency",
    ),
    optional=("ocr", "speech"),
    after=("diss.overlay.kind",),
    derives=("cta.request",),
    kind="text",
)  # fmt: skip
class Cta:
    """Yields every call with its parts, and when and how often calls come."""

    def __call__(self, reading: Reading) -> Iterator[Unit | Track]:
        """Yield calls in order of time."""
        calls = sorted([*_written(reading), *_spoken(reading)], key=lambda call: (call.span.start_s, call.text))
        if not calls:
            return
        times = np.asarray([call.span.start_s for call in calls])
        yield Track(name="cta.request", unit="count", times_s=times, values=np.ones(len(calls)), kind="event")
        for call in calls:
            yield from _parts(reading, call)
        yield from _totals(reading, calls)


def _written(reading: Reading) -> Iterator[Call]:
    kinds = {(unit.text, unit.span.start_s): unit.label for unit in reading.of("diss.overlay.kind")}
    for overlay in overlays_of(reading):
        kind = kinds.get((overlay.text, overlay.span.start_s))
        if overlay.first.locked is False or len(overlay.words) > MOST_WORDS:
            continue
        targets = asked(overlay.text)
        if targets and kind not in ("subtitle_word_karaoke", "logo_bug", "channel_watermark"):
            sure = 0.9 if kind in ("cta_text", "cta_button", "offer_code") else 0.65
            yield Call(
                targets, overlay.text, overlay.span, False, kind == "cta_button", sure * overlay.confidence,
                tuple(overlay.evidence(reading)), overlay.first.region,
            )  # fmt: skip


def asked(text: str) -> dict[str, str]:
    """Return what `text` asks for, targets with soft words left out of longer texts that do not stress them."""
    targets = cta_targets(text)
    length = len(words_of(text))
    return {
        target: phrase
        for target, phrase in targets.items()
        if target not in SOFT or length <= SHORT or len(words_of(phrase)) >= 2
    }


def _spoken(reading: Reading) -> Iterator[Call]:
    for sentence in _sentences(reading.transcript.words):
        quote = " ".join(word.text for word in sentence)
        targets = {target: phrase for target, phrase in cta_targets(quote).items() if _stressed(target, phrase)}
        if targets:
            span = Span.of(sentence[0].start_s, max(sentence[-1].end_s, sentence[0].start_s)).clipped(reading.span)
            sure = 0.75 * float(np.mean([word.confidence for word in sentence]))
            yield Call(targets, quote, span, True, False, sure, (AsrEvidence(quote=quote, span=span),))


def _stressed(target: str, phrase: str) -> bool:
    """Whether a spoken phrase is clearly a request: two words, or a verb that is hardly used otherwise."""
    return len(words_of(phrase)) >= 2 or target in ("subscribe", "download")


def _sentences(words: Sequence[Word]) -> Iterator[list[Word]]:
    sentence: list[Word] = []
    for word in words:
        if sentence and (word.start_s - sentence[-1].end_s > PAUSE_S or sentence[-1].text[-1:] in ".?!。？！؟"):
            yield sentence
            sentence = []
        sentence.append(word)
    if sentence:
        yield sentence


def _parts(reading: Reading, call: Call) -> Iterator[Unit]:
    """Yield the call and what is known of it; parts cite the same words."""
    modality = "speech" if call.spoken else "button_graphic" if call.button else "text"
    urgent = find(call.text, "urgency")
    facts = {"targets": sorted(call.targets), "modality": modality, "urgency": urgent is not None}
    yield reading.unit(
        "diss.cta", label="cta", text=call.text, span=call.span, region=call.region, confidence=call.confidence,
        evidence=list(call.evidence), attributes=facts,
    )  # fmt: skip
    part = partial(reading.unit, span=call.span, region=call.region, evidence=list(call.evidence))
    for target in sorted(call.targets):
        yield part("diss.cta.target", label=target, confidence=call.confidence)
    yield part("diss.cta.modality", label=modality, confidence=call.confidence)
    offer = find(call.text, "incentive")
    if offer is not None:
        yield part("diss.cta.incentive", text=offer, confidence=0.6)


def _totals(reading: Reading, calls: Sequence[Call]) -> Iterator[Unit]:
    count = reading.measured("cta.request", reading.span, "count")
    sure = max(call.confidence for call in calls)
    first = calls[0]
    start_s = reading.span.start_s
    yield reading.unit(
        "diss.cta.first_at", value=first.span.start_s - start_s, span=reading.span, confidence=first.confidence,
        evidence=list(first.evidence),
    )  # fmt: skip
    yield reading.unit("diss.cta.count", value=count.value, span=reading.span, confidence=sure, evidence=[count])
    share = reading.threshold("diss.cta.final_10pct", "tail_share")
    tail = Span.of(reading.span.end_s - share * reading.span.duration_s, reading.span.end_s)
    last = [call for call in calls if call.span.overlaps(tail)]
    evidence = list(last[0].evidence) if last else [count]
    label = "true" if last else "false"
    yield reading.unit("diss.cta.final_10pct", label=label, span=reading.span, confidence=sure, evidence=evidence)
    for at_s in sorted({call.span.start_s for call in calls}):
        together = [call for call in calls if call.span.start_s == at_s]
        yield _urgency(reading, together)


def _urgency(reading: Reading, calls: Sequence[Call]) -> Unit:
    """Return whether calls that begin together press for time; one unit, since the facet holds one answer at a time."""
    pressing = [call for call in calls if find(call.text, "urgency")]
    call = (pressing or list(calls))[0]
    label = "true" if pressing else "false"
    return reading.unit(
        "diss.cta.urgency", label=label, span=Span.at(call.span.start_s), confidence=0.6, evidence=list(call.evidence)
    )

"""Who speaks, as far as the sound alone tells: where nobody does, how much is paused, how fast, and how many
fillers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import numpy as np

from sestina.core.card import Card
from sestina.core.evidence import AsrEvidence, AudioEvidence, Evidence
from sestina.core.reading import Reading
from sestina.core.registry import parsers
from sestina.core.storyboard import Unit, Word
from sestina.core.time import Span
from sestina.core.track import Track
from sestina.dimensions._hearing import Claim, filled, judged, runs

NO_VOICE_S = 2.0
"""Shortest stretch without voice that is said to have none; shorter ones are pauses."""

BLOCK_GAP_S = 2.0
"""Speech with pauses up to this long is one block; longer ones are between blocks and no pause in speech."""

LEAST_SPEECH_S = 1.0
WORDS_MIN = 5

FILLERS: dict[str, tuple[str, ...]] = {
    "en": ("um", "uh", "uhm", "umm", "er", "erm", "ah", "hmm", "mm"),
    "de": ("äh", "ähm", "öh", "hm"),
    "fr": ("euh", "heu", "ben", "bah", "hein"),
    "es": ("eh", "em", "este", "mmm"),
    "it": ("ehm", "eh", "boh", "uhm"),
    "pt": ("hum", "ahn", "né", "eh"),
    "zh": ("嗯", "呃", "额", "唔"),
    "ja": ("えー", "えーと", "あのー", "ええと", "うーん"),
    "ko": ("음", "어", "저기"),
    "ru": ("э", "эм", "ммм", "ну"),
}
"""Words that fill a pause and say nothing, by language; words with a second meaning ("like") are left out."""


@parsers.register(
    "subject.speech",
    card=Card(summary="Where nobody speaks, pauses inside speech, words a second and fillers a minute."),
    facets=(
        "subject.speech_mode", "subject.sound_source", "subject.speech_rate", "subject.pause_ratio",
        "subject.filler_rate",
    ),
    signals=("voice",),
    optional=("speech",),
    after=("aes.audio.dominant",),
    derives=("talk.pause", "talk.words", "talk.fillers"),
)  # fmt: skip
class Speech:
    """Yields `none` where no voice is heard, abstains where one is, and the numbers of the whole video."""

    def __call__(self, reading: Reading) -> Iterator[Unit | Track]:
        """Yield modes, sources and numbers."""
        blocks = speech_blocks(reading)
        yield from _modes(reading, blocks)
        yield from _sources(reading)
        if sum(block.duration_s for block in blocks) < LEAST_SPEECH_S:
            return
        yield pause_track(reading, blocks)
        yield from _pauses(reading)
        if reading.transcript.words:
            yield from _words(reading, blocks)


def speech_blocks(reading: Reading) -> list[Span]:
    """Return the stretches of speech, pauses up to BLOCK_GAP_S included."""
    voice = reading.track("voice.active")
    if len(voice) < 2:
        return []
    step = float(np.median(np.diff(voice.times_s)))
    spoken = filled(np.asarray(voice.values >= 0.5), round(BLOCK_GAP_S / step))
    found = []
    for first, after in runs(spoken):
        start_s, end_s = float(voice.times_s[first]) - step / 2, float(voice.times_s[after - 1]) + step / 2
        found.append(Span.of(start_s, end_s).clipped(reading.span))
    return [span for span in found if not span.is_instant]


def _modes(reading: Reading, blocks: Sequence[Span]) -> Iterator[Unit]:
    facet, at = "subject.speech_mode", reading.span.start_s
    silent = Claim(signal="voice.active", op="<=", threshold=0.05, scale=0.03)
    for block in (*blocks, Span.at(reading.span.end_s)):
        if block.start_s - at >= min(NO_VOICE_S, reading.span.duration_s):
            yield judged(reading, facet, "none", Span.of(at, block.start_s), [silent], at_most=0.9)
        at = block.end_s
    for block in blocks:
        evidence: list[Evidence] = [reading.measured("voice.active", block), AudioEvidence(span=block)]
        reason = "a voice is heard; whose it is needs the picture of a mouth or a speaker model"
        yield reading.abstain(facet, span=block, reason=reason, evidence=evidence)


def _sources(reading: Reading) -> Iterator[Unit]:
    """Yield `ambience` where there is nothing else; where other sounds come from takes the picture."""
    parts = reading.of("aes.audio.dominant")
    for unit in parts:
        if unit.label == "ambience":
            yield reading.unit(
                "subject.sound_source", label="ambience", span=unit.span,
                confidence=0.9 * unit.confidence, evidence=reading.cite(unit),
            )  # fmt: skip
    unplaced = [unit for unit in parts if unit.label in ("speech", "music", "mixed", "sfx")]
    if unplaced:
        kinds = " and ".join(sorted({str(unit.label) for unit in unplaced}))
        span = unplaced[0].span.union(unplaced[-1].span)
        reason = f"{kinds}: whether the source is on screen needs what moves there"
        yield reading.abstain("subject.sound_source", span=span, reason=reason, evidence=reading.cite(*unplaced[:5]))


def pause_track(reading: Reading, blocks: Sequence[Span]) -> Track:
    """Return `talk.pause`: 1 in pauses of speech, 0 in speech, NaN outside its blocks."""
    voice = reading.track("voice.active")
    values = np.full(len(voice), np.nan)
    for block in blocks:
        inside = voice.slice(block)
        values[inside] = 1 - voice.values[inside]
    return Track(name="talk.pause", unit="", kind="sampled", times_s=voice.times_s, values=values)


def _pauses(reading: Reading) -> Iterator[Unit]:
    ratio = reading.measured("talk.pause", reading.span)
    yield reading.unit(
        "subject.pause_ratio", value=ratio.value, span=reading.span, level="video", confidence=0.8, evidence=[ratio]
    )


def _words(reading: Reading, blocks: Sequence[Span]) -> Iterator[Unit | Track]:
    """Yield words a second of speech and fillers a minute of it."""
    words = [w for w in reading.transcript.words if plain(w.text) and reading.span.contains(w.start_s)]
    if len(words) < WORDS_MIN:
        return
    # Speech that the recogniser heard and the voice detector missed is speech too.
    spoken_s = max(sum(block.duration_s for block in blocks), sum(w.end_s - w.start_s for w in words))
    yield _per_word("talk.words", "words/s", words, 1 / spoken_s)
    rate = reading.measured("talk.words", reading.span, "sum")
    sure = float(np.mean([word.confidence for word in words]))
    yield _number(reading, "subject.speech_rate", rate.value, [rate, _quote(reading, words[:12])], 0.9 * sure)
    lexicon = FILLERS.get((reading.transcript.speech_language or "en").split("-")[0].lower())
    if lexicon is None:
        reason = f"no list of fillers for {reading.transcript.speech_language}"
        yield reading.abstain("subject.filler_rate", span=reading.span, reason=reason)
        return
    fillers = [word for word in words if plain(word.text) in lexicon]
    yield _per_word("talk.fillers", "1/min", fillers, 60 / spoken_s)
    count = reading.measured("talk.fillers", reading.span, "sum")
    yield _number(
        reading, "subject.filler_rate", count.value, [count, *(_quote(reading, [w]) for w in fillers[:5])], 0.7 * sure
    )


def _per_word(name: str, unit: str, words: Sequence[Word], weight: float) -> Track:
    times = np.array([word.start_s for word in words], np.float64)
    return Track(name=name, unit=unit, kind="event", times_s=times, values=np.full(len(words), weight))


def _number(reading: Reading, facet: str, value: float, evidence: list[Evidence], confidence: float) -> Unit:
    return reading.unit(facet, value=value, span=reading.span, level="video", confidence=confidence, evidence=evidence)


def _quote(reading: Reading, words: Sequence[Word]) -> AsrEvidence:
    text = " ".join(word.text for word in words)
    span = Span.of(words[0].start_s, max(w.end_s for w in words))
    return AsrEvidence(quote=text, span=span.clipped(reading.span))


def plain(text: str) -> str:
    """Return a word in lower case without punctuation."""
    return re.sub(r"[^\w]+", "", text.casefold())

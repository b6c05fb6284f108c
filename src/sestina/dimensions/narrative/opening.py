"""The opening in numbers: when the first cut, text, word, face, sound and burst of motion come, and how many."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sestina.core.card import Card
from sestina.core.evidence import AsrEvidence, Evidence
from sestina.core.reading import Reading
from sestina.core.registry import parsers
from sestina.core.storyboard import Unit
from sestina.core.time import Span
from sestina.core.track import Track

MOTION_PEAK_OVER_MEDIAN = 2.0
"""A burst of motion stands at least this far above the video's own median."""
MOTION_PEAK_MIN = 0.05
"""Frame widths a second below which nothing is called a burst."""
CLOSEUP_FACE_HEIGHT = 0.35
"""Face height, as a share of the picture, from which a face is a close-up."""


@parsers.register(
    "narrative.opening",
    card=Card(summary="Measures when the first cut, text, word, face and sound come, and counts the first seconds."),
    facets=(
        "narr.hook.t_first_cut", "narr.hook.t_first_text", "narr.hook.t_first_word", "narr.hook.t_first_face",
        "narr.hook.t_first_face_closeup", "narr.hook.t_first_motion_peak", "narr.hook.t_first_sound_onset",
        "narr.hook.words_first_3s", "narr.hook.chars_on_screen_first_3s", "narr.hook.shots_first_3s",
        "narr.hook.shots_first_5s", "narr.hook.motion_first_3s", "narr.hook.luma_change_first_1s",
        "narr.hook.loudness_first_1s",
    ),
    optional=("motion", "loudness", "luma", "onsets", "voice", "ocr", "faces", "speech"),
    after=("edit.shot", "edit.transition"),
    derives=("opening.shot_starts",),
)  # fmt: skip
class Opening:
    """Yields one number a facet; a facet whose event never comes, or cannot be seen here, yields nothing."""

    def __call__(self, reading: Reading) -> Iterator[Unit | Track]:
        """Yield the numbers of the opening."""
        yield from _cuts(reading)
        yield from _texts(reading)
        yield from _words(reading)
        yield from _faces(reading)
        yield from _motion(reading)
        yield from _light_and_sound(reading)


def _number(reading: Reading, name: str, value: float, evidence: list[Evidence], confidence: float = 0.9) -> Unit:
    return reading.unit(f"narr.hook.{name}", value=value, span=reading.span, evidence=evidence, confidence=confidence)


def _window(reading: Reading, facet: str) -> Span:
    length = reading.threshold(f"narr.hook.{facet}", "window_s")
    return Span.of(reading.span.start_s, min(reading.span.start_s + length, reading.span.end_s))


def _since_start(reading: Reading, time_s: float) -> float:
    return max(0.0, time_s - reading.span.start_s)


def _cuts(reading: Reading) -> Iterator[Unit | Track]:
    if reading.boundaries:
        first = reading.boundaries[0]
        yield _number(reading, "t_first_cut", _since_start(reading, first.span.start_s), reading.cite(first))
    if not reading.shots:
        return
    starts = np.array([shot.span.start_s for shot in reading.shots])
    yield Track(name="opening.shot_starts", unit="count", kind="event", times_s=starts, values=np.ones(len(starts)))
    for name in ("shots_first_3s", "shots_first_5s"):
        window = _window(reading, name)
        metric = reading.measured("opening.shot_starts", window, "count")
        yield _number(reading, name, metric.value, [metric])


def _texts(reading: Reading) -> Iterator[Unit]:
    texts = [text for text in reading.texts() if text.locked is not False]
    if not texts:
        return
    first = min(texts, key=lambda text: text.span.start_s)
    yield _number(reading, "t_first_text", _since_start(reading, first.span.start_s), [reading.ocr(first)])
    window = _window(reading, "chars_on_screen_first_3s")
    shown = [text for text in texts if text.span.overlaps(window)]
    if shown:
        count = sum(len("".join(text.text.split())) for text in shown)
        yield _number(reading, "chars_on_screen_first_3s", count, [reading.ocr(text) for text in shown])


def _words(reading: Reading) -> Iterator[Unit]:
    words = reading.transcript.words
    if not words:
        return
    first = words[0]
    quote = AsrEvidence(quote=first.text, span=Span.of(first.start_s, first.end_s))
    yield _number(reading, "t_first_word", _since_start(reading, first.start_s), [quote])
    window = _window(reading, "words_first_3s")
    said = [word for word in words if window.contains(word.start_s)]
    if said:
        quote = AsrEvidence(quote=" ".join(w.text for w in said), span=Span.of(said[0].start_s, said[-1].end_s))
        yield _number(reading, "words_first_3s", len(said), [quote])


def _faces(reading: Reading) -> Iterator[Unit]:
    if "faces.height" not in reading.tracks:
        return
    track = reading.track("faces.height")
    for name, least in (("t_first_face", 1e-6), ("t_first_face_closeup", CLOSEUP_FACE_HEIGHT)):
        seen = np.flatnonzero(track.values >= least)
        if len(seen):
            at = Span.at(float(track.times_s[seen[0]]))
            evidence: list[Evidence] = [
                reading.metric("faces.height", ">=", least, at, "max"),
                reading.frame(at.start_s),
            ]
            yield _number(reading, name, _since_start(reading, at.start_s), evidence, confidence=0.6)


def _motion(reading: Reading) -> Iterator[Unit]:
    if "motion.residual" not in reading.tracks:
        return
    window = _window(reading, "motion_first_3s")
    if not np.isnan(reading.value("motion.speed", "mean", window)):
        metric = reading.measured("motion.speed", window)
        yield _number(reading, "motion_first_3s", metric.value, [metric])
    track = reading.track("motion.residual")
    middle = track.reduce("median", reading.span)
    least = max(MOTION_PEAK_MIN, MOTION_PEAK_OVER_MEDIAN * middle)
    high = np.flatnonzero(np.nan_to_num(track.values) >= least)
    if len(high):
        at = Span.at(float(track.times_s[high[0]]))
        evidence: list[Evidence] = [reading.metric("motion.residual", ">=", least, at, "max")]
        yield _number(reading, "t_first_motion_peak", _since_start(reading, at.start_s), evidence, confidence=0.6)


def _light_and_sound(reading: Reading) -> Iterator[Unit]:
    for facet, track, how in (
        ("luma_change_first_1s", "luma.mean", "range"),
        ("loudness_first_1s", "loudness.momentary", "max"),
    ):
        if track in reading.tracks:
            window = _window(reading, facet)
            if not np.isnan(reading.value(track, how, window)):
                metric = reading.measured(track, window, how)
                yield _number(reading, facet, metric.value, [metric])
    yield from _first_sound(reading)


def _first_sound(reading: Reading) -> Iterator[Unit]:
    if "onsets.onset" not in reading.tracks:
        return
    track = reading.track("onsets.onset")
    heard = track.times_s[track.slice(reading.span)]
    if len(heard):
        at = Span.at(float(heard[0]))
        metric = reading.measured("onsets.onset", at, "first")
        yield _number(reading, "t_first_sound_onset", _since_start(reading, at.start_s), [metric])

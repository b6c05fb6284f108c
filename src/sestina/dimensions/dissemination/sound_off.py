"""Sound-off score: how much of what is said can be read by someone who watches in silence."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sestina.core.card import Card
from sestina.core.reading import Reading
from sestina.core.registry import parsers
from sestina.core.storyboard import Unit
from sestina.core.track import Track
from sestina.dimensions.dissemination._words import words_of

SLACK_S = 0.6
"""A caption may come or go this much beside the word it repeats."""


@parsers.register(
    "dissemination.sound_off",
    card=Card(summary="Share of spoken words that stand on screen while they are said."),
    facets=("diss.sound_off_score",),
    optional=("ocr", "speech"),
    derives=("sound_off.match",),
    kind="text",
)
class SoundOff:
    """Yields the score where speech was transcribed."""

    def __call__(self, reading: Reading) -> Iterator[Unit | Track]:
        """Yield the track of matched words, weighted by their length, and the score."""
        words = [word for word in reading.transcript.words if words_of(word.text) and word.end_s > word.start_s]
        if not words:
            return
        shown = [(text.span, set(words_of(text.text))) for text in reading.texts() if text.locked is not False]
        times, matched = [], []
        for word in sorted(words, key=lambda w: w.start_s):
            tokens = words_of(word.text)
            near = [said for span, said in shown if span.start_s - SLACK_S <= word.start_s <= span.end_s + SLACK_S]
            hit = any(all(token in said for token in tokens) for said in near)
            # One sample for every 20 ms of the word, so that the mean is a share of speech time.
            steps = max(1, round((word.end_s - word.start_s) / 0.02))
            times += [word.start_s] * steps
            matched += [float(hit)] * steps
        yield Track(
            name="sound_off.match", unit="share", times_s=np.asarray(times), values=np.asarray(matched), kind="event"
        )
        score = reading.measured("sound_off.match", reading.span, "mean")
        yield reading.unit(
            "diss.sound_off_score", value=score.value, span=reading.span, confidence=0.75, evidence=[score]
        )

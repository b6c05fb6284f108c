"""Sounds and cuts with known truth, as parsers meet them: measured by the real signals, parsed by the real
parsers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from sestina.core.invariants import problems
from sestina.core.reading import Reading
from sestina.core.registry import parsers, signals
from sestina.core.storyboard import Storyboard, Unit, Word
from sestina.core.time import Span
from sestina.pipeline.parse import parse, reading_of
from sestina.pipeline.sweep import Gathered
from tests.signals.sounds import F32, RATE, hear, info

SIGNALS = ("loudness", "voice", "music", "tempo", "onsets", "spectrum")


@dataclass(frozen=True)
class Clip:
    """A sound, with the hard cuts of the pictures that go with it."""

    sound: F32
    cuts: tuple[tuple[float, str], ...] = ()
    words: tuple[Word, ...] = ()
    language: str | None = None
    start_s: float = 0.0
    shown_s: float | None = None

    @cached_property
    def gathered(self) -> Gathered:
        """What the audio signals measure."""
        media = info(self.sound.shape[-1] / RATE, start_s=self.start_s)
        if self.shown_s is not None:  # the pictures, and with them the span, end before the sound does
            media = media.model_copy(update={"span": Span.of(0, self.shown_s)})
        found = Gathered(media=media, words=list(self.words))
        if self.language:
            found.languages["speech"] = self.language
        for name in SIGNALS:
            found.add(name, hear(signals.get(name).make(), self.sound, blocks=[48_000], start_s=self.start_s))
        return found

    def edits(self) -> list[Unit]:
        """The shots and cuts, as an earlier parser would have found them."""
        reading = Reading(media=self.gathered.media)
        times = [self.start_s, *(time for time, _ in self.cuts), reading.span.end_s]
        units = []
        for first, after in pairwise(times):
            span = Span.of(first, after)
            units.append(reading.unit("edit.shot", label="shot", span=span, evidence=[reading.metadata("container")]))
        for time, label in self.cuts:
            at = Span.at(time)
            fact = reading.metadata("container")
            units.append(reading.unit("edit.transition", label=label, span=at, confidence=0.9, evidence=[fact]))
        return units

    def parse(self, *names: str) -> list[Unit]:
        """Run parsers in order; every document they make together must be valid."""
        edits = self.edits() if self.cuts else []
        units = parse(self.gathered, [parsers.get(name) for name in names], edits)
        transcript = reading_of(self.gathered).transcript
        document = Storyboard(media=self.gathered.media, items=tuple(units), transcript=transcript)
        assert [str(problem) for problem in problems(document)] == []
        return units[len(edits) :]


def found(units: Sequence[Unit], facet: str, *, abstaining: bool = False) -> list[Unit]:
    """Return the units of a facet in order, without those that abstain unless asked for."""
    return [
        u for u in sorted(units, key=lambda u: u.order) if u.facet == facet and (abstaining or u.status != "abstain")
    ]


def labels(units: Sequence[Unit], facet: str) -> list[str]:
    return [str(unit.label) for unit in found(units, facet)]


def gain(sound: npt.NDArray[np.float32], db: float) -> F32:
    return np.asarray(sound * 10 ** (db / 20), np.float32)


def ramp(sound: F32, first_db: float, last_db: float) -> F32:
    """Change the level along a straight line in dB."""
    return np.asarray(sound * 10 ** (np.linspace(first_db, last_db, len(sound)) / 20), np.float32)

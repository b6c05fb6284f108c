"""Overlays as the parsers of this room see them: on-screen texts with their measures, sequences and neighbours."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

from sestina.core.evidence import Evidence, Op
from sestina.core.reading import Reading
from sestina.core.storyboard import ScreenText
from sestina.core.time import Span
from sestina.dimensions.dissemination._words import words_of

SAME_PLACE_Y = 0.06
"""Fractions of the frame height within which the middles of two texts lie on one line."""
NEXT_S = 1.2
"""A text that replaces another at its place does so within this many seconds."""
COUNT_S = (0.35, 1.6)
"""Least and longest time, seconds, that a countdown stays at one number."""
LINE_ROOM = 0.8
"""Room above and below a line's ink, in heights of its capitals."""
DIGITS = re.compile(r"\d{1,3}")


@dataclass(frozen=True)
class Overlay:
    """One on-screen text with what was measured of it.

    Args:
        texts: the transcript's entries it stands for: one, or the numbers of a countdown.
        events_s: times of their events in the `ocr.*` tracks.
        measures: values of the tracks for the first of them.
        run: how many texts in a row replace each other at its place, itself included.
        run_words: median number of words in that run.
        run_lit: share of that run in which a word was lit.
        crowd: how many texts show in the middle of its span, itself included.
    """

    texts: tuple[ScreenText, ...]
    events_s: tuple[float, ...]
    measures: dict[str, float]
    run: int = 1
    run_words: float = 0.0
    run_lit: float = 0.0
    crowd: int = 1

    @property
    def first(self) -> ScreenText:
        """The first entry."""
        return self.texts[0]

    @property
    def text(self) -> str:
        """What it says."""
        return self.first.text

    @cached_property
    def span(self) -> Span:
        """From the first entry's start to the last one's end."""
        return self.texts[0].span.union(self.texts[-1].span)

    @property
    def confidence(self) -> float:
        """How sure the reading is."""
        return min(text.confidence for text in self.texts)

    @cached_property
    def words(self) -> list[str]:
        """Its words, folded."""
        return words_of(self.text)

    @property
    def lines(self) -> list[str]:
        """Its lines."""
        return self.text.split("\n")

    @property
    def line_height(self) -> float:
        """Height of a line with its usual room, frame heights: the same for letters with and without tails."""
        return self.first.region.box.h / len(self.lines) + LINE_ROOM * self.measure("cap_height")

    @property
    def middle(self) -> tuple[float, float]:
        """(x, y) of its middle, fractions."""
        return self.first.region.box.centre

    def measure(self, name: str) -> float:
        """Return one of the `ocr.*` measures; 0 when it was not made."""
        return self.measures.get(name, 0.0)

    def evidence(self, reading: Reading) -> list[Evidence]:
        """Return the quote and the frame it is first seen in, one of each for every entry."""
        found: list[Evidence] = [reading.ocr(text) for text in self.texts]
        return [*found, reading.frame(self.first.span.start_s)]

    def metric(self, reading: Reading, name: str, op: Op, limit: float) -> Evidence:
        """Return evidence by the event of `ocr.NAME` that belongs to this text. Raises ValueError when it fails."""
        return reading.metric(f"ocr.{name}", op, limit, Span.at(self.events_s[0]), reduce="first")

    def measured(self, reading: Reading, name: str) -> Evidence:
        """Return evidence that states `ocr.NAME` of this text as it is."""
        return reading.measured(f"ocr.{name}", Span.at(self.events_s[0]), reduce="first")


def overlays_of(reading: Reading) -> list[Overlay]:
    """Return the overlays of a video in order of time: countdowns joined, each with the run it stands in."""
    singles = [
        Overlay((text,), (event_s,), measures)
        for text, (event_s, measures) in zip(reading.transcript.screen, _events(reading), strict=True)
        if text.text.strip()
    ]
    joined = _countdowns(singles)
    return [_in_run(overlay, joined) for overlay in joined]


def _events(reading: Reading) -> list[tuple[float, dict[str, float]]]:
    """Return, for every entry of the transcript, its event time and its measures (empty without the tracks)."""
    screen = reading.transcript.screen
    tracks = {
        name.removeprefix("ocr."): track
        for name, track in reading.tracks.items()
        if name.startswith("ocr.") and track.values.ndim == 1 and len(track) == len(screen)
    }
    if not tracks:
        return [(text.span.start_s, {}) for text in screen]
    times = next(iter(tracks.values())).times_s
    values = {name: track.values for name, track in tracks.items()}
    paper = reading.tracks.get("ocr.paper")
    if paper is not None and len(paper) == len(screen):
        values["paper_brightness"] = paper.values.max(axis=1) / 255
    return [(float(times[i]), {name: float(column[i]) for name, column in values.items()}) for i in range(len(screen))]


def is_countdown(one: Overlay, two: Overlay) -> bool:
    """Whether `two` continues a countdown that `one` is in: the next lower number, at the same place, right after."""
    before, after = one.texts[-1], two.first
    if not (DIGITS.fullmatch(before.text.strip()) and DIGITS.fullmatch(after.text.strip())):
        return False
    near = abs(before.region.box.centre[0] - after.region.box.centre[0]) < 0.08
    level = abs(before.region.box.centre[1] - after.region.box.centre[1]) < SAME_PLACE_Y
    fall = int(before.text) - int(after.text)
    beat_s = after.span.start_s - before.span.start_s
    return near and level and 1 <= fall <= 2 and COUNT_S[0] * fall <= beat_s <= COUNT_S[1] * fall


def _countdowns(singles: Sequence[Overlay]) -> list[Overlay]:
    """Return overlays with the numbers of each countdown joined into one."""
    kept: list[Overlay] = []
    for overlay in singles:
        home = next((i for i in reversed(range(len(kept))) if is_countdown(kept[i], overlay)), None)
        if home is None:
            kept.append(overlay)
        else:
            known = kept[home]
            kept[home] = Overlay((*known.texts, *overlay.texts), (*known.events_s, *overlay.events_s), known.measures)
    return kept


def _in_run(overlay: Overlay, every: Sequence[Overlay]) -> Overlay:
    """Return the overlay with the length of the run of texts that replace each other at its place."""
    line = [o for o in every if _on_one_line(o, overlay)]
    at = line.index(overlay)
    first = last = at
    for i in range(at, 0, -1):
        if not _replaces(line[i - 1], line[i]):
            break
        first = i - 1
    for i, (one, two) in enumerate(pairwise(line[at:]), start=at):
        if not _replaces(one, two):
            break
        last = i + 1
    run = line[first : last + 1]
    counts = sorted(len(o.words) for o in run)
    lit = sum(o.measure("lit") >= 1 for o in run) / len(run)
    middle_s = (overlay.span.start_s + overlay.span.end_s) / 2
    crowd = sum(o.span.contains(middle_s) for o in every)
    middle = float(counts[len(counts) // 2])
    return replace(overlay, run=len(run), run_words=middle, run_lit=lit, crowd=crowd)


def _on_one_line(one: Overlay, two: Overlay) -> bool:
    """Whether two texts share a place: middles near each other and letters of one size."""
    close = abs(one.middle[1] - two.middle[1]) < SAME_PLACE_Y and abs(one.middle[0] - two.middle[0]) < 0.12
    sizes = [o.line_height for o in (one, two)]
    return close and max(sizes) < 1.6 * min(sizes)


def _replaces(one: Overlay, two: Overlay) -> bool:
    return -0.3 <= two.span.start_s - one.span.end_s < NEXT_S

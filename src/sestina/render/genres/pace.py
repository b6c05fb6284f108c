"""Pace: how long each line takes, when each beat begins, and how a beat falls into shots."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sestina.render.genres.draw import Draw
from sestina.render.genres.setting import Setting
from sestina.render.genres.tale import Beat

CARDS = ("bumper_intro", "transition_card", "end_card")
"""Beats that are a full-frame card, in which nobody speaks."""

CARD_S = (1.05, 1.9)
"""Length of a card: an end card stays for a second at least, a card between for two at most."""

WORDS_PER_MIN = 185
DRAWN_OUT_S = 0.25
SHORTEST_S = 0.55
"""Least length of a shot."""

CLEAR_S = 0.1
"""Where cuts keep off the beat, they keep this far away; a cut on the beat lies within 0.08 s of it."""


@dataclass(frozen=True, kw_only=True)
class Slot:
    """A beat in time: from, until, and the times of the cuts inside it; seconds."""

    start_s: float
    end_s: float
    cuts_s: tuple[float, ...]

    @property
    def bounds_s(self) -> tuple[float, ...]:
        """Start, cuts, end."""
        return (self.start_s, *self.cuts_s, self.end_s)


def _syllables_s(text: str) -> float:
    words = text.split()
    syllables = sum(max(1, len(re.findall(r"[aeiouy]+", word.lower()))) for word in words)
    syllables += 3 * len(re.findall(r"\d+", text)) + text.count("%")
    pauses = len(re.findall(r"[.,!?;:]", text[:-1]))
    return syllables * 60 / WORDS_PER_MIN / 1.9 + 0.05 * len(words) + 0.3 * pauses


def spoken_s(text: str) -> float:
    """Return how long `text` takes to say at `WORDS_PER_MIN` at the most, seconds; the last word is drawn out."""
    return _syllables_s(text) + DRAWN_OUT_S


def surely_s(text: str) -> float:
    """Return how long `text` takes at the least, seconds."""
    return 0.5 * _syllables_s(text)


def read_s(text: str) -> float:
    """Return how long `text` must stand to be read, seconds: 16 characters a second, at least 0.9."""
    return max(0.9, len(text) / 16)


def slots(draw: Draw, given: Setting, beats: Sequence[Beat]) -> tuple[Slot, ...]:
    """Return when each beat begins, ends and is cut."""
    found: list[Slot] = []
    start = 0.0
    for beat in beats:
        need = read_s(beat.line) if given.voice == "written" else max(0.9, spoken_s(beat.line) + 0.1)
        length = need + draw.pick((0.0, 0.15, 0.4, 0.7))
        if beat.label in CARDS:
            length = draw.between(*CARD_S)
        end = _placed(draw, given, start + max(length, 0.9))
        cuts = () if beat.label in CARDS else _cuts(draw, given, start, end)
        found.append(Slot(start_s=start, end_s=end, cuts_s=cuts))
        start = end
    return tuple(found)


def _placed(draw: Draw, given: Setting, time_s: float) -> float:
    """Return the first allowed time for a cut from `time_s` on: a beat of the music, or well off it."""
    step = given.step_s
    if given.on_beat:
        return round(-(-time_s // step) * step, 6)
    if given.tempo_bpm is None:
        return round(time_s, 3)
    phase = time_s % step
    if CLEAR_S <= phase <= step - CLEAR_S:
        return round(time_s, 3)
    return round(time_s - phase + (step if phase > CLEAR_S else 0) + draw.between(CLEAR_S + 0.01, step / 2), 3)


def _cuts(draw: Draw, given: Setting, start: float, end: float) -> tuple[float, ...]:
    """Return the times of up to three cuts inside a beat, far enough apart."""
    wanted = draw.pick((0, 0, 1, 1, 1, 2, 3))
    length = end - start
    count = min(wanted, int(length / 0.75) - 1)
    found: list[float] = []
    for number in range(count):
        at = _placed(draw, given, start + length * (number + draw.between(0.8, 1.2)) / (count + 1))
        if at - (found[-1] if found else start) >= SHORTEST_S and end - at >= SHORTEST_S:
            found.append(at)
    return tuple(found)

"""Corrected subtitles of the speech as corrections of utterances.

A cue that says just the words recognised in its time changes nothing, however the tool cut the cues. Any other becomes
an utterance, which stands for the words under it. Words that a moved or removed cue leaves uncovered are answered by
an empty utterance: nothing is said there.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import groupby

from sestina.core.correction import Correction
from sestina.core.storyboard import Storyboard, Unit, Word
from sestina.core.time import Span
from sestina.export._cues import UTTERANCE, Cue, Rules, speech_cues, words_left
from sestina.export._recut import Timed, counterparts
from sestina.export._wrap import joined, one_line

SLACK_S = 0.0011
"""Times are rounded down to the millisecond."""

Read = tuple[str, int, int, tuple[str, ...]]


def respoken(back: Sequence[Read], onto: Storyboard, rules: Rules, *, remove: bool) -> Iterator[Correction]:
    """Yield corrections of utterances.

    Args:
        back: cues as `_subrip.read` yields them.
        onto: the storyboard that was exported.
        rules: as in the export.
        remove: whether cues that are missing were removed.
    """
    back = sorted(back, key=lambda cue: cue[1:3])
    out = list(speech_cues(onto, rules))
    partners = counterparts(
        [Timed(start, end, joined(lines)) for _, start, end, lines in back],
        [Timed(cue.start_ms, cue.end_ms, joined(cue.lines)) for cue in out],
    )
    covered = _Covered([(start, end) for _, start, end, _ in back])
    yield from _utterances(back, out, partners, covered, remove)
    spoken = _Spoken(words_left(onto))
    moved: list[int] = []
    for cue, partner in zip(back, partners, strict=True):
        place, start, end, lines = cue
        if partner is not None and out[partner].unit is not None:
            continue
        if partner is not None and _same(cue, out[partner]):
            continue
        if partner is not None:
            moved.append(partner)
        text, span = joined(lines), Span.of(start / 1000, end / 1000)
        if text != spoken.text(start, end):
            yield Correction(place=place, facet=UTTERANCE, span=span, text=text, slack_s=SLACK_S)
    if remove:
        moved += [number for number in range(len(out)) if number not in set(partners) and out[number].unit is None]
    for number in sorted(moved):
        yield from _silent(out[number], covered)


def _same(cue: Read, other: Cue) -> bool:
    return (cue[1], cue[2], joined(cue[3])) == (other.start_ms, other.end_ms, joined(other.lines))


def _utterances(
    back: Sequence[Read], out: Sequence[Cue], partners: Sequence[int | None], covered: _Covered, remove: bool
) -> Iterator[Correction]:
    """Yield the utterances that were exported, as they came back."""
    came: dict[int, Read] = {number: cue for cue, number in zip(back, partners, strict=True) if number is not None}
    parts: dict[str, list[int]] = defaultdict(list)
    units: dict[str, Unit] = {}
    for number, cue in enumerate(out):
        if cue.unit is not None:
            parts[cue.unit.id].append(number)
            units[cue.unit.id] = cue.unit
    for unit_id, numbers in parts.items():
        unit = units[unit_id]
        found = [came[number] for number in numbers if number in came]
        if not found:
            if remove or covered.holds(unit.span.middle_s):  # another cue took its place, as when two are joined
                # Emptied, not removed: without the utterance the recognised words would stand again.
                yield Correction(place="a missing cue", facet=UTTERANCE, span=unit.span, unit=unit_id, text="")
            continue
        text = joined([joined(cue[3]) for cue in found])
        same = text == joined([joined(out[number].lines) for number in numbers])
        first, last = numbers[0], numbers[-1]
        start_s, end_s = unit.span.start_s, unit.span.end_s
        if first in came and came[first][1] != out[first].start_ms:
            start_s = came[first][1] / 1000
        if last in came and came[last][2] != out[last].end_ms:
            end_s = came[last][2] / 1000
        yield Correction(
            place=found[0][0], facet=UTTERANCE, span=Span.of(start_s, max(start_s, end_s)), unit=unit_id,
            text=unit.text if same else text, slack_s=SLACK_S,
        )  # fmt: skip


class _Spoken:
    """The recognised words by time."""

    def __init__(self, words: Sequence[Word]) -> None:
        self._words = sorted((round((word.start_s + word.end_s) * 500), one_line(word.text)) for word in words)

    def text(self, start_ms: int, end_ms: int) -> str:
        """Return what is said in a stretch, words counted by their middle."""
        first = bisect_left(self._words, start_ms, key=lambda word: word[0])
        after = bisect_left(self._words, end_ms, key=lambda word: word[0])
        return joined([text for _, text in self._words[first:after]])


class _Covered:
    """Stretches of the cues that came back."""

    def __init__(self, stretches: Sequence[tuple[int, int]]) -> None:
        self._starts = [start for start, _ in stretches]
        self._reach = [0] * len(stretches)
        for number, (_, end) in enumerate(stretches):
            self._reach[number] = max(end, self._reach[number - 1] if number else 0)

    def holds(self, time_s: float) -> bool:
        """Return whether a cue shows at a time."""
        number = bisect_right(self._starts, time_s * 1000) - 1
        return number >= 0 and time_s * 1000 < self._reach[number]


def _silent(cue: Cue, covered: _Covered) -> Iterator[Correction]:
    """Yield empty utterances over the words of a cue that nothing covers any more."""
    for held, run in groupby(cue.said_s, key=lambda said: covered.holds((said[0] + said[1]) / 2)):
        said = list(run)
        if not held:
            span = Span.of(said[0][0], max(said[-1][1], said[0][0]))
            yield Correction(
                place=f"a cue that was at {cue.start_ms / 1000:g} s", facet=UTTERANCE, span=span, text=""
            )

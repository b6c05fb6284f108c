"""Which cue of a corrected subtitle file is which cue of the export: subtitle tools keep no ids and number anew."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Timed:
    """A text with its stretch in milliseconds; the text is what was meant, without markup and line breaks."""

    start_ms: int
    end_ms: int
    text: str


def counterparts(back: Sequence[Timed], out: Sequence[Timed]) -> list[int | None]:
    """Return for every cue that came back the number of the exported one it was, each once; None for a new one.

    First come cues with the same stretch and text, then with the same text, nearest first, then those that share the
    most time. `out` is in order of time and without overlap.
    """
    found: list[int | None] = [None] * len(back)
    left = dict.fromkeys(range(len(out)))
    _claim_exact(back, out, found, left)
    by_text: dict[str, list[int]] = defaultdict(list)
    for number in left:
        by_text[out[number].text].append(number)
    for number, cue in enumerate(back):
        rest = by_text.get(cue.text)
        if found[number] is None and rest:
            place = bisect_left(rest, cue.start_ms, key=lambda k: out[k].start_ms)
            near = range(max(0, place - 1), min(len(rest), place + 1))
            best = rest.pop(min(near, key=lambda n: abs(out[rest[n]].start_ms - cue.start_ms)))
            del left[best]
            found[number] = best
    pairs = sorted(_overlaps(back, out, found, left))
    for _, number, k in pairs:
        if found[number] is None and k in left:
            del left[k]
            found[number] = k
    return found


def _claim_exact(
    back: Sequence[Timed], out: Sequence[Timed], found: list[int | None], left: dict[int, None]
) -> None:
    where = {cue: number for number, cue in enumerate(out)}
    for number, cue in enumerate(back):
        same = where.pop(cue, None)
        if same is not None:
            found[number] = same
            del left[same]


def _overlaps(
    back: Sequence[Timed], out: Sequence[Timed], found: Sequence[int | None], left: dict[int, None]
) -> list[tuple[int, int, int]]:
    """Return (minus the shared milliseconds, cue that came back, exported cue) for every pair that shares time."""
    rest = sorted(left)
    ends = [out[k].end_ms for k in rest]
    pairs = []
    for number, cue in enumerate(back):
        if found[number] is not None:
            continue
        for k in rest[bisect_left(ends, cue.start_ms + 1) :]:
            if out[k].start_ms >= cue.end_ms:
                break
            shared = min(cue.end_ms, out[k].end_ms) - max(cue.start_ms, out[k].start_ms)
            if shared > 0:
                pairs.append((-shared, number, k))
    return pairs

"""Corrected subtitles of on-screen text as corrections of the texts that were shown together in each cue."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from sestina.core.correction import Correction
from sestina.core.storyboard import Storyboard
from sestina.core.time import Span
from sestina.export._recut import Timed, counterparts
from sestina.export._shown import FACET, Shown, shown, together

SLACK_S = 0.0011
"""Times are rounded down to the millisecond."""

Read = tuple[str, int, int, tuple[str, ...]]


@dataclass
class _Back:
    """What came back of one text: its new lines, its new bounds, and the cues in which it is gone."""

    places: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    start_ms: int | None = None
    end_ms: int | None = None
    gone: int = 0


def rewritten(back: Sequence[Read], onto: Storyboard, *, remove: bool) -> Iterator[Correction]:
    """Yield corrections of on-screen texts.

    Args:
        back: cues as `_subrip.read` yields them; each line is one text, from top to bottom.
        onto: the storyboard that was exported.
        remove: whether texts that are missing were removed. An emptied cue always removes its texts.
    """
    texts = shown(onto)
    out = list(together(texts))
    partners = counterparts(
        [Timed(start, end, "\n".join(lines)) for _, start, end, lines in back],
        [Timed(start, end, "\n".join(texts[n].line for n in numbers)) for start, end, numbers in out],
    )
    cues: dict[int, list[int]] = defaultdict(list)
    for k, (_, _, numbers) in enumerate(out):
        for number in numbers:
            cues[number].append(k)
    found: dict[int, _Back] = defaultdict(_Back)
    for cue, partner in zip(back, partners, strict=True):
        yield from _added(cue, () if partner is None else out[partner][2], texts)
        if partner is not None:
            bounds = {number: (cues[number][0] == partner, cues[number][-1] == partner) for number in out[partner][2]}
            _note(found, cue, out[partner], texts, bounds, remove)
    for number, text in enumerate(texts):
        yield from _changed(text, found.get(number), len(cues[number]), remove)


def _pairs(lines: Sequence[str], numbers: Sequence[int], texts: Sequence[Shown]) -> dict[int, str]:
    """Return for the texts of a cue the lines that came back: equal ones first, the others in their order."""
    if not numbers:
        return {}
    if len(numbers) == 1:
        return {numbers[0]: " ".join(lines)} if lines else {}
    if len(numbers) == len(lines):
        return dict(zip(numbers, lines, strict=True))
    rest = list(lines)
    found = {}
    for number in numbers:
        if texts[number].line in rest:
            rest.remove(texts[number].line)
            found[number] = texts[number].line
    return {**found, **dict(zip([n for n in numbers if n not in found], rest, strict=False))}


def _added(cue: Read, numbers: Sequence[int], texts: Sequence[Shown]) -> Iterator[Correction]:
    """Yield the lines of a cue that no exported text stands for."""
    place, start, end, lines = cue
    used = list(_pairs(lines, numbers, texts).values())
    for line in lines if len(numbers) != 1 else ():
        if line in used:
            used.remove(line)
            continue
        span = Span.of(start / 1000, end / 1000)
        yield Correction(place=place, facet=FACET, span=span, text=line, level="overlay", slack_s=SLACK_S)


def _note(
    found: dict[int, _Back], cue: Read, out: tuple[int, int, tuple[int, ...]], texts: Sequence[Shown],
    bounds: dict[int, tuple[bool, bool]], remove: bool,
) -> None:  # fmt: skip
    """Write down what a cue says of each text that it was exported with."""
    place, start, end, lines = cue
    said = _pairs(lines, out[2], texts)
    for number in out[2]:
        one = found[number]
        one.places.append(place)
        if number not in said:
            one.gone += 1 if remove or not lines else 0
            continue
        one.said.append(said[number])
        is_first, is_last = bounds[number]
        if is_first and start != out[0]:
            one.start_ms = start
        if is_last and end != out[1]:
            one.end_ms = end


def _changed(text: Shown, back: _Back | None, cues: int, remove: bool) -> Iterator[Correction]:
    unit_id = text.unit.id if text.unit is not None else None
    if back is None or back.gone == cues:
        if unit_id is not None and (remove or back is not None):
            place = back.places[0] if back is not None else "a missing cue"
            yield Correction(place=place, facet=FACET, span=text.span, unit=unit_id, removed=True)
        return
    new = next((said for said in back.said if said != text.line), None)
    start_s = text.span.start_s if back.start_ms is None else back.start_ms / 1000
    end_s = text.span.end_s if back.end_ms is None else back.end_ms / 1000
    if unit_id is None and new is None and (start_s, end_s) == (text.span.start_s, text.span.end_s):
        return  # read, not yet a unit, and left as it was
    own = text.unit.text if text.unit is not None else text.text
    yield Correction(
        place=back.places[0], facet=FACET, span=Span.of(start_s, max(start_s, end_s)), unit=unit_id,
        text=own if new is None else new, region=text.region, level="overlay", slack_s=SLACK_S,
    )  # fmt: skip

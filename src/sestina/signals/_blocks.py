"""Puts lines that came and went together into one text, and its measures beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from sestina.core.evidence import Box, BoxAt, Region
from sestina.core.storyboard import ScreenText
from sestina.core.time import Span, seconds
from sestina.core.track import Track
from sestina.signals._chains import Chain, Sighting, placed_chains

TOGETHER_S = 0.09
"""Lines whose spans differ by less at both ends, two frames, came and went together."""
OTHER_GROUND = 40.0
"""Difference, 8-bit steps, between the colours behind two lines that stand on different things."""
Measures = dict[str, object]


@dataclass(frozen=True, kw_only=True)
class FoundText:
    """One text with its place in the transcript, and its measures at time `event_s`."""

    screen: ScreenText
    event_s: float
    measures: Measures


def screen_texts(
    seen: Sequence[tuple[float, Sequence[Sighting]]], pattern: Track | None, whole: Span, shots: Sequence[Span]
) -> list[FoundText]:
    """Return the texts of a video, in order of time; the arguments are those of `placed_chains`."""
    lines = placed_chains(seen, pattern, whole, shots)
    blocks = sorted(_blocks(lines), key=lambda block: (block[0].span.start_s, block[0].box.y, block[0].box.x))
    return _numbered(blocks)


def _blocks(lines: Sequence[Chain]) -> list[list[Chain]]:
    """Return lines grouped into blocks: came and went together, one below the other or side by side."""
    blocks: list[list[Chain]] = []
    for chain in sorted(lines, key=lambda c: (c.box.y, c.box.x)):
        home = next((b for b in blocks if any(_belongs(other, chain) for other in b)), None)
        if home is None:
            blocks.append([chain])
        else:
            home.append(chain)
    return blocks


def _belongs(one: Chain, two: Chain) -> bool:
    """Whether two lines are lines of one text."""
    together = (
        abs(one.span.start_s - two.span.start_s) < TOGETHER_S and abs(one.span.end_s - two.span.end_s) < TOGETHER_S
    )
    if not together or abs(one.last.rotation_deg - two.last.rotation_deg) > 5 or _on_other_ground(one, two):
        return False
    a, b = one.box, two.box
    taller, lower = max(a.h, b.h), min(a.h, b.h)
    gap = max(a.y, b.y) - min(a.y + a.h, b.y + b.h)
    across = min(a.x + a.w, b.x + b.w) - max(a.x, b.x)
    stacked = -0.5 * lower < gap < 0.8 * lower and across > 0.3 * min(a.w, b.w) and taller < 2.2 * lower
    return stacked or _side_by_side(a, b, taller, lower)


def _on_other_ground(one: Chain, two: Chain) -> bool:
    """Whether one line stands on a box of its own, in another colour than what is behind the other."""
    boxed = [float(np.mean(["box" in s.lettering.style for s in chain.sightings])) >= 0.5 for chain in (one, two)]
    papers = [np.asarray(_rgb(chain.last.lettering.background), np.float64) for chain in (one, two)]
    return boxed[0] != boxed[1] and float(np.abs(papers[0] - papers[1]).max()) > OTHER_GROUND


def _side_by_side(a: Box, b: Box, taller: float, lower: float) -> bool:
    """Whether two boxes are words of one line, cut apart by the detector."""
    level = abs(a.centre[1] - b.centre[1]) < 0.3 * lower and taller < 1.5 * lower
    gap = max(a.x, b.x) - min(a.x + a.w, b.x + b.w)
    return level and gap < 0.6 * lower


def _numbered(blocks: Sequence[list[Chain]]) -> list[FoundText]:
    found: list[FoundText] = []
    for i, block in enumerate(blocks):
        text = _block_text(i, block)
        start = text.screen.span.start_s
        event = start if not found else max(start, seconds(found[-1].event_s + 1e-6))
        found.append(replace(text, event_s=event))
    return found


def _block_text(number: int, block: list[Chain]) -> FoundText:
    """Return one block as a text: lines from top to bottom, words of one line from left to right."""
    rows: list[list[Chain]] = []
    for chain in sorted(block, key=lambda c: c.box.centre[1]):
        if rows and abs(rows[-1][0].box.centre[1] - chain.box.centre[1]) < 0.5 * chain.box.h:
            rows[-1].append(chain)
        else:
            rows.append([chain])
    words = [" ".join(c.text for c in sorted(row, key=lambda c: c.box.x)) for row in rows]
    start = min(c.span.start_s for c in block)
    span = Span.of(start, max(c.span.end_s for c in block))
    scores = [s.score for c in block for s in c.sightings]
    locks = {c.locked for c in block}
    screen = ScreenText(
        id=f"text-{number:05d}", text="\n".join(words), span=span, region=_block_region(block),
        confidence=round(float(np.mean(scores)), 4),
        locked=False if locks == {False} else True if True in locks else None,
    )  # fmt: skip
    return FoundText(screen=screen, event_s=start, measures=_block_measures(block, len(rows)))


def _block_region(block: list[Chain]) -> Region:
    outer = block[0].ink
    for chain in block[1:]:
        outer = outer.union(chain.ink)
    mover = next((c for c in block if c.moves), None)
    if mover is None:
        return Region(box=outer)
    seen = tuple(BoxAt(at_s=s.time_s, box=Box.of(*s.ink)) for s in mover.sightings)
    for item in seen:
        outer = outer.union(item.box)
    return Region(box=outer, track=seen)


def _block_measures(block: list[Chain], lines: int) -> Measures:
    """Return the block's measures: the worst of its contrasts over all looks, medians of the rest."""
    sightings = [s for chain in block for s in chain.sightings]
    letters = [s.lettering for s in sightings]
    return {
        "contrast": float(np.percentile([item.contrast for item in letters], 10)),
        "cap_height": float(np.median([s.lettering.cap_height_px / s.height_px for s in sightings])),
        "busyness": float(np.median([item.busyness for item in letters])),
        "rotation": float(np.median([s.rotation_deg for s in sightings])),
        "outline": float(np.mean(["outline" in item.style for item in letters]) >= 0.5),
        "shadow": float(np.mean(["shadow" in item.style for item in letters]) >= 0.5),
        "boxed": float(np.mean(["box" in item.style for item in letters]) >= 0.5),
        "rise": block[0].rise_s,
        "lines": float(lines),
        "plain": float(np.median([s.plain for s in sightings])),
        "lit": float(len(_lit_places(block))),
        "ink": np.median([_rgb(item.colour) for item in letters], axis=0).tolist(),
        "paper": np.median([_rgb(item.background) for item in letters], axis=0).tolist(),
    }


def _lit_places(block: list[Chain]) -> set[tuple[int, int]]:
    """Return the different places, (line, tenth of the line), at which a word was lit at one look or another."""
    return {
        (row, round(10 * s.lettering.lit))
        for row, chain in enumerate(block)
        for s in chain.sightings
        if not np.isnan(s.lettering.lit)
    }


def _rgb(colour: str) -> list[int]:
    return [int(colour[i : i + 2], 16) for i in (1, 3, 5)]

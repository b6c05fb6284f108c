"""Joins what was read at single looks into lines with spans: the same words at the same place are one chain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

import numpy as np

from sestina.core.evidence import Box
from sestina.core.time import Span
from sestina.core.track import F64, Track
from sestina.signals._lettering import Lettering
from sestina.signals._pattern import Presence, cropped, presence, shown

ALIKE = 0.8
"""Similarity of two readings that are taken for the same text: a letter or two misread."""
SURELY_ALIKE = 0.85
"""Similarity at which two chains may be one text whose reading was interrupted."""
ENTRY_S, ENTRY_STEP = 0.5, 0.12
"""A text that stands this briefly, this near (fractions of the frame) to where it stays, was on its way in."""
NEAR = 0.3
"""Overlap of boxes that stand at the same place."""
MOVED = 0.02
"""Fractions of the frame a box may wander between looks and still stand still (detector jitter)."""
STAND_S = 0.6
"""A line whose letters stay in place this long stands still; one on a wall that the camera passes does not."""
REACH_S = 8.0
"""How far beyond its looks a text's pattern is followed at most: the longest time without a look, twice."""
LEVEL_DEG = 2.0
"""A line tilted less was read on an upright crop."""
JOIN_S = 0.2
"""The same text at the same place after a shorter absence is one text."""


@dataclass(frozen=True, kw_only=True)
class Sighting:
    """One line read in one picture; box in fractions (left, top, width, height)."""

    time_s: float
    box: tuple[float, float, float, float]
    text: str
    score: float
    rotation_deg: float
    lettering: Lettering
    height_px: int
    plain: float = 0.0

    @property
    def ink(self) -> tuple[float, float, float, float]:
        """The box without the room that the detector leaves around the letters; of turned lines the box itself."""
        x, y, w, h = self.box
        if abs(self.rotation_deg) >= LEVEL_DEG:
            return self.box
        left, top, right, bottom = self.lettering.inset
        return x + left * w, y + top * h, w * (1 - left - right), h * (1 - top - bottom)


@dataclass
class Chain:
    """One line seen at consecutive looks."""

    sightings: list[Sighting]
    span: Span = field(default_factory=lambda: Span.of(0, 0))
    locked: bool | None = None
    rise_s: float = 0.0
    found: Presence | None = None

    @property
    def last(self) -> Sighting:
        """The newest sighting."""
        return self.sightings[-1]

    @property
    def text(self) -> str:
        """The reading with the highest summed score."""
        sums: dict[str, float] = {}
        for sighting in self.sightings:
            sums[sighting.text] = sums.get(sighting.text, 0.0) + sighting.score
        return max(sums, key=lambda text: (sums[text], text))

    @property
    def box(self) -> Box:
        """The median box."""
        return Box.of(*(float(v) for v in np.median([s.box for s in self.sightings], axis=0)))

    @property
    def ink(self) -> Box:
        """The median box of the ink."""
        return Box.of(*(float(v) for v in np.median([s.ink for s in self.sightings], axis=0)))

    @property
    def moves(self) -> bool:
        """Whether its place changed from look to look."""
        return bool(np.ptp(_middles(self.sightings), axis=0).max() > MOVED)

    def at_rest(self) -> Chain:
        """Return the chain with only those sightings that share the place where most of them stand."""
        middles = _middles(self.sightings)
        near = np.abs(middles[:, None] - middles[None]).max(axis=2) <= MOVED / 2
        most = len(near) - 1 - int(np.argmax(near.sum(axis=1)[::-1]))
        return Chain([s for s, same in zip(self.sightings, near[most], strict=True) if same])


def _middles(sightings: Sequence[Sighting]) -> F64:
    return np.asarray([(x + w / 2, y + h / 2) for x, y, w, h in (s.box for s in sightings)], np.float64)


def alike(one: str, two: str) -> float:
    """Return the similarity of two readings, 0..1, blind to case and spaces."""
    first, second = "".join(one.casefold().split()), "".join(two.casefold().split())
    return SequenceMatcher(None, first, second, autojunk=False).ratio()


def chains(seen: Sequence[tuple[float, Sequence[Sighting]]]) -> list[Chain]:
    """Return chains of sightings that say the same at the same place, or say the same and moved a little."""
    done: list[Chain] = []
    open_: list[Chain] = []
    for _, lines in seen:
        free = list(open_)
        extended: list[Chain] = []
        for line in lines:
            best = max(free, key=lambda chain: _fit(chain.last, line), default=None)
            if best is not None and _fit(best.last, line) > 0:
                best.sightings.append(line)
                free.remove(best)
                extended.append(best)
            else:
                extended.append(Chain([line]))
        done += free
        open_ = extended
    return done + open_


def _fit(before: Sighting, line: Sighting) -> float:
    """Return how well `line` continues `before`: 0 when it does not."""
    same = alike(before.text, line.text)
    if same < ALIKE:
        return 0.0
    overlap = Box.of(*before.box).iou(Box.of(*line.box))
    if overlap >= NEAR:
        return same + overlap
    similar_size = 0.8 < line.box[3] / max(before.box[3], 1e-6) < 1.25
    return same if same >= 0.85 and similar_size and len(line.text) >= 3 else 0.0


def placed_chains(
    seen: Sequence[tuple[float, Sequence[Sighting]]], pattern: Track | None, whole: Span, shots: Sequence[Span]
) -> list[Chain]:
    """Return the lines of a video with their spans, and whether each is locked to the screen.

    Args:
        seen: for every look its time and the lines read there.
        pattern: `text.pattern`, or None when it was not measured: spans then run from look to look.
        whole: span of the video.
        shots: spans of the shots.
    """
    looks = [time for time, _ in seen]
    lines = chains(seen)
    lines = [part for chain in lines for part in _placed_in_time(chain, lines, looks, pattern, whole)]
    _share_borders(lines)
    lines = _whole_ones(_rejoined(lines))
    for chain in lines:
        chain.locked = _locked(chain, lines, pattern, shots)
    return lines


def _placed_in_time(
    chain: Chain, every: Sequence[Chain], looks: Sequence[float], pattern: Track | None, whole: Span
) -> list[Chain]:
    """Return the chain with the span its pattern is there, split where the pattern was away between looks.

    Without a pattern the span reaches half the way to the neighbouring looks.
    """
    first, last = chain.sightings[0].time_s, chain.last.time_s
    before = max((t for t in looks if t < first), default=whole.start_s)
    after = min((t for t in looks if t > last), default=whole.end_s)
    start_s = before if before <= whole.start_s else (before + first) / 2
    chain.span = Span.of(start_s, after if after >= whole.end_s else (last + after) / 2)
    if pattern is None or not len(pattern):
        return [chain]
    if chain.moves and not _comes_to_rest(chain, pattern, whole):
        return [chain]
    others = _rivals(chain, every)
    low, high = _limits(chain, others, whole)
    near = [t for t in others if low <= t <= high]
    found = presence(pattern, chain.box, [s.time_s for s in chain.sightings], Span.of(low, high), near)
    if found is None:
        return [chain]
    chain.found = found
    return _split(chain, found, min(high, whole.end_s), whole)


def _split(chain: Chain, found: Presence, end_s: float, whole: Span) -> list[Chain]:
    """Return one chain for each stretch of time over which the pattern is there without a break."""
    parts: list[Chain] = []
    for sighting in chain.sightings:
        span = shown(found, sighting.time_s, end_s).clipped(whole)
        if parts and span.start_s - parts[-1].span.end_s < JOIN_S:
            parts[-1].sightings.append(sighting)
            parts[-1].span = parts[-1].span.union(span)
        else:
            parts.append(Chain([sighting], span=span, found=found))
    for part in parts:
        part.rise_s = _rise(found, part.span)
    return parts


def _comes_to_rest(chain: Chain, pattern: Track, whole: Span) -> bool:
    """Whether a line whose place changes stands still somewhere, as after sliding in; it then keeps only that place."""
    rest = chain.at_rest()
    seen = [s.time_s for s in rest.sightings]
    found = presence(pattern, rest.box, seen, Span.of(seen[0] - STAND_S, seen[-1] + STAND_S).clipped(whole))
    if found is None or sum(shown(found, t, seen[-1] + STAND_S).duration_s >= STAND_S for t in seen) < len(seen):
        return False
    chain.sightings = rest.sightings
    return True


def _rivals(chain: Chain, every: Sequence[Chain]) -> list[float]:
    """Return the times at which another text is read at the chain's place."""
    others = (s for other in every if other is not chain for s in other.sightings)
    return [s.time_s for s in others if chain.box.iou(Box.of(*s.box)) > 0.1]


def _limits(chain: Chain, others: Sequence[float], whole: Span) -> tuple[float, float]:
    """Return the times between which the chain may stand: from one rival to the next, not far beyond its looks."""
    first, last = chain.sightings[0].time_s, chain.last.time_s
    low = max((t for t in others if t < first), default=whole.start_s)
    high = min((t for t in others if t > last), default=whole.end_s)
    return max(low, first - REACH_S), min(high, last + REACH_S) + 1e-3


def _rise(found: Presence, span: Span) -> float:
    """Return the seconds from the first trace of a pattern to its full strength."""
    start = int(np.searchsorted(found.times_s, span.start_s - 1e-6))
    full = np.flatnonzero(found.score[start:] >= 0.9 * found.usual)
    return float(found.times_s[start + full[0]] - found.times_s[start]) if len(full) else 0.0


def _rejoined(lines: Sequence[Chain]) -> list[Chain]:
    """Return chains with those joined that are one text, missed at a look in between."""
    kept: list[Chain] = []
    for chain in sorted(lines, key=lambda c: (c.sightings[0].time_s, c.box.y, c.box.x)):
        twin = next((k for k in reversed(kept) if _is_same_text(k, chain)), None)
        if twin is None:
            kept.append(chain)
        else:
            entering = twin.box.iou(chain.box) <= NEAR
            twin.sightings = chain.sightings if entering else [*twin.sightings, *chain.sightings]
            twin.span = twin.span.union(chain.span)
    return kept


def _share_borders(lines: Sequence[Chain]) -> None:
    """Where two texts of one place both claim a stretch of time, give each frame to the one it resembles more."""
    for one in lines:
        for two in lines:
            ends, begins = one.last.time_s, two.sightings[0].time_s
            if ends < begins and one.span.end_s > two.span.start_s and one.box.iou(two.box) > 0.1:
                border = _border(one, two, ends, begins)
                one.span = Span.of(one.span.start_s, max(border, one.span.start_s))
                two.span = Span.of(border, max(border, two.span.end_s))


def _border(one: Chain, two: Chain, low: float, high: float) -> float:
    """Return the time between looks `low` and `high` at which the place passes from one text to the other."""
    if one.found is None or two.found is None:
        return (low + high) / 2
    times = one.found.times_s[(one.found.times_s > low) & (one.found.times_s <= high + 1e-6)]
    if not len(times):
        return high
    first = np.interp(times, one.found.times_s, one.found.vote)
    second = np.interp(times, two.found.times_s, two.found.vote)
    gain = np.concatenate([[0.0], np.cumsum(first - second)])
    return float(np.append(times, high)[int(np.argmax(gain))])


def _whole_ones(lines: Sequence[Chain]) -> list[Chain]:
    """Return chains without those that are a piece of another: inside its box, during its span, seen less often."""

    def is_piece(chain: Chain) -> bool:
        return any(
            other is not chain
            and len(other.text) > len(chain.text)
            and other.span.overlap_s(chain.span) >= 0.8 * chain.span.duration_s
            and other.box.overlap(chain.box) >= 0.7 * chain.box.area
            and "".join(chain.text.split()).casefold() in "".join(other.text.split()).casefold()
            for other in lines
        )

    return [chain for chain in lines if not is_piece(chain)]


def _is_same_text(one: Chain, two: Chain) -> bool:
    gap = two.span.start_s - one.span.end_s
    if gap >= JOIN_S or alike(one.text, two.text) < SURELY_ALIKE:
        return False
    if one.box.iou(two.box) > NEAR:
        return True
    steps = np.abs(np.subtract(one.box.centre, two.box.centre))
    return one.span.duration_s < ENTRY_S and abs(gap) < JOIN_S and float(steps.max()) < ENTRY_STEP


def _locked(chain: Chain, every: Sequence[Chain], pattern: Track | None, shots: Sequence[Span]) -> bool | None:
    """Return True where the text stays while the picture changes, False where it wanders, None where nothing moved."""
    if chain.moves:
        return False
    if any(chain.span.start_s + 0.2 < shot.start_s < chain.span.end_s - 0.2 for shot in shots):
        return True
    if pattern is None or not len(pattern):
        return None
    _, bits = cropped(pattern, Box.of(0, 0, 1, 1), chain.span)
    if len(bits) < 5:
        return None
    rest = _outside(bits.shape[1:], [c.box for c in every if c.span.overlaps(chain.span)])
    middle = bits[len(bits) // 2, rest]
    if middle.sum() < 20:
        return None
    shared = (bits[:, rest] & middle).sum(axis=1) / np.maximum((bits[:, rest] | middle).sum(axis=1), 1)
    return True if float(np.percentile(shared, 20)) < 0.4 else None


def _outside(shape: tuple[int, ...], boxes: Sequence[Box]) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    rows, columns = shape
    mask = np.ones((rows, columns), bool)
    for box in boxes:
        top, bottom = max(0, int(box.y * rows) - 1), int((box.y + box.h) * rows) + 2
        left, right = max(0, int(box.x * columns) - 1), int((box.x + box.w) * columns) + 2
        mask[top:bottom, left:right] = False
    return mask

"""Where text may be: change of locked lettering, its area, text regions, persistent corners and progress bars.

Lettering is told from other texture by three things that cost little to measure: strokes give rising and falling
edges side by side, their contrast is high, and an overlay's edges stay exactly where they are while the picture
behind them moves (after the stroke and edge density cues surveyed by Ye and Doermann 2015, "Text Detection and
Recognition in Imagery"). Nothing is read here; `ocr` reads where this signal says that something new stands still.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import cv2
import numpy as np
import numpy.typing as npt

from sestina.core.card import Card
from sestina.core.evidence import Box
from sestina.core.frames import U8, FrameBatch
from sestina.core.media_info import MediaInfo
from sestina.core.registry import signals
from sestina.core.roles import Measurement
from sestina.core.time import Span
from sestina.core.track import BoxTrack, Track
from sestina.signals._growing import Growth
from sestina.signals._pattern import PatternLog, presence, shown
from sestina.signals._persistent import Persistence, boxed

SAMPLE_S = 0.095
"""Time between samples: ten a second, and every third frame at 30 frames a second."""
EDGE = 36
"""Grey levels across two pixels that make an edge; subtitles at a fifth of the frame's contrast still pass."""
STILL = 14
"""Grey levels a locked pixel may change between samples: coding noise, not movement."""
NEW = 30
"""Grey levels by which a pixel must differ from the last known state to be new."""
CELL = 8
"""Side of a cell in half-size pixels, about 1/17 of the short side: a caption line is one to two cells tall."""
TEXTY = 0.03
"""Share of a cell that both rising and falling locked edges must cover."""
CHANGED = 0.06
"""Share of a cell that new locked edge pixels must cover."""
LOCKED = 0.6
"""Share of a cell's edges that must stand still: behind a slow camera some edges do, under lettering nearly all."""
LEAST_CELLS = 2
"""A region smaller than this is noise."""
REGION_LEAST_S = 0.4
REGIONS_A_MINUTE = 40
Mask = npt.NDArray[np.bool_]


@dataclass
class _Event:
    """Cells in which new lettering stood still at one sample."""

    time_s: float
    cells: Mask


@dataclass
class _State:
    """What is carried from sample to sample."""

    last_s: float = -1e9
    previous: U8 | None = None
    known: U8 | None = None
    times: list[float] = field(default_factory=list)
    change: list[float] = field(default_factory=list)
    area: list[float] = field(default_factory=list)
    events: list[_Event] = field(default_factory=list)


@signals.register(
    "text",
    card=Card(
        summary="Change, area and regions of lettering that is locked to the screen, without reading it.",
        source="Ye and Doermann 2015 (cues); own (locking, one-bit patterns)",
        cost="0.1 ms a frame at 480x270",
    ),
    input="frames",
    tracks=("text.change", "text.area", "text.pattern"),
)
class Text:
    """Measures where lettering stands still.

    Tracks: `text.change`, share of the picture's cells where lettering appeared (sampled); `text.area`, share of cells
    with locked lettering (sampled); `text.pattern`, one-bit pictures by which spans are refined to the frame. Boxes:
    kinds `text`, `static_region`, `progress`.
    """

    def start(self, info: MediaInfo) -> None:
        """Get ready for one video."""
        self.end_s = info.span.end_s
        self.log = PatternLog()
        self.persistence = Persistence()
        self.growth = Growth()
        self.state = _State()

    def feed(self, batch: FrameBatch) -> None:
        """Take the next frames."""
        self.log.add(batch.half, batch.times_s)
        times = batch.times_s
        for i in range(len(batch)):
            if times[i] - self.state.last_s >= SAMPLE_S:
                self._sample(batch.half[i], float(times[i]))
        if len(times):
            self.end_s = max(self.end_s, float(times[-1]))

    def _sample(self, luma: U8, time_s: float) -> None:
        """Compare one half-size picture with the sample before and with the last known state of lettering."""
        state = self.state
        state.last_s = time_s
        self.persistence.add(luma, time_s)
        self.growth.add(luma, time_s)
        if state.previous is None or state.known is None:
            state.known = np.zeros_like(luma)
            state.previous = luma.copy()
            return
        texty, changed = lettering(luma, state.previous, state.known)
        fresh = texty & changed
        new = int(fresh.sum())
        if new:
            state.events.append(_Event(time_s, fresh))
            state.known = luma.copy()
        state.times.append(time_s)
        state.change.append(new / fresh.size)
        state.area.append(float(texty.mean()))
        state.previous = luma.copy()

    def finish(self) -> Measurement:
        """Return the tracks and the regions."""
        state = self.state
        times = np.asarray(state.times, np.float64)
        pattern = self.log.track()
        tracks = [
            Track(name=name, unit="", times_s=times, values=np.asarray(values, np.float64), kind="sampled")
            for name, values in (("text.change", state.change), ("text.area", state.area))
        ]
        boxes = self._regions(pattern)
        boxes += [_refined(box, pattern, self.end_s) for box in self.persistence.boxes(self.end_s)]
        bar = self.growth.bar(self.end_s)
        if bar is not None:
            boxes.append(boxed("text.progress.0", "progress", Span.of(bar.start_s, bar.end_s), bar.box, 0.9))
        return Measurement(tracks=(*tracks, pattern), boxes=tuple(boxes))

    def _regions(self, pattern: Track) -> list[BoxTrack]:
        """Return lettering regions with the spans over which their patterns stay."""
        found: list[BoxTrack] = []
        if not len(pattern):
            return found
        start_s = float(pattern.times_s[0])
        limit = REGIONS_A_MINUTE * (1 + (self.end_s - start_s) / 60)
        for event in self.state.events:
            for x, y, w, h in groups(event.cells):
                if len(found) >= limit:
                    return found
                region = _region(pattern, (x, y, w, h), event.time_s, self.end_s, len(found))
                if region is not None and not any(_same(region, other) for other in found[-12:]):
                    found.append(region)
        return found


def lettering(luma: U8, previous: U8, known: U8) -> tuple[Mask, Mask]:
    """Return two cell masks of a half-size picture [h,w]: locked lettering, and what is new since `known`."""
    step = luma.astype(np.int16)
    slope = np.zeros_like(step)
    slope[:, 1:-1] = step[:, 2:] - step[:, :-2]
    still = cv2.absdiff(luma, previous) < STILL
    up, down = slope > EDGE, slope < -EDGE
    rising, falling = _share(up & still), _share(down & still)
    locked = rising + falling >= LOCKED * (_share(up) + _share(down))
    texty = (np.minimum(rising, falling) > TEXTY) & locked
    new = (up | down) & still & (cv2.absdiff(luma, known) > NEW)
    return texty, _share(new) > CHANGED


def _share(mask: Mask) -> npt.NDArray[np.float32]:
    """Return the share of set pixels in each cell."""
    size = (max(1, round(mask.shape[1] / CELL)), max(1, round(mask.shape[0] / CELL)))
    return np.asarray(cv2.resize(mask.astype(np.float32), size, interpolation=cv2.INTER_AREA), np.float32)


def groups(cells: Mask) -> list[tuple[float, float, float, float]]:
    """Return boxes (left, top, width, height, fractions) of connected cells, gaps of one cell beside closed."""
    joined = cv2.morphologyEx(cells.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((1, 3), np.uint8))
    count, _, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=4)
    rows, columns = cells.shape
    boxes = []
    for x, y, w, h, area in stats[1:count]:
        if area >= LEAST_CELLS and w >= h:
            boxes.append((x / columns, y / rows, w / columns, h / rows))
    return boxes


def _region(
    pattern: Track, box: tuple[float, float, float, float], at_s: float, end_s: float, number: int
) -> BoxTrack | None:
    """Return one region and how long its pattern stays, or None when that is too short."""
    found = presence(pattern, Box.of(*box), [at_s], Span.of(float(pattern.times_s[0]), end_s + 1))
    if found is None:
        return None
    span = shown(found, at_s, end_s)
    if span.duration_s < REGION_LEAST_S:
        return None
    return BoxTrack(
        name=f"text.{number}", kind="text", span=span, times_s=np.asarray([at_s]),
        boxes=np.asarray([box]), scores=np.asarray([min(1.0, found.usual)]),
    )  # fmt: skip


def _refined(box: BoxTrack, pattern: Track, end_s: float) -> BoxTrack:
    """Return a persistent region with the span over which its pattern is there."""
    middle = (box.span.start_s + box.span.end_s) / 2
    times = [box.span.start_s + share * box.span.duration_s for share in (0.25, 0.4, 0.5, 0.6)]
    found = presence(pattern, box.box, times, box.span)
    if found is None:
        return box
    span = shown(found, middle, end_s)
    return replace(box, span=span, times_s=np.asarray([span.start_s])) if span.duration_s > REGION_LEAST_S else box


def _same(one: BoxTrack, two: BoxTrack) -> bool:
    return one.box.iou(two.box) > 0.5 and one.span.iou(two.span) > 0.5

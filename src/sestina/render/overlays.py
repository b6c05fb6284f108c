"""Overlays: captions, counters, prices, buttons, marks and cards laid over the picture and fixed to the screen."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from sestina.core.evidence import Box
from sestina.render.packaging.art import U8, Art, Moment, PixelBox, Written, bounds, ink_box
from sestina.render.packaging.fonts import face_for
from sestina.render.packaging.grounds import Grounds
from sestina.render.packaging.kinds import BEATS_PER_S, BREAKS_INTO_TEXTS, CARDS, FLOWING, FULL_FRAME, drawn
from sestina.render.packaging.motion import moved, turning, warped
from sestina.render.packaging.placement import place_box
from sestina.render.packaging.stamp import Stamp
from sestina.render.parts.overlay import Overlay


@dataclass(frozen=True)
class Text:
    """One text as drawn: what it says, its lines, its box, the height of its capitals as a share of the frame's, and
    the share of it that lies beyond the edge of the frame."""

    text: str
    lines: tuple[str, ...]
    box: Box
    cap: float
    cut: float


@dataclass(frozen=True)
class Placed:
    """One overlay as drawn: frames `first` up to, not including, `after`; the box of all of it at rest; its texts.

    An overlay with lettering is where its lettering is: that is `region`; else it is its whole `box`.
    """

    overlay: Overlay
    first: int
    after: int
    box: Box
    texts: tuple[Text, ...]

    @property
    def text(self) -> str:
        """All it says, on one line."""
        return " ".join(part for text in self.texts for part in text.text.split())

    @property
    def lines(self) -> tuple[str, ...]:
        """Its lines as drawn."""
        return tuple(line for text in self.texts for line in text.lines)

    @property
    def region(self) -> Box:
        """The box of its lettering, or of all of it where it has none."""
        found = self.texts[0].box if self.texts else self.box
        for text in self.texts[1:]:
            found = found.union(text.box)
        return found

    @property
    def position(self) -> str:
        """Label of `diss.overlay.position`: the cell of its middle in a 3x3 grid."""
        x, y = self.region.centre
        row, column = (min(2, int(y * 3)), min(2, int(x * 3)))
        name = f"{('top', 'middle', 'bottom')[row]}_{('left', 'centre', 'right')[column]}"
        return "centre" if name == "middle_centre" else name


class Overlays:
    """All overlays of a clip, ready to be drawn.

    Args:
        overlays: in the order they are laid, the last on top; cards lie under all others.
        width, height: of the frame, pixels.
        rate: frames a second.

    Drawing raises ValueError for an overlay that does not fit the frame, MissingFont for letters nobody can draw.
    """

    def __init__(self, overlays: tuple[Overlay, ...], width: int, height: int, rate: Fraction) -> None:
        self.size = (width, height)
        self.rate = rate
        self._overlays = overlays
        self.grounds = Grounds(rate)
        self._resting: dict[int, tuple[Moment, Stamp]] = {}

    @cached_property
    def placed(self) -> tuple[Placed, ...]:
        """Every overlay with its frames and its box."""
        return tuple(self._place(overlay) for overlay in self._overlays)

    @cached_property
    def texts(self) -> tuple[tuple[str, int, int, Box], ...]:
        """Every text on the screen: what, first frame, frame after the last, box; a countdown gives one a number."""
        found = []
        for placed in self.placed:
            if placed.overlay.kind == "countdown_timer":
                found += self._numbers(placed)
            else:
                found += [(" ".join(text.text.split()), placed.first, placed.after, text.box) for text in placed.texts]
        return tuple(found)

    @property
    def facts(self) -> dict[str, str]:
        """Which faces the texts are drawn with; empty without any."""
        faces = {face_for(o.text, o.serif, o.weight).name for o in self._overlays if o.text}
        return {"faces": ", ".join(sorted(faces))} if faces else {}

    def drawn(self, picture: U8, frame: int) -> U8:
        """Return `picture` with what shows at `frame`; the same array when nothing does."""
        shown = [number for number in self._order if self.placed[number].first <= frame < self.placed[number].after]
        self._resting = {number: self._resting[number] for number in shown if number in self._resting}
        if not shown:
            return picture
        out = picture.copy()
        for number in shown:
            self.grounds.look(out, number, frame, self.placed[number].first, self.placed[number].texts)
            self._lay(out, number, frame)
        return out

    @cached_property
    def _order(self) -> list[int]:
        """Numbers of the overlays in the order they are laid: cards lie under everything else."""
        kinds = [overlay.kind in CARDS for overlay in self._overlays]
        return sorted(range(len(kinds)), key=lambda number: not kinds[number])

    def _place(self, overlay: Overlay) -> Placed:
        first, after = (self._frame(bound) for bound in (overlay.start_s, overlay.end_s))
        art = _turned(drawn(overlay, self.size, Moment()), overlay.rotation_deg)
        x, y = self._corners[overlay]
        boxes = Box.of(*self._fractions(ink_box(art.picture), x, y))
        texts = tuple(self._text(text, x, y) for text in _texts(overlay, art))
        return Placed(overlay, first, max(after, first + 1), boxes, texts)

    def _text(self, text: Written, x: int, y: int) -> Text:
        whole = self._fractions(text.box, x, y)
        box = Box.of(*whole)
        cut = 1 - box.area / max(whole[2] * whole[3], 1e-9)
        return Text(text.text, text.lines, box, text.cap_px / self.size[1], cut if cut > 1e-3 else 0.0)

    def _fractions(self, box: PixelBox, x: int, y: int) -> tuple[float, float, float, float]:
        left, top, right, bottom = box
        width, height = self.size
        return (x + left) / width, (y + top) / height, (right - left) / width, (bottom - top) / height

    def _frame(self, time_s: float) -> int:
        return max(0, round(time_s * self.rate))

    @cached_property
    def _corners(self) -> dict[Overlay, tuple[int, int]]:
        """Overlay to the left and top of its picture at rest, pixels."""
        return {overlay: self._corner(overlay) for overlay in self._overlays}

    def _corner(self, overlay: Overlay) -> tuple[int, int]:
        if overlay.kind in FULL_FRAME:
            return 0, 0
        width, height = self.size
        art = _turned(drawn(overlay, self.size, Moment()), overlay.rotation_deg)
        left, top, right, bottom = ink_box(art.picture)
        if not overlay.bleed and (right - left > width or bottom - top > height):
            raise ValueError(
                f"overlay {overlay.kind} {overlay.text[:40]!r} is {right - left}x{bottom - top} pixels, "
                f"the frame {width}x{height}: make it smaller, or let it bleed"
            )
        if overlay.place:
            wide, high = (right - left) / width, (bottom - top) / height
            x, y = place_box(wide, high, overlay.place, overlay.profile, self.size)
            return round(x * width) - left, round(y * height) - top
        x, y = round(overlay.at[0] * width - art.width / 2), round(overlay.at[1] * height - art.height / 2)
        if overlay.bleed:
            return x, y
        return min(max(x, -left), width - right), min(max(y, -top), height - bottom)

    def _numbers(self, placed: Placed) -> list[tuple[str, int, int, Box]]:
        found, begins_s, highest = [], placed.overlay.start_s, int(placed.overlay.text)
        for number in range(highest, 0, -1):
            start = self._frame(begins_s + highest - number)
            end = self._frame(begins_s + highest - number + 1) if number > 1 else placed.after
            if start < placed.after:
                art = drawn(placed.overlay, self.size, Moment(beat=number))
                box = Box.of(*self._fractions(art.written[0].box, *self._corners[placed.overlay]))
                found.append((str(number), start, min(end, placed.after), box))
        return found

    def _lay(self, out: U8, number: int, frame: int) -> None:
        placed = self.placed[number]
        overlay, moment = placed.overlay, self._moment(placed, frame)
        x, y = self._corners[overlay]
        come = self._way(overlay.entry_s, frame - placed.first + 1)
        go = self._way(overlay.leave_s, placed.after - frame)
        if (come >= 1 or overlay.entry in ("none", "typewriter")) and (go >= 1 or overlay.leave == "none"):
            self._rest(overlay, number, moment).lay(out, x, y)
            return
        picture = _turned(drawn(overlay, self.size, moment), overlay.rotation_deg).picture
        picture, right, down = moved(picture, overlay.entry, come, self.size[1])
        picture, further, deeper = moved(picture, overlay.leave, go, self.size[1])
        Stamp.of(picture).lay(out, x + right + further, y + down + deeper)

    def _rest(self, overlay: Overlay, number: int, moment: Moment) -> Stamp:
        """Return the overlay at rest, prepared again only when its picture changes."""
        known = self._resting.get(number)
        if known is None or known[0] != moment:
            art = _turned(drawn(overlay, self.size, moment), overlay.rotation_deg)
            known = self._resting[number] = moment, Stamp.of(art.picture)
        return known[1]

    def _way(self, lasts_s: float, frames: int) -> float:
        """Return the share of the way that an overlay has come after some frames."""
        return min(1.0, frames / (max(1, round(lasts_s * self.rate)) + 1))

    def _moment(self, placed: Placed, frame: int) -> Moment:
        overlay, shown = placed.overlay, None
        share = (frame - placed.first) / max(1, placed.after - placed.first - 1) if overlay.kind in FLOWING else 1.0
        if overlay.entry == "typewriter":
            come = self._way(overlay.entry_s, frame - placed.first + 1)
            shown = None if come >= 1 else max(1, round(come * len(overlay.text)))
        return Moment(share, self._beat(overlay, frame), shown)

    def _beat(self, overlay: Overlay, frame: int) -> int:
        """Return the lit word of a karaoke line, the number of a countdown, or the step of what moves in steps."""
        since_s = float(frame / self.rate) - overlay.start_s + 1e-6
        if overlay.kind == "countdown_timer":
            return max(1, int(overlay.text) - int(since_s))
        if overlay.kind in BEATS_PER_S:
            return int(since_s * BEATS_PER_S[overlay.kind])
        if overlay.kind != "subtitle_word_karaoke":
            return 0
        count = len(overlay.text.split())
        step = (overlay.end_s - overlay.start_s) / max(1, count)
        starts = overlay.word_starts_s or tuple(overlay.start_s + k * step for k in range(count))
        return max(0, sum(start - overlay.start_s <= since_s for start in starts) - 1)


def _texts(overlay: Overlay, art: Art) -> tuple[Written, ...]:
    """Return the texts that are read one by one: mostly one."""
    if not art.written or overlay.kind in BREAKS_INTO_TEXTS:
        return art.written
    lines = tuple(line for text in art.written for line in text.lines)
    box = bounds([text.box for text in art.written])
    return (Written(overlay.text, lines, box, max(text.cap_px for text in art.written)),)


def _turned(art: Art, degrees: float) -> Art:
    """Return a picture turned clockwise on a canvas that holds it, the boxes of its texts around their corners."""
    if not degrees:
        return art
    matrix, size = turning(art.width, art.height, degrees)
    written = []
    for text in art.written:
        left, top, right, bottom = text.box
        corners = [matrix @ (x, y, 1.0) for x in (left, right) for y in (top, bottom)]
        xs, ys = [round(float(x)) for x, _ in corners], [round(float(y)) for _, y in corners]
        written.append(Written(text.text, text.lines, (min(xs), min(ys), max(xs), max(ys)), text.cap_px))
    return Art(warped(art.picture, matrix, size), tuple(written))

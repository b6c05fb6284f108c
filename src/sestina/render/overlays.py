"""Overlays: captions, counters, prices, buttons, bars and cards laid over the picture and fixed to the screen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, lru_cache

import cv2
import numpy as np
import numpy.typing as npt

from sestina.core.evidence import Box
from sestina.render.lettering import Lettering, font_name, ink_box, lettered, rounded, under
from sestina.render.parts.overlay import Overlay
from sestina.render.world import blend

U8 = npt.NDArray[np.uint8]

MAX_LINE = 0.86
"""Widest line of text, of the frame's width."""

FULL_FRAME = ("title_card", "end_card")
"""Kinds that cover the whole picture."""


@dataclass(frozen=True)
class Placed:
    """One overlay as drawn: frames `first` up to, not including, `after`; its box at rest; its text and that one's box.

    `position` names its cell of a 3x3 grid over the frame, such as `bottom_centre`.
    """

    overlay: Overlay
    first: int
    after: int
    box: Box
    text: str
    text_box: Box

    @property
    def position(self) -> str:
        """Row and column of its middle in a 3x3 grid."""
        x, y = self.box.centre
        row = ("top", "middle", "bottom")[min(2, int(y * 3))]
        return f"{row}_{('left', 'centre', 'right')[min(2, int(x * 3))]}"


class Overlays:
    """All overlays of a clip, ready to be drawn.

    Args:
        overlays: in the order they are laid, the last on top.
        width, height: of the frame, pixels.
        rate: frames a second.
    """

    def __init__(self, overlays: tuple[Overlay, ...], width: int, height: int, rate: Fraction) -> None:
        self.size = (width, height)
        self.rate = rate
        self._overlays = overlays

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
            elif placed.text:
                found.append((placed.text.replace("\n", " "), placed.first, placed.after, placed.text_box))
        return tuple(found)

    @property
    def facts(self) -> dict[str, str]:
        """Which faces the text is drawn with; empty without overlays."""
        kinds = {overlay.serif for overlay in self._overlays}
        return {("serif" if serif else "sans"): font_name(serif) for serif in sorted(kinds)}

    def drawn(self, picture: U8, frame: int) -> U8:
        """Return `picture` with what shows at `frame`; the same array when nothing does."""
        shown = [placed for placed in self.placed if placed.first <= frame < placed.after]
        if not shown:
            return picture
        out = picture.copy()
        for placed in shown:
            self._lay(out, placed, frame)
        return out

    def _place(self, overlay: Overlay) -> Placed:
        first, after = (self._frame(bound) for bound in (overlay.start_s, overlay.end_s))
        sprite = sprite_of(overlay, self.size, 1.0)
        x, y = self._corner(overlay, sprite)
        box = text_box = self._box(sprite, x, y)
        if overlay.kind in FULL_FRAME and overlay.text:
            text = lettered(overlay.text, _letters(overlay, self.size, style="plain"))
            text_box = self._box(text, *_centred(text, overlay, self.size))
        said = "" if overlay.kind == "progress_bar" else overlay.text
        return Placed(overlay, first, max(after, first + 1), box, said, text_box)

    def _box(self, sprite: U8, x: int, y: int) -> Box:
        """Return the box of a sprite's ink when its corner lies at x, y pixels."""
        left, top, right, bottom = ink_box(sprite)
        width, height = self.size
        return Box.of((x + left) / width, (y + top) / height, (right - left) / width, (bottom - top) / height)

    def _frame(self, time_s: float) -> int:
        return max(0, round(time_s * self.rate))

    def _corner(self, overlay: Overlay, sprite: U8) -> tuple[int, int]:
        """Return the sprite's left and top for its middle to lie where the script says, kept inside the frame."""
        width, height = self.size
        x, y = _centred(sprite, overlay, self.size)
        return min(max(x, 0), max(0, width - sprite.shape[1])), min(max(y, 0), max(0, height - sprite.shape[0]))

    def _numbers(self, placed: Placed) -> list[tuple[str, int, int, Box]]:
        found = []
        for number in range(int(placed.text), 0, -1):
            start = self._frame(placed.overlay.start_s + int(placed.text) - number)
            end = self._frame(placed.overlay.start_s + int(placed.text) - number + 1) if number > 1 else placed.after
            if start < placed.after:
                found.append((str(number), start, min(end, placed.after), placed.box))
        return found

    def _lay(self, out: U8, placed: Placed, frame: int) -> None:
        overlay = placed.overlay
        share = (frame - placed.first) / max(1, placed.after - placed.first - 1)
        sprite = sprite_of(overlay, self.size, share if overlay.kind in MOVING else 1.0, self._beat(placed, frame))
        x, y = self._corner(overlay, sprite_of(overlay, self.size, 1.0))
        come = self._come(placed, frame)
        if overlay.entry == "pop" and come < 1:
            sprite = _scaled(sprite, 0.6 + 0.4 * _overshot(come))
        elif overlay.entry == "slide" and come < 1:
            y += round((1 - come) ** 2 * self.size[1] * 0.06)
        if overlay.entry in ("fade", "slide", "pop") and come < 1:
            sprite = faded(sprite, min(1.0, come * (1 if overlay.entry == "fade" else 2)))
        _stamp(out, sprite, x, y)

    def _come(self, placed: Placed, frame: int) -> float:
        frames = max(1, round(placed.overlay.entry_s * self.rate))
        return min(1.0, (frame - placed.first + 1) / (frames + 1))

    def _beat(self, placed: Placed, frame: int) -> int:
        """Return the lit word of a karaoke line, or the number of a countdown."""
        overlay, time_s = placed.overlay, float(frame / self.rate)
        if overlay.kind == "countdown_timer":
            return max(1, int(overlay.text) - int(time_s - overlay.start_s + 1e-6))
        if overlay.kind != "subtitle_word_karaoke":
            return 0
        count = len(overlay.text.split())
        step = (overlay.end_s - overlay.start_s) / max(1, count)
        starts = overlay.word_starts_s or tuple(overlay.start_s + k * step for k in range(count))
        return max(0, sum(start <= time_s + 1e-6 for start in starts) - 1)


@lru_cache(maxsize=128)
def sprite_of(overlay: Overlay, size: tuple[int, int], share: float, beat: int = 0) -> U8:
    """Return an overlay's picture, uint8 RGBA.

    Args:
        overlay: what to draw.
        size: width and height of the frame, pixels.
        share: how much of its time has passed, 0..1, for bars that fill.
        beat: number of the lit word, or the number a countdown shows.
    """
    return DRAWN.get(overlay.kind, _plain_text)(overlay, size, share, beat)


def _letters(overlay: Overlay, size: tuple[int, int], scale: float = 1.0, style: str | None = None) -> Lettering:
    return Lettering(
        cap_px=max(5, round(overlay.size * scale * size[1])), max_width_px=round(MAX_LINE * size[0]),
        colour=overlay.colour, back=overlay.back, style=style or overlay.style, serif=overlay.serif,
    )  # fmt: skip


def _plain_text(overlay: Overlay, size: tuple[int, int], share: float, beat: int) -> U8:
    return lettered(overlay.text, _letters(overlay, size))


def _karaoke(overlay: Overlay, size: tuple[int, int], share: float, beat: int) -> U8:
    return lettered(overlay.text, _letters(overlay, size), lit=beat, accent=overlay.accent)


def _countdown(overlay: Overlay, size: tuple[int, int], share: float, beat: int) -> U8:
    """A number on a disc, as wide for every number."""
    digits = lettered(str(beat or int(overlay.text)), _letters(overlay, size, style="plain"))
    side = round(overlay.size * size[1] * 3)
    return _on_shape(digits, side, side, side // 2, overlay.back)


def _pill(overlay: Overlay, size: tuple[int, int], share: float, beat: int) -> U8:
    """Text on a rounded rectangle: buttons and price tags."""
    text = lettered(overlay.text, _letters(overlay, size, style="plain"))
    cap = round(overlay.size * size[1])
    height = text.shape[0] + round(0.6 * cap)
    radius = height // 2 if overlay.kind == "cta_button" else round(0.45 * cap)
    return _on_shape(text, text.shape[1] + round(1.2 * cap), height, radius, overlay.back)


def _counter(overlay: Overlay, size: tuple[int, int], share: float, beat: int) -> U8:
    """A number or n/N in a rounded square, or plain text in any style but `box`."""
    if overlay.style != "box":
        return _plain_text(overlay, size, share, beat)
    text = lettered(overlay.text, _letters(overlay, size, style="plain"))
    height = text.shape[0]
    return _on_shape(text, max(height, text.shape[1]), height, height // 4, overlay.back)


def _on_shape(text: U8, width: int, height: int, radius: int, tone: tuple[int, int, int]) -> U8:
    """Return `text` in the middle of a rounded rectangle; its ink, not its font's line, is centred."""
    left, top, right, bottom = ink_box(text)
    canvas = np.zeros((height, max(width, right - left), 4), np.uint8)
    x, y = (canvas.shape[1] - (right - left)) // 2, (height - (bottom - top)) // 2
    canvas[y : y + bottom - top, x : x + right - left] = text[top:bottom, left:right]
    return under(canvas, rounded(canvas.shape[1], height, min(radius, height // 2)), tone)


def _lower_third(overlay: Overlay, size: tuple[int, int], share: float, beat: int) -> U8:
    """A name over a title, on a bar with a stripe."""
    name, _, title = overlay.text.partition("\n")
    upper = lettered(name, _letters(overlay, size, style="plain"))
    lower = lettered(title or " ", _letters(overlay, size, 0.72, style="plain"))
    width = max(upper.shape[1], lower.shape[1])
    bar = np.zeros((upper.shape[0] + round(0.7 * lower.shape[0]), width, 4), np.uint8)
    bar[: upper.shape[0], : upper.shape[1]] = upper
    y = bar.shape[0] - lower.shape[0]
    part = bar[y:, : lower.shape[1]]
    part[lower[..., 3] > 0] = lower[lower[..., 3] > 0]
    solid = np.full(bar.shape[:2], 225, np.uint8)
    card = under(bar, solid, overlay.back)
    stripe = max(3, round(overlay.size * size[1] * 0.28))
    card[:, :stripe] = (*overlay.accent, 255)
    return card


def _bar(overlay: Overlay, size: tuple[int, int], share: float, beat: int) -> U8:
    """A strip across the frame that fills from the left."""
    strip = np.zeros((max(4, round(overlay.size * size[1])), size[0], 4), np.uint8)
    strip[:] = (*overlay.back, 160)
    strip[:, : round(share * size[0])] = (*overlay.accent, 255)
    return strip


def _mark(overlay: Overlay, size: tuple[int, int], share: float, beat: int) -> U8:
    """A small emblem: a disc with a notch and a dot, and its name beside it if it has one."""
    side = max(12, round(overlay.size * size[1])) * 4
    disc = np.zeros((side, side, 4), np.uint8)
    middle, radius = side // 2, side // 2 - 2
    cv2.circle(disc, (middle, middle), radius, (*overlay.colour, 255), -1, cv2.LINE_AA)
    notch = np.array([[middle - radius // 3, middle - radius // 2], [middle - radius // 3, middle + radius // 2],
                      [middle + radius * 3 // 5, middle]], np.int32)  # fmt: skip
    cv2.fillPoly(disc, [notch], (*overlay.back, 255), cv2.LINE_AA)
    small = np.asarray(cv2.resize(disc, (side // 4, side // 4), interpolation=cv2.INTER_AREA), np.uint8)
    if not overlay.text:
        return small
    how = Lettering(cap_px=max(5, side // 11), max_width_px=size[0], colour=overlay.colour, back=overlay.back)
    name = lettered(overlay.text, how)
    out = np.zeros((max(small.shape[0], name.shape[0]), small.shape[1] + name.shape[1], 4), np.uint8)
    for part, x in ((small, 0), (name, small.shape[1])):
        y = (out.shape[0] - part.shape[0]) // 2
        out[y : y + part.shape[0], x : x + part.shape[1]] = part
    return out


def _card(overlay: Overlay, size: tuple[int, int], share: float, beat: int) -> U8:
    """A full-frame card: a soft gradient of `back` with the text where `at` says."""
    width, height = size
    ramp = np.linspace(1.25, 0.7, height, dtype=np.float32)[:, None, None]
    tone = np.clip(np.asarray(overlay.back, np.float32) * ramp, 0, 255)
    card = np.full((height, width, 4), 255, np.uint8)
    card[..., :3] = tone
    if overlay.text:
        text = lettered(overlay.text, _letters(overlay, size, style="plain"))
        _stamp(card[..., :3], text, *_centred(text, overlay, size))
    return card


def _centred(sprite: U8, overlay: Overlay, size: tuple[int, int]) -> tuple[int, int]:
    """Return left and top of a sprite whose middle lies where the overlay says, pixels."""
    return round(overlay.at[0] * size[0] - sprite.shape[1] / 2), round(overlay.at[1] * size[1] - sprite.shape[0] / 2)


def faded(sprite: U8, share: float) -> U8:
    """Return an RGBA picture with its alpha multiplied by `share`."""
    out = sprite.copy()
    out[..., 3] = (sprite[..., 3] * share).astype(np.uint8)
    return out


def _overshot(share: float) -> float:
    """Return progress 0..1 that runs past 1 and comes back (back ease-out)."""
    back = 1.7
    rest = share - 1
    return 1 + (back + 1) * rest**3 + back * rest**2


def _scaled(sprite: U8, scale: float) -> U8:
    """Return the sprite scaled about its middle, on a canvas of its own size."""
    height, width = sprite.shape[:2]
    matrix = cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), 0, scale)
    return np.asarray(cv2.warpAffine(sprite, matrix, (width, height)), np.uint8)


def _stamp(out: U8, sprite: U8, x: int, y: int) -> None:
    """Blend a sprite into the frame in place, cut at the border."""
    top, left = max(0, y), max(0, x)
    bottom, right = min(out.shape[0], y + sprite.shape[0]), min(out.shape[1], x + sprite.shape[1])
    if top < bottom and left < right:
        blend(out[top:bottom, left:right], sprite[top - y : bottom - y, left - x : right - x])


DRAWN: dict[str, Callable[[Overlay, tuple[int, int], float, int], U8]] = {
    "subtitle_word_karaoke": _karaoke, "countdown_timer": _countdown, "price_tag": _pill, "discount": _pill,
    "cta_button": _pill, "list_counter": _counter, "step_label": _counter, "lower_third": _lower_third,
    "progress_bar": _bar, "logo_bug": _mark, "title_card": _card, "end_card": _card,
}  # fmt: skip
"""How each kind is drawn; all others are text."""

MOVING = ("progress_bar",)
"""Kinds whose picture changes with every frame."""

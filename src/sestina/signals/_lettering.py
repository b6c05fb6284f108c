"""What a line of lettering looks like: colours, contrast, height of its capitals, outline or box, business behind it.

Everything is measured on the crop that the reader saw; contrast is the ratio of relative luminances of WCAG 2.2.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from sestina.core.frames import U8

Mask = npt.NDArray[np.bool_]
WORST = 10
"""Percentile of the local contrasts that is reported: the worst tenth of the line."""
CAP_SHARE = 0.66
"""Height of a capital as a share of the detector's line box, used where the strokes cannot be measured (found on
rendered lines of DejaVu and Noto)."""
EVEN = 9.0
"""Standard deviation, grey levels, of the pixels behind letters that stand on one colour."""
OTHER = 22.0
"""Difference, 8-bit steps, at which the picture beyond a box has another colour than the box."""
ENCLOSED = 0.45
"""Share of their own area that outlines enclose; the eyes of plain letters come to about a fifth."""
FAINT = 0.25
"""A class this much nearer to the middle than the other is a shade of the background."""
RIM = 0.25
"""Share of the crop's border that letters touch at most."""
LIT_DROP = 30
"""8-bit steps by which the strongest channel of a lit word may be weaker than that of the other words."""
LIT = 16.0
"""Distance in Lab chroma at which letters have another colour: white against a pale accent measures about 25."""
PLAIN_SIDE = 160
ROWS = 64
"""Height a line is brought to before it is measured, pixels."""
OUTLINE_RIM, RIM_BEYOND_BLUR = (9, 3), (13, 7)
"""Where the background of letters is looked at: in the outline if they have one, else beyond their blurred edge."""
SHIFT, LEAN, LEAN_AND_FALL = 6, 6.4, 12.8
"""A shadow is looked for so many pixels down and right; how much darker it is there, grey levels, and in all. On photos
found in 4 of 5 shadowed lines, in 1 of 9 plain and 1 of 16 outlined ones, look by look."""
SPECK, MOST_ROOM = 20, 0.36
"""Pixels of a line brought to `ROWS` that no letter or dot is smaller than; most room, of the line's height, that the
detector leaves around letters (measured 0.1 to 0.33 on rendered captions)."""
COLUMNS = 12
"""The line is cut into this many parts, and the contrast of the worst tenth counts."""


@dataclass(frozen=True, kw_only=True)
class Lettering:
    """Measures of one line.

    Args:
        colour: of the letters, sRGB hex.
        background: around the letters, sRGB hex.
        contrast: WCAG ratio in the worst tenth of the line, 1..21.
        cap_height_px: height of the capitals (or tall strokes), pixels of the picture.
        style: any of plain, outline, shadow, box.
        busyness: share of background pixels on edges, 0..1.
        lit: middle of the one word or run of letters that has another colour, as a share of the line; NaN for none.
        inset: from the crop's left, top, right and bottom edge to the ink, shares of its width and height.
    """

    colour: str
    background: str
    contrast: float
    cap_height_px: float
    style: tuple[str, ...]
    busyness: float
    lit: float = float("nan")
    inset: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0)


def relative_luminance(rgb: npt.NDArray[np.floating]) -> npt.NDArray[np.float64]:
    """Return WCAG relative luminance, 0..1, of sRGB colours [...,3] in 0..255."""
    value = np.asarray(rgb, np.float64) / 255
    linear = np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)
    return np.asarray(linear @ np.asarray([0.2126, 0.7152, 0.0722]))


def contrast_ratio(one: npt.NDArray[np.floating], two: npt.NDArray[np.floating]) -> npt.NDArray[np.float64]:
    """Return the WCAG contrast ratio, 1..21, of sRGB colours [...,3]."""
    first, second = relative_luminance(one), relative_luminance(two)
    return np.asarray((np.maximum(first, second) + 0.05) / (np.minimum(first, second) + 0.05))


def hex_colour(rgb: npt.NDArray[np.floating]) -> str:
    """Return an sRGB colour [3] in 0..255 as `#rrggbb`."""
    red, green, blue = (int(np.clip(round(float(v)), 0, 255)) for v in rgb)
    return f"#{red:02x}{green:02x}{blue:02x}"


def measure(crop: U8, around: U8 | None = None) -> Lettering:
    """Return the measures of one upright line [h,w,3], cut close around the letters.

    `around` holds pixels [n,3] of the picture a line's height away, by which a box behind the letters is told from a
    plain background.
    """
    height = crop.shape[0]
    scale = ROWS / max(1, height)
    size = (min(1200, max(8, round(crop.shape[1] * scale))), ROWS)
    image = cv2.resize(crop, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR).astype(np.uint8)
    letters = strokes(image)
    behind = ~cv2.dilate(letters.astype(np.uint8), np.ones((3, 3), np.uint8)).astype(bool)
    if not letters.any() or not behind.any():
        return Lettering(
            colour="#000000", background="#000000", contrast=1.0, cap_height_px=CAP_SHARE * height,
            style=("plain",), busyness=0.0,
        )  # fmt: skip
    core = _core(letters)
    colour, background = np.median(image[core], axis=0), np.median(image[behind], axis=0)
    style = _style(image, letters, background, around)
    return Lettering(
        colour=hex_colour(colour),
        background=hex_colour(background),
        contrast=_worst_contrast(image, core, letters, OUTLINE_RIM if "outline" in style else RIM_BEYOND_BLUR),
        cap_height_px=_cap_height(letters) / scale,
        style=style,
        busyness=_busyness(image, behind),
        lit=lit_place(image, core),
        inset=_inset(letters),
    )


def strokes(image: U8) -> Mask:
    """Return which pixels of a line [h,w,3] belong to letters, bool [h,w].

    Greys are put into three classes, dark, middle and bright. Letters are the dark or the bright one: the one that the
    border of the crop hardly touches, and where neither is touched, the one whose neighbours are of one class only, for
    an outline lies between its letters and the background. Where "letters" enclose much, they are outlines, and what
    they enclose are the letters.
    """
    grey: U8 = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY).astype(np.uint8)
    dark, middle, bright = three_tones(grey)
    low, high = grey <= (dark + middle) / 2, grey >= (middle + bright) / 2
    is_bright = _bright_letters(low, high, (middle - dark, bright - middle))
    letters = high if is_bright else low
    inside = _enclosed(letters)
    if inside.sum() > ENCLOSED * letters.sum():
        return inside
    return _with_lit_words(image, letters) if is_bright else letters


def _enclosed(mask: Mask) -> Mask:
    """Return the pixels off `mask` [h,w] that it closes in on all sides."""
    padded = np.pad(~mask, 1, constant_values=True).astype(np.uint8)
    _, labels = cv2.connectedComponents(padded, connectivity=4)
    return np.asarray((labels[1:-1, 1:-1] != labels[0, 0]) & ~mask)


def _bright_letters(low: Mask, high: Mask, steps: tuple[float, float]) -> bool:
    """Whether of a dark and a bright class, `steps` grey levels off the middle, the bright one holds the letters."""
    if min(steps) < FAINT * max(steps):
        return steps[1] > steps[0]
    touched = _rim(low), _rim(high)
    if max(touched) > RIM:
        return touched[1] < touched[0]
    beside = [_beside_middle(mask, ~(low | high)) for mask in (low, high)]
    clear = abs(beside[0] - beside[1]) > 0.15
    return beside[1] < beside[0] if clear else steps[1] > steps[0]


def three_tones(grey: U8) -> tuple[float, float, float]:
    """Return the centres of three classes of grey, dark to bright (Lloyd's algorithm on the histogram, 1982)."""
    counts = np.bincount(grey.ravel(), minlength=256).astype(np.float64)
    levels = np.arange(256.0)
    centres = np.percentile(grey, (3, 50, 97)).astype(np.float64)
    for _ in range(12):
        nearest = np.abs(levels[:, None] - centres[None]).argmin(axis=1)
        for k in range(3):
            weight = counts[nearest == k].sum()
            if weight > 0:
                centres[k] = (levels * counts)[nearest == k].sum() / weight
    dark, middle, bright = np.sort(centres)
    return float(dark), float(middle), float(bright)


def _rim(mask: Mask) -> float:
    """Return the share of the crop's border that a class touches."""
    rim = np.concatenate([mask[:2].ravel(), mask[-2:].ravel(), mask[:, :2].ravel(), mask[:, -2:].ravel()])
    return float(rim.mean())


def _beside_middle(mask: Mask, middle: Mask) -> float:
    """Return the share of a class's neighbours, a few pixels out (past blended rims), that are of the middle class."""
    inner = cv2.dilate(mask.astype(np.uint8), np.ones((3, 3), np.uint8)).astype(bool)
    outer = cv2.dilate(mask.astype(np.uint8), np.ones((7, 7), np.uint8)).astype(bool)
    ring = outer & ~inner
    return float(middle[ring].mean()) if ring.any() else 1.0


def _with_lit_words(image: U8, letters: Mask) -> Mask:
    """Return bright letters together with words in another bright colour: as high, and clear of the crop's border."""
    rows = np.flatnonzero(letters.any(axis=1))
    if not len(rows):
        return letters
    top = image.max(axis=2)
    ink = float(np.median(top[letters]))
    others = (top >= ink - LIT_DROP) & ~letters
    count, labels, stats, _ = cv2.connectedComponentsWithStats(others.astype(np.uint8))
    height, width = letters.shape
    joined = letters.copy()
    tall = rows[-1] - rows[0] + 1
    for i in range(1, count):
        x, y, w, h, area = (int(v) for v in stats[i])
        free = x > 1 and y > 1 and x + w < width - 1 and y + h < height - 1
        if free and area >= 24 and 0.3 * tall <= h <= 1.1 * tall and w <= 2.5 * tall:
            joined |= labels == i
    return joined


def _core(letters: Mask) -> Mask:
    """Return the inside of strokes, free of their blended rims; all strokes when they are too thin."""
    inner = cv2.erode(letters.astype(np.uint8), np.ones((3, 3), np.uint8)).astype(bool)
    return inner if inner.sum() > 0.15 * letters.sum() else letters


def _worst_contrast(image: U8, core: Mask, letters: Mask, rim: tuple[int, int]) -> float:
    """Return the contrast in the worst tenth of the line, each part against what is next to its letters.

    `rim` is the size, pixels, of the kernels that grow the letters to the outer and to the inner edge of that.
    """
    near, touching = (cv2.dilate(letters.astype(np.uint8), np.ones((k, k), np.uint8)).astype(bool) for k in rim)
    ring = near & ~touching
    ratios = []
    for part in np.array_split(np.arange(image.shape[1]), COLUMNS):
        inside, around = image[:, part][core[:, part]], image[:, part][ring[:, part]]
        if len(inside) >= 6 and len(around) >= 6:
            ratios.append(float(contrast_ratio(np.median(inside, axis=0), np.median(around, axis=0))))
    return float(np.percentile(ratios, WORST)) if ratios else 1.0


def _inset(letters: Mask) -> tuple[float, float, float, float]:
    """Return the room around the ink as shares; specks and what touches the edge do not count."""
    height, width = letters.shape
    count, _, stats, _ = cv2.connectedComponentsWithStats(letters.astype(np.uint8))
    parts = [
        (x, y, x + w, y + h)
        for x, y, w, h, area in stats[1:count]
        if area >= SPECK and x > 0 and y > 0 and x + w < width and y + h < height
    ]
    if not parts:
        return 0.0, 0.0, 0.0, 0.0
    lefts, tops, rights, bottoms = (np.asarray(side) for side in zip(*parts, strict=True))
    across, down = MOST_ROOM * height / width, MOST_ROOM
    return (
        min(across, float(lefts.min()) / width), min(down, float(tops.min()) / height),
        min(across, 1 - float(rights.max()) / width), min(down, 1 - float(bottoms.max()) / height),
    )  # fmt: skip


def _cap_height(letters: Mask) -> float:
    """Return the height, in rows, of the tall letters of a line: the 80th percentile of its components."""
    count, _, stats, _ = cv2.connectedComponentsWithStats(letters.astype(np.uint8))
    heights = [int(s[cv2.CC_STAT_HEIGHT]) for s in stats[1:count] if s[cv2.CC_STAT_AREA] >= 12]
    tall = [h for h in heights if h >= 12]
    return float(np.percentile(tall, 70)) if tall else CAP_SHARE * letters.shape[0]


def _style(
    image: U8, letters: Mask, paper: npt.NDArray[np.floating], around: U8 | None
) -> tuple[str, ...]:
    """Return how the letters are set off: an even box behind, a shadow, a contrasting outline around, or nothing."""
    grey = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY).astype(np.float32)
    kernel = np.ones((3, 3), np.uint8)
    one = cv2.dilate(letters.astype(np.uint8), kernel, iterations=2).astype(bool)
    two = cv2.dilate(one.astype(np.uint8), kernel, iterations=2).astype(bool)
    ring, far = one & ~letters, ~two
    if not ring.any() or not far.any():
        return ("plain",)
    if float(grey[far].std()) < EVEN and around is not None and len(around):
        other = np.abs(around.astype(np.float32) - paper).max(axis=1) > OTHER
        return ("box",) if float(other.mean()) > 0.5 else ("plain",)
    if _is_shadowed(grey, letters):
        return ("shadow",)
    own = float(grey[letters].mean())
    near, beyond = float(grey[ring].mean()), float(grey[far].mean())
    deeper = abs(own - near) > abs(own - beyond) + 12
    return ("outline",) if deeper and float(grey[ring].std()) < float(grey[far].std()) + 40 else ("plain",)


def _is_shadowed(grey: npt.NDArray[np.float32], letters: Mask) -> bool:
    """Whether it is darker below and right of the letters than above and left, and near them than further off."""
    grown = [cv2.dilate(letters.astype(np.uint8), np.ones((2 * d + 1, 2 * d + 1), np.uint8)).astype(bool)
             for d in (1, 5, 7, 9, 14)]  # fmt: skip
    below, above = np.zeros_like(letters), np.zeros_like(letters)
    below[SHIFT:, SHIFT:], above[:-SHIFT, :-SHIFT] = letters[:-SHIFT, :-SHIFT], letters[SHIFT:, SHIFT:]
    places = below & ~grown[0], above & ~grown[0], grown[2] & ~grown[1], grown[4] & ~grown[3]
    if not all(place.any() for place in places):
        return False
    under, over, near, far = (float(grey[place].mean()) for place in places)
    lean, fall = over - under, far - near
    return lean >= LEAN and fall > 0 and lean + fall >= LEAN_AND_FALL


def _busyness(image: U8, behind: Mask) -> float:
    """Return the share of the background's pixels that lie on edges."""
    grey = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)
    gradient = cv2.morphologyEx(grey, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8)) > 40
    clear = behind & ~cv2.dilate((~behind).astype(np.uint8), np.ones((5, 5), np.uint8)).astype(bool)
    return float(gradient[clear].mean()) if clear.sum() >= 50 else 0.0


def lit_place(image: U8, core: Mask) -> float:
    """Return where in the line, 0..1, one run of letters has another colour than most; NaN when none has.

    Columns are compared by the chroma of their letters, so that shade and antialiasing do not matter.
    """
    lab = cv2.cvtColor(image, cv2.COLOR_RGB2LAB).astype(np.float32)
    usual = np.median(lab[core], axis=0)
    counts = core.sum(axis=0)
    columns = np.flatnonzero(counts >= 3)
    if len(columns) < 24:
        return float("nan")
    own = (lab * core[..., None]).sum(axis=0)[columns] / counts[columns, None]
    other = np.hypot(own[:, 1] - usual[1], own[:, 2] - usual[2]) > LIT
    share = float(other.mean())
    if not 0.06 <= share <= 0.6:
        return float("nan")
    places = columns[other]
    inside = (columns >= np.percentile(places, 5)) & (columns <= np.percentile(places, 95))
    one_run = bool(inside.any()) and float(other[inside].mean()) > 0.8
    return float(np.median(places)) / image.shape[1] if one_run else float("nan")


def plainness(rgb: U8, boxes: Sequence[tuple[float, float, float, float]]) -> float:
    """Return the share of a picture [H,W,3], outside `boxes` (fractions), that has no detail: near 1 for a card."""
    height, width = rgb.shape[:2]
    scale = min(1.0, PLAIN_SIDE / max(height, width))
    size = (max(8, round(width * scale)), max(8, round(height * scale)))
    grey = cv2.cvtColor(cv2.resize(rgb, size, interpolation=cv2.INTER_AREA), cv2.COLOR_RGB2GRAY)
    outside = np.ones(grey.shape, bool)
    for x, y, w, h in boxes:
        top, left = int((y - h * 0.5) * size[1]), int((x - h * 0.5) * size[0])
        bottom, right = int((y + 1.5 * h) * size[1]) + 1, int((x + w + h * 0.5) * size[0]) + 1
        outside[max(0, top) : bottom, max(0, left) : right] = False
    detail = cv2.morphologyEx(grey, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8)) > 10
    return 1.0 - float(detail[outside].mean()) if outside.sum() > 50 else 0.0

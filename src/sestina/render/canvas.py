"""Pictures that shots look at: painted textures, photographs and the user's own, larger than the frame.

Every painter takes a random generator and a size in pixels and returns uint8 RGB [H,W,3]; painters of near layers
return RGBA [H,W,4]. The same seed gives the same picture.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import cv2
import numpy as np
import numpy.typing as npt

from sestina.core.errors import MissingExtra
from sestina.render.footage import Footage, still
from sestina.render.parts.stage import Source
from sestina.render.scenes import desk, grasses, meadow, stand, sunrise, table

U8 = npt.NDArray[np.uint8]
F32 = npt.NDArray[np.float32]
Painter = Callable[[np.random.Generator, int, int], U8]

PHOTOGRAPHS = (
    "astronaut", "coffee", "cat", "chelsea", "rocket", "retina", "hubble_deep_field", "camera", "brick", "grass",
    "gravel", "coins", "moon",
)  # fmt: skip
"""Pictures inside scikit-image's wheel, which need no download."""


def canvas(source: Source, width: int, height: int) -> U8:
    """Return the far picture of `source`, uint8 RGB, `source.extent` times a frame of `width` x `height`.

    Raises MissingExtra when a photograph needs scikit-image, OpenError when an image file cannot be read,
    ValueError for an unknown painter.
    """
    return _canvas(source, *_size(source, width, height))


def near_canvas(source: Source, width: int, height: int) -> U8 | None:
    """Return the near layer of `source`, uint8 RGBA of the same size, or None when it has none."""
    if not source.near:
        return None
    painter = _known(source.near, NEAR_PAINTERS)
    rng = np.random.default_rng([source.seed, 77])
    return painter(rng, *_size(source, width, height))


def _size(source: Source, width: int, height: int) -> tuple[int, int]:
    return round(width * source.extent[0]), round(height * source.extent[1])


@lru_cache(maxsize=16)
def _canvas(source: Source, width: int, height: int) -> U8:
    if source.kind == "photo":
        return _covering(photograph(source.name), width, height)
    if source.kind == "image":
        return _covering(still(source.name)[..., :3], width, height)
    return painted(source.kind, source.seed, width, height)


@lru_cache(maxsize=64)
def painted(kind: str, seed: int, width: int, height: int) -> U8:
    """Return what the painter `kind` makes of a seed, uint8 RGB [height, width, 3]. Raises ValueError if unknown."""
    return _known(kind, PAINTERS)(np.random.default_rng(seed), width, height)


def moving_canvas(source: Source, width: int, height: int) -> Footage | None:
    """Return the far picture of a `clip`, which changes with time, or None for other kinds.

    Raises MediaError when the file cannot be read.
    """
    if source.kind != "clip":
        return None
    size = _size(source, width, height)
    return Footage(source, lambda picture: _covering(picture, *size))


def _known(name: str, painters: dict[str, Painter]) -> Painter:
    if name not in painters:
        raise ValueError(f"no painter is called {name!r}; known: {', '.join(painters)}")
    return painters[name]


def photograph(name: str) -> U8:
    """Return one of `PHOTOGRAPHS`, uint8 RGB.

    Raises MissingExtra without scikit-image, ValueError for another name.
    """
    if name not in PHOTOGRAPHS:
        raise ValueError(f"no photograph is called {name!r}; known: {', '.join(PHOTOGRAPHS)}")
    try:
        from skimage import data
    except ImportError as error:
        raise MissingExtra("photographs come with scikit-image", hint="pip install 'sestina[bench]'") from error
    picture = np.asarray(getattr(data, name)())
    return np.ascontiguousarray(np.repeat(picture[..., None], 3, 2) if picture.ndim == 2 else picture[..., :3])


def _covering(picture: U8, width: int, height: int) -> U8:
    """Scale and crop `picture` to fill the size."""
    scale = max(width / picture.shape[1], height / picture.shape[0])
    size = (max(width, round(picture.shape[1] * scale)), max(height, round(picture.shape[0] * scale)))
    large = cv2.resize(picture, size, interpolation=cv2.INTER_CUBIC if scale > 1 else cv2.INTER_AREA)
    y, x = (large.shape[0] - height) // 2, (large.shape[1] - width) // 2
    return np.ascontiguousarray(large[y : y + height, x : x + width])


def octaves(rng: np.random.Generator, width: int, height: int, cells: int = 3, fall: float = 0.62) -> F32:
    """Return multi-octave value noise, float32 [H,W], zero mean and unit deviation.

    Args:
        rng: where the numbers come from.
        width, height: pixels.
        cells: cells across the width in the coarsest octave.
        fall: amplitude of each octave relative to the coarser one; 0.5 is smooth, 0.8 rough.
    """
    total = np.zeros((height, width), np.float32)
    weight = 1.0
    while cells < width // 2:
        rows = max(2, round(cells * height / width))
        grid = rng.standard_normal((rows + 1, cells + 1)).astype(np.float32)
        total += weight * cv2.resize(grid, (width, height), interpolation=cv2.INTER_CUBIC)
        cells, weight = cells * 2, weight * fall
    return np.asarray((total - total.mean()) / (total.std() + 1e-6), np.float32)


def gradient(top: tuple[int, int, int], bottom: tuple[int, int, int], width: int, height: int) -> F32:
    """Return a vertical colour ramp, float32 RGB [H,W,3]."""
    ramp = np.linspace(0, 1, height, dtype=np.float32)[:, None, None]
    column = (1 - ramp) * np.asarray(top, np.float32) + ramp * np.asarray(bottom, np.float32)
    return np.ascontiguousarray(np.broadcast_to(column, (height, width, 3)))


def to_u8(picture: F32) -> U8:
    """Return `picture` rounded to uint8."""
    return np.asarray(np.clip(picture + 0.5, 0, 255), np.uint8)


def colour(rng: np.random.Generator, low: int = 40, high: int = 220) -> tuple[int, int, int]:
    """Return a random RGB colour with channels in `low`..`high`."""
    r, g, b = rng.integers(low, high, 3)
    return int(r), int(g), int(b)


def _noise(rng: np.random.Generator, width: int, height: int) -> U8:
    """A rough surface of two colours, like stone or cloth."""
    a, b = np.asarray(colour(rng, 20, 120), np.float32), np.asarray(colour(rng, 130, 240), np.float32)
    mix = 1 / (1 + np.exp(-1.4 * octaves(rng, width, height, 4, 0.72)))[..., None]
    grain = 9 * rng.standard_normal((height, width, 1)).astype(np.float32)
    return to_u8(a + mix * (b - a) + cv2.blur(grain, (2, 2))[..., None])


def _plain(rng: np.random.Generator, width: int, height: int) -> U8:
    """A nearly plain wall with scuffs and nail holes: little to hold on to, but enough."""
    base = gradient(colour(rng, 110, 200), colour(rng, 90, 180), width, height)
    plaster = 6 * octaves(rng, width, height, 5, 0.6) + 5 * octaves(rng, width, height, 70, 0.9)
    picture = to_u8(base + plaster[..., None])
    for _ in range(60):
        x, y, r = int(rng.integers(0, width)), int(rng.integers(0, height)), int(rng.integers(1, 2 + height // 90))
        cv2.circle(picture, (x, y), r, colour(rng, 60, 140), -1, cv2.LINE_AA)
    return picture


def _shapes(rng: np.random.Generator, width: int, height: int) -> U8:
    """Discs, boxes and triangles strewn over a soft ground."""
    picture = to_u8(gradient(colour(rng), colour(rng), width, height) + 12 * octaves(rng, width, height)[..., None])
    for _ in range(70):
        x, y = int(rng.integers(0, width)), int(rng.integers(0, height))
        r, tone, form = int(rng.integers(height // 40, height // 9)), colour(rng, 10, 250), rng.integers(3)
        if form == 0:
            cv2.circle(picture, (x, y), r, tone, -1, cv2.LINE_AA)
        elif form == 1:
            cv2.rectangle(picture, (x - r, y - r), (x + r, y + r // 2), tone, -1)
        else:
            corners = np.array([[x, y - r], [x - r, y + r], [x + r, y + r]], np.int32)
            cv2.fillPoly(picture, [corners], tone, cv2.LINE_AA)
    return picture


def _hills(rng: np.random.Generator, width: int, height: int) -> U8:
    """A gradient sky over ridges that grow darker and rougher as they come nearer."""
    sky = gradient(colour(rng, 60, 160), colour(rng, 170, 250), width, height)
    picture = sky + 5 * octaves(rng, width, height, 3, 0.55)[..., None]
    tone = np.asarray(colour(rng, 70, 150), np.float32)
    rows = np.arange(height, dtype=np.float32)[:, None]
    for layer in range(4):
        ridge = octaves(rng, width, 8, 3 + 2 * layer, 0.55)[4] * height * 0.05
        line = height * (0.42 + 0.13 * layer) + ridge
        texture = (6 + 4 * layer) * octaves(rng, width, height, 24, 0.75)[..., None]
        shade = tone * (1 - 0.2 * layer) + texture
        picture = np.where((rows > line)[..., None], shade, picture)
    return to_u8(picture)


def _city(rng: np.random.Generator, width: int, height: int) -> U8:
    """House fronts with lit and dark windows under a plain sky."""
    picture = to_u8(gradient(colour(rng, 40, 140), colour(rng, 150, 240), width, height))
    x = 0
    while x < width:
        w, top = int(rng.integers(height // 8, height // 3)), int(rng.integers(height // 10, height // 2))
        tone = colour(rng, 40, 150)
        cv2.rectangle(picture, (x, top), (x + w, height), tone, -1)
        _windows(rng, picture, (x, top, w, height), tone)
        x += w
    rough = octaves(rng, width, height, 40, 0.8)[..., None]
    return to_u8(picture.astype(np.float32) + 4 * rough)


def _windows(rng: np.random.Generator, picture: U8, front: tuple[int, int, int, int], tone: tuple[int, ...]) -> None:
    x, top, w, bottom = front
    pitch = max(10, w // int(rng.integers(3, 6)))
    for wy in range(top + pitch // 2, bottom - pitch, pitch):
        for wx in range(x + pitch // 4, x + w - pitch // 2, pitch):
            lit = rng.random() < 0.4
            pane = (245, 225, 150) if lit else tuple(int(c * 0.6) for c in tone)
            cv2.rectangle(picture, (wx, wy), (wx + pitch // 2, wy + int(pitch * 0.6)), pane, -1)


def _room(rng: np.random.Generator, width: int, height: int) -> U8:
    """A wall with frames and shelves above a boarded floor."""
    wall = gradient(colour(rng, 140, 220), colour(rng, 120, 200), width, height)
    picture = to_u8(wall + 5 * octaves(rng, width, height, 30, 0.8)[..., None])
    floor = int(height * 0.72)
    wood = np.asarray(colour(rng, 60, 140), np.float32)
    boards = octaves(rng, 8, height - floor, 2, 0.8)[:, 4][:, None, None] * 14
    picture[floor:] = to_u8(np.broadcast_to(wood + boards, (height - floor, width, 3)).astype(np.float32))
    for _ in range(16):
        x, y = int(rng.integers(0, width)), int(rng.integers(0, floor - height // 6))
        w, h = int(rng.integers(height // 12, height // 4)), int(rng.integers(height // 12, height // 6))
        cv2.rectangle(picture, (x, y), (x + w, y + h), colour(rng, 30, 240), -1)
        cv2.rectangle(picture, (x, y), (x + w, y + h), colour(rng, 10, 70), max(2, height // 160))
    return picture


def _bars(rng: np.random.Generator, width: int, height: int) -> U8:
    """A table top with coloured books and boxes in a row: many straight seams."""
    picture = to_u8(gradient(colour(rng, 150, 230), colour(rng, 110, 190), width, height))
    for shelf in range(4):
        base, x = int(height * (0.24 + 0.25 * shelf)), 0
        while x < width:
            w, h = int(rng.integers(height // 60, height // 14)), int(rng.integers(height // 10, height // 5))
            cv2.rectangle(picture, (x, base - h), (x + w, base), colour(rng, 20, 230), -1)
            cv2.line(picture, (x, base - h), (x, base), (20, 20, 20), 1)
            x += w + int(rng.integers(0, 6))
        cv2.rectangle(picture, (0, base), (width, base + height // 60), colour(rng, 50, 110), -1)
    return picture


def _posts(rng: np.random.Generator, width: int, height: int) -> U8:
    """Posts and stems that stand in front."""
    layer = np.zeros((height, width, 4), np.uint8)
    rough = octaves(rng, width, height, 40, 0.8)[..., None]
    x = int(rng.integers(0, width // 8))
    while x < width:
        w = int(rng.integers(width // 60, width // 25))
        layer[:, x : x + w, :3] = to_u8(np.asarray(colour(rng, 30, 130), np.float32) + 14 * rough[:, x : x + w])
        layer[:, x : x + w, 3] = 255
        x += w + int(rng.integers(width // 9, width // 5))
    return layer


def _plants(rng: np.random.Generator, width: int, height: int) -> U8:
    """Leafy discs and a bank along the bottom, in front."""
    layer = np.zeros((height, width, 4), np.uint8)
    for _ in range(90):
        x, y = int(rng.integers(0, width)), int(height * rng.beta(5, 2.2))
        axes = (int(rng.integers(height // 60, height // 22)), int(rng.integers(height // 40, height // 12)))
        tone = (int(rng.integers(20, 90)), int(rng.integers(70, 150)), int(rng.integers(20, 80)), 255)
        cv2.ellipse(layer, (x, y), axes, float(rng.uniform(-60, 60)), 0, 360, tone, -1)
    rough = 12 * octaves(rng, width, height, 60, 0.8)[..., None]
    layer[..., :3] = to_u8(layer[..., :3].astype(np.float32) + rough)
    return layer


PAINTERS: dict[str, Painter] = {
    "noise": _noise, "plain": _plain, "shapes": _shapes, "hills": _hills, "city": _city, "room": _room, "bars": _bars,
    "sunrise": sunrise, "table": table, "meadow": meadow, "desk": desk, "stand": stand,
}  # fmt: skip
"""Painters of far pictures."""

NEAR_PAINTERS: dict[str, Painter] = {"posts": _posts, "plants": _plants, "grasses": grasses}
"""Painters of near layers."""

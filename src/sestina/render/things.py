"""Things: a bottle, a mug, a plant, a bar that grows, a game's hero; each is drawn into an RGBA square."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import numpy.typing as npt

U8 = npt.NDArray[np.uint8]


def _tone(rng: np.random.Generator, low: int, high: int) -> tuple[int, int, int]:
    r, g, b = (int(v) for v in rng.integers(low, high, 3))
    return r, g, b


def _block(picture: U8, box: tuple[float, float, float, float], tone: tuple[int, ...]) -> None:
    x0, y0, x1, y1 = (round(v * picture.shape[0]) for v in box)
    cv2.rectangle(picture, (x0, y0), (x1, y1), (*tone[:3], 255), -1)


def _oval(picture: U8, at: tuple[float, float], axes: tuple[float, float], tone: tuple[int, ...]) -> None:
    size = picture.shape[0]
    centre, radii = (round(at[0] * size), round(at[1] * size)), (round(axes[0] * size), round(axes[1] * size))
    cv2.ellipse(picture, centre, radii, 0, 0, 360, (*tone[:3], 255), -1, cv2.LINE_AA)


def _rounded(picture: U8, left: float, right: float) -> None:
    """Shade what is drawn between two columns as a cylinder that light falls on from the left."""
    size = picture.shape[0]
    a, b = round(left * size), round(right * size)
    across = np.linspace(-1, 1, b - a)
    light = np.clip(0.55 + 0.5 * np.sqrt(np.maximum(0, 1 - (across + 0.35) ** 2 / 1.9)), 0, 1.15)
    part = picture[:, a:b, :3]
    part[...] = np.clip(part * light[None, :, None], 0, 255).astype(np.uint8)


def _bottle(rng: np.random.Generator, picture: U8, turn: float) -> None:
    """A bottle with a label, a cap and a glint that wanders: the product of an advertisement."""
    glass, label = _tone(rng, 50, 220), _tone(rng, 190, 250)
    _block(picture, (0.43, 0.04, 0.57, 0.16), _tone(rng, 20, 120))
    _block(picture, (0.45, 0.14, 0.55, 0.3), glass)
    _oval(picture, (0.5, 0.36), (0.2, 0.11), glass)
    _block(picture, (0.3, 0.36, 0.7, 0.97), glass)
    _block(picture, (0.3, 0.48, 0.7, 0.8), label)
    _block(picture, (0.3, 0.48, 0.7, 0.5), _tone(rng, 20, 140))
    _oval(picture, (0.5, 0.6), (0.09, 0.06), _tone(rng, 40, 200))
    _block(picture, (0.38, 0.71, 0.62, 0.74), _tone(rng, 20, 120))
    _rounded(picture, 0.3, 0.7)
    _oval(picture, (0.36 + 0.02 * float(np.sin(turn)), 0.66), (0.012, 0.2), (252, 252, 250))


def _mug(rng: np.random.Generator, picture: U8, turn: float) -> None:
    """A mug with steam above it that sways."""
    clay = _tone(rng, 70, 235)
    _oval(picture, (0.72, 0.62), (0.16, 0.16), clay)
    cv2.ellipse(picture, *_at(picture, (0.72, 0.62), (0.09, 0.09)), 0, 0, 360, (0, 0, 0, 0), -1)
    _block(picture, (0.2, 0.4, 0.7, 0.92), clay)
    _rounded(picture, 0.2, 0.7)
    _oval(picture, (0.45, 0.4), (0.25, 0.06), (72, 44, 30))
    for number in range(3):
        x = 0.34 + 0.11 * number
        for step in range(8):
            sway = 0.02 * float(np.sin(turn + 0.9 * step + number))
            _oval(picture, (x + sway, 0.3 - 0.028 * step), (0.014, 0.018), (232, 232, 236))


def _at(
    picture: U8, at: tuple[float, float], axes: tuple[float, float]
) -> tuple[tuple[int, int], tuple[int, int]]:
    size = picture.shape[0]
    return (round(at[0] * size), round(at[1] * size)), (round(axes[0] * size), round(axes[1] * size))


def _plant(rng: np.random.Generator, picture: U8, turn: float) -> None:
    """A pot plant whose leaves sway."""
    leaf = (int(rng.integers(30, 90)), int(rng.integers(110, 180)), int(rng.integers(40, 90)))
    _block(picture, (0.34, 0.7, 0.66, 0.97), _tone(rng, 120, 210))
    _rounded(picture, 0.34, 0.66)
    size = picture.shape[0]
    for number in range(9):
        angle = -90 + 16 * (number - 4) + 3 * float(np.sin(turn + number))
        way = np.array([np.cos(np.radians(angle)), np.sin(np.radians(angle))])
        middle = (np.array([0.5, 0.7]) + 0.26 * way) * size
        tone = tuple(int(v * (0.75 + 0.06 * number)) for v in leaf)
        axes = (round(0.25 * size), round(0.05 * size))
        cv2.ellipse(picture, (round(middle[0]), round(middle[1])), axes, angle, 0, 360, (*tone, 255), -1, cv2.LINE_AA)


def _withered(rng: np.random.Generator, picture: U8, turn: float) -> None:
    """The same plant before it was cared for: brown, and hanging."""
    _block(picture, (0.34, 0.7, 0.66, 0.97), _tone(rng, 120, 210))
    _rounded(picture, 0.34, 0.66)
    size = picture.shape[0]
    for number in range(5):
        side = number - 2
        centre = (round((0.5 + 0.09 * side) * size), round((0.62 + 0.05 * abs(side)) * size))
        axes = (round(0.12 * size), round(0.03 * size))
        angle = 90 - 28 * side + 2 * float(np.sin(turn))
        cv2.ellipse(picture, centre, axes, angle, 0, 360, (126 - 8 * number, 98, 58, 255), -1, cv2.LINE_AA)


HERO = (
    "..rrrr..", ".rrrrrr.", ".hssks..", "hshssks.", ".sssss..", ".brbb...", "bbrbbrb.", "sbryrys.", ".rrrrr..",
    ".rr.rr..", ".hh.hh..",
)  # fmt: skip
PIXELS = {"s": (250, 196, 150), "h": (96, 56, 30), "k": (20, 20, 24), "y": (250, 220, 90)}


def _hero(rng: np.random.Generator, picture: U8, turn: float) -> None:
    """A game's hero, in pixels as large as blocks; the legs change places."""
    colours = {**PIXELS, "r": _tone(rng, 60, 240), "b": _tone(rng, 40, 200)}
    flip = np.sin(turn) < 0
    cell = 1 / 12
    for row, line in enumerate(HERO):
        shown = line[::-1] if flip and row >= 9 else line
        for column, name in enumerate(shown):
            if name != ".":
                x, y = 0.16 + column * cell, 0.06 + row * cell
                _block(picture, (x, y, x + cell, y + cell), colours[name])


THINGS: dict[str, Callable[[np.random.Generator, U8, float], None]] = {
    "bottle": _bottle, "mug": _mug, "plant": _plant, "withered": _withered, "hero": _hero,
}  # fmt: skip
"""Things that stand or move in a scene."""

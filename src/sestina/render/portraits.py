"""People as a camera near them sees them: a face that talks and blinks on shoulders or a whole body, and a hand.

Each is drawn with supersampling into an RGBA square whose geometry is known, so that the scale of a shot that shows it
is known by construction: `CHIN`, `FACE` and `FEET` are fractions of the square's side.
"""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import numpy.typing as npt

U8 = npt.NDArray[np.uint8]
Point = tuple[float, float]

FACE = {"bust": 0.40, "standing": 0.125}
"""Height of the face, brows to chin, of each portrait's square."""
CHIN = {"bust": 0.56, "standing": 0.185}
"""Where its chin is, from the top."""
CROWN = {"bust": 0.05, "standing": 0.01}
"""Where its hair begins, from the top."""
FEET = {"bust": 1.0, "standing": 0.985}
"""Where its body ends, from the top; a bust has no feet."""

SKINS = ((238, 200, 172), (224, 172, 136), (198, 145, 110), (150, 104, 76), (106, 72, 54))
HAIRS = ((38, 28, 24), (84, 54, 34), (150, 104, 54), (206, 172, 108), (120, 120, 124))


def _tone(rgb: tuple[int, int, int], light: float = 1.0) -> tuple[int, int, int, int]:
    r, g, b = (min(255, round(v * light)) for v in rgb)
    return r, g, b, 255


def _oval(picture: U8, at: Point, axes: Point, tone: tuple[int, ...], turn: float = 0.0) -> None:
    size = picture.shape[0]
    centre, radii = (round(at[0] * size), round(at[1] * size)), (round(axes[0] * size), round(axes[1] * size))
    cv2.ellipse(picture, centre, radii, turn, 0, 360, tone, -1, cv2.LINE_AA)


def _shape(picture: U8, corners: list[Point], tone: tuple[int, ...]) -> None:
    points = np.rint(np.array(corners) * picture.shape[0]).astype(np.int32)
    cv2.fillPoly(picture, [points], tone, cv2.LINE_AA)


def _line(picture: U8, start: Point, end: Point, width: float, tone: tuple[int, ...]) -> None:
    size = picture.shape[0]
    a, b = (round(start[0] * size), round(start[1] * size)), (round(end[0] * size), round(end[1] * size))
    cv2.line(picture, a, b, tone, max(1, round(width * size)), cv2.LINE_AA)


def _bust(rng: np.random.Generator, picture: U8, turn: float) -> None:
    """Head and shoulders."""
    skin, hair, shirt, style = _colours(rng)
    _hair_behind(picture, (0.5, 0.31), 1.0, hair, style)
    _shape(picture, [(0.43, 0.5), (0.57, 0.5), (0.6, 0.72), (0.4, 0.72)], _tone(skin, 0.86))
    _oval(picture, (0.5, 0.98), (0.42, 0.30), _tone(shirt))
    _shape(picture, [(0.08, 0.98), (0.92, 0.98), (0.92, 1.0), (0.08, 1.0)], _tone(shirt))
    _shape(picture, [(0.40, 0.69), (0.60, 0.69), (0.5, 0.80)], _tone(skin, 0.92))
    _head(picture, (0.5, 0.33), 1.0, skin, hair, turn)


def _standing(rng: np.random.Generator, picture: U8, turn: float) -> None:
    """A whole person who faces the camera."""
    skin, hair, shirt, style = _colours(rng)
    trousers = tuple(int(v) for v in rng.integers(25, 110, 3))
    _hair_behind(picture, (0.5, 0.098), 0.31, hair, style)
    dark = _tone((trousers[0], trousers[1], trousers[2]))
    for side in (-1, 1):
        _line(picture, (0.5 + 0.04 * side, 0.55), (0.5 + 0.05 * side, 0.95), 0.075, dark)
        _line(picture, (0.5 + 0.05 * side, 0.965), (0.5 + 0.075 * side, 0.97), 0.03, (34, 30, 34, 255))
        _line(picture, (0.5 + 0.105 * side, 0.26), (0.5 + 0.13 * side, 0.48), 0.05, _tone(shirt, 0.88))
        _oval(picture, (0.5 + 0.132 * side, 0.515), (0.024, 0.032), _tone(skin))
    _line(picture, (0.5, 0.17), (0.5, 0.24), 0.05, _tone(skin, 0.86))
    body = [(0.40, 0.235), (0.60, 0.235), (0.585, 0.57), (0.415, 0.57)]
    _shape(picture, body, _tone(shirt))
    _head(picture, (0.5, 0.1135), 0.3125, skin, hair, turn)


def _colours(rng: np.random.Generator) -> tuple[tuple[int, int, int], tuple[int, int, int], tuple[int, int, int], int]:
    """Return skin, hair, shirt and hair style."""
    r, g, b = sorted(int(v) for v in rng.integers(40, 230, 3))  # red least: never the colour of skin
    return SKINS[int(rng.integers(len(SKINS)))], HAIRS[int(rng.integers(len(HAIRS)))], (r, g, b), int(rng.integers(3))


def _hair_behind(picture: U8, at: Point, scale: float, hair: tuple[int, int, int], style: int) -> None:
    if style == 1:
        _oval(picture, (at[0], at[1] + 0.10 * scale), (0.215 * scale, 0.30 * scale), _tone(hair, 0.85))


def _head(
    picture: U8, at: Point, scale: float, skin: tuple[int, int, int], hair: tuple[int, int, int], turn: float
) -> None:
    """A face from brows to chin of 0.40 times `scale`, its chin 0.23 below `at`; `turn` chooses mouth and eyes."""
    phase = round(turn / (2 * np.pi) * 8) % 8
    mouth, closed = phase % 4, phase >= 4

    def spot(x: float, y: float) -> Point:
        return at[0] + x * scale, at[1] + y * scale

    for side in (-1, 1):
        _oval(picture, spot(0.165 * side, 0.02), (0.028 * scale, 0.05 * scale), _tone(skin, 0.88))
    _oval(picture, spot(0, -0.075), (0.178 * scale, 0.205 * scale), _tone(hair))
    _oval(picture, spot(0, 0.0), (0.158 * scale, 0.23 * scale), _tone(skin))
    _oval(picture, spot(0, -0.19), (0.15 * scale, 0.075 * scale), _tone(hair))
    for side in (-1, 1):
        eye = spot(0.066 * side, -0.03)
        _line(picture, spot(0.035 * side, -0.088), spot(0.1 * side, -0.085), 0.014 * scale, _tone(hair, 0.8))
        if closed:
            _line(picture, spot(0.04 * side, -0.028), spot(0.092 * side, -0.028), 0.009 * scale, _tone(skin, 0.55))
        else:
            _oval(picture, eye, (0.030 * scale, 0.018 * scale), (250, 250, 248, 255))
            _oval(picture, eye, (0.014 * scale, 0.015 * scale), (52, 40, 32, 255))
        blush = _tone((skin[0], skin[1] - 16, skin[2] - 14))
        _oval(picture, spot(0.09 * side, 0.065), (0.032 * scale, 0.022 * scale), blush)
    _line(picture, spot(0.006, -0.02), spot(0.016, 0.055), 0.010 * scale, _tone(skin, 0.82))
    _line(picture, spot(-0.014, 0.064), spot(0.018, 0.064), 0.012 * scale, _tone(skin, 0.78))
    _oval(picture, spot(0, 0.128), (0.058 * scale, (0.010 + 0.013 * mouth) * scale), (146, 62, 58, 255))
    if mouth:
        _oval(picture, spot(0, 0.130), (0.044 * scale, 0.011 * mouth * scale), (58, 22, 24, 255))
        _oval(picture, spot(0, 0.124 - 0.004 * mouth), (0.036 * scale, 0.006 * scale), (244, 240, 234, 255))


def _hand(rng: np.random.Generator, picture: U8, turn: float) -> None:
    """A forearm that comes in from below, its fingers closing and opening."""
    skin, _, shirt, _ = _colours(rng)
    curl = 0.05 * float(np.sin(turn))
    _line(picture, (0.5, 0.62), (0.52, 1.0), 0.22, _tone(skin, 0.94))
    _line(picture, (0.515, 0.9), (0.53, 1.0), 0.30, _tone(shirt))
    _oval(picture, (0.5, 0.52), (0.17, 0.19), _tone(skin))
    for number, (x, top) in enumerate(((0.37, 0.22), (0.46, 0.13), (0.55, 0.14), (0.64, 0.22))):
        _line(picture, (x, 0.48), (x + 0.02 * (number - 1.5), top + curl), 0.075, _tone(skin))
        _line(picture, (x + 0.02 * (number - 1.5), top + curl), (x + 0.02 * (number - 1.5), top + curl), 0.045,
              _tone(skin, 1.08))  # fmt: skip
    _line(picture, (0.36, 0.56), (0.22 + curl, 0.40), 0.08, _tone(skin, 0.97))


PORTRAITS: dict[str, Callable[[np.random.Generator, U8, float], None]] = {
    "bust": _bust, "standing": _standing, "hand": _hand,
}  # fmt: skip
"""Figures near the camera."""


def framed(scale: str, aspect: float, face: float = 0.0) -> tuple[str, float, tuple[float, float]]:
    """Return (figure, size, place) that makes a resting camera see somebody at a shot scale.

    Args:
        scale: `LS`, `MLS`, `MS`, `MCU` or `CU`.
        aspect: frame width over height.
        face: height of the face in frame heights; 0 chooses one by the scale.

    The figure's size is in frame heights and its place in frame widths, as in `Subject`. Raises ValueError for another
    scale.
    """
    # A bust ends 1.1 faces below its chin, which must stay out of the picture.
    below = {"LS": 5.8, "MLS": 4.2, "MS": 2.4, "MCU": 1.0, "CU": 0.45}
    if scale not in below:
        raise ValueError(f"no framing is known for {scale!r}; known: {', '.join(below)}")
    kind = "bust" if scale in ("MCU", "CU") else "standing"
    if not face:
        face = {"LS": 0.12, "MLS": 0.15, "MS": 0.21, "MCU": 0.32, "CU": 0.5}[scale]
    size = face / FACE[kind]
    middle = 1 - below[scale] * face + size * (0.5 - CHIN[kind])
    return kind, size, (0.0, (middle - 0.5) / aspect)

"""Figures that move over a scene: people-like, animals, vehicles, things. Drawn once, then placed in every frame."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import cv2
import numpy as np
import numpy.typing as npt

from sestina.render.canvas import colour, octaves
from sestina.render.portraits import PORTRAITS
from sestina.render.things import THINGS

U8 = npt.NDArray[np.uint8]
Point = tuple[float, float]
Figure = Callable[[np.random.Generator, U8, float], None]
"""Draws itself into an RGBA square, given where it is in its own motion, radians."""

PHASES = 8
"""Drawings of one cycle of a figure's own motion, such as a step."""

CYCLE_HZ = 1.6
"""Cycles of a figure's own motion in a second."""


SYLLABLES_HZ = 4.5
"""Times a second that a talking mouth opens."""
MOUTHS = (0, 2, 1, 3, 0, 1, 2, 0, 3, 1, 0, 2, 0, 0, 1, 3, 1, 2, 0, 0)
"""How far the mouth is open, half a syllable each."""
BLINK_EVERY_S, BLINK_S = 3.1, 0.15


@lru_cache(maxsize=256)
def figure(kind: str, seed: int, height: int, phase: int) -> U8:
    """Return a figure as uint8 RGBA [height, height, 4].

    Args:
        kind: a name of `FIGURES`.
        seed: its colours.
        height: pixels.
        phase: 0..PHASES - 1, where it is in its own motion.

    Raises ValueError for an unknown figure.
    """
    if kind not in FIGURES:
        raise ValueError(f"no figure is called {kind!r}; known: {', '.join(FIGURES)}")
    size = 2 * height
    picture = np.zeros((size, size, 4), np.uint8)
    FIGURES[kind](np.random.default_rng(seed), picture, 2 * np.pi * phase / PHASES)
    if kind not in FLAT:
        rough = 10 * octaves(np.random.default_rng([seed, 3]), size, size, 24, 0.8)[..., None]
        picture[..., :3] = np.clip(picture[..., :3] + rough, 0, 255).astype(np.uint8)
    return np.asarray(cv2.resize(picture, (height, height), interpolation=cv2.INTER_AREA), np.uint8)


def phase_at(time_s: float, kind: str = "person") -> int:
    """Return the phase of a figure's own motion at a time; faces talk and blink, everything else turns in a cycle."""
    if kind in FACES:
        return face_phase(time_s)
    return int(time_s * CYCLE_HZ * PHASES) % PHASES


def face_phase(time_s: float) -> int:
    """Return which of the drawings of a face is seen: 0..3 how far the mouth is open, and 4 more while it blinks."""
    mouth = MOUTHS[int(time_s * SYLLABLES_HZ * 2) % len(MOUTHS)]
    return mouth + (4 if time_s % BLINK_EVERY_S < BLINK_S else 0)


def _limb(picture: U8, start: Point, end: Point, width: float, tone: tuple[int, ...]) -> None:
    size = picture.shape[0]
    a, b = (round(start[0] * size), round(start[1] * size)), (round(end[0] * size), round(end[1] * size))
    cv2.line(picture, a, b, tone, max(1, round(width * size)), cv2.LINE_AA)


def _disc(picture: U8, at: Point, axes: Point, tone: tuple[int, ...]) -> None:
    size = picture.shape[0]
    centre, radii = (round(at[0] * size), round(at[1] * size)), (round(axes[0] * size), round(axes[1] * size))
    cv2.ellipse(picture, centre, radii, 0, 0, 360, tone, -1, cv2.LINE_AA)


def _block(picture: U8, box: tuple[float, float, float, float], tone: tuple[int, ...]) -> None:
    size = picture.shape[0]
    x0, y0, x1, y1 = (round(v * size) for v in box)
    cv2.rectangle(picture, (x0, y0), (x1, y1), tone, -1, cv2.LINE_AA)


def _person(rng: np.random.Generator, picture: U8, turn: float) -> None:
    swing = float(np.sin(turn))
    skin, hair = _opaque(rng.choice(np.array([(232, 190, 160), (198, 145, 110), (120, 82, 60)]))), (40, 30, 26, 255)
    shirt, legs = (*colour(rng, 30, 240), 255), (*colour(rng, 20, 110), 255)
    _limb(picture, (0.48, 0.58), (0.48 - 0.10 * swing, 0.97), 0.085, legs)
    _limb(picture, (0.52, 0.58), (0.52 + 0.10 * swing, 0.97), 0.085, legs)
    _limb(picture, (0.40, 0.30), (0.37 + 0.09 * swing, 0.56), 0.06, shirt)
    _limb(picture, (0.60, 0.30), (0.63 - 0.09 * swing, 0.56), 0.06, shirt)
    _block(picture, (0.40, 0.26, 0.60, 0.60), shirt)
    _disc(picture, (0.5, 0.15), (0.085, 0.11), skin)
    _disc(picture, (0.5, 0.09), (0.09, 0.06), hair)
    _disc(picture, (0.47, 0.15), (0.010, 0.012), hair)
    _disc(picture, (0.53, 0.15), (0.010, 0.012), hair)


def _ball(rng: np.random.Generator, picture: U8, turn: float) -> None:
    swing = float(np.sin(turn))
    tone, stripe = (*colour(rng, 60, 250), 255), (*colour(rng, 10, 120), 255)
    _disc(picture, (0.5, 0.5), (0.46, 0.46), tone)
    _limb(picture, (0.5 - 0.3 * swing, 0.2), (0.5 + 0.3 * swing, 0.8), 0.1, stripe)
    _disc(picture, (0.38, 0.34), (0.08, 0.08), (250, 250, 250, 255))


def _box(rng: np.random.Generator, picture: U8, turn: float) -> None:
    swing = float(np.sin(turn))
    tone = (*colour(rng, 60, 230), 255)
    _block(picture, (0.15, 0.15, 0.85, 0.95), tone)
    _block(picture, (0.15, 0.15, 0.85, 0.32), (*colour(rng, 20, 140), 255))
    _block(picture, (0.25, 0.45, 0.75, 0.62), (245, 240, 230, 255))
    _disc(picture, (0.5, 0.78 + 0.02 * swing), (0.1, 0.1), (*colour(rng, 120, 255), 255))


def _car(rng: np.random.Generator, picture: U8, turn: float) -> None:
    swing = float(np.sin(turn))
    tone = (*colour(rng, 60, 240), 255)
    _block(picture, (0.05, 0.45, 0.95, 0.72), tone)
    _block(picture, (0.25, 0.28, 0.75, 0.47), tone)
    _block(picture, (0.30, 0.32, 0.48, 0.45), (190, 220, 240, 255))
    _block(picture, (0.52, 0.32, 0.70, 0.45), (190, 220, 240, 255))
    for x in (0.25, 0.75):
        _disc(picture, (x, 0.73), (0.1, 0.1), (25, 25, 28, 255))
        _limb(picture, (x - 0.06 * swing, 0.68), (x + 0.06 * swing, 0.78), 0.03, (200, 200, 200, 255))


def _walker(rng: np.random.Generator, picture: U8, turn: float) -> None:
    """Somebody walking to the right, seen from the side; knees and elbows bend."""
    skin, coat, scarf = (226, 170, 138, 255), (222, 92, 74, 255), (250, 214, 140, 255)
    trousers, shoe, hair = (52, 66, 104, 255), (40, 36, 46, 255), (70, 44, 38, 255)
    lift = 0.008 * np.cos(2 * turn)
    hip, neck = (0.5, 0.58 + lift), (0.51, 0.28 + lift)
    _leg(picture, hip, turn + np.pi, (40, 52, 84, 255), shoe)
    _arm(picture, (0.51, 0.33 + lift), turn, (190, 74, 60, 255), skin)
    _leg(picture, hip, turn, trousers, shoe)
    _limb(picture, (0.505, 0.34 + lift), (0.5, 0.56 + lift), 0.15, coat)
    _limb(picture, (0.47, 0.3 + lift), (0.54, 0.3 + lift), 0.05, scarf)
    _limb(picture, (0.46, 0.31 + lift), (0.40, 0.37 + lift + 0.01 * np.sin(turn)), 0.03, scarf)
    _disc(picture, (neck[0] + 0.01, 0.2 + lift), (0.065, 0.075), skin)
    _disc(picture, (neck[0] - 0.012, 0.165 + lift), (0.07, 0.055), hair)
    _disc(picture, (neck[0] - 0.05, 0.2 + lift), (0.03, 0.05), hair)
    _arm(picture, (0.5, 0.33 + lift), turn + np.pi, (206, 82, 66, 255), skin)


def _leg(picture: U8, hip: Point, turn: float, tone: tuple[int, ...], shoe: tuple[int, ...]) -> None:
    thigh = 0.5 * np.sin(turn)
    shin = thigh - 0.15 - 0.5 * max(0.0, np.cos(turn)) ** 2
    knee = (hip[0] + 0.18 * np.sin(thigh), hip[1] + 0.18 * np.cos(thigh))
    foot = (knee[0] + 0.18 * np.sin(shin), knee[1] + 0.18 * np.cos(shin))
    _limb(picture, hip, knee, 0.075, tone)
    _limb(picture, knee, foot, 0.06, tone)
    _limb(picture, foot, (foot[0] + 0.055, foot[1] + 0.012), 0.045, shoe)


def _arm(picture: U8, shoulder: Point, turn: float, tone: tuple[int, ...], skin: tuple[int, ...]) -> None:
    upper = 0.55 * np.sin(turn)
    elbow = (shoulder[0] + 0.11 * np.sin(upper), shoulder[1] + 0.11 * np.cos(upper))
    hand = (elbow[0] + 0.11 * np.sin(upper + 0.5), elbow[1] + 0.11 * np.cos(upper + 0.5))
    _limb(picture, shoulder, elbow, 0.055, tone)
    _limb(picture, elbow, hand, 0.048, tone)
    _disc(picture, hand, (0.024, 0.024), skin)


FLAT = ("walker", *PORTRAITS)
"""Figures in plain colours, without a surface of their own."""


def _opaque(tone: npt.NDArray[np.int64]) -> tuple[int, int, int, int]:
    r, g, b = (int(v) for v in tone)
    return r, g, b, 255


FIGURES: dict[str, Figure] = {
    "person": _person, "ball": _ball, "box": _box, "car": _car, "walker": _walker, **PORTRAITS, **THINGS,
}  # fmt: skip
"""What can move over a scene."""

FACES = frozenset(PORTRAITS) - {"hand"}
"""Figures that talk and blink."""

PEOPLE = frozenset({"person", "walker"}) | FACES
"""Figures that are somebody."""

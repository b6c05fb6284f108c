"""Random sources, figures and looks that all rendered sets are made of."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from sestina.render.canvas import PHOTOGRAPHS
from sestina.render.parts.stage import Look, Source, Subject

# Names are listed, not asked for, so that a new painter changes no set.
PICTURES = tuple(name for name in PHOTOGRAPHS if name not in ("retina", "moon", "camera"))
PAINTED = ("noise", "plain", "shapes", "hills", "city", "room", "bars")
IN_FRONT = ("posts", "plants")
RATES = (Fraction(24), Fraction(25), Fraction(30), Fraction(30000, 1001))


def pick(rng: np.random.Generator, names: tuple[str, ...]) -> str:
    """Return one of the names."""
    return names[int(rng.integers(len(names)))]


def new_seed(rng: np.random.Generator) -> int:
    """Return a fresh seed."""
    return int(rng.integers(1 << 30))


def source(rng: np.random.Generator, *, photo: float = 0.4, near: bool = False) -> Source:
    """Return a random source: a photograph with probability `photo`, else painted; with a near layer if asked."""
    front = pick(rng, IN_FRONT) if near else ""
    if rng.random() < photo:
        return Source(kind="photo", name=pick(rng, PICTURES), seed=new_seed(rng), near=front, extent=(1.5, 1.5))
    return Source(kind=pick(rng, PAINTED), seed=new_seed(rng), near=front)


def subject(rng: np.random.Generator) -> Subject:
    """Return a random figure that crosses the picture or hops on the spot."""
    walks = rng.random() < 0.6
    way = float(rng.choice((-1, 1)))
    speed = float(rng.uniform(0.05, 0.22)) if walks else 0.0
    return Subject(
        kind=pick(rng, ("person", "ball", "box", "car")),
        at=(-way * 0.3 if walks else float(rng.uniform(-0.25, 0.25)), float(rng.uniform(-0.05, 0.12))),
        velocity=(way * speed, 0.0),
        size=float(rng.uniform(0.25, 0.6)),
        bob=0.0 if walks else float(rng.uniform(0.02, 0.08)),
        bob_hz=float(rng.uniform(0.7, 1.8)),
        seed=new_seed(rng),
    )


def look(rng: np.random.Generator) -> Look:
    """Return a random sensor: its noise, exposure, shutter and colour."""
    return Look(
        noise=float(rng.uniform(0.5, 4.0)),
        gain=float(rng.uniform(0.65, 1.15)),
        shutter=float(rng.choice((0.0, 0.3, 0.5))),
        saturation=float(rng.uniform(0.5, 1.1)),
    )

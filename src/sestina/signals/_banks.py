"""What gradual transitions between two small pictures look like at every stage: one bank of pictures a kind.

A bank holds the picture at `LEVELS` stages of progress, from the old picture alone to the new one alone. Comparing
frames with all banks says at once which kind of transition they show and how far it has come, whatever its easing.
"""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

F32 = npt.NDArray[np.float32]

LEVELS = 33
"""Stages of progress: fine enough for transitions of a second."""
SOFT = 0.06
"""Width of a travelling edge, as a share of its way: small pictures blur it anyway."""
WAYS = {"left": (-1, 0), "right": (1, 0), "up": (0, -1), "down": (0, 1)}


def stages() -> F32:
    """Return the progress of every stage, 0..1, [LEVELS]."""
    return np.linspace(0, 1, LEVELS, dtype=np.float32)


def dissolve(old: F32, new: F32) -> F32:
    """Return the linear mixes of two pictures [h,w]: [LEVELS,h,w]."""
    share = stages()[:, None, None]
    return np.asarray(old * (1 - share) + new * share, np.float32)


def dip(old: F32, new: F32, ground: float) -> F32:
    """Return `old` going to the plain grey level `ground` and `new` coming out of it: [LEVELS,h,w]."""
    plain = np.full_like(old, ground)
    return np.concatenate([dissolve(old, plain)[::2], dissolve(plain, new)[2::2]]).astype(np.float32)


def fields(height: int, width: int) -> dict[str, F32]:
    """Return, per kind of wipe, when (0..1) its edge passes each place: [h,w]."""
    x = ((np.arange(width, dtype=np.float32) + 0.5) / width)[None].repeat(height, 0)
    y = ((np.arange(height, dtype=np.float32) + 0.5) / height)[:, None].repeat(width, 1)
    radius = np.hypot(x - 0.5, (y - 0.5) * height / width)
    radius = radius / radius.max()
    turn = np.arctan2(x - 0.5, (0.5 - y) * height / width) / (2 * np.pi) % 1.0
    across, along = np.abs(2 * x - 1), np.abs(2 * y - 1)
    found = {
        "linear_wipe.right": x, "linear_wipe.left": 1 - x, "linear_wipe.down": y, "linear_wipe.up": 1 - y,
        "iris.out": radius, "iris.in": 1 - radius, "clock.cw": turn, "clock.ccw": 1 - turn,
        "barn_door.open": across, "barn_door.close": 1 - across, "barn_door.part": along, "barn_door.shut": 1 - along,
    }  # fmt: skip
    return {name: field.astype(np.float32) for name, field in found.items()}


def wipe(old: F32, new: F32, field: F32) -> F32:
    """Return `new` shown wherever the edge of `field` has passed: [LEVELS,h,w]."""
    share = stages()[:, None, None]
    weight = np.clip((share * (1 + SOFT) - field) / SOFT, 0, 1)
    return np.asarray(old * (1 - weight) + new * weight, np.float32)


def _laid(picture: F32, right: float, down: float, under: F32) -> F32:
    """Return `under` with `picture` laid over it, moved by fractions of a pixel."""
    size = (picture.shape[1], picture.shape[0])
    matrix = np.array([[1, 0, right], [0, 1, down]], np.float64)
    out = under.copy()
    cv2.warpAffine(picture, matrix, size, dst=out, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_TRANSPARENT)
    return out


def moved(old: F32, new: F32, way: tuple[int, int], kind: str) -> F32:
    """Return a push (both move), slide (the old one leaves) or cover (the new one comes) along `way`: [LEVELS,h,w]."""
    height, width = old.shape
    across, along = way[0] * width, way[1] * height
    pictures = []
    for share in stages():
        gone, left = float(share), float(share) - 1
        if kind == "cover":
            pictures.append(_laid(new, across * left, along * left, old))
            continue
        under = new if kind == "slide" else _laid(new, across * left, along * left, new)
        pictures.append(_laid(old, across * gone, along * gone, under))
    return np.stack(pictures).astype(np.float32)


def banks(old: F32, new: F32, ground: float | None) -> dict[str, F32]:
    """Return every kind's bank, named `kind` or `kind.variant`, each [LEVELS,h,w].

    Args:
        old: grey levels of the picture before, [h,w].
        new: of the picture after.
        ground: grey level of a plain picture seen between them, None when there is none.
    """
    found = {"cross_dissolve": dissolve(old, new)}
    if ground is not None:
        found["dip"] = dip(old, new, ground)
    found |= {name: wipe(old, new, field) for name, field in fields(*old.shape).items()}
    for kind in ("push", "slide", "cover"):
        found |= {f"{kind}.{name}": moved(old, new, way, kind) for name, way in WAYS.items()}
    return found

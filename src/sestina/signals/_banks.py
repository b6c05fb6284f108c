"""What gradual transitions between two small pictures look like at every stage of their progress.

Most kinds mix the two pictures place by place: a mask says how much of the new one shows. The others move one picture
or both. Frames are compared with all stages of all kinds at once, which says which kind they show and how far it has
come, whatever its easing. Every picture here is grey levels, float32 [h,w].
"""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np
import numpy.typing as npt

F32 = npt.NDArray[np.float32]

SOFT = 0.06
"""Width of a travelling edge, as a share of its way: small pictures blur it anyway."""
WAYS = ("left", "right", "up", "down")


def stages(levels: int) -> F32:
    """Return the progress of every stage, 0..1, [levels]."""
    return np.linspace(0, 1, levels, dtype=np.float32)


@cache
def masks(height: int, width: int, levels: int, tall: float) -> dict[str, F32]:
    """Return, per kind that mixes place by place, the share of the new picture at every stage: [levels,h,w].

    `tall` is the height of the real picture over its width, which circles and clock hands go by.
    """
    share = stages(levels)[:, None, None]
    found = {"cross_dissolve": np.broadcast_to(share, (levels, height, width))}
    for name, field in _fields(height, width, tall).items():
        found[name] = np.clip((share * (1 + SOFT) - field) / SOFT, 0, 1)
    return {name: np.asarray(mask, np.float32) for name, mask in found.items()}


def _fields(height: int, width: int, tall: float) -> dict[str, F32]:
    """Return, per kind of wipe, when (0..1) its edge passes each place: [h,w]."""
    x = ((np.arange(width, dtype=np.float32) + 0.5) / width)[None].repeat(height, 0)
    y = ((np.arange(height, dtype=np.float32) + 0.5) / height)[:, None].repeat(width, 1)
    radius = np.hypot(x - 0.5, (y - 0.5) * tall)
    radius = radius / radius.max()
    turn = np.arctan2(x - 0.5, (0.5 - y) * tall) / (2 * np.pi) % 1.0
    across, along = np.abs(2 * x - 1), np.abs(2 * y - 1)
    found = {
        "linear_wipe.right": x, "linear_wipe.left": 1 - x, "linear_wipe.down": y, "linear_wipe.up": 1 - y,
        "iris.out": radius, "iris.in": 1 - radius, "clock.cw": turn, "clock.ccw": 1 - turn,
        "barn_door.open": across, "barn_door.close": 1 - across, "barn_door.part": along, "barn_door.shut": 1 - along,
    }  # fmt: skip
    return {name: field.astype(np.float32) for name, field in found.items()}


def moving(old: F32, new: F32, levels: int) -> dict[str, F32]:
    """Return, per kind that moves pictures and per way it moves, the picture at every stage: [levels,h,w].

    In a push both pictures move as on one sheet, in a slide the old one leaves, in a cover the new one comes.
    """
    found: dict[str, F32] = {}
    for way in WAYS:
        one, two = (picture.T if way in ("up", "down") else picture for picture in (old, new))
        forward = way in ("left", "up")
        turned_back = (one, two) if forward else (one[:, ::-1], two[:, ::-1])
        for kind, pictures in _leftwards(*turned_back, levels).items():
            turned = pictures if forward else pictures[..., ::-1]
            found[f"{kind}.{way}"] = turned.transpose(0, 2, 1) if way in ("up", "down") else turned
    return found


def _leftwards(old: F32, new: F32, levels: int) -> dict[str, F32]:
    """Return push, slide and cover of two pictures [h,w] to the left: [levels,h,w] each."""
    width = old.shape[1]
    sample, seen = _samples(width, levels)
    blank = np.zeros_like(old)
    leaving = _read(sample, np.concatenate([old, blank], axis=1))
    coming = _read(sample, np.concatenate([blank, new], axis=1))
    here = seen[:, None, :]
    return {
        "push": np.asarray(leaving + coming, np.float32),
        "slide": np.asarray(leaving + new * (1 - here), np.float32),
        "cover": np.asarray(old * here + coming, np.float32),
    }


def _read(sample: F32, strip: F32) -> F32:
    """Return a strip [h,2w] as every stage of `sample` [levels,w,2w] reads it: [levels,h,w]."""
    levels, width, _ = sample.shape
    flat = sample.reshape(levels * width, -1) @ strip.T
    return np.asarray(flat.reshape(levels, width, -1).transpose(0, 2, 1), np.float32)


@cache
def _samples(width: int, levels: int) -> tuple[F32, F32]:
    """Return how each place of every stage reads a strip of two pictures side by side, [levels,w,2w], and how much of
    the left one it reads, [levels,w]."""
    sample = np.zeros((levels, width, 2 * width), np.float32)
    for level, share in enumerate(stages(levels)):
        where = np.arange(width) + float(share) * width
        low = np.minimum(np.floor(where).astype(int), 2 * width - 1)
        part = (where - np.floor(where)).astype(np.float32)
        sample[level, np.arange(width), low] = 1 - part
        sample[level, np.arange(width), np.minimum(low + 1, 2 * width - 1)] += part
    return sample, sample[:, :, :width].sum(axis=2)


def mixing_errors(window: F32, old: F32, new: F32, levels: int, tall: float) -> tuple[list[str], F32]:
    """Return names of the kinds that mix, and mean squared differences of frames from their stages, [W,M,levels].

    Args:
        window: frames, [W,h,w].
        old: the old picture as it would look at the time of each frame, [W,h,w].
        new: the new one, [W,h,w].
        levels: stages of progress.
        tall: height of the real picture over its width.
    """
    known = masks(*window.shape[1:], levels, tall)
    weight = np.stack(list(known.values())).reshape(-1, window[0].size)
    apart, gap = (window - old).reshape(len(window), -1), (new - old).reshape(len(window), -1)
    total = (apart**2).sum(axis=1)[:, None] - 2 * (apart * gap) @ weight.T + (gap**2) @ (weight**2).T
    errors = np.maximum(total, 0).reshape(len(window), len(known), levels) / window[0].size
    return list(known), np.asarray(errors, np.float32)


def moving_errors(window: F32, old: F32, new: F32, levels: int) -> tuple[list[str], F32]:
    """Return names of the kinds that move, and mean squared differences as `mixing_errors`; old and new are [h,w]."""
    known = moving(old, new, levels)
    return list(known), _squared(window, np.stack(list(known.values())))


def dip_errors(window: F32, old: F32, new: F32, ground: float, levels: int) -> F32:
    """Return mean squared differences from going to the plain grey level `ground` and coming back: [W,1,levels]."""
    share = stages(levels)[:, None, None]
    down, up = np.minimum(2 * share, 1), np.maximum(2 * share - 1, 0)
    pictures = np.where(share <= 0.5, old * (1 - down) + ground * down, ground * (1 - up) + new * up)
    return _squared(window, pictures.astype(np.float32)[None])


def _squared(window: F32, known: F32) -> F32:
    """Return mean squared differences of frames [W,h,w] from pictures [M,levels,h,w]: [W,M,levels]."""
    frames, pictures = window.reshape(len(window), -1), known.reshape(-1, window[0].size)
    total = (frames**2).sum(axis=1)[:, None] + (pictures**2).sum(axis=1)[None] - 2 * frames @ pictures.T
    return np.asarray(np.maximum(total, 0).reshape(len(window), *known.shape[:2]) / frames.shape[1], np.float32)


def drift(one: F32, two: F32) -> npt.NDArray[np.float64]:
    """Return (right, down, growth) that carries picture `one` into `two`: pixels, pixels, natural log of scale.

    Gauss-Newton on the brightness of the whole picture (Lucas and Kanade 1981), zeros when it explains nothing.
    """
    found = np.zeros(3)
    before = float(np.abs(two - one).mean())
    height, width = one.shape
    x = (np.arange(width) - (width - 1) / 2)[None].repeat(height, 0)
    y = (np.arange(height) - (height - 1) / 2)[:, None].repeat(width, 1)
    for _ in range(4):
        moved = carried(one, found)
        down, right = np.gradient(moved)
        slopes = np.stack([-right, -down, -(right * x + down * y)], axis=-1)[1:-1, 1:-1].reshape(-1, 3)
        rest = (two - moved)[1:-1, 1:-1].reshape(-1)
        step, *_ = np.linalg.lstsq(slopes, rest, rcond=1e-6)
        found = found + np.clip(step, (-2, -2, -0.05), (2, 2, 0.05))
    after = float(np.abs(two - carried(one, found)).mean())
    return found if after < 0.8 * before else np.zeros(3)


def carried(picture: F32, by: npt.NDArray[np.float64]) -> F32:
    """Return `picture` [h,w] moved by (right, down, growth)."""
    height, width = picture.shape
    scale = float(np.exp(by[2]))
    middle = ((width - 1) / 2, (height - 1) / 2)
    matrix = np.array([[scale, 0, by[0] + middle[0] * (1 - scale)], [0, scale, by[1] + middle[1] * (1 - scale)]])
    warped = cv2.warpAffine(picture, matrix, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(warped, np.float32)

"""Gradual transitions: where the content changes though no cut does it, and which kind of mixing explains it.

Two pictures that lie some time apart and do not correlate, however one is moved over the other, are different content.
Where no cut lies between them, frames in between are compared with banks of every kind of transition; the kind whose
monotone course leaves least is the answer, provided that it leaves much less than a cut would.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from sestina.signals._banks import LEVELS, banks

F32 = npt.NDArray[np.float32]

REACHES_S = (0.35, 0.7, 1.3)
"""Half of the time, seconds, between the pictures that are compared: transitions last a third of a second to two."""
UNLIKE = 0.5
"""One minus correlation from which two pictures are different content."""
ALIKE_LEVELS = 5.0
"""Mean grey levels of difference below which two pictures are the same without further look."""
PLAIN_SD = 8.0
"""Standard deviation, grey levels, of a small picture that shows nothing."""
ABRUPT = 0.6
"""Share of the change around a frame that happens at that very frame, from which it is a cut and nothing gradual."""
FIT_MIN = 0.6
"""Share of what a cut would leave unexplained that a transition must explain."""
MIXED_MIN = 4
"""Mixed frames of the shortest gradual transition."""


@dataclass(frozen=True, kw_only=True)
class Gradual:
    """One gradual transition.

    Args:
        first: number of the first mixed frame.
        clean: number of the first frame of the new picture alone (the frame count when the video ends before).
        fits: per kind, share of what a cut would leave that the kind explains, best variant of each.
        course: progress 0..1 at every mixed frame, [clean - first].
        ground: grey level of the plain picture in a dip, or None.
        plain: whether the old and the new picture are plain.
    """

    first: int
    clean: int
    fits: dict[str, float]
    course: npt.NDArray[np.float64]
    ground: float | None
    plain: tuple[bool, bool]

    @property
    def fit(self) -> float:
        """The best kind's share."""
        return max(self.fits.values())


def gradual(luma: F32, rate: float, abrupt: Sequence[int]) -> list[Gradual]:
    """Return the gradual transitions of small pictures luma [N,h,w], in order, none overlapping.

    Args:
        luma: grey levels 0..255.
        rate: frames a second.
        abrupt: frames that surely begin a new shot; nothing gradual runs across them.
    """
    found: list[Gradual] = []
    edges = [0, *abrupt, len(luma)]
    for low, high in zip(edges[:-1], edges[1:], strict=True):
        for middle, reach in proposals(luma[low:high], rate):
            fitted = fit(luma[low:high], middle, reach)
            if fitted is not None:
                found.append(_shifted(fitted, low))
    return chosen(found)


def _shifted(item: Gradual, by: int) -> Gradual:
    return Gradual(
        first=item.first + by, clean=item.clean + by, fits=item.fits, course=item.course, ground=item.ground,
        plain=item.plain,
    )  # fmt: skip


def chosen(found: Sequence[Gradual]) -> list[Gradual]:
    """Return the best of every bunch that overlaps, in order of time."""
    kept: list[Gradual] = []
    for item in sorted(found, key=lambda g: -g.fit):
        if all(item.clean <= other.first or other.clean <= item.first for other in kept):
            kept.append(item)
    return sorted(kept, key=lambda g: g.first)


def surely_abrupt(luma: F32, cuts: Sequence[int], rate: float) -> list[int]:
    """Return those of `cuts` at which most of the change around them happens at once."""
    reach = max(2, round(0.25 * rate))
    sure = []
    for k in cuts:
        before, after = luma[max(0, k - 1 - reach)], luma[min(len(luma) - 1, k + reach)]
        whole = float(np.abs(after - before).mean())
        if float(np.abs(luma[k] - luma[k - 1]).mean()) >= ABRUPT * whole:
            sure.append(k)
    return sure


def proposals(luma: F32, rate: float) -> Iterator[tuple[int, int]]:
    """Yield (middle, reach) in frames wherever pictures `reach` before and after differ in content."""
    for reach_s in REACHES_S:
        reach = max(4, round(reach_s * rate))
        if len(luma) < MIXED_MIN + 2:
            return
        step = max(1, reach // 8)
        middles = list(range(0, len(luma), step))
        unlike = [difference_in_content(luma, t - reach, t + reach) > UNLIKE for t in middles]
        for start, stop in runs(unlike):
            width = (stop - start) * step
            count = max(1, round(width / (2 * reach)))
            for part in range(count):
                yield middles[start] + round((part + 0.5) * width / count), reach


def runs(flags: Sequence[bool]) -> Iterator[tuple[int, int]]:
    """Yield [start, stop) of every run of true flags."""
    edges = np.flatnonzero(np.diff([0, *(int(f) for f in flags), 0]))
    yield from ((int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True))


def difference_in_content(luma: F32, one: int, two: int) -> float:
    """Return one minus the best correlation of frames `one` and `two` under any shift, 0 alike .. 1 and more."""
    a, b = luma[max(0, one)], luma[min(len(luma) - 1, two)]
    if float(np.abs(a - b).mean()) < ALIKE_LEVELS:
        return 0.0
    if a.std() < PLAIN_SD or b.std() < PLAIN_SD:
        return 1.0
    height, width = a.shape
    top, left = height // 5, width // 5
    best = -1.0
    for whole, part in ((a, b), (b, a)):
        middle = np.ascontiguousarray(part[top : height - top, left : width - left])
        if middle.std() >= PLAIN_SD / 2:
            best = max(best, float(cv2.matchTemplate(whole, middle, cv2.TM_CCOEFF_NORMED).max()))
    return 1.0 - best


def fit(luma: F32, middle: int, reach: int) -> Gradual | None:
    """Return the transition around `middle`, or None when no kind explains the frames there."""
    old, new = max(0, middle - reach - 1), min(len(luma) - 1, middle + reach + 1)
    best = None
    for _ in range(2):
        best = fit_between(luma, old, new)
        if best is None:
            return None
        old, new = max(0, best.first - 2), min(len(luma) - 1, best.clean + 1)
    assert best is not None  # the loop ran
    mixed = np.count_nonzero((best.course > 0.04) & (best.course < 0.96))
    return best if best.fit >= FIT_MIN and mixed >= MIXED_MIN else None


def fit_between(luma: F32, old: int, new: int) -> Gradual | None:
    """Return how every kind explains the frames from `old` to `new`, which show one picture alone each."""
    window = luma[old : new + 1]
    if len(window) < MIXED_MIN + 2:
        return None
    flattest = window[int(np.argmin(window.reshape(len(window), -1).std(axis=1)))]
    ground = float(flattest.mean()) if flattest.std() < PLAIN_SD else None
    known = banks(window[0], window[-1], ground)
    error = squared(window, np.stack(list(known.values())))
    left = error[:, 0, [0, LEVELS - 1]]
    step = float(course(left[:, None])[0][0])
    totals, levels = course(error)
    place = int(np.argmin(totals))
    fits: dict[str, float] = {}
    for name, total in zip(known, totals, strict=True):
        kind = name.partition(".")[0]
        fits[kind] = max(fits.get(kind, -1.0), 1 - float(total) / max(step, 1e-6))
    progress = levels[place] / (LEVELS - 1)
    first, clean = extent(progress)
    plain = (bool(window[0].std() < PLAIN_SD), bool(window[-1].std() < PLAIN_SD))
    return Gradual(
        first=old + first, clean=old + clean, fits=fits, course=progress[first:clean], ground=ground, plain=plain
    )


def squared(window: F32, known: F32) -> F32:
    """Return mean squared differences of frames [W,h,w] from banks [M,LEVELS,h,w]: [W,M,LEVELS]."""
    frames, pictures = window.reshape(len(window), -1), known.reshape(-1, window[0].size)
    cross = frames @ pictures.T
    total = (frames**2).sum(axis=1)[:, None] + (pictures**2).sum(axis=1)[None] - 2 * cross
    return np.asarray(np.maximum(total, 0).reshape(len(window), *known.shape[:2]) / frames.shape[1], np.float32)


def course(error: F32) -> tuple[F32, npt.NDArray[np.intp]]:
    """Return each kind's least total error over courses that never go back, [M], and its levels, [M,W].

    A course begins with the old picture (level 0) and ends with the new one (the last level). error is [W,M,L].
    """
    frames, kinds, levels = error.shape
    places = np.arange(levels)
    total = np.full((kinds, levels), np.inf, np.float32)
    total[:, 0] = error[0, :, 0]
    came = np.zeros((frames, kinds, levels), np.intp)
    for frame in range(1, frames):
        least = np.minimum.accumulate(total, axis=1)
        came[frame] = np.maximum.accumulate(np.where(total <= least, places, 0), axis=1)
        total = least + error[frame]
    path = np.zeros((kinds, frames), np.intp)
    path[:, -1] = levels - 1
    for frame in range(frames - 1, 0, -1):
        path[:, frame - 1] = came[frame, np.arange(kinds), path[:, frame]]
    return total[:, -1], path


def extent(progress: npt.NDArray[np.float64]) -> tuple[int, int]:
    """Return the first mixed and the first clean frame of a course, extended from its middle four fifths.

    The ends of a course are lost in noise and motion, so its pace between 0.1 and 0.9 is carried on to 0 and 1.
    """
    begin = int(np.argmax(progress >= 0.1))
    end = int(np.argmax(progress >= 0.9))
    beyond = round((end - begin) / 8)
    touched = int(np.argmax(progress > 0))
    done = int(np.argmax(progress >= 1 - 1e-9))
    return max(touched, begin - beyond), min(done, end + beyond)

"""Gradual transitions: where the content changes though no cut does it, and which kind of mixing explains it.

Two pictures that lie some time apart and do not correlate, however one is moved over the other, are different content.
Where no cut lies between them, frames in between are compared with banks of every kind of transition; the kind whose
monotone course leaves least is the answer, provided that it leaves much less than a cut would.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import cv2
import numpy as np
import numpy.typing as npt

from sestina.signals._banks import carried, dip_errors, drift, mixing_errors, moving_errors
from sestina.signals._course import course, extent, least

F32 = npt.NDArray[np.float32]
U8 = npt.NDArray[np.uint8]

REACHES_S = (0.35, 0.7, 1.3)
"""Half of the time, seconds, between the pictures that are compared: transitions last a third of a second to two."""
UNLIKE, VERY_UNLIKE = 0.2, 0.5
"""One minus correlation from which two pictures may be, and clearly are, different content."""
ALIKE_LEVELS = 5.0
"""Mean grey levels of difference below which two pictures are the same without further look."""
PLAIN_SD, NEARLY_PLAIN_SD = 3.0, 8.0
"""Standard deviation, grey levels, of a small picture that shows nothing, and of one that nearly does, as the middle of
a short dip may."""
EXTREME_LEVELS = 20.0
"""Grey levels from black or white that still look so."""
PLAIN_SHARE = 0.35
"""Contrast of the plainest picture of a dip, as a share of those before and after."""
CHANGED_LEVELS, CHANGED_MIN = 8.0, 0.5
"""Grey levels by which a place differs between two shots, and share of places that do: a caption fades over less."""
ABRUPT = 0.6
"""Share of the change around a frame that happens at that very frame, from which it is a cut and nothing gradual."""
LEVELS, FEW_LEVELS = 33, 9
"""Stages of progress that frames are compared with, and those of a first look."""
FIRST_LOOK_MIN = 0.3
"""Fit of a first look, which leaves out the motion of the shots, from which a second one is worth its time."""
MARGIN = 0.15
"""Share of a transition's length left on both sides for the next look: eased ones begin and end slowly."""
SECOND_LOOK_MIN = 0.4
"""Fit of a look at half size from which one at full size is worth its time."""
FEW_FRAMES, MANY_FRAMES = 14, 28
"""Most frames of a first look and of the others."""
FIT_MIN = 0.6
"""Share of what a cut would leave unexplained that a transition must explain."""
ALONE_FIT_MIN, ALONE_BY = 0.42, 0.3
"""A lower fit that is enough when no other kind comes near it, and by how much: both shots may move."""
MOVING_FIT_MIN = 0.7
"""The same for kinds that move pictures: a moving camera does so too."""
FAST, FAST_FIT_MIN = 12, 0.9
"""Mixed frames below which a picture that moves may be a whip pan, and the fit that is asked for then."""
STANDSTILL_MAX = 0.3
"""Share of a transition over which it may stand still."""
SEAM_MIN = 1.5
"""Step between two pictures that follow each other, over steps within them, that a pan does not show."""
UNLIKE_AFTER_FLASH, FLASH_FRAMES = 0.5, 6
"""Difference in content required on both sides of a dip that is as short as a flash."""
PACE_FRAMES = 6
"""Frames over which the motion of a shot is measured beside a transition."""
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
        ground: grey level of the plain picture in a dip or at an end of a fade, or None.
        plainest: number of the frame that shows it.
        plain: whether the old and the new picture are plain.
        gain: squared grey levels, summed over frames, that a cut leaves and the best kind does not.
        seam: step of grey levels where both pictures would meet if one moved after the other, over the usual step.
    """

    first: int
    clean: int
    fits: dict[str, float]
    course: npt.NDArray[np.float64]
    ground: float | None
    plainest: int | None
    plain: tuple[bool, bool]
    gain: float
    seam: float

    @property
    def kind(self) -> str:
        """The kind that fits best."""
        return max(self.fits, key=lambda name: self.fits[name])

    @property
    def fit(self) -> float:
        """The best kind's share."""
        return max(self.fits.values())


def gradual(luma: U8, rate: float, abrupt: Sequence[int], tall: float) -> list[Gradual]:
    """Return the gradual transitions of small pictures, in order, none overlapping.

    Args:
        luma: grey levels, uint8 [N,h,w].
        rate: frames a second.
        abrupt: frames that surely begin a new shot; nothing gradual runs across them.
        tall: height of the real picture over its width; the small ones may be stretched.
    """
    found: list[Gradual] = []
    edges = [0, *abrupt, len(luma)]
    small = halved(luma)
    for low, high in pairwise(edges):
        for middle, reach in proposals(luma[low:high], rate):
            fitted = fit(luma[low:high], small[low:high], middle, reach, tall)
            if fitted is not None:
                found.append(_later(fitted, low))
    return chosen(found)


def _later(item: Gradual, by: int) -> Gradual:
    plainest = None if item.plainest is None else item.plainest + by
    return replace(item, first=item.first + by, clean=item.clean + by, plainest=plainest)


def halved(luma: U8) -> U8:
    """Return pictures [N,h,w] averaged over 2x2 pixels, uint8 [N,h//2,w//2]."""
    height, width = luma.shape[1] // 2, luma.shape[2] // 2
    corners = [luma[:, y : 2 * height : 2, x : 2 * width : 2].astype(np.uint16) for y in (0, 1) for x in (0, 1)]
    return np.asarray((sum(corners[1:], corners[0]) + 2) // 4, np.uint8)


def chosen(found: Sequence[Gradual]) -> list[Gradual]:
    """Return those of `found` that do not overlap and together gain most, in order of time."""
    items = sorted(found, key=lambda item: (item.clean, item.first))
    ends = [item.clean for item in items]
    best: list[tuple[float, list[Gradual]]] = [(0.0, [])]
    for place, item in enumerate(items):
        gain, before = best[bisect_right(ends, item.first, hi=place)]
        taken = (gain + item.gain, [*before, item])
        best.append(max(best[-1], taken, key=lambda pair: pair[0]))
    return best[-1][1]


def abruptness(luma: U8, frames: npt.NDArray[np.intp], rate: float) -> npt.NDArray[np.float64]:
    """Return at each of `frames` which share of the change around it happens at once, 1 elsewhere, [N].

    After a cut the pictures a quarter of a second apart differ little more than those beside it; fast motion and
    gradual transitions go on.
    """
    reach = max(2, round(0.25 * rate))
    out = np.ones(len(luma))
    for k in frames[frames > 0]:
        whole = _apart(luma, max(0, int(k) - 1 - reach), min(len(luma) - 1, int(k) + reach))
        out[k] = min(1.0, _apart(luma, int(k) - 1, int(k)) / max(whole, 1e-6))
    return out


def _apart(luma: U8, one: int, two: int) -> float:
    """Return the mean difference of frames `one` and `two`, grey levels."""
    return float(cv2.absdiff(luma[one], luma[two]).mean())


def proposals(luma: U8, rate: float) -> Iterator[tuple[int, int]]:
    """Yield (middle, reach) in frames wherever pictures `reach` before and after differ in content."""
    for reach_s in REACHES_S:
        reach = max(4, round(reach_s * rate))
        if len(luma) < MIXED_MIN + 2:
            return
        step = max(1, reach // 4)
        middles = list(range(0, len(luma), step))
        unlike = np.array([difference_in_content(luma, t - reach, t + reach) for t in middles])
        found = set[int]()
        for least_unlike in (UNLIKE, VERY_UNLIKE):
            for start, stop in runs(list(unlike > least_unlike)):
                width = (stop - start) * step
                count = max(1, round(width / (2 * reach)))
                found |= {middles[start] + round((part + 0.5) * width / count) for part in range(count)}
        yield from ((middle, reach) for middle in sorted(found))


def runs(flags: Sequence[bool]) -> Iterator[tuple[int, int]]:
    """Yield [start, stop) of every run of true flags."""
    edges = np.flatnonzero(np.diff([0, *(int(f) for f in flags), 0]))
    yield from ((int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True))


def difference_in_content(luma: U8, one: int, two: int) -> float:
    """Return one minus the best correlation of frames `one` and `two` under any shift, 0 alike .. 1 and more."""
    one, two = max(0, one), min(len(luma) - 1, two)
    a, b = luma[one], luma[two]
    if _apart(luma, one, two) < ALIKE_LEVELS:
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


def fit(luma: U8, small: U8, middle: int, reach: int, tall: float) -> Gradual | None:
    """Return the transition around `middle`, or None when no kind explains the frames there.

    Three looks, each only where the one before found something: few frames at half size with few stages, half size
    with the motion of the shots, full size. `small` is `luma` at half size.
    """
    found: list[Gradual] = []
    last = len(luma) - 1
    for half in (reach // 2, reach):
        old, new = max(0, middle - half - 1), min(last, middle + half + 1)
        if first_look(small[old : new + 1], tall) < FIRST_LOOK_MIN:
            continue
        for pictures, fit_min in ((small, SECOND_LOOK_MIN), (small, SECOND_LOOK_MIN), (luma, FIT_MIN)):
            best = fit_between(pictures, old, new, tall)
            if best is None or best.fit < fit_min:
                break
            found += [best] if pictures is luma and convincing(luma, best) else []
            margin = 1 + round(MARGIN * (best.clean - best.first))
            old, new = max(0, best.first - margin), min(last, best.clean - 1 + margin)
    return max(found, key=lambda item: item.gain, default=None)


def first_look(window: U8, tall: float) -> float:
    """Return the best kind's fit on few of the frames [W,h,w] with few stages."""
    if len(window) < MIXED_MIN + 2:
        return 0.0
    few = window[_spread(0, len(window) - 1, FEW_FRAMES)].astype(np.float32)
    still = (np.broadcast_to(few[0], few.shape), np.broadcast_to(few[-1], few.shape))
    _, error = _errors(few, *still, FEW_LEVELS, tall)
    step = float(least(error[:, :1, [0, FEW_LEVELS - 1]])[0])
    return 1 - float(least(error).min()) / max(step, 1e-6)


def _spread(first: int, last: int, most: int) -> npt.NDArray[np.intp]:
    """Return at most `most` whole numbers spread evenly from `first` to `last`."""
    return np.linspace(first, last, min(last - first + 1, most)).round().astype(np.intp)


def _errors(window: F32, olds: F32, news: F32, levels: int, tall: float) -> tuple[list[str], F32]:
    """Return names of kinds and the mean squared errors that each leaves of the frames [W,h,w]: [W,M,levels].

    `olds` and `news` [W,h,w] are both shots as they would look at each frame, alone.
    """
    names, mixing = mixing_errors(window, olds, news, levels, tall)
    more, moving = moving_errors(window, window[0], window[-1], levels)
    ground = _ground(window)
    if ground is None:
        return [*names, *more], np.concatenate([mixing, moving], axis=1)
    dip = dip_errors(window, window[0], window[-1], ground, levels)
    return [*names, *more, "dip"], np.concatenate([mixing, moving, dip], axis=1)


def standstill(course: npt.NDArray[np.float64], kind: str) -> float:
    """Return the longest share of a course, 0..1, over which it hardly goes on; a dip may rest half-way.

    Two transitions with a shot between them look like one that stands still meanwhile.
    """
    if len(course) < 2 * MIXED_MIN:
        return 0.0
    steady = np.searchsorted(course, course + 0.04, side="right") - np.arange(len(course))
    if kind == "dip":
        steady = steady[np.abs(course - 0.5) > 0.08]
    return float(steady.max(initial=0) / len(course))


def convincing(luma: U8, item: Gradual) -> bool:
    """Return whether the kind explains its frames, mixes enough of them and leads to other content."""
    mixed = int(np.count_nonzero((item.course > 0.04) & (item.course < 0.96)))
    others = max(value for kind, value in item.fits.items() if kind not in (item.kind, "dip"))
    if mixed < MIXED_MIN or not (item.fit >= FIT_MIN or (item.fit >= ALONE_FIT_MIN and item.fit - others >= ALONE_BY)):
        return False
    if item.kind in ("push", "slide", "cover"):
        fit_min = MOVING_FIT_MIN if mixed >= FAST else FAST_FIT_MIN
        if item.fit < fit_min or item.seam < SEAM_MIN:
            return False
    if standstill(item.course, item.kind) > STANDSTILL_MAX:
        return False
    change = cv2.absdiff(luma[min(item.clean, len(luma) - 1)], luma[max(0, item.first - 1)])
    if np.mean(change > CHANGED_LEVELS) < CHANGED_MIN:
        return False
    least_unlike = UNLIKE_AFTER_FLASH if item.kind == "dip" and mixed <= FLASH_FRAMES else UNLIKE
    return difference_in_content(luma, item.first - 1, item.clean) >= least_unlike


def fit_between(luma: U8, old: int, new: int, tall: float) -> Gradual | None:
    """Return how every kind explains the frames from `old` to `new`, which show one picture alone each."""
    if new - old < MIXED_MIN + 1:
        return None
    frames = _spread(old, new, MANY_FRAMES)
    window = luma[frames].astype(np.float32)
    names, error = _errors(window, *_going_on(luma, frames), LEVELS, tall)
    step = float(least(error[:, :1, [0, LEVELS - 1]])[0])
    totals = least(error)
    best = int(np.argmin(totals))
    fits: dict[str, float] = {}
    for name, total in zip(names, totals, strict=True):
        kind = name.partition(".")[0]
        fits[kind] = max(fits.get(kind, -1.0), 1 - float(total) / max(step, 1e-6))
    progress = np.interp(np.arange(old, new + 1), frames, course(error[:, best]) / (LEVELS - 1))
    first, clean = extent(progress)
    plain = (is_plain(window[0]), is_plain(window[-1]))
    plainest = _plainest(window) if any(plain) or _ground(window) is not None else None
    return Gradual(
        first=old + first, clean=old + clean, fits=fits, course=progress[first:clean],
        ground=None if plainest is None else float(window[plainest].mean()),
        plainest=None if plainest is None else int(frames[plainest]),
        plain=plain, gain=(step - float(totals[best])) * (new - old + 1) / len(frames),
        seam=seam(window[0], window[-1], names[best].rpartition(".")[2]),
    )  # fmt: skip


def _plainest(window: F32) -> int:
    return int(np.argmin(window.reshape(len(window), -1).std(axis=1)))


def _going_on(luma: U8, frames: npt.NDArray[np.intp]) -> tuple[F32, F32]:
    """Return the first and the last of `frames` as they would look at all of them, [W,h,w] each.

    Both shots are taken to go on moving as they did just before and will just after.
    """
    old, new = int(frames[0]), int(frames[-1])
    one, two = luma[old].astype(np.float32), luma[new].astype(np.float32)
    back, ahead = min(PACE_FRAMES, old), min(PACE_FRAMES, len(luma) - 1 - new)
    pace = drift(luma[old - back].astype(np.float32), one) / back if back > 1 else np.zeros(3)
    later = drift(two, luma[new + ahead].astype(np.float32)) / ahead if ahead > 1 else np.zeros(3)
    olds = np.stack([carried(one, pace * (frame - old)) for frame in frames])
    return olds, np.stack([carried(two, later * (frame - new)) for frame in frames])


def seam(old: F32, new: F32, way: str) -> float:
    """Return how much larger the step is where `new` [h,w] would follow `old` moving along `way` than steps within.

    A pan shows one scene, so there both meet as neighbours do (about 1); a push joins two pictures. 0 for other kinds.
    """
    if way not in ("left", "right", "up", "down"):
        return 0.0
    one, two = (picture.T if way in ("up", "down") else picture for picture in (old, new))
    if way in ("right", "down"):
        one, two = one[:, ::-1], two[:, ::-1]
    step = float(np.abs(one[:, -1] - two[:, 0]).mean())
    inner = float(np.abs(np.diff(one[:, -4:], axis=1)).mean() + np.abs(np.diff(two[:, :4], axis=1)).mean()) / 2
    return step / max(inner, 1.0)


def is_plain(picture: F32) -> bool:
    """Return whether a picture [h,w] is of one grey level, or black or white but for something small."""
    deviation, mean = float(picture.std()), float(picture.mean())
    extreme = min(mean, 255 - mean) < EXTREME_LEVELS
    return deviation < PLAIN_SD or (extreme and deviation < NEARLY_PLAIN_SD)


def _ground(window: F32) -> float | None:
    """Return the grey level of the plainest frame of [W,h,w], None unless it is much plainer than first and last."""
    contrast = window.reshape(len(window), -1).std(axis=1)
    flattest = int(np.argmin(contrast))
    plain = contrast[flattest] < min(NEARLY_PLAIN_SD, PLAIN_SHARE * min(contrast[0], contrast[-1]))
    return float(window[flattest].mean()) if plain else None

"""Noise, grain, compression blocks and interlaced lines, which show at full size only: seen in a few pictures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import cv2
import numpy as np

from sestina.core.card import Card
from sestina.core.frames import F32, U8, Picture
from sestina.core.reading import Reading
from sestina.core.registry import signals
from sestina.core.roles import Measurement
from sestina.core.track import Track
from sestina.signals.faces import times_of

MOST = 16
"""Pictures of one video; one a shot, of the longest shots."""
WINDOW = (1280, 720)
"""Width and height of the middle part that is looked at: noise is the same everywhere, and time is not free."""
BLOCK = 16
FLAT_SHARE = 0.15
"""Share of blocks with the least structure in which noise is measured."""
FLAT_SLOPE_MAX = 6.0
"""Grey levels a pixel of slope from which a block shows a thing and not its surface."""
USABLE = (16.0, 235.0)
"""Mean luma of usable blocks: clipped ones have lost their noise."""
GRID = 8
COMB_LEVELS = 12.0
"""Grey levels by which a line must differ from both its neighbours, which agree, to look like another field."""
COMB_SHARE, COMB_OVER_COLUMNS = 0.012, 3.0
"""Share of such pixels from which a picture is combed, and how many times that of columns it must be: hair and leaves
have as many along both axes."""
NAMES = ("sigma", "chroma_sigma", "correlation", "blockiness", "combed")


@signals.register(
    "noise",
    input="stills",
    group="noise",
    after=("edit.shot",),
    tracks=tuple(f"noise.{name}" for name in NAMES),
    card=Card(
        summary="Noise in flat areas, how it hangs together, steps on an 8-pixel grid, and combed lines, at full size.",
        source="noise: block-based, as compared by Olsen (1993); blocks: after Wang et al. (2000)",
        cost="25 ms a picture, at most 16 pictures",
        deviations="Noise is measured in the flattest blocks only. Blocks need square pixels and an unscaled picture.",
    ),
)
@dataclass
class Noise:
    """Measures `noise.*` at the pictures looked at.

    `sigma` and `chroma_sigma` are standard deviations as shares of the range, `correlation` that of the noise of
    neighbouring pixels (0 white, towards 1 coarse grain), `blockiness` the step on the block grid over the step
    elsewhere, `combed` 1
    where alternate lines come from different fields.
    """

    _rows: list[tuple[float, ...]] = field(default_factory=list)
    _times: list[float] = field(default_factory=list)
    _square: bool = True

    def choose(self, reading: Reading) -> Sequence[float]:
        """Return one time in each of the longest shots, shared with those that faces are looked for at."""
        video = reading.media.video
        self._square = video is None or (video.sar == 1 and video.display_width in (video.width, video.height))
        spans = sorted((shot.span for shot in reading.shots), key=lambda span: (-span.duration_s, span.start_s))[:MOST]
        every = times_of([shot.span for shot in reading.shots])
        inside = ([time for time in every if span.contains(time)] for span in spans)
        return sorted(times[len(times) // 2] for times in inside if times)

    def feed(self, picture: Picture) -> None:
        """Measure one picture."""
        middle = window(picture.rgb)
        luma = np.asarray(cv2.cvtColor(middle, cv2.COLOR_RGB2YCrCb), np.uint8)
        y = np.ascontiguousarray(luma[..., 0])
        sigma, correlation = noise_of(y)
        chroma = max(noise_of(np.ascontiguousarray(luma[..., i]), y)[0] for i in (1, 2))
        blocks = blockiness(y) if self._square else float("nan")
        self._rows.append((sigma / 255, chroma / 255, correlation, blocks, combed(y)))
        self._times.append(picture.time_s)

    def finish(self) -> Measurement:
        """Return the tracks."""
        values = np.array(self._rows, np.float64).reshape(-1, len(NAMES)).T
        times = np.array(self._times, np.float64)
        units = {"sigma": "luma", "chroma_sigma": "luma", "blockiness": "ratio"}
        return Measurement(
            tracks=tuple(
                Track(name=f"noise.{n}", unit=units.get(n, ""), times_s=times, values=column, kind="sampled")
                for n, column in zip(NAMES, values, strict=True)
            )
        )


def window(rgb: U8) -> U8:
    """Return the middle of a picture [H,W,3], at most `WINDOW`, beginning on a multiple of eight pixels."""
    height, width = rgb.shape[:2]
    top, left = max(0, (height - WINDOW[1]) // 2) // GRID * GRID, max(0, (width - WINDOW[0]) // 2) // GRID * GRID
    return np.ascontiguousarray(rgb[top : top + WINDOW[1], left : left + WINDOW[0]])


def noise_of(plane: U8, luma: U8 | None = None) -> tuple[float, float]:
    """Return the noise's standard deviation in grey levels and the correlation of neighbouring pixels' noise.

    Args:
        plane: uint8 [h,w].
        luma: the plane whose flat blocks to use; None: `plane` itself.

    Both NaN when no block is flat.
    """
    guide = plane if luma is None else luma
    height, width = plane.shape[0] // BLOCK * BLOCK, plane.shape[1] // BLOCK * BLOCK
    if min(height, width) < 2 * BLOCK:
        return float("nan"), float("nan")
    flat = flat_blocks(guide[:height, :width])
    if not flat.any():
        return float("nan"), float("nan")
    grey = plane[:height, :width].astype(np.float32)
    residual = blocks_of((grey - cv2.blur(grey, (5, 5))).astype(np.float32))[flat]
    # The window itself takes a twenty-fifth of white noise away; half of the blocks may hold a speck.
    sigma = float(np.median(residual.std(axis=(1, 2))) / np.sqrt(1 - 1 / 25))
    one, other = residual[:, :, :-1].ravel(), residual[:, :, 1:].ravel()
    power = float((residual**2).mean())
    return sigma, float((one * other).mean() / power) if power > 1e-3 else float("nan")


def blocks_of(plane: F32) -> F32:
    """Return a plane [h,w], whose sides are multiples of `BLOCK`, cut into blocks [N,BLOCK,BLOCK]."""
    height, width = plane.shape
    cut = plane.reshape(height // BLOCK, BLOCK, width // BLOCK, BLOCK).swapaxes(1, 2)
    return cut.reshape(-1, BLOCK, BLOCK)


def flat_blocks(luma: U8) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Return which blocks of luma [h,w] are usable and among the flattest, bool [N]."""
    smooth = cv2.GaussianBlur(luma, (0, 0), 2.0).astype(np.float32)
    slope = cv2.magnitude(cv2.Sobel(smooth, cv2.CV_32F, 1, 0), cv2.Sobel(smooth, cv2.CV_32F, 0, 1)) / 8
    structure = blocks_of(np.asarray(slope, np.float32)).max(axis=(1, 2))
    level = blocks_of(smooth).mean(axis=(1, 2))
    usable = (level >= USABLE[0]) & (level <= USABLE[1]) & (structure <= FLAT_SLOPE_MAX)
    if not usable.any():
        return np.zeros(len(level), bool)
    limit = np.quantile(structure[usable], FLAT_SHARE)
    return np.asarray(usable & (structure <= limit), np.bool_)


def blockiness(luma: U8) -> float:
    """Return the mean step at the phase of an 8-pixel grid where it is largest over that elsewhere; 1 without blocks.

    The weaker of both axes counts: a grid of blocks shows along both.
    """
    if min(luma.shape) < 8 * GRID:
        return float("nan")
    return min(_grid_ratio(luma), _grid_ratio(np.ascontiguousarray(luma.T)))


def _grid_ratio(luma: U8) -> float:
    # Strong edges belong to things; blocks are small steps.
    steps = np.minimum(cv2.absdiff(luma[:, 1:], luma[:, :-1]), 24).mean(axis=0)
    usable = len(steps) // GRID * GRID
    phases = steps[:usable].reshape(-1, GRID).mean(axis=0)
    others = np.sort(phases)[:-1]
    return float(phases.max() / max(float(others.mean()), 0.05))


def combed(luma: U8) -> float:
    """Return 1 when enough pixels of luma [h,w] differ from the lines above and below while those agree, else 0."""
    if min(luma.shape) < 8:
        return 0.0
    share = _comb_share(luma)
    return float(share >= COMB_SHARE and share >= COMB_OVER_COLUMNS * _comb_share(np.ascontiguousarray(luma.T)))


def _comb_share(luma: U8) -> float:
    above, here, below = (luma[i : luma.shape[0] - 2 + i].astype(np.int16) for i in range(3))
    first, second = here - above, here - below
    same_side = (first > COMB_LEVELS) & (second > COMB_LEVELS) | (first < -COMB_LEVELS) & (second < -COMB_LEVELS)
    return float((same_side & (np.abs(above - below) < COMB_LEVELS)).mean())

"""What draws the eye and how the picture is laid out: a saliency proxy, symmetry, bands, clutter; sampled in time."""

from __future__ import annotations

from dataclasses import dataclass, field

import cv2
import numpy as np

from sestina.core.card import Card
from sestina.core.frames import F32, U8, FrameBatch
from sestina.core.media_info import MediaInfo
from sestina.core.registry import signals
from sestina.core.roles import Measurement
from sestina.core.track import F64, Track
from sestina.signals._sampling import RATE_HZ, Sampler

SHORT_SIDE = 36
"""Pixels on the short side of the map: spectral residual was defined on 64 pixels of width."""
CENTRE_SIGMA = 0.35
"""Spread of the prior for the middle, in picture sides: viewers look there first (Tatler 2007)."""
SMOOTH = 9
"""Pixels of the window that smooths the log spectrum and the map; as in the paper, scaled."""
MOTION_LEVELS = 8.0
"""Mean change in grey levels between samples from which motion counts as much as contrast."""
PEAK_SHARE = 0.5
"""Share of the highest saliency from which a pixel belongs to the salient area."""
EDGE_LEVELS = 16.0
"""Gradient in grey levels a pixel from which a pixel is an edge."""
COLOUR_BINS = 4
NAMES = (
    "x", "y", "offset_x", "offset_y", "distance", "thirds", "area", "left", "top", "width", "height", "certain",
    "symmetry_v", "symmetry_h", "detail_symmetry_v", "detail_symmetry_h", "rows", "columns", "edges", "entropy",
    "outside_edges",
)  # fmt: skip
UNITS = {"entropy": "share", "symmetry_v": "", "symmetry_h": "", "detail_symmetry_v": "", "detail_symmetry_h": ""}
POWER_POINTS = ((1 / 3, 1 / 3), (2 / 3, 1 / 3), (1 / 3, 2 / 3), (2 / 3, 2 / 3))
CERTAIN_CONTRAST = 3.0
"""Mean saliency inside the box over that outside from which the box is certain."""


@signals.register(
    "saliency",
    input="frames",
    tracks=tuple(f"saliency.{name}" for name in NAMES),
    card=Card(
        summary="A proxy for what draws the eye (its centre, area and box), mirror symmetry, bands, edges and colours.",
        source="spectral residual (Hou and Zhang 2007); colour contrast (Achanta et al. 2009); else own",
        cost="0.6 ms a sample, 6 samples a second",
        deviations="Spectral residual, colour contrast and change since the last sample are added; mild centre prior.",
    ),
)
@dataclass
class Saliency:
    """Measures `saliency.*`, six times a second; places are fractions of the picture."""

    _rows: list[tuple[float, ...]] = field(default_factory=list)
    _times: list[F64] = field(default_factory=list)
    _last: F32 | None = None

    def start(self, info: MediaInfo) -> None:
        """Forget whatever was measured before."""
        self._rows, self._times, self._last, self._sampler = [], [], None, Sampler(RATE_HZ)

    def feed(self, batch: FrameBatch) -> None:
        """Measure the sampled frames of the batch."""
        which = self._sampler.pick(batch.times_s)
        if not len(which):
            return
        sampled = batch.at(which)
        self._times.append(sampled.times_s)
        for luma, lab in zip(sampled.quarter, sampled.lab, strict=True):
            small = resized(luma)
            found = saliency_map(small, lab, self._last)
            self._last = small
            self._rows.append((*attention(found), *symmetries(small), *bands(small), *clutter(luma, lab, found)))

    def finish(self) -> Measurement:
        """Return the tracks."""
        times = np.concatenate(self._times) if self._times else np.zeros(0)
        values = np.array(self._rows, np.float64).reshape(-1, len(NAMES)).T
        return Measurement(
            tracks=tuple(
                Track(
                    name=f"saliency.{name}", unit=UNITS.get(name, "share"), times_s=times, values=column, kind="sampled"
                )
                for name, column in zip(NAMES, values, strict=True)
            )
        )


def resized(luma: U8) -> F32:
    """Return luma [h,w] with about `SHORT_SIDE` pixels on the short side, float32, at least 8 by 8."""
    scale = SHORT_SIDE / min(luma.shape)
    size = (max(8, round(luma.shape[1] * scale)), max(8, round(luma.shape[0] * scale)))
    size = (min(size[0], 8 * SHORT_SIDE), min(size[1], 8 * SHORT_SIDE))
    return np.asarray(cv2.resize(luma, size, interpolation=cv2.INTER_AREA), np.float32)


def saliency_map(luma: F32, lab: F32, last: F32 | None) -> F32:
    """Return how much each place draws the eye, [h,w], sums to 1.

    Args:
        luma: float32 [h,w].
        lab: float32 [.,.,3] small Lab picture of the same frame.
        last: luma of the sample before, or None.
    """
    size = (luma.shape[1], luma.shape[0])
    colour = cv2.resize(colour_contrast(lab), size, interpolation=cv2.INTER_LINEAR)
    total = _normal(spectral_residual(luma)) + _normal(np.asarray(colour, np.float32))
    if last is not None and last.shape == luma.shape:
        change = cv2.GaussianBlur(np.abs(luma - last), (0, 0), 1.5)
        total = total + _normal(np.asarray(change, np.float32)) * min(1.0, float(change.mean()) / MOTION_LEVELS)
    total = total * centre_prior(luma.shape[0], luma.shape[1])
    return np.asarray(total / max(float(total.sum()), 1e-9), np.float32)


def _normal(plane: F32) -> F32:
    """Return a map scaled to a mean of one, so that maps can be added; all ones when it is empty."""
    mean = float(plane.mean())
    return plane / mean if mean > 1e-6 else np.ones_like(plane)


def spectral_residual(luma: F32) -> F32:
    """Return the spectral residual saliency of luma [h,w]: what its log spectrum has beyond the average."""
    spectrum = cv2.dft(luma, flags=cv2.DFT_COMPLEX_OUTPUT)
    size, phase = cv2.cartToPolar(spectrum[..., 0], spectrum[..., 1])
    log = np.log(np.asarray(size, np.float32) + 1e-3)
    kept = np.exp(log - cv2.blur(log, (3, 3)))
    real, imaginary = cv2.polarToCart(kept, phase)
    back = cv2.dft(cv2.merge((real, imaginary)), flags=cv2.DFT_INVERSE | cv2.DFT_SCALE)
    return np.asarray(cv2.GaussianBlur(np.square(back).sum(axis=2), (SMOOTH, SMOOTH), 2.5), np.float32)


def colour_contrast(lab: F32) -> F32:
    """Return the distance of each blurred Lab pixel [h,w,3] from the picture's mean colour, [h,w]."""
    blurred = np.asarray(cv2.GaussianBlur(lab, (5, 5), 0), np.float32).reshape(lab.shape)
    return np.asarray(np.linalg.norm(blurred - lab.reshape(-1, 3).mean(axis=0), axis=2), np.float32)


def centre_prior(height: int, width: int) -> F32:
    """Return a wide bell over the picture, [h,w], 1 in the middle."""
    y = (np.arange(height) + 0.5) / height - 0.5
    x = (np.arange(width) + 0.5) / width - 0.5
    return np.exp(-(y[:, None] ** 2 + x[None] ** 2) / (2 * CENTRE_SIGMA**2)).astype(np.float32)


def attention(found: F32) -> tuple[float, ...]:
    """Return the twelve values of where attention lies for a saliency map [h,w] that sums to 1.

    The centre is the mean place weighted by squared saliency; the box spans two spreads round it.
    """
    height, width = found.shape
    weight = found.astype(np.float64) ** 2
    weight /= max(float(weight.sum()), 1e-18)
    xs, ys = (np.arange(width) + 0.5) / width, (np.arange(height) + 0.5) / height
    x, y = float(weight.sum(axis=0) @ xs), float(weight.sum(axis=1) @ ys)
    spread_x = float(np.sqrt(weight.sum(axis=0) @ (xs - x) ** 2))
    spread_y = float(np.sqrt(weight.sum(axis=1) @ (ys - y) ** 2))
    left, right = max(0.0, x - 1.5 * spread_x), min(1.0, x + 1.5 * spread_x)
    top, bottom = max(0.0, y - 1.5 * spread_y), min(1.0, y + 1.5 * spread_y)
    area = float((found >= PEAK_SHARE * found.max()).mean())
    thirds = min(float(np.hypot(x - px, y - py)) for px, py in POWER_POINTS)
    certain = float(_inside_over_outside(found, left, top, right, bottom) >= CERTAIN_CONTRAST)
    distance = float(np.hypot(x - 0.5, y - 0.5))
    return (x, y, x - 0.5, y - 0.5, distance, thirds, area, left, top, right - left, bottom - top, certain)


def _inside_over_outside(found: F32, left: float, top: float, right: float, bottom: float) -> float:
    height, width = found.shape
    mask = np.zeros(found.shape, bool)
    rows = slice(int(top * height), max(int(bottom * height), int(top * height) + 1))
    mask[rows, int(left * width) : max(int(right * width), int(left * width) + 1)] = True
    if mask.all():
        return 1.0
    return float(found[mask].mean() / max(float(found[~mask].mean()), 1e-9))


def symmetries(luma: F32) -> tuple[float, float, float, float]:
    """Return how well luma [h,w] matches its mirror image: about the upright and the level axis, plain and in detail.

    Plain is the correlation of the whole. A picture of level bands mirrors itself about the upright axis without being
    symmetric, so `detail` takes each row's (or column's) mean out first; -1..1 each, 0 for a flat picture.
    """
    across = luma - luma.mean(axis=1, keepdims=True)
    along = luma - luma.mean(axis=0, keepdims=True)
    return (
        _match(luma, luma[:, ::-1]),
        _match(luma, luma[::-1]),
        _match(across, across[:, ::-1]),
        _match(along, along[::-1]),
    )


def _match(one: F32, other: F32) -> float:
    a, b = one - one.mean(), other - other.mean()
    scale = float(np.sqrt((a * a).sum() * (b * b).sum()))
    # Below two grey levels of spread a picture is flat, and noise mirrors nothing.
    return float((a * b).sum() / scale) if scale > 4.0 * one.size else 0.0


def bands(luma: F32) -> tuple[float, float]:
    """Return the share of the variance of luma [h,w] that lies between rows, and between columns; 0 when flat."""
    total = float(luma.var())
    if total < 4.0:
        return 0.0, 0.0
    return float(luma.mean(axis=1).var()) / total, float(luma.mean(axis=0).var()) / total


def clutter(luma: U8, lab: F32, found: F32) -> tuple[float, float, float]:
    """Return the share of edge pixels, the entropy of colours 0..1, and the share of edges off the salient area.

    Args:
        luma: uint8 [h,w].
        lab: float32 [.,.,3].
        found: saliency map [.,.].
    """
    grey = luma.astype(np.float32)
    edges = cv2.magnitude(
        cv2.Sobel(grey, cv2.CV_32F, 1, 0, scale=0.125), cv2.Sobel(grey, cv2.CV_32F, 0, 1, scale=0.125)
    )
    marks = np.asarray(edges > EDGE_LEVELS)
    mask = cv2.resize((found >= PEAK_SHARE * found.max()).astype(np.uint8), (luma.shape[1], luma.shape[0])) == 0
    outside = float(marks[mask].mean()) if mask.any() else 0.0
    return float(marks.mean()), colour_entropy(lab), outside


def colour_entropy(lab: F32) -> float:
    """Return the entropy of the colours of a Lab picture [h,w,3] over 8 levels of L* and 4 each of a* and b*, 0..1."""
    low, size = np.array((0.0, -64.0, -64.0)), np.array((100.0, 128.0, 128.0))
    counts = np.array((2 * COLOUR_BINS, COLOUR_BINS, COLOUR_BINS))
    index = np.clip(((lab.reshape(-1, 3) - low) / size * counts).astype(np.intp), 0, counts - 1)
    flat = np.ravel_multi_index((index[:, 0], index[:, 1], index[:, 2]), (2 * COLOUR_BINS, COLOUR_BINS, COLOUR_BINS))
    share = np.bincount(flat) / len(flat)
    share = share[share > 0]
    return float(-(share * np.log2(share)).sum() / np.log2(2 * COLOUR_BINS**3))

"""The colours of the picture in CIE Lab, sampled in time: means, chroma, hues, named colours, and a tiny picture."""

from __future__ import annotations

from dataclasses import dataclass, field

import cv2
import numpy as np
import numpy.typing as npt

from sestina.core import vocabulary
from sestina.core.card import Card
from sestina.core.frames import F32, FrameBatch
from sestina.core.media_info import MediaInfo
from sestina.core.registry import signals
from sestina.core.roles import Measurement
from sestina.core.track import F64, Track
from sestina.signals._bars import Bars
from sestina.signals._sampling import RATE_HZ, Sampler

BLACK_L = 6.0
"""L* below which a pixel has no visible colour: it counts for neither hue nor chroma, and so bars do not either."""
MID_TONES = (20.0, 85.0)
"""L* of mid-tones: a cast shows in them, while shadows and highlights are clipped towards neutral."""
NEUTRAL_CHROMA, COLOURED_CHROMA = 8.0, 20.0
"""C* up to which a pixel is grey and from which it is fully coloured; in between it counts as both in part."""
HUE_BINS = 36
TINY = (20, 12)
"""Width and height of the small Lab picture kept of every sample, for palettes: 1.4 kB."""
NAMES = ("red", "orange", "yellow", "green", "cyan", "blue", "purple", "pink", "brown", "black", "grey", "white")
HUES = {
    "red": 42.0, "orange": 76.0, "yellow": 112.0, "green": 165.0, "cyan": 230.0, "blue": 307.0, "purple": 330.0,
}  # fmt: skip
"""Upper end of each colour's hue in CIE Lab, degrees; what follows up to `PINK_END` is pink. The sRGB primaries lie at
40 (red), 136 (green), 306 (blue), the secondaries at 103 (yellow), 196 (cyan), 328 (magenta)."""
PINK_END = 8.0
BROWN_L_MAX, PINK_L_MIN = 55.0, 60.0
"""Dark orange is called brown, light red pink."""
BLACK_L_MAX, WHITE_L_MIN = 20.0, 82.0
PLAIN = ("l", "a", "b", "chroma", "chroma_p95", "shadow_hue", "highlight_hue", "split_tone")


@signals.register(
    "colour",
    input="frames",
    tracks=(*(f"colour.{name}" for name in (*PLAIN, *NAMES)), "colour.hue", "colour.tiny"),
    card=Card(
        summary="Colour in CIE Lab: cast of the mid-tones, chroma, hue histogram, share of twelve named colours.",
        source="own; CIE 1976 L*a*b*",
        cost="0.45 ms a sample, 6 samples a second",
        deviations="Measured on a picture of about 40 pixels on the short side; black bars are left out.",
    ),
)
@dataclass
class Colour:
    """Measures `colour.*`, six times a second."""

    _rows: list[tuple[float, ...]] = field(default_factory=list)
    _hues: list[F32] = field(default_factory=list)
    _tiny: list[npt.NDArray[np.float16]] = field(default_factory=list)
    _times: list[F64] = field(default_factory=list)
    _bars: Bars = field(default_factory=Bars)

    def start(self, info: MediaInfo) -> None:
        """Forget whatever was measured before."""
        self._rows, self._hues, self._tiny, self._times = [], [], [], []
        self._bars, self._sampler = Bars(), Sampler(RATE_HZ)

    def feed(self, batch: FrameBatch) -> None:
        """Measure the sampled frames of the batch."""
        which = self._sampler.pick(batch.times_s)
        if not len(which):
            return
        sampled = batch.at(which)
        self._times.append(sampled.times_s)
        self._bars.feed(sampled.tiny_ycc[..., 0])
        for lab in sampled.lab:
            self._rows.append((*plain_values(lab), *name_shares(lab)))
            self._hues.append(hue_histogram(lab))
            self._tiny.append(cv2.resize(lab, TINY, interpolation=cv2.INTER_AREA).astype(np.float16))

    def finish(self) -> Measurement:
        """Return the tracks."""
        times = np.concatenate(self._times) if self._times else np.zeros(0)
        values = np.array(self._rows, np.float64).reshape(-1, len(PLAIN) + len(NAMES))
        values[:, len(PLAIN) :] = without_bars(values[:, len(PLAIN) :], self._bars.share)
        names = zip((*PLAIN, *NAMES), values.T, strict=True)
        tracks = [_track(name, _unit(name), times, column) for name, column in names]
        hues = np.array(self._hues, np.float32).reshape(-1, HUE_BINS)
        tiny = np.array(self._tiny, np.float16).reshape(-1, TINY[1], TINY[0], 3)
        inside = self._inside(tiny)
        return Measurement(tracks=(*tracks, _track("hue", "share", times, hues), _track("tiny", "Lab", times, inside)))

    def _inside(self, tiny: npt.NDArray[np.float16]) -> npt.NDArray[np.float16]:
        """Return the small pictures [N,h,w,3] without the rows and columns that black bars take up."""
        left, top, right, bottom = self._bars.box
        rows = slice(int(np.ceil(top * TINY[1])), max(int(bottom * TINY[1]), int(np.ceil(top * TINY[1])) + 1))
        columns = slice(int(np.ceil(left * TINY[0])), max(int(right * TINY[0]), int(np.ceil(left * TINY[0])) + 1))
        return np.ascontiguousarray(tiny[:, rows, columns])


def _track(name: str, unit: str, times: F64, values: npt.NDArray[np.floating]) -> Track:
    return Track(name=f"colour.{name}", unit=unit, times_s=times, values=values, kind="sampled")


def _unit(name: str) -> str:
    if name in NAMES:
        return "share"
    return {"l": "L*", "a": "a*", "b": "b*", "split_tone": "share"}.get(name, "deg" if "hue" in name else "C*")


def hue_of(lab: F32) -> F32:
    """Return the hue angle of Lab pixels float32 [...,3], degrees 0..360, [...]."""
    return np.asarray(np.degrees(np.arctan2(lab[..., 2], lab[..., 1])) % 360, np.float32)


def chroma_of(lab: F32) -> F32:
    """Return the chroma C* of Lab pixels float32 [...,3], [...]."""
    return np.asarray(np.hypot(lab[..., 1], lab[..., 2]), np.float32)


def coloured(chroma: F32) -> F32:
    """Return how far pixels of chroma [...] count as coloured and not as grey, 0..1, [...]."""
    return np.asarray(np.clip((chroma - NEUTRAL_CHROMA) / (COLOURED_CHROMA - NEUTRAL_CHROMA), 0, 1), np.float32)


def plain_values(lab: F32) -> tuple[float, ...]:
    """Return the values of `PLAIN` for one picture of Lab pixels [h,w,3].

    `split_tone` is the share of visible pixels that are teal shadows or orange highlights, 0 unless both are there.
    """
    pixels = lab.reshape(-1, 3)
    visible = pixels[pixels[:, 0] >= BLACK_L]
    if not len(visible):
        return (float(pixels[:, 0].mean()), 0.0, 0.0, 0.0, 0.0, float("nan"), float("nan"), 0.0)
    light = visible[:, 0]
    middle = visible[(light >= MID_TONES[0]) & (light <= MID_TONES[1])]
    cast = (middle if len(middle) >= 0.02 * len(visible) else visible).mean(axis=0)
    chroma = chroma_of(visible)
    low, high = visible[light <= np.median(light)], visible[light >= np.median(light)]
    return (
        float(visible[:, 0].mean()),
        float(cast[1]),
        float(cast[2]),
        float(chroma.mean()),
        float(np.percentile(chroma, 95)),
        mean_hue(low),
        mean_hue(high),
        split_tone(low, high),
    )


def mean_hue(pixels: F32) -> float:
    """Return the hue of the mean colour of Lab pixels [N,3], degrees; NaN when it is grey."""
    mean = pixels.mean(axis=0)
    return float(hue_of(mean)) if float(chroma_of(mean)) >= 3.0 else float("nan")


def split_tone(shadows: F32, highlights: F32) -> float:
    """Return the smaller of: share of `shadows` [N,3] that are teal, share of `highlights` [M,3] that are orange."""
    return min(_share_of_hue(shadows, "teal"), _share_of_hue(highlights, "orange"))


def _share_of_hue(pixels: F32, name: str) -> float:
    """Return the share of Lab pixels [N,3] that are coloured and within the vocabulary's limits of hue `name`."""
    low, high = (vocabulary.threshold("aes.color.grade", f"{name}_hue_{end}_deg") for end in ("min", "max"))
    hue = hue_of(pixels)
    return float(((hue >= low) & (hue <= high) & (chroma_of(pixels) >= NEUTRAL_CHROMA)).mean())


def hue_histogram(lab: F32) -> F32:
    """Return how much chroma lies at each hue, float32 [HUE_BINS]: sums to the mean weighted chroma of the picture."""
    pixels = lab.reshape(-1, 3)
    chroma = chroma_of(pixels)
    weight = chroma * coloured(chroma) * (pixels[:, 0] >= BLACK_L)
    bins = (hue_of(pixels) * (HUE_BINS / 360.0)).astype(np.intp) % HUE_BINS
    return np.asarray(np.bincount(bins, weights=weight, minlength=HUE_BINS) / len(pixels), np.float32)


def name_shares(lab: F32) -> tuple[float, ...]:
    """Return the share of pixels [h,w,3] with each name of `NAMES`; a pale pixel counts as grey in part."""
    pixels = lab.reshape(-1, 3)
    share = coloured(chroma_of(pixels))
    light = pixels[:, 0]
    tinted = np.bincount(colour_index(pixels), weights=share, minlength=len(NAMES))
    grey = np.where(light <= BLACK_L_MAX, 9, np.where(light >= WHITE_L_MIN, 11, 10))
    plain = np.bincount(grey, weights=1 - share, minlength=len(NAMES))
    return tuple((tinted + plain) / len(pixels))


def colour_index(pixels: F32) -> npt.NDArray[np.intp]:
    """Return which of `NAMES` each Lab pixel [N,3] has when it is taken as coloured, [N]."""
    hue, light = hue_of(pixels), pixels[:, 0]
    index = np.searchsorted(list(HUES.values()), hue, side="right")
    index = np.where((index == len(HUES)) | (hue < PINK_END), NAMES.index("pink"), index)
    index = np.where((index == NAMES.index("orange")) & (light < BROWN_L_MAX), NAMES.index("brown"), index)
    index = np.where((index == NAMES.index("red")) & (light >= PINK_L_MIN), NAMES.index("pink"), index)
    return np.where(light <= BLACK_L, NAMES.index("black"), index)


def without_bars(shares: F64, bars: float) -> F64:
    """Return shares of named colours [N,12] of the picture inside black bars, which take up `bars` of the whole."""
    if bars <= 0 or bars >= 1:
        return shares
    black = NAMES.index("black")
    out = shares.copy()
    out[:, black] = np.maximum(out[:, black] - bars, 0)
    return np.asarray(out / np.maximum(out.sum(axis=1, keepdims=True), 1e-9))

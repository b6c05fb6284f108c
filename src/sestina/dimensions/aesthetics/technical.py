"""Technical quality in numbers: size, rate, repeats, bits, blur, noise, blocks, fields, black and frozen runs."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from sestina.core.card import Card
from sestina.core.evidence import Evidence
from sestina.core.media_info import VideoInfo
from sestina.core.reading import Reading
from sestina.core.registry import parsers
from sestina.core.storyboard import Level, Unit
from sestina.core.time import Span
from sestina.core.track import F64, Track

IRREGULAR = 0.02
"""Relative difference from the usual spacing of frames from which a spacing is irregular."""
BLACK_P99_MAX = 0.07
"""Luma of the brightest hundredth up to which a frame is black; the foot of a fade is not yet."""
BLACK_MIN_S = 0.08
FREEZE_MIN_S, FREEZE_MIN_FRAMES = 0.5, 3
"""A shorter run of repeats is a lower frame rate in a faster stream."""
TRANSFERS = {"smpte2084": "pq", "arib-std-b67": "hlg"}
MEASURES = {
    "blur": ("sharpness.blur", "the pictures are too plain to be sharp or not"),
    "noise": ("noise.sigma", "no flat area was found to measure noise in"),
    "blockiness": ("noise.blockiness", "blocks show only in an unscaled picture with square pixels"),
}


@parsers.register(
    "aesthetics.technical",
    facets=tuple(
        f"aes.tech.{name}"
        for name in (
            "resolution", "fps", "vfr_ratio", "duplicate_ratio", "bitrate", "blur", "noise", "blockiness", "interlace",
            "black", "freeze", "rotation", "transfer",
        )
    ),
    signals=("difference", "luma"),
    optional=("noise", "sharpness"),
    after=("edit.shot",),
    derives=("technical.repeat", "technical.irregular"),
    card=Card(summary="Numbers of technical quality, and runs of black or frozen frames.", source="own"),
)  # fmt: skip
class Technical:
    """Parser `aesthetics.technical`."""

    def __call__(self, reading: Reading) -> Iterator[Unit | Track]:
        """Yield the derived tracks, facts of the file, ratios of the video and of each shot, and runs."""
        video = reading.media.video
        if video is None:
            return
        change = reading.track("difference.luma")
        repeat = (np.asarray(change.values) <= 0).astype(np.float64)
        repeat[:1] = 0
        yield Track(name="technical.repeat", unit="", times_s=change.times_s, values=repeat, kind="frame")
        irregular = odd_spacing(change.times_s)
        yield Track(name="technical.irregular", unit="", times_s=change.times_s, values=irregular, kind="frame")
        yield from facts(reading, video)
        yield from ratios(reading)
        yield from runs(reading, "black", np.asarray(reading.track("luma.p99").values) <= BLACK_P99_MAX)
        yield from runs(reading, "freeze", repeat > 0)


def odd_spacing(times_s: F64) -> F64:
    """Return 1 for each frame, of those at `times_s` [N], whose distance to the next is unusual; 0 for the last.

    A time base rounds spacing to its ticks, so a millisecond and a tenth are always allowed.
    """
    gaps = np.diff(times_s)
    if not len(gaps):
        return np.zeros(len(times_s))
    usual = float(np.median(gaps))
    odd = np.abs(gaps - usual) > max(IRREGULAR * usual, 0.0011)
    return np.concatenate([odd.astype(np.float64), [0.0]])


def facts(reading: Reading, video: VideoInfo) -> Iterator[Unit]:
    """Yield what the file itself says: resolution, rate, bits, rotation, transfer."""
    span = reading.span
    size: list[Evidence] = [reading.metadata("video.display_width"), reading.metadata("video.display_height")]
    shorter = float(min(video.display_width, video.display_height))
    yield reading.unit("aes.tech.resolution", span=span, value=shorter, evidence=size)
    rate = [reading.metadata("video.frame_rate")]
    yield reading.unit("aes.tech.fps", span=span, value=float(Fraction(video.frame_rate)), evidence=rate)
    turned = [reading.metadata("video.rotation_deg")]
    yield reading.unit("aes.tech.rotation", span=span, value=float(video.rotation_deg), evidence=turned)
    if video.bit_rate_bps:
        bits = [reading.metadata("video.bit_rate_bps")]
        yield reading.unit("aes.tech.bitrate", span=span, value=video.bit_rate_bps / 1e6, evidence=bits)
    else:
        yield reading.abstain("aes.tech.bitrate", span=span, reason="the stream does not say its bit rate")
    yield transfer(reading, video)


def transfer(reading: Reading, video: VideoInfo) -> Unit:
    """Return which transfer function the stream declares."""
    declared = video.transfer or ""
    label = TRANSFERS.get(declared, "sdr" if declared else "unknown")
    evidence: list[Evidence] = [reading.metadata("video.hdr"), reading.metadata("video.pixel_format")]
    if declared:
        evidence.insert(0, reading.metadata("video.transfer"))
    return reading.unit("aes.tech.transfer", label=label, span=reading.span, evidence=evidence)


def ratios(reading: Reading) -> Iterator[Unit]:
    """Yield shares and medians of the whole video, then those that each shot has of its own."""
    span = reading.span
    yield _number(reading, "vfr_ratio", "technical.irregular", "mean", span, "video")
    yield _number(reading, "duplicate_ratio", "technical.repeat", "mean", span, "video")
    if "noise.combed" in reading.tracks and len(reading.track("noise.combed")):
        yield _number(reading, "interlace", "noise.combed", "mean", span, "video")
    parts: Sequence[tuple[Level, Span]] = [("video", span), *(("shot", shot.span) for shot in reading.shots)]
    for level, part in parts:
        if level == "shot":
            yield _number(reading, "duplicate_ratio", "technical.repeat", "mean", part, level)
        for name, (track, reason) in MEASURES.items():
            if track in reading.tracks:
                yield _number(reading, name, track, "median", part, level, reason)


def _number(
    reading: Reading, name: str, track: str, how: str, span: Span, level: Level, reason: str = "nothing was measured"
) -> Unit:
    facet = f"aes.tech.{name}"
    value = reading.value(track, how, span)
    if math.isnan(value):
        return reading.unit(facet, span=span, level=level, status="abstain", confidence=0.0, reason=reason)
    evidence: list[Evidence] = [reading.measured(track, span, how)]
    return reading.unit(facet, span=span, level=level, value=value, evidence=evidence)


def runs(reading: Reading, kind: str, flags: npt.NDArray[np.bool_]) -> Iterator[Unit]:
    """Yield every run of black frames, or of frames that repeat the one before, that lasts long enough."""
    frames = reading.frames
    edges = np.flatnonzero(np.diff(np.concatenate([[False], flags, [False]]).astype(np.int8)))
    for first, after in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        span = Span.of(frames.time_s(first), min(frames.time_s(after), reading.span.end_s))
        if kind == "black" and span.duration_s >= BLACK_MIN_S:
            shown = reading.metric("luma.p99", "<=", BLACK_P99_MAX, span, "max")
        elif kind == "freeze" and span.duration_s >= FREEZE_MIN_S and after - first >= FREEZE_MIN_FRAMES:
            shown = reading.metric("technical.repeat", ">=", 1.0, span, "min")
        else:
            continue
        pair = reading.frame_pair(span.start_s, frames.time_s(after - 1))
        yield reading.unit(f"aes.tech.{kind}", label="true", span=span, evidence=[shown, pair])

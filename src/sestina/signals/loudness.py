"""Loudness: programme loudness, loudness range, true peak, level and clipping.

ITU-R BS.1770-4 (2015) for the K-weighting, the gate and the true peak; EBU R 128 and Tech 3341 (2016) for
the momentary and short-term windows; EBU Tech 3342 (2016) for the loudness range.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from sestina.core.card import Card
from sestina.core.frames import F32
from sestina.core.media_info import MediaInfo
from sestina.core.registry import signals
from sestina.core.track import Track
from sestina.signals._audio import F64, FLOOR_DB, RATE_HZ, ChunkedSignal, db, events, sampled
from sestina.signals._filters import Convolver, Strided, lowpass, response

STEP = RATE_HZ // 10
"""Samples from one loudness value to the next (100 ms): the 75 % overlap of 400 ms blocks that BS.1770 asks
for."""

HOP = RATE_HZ // 100
"""Samples behind one value of `loudness.rms` (10 ms)."""

MOMENTARY_STEPS, SHORT_TERM_STEPS = 4, 30
OFFSET_LU = -0.691
ABSOLUTE_GATE, RELATIVE_GATE_LU, RANGE_GATE_LU = -70.0, -10.0, -20.0

# The two stages of K-weighting at 48 kHz as printed in BS.1770-4, tables 1 and 2: (b0 b1 b2 a0 a1 a2).
SHELF = (1.53512485958697, -2.69169618940638, 1.19839281085285, 1.0, -1.69065929318241, 0.73248077421585)
HIGH_PASS = (1.0, -2.0, 1.0, 1.0, -1.99004745483398, 0.99007225036621)

RESPONSE = 8192
"""Samples after which the weighting's response is over: its slowest pole is down by 350 dB."""

OVERSAMPLING = 4
TAPS = 12 * OVERSAMPLING - 1
"""Odd, for linear phase; padded by one zero it is the standard's 4 phases of 12."""

FLAT_STEP = 0.002
CORNER_STEP = 0.01
FLAT_LEVEL = 0.25
FULL_SCALE = 0.999
"""A clipped top is at least three samples that differ by less than FLAT_STEP after a slope of CORNER_STEP or
more, above FLAT_LEVEL; a slow sine is flat at its top too, but has no corner. Samples at full scale count as
they are."""


def loudness(power: F64) -> F64:
    """Return K-weighted power, summed over channels, as LUFS; silence gives FLOOR_DB."""
    return np.maximum(db(power) + OFFSET_LU, FLOOR_DB)


def windows(power: F64, steps: int) -> F64:
    """Return the mean of `power` [n] over every `steps` neighbours, [n - steps + 1]."""
    if len(power) < steps:
        return np.zeros(0)
    sums = np.concatenate([[0.0], np.cumsum(power, dtype=np.float64)])
    return np.asarray(np.maximum(sums[steps:] - sums[:-steps], 0.0) / steps)


def integrated(power: F64) -> float:
    """Return the gated loudness of 400 ms block powers [n] in LUFS; NaN when no block passes the absolute
    gate."""
    loud = power[loudness(power) > ABSOLUTE_GATE]
    if not len(loud):
        return float("nan")
    gate = float(loudness(loud.mean())) + RELATIVE_GATE_LU
    return float(loudness(loud[loudness(loud) > gate].mean()))


def loudness_range(power: F64) -> float:
    """Return the loudness range of 3 s window powers [n] in LU; NaN when nothing passes the gates."""
    loud = power[loudness(power) > ABSOLUTE_GATE]
    if not len(loud):
        return float("nan")
    level = loudness(loud)
    kept = level[level > float(loudness(loud.mean())) + RANGE_GATE_LU]
    low, high = np.percentile(kept, (10, 95))
    return float(high - low)


def clipped_samples(channel: F32) -> npt.NDArray[np.bool_]:
    """Return which samples [n] of one channel lie on a clipped top."""
    size = np.abs(channel)
    step = np.abs(np.diff(channel, prepend=channel[:1]))
    flat = (step < FLAT_STEP) & (size > FLAT_LEVEL)
    corner = np.zeros(len(channel), bool)
    if len(channel) > 2:
        corner[2:] = flat[2:] & ~flat[1:-1] & (step[1:-1] > CORNER_STEP)
    # A flat run counts whole when it begins at a corner and holds at least two steps, that is three samples.
    edges = np.flatnonzero(np.diff(np.concatenate([[False], flat, [False]]).astype(np.int8))).reshape(-1, 2)
    tops = edges[corner[edges[:, 0]] & (edges[:, 1] - edges[:, 0] >= 2)]
    inside = np.zeros(len(channel) + 1, np.int32)
    inside[tops[:, 0] - 1] += 1
    inside[tops[:, 1]] -= 1
    return np.asarray((size >= FULL_SCALE) | (np.cumsum(inside)[:-1] > 0))


@signals.register(
    "loudness",
    input="audio",
    tracks=(
        "loudness.momentary", "loudness.short_term", "loudness.rms", "loudness.true_peak", "loudness.sample_peak",
        "loudness.clipped", "loudness.integrated", "loudness.range",
    ),
    card=Card(
        summary="Programme loudness, loudness range, true peak, level and clipping.",
        source="ITU-R BS.1770-4 (2015); EBU Tech 3341 and 3342 (2016)",
        deviations="Surround sound is measured after its mix to stereo; windows are dated at their middle.",
        cost="about 3.5 ms CPU a second of sound",
    ),
)  # fmt: skip
class Loudness(ChunkedSignal):
    """Loudness in LUFS (momentary 400 ms, short-term 3 s, integrated), range in LU, peaks in dBTP and dBFS.

    `loudness.rms` is the power of both channels' mean square every 10 ms, above 38 Hz so that DC does not
    count.
    """

    def begin(self, info: MediaInfo) -> None:
        """Forget everything heard before."""
        rumble_free, weighted = response((HIGH_PASS,), RESPONSE), response((HIGH_PASS, SHELF), RESPONSE)
        self._weighting = Convolver(np.stack([rumble_free, weighted]), 2, RATE_HZ)
        between = np.append(lowpass(TAPS, 1 / OVERSAMPLING), np.float32(0)) * OVERSAMPLING
        self._between = Strided(np.stack([between[phase::OVERSAMPLING] for phase in range(OVERSAMPLING)]), 2)
        # A mono file comes as two equal channels; BS.1770 counts the one it has.
        self._share = 0.5 if info.audio is not None and info.audio.channels == 1 else 1.0
        self._power: list[F64] = []
        self._rms: list[F64] = []
        self._true: list[F32] = []
        self._peak: list[F32] = []
        self._clipped: list[F64] = []

    def take(self, samples: F32) -> None:
        """Hear the next run [2,n]."""
        waves = self._weighting.feed(samples)
        rumble_free, weighted = waves[:, 0] ** 2 + waves[:, 1] ** 2
        self._rms.append(_means(rumble_free / 2, HOP))
        full = samples.shape[1] // STEP * STEP
        self._power.append(weighted[:full].reshape(-1, STEP).mean(axis=1, dtype=np.float64) * self._share)
        self._peaks(samples)

    def _peaks(self, samples: F32) -> None:
        between, size = np.abs(self._between.feed(samples)), np.abs(samples)
        peak = np.maximum(*(_maxima(channel, STEP) for channel in size))
        fine = [_maxima(channel.ravel(), STEP * OVERSAMPLING) for channel in between]
        self._true.append(np.maximum(np.maximum(*fine), peak))
        self._peak.append(peak)
        clipped = clipped_samples(samples[0]) | clipped_samples(samples[1])
        self._clipped.append(np.add.reduceat(clipped.astype(np.float64), np.arange(0, len(clipped), STEP)))

    def tracks(self, start_s: float) -> Sequence[Track]:
        """Return the tracks of everything heard, which began at `start_s`."""
        if not self._rms:
            return ()
        power = np.concatenate(self._power)
        momentary, short = windows(power, MOMENTARY_STEPS), windows(power, SHORT_TERM_STEPS)
        middle = start_s + STEP / RATE_HZ / 2
        found = [
            sampled("loudness.momentary", "LUFS", loudness(momentary), start_s + 0.2, 0.1),
            sampled("loudness.short_term", "LUFS", loudness(short), start_s + 1.5, 0.1),
            sampled("loudness.rms", "dBFS", db(np.concatenate(self._rms)), start_s + 0.005, 0.01),
            sampled("loudness.true_peak", "dBTP", db(np.concatenate(self._true) ** 2), middle, 0.1),
            sampled("loudness.sample_peak", "dBFS", db(np.concatenate(self._peak) ** 2), middle, 0.1),
            sampled("loudness.clipped", "samples", np.concatenate(self._clipped), middle, 0.1),
        ]
        whole, spread = integrated(momentary), loudness_range(short)
        one_value = (("loudness.integrated", "LUFS", whole), ("loudness.range", "LU", spread))
        found += [events(name, unit, [start_s], [v]) for name, unit, v in one_value if not np.isnan(v)]
        return found


def _means(values: F32, size: int) -> F64:
    """Return the mean of every `size` values, the last ones of what is left."""
    firsts = np.arange(0, len(values), size)
    return np.asarray(np.add.reduceat(values, firsts, dtype=np.float64) / np.diff(np.append(firsts, len(values))))


def _maxima(values: F32, size: int) -> F32:
    """Return the largest of every `size` values, the last one of what is left."""
    return np.asarray(np.maximum.reduceat(values, np.arange(0, len(values), size)))

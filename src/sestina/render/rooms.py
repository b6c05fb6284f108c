"""Where the sound is: surroundings, and what a bad recording does to it."""

from __future__ import annotations

import numpy as np

from sestina.render.parts.sound import Ambience, Sound
from sestina.render.speech import SAMPLE_RATE_HZ
from sestina.render.waves import F32, F64, shaped

HUM_HZ, HUM_RMS = 50.0, 0.02
NOISE_RMS = 0.012
"""RMS of the noise of a noisy recording, -38 dBFS."""
MUFFLED_HZ = 1800.0
"""Frequency above which a muffled recording has nothing."""
DECAY_S, WET = 1.4, 0.5
"""Time in which a reverberant room's sound falls by 60 dB, and its level against the direct sound."""
DRIVE = 6.0
"""How far a clipped recording was turned up beyond full scale's reach of its loud parts."""
EDGE_S = 0.01
"""In which surroundings begin and end."""


def surroundings(sound: Sound, n: int) -> F32:
    """Return all ambience and the room's noise, float32 [2, n]."""
    out = np.zeros((2, n), np.float32)
    for ambience in sound.ambience:
        start = round(ambience.start_s * SAMPLE_RATE_HZ)
        end = n if ambience.end_s is None else min(n, round(ambience.end_s * SAMPLE_RATE_HZ))
        if end > start:
            out[:, start:end] += _ambience(ambience, end - start)
    if sound.room_noise > 0:
        out += sound.room_noise * np.random.default_rng(9).standard_normal((2, n)).astype(np.float32)
    return out


def _ambience(ambience: Ambience, m: int) -> F32:
    """Return m samples of surroundings at RMS `gain`, float32 [2, m]."""
    rng = np.random.default_rng([ambience.seed, 71])
    noise = rng.standard_normal((2, m))
    if ambience.kind == "room":
        wave = shaped(noise, 60, 500, soft=2.0)
    elif ambience.kind == "wind":
        wave = shaped(noise, 80, 700, soft=1.5) * _slow(rng, m, 0.4, 0.5)
    elif ambience.kind == "crowd":
        wave = np.zeros((2, m))
        for low_hz in (250, 500, 1000, 2000):
            wave += shaped(noise, low_hz, 2 * low_hz) * _slow(rng, m, 2.5, 0.35)
    else:
        drops = rng.random((2, m)) < 60 / SAMPLE_RATE_HZ
        wave = shaped(noise, 900, 9000, soft=1.5) + 12 * shaped(drops * rng.standard_normal((2, m)), 1500, 6000)
    wave *= ambience.gain / max(1e-9, float(np.sqrt((wave**2).mean())))
    edge = np.arange(m) / (EDGE_S * SAMPLE_RATE_HZ)
    return np.asarray(wave * np.minimum(1, np.minimum(edge, edge[::-1])), np.float32)


def _slow(rng: np.random.Generator, m: int, hz: float, depth: float) -> F64:
    """Return a gain [m] that wanders about 1 with so many turns a second."""
    points = max(4, round(m / SAMPLE_RATE_HZ * hz * 2) + 3)
    walk = 1 + depth * rng.uniform(-1, 1, points)
    return np.interp(np.linspace(0, points - 1, m), np.arange(points), walk)


def spoiled(mix: F32, sound: Sound) -> F32:
    """Return the mix with the faults of its recording but for clipping, float32 [2, n]."""
    out = mix.astype(np.float64)
    rng = np.random.default_rng(73)
    n = mix.shape[1]
    if "reverberant" in sound.faults:
        out += WET * _echoed(out, rng)
    if "muffled" in sound.faults:
        out = shaped(out, 20, MUFFLED_HZ)
    if "noisy" in sound.faults:
        out += NOISE_RMS * rng.standard_normal((2, n))
    if "hum" in sound.faults:
        t = np.arange(n) / SAMPLE_RATE_HZ
        out += HUM_RMS * sum(np.sin(2 * np.pi * HUM_HZ * k * t) / k**0.5 for k in (1, 2, 3, 4, 5, 6, 8, 10))
    return np.asarray(out, np.float32)


def _echoed(wave: F64, rng: np.random.Generator) -> F64:
    """Return the room's answer to `wave` [2, n]: convolved with noise that dies away (Moorer 1979)."""
    n = wave.shape[1]
    m = round(DECAY_S * SAMPLE_RATE_HZ)
    tail = rng.standard_normal((2, m)) * 10 ** (-3 * np.arange(m) / m)
    tail /= np.sqrt((tail**2).sum(axis=1, keepdims=True))
    size = 1 << (n + m - 1).bit_length()
    return np.asarray(np.fft.irfft(np.fft.rfft(wave, size) * np.fft.rfft(tail, size), size)[:, :n], np.float64)


def clipped(mix: F32) -> F32:
    """Return the mix turned up until its loud parts are cut off flat at full scale."""
    loud = float(np.percentile(np.abs(mix), 99)) if mix.size else 0.0
    return np.clip(mix * np.float32(DRIVE / max(loud, 1e-6) / 3), -1, 1) if loud > 0 else mix

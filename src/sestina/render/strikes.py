"""Short sounds laid into the mix: booms, clicks, whooshes, dings, risers, stingers, scratches, falling basses."""

from __future__ import annotations

import numpy as np

from sestina.render.bed import scale_hz
from sestina.render.parts.sound import Hit
from sestina.render.speech import SAMPLE_RATE_HZ
from sestina.render.waves import F32, F64, shaped, times

LENGTHS_S = {"boom": 0.7, "click": 0.03, "whoosh": 0.5, "ding": 0.8, "stinger": 1.1, "scratch": 0.45, "bass_drop": 1.2}
"""How long each sounds, seconds; a riser has its own length."""


def length_s(hit: Hit) -> float:
    """Return how long an accent sounds, seconds."""
    return LENGTHS_S.get(hit.kind, hit.length_s)


def strike(hit: Hit) -> F32:
    """Return an accent, float32 [m] at 48 kHz."""
    t = times(length_s(hit))
    rng = np.random.default_rng([31, len(hit.kind)])
    make = {
        "boom": _boom, "click": _click, "whoosh": _whoosh, "ding": _ding, "riser": _riser, "stinger": _stinger,
        "scratch": _scratch, "bass_drop": _bass_drop,
    }[hit.kind]  # fmt: skip
    return np.asarray(hit.gain * make(t, rng), np.float32)


def _swept(hz: F64) -> F64:
    """Return a tone whose frequency runs along `hz` [m]."""
    return np.asarray(np.sin(2 * np.pi * np.cumsum(hz) / SAMPLE_RATE_HZ), np.float64)


def _boom(t: F64, rng: np.random.Generator) -> F64:
    return _swept(36 + 70 * np.exp(-t * 14)) * np.exp(-t * 5)


def _click(t: F64, rng: np.random.Generator) -> F64:
    return rng.standard_normal(len(t)) * np.exp(-t * 240)


def _whoosh(t: F64, rng: np.random.Generator) -> F64:
    rough = np.convolve(rng.standard_normal(len(t)), np.ones(24) / 10, "same")
    return np.asarray(rough * np.sin(np.pi * t / 0.5) ** 2, np.float64)


def _ding(t: F64, rng: np.random.Generator) -> F64:
    return np.asarray((np.sin(2 * np.pi * 1318.5 * t) + 0.5 * np.sin(2 * np.pi * 2637 * t)) * np.exp(-t * 7))


def _riser(t: F64, rng: np.random.Generator) -> F64:
    """A tone and a hiss that climb two octaves and stop short."""
    share = t / t[-1]
    tone = _swept(220 * 4**share) + 0.5 * _swept(330 * 4**share)
    hiss = shaped(rng.standard_normal(len(t)), 1500, 9000)
    end = np.minimum(1, (t[-1] - t) / 0.01)
    return np.asarray((0.4 * tone + 0.5 * hiss) * share**2 * end, np.float64)


def _stinger(t: F64, rng: np.random.Generator) -> F64:
    """A bright chord struck once."""
    chord = np.zeros_like(t)
    for step in (0, 2, 4):
        for k in (1, 2, 3):
            chord += np.sin(2 * np.pi * scale_hz(440, step) * k * t) / k
    return np.asarray(0.3 * chord * np.minimum(1, t / 0.004) * np.exp(-t * 3.5), np.float64)


def _scratch(t: F64, rng: np.random.Generator) -> F64:
    """A record pushed and pulled: a rough tone that goes up and down three times."""
    speed = np.abs(np.sin(3 * np.pi * t / t[-1]))
    tone = np.sign(_swept(180 + 900 * speed)) * 0.35 + 0.4 * shaped(rng.standard_normal(len(t)), 600, 5000)
    return np.asarray(tone * speed, np.float64)


def _bass_drop(t: F64, rng: np.random.Generator) -> F64:
    edges = np.minimum(1, t / 0.01) * np.minimum(1, (t[-1] - t) / 0.3)
    return np.asarray(_swept(32 + 90 * np.exp(-t * 1.8)) * edges, np.float64)

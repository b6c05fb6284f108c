"""Tempo and beats.

Periodicity is the autocorrelation of the onset strength in windows of eight seconds, summed over four
multiples of the period (a comb) and weighed towards 120 beats a minute (Parncutt 1994; Ellis 2007); a best
path through the windows keeps the tempo steady; beats are placed by dynamic programming (Ellis, "Beat
Tracking by Dynamic Programming", 2007). Where the onsets do not repeat there is no tempo and no beat.
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
from sestina.signals._audio import F64, ChunkedSignal, events, sampled
from sestina.signals.onsets import STEP_S, Envelope

WINDOW_S, STRIDE_S = 8.0, 1.0
SLOWEST_BPM, FASTEST_BPM = 45.0, 215.0
MULTIPLES = 4
PREFERRED_BPM, PREFERENCE_OCTAVES = 120.0, 1.4
"""Centre and width of the liking for moderate tempi, as in Ellis 2007."""

TEMPI = np.exp(np.arange(np.log(SLOWEST_BPM), np.log(FASTEST_BPM), 0.005))
"""Candidates, half a percent apart."""

SMOOTHING_LOSS = 1.5
"""What averaging over three lags takes from a sharp peak, given back."""

EVEN = 0.9
"""From this share of a tempo's comb on, its double begins to count as the beat: weaker in-between notes are
subdivisions, equal ones are beats."""

JUMP_COST = 0.15
"""What the path pays to change the tempo by more than two percent from one second to the next, in
correlation."""

STEADY = 0.35
"""Least confidence at which beats are given. On clips of known kind: rain, applause, barking and speech
.02-.16 with single windows up to .33; music with drums or plucked strings .36-.9 (benchmarks/audio.py)."""

CARRIED, SAME_TEMPO = 0.15, 0.03
"""Confidence that is enough next to a steady tempo, when the tempo stays the same within three percent."""

TIGHTNESS = 100.0
"""Ellis's weight of an even beat against strong onsets."""

LEAST_BEATS_S = 4.0
"""Shortest stretch of steady tempo that is given beats."""

NOTHING = 0.02
"""Variance of normalized strength that counts as no onset at all; music has about 1."""

OUTSTANDING = 4.0
"""An onset counts at most this many times the deviation of its surroundings."""

FULL = round(WINDOW_S / STEP_S)
STRIDE = round(STRIDE_S / STEP_S)


def normalized(strength: F32) -> F64:
    """Return `strength` [n] less its mean over the second around, divided by its deviation over eight
    seconds."""
    from scipy.ndimage import uniform_filter1d

    raw = strength.astype(np.float64)
    raised = np.maximum(raw - uniform_filter1d(raw, round(1 / STEP_S), mode="nearest"), 0)
    for _ in range(2):  # one huge onset, such as the first sound of all, must not make the others small
        spread = np.sqrt(np.maximum(uniform_filter1d(raised**2, FULL, mode="nearest"), 0))
        raised = np.minimum(raised, OUTSTANDING * np.maximum(spread, 1.0))
    return np.asarray(raised / np.maximum(spread, 1.0))


def correlation(windows: F64) -> F64:
    """Return the autocorrelation of every row of `windows` [k,n], corrected for overlap, 1 at lag 0,
    [k,n]."""
    size = windows.shape[1]
    centred = windows - windows.mean(axis=1, keepdims=True)
    spectrum = np.fft.rfft(centred, 2 * size, axis=1)
    raw = np.fft.irfft(np.abs(spectrum) ** 2, axis=1)[:, :size]
    raw *= size / np.arange(size, 0, -1)
    return np.asarray(raw / (raw[:, :1] + NOTHING * size))


def comb(correlated: F64) -> F64:
    """Return, for autocorrelations [k,n], how well each of TEMPI repeats: mean over its multiples,
    [k,tempi]."""
    smooth = np.pad(correlated, ((0, 0), (1, 1)), mode="edge")
    smooth = (smooth[:, :-2] + smooth[:, 1:-1] + smooth[:, 2:]) / 3
    total, periods = np.zeros((len(correlated), len(TEMPI))), 60 / TEMPI / STEP_S
    counts = np.zeros(len(TEMPI))
    for multiple in range(1, MULTIPLES + 1):
        lags = periods * multiple
        reach = lags < correlated.shape[1] * 0.75
        low = np.minimum(lags.astype(int), correlated.shape[1] - 2)
        share = lags - low
        total += np.where(reach, smooth[:, low] * (1 - share) + smooth[:, low + 1] * share, 0)
        counts += reach
    return np.asarray(np.clip(total / np.maximum(counts, 1) * SMOOTHING_LOSS, 0, 1))


def best_path(scores: F64) -> npt.NDArray[np.int64]:
    """Return for each row of `scores` [k,tempi] the tempo on the best path; only near ones follow each other
    free."""
    near = 4
    costs, back = scores[0].copy(), np.zeros(scores.shape, np.int64)
    index = np.arange(scores.shape[1])
    for row in range(1, len(scores)):
        wide = np.pad(costs, near, constant_values=-np.inf)
        around = np.lib.stride_tricks.sliding_window_view(wide, 2 * near + 1)
        step = around.argmax(axis=1)
        stay, jump = around[index, step], costs.max() - JUMP_COST
        back[row] = np.where(stay >= jump, index + step - near, costs.argmax())
        costs = np.maximum(stay, jump) + scores[row]
    path = np.zeros(len(scores), np.int64)
    path[-1] = int(costs.argmax())
    for row in range(len(scores) - 1, 0, -1):
        path[row - 1] = back[row, path[row]]
    return path


def tempogram(strength: F64) -> tuple[F64, F64, F64]:
    """Return (middles in values, beats a minute, confidence 0..1), each [k], of windows STRIDE apart."""
    size = min(FULL, len(strength))
    firsts = np.arange(0, max(1, len(strength) - size + 1), STRIDE)
    scores = []
    for some in np.array_split(firsts, max(1, len(firsts) // 256)):  # an hour's windows at once would be 23 MB * 8
        views = np.lib.stride_tricks.sliding_window_view(strength, size)[some]
        scores.append(comb(correlation(views)))
    score = np.concatenate(scores)
    path = best_path(score * preference(score))
    return firsts.astype(np.float64) + size / 2, TEMPI[path], score[np.arange(len(path)), path]


def preference(score: F64) -> F64:
    """Return what each of TEMPI is liked, 0..1, given the combs `score` [k,tempi], [k,tempi].

    Tempi near 120 are liked; one at whose double the onsets repeat as well as at itself is half of the true
    one.
    """
    octaves = np.log2(TEMPI / PREFERRED_BPM) / PREFERENCE_OCTAVES
    double = np.minimum(np.searchsorted(TEMPI, 2 * TEMPI), len(TEMPI) - 1)
    fast = np.where(TEMPI * 2 <= FASTEST_BPM, score[:, double], 0)
    even = np.clip((fast / np.maximum(score, 0.05) - EVEN) / (1 - EVEN), 0, 1)
    return np.asarray(np.exp(-0.5 * octaves**2) * (1 - 0.5 * even))


def place_beats(strength: F64, periods: F64) -> npt.NDArray[np.int64]:
    """Return indices of the beats in `strength` [n] that are strong and evenly spaced by about `periods`
    [n]."""
    total, back = strength.copy(), np.full(len(strength), -1)
    for now in range(len(strength)):
        period = periods[now]
        first = now - round(2 * period)
        last = now - max(1, round(period / 2))
        if last <= 0:
            continue
        earlier = np.arange(max(first, 0), last)
        value = total[earlier] - TIGHTNESS * np.log((now - earlier) / period) ** 2
        best = int(value.argmax())
        total[now] += max(float(value[best]), 0.0)
        back[now] = earlier[best] if value[best] > 0 else -1
    tail = max(0, len(total) - round(float(periods[-1])))
    at = tail + int(total[tail:].argmax())
    beats = []
    while at >= 0:
        beats.append(at)
        at = int(back[at])
    return _trimmed(np.asarray(beats[::-1], np.int64), strength)


def _trimmed(beats: npt.NDArray[np.int64], strength: F64) -> npt.NDArray[np.int64]:
    """Return `beats` without those before the first and after the last that something sounds at."""
    heard = np.array([strength[max(0, beat - 2) : beat + 3].max() for beat in beats])
    loud = np.flatnonzero(heard >= 0.25 * np.median(heard))
    return beats[loud[0] : loud[-1] + 1] if len(loud) else beats[:0]


def runs(steady: npt.NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Return (first, after) of every run of True."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], steady.astype(np.int8), [0]])))
    return [(int(a), int(b)) for a, b in edges.reshape(-1, 2)]


def steady(bpm: F64, confidence: F64) -> npt.NDArray[np.bool_]:
    """Return which windows [k] have a tempo: those sure enough, and beside them those that keep it less
    surely.

    A voice over music hides its onsets; what was clear before and after is believed in between.
    """
    found = np.asarray(confidence >= STEADY)
    for order in (range(1, len(bpm)), range(len(bpm) - 2, -1, -1)):
        for i in order:
            same = abs(bpm[i] / bpm[i - order.step] - 1) <= SAME_TEMPO
            found[i] |= found[i - order.step] and same and confidence[i] >= CARRIED
    return found


def beats_of(strength: F64, bpm: F64, confidence: F64, held: npt.NDArray[np.bool_]) -> tuple[F64, F64]:
    """Return (positions in values, confidence), each [beats], where `held`; all arguments are [n]."""
    places: list[F64] = []
    for first, after in runs(held):
        if (after - first) * STEP_S >= LEAST_BEATS_S:
            found = place_beats(strength[first:after], 60 / bpm[first:after] / STEP_S) + first
            places.append(np.array([_between(strength, int(beat)) for beat in found]))
    at = np.concatenate(places) if places else np.zeros(0)
    return at, confidence[at.astype(int)]


def _between(strength: F64, at: int) -> float:
    """Return the crest near index `at` to a fraction of a step, by a parabola through three values."""
    if not 0 < at < len(strength) - 1:
        return float(at)
    left, middle, right = strength[at - 1 : at + 2]
    bend = left - 2 * middle + right
    return at + float(np.clip(0.5 * (left - right) / bend, -0.5, 0.5)) if bend < 0 else float(at)


@signals.register(
    "tempo",
    input="audio",
    tracks=("tempo.bpm", "tempo.confidence", "tempo.beat"),
    card=Card(
        summary="Beats a minute with a confidence, and the times of the beats where the music is steady.",
        source="Ellis, Beat Tracking by Dynamic Programming, 2007; comb of multiples after Scheirer 1998",
        deviations="The tempo may change from second to second; no beats where onsets do not repeat.",
        cost="about 1.5 ms CPU a second of sound",
    ),
)
class Tempo(ChunkedSignal):
    """Tempo every second (NaN where nothing repeats), its confidence 0..1, and one event a beat."""

    def begin(self, info: MediaInfo) -> None:
        """Forget everything heard before."""
        self._envelope = Envelope()

    def take(self, samples: F32) -> None:
        """Hear the next run [2,n]."""
        self._envelope.feed(samples.mean(axis=0, dtype=np.float32))

    def tracks(self, start_s: float) -> Sequence[Track]:
        """Return the tracks of everything heard, which began at `start_s`."""
        strength = normalized(self._envelope.finish())
        if len(strength) * STEP_S < LEAST_BEATS_S:
            return ()
        middles, bpm, confidence = tempogram(strength)
        held = steady(bpm, confidence)
        per_value = np.rint((np.arange(len(strength)) - middles[0]) / STRIDE).astype(np.int64)
        per_value = np.clip(per_value, 0, len(middles) - 1)
        beats, sure = beats_of(strength, bpm[per_value], confidence[per_value], held[per_value])
        first = start_s + middles[0] * STEP_S
        return (
            sampled("tempo.bpm", "1/min", np.where(held, bpm, np.nan), first, STRIDE_S),
            sampled("tempo.confidence", "", confidence, first, STRIDE_S),
            events("tempo.beat", "", np.maximum(start_s + beats * STEP_S, start_s), sure),
        )

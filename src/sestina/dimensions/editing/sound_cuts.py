"""Cuts that the sound explains: sound that runs on or comes early, and pauses that were taken out."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from sestina.core.card import Card
from sestina.core.reading import Reading
from sestina.core.registry import parsers
from sestina.core.storyboard import Unit
from sestina.core.time import Span
from sestina.core.track import Track
from sestina.dimensions._hearing import Claim, judged, runs

FACET = "edit.cut_function"

LONGEST_LAG_S, LONGEST_LEAD_S = 1.5, 1.2
CHANGE_DB, CALM_DB = 14.0, 9.0
"""Change of the spectrum that is another sound, and what a cut must stay under to leave the sound as it was.
Inside one clip of speech or music the change is 4 to 8 dB at the median and 12 to 20 at the 99th
percentile."""

SHOT_LEAST_S = 1.5
ALONE_S = 2.5

SPEECH_NEAR_S = 0.35
PAUSE_DB = 12.0
"""Level under the speech around it that is a pause."""

JOINS = ("cut", "hard_cut", "jump_cut", "punch_in", "punch_out")
SAME_SCENE = ("jump_cut", "punch_in", "punch_out")
TYPICAL_PAUSES, TYPICAL_PAUSE_S = 2, 0.25
"""A video whose speech has pauses elsewhere, so that a missing one can be said to have been taken out."""


@parsers.register(
    "editing.sound_cuts",
    card=Card(
        summary="L-cuts and J-cuts by the lag of the change in sound, and jump cuts at pauses taken out of speech.",
        source="own rules; change of sound after Foote 2000",
        status="trial",
    ),
    facets=(FACET, "edit.cut_rationale"),
    signals=("loudness", "voice", "spectrum"),
    optional=("music",),
    after=("edit.transition", "aes.audio.dominant"),
    derives=("sound_cuts.pause",),
    kind="rule",
)
class SoundCuts:
    """Yields functions of cuts; most cuts have none of these."""

    def __call__(self, reading: Reading) -> Iterator[Unit | Track]:
        """Yield L-cuts, J-cuts and removed pauses."""
        if not {"spectrum.change", "loudness.rms", "voice.active"} <= reading.tracks.keys():
            return
        yield from _split_edits(reading)
        pauses = pause_track(reading)
        yield pauses
        for boundary in reading.boundaries:
            if boundary.label in SAME_SCENE:
                yield from _dead_air(reading, boundary)


def _split_edits(reading: Reading) -> Iterator[Unit]:
    """Yield cuts of the picture whose change of sound comes clearly later (L) or earlier (J)."""
    change = reading.track("spectrum.change")
    lag_min, lead_min = (reading.threshold(FACET, name) for name in ("l_cut_lag_min_s", "j_cut_lead_min_s"))
    for boundary in reading.boundaries:
        time = boundary.span.start_s
        if boundary.label not in JOINS or not _between_long_shots(reading, time):
            continue
        peak = sound_change(change, time)
        lag = 0.0 if peak is None else peak - time
        late, early = lag_min <= lag <= LONGEST_LAG_S, -LONGEST_LEAD_S <= lag <= -lead_min - 0.05
        if peak is None or not (late or early):
            continue
        at = Span.of(max(time - 0.1, reading.span.start_s), min(time + 0.1, reading.span.end_s))
        claims = [
            Claim(signal="spectrum.change", op="<=", threshold=CALM_DB, scale=3.0, reduce="max", over=at),
            Claim(signal="spectrum.change", op=">=", threshold=CHANGE_DB, scale=4.0, reduce="max",
                  over=Span.of(peak - 0.1, peak + 0.1).clipped(reading.span)),
        ]  # fmt: skip
        unit = judged(
            reading, FACET, "l_cut" if late else "j_cut", boundary.span, claims,
            at_most=0.6, also=reading.cite(boundary), attributes={"lag_s": round(lag, 2)},
        )  # fmt: skip
        if unit.status != "abstain":
            yield unit


def _between_long_shots(reading: Reading, time_s: float) -> bool:
    joins = [b.span.start_s for b in reading.boundaries] + [reading.span.start_s, reading.span.end_s]
    return all(abs(other - time_s) >= SHOT_LEAST_S for other in joins if other != time_s)


def sound_change(change: Track, time_s: float) -> float | None:
    """Return the time of the one strong change of sound within ALONE_S of `time_s`; None when none or
    several are."""
    part = change.slice(Span.of(time_s - ALONE_S, time_s + ALONE_S))
    values, times = change.values[part], change.times_s[part]
    strong = [first + int(values[first:after].argmax()) for first, after in runs(np.asarray(values >= CHANGE_DB))]
    return float(times[strong[0]]) if len(strong) == 1 else None


def pause_track(reading: Reading) -> Track:
    """Return `sound_cuts.pause`: at each cut, how long the pause it lies in lasts, seconds; 0 in
    mid-sound."""
    level = reading.track("loudness.rms")
    times = [boundary.span.start_s for boundary in reading.boundaries]
    values = [_pause_at(level, time) for time in times]
    return Track(
        name="sound_cuts.pause", unit="s", kind="event",
        times_s=np.array(times, np.float64), values=np.array(values, np.float64),
    )  # fmt: skip


def _pause_at(level: Track, time_s: float) -> float:
    """Return the length of the quiet run that reaches within 60 ms of `time_s`, at most a second each way."""
    part = level.slice(Span.of(time_s - 1.0, time_s + 1.0))
    values, times = level.values[part].astype(np.float64), level.times_s[part]
    if len(values) < 20:
        return float("nan")
    quiet = _smooth(values) < np.percentile(values, 75) - PAUSE_DB
    for first, after in runs(quiet):
        if times[first] - 0.06 <= time_s <= times[after - 1] + 0.06:
            return (after - first) * 0.01
    return 0.0


def _smooth(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return np.convolve(np.pad(values, 1, mode="edge"), np.full(3, 1 / 3), mode="valid")


def _dead_air(reading: Reading, boundary: Unit) -> Iterator[Unit]:
    """Yield a jump cut between words that follow each other closer than the speech elsewhere does."""
    time, longest = boundary.span.start_s, reading.threshold(FACET, "dead_air_silence_max_s")
    sides = [
        Span.of(time - SPEECH_NEAR_S, time).clipped(reading.span),
        Span.of(time, time + SPEECH_NEAR_S).clipped(reading.span),
    ]
    if longest_pauses(reading, time) < TYPICAL_PAUSES or any(side.is_instant for side in sides):
        return
    claims = [
        Claim(signal="sound_cuts.pause", op="<=", threshold=longest, scale=0.05, reduce="first"),
        *(Claim(signal="voice.active", op=">=", threshold=0.6, scale=0.2, over=side) for side in sides),
    ]
    function = judged(
        reading, FACET, "dead_air_removal", boundary.span, claims, at_most=0.65, also=reading.cite(boundary)
    )
    if function.status == "abstain":
        return
    yield function
    yield reading.unit(
        "edit.cut_rationale", label="time_compression", span=boundary.span,
        confidence=0.8 * function.confidence, evidence=reading.cite(function, boundary),
    )  # fmt: skip


def longest_pauses(reading: Reading, away_from_s: float) -> int:
    """Return how many pauses of TYPICAL_PAUSE_S or more the speech has away from `away_from_s`."""
    voice = reading.track("voice.active")
    step = float(np.median(np.diff(voice.times_s))) if len(voice) > 1 else 1.0
    pauses = [
        (first, after)
        for first, after in runs(np.asarray(voice.values < 0.5))
        if first > 0 and after < len(voice) and (after - first) * step >= TYPICAL_PAUSE_S
    ]
    return sum(not voice.times_s[a] - 0.2 <= away_from_s <= voice.times_s[b - 1] + 0.2 for a, b in pauses)

"""True music and accents: tempo, beats, what the edit did to the sound, loudness, and faults of the recording."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from sestina.core.storyboard import Level, Unit
from sestina.core.time import Span
from sestina.core.vocabulary import threshold
from sestina.render.loudness import integrated, loudness_range, momentary, true_peak
from sestina.render.parts.sound import Sound
from sestina.render.sound import Soundtrack
from sestina.render.strikes import length_s
from sestina.render.truth.hearing import silences, voices
from sestina.render.truth.made import Made, unit

FACETS = (
    "aes.audio.tempo", "aes.audio.tempo.beat", "aes.audio.accent", "aes.audio.quality", "edit.audio",
    "aes.audio.loudness.integrated", "aes.audio.loudness.range", "aes.audio.loudness.true_peak",
    "narr.hook.loudness_first_1s", "diss.sound",
)  # fmt: skip

EDGE_S = 0.1
"""Music that begins or ends within so much of the clip's own bounds is not brought in or taken out by the edit."""
CHANGE_S = 0.3
"""Longest time between two pieces of music that are changed for each other."""
GAP_S, PAUSE_S, PAUSE_BESIDE_S = 0.8, (0.5, 3.0), 1.0
"""Shortest silence that is a gap of the edit; shortest and longest that is an accent, between longer sounds."""
DUCK_DB, DUCK_S = 6.0, 1.0
"""Least depth and length of a duck that is heard as one."""
FADE_S, SWELL_S = 1.2, 2.0
"""Shortest fade of the sound, and shortest swell."""
RANGE_S = 10.0
"""Clips shorter than this have no loudness range to speak of."""
ACCENTS = {
    "boom": "hit", "click": "hit", "ding": "hit", "whoosh": "whoosh", "riser": "riser", "stinger": "stinger",
    "scratch": "record_scratch", "bass_drop": "bass_boost",
}  # fmt: skip
"""Kind of a short sound -> label of `aes.audio.accent`."""
AT_CUT_S = 0.1
"""How near a hit must be to a boundary to be laid there by the edit."""


def units(made: Made) -> Iterator[Unit]:
    """Yield what is true of the sound; a silent clip has only its silence."""
    heard, sound = made.heard, made.script.sound
    whole = made.timeline.span
    if heard is None or sound is None or heard.first_sound_s is None:
        yield unit("diss.sound", 0, "video", whole, label="silent")
        return
    reason = "whose voice and whose music it is the script does not say"
    yield unit("diss.sound", 0, "video", whole, status="abstain", reason=reason)
    yield from _tempo(made, heard)
    yield from _meters(made, heard)
    yield from _quality(made, heard, sound)
    accents = [*_strikes(made, sound), *_pauses(made, heard), *_drops(made, heard), *_swells(made, heard)]
    for number, (label, span) in enumerate(accents):
        yield unit("aes.audio.accent", number, "event", span, label=label)
    edits = [*_music(made, heard), *_gaps(made, heard), *_ducks(made, heard, sound), *_fades(made, heard)]
    for number, (label, span) in enumerate([*edits, *_laid(made, sound)]):
        yield unit("edit.audio", number, "event", span, label=label)


def _tempo(made: Made, heard: Soundtrack) -> Iterator[Unit]:
    whole = made.timeline.span
    beating = [bed for bed in heard.beds if bed.music.style != "ambient"]
    for number, bed in enumerate(beating):
        bar_s = 240 / bed.music.tempo_bpm
        through = len(beating) == 1 and bed.start_s <= bar_s and bed.end_s >= whole.end_s - bar_s
        span = whole if through else Span.of(bed.start_s, bed.end_s)
        level: Level = "video" if through else "segment"
        yield unit("aes.audio.tempo", number, level, span, value=bed.music.tempo_bpm, unit="BPM")
    for number, (at_s, down) in enumerate(zip(heard.beats_s, heard.downbeats, strict=True)):
        if at_s <= whole.end_s:
            # The vocabulary leaves downbeats open, so that a beat is a right answer everywhere.
            facts = {"downbeat": True} if down else {}
            yield unit("aes.audio.tempo.beat", number, "event", Span.at(at_s), label="beat", attributes=facts)


def _meters(made: Made, heard: Soundtrack) -> Iterator[Unit]:
    """Yield the meters' numbers of the sound as it was before it was coded."""
    whole = made.timeline.span
    found = {
        "aes.audio.loudness.integrated": (integrated(heard.samples), "LUFS"),
        "aes.audio.loudness.true_peak": (true_peak(heard.samples), "dBTP"),
        "aes.audio.loudness.range": (loudness_range(heard.samples) if whole.duration_s >= RANGE_S else None, "LU"),
        "narr.hook.loudness_first_1s": (_first_second(heard), "LUFS"),
    }
    for facet, (value, measure) in found.items():
        if value is None:
            yield unit(facet, 0, "video", whole, status="abstain", reason="too short or too quiet to measure")
        else:
            yield unit(facet, 0, "video", whole, value=round(value, 3), unit=measure)


def _first_second(heard: Soundtrack) -> float | None:
    """Return the loudest momentary loudness of windows about the first second, LUFS."""
    first = momentary(heard.samples)[:9]
    return float(first.max()) if len(first) and np.isfinite(first.max()) and first.max() > -100 else None


def _quality(made: Made, heard: Soundtrack, sound: Sound) -> Iterator[Unit]:
    """Yield the faults; without any, sound is clean where nothing but a voice is heard, and else left open."""
    facet, whole = "aes.audio.quality", made.timeline.span
    for number, fault in enumerate(sound.faults):
        yield unit(facet, number, "video", whole, label=fault)
    if sound.faults:
        return
    if heard.words and not (sound.ambience or sound.room_noise or sound.music_beds):
        yield unit(facet, 0, "video", whole, label="clean")
    else:
        reason = "whether music and surroundings pass for noise is left open"
        yield unit(facet, 0, "video", whole, status="abstain", reason=reason)


def _strikes(made: Made, sound: Sound) -> Iterator[tuple[str, Span]]:
    whole = made.timeline.span
    for hit in sound.hits:
        length = 0.1 if ACCENTS[hit.kind] == "hit" else length_s(hit)
        if hit.at_s < whole.end_s:
            yield ACCENTS[hit.kind], Span.of(hit.at_s, hit.at_s + length).clipped(whole)


def _pauses(made: Made, heard: Soundtrack) -> Iterator[tuple[str, Span]]:
    """Yield silences between longer sounds."""
    runs = silences(heard)
    for run in runs:
        others = [other for other in runs if other is not run]
        beside = [run.start_s - PAUSE_BESIDE_S, run.end_s + PAUSE_BESIDE_S]
        free = beside[0] >= 0 and beside[1] <= made.timeline.duration_s
        near = any(other.end_s > beside[0] and other.start_s < beside[1] for other in others)
        if free and not near and PAUSE_S[0] <= run.duration_s <= PAUSE_S[1]:
            yield "pause", run


def _drops(made: Made, heard: Soundtrack) -> Iterator[tuple[str, Span]]:
    for bed in heard.beds:
        at = bed.music.drop_s
        if at is not None and made.timeline.span.covers(Span.of(at, at + 0.5)):
            yield "drop", Span.of(at, at + 0.5)


def _swells(made: Made, heard: Soundtrack) -> Iterator[tuple[str, Span]]:
    """Yield long fades of music alone, as far as they are above the gate."""
    for label, span in _slopes(heard, SWELL_S):
        if not any(voice.overlaps(span) for voice in voices(heard)):
            yield "crescendo" if label == "in" else "decrescendo", span.clipped(made.timeline.span)


def _slopes(heard: Soundtrack, least_s: float) -> Iterator[tuple[str, Span]]:
    """Yield the fades of all music: `in` or `out`, and when."""
    for bed in heard.beds:
        if bed.music.fade_in_s >= least_s:
            yield "in", Span.of(bed.start_s, bed.start_s + bed.music.fade_in_s)
        if bed.music.fade_out_s >= least_s:
            yield "out", Span.of(bed.end_s - bed.music.fade_out_s, bed.end_s)


def _music(made: Made, heard: Soundtrack) -> Iterator[tuple[str, Span]]:
    """Yield where music comes, goes, and gives way to other music."""
    beds = heard.beds
    joined = [k for k, (a, b) in enumerate(pairwise(beds)) if b.start_s - a.end_s <= CHANGE_S]
    for number, bed in enumerate(beds):
        if bed.start_s > EDGE_S and number - 1 not in joined:
            yield "music_in", Span.at(bed.start_s)
        if number - 1 in joined:
            yield "music_change", Span.at(bed.start_s)
        if bed.end_s < made.timeline.duration_s - EDGE_S and number not in joined:
            yield "music_out", Span.at(bed.end_s)


def _gaps(made: Made, heard: Soundtrack) -> Iterator[tuple[str, Span]]:
    for run in silences(heard):
        if run.start_s > EDGE_S and run.end_s < made.timeline.duration_s - EDGE_S and run.duration_s >= GAP_S:
            yield "silence_gap", run


def _ducks(made: Made, heard: Soundtrack, sound: Sound) -> Iterator[tuple[str, Span]]:
    """Yield voices under which music lies lower than beside them."""
    if sound.duck_db < DUCK_DB:
        return
    for voice in voices(heard):
        for bed in heard.beds:
            free_s = max(voice.start_s - bed.start_s, bed.end_s - voice.end_s)
            if voice.duration_s >= DUCK_S and Span.of(bed.start_s, bed.end_s).covers(voice) and free_s >= DUCK_S:
                yield "duck_under_voice", voice


def _fades(made: Made, heard: Soundtrack) -> Iterator[tuple[str, Span]]:
    """Yield fades of the music where nothing else is heard."""
    for _, span in _slopes(heard, FADE_S):
        if not any(voice.overlaps(span) for voice in voices(heard)):
            yield "audio_fade", span.clipped(made.timeline.span)


def _laid(made: Made, sound: Sound) -> Iterator[tuple[str, Span]]:
    """Yield hits that fall on a boundary."""
    starts = [made.timeline.shot_span(number).start_s for number in range(1, len(made.script.shots))]
    starts += [made.timeline.time_s(mix.first) for mix in made.timeline.mixes]
    for hit in sound.hits:
        if ACCENTS[hit.kind] == "hit" and any(abs(at - hit.at_s) <= AT_CUT_S for at in starts):
            yield "sfx_hit", Span.of(hit.at_s, hit.at_s + 0.1).clipped(made.timeline.span)


def split_edits(made: Made) -> dict[int, str]:
    """Return the cuts that sound runs across: the number of the new shot -> `l_cut` or `j_cut`.

    Speech that belongs to a shot and goes on after it makes an L-cut, speech that begins before its shot a J-cut.
    """
    if made.heard is None or made.script.sound is None:
        return {}
    late, early = (threshold("edit.cut_function", name) for name in ("l_cut_lag_min_s", "j_cut_lead_min_s"))
    timeline, found = made.timeline, dict[int, str]()
    for speech in made.script.sound.speech:
        said = [w for w in made.heard.words if w.start_s >= speech.start_s - 1e-3]
        said = said[: len(speech.text.split())]
        if speech.shot is None or not said:
            continue
        shot = timeline.shot_span(speech.shot)
        if speech.shot > 0 and shot.start_s - said[0].start_s >= early:
            found[speech.shot] = "j_cut"
        if said[-1].end_s - shot.end_s >= late and speech.shot + 1 < len(made.script.shots):
            found[speech.shot + 1] = "l_cut"
    return found

"""What is heard when: voices, silence, and which kind of sound leads."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby, pairwise

import numpy as np
import numpy.typing as npt

from sestina.core.storyboard import Unit
from sestina.core.time import Span
from sestina.core.vocabulary import threshold
from sestina.render.sound import CELL_S, Soundtrack
from sestina.render.strikes import length_s
from sestina.render.truth.made import Made, unit

Mask = npt.NDArray[np.bool_]

FACETS = (
    "aes.audio.dominant", "aes.tech.silence", "diss.silent_start", "subject.speech_mode", "subject.speech_rate",
    "subject.pause_ratio",
)  # fmt: skip

CELLS_S = 0.1
"""Cells in which the level is compared with the gate."""
SPEECH_GAP_S, BLOCK_GAP_S, PAUSE_S = 0.7, 2.0, 0.15
"""Longest pause that belongs to the speech; longest between which it is one block; shortest that is heard as one."""
SILENCE_S, PART_S = 0.5, 0.5
"""Shortest silence, and shortest part of the sound of its own."""
NO_VOICE_S = 2.0
"""Shortest stretch without a voice that is said to have none."""
WORDS_MIN, SPEECH_MIN_S = 5, 1.0
KINDS = ("other", "sfx", "ambience", "music", "speech", "mixed", "silence")


def units(made: Made) -> Iterator[Unit]:
    """Yield the parts of the sound, silences, and numbers of the speech."""
    heard, whole = made.heard, made.timeline.span
    if heard is None:
        return
    for number, (kind, span) in enumerate(parts(made, heard)):
        if kind == "other":
            reason = "sounds too short or too faint to lead"
            yield unit("aes.audio.dominant", number, "event", span, status="abstain", reason=reason)
        else:
            yield unit("aes.audio.dominant", number, "event", span, label=kind)
    for number, run in enumerate(silences(heard)):
        yield unit("aes.tech.silence", number, "event", run.clipped(whole), label="true")
    first = heard.first_sound_s
    if first is None:
        yield unit("diss.silent_start", 0, "video", whole, status="abstain", reason="no sound ever")
    else:
        yield unit("diss.silent_start", 0, "video", whole, value=round(first, 3), unit="s")
    yield from _speech(made, heard)


def silences(heard: Soundtrack) -> list[Span]:
    """Return the stretches of half a second or more in which the sound stays below the gate."""
    step = round(CELLS_S / CELL_S)
    count = len(heard.level_db) // step
    power = 10 ** (heard.level_db[: count * step] / 10)
    level = 10 * np.log10(np.maximum(power.reshape(count, step).mean(axis=1), 1e-12))
    quiet = level < threshold("aes.tech.silence", "silence_max_dbfs")
    return [span for span in _runs(quiet, CELLS_S) if span.duration_s >= SILENCE_S - 1e-6]


def _runs(flags: Mask, cell_s: float) -> list[Span]:
    edges = np.flatnonzero(np.diff(np.concatenate([[False], flags, [False]]).astype(np.int8)))
    return [Span.of(a * cell_s, b * cell_s) for a, b in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)]


def voices(heard: Soundtrack, gap_s: float = SPEECH_GAP_S) -> list[Span]:
    """Return when somebody speaks, pauses up to `gap_s` included."""
    found: list[list[float]] = []
    for word in heard.words:
        if found and word.start_s - found[-1][1] <= gap_s:
            found[-1][1] = max(found[-1][1], word.end_s)
        else:
            found.append([word.start_s, word.end_s])
    return [Span.of(start_s, end_s) for start_s, end_s in found]


def parts(made: Made, heard: Soundtrack) -> list[tuple[str, Span]]:
    """Return (kind, span) of the parts that tile the clip; short ones are added to a neighbour."""
    count = max(1, round(made.timeline.duration_s / CELL_S))
    kinds = np.zeros(count, np.int64)
    voice = _marked(voices(heard), count)
    music = _music(heard, count)
    sound = made.script.sound
    if sound is not None:
        end_s = made.timeline.duration_s
        loud = [Span.of(a.start_s, min(a.end_s or end_s, end_s)) for a in sound.ambience]
        room = [made.timeline.span] if sound.room_noise > 0 or {"noisy", "hum"} & set(sound.faults) else []
        kinds[_marked([Span.of(h.at_s, h.at_s + length_s(h)) for h in sound.hits], count)] = KINDS.index("sfx")
        kinds[_marked([*loud, *room], count)] = KINDS.index("ambience")
    kinds[music] = KINDS.index("music")
    kinds[voice] = KINDS.index("speech")
    kinds[voice & music] = KINDS.index("mixed")
    kinds[_marked(silences(heard), count) & ~voice] = KINDS.index("silence")
    runs = _joined([(k, len(list(group))) for k, group in groupby(kinds.tolist())])
    edges = [0, *np.cumsum([length for _, length in runs]).tolist()]
    times = [edge * CELL_S for edge in edges[:-1]] + [made.timeline.duration_s]
    return [(KINDS[kind], Span.of(a, b)) for (kind, _), (a, b) in zip(runs, pairwise(times), strict=True) if b > a]


def _marked(spans: list[Span], count: int) -> Mask:
    flags = np.zeros(count, bool)
    for span in spans:
        flags[round(span.start_s / CELL_S) : round(span.end_s / CELL_S)] = True
    return flags


def _music(heard: Soundtrack, count: int) -> Mask:
    """Return the cells in which a bed is loud enough to be heard, brief dips included."""
    gate = threshold("aes.audio.dominant", "silence_max_dbfs")
    flags = np.zeros(count, bool)
    for bed in heard.beds:
        above = _runs(bed.level_db > gate, CELLS_S)
        bridged: list[Span] = []
        for span in above:
            if bridged and span.start_s - bridged[-1].end_s <= 1.5:
                bridged[-1] = bridged[-1].union(span)
            else:
                bridged.append(span)
        flags |= _marked(bridged, count) & _marked([Span.of(bed.start_s, bed.end_s)], count)
    return flags


def _joined(runs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return runs (kind, cells) with each that is too short given to its longer neighbour, the shortest first."""
    runs = list(runs)
    while len(runs) > 1:
        at = min(range(len(runs)), key=lambda k: runs[k][1])
        if runs[at][1] * CELL_S >= PART_S - 1e-6:
            break
        beside = [k for k in (at - 1, at + 1) if 0 <= k < len(runs)]
        to = max(beside, key=lambda k: runs[k][1])
        runs[to] = (runs[to][0], runs[to][1] + runs[at][1])
        del runs[at]
        runs = [(kind, sum(n for _, n in group)) for kind, group in
                ((kind, list(group)) for kind, group in groupby(runs, key=lambda run: run[0]))]  # fmt: skip
    return runs


def _speech(made: Made, heard: Soundtrack) -> Iterator[Unit]:
    """Yield where nobody speaks, how fast the words come and how much of the speech is pause."""
    whole, blocks = made.timeline.span, voices(heard, BLOCK_GAP_S)
    noted = any(note.facet == "subject.speech_mode" for note in made.script.notes)
    if not noted:
        yield from _modes(whole, blocks)
    spoken_s = sum(block.duration_s for block in blocks)
    if spoken_s < SPEECH_MIN_S:
        return
    if len(heard.words) >= WORDS_MIN:
        rate = round(len(heard.words) / spoken_s, 6)
        yield unit("subject.speech_rate", 0, "video", whole, value=rate, unit="words/s")
    said_s = sum(span.duration_s for span in voices(heard, PAUSE_S))
    yield unit("subject.pause_ratio", 0, "video", whole, value=round(1 - said_s / spoken_s, 6), unit="share")


def _modes(whole: Span, blocks: list[Span]) -> Iterator[Unit]:
    at = whole.start_s
    for number, block in enumerate((*blocks, Span.at(whole.end_s))):
        if block.start_s - at >= min(NO_VOICE_S, whole.duration_s):
            span = Span.of(at, block.start_s)
            yield unit("subject.speech_mode", f"{number}.none", "event", span, label="none")
        if not block.is_instant:
            reason = "whose voice it is the script does not say"
            yield unit("subject.speech_mode", number, "event", block, status="abstain", reason=reason)
        at = block.end_s

"""Structure: which shots share a setup, what form they make, and what each cut does in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from sestina.core.card import Card
from sestina.core.evidence import Evidence
from sestina.core.reading import Reading
from sestina.core.registry import parsers
from sestina.core.storyboard import Unit
from sestina.core.time import Span
from sestina.core.track import Track
from sestina.dimensions._bands import Limit
from sestina.dimensions.editing._cases import SAME_SCENE, Case, around, events, joins, stated
from sestina.dimensions.editing._graph import (
    ALIKE,
    FAR_DE,
    UNLIKE,
    alternations,
    departures,
    graph_tracks,
    main_setup,
    short_runs,
)

FUNCTION = "edit.cut_function"
MACRO = "edit.macro"
WHY_NOT = "whether this is continuity, a montage or a compilation takes a reader of the story"

VOICE_SIDE_S = 0.5
"""Seconds on each side of a cut over which the voice must run on."""
RUNS_ON, SENTENCE = 0.7, 0.95
"""Share of that time with a voice: from which speech runs on, and from which no sentence can have ended between."""
SENTENCE_ENDS = (".", "!", "?", "…", "。", "！", "？")
QUIET_VOICE = 0.15
"""Share of a montage in which a voice may be heard."""
PLAIN_SPREAD = 0.06
"""Standard deviation of luma up to which a last frame is plain: from black to black is no loop."""
AWAY_DE = 15.0
"""CIE76 distance from the first picture that a video must reach before its end can be said to come back."""
NEW_PLACE, NEW_PALETTE_DE = 0.2, 30.0
"""A new place is unlike every shot before it, and its mean colour is this far from that of each."""
GROUND, GROUND_DE = 0.83, 15.0
"""A picture with this share of its pixels within this CIE76 distance of its middle colour is black or a card, and no
place; 63 shots of places in nine clips reach 0.80."""
FULL_STEP = 1.3
"""Enlargement that is about one step of shot scale; less is a weaker emphasis."""
MUSIC = ("music",)


@parsers.register(
    "editing.structure",
    card=Card(
        summary="Setups by the likeness of small pictures, how often they come back, and the form of the whole.",
        source="own; shot similarity graph after Yeung and Yeo 1996",
        deviations="A setup seen from another side counts as a new one.",
    ),
    facets=("edit.unique_setups", "edit.shot_reuse", "edit.broll_ratio", MACRO),
    optional=("colour", "loop"),
    after=("edit.shot", "edit.transition", "editing.structure.cuts"),
    kind="rule",
)
class Structure:
    """Yields three numbers of the video and its form; each abstains where the shots do not tell."""

    def __call__(self, reading: Reading) -> Iterator[Unit]:
        """Yield numbers and form; nothing where there are no shots."""
        if not reading.shots:
            return
        if "setups.cluster" in reading.tracks and len(reading.shots) > 1:
            yield from _numbers(reading)
        yield _form(reading)


def _numbers(reading: Reading) -> Iterator[Unit]:
    whole = reading.span
    sure = 0.9 * float(np.mean([shot.confidence for shot in reading.shots]))
    for facet, track, how in (
        ("edit.unique_setups", "setups.new", "sum"),
        ("edit.shot_reuse", "setups.seen", "mean"),
        ("edit.broll_ratio", "setups.aside", "first"),
    ):
        number = reading.measured(track, whole, how)
        if facet == "edit.broll_ratio" and reading.value("setups.seen", "sum", whole) == 0:
            reason = "no setup comes back, so no shot lies beside a main line"
            yield reading.abstain(facet, span=whole, reason=reason)
        else:
            yield reading.unit(facet, value=number.value, span=whole, confidence=sure, evidence=[number])


def _form(reading: Reading) -> Unit:
    """Return the form of the whole: one take, a loop, a run of short shots, or two places in turns."""
    whole, shots = reading.span, reading.shots
    if len(shots) == 1:
        last_s = reading.frames.time_s(len(reading.frames) - 1)
        only = [reading.frame_pair(whole.start_s, last_s), *reading.cite(*shots)]
        return reading.unit(
            MACRO, label="sequence_shot_one_take", span=whole, confidence=0.9 * shots[0].confidence, evidence=only
        )
    functions = reading.of(FUNCTION)
    loops = [unit for unit in functions if unit.label == "loop_join"]
    forms = [("circular_loop", loops, 1)]
    forms += [
        (form, [u for u in functions if u.label == label], (len(shots) + 1) // 2)
        for form, label in (("montage", "montage_cut"), ("cross_cut", "cross_cut"))
    ]
    for form, units, least in forms:
        if len(units) >= least:
            sure = 0.9 * float(np.mean([unit.confidence for unit in units]))
            return reading.unit(MACRO, label=form, span=whole, confidence=sure, evidence=reading.cite(*units[:12]))
    return reading.abstain(MACRO, span=whole, reason=WHY_NOT)


@parsers.register(
    "editing.structure.cuts",
    card=Card(
        summary="What a cut does, read off the graph of shots, the voice around it and the kind of transition.",
        source="own; labels as in MovieCuts (Pardo et al. 2022)",
        status="trial",
    ),
    facets=(FUNCTION,),
    optional=("colour", "voice", "loop", "luma", "music"),
    after=("edit.shot", "edit.transition", "aes.audio.dominant"),
    derives=("setups.cluster", "setups.new", "setups.step", "setups.best", "setups.seen", "setups.aside",
             "setups.palette", "setups.ground", "setups.length", "setups.away"),
    kind="rule",
)  # fmt: skip
class CutFunctions:
    """Yields functions of cuts; most cuts have none of these."""

    def __call__(self, reading: Reading) -> Iterator[Unit | Track]:
        """Yield the tracks of the graph, then what each cut does."""
        if not reading.shots:
            return
        setups: list[int] = []
        if "colour.tiny" in reading.tracks and len(reading.track("colour.tiny")):
            setups, found = graph_tracks(reading)
            yield from found
            yield from _more_tracks(reading, setups)
        yield events("setups.length", "s", *_lengths(reading))
        for unit in (
            *_emphases(reading), *_montages(reading), *_refreshes(reading, setups), *_turns(reading, setups),
            *_new_places(reading), *_loop(reading),
        ):  # fmt: skip
            if unit is not None:
                yield unit


def _lengths(reading: Reading) -> tuple[list[float], list[float]]:
    return [s.span.start_s for s in reading.shots], [s.span.duration_s for s in reading.shots]


def _more_tracks(reading: Reading, setups: Sequence[int]) -> Iterator[Track]:
    """Yield `setups.seen` (1 for a shot whose setup came before), `setups.aside` (share of time outside the main
    setup), `setups.ground` (share of the picture near its middle colour), `setups.palette` (dE of the mean colour to
    the nearest of all earlier shots), `setups.away` (largest dE from the first picture)."""
    starts, lengths = _lengths(reading)
    yield events("setups.seen", "", starts, [float(setup in setups[:k]) for k, setup in enumerate(setups)])
    main = main_setup(reading.shots, setups)
    aside = sum(length for length, setup in zip(lengths, setups, strict=True) if setup != main)
    yield events("setups.aside", "share", starts[:1], [aside / max(sum(lengths), 1e-6)])
    tiny = reading.track("colour.tiny")
    pictures = np.asarray(tiny.values, np.float64).reshape(len(tiny), -1, 3)
    means = pictures.mean(axis=1)
    shown = [means[tiny.slice(shot.span)] for shot in reading.shots]
    middles = [pictures[tiny.slice(shot.span)] for shot in reading.shots]
    yield events("setups.ground", "share", starts, [_ground(seen) for seen in middles])
    yield events("setups.palette", "dE", starts, [_palette(shown, k) for k in range(len(shown))])
    far = float(np.linalg.norm(pictures - pictures[0], axis=-1).mean(axis=-1).max())
    yield events("setups.away", "dE", starts[:1], [far])


def _ground(seen: np.ndarray) -> float:
    """Return the share of the middle one of pictures [K,P,3] that is near its median colour; NaN without pictures."""
    if not len(seen):
        return float("nan")
    middle = seen[len(seen) // 2]
    return float((np.linalg.norm(middle - np.median(middle, axis=0), axis=-1) < GROUND_DE).mean())


def _palette(shown: Sequence[np.ndarray], shot: int) -> float:
    """Return the smallest distance of the mean colours [K,3] of `shot` to those of any shot before it; NaN if none."""
    known = [before for before in shown[:shot] if len(before)]
    if not known or not len(shown[shot]):
        return float("nan")
    apart = np.linalg.norm(shown[shot][:, None] - np.concatenate(known)[None], axis=-1)
    return float(apart.min())


def _emphases(reading: Reading) -> Iterator[Unit]:
    """Yield emphasis for every punch: nearer stresses, farther releases."""
    for boundary in reading.boundaries:
        if boundary.label not in ("punch_in", "punch_out"):
            continue
        scale = boundary.attributes.get("scale")
        known = isinstance(scale, int | float) and scale > 0
        small = known and max(float(scale), 1 / float(scale)) < FULL_STEP  # type: ignore[arg-type]  # known to be a number
        yield reading.unit(
            FUNCTION, label="emphasis_in" if boundary.label == "punch_in" else "emphasis_out", span=boundary.span,
            confidence=min(0.65 if small else 0.85, boundary.confidence), evidence=reading.cite(boundary),
        )  # fmt: skip


def _function(
    reading: Reading, label: str, boundary: Unit, cases: Sequence[Case], at_most: float, also: Sequence[Evidence]
) -> Unit | None:
    """Return the function of a boundary, never surer than the boundary itself, or None."""
    sure = min(at_most, boundary.confidence)
    return stated(reading, FUNCTION, label, boundary.span, cases, at_most=sure, also=also)


def _montages(reading: Reading) -> Iterator[Unit | None]:
    """Yield the cuts inside runs of short shots to which music plays and nobody speaks."""
    longest, least = (reading.threshold(FUNCTION, n) for n in ("montage_shot_length_max_s", "montage_shots_min"))
    into, (_, lengths) = joins(reading), _lengths(reading)
    for first, last in short_runs(lengths, longest, int(least)):
        run = Span.of(reading.shots[first].span.start_s, reading.shots[last].span.end_s)
        music = [u for u in reading.of("aes.audio.dominant", run) if u.label in MUSIC]
        covered = sum(u.span.overlap_s(run) for u in music)
        if covered < 0.7 * run.duration_s:
            continue
        cases = [
            Case(Limit(signal="setups.length", op="<", threshold=longest, scale=0.3, reduce="max"), run),
            Case(Limit(signal="voice.active", op="<=", threshold=QUIET_VOICE, scale=0.1, reduce="mean"), run),
        ]
        for boundary in into[first + 1 : last + 1]:
            if boundary is not None:
                also = reading.cite(boundary, *music)
                yield _function(reading, "montage_cut", boundary, cases, 0.75, also)


def _voice(reading: Reading, boundary: Unit, share: float) -> Case:
    """Return the condition that the voice runs on across a boundary."""
    limit = Limit(signal="voice.active", op=">=", threshold=share, scale=0.15, reduce="mean")
    return Case(limit, around(reading, boundary.span, VOICE_SIDE_S))


def _refreshes(reading: Reading, setups: Sequence[int]) -> Iterator[Unit | None]:
    """Yield cuts within one setup in the middle of a sentence: the picture changes and nothing else does."""
    for shot, boundary in enumerate(joins(reading)):
        if boundary is None or _sentence_ends(reading, boundary):
            continue
        stays = bool(setups) and setups[shot] == setups[shot - 1]
        if stays or boundary.label in SAME_SCENE:
            voice = Limit(signal="voice.active", op=">=", threshold=SENTENCE, scale=0.04, reduce="mean")
            cases = [Case(voice, around(reading, boundary.span, VOICE_SIDE_S))]
            yield _function(reading, "retention_refresh", boundary, cases, 0.65, reading.cite(boundary))


def _sentence_ends(reading: Reading, boundary: Unit) -> bool:
    """Return whether the last word before the boundary ends a sentence; without words nothing is known to end."""
    before = [word for word in reading.transcript.words if word.start_s < boundary.span.start_s]
    return bool(before) and before[-1].text.rstrip().endswith(SENTENCE_ENDS)


def _turns(reading: Reading, setups: Sequence[int]) -> Iterator[Unit | None]:
    """Yield cross-cuts where two setups take turns, and elsewhere cutaways from a setup that is come back to."""
    into, shots = joins(reading), reading.shots
    least = int(reading.threshold(FUNCTION, "cross_cut_alternations_min"))
    crossed: set[int] = set()
    for first, last in alternations(setups, least):
        crossed.update(range(first + 1, last + 1))
        cases = [
            Case(Limit(signal="setups.step", op="<=", threshold=UNLIKE, scale=0.1, reduce="max"),
                 Span.of(shots[first + 1].span.start_s, shots[last].span.end_s)),
            Case(Limit(signal="setups.best", op=">=", threshold=ALIKE, scale=0.1, reduce="min"),
                 Span.of(shots[first + 2].span.start_s, shots[last].span.end_s)),
        ]  # fmt: skip
        for boundary in into[first + 1 : last + 1]:
            if boundary is not None:
                also = reading.cite(boundary)
                yield _function(reading, "cross_cut", boundary, cases, 0.6, also)
    for away, back in departures(setups):
        boundary = into[away]
        if boundary is None or away in crossed:
            continue
        cases = [
            Case(Limit(signal="setups.step", op="<=", threshold=UNLIKE, scale=0.1, reduce="first"),
                 Span.at(shots[away].span.start_s)),
            Case(Limit(signal="setups.best", op=">=", threshold=ALIKE, scale=0.1, reduce="first"),
                 Span.at(shots[back].span.start_s)),
            _voice(reading, boundary, RUNS_ON),
        ]  # fmt: skip
        also = reading.cite(boundary, shots[away - 1], shots[back])
        yield _function(reading, "cutaway", boundary, cases, 0.75, also)


def _new_places(reading: Reading) -> Iterator[Unit | None]:
    """Yield cuts, from a picture and not from black, to one that shares neither layout nor palette with any before."""
    for before, shot, boundary in zip([None, *reading.shots], reading.shots, joins(reading), strict=False):
        if before is None or boundary is None:
            continue
        at = Span.at(shot.span.start_s)
        unlike = Limit(signal="setups.best", op="<=", threshold=NEW_PLACE, scale=0.1, reduce="first")
        palette = Limit(signal="setups.palette", op=">=", threshold=NEW_PALETTE_DE, scale=FAR_DE / 2, reduce="first")
        shows = Limit(signal="setups.ground", op="<", threshold=GROUND, scale=0.1, reduce="first")
        cases = [Case(unlike, at), Case(palette, at), Case(shows, Span.at(before.span.start_s)), Case(shows, at)]
        also = reading.cite(boundary)
        yield _function(reading, "location_change", boundary, cases, 0.6, also)


def _loop(reading: Reading) -> Iterator[Unit | None]:
    """Yield the join of the end to the start, where the picture has been elsewhere in between."""
    end = next((unit for unit in reading.of("edit.transition") if unit.label == "end"), None)
    join = reading.tracks.get("loop.similarity")
    if end is None or join is None or not len(join):
        return
    least = reading.threshold(FUNCTION, "loop_match_min")
    cases = [
        Case(Limit(signal="loop.similarity", op=">=", threshold=least, scale=0.1, reduce="first"),
             Span.at(float(join.times_s[0]))),
        Case(Limit(signal="setups.away", op=">=", threshold=AWAY_DE, scale=6.0, reduce="first"), reading.span),
        Case(Limit(signal="luma.std", op=">", threshold=PLAIN_SPREAD, scale=0.03, reduce="last"), reading.span),
    ]  # fmt: skip
    frames = reading.frames
    pair = reading.frame_pair(frames.time_s(len(frames) - 1), frames.time_s(0))
    yield stated(reading, FUNCTION, "loop_join", end.span, cases, at_most=0.8, also=[pair, *reading.cite(end)])

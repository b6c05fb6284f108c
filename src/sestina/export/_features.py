"""The feature row of a video: one table of names, units, ranges and rules, all of it computed from a storyboard.

The row has a fixed length and order under one version. What the storyboard does not know is NaN, never zero: no face in
a video that was searched for faces is 0, a video in which nobody looked is NaN. Shares are of the time that was
decided, not of the whole, so that abstentions do not look like absence.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from sestina.core import vocabulary
from sestina.core.storyboard import Storyboard, Unit
from sestina.core.time import Span

VERSION = "1"
"""Raised whenever a feature is added, goes, moves or changes its meaning; one-hots follow the vocabulary's labels."""
OPENING_S = 3.0
"""Length of the opening that platforms count a view by, seconds."""


@dataclass(frozen=True, kw_only=True)
class Feature:
    """One number of the row.

    Args:
        name: of the column.
        unit: of the value; "" for plain numbers.
        low, high: smallest and largest possible value, None where open.
        about: what it is, for the page.
        rule: gives the value, None where it is not known.
    """

    name: str
    unit: str
    low: float | None
    high: float | None
    about: str
    rule: Callable[[Known], float | None]


class Known:
    """What a storyboard has decided, by facet; abstentions, and the video's start and end as edits, are left out."""

    def __init__(self, board: Storyboard) -> None:
        self.board = board
        self.duration_s = board.media.duration_s
        self._units: dict[str, list[Unit]] = defaultdict(list)
        for unit in board:
            if unit.status != "abstain" and (unit.facet, unit.label) not in _NO_EDITS:
                self._units[unit.facet].append(unit)

    def units(self, facet: str) -> list[Unit]:
        """Return the decided units of a facet."""
        return self._units.get(facet, [])

    def number(self, facet: str) -> float | None:
        """Return a facet's number for the video, else its mean over the time measured."""
        units = [unit for unit in self.units(facet) if unit.value is not None]
        whole = [unit for unit in units if unit.level == "video"]
        return _mean((whole or units), lambda unit: unit.value)

    def rank(self, facet: str) -> float | None:
        """Return the mean over time of an ordered facet's rank, as a share of the highest."""
        known = vocabulary.facet(facet)
        top = len(known.ranks) - 1
        units = [unit for unit in self.units(facet) if unit.label in known.ranks]
        return _mean(units, lambda unit: known.ranks.index(str(unit.label)) / top)

    def share(self, facet: str, labels: Iterable[str]) -> float | None:
        """Return the share of the decided time during which any of the labels holds, or a label below one of them."""
        wanted = frozenset(labels)
        decided = [unit for unit in self.units(facet) if unit.label is not None]
        held = [unit.span for unit in decided if _is(facet, str(unit.label), wanted)]
        total = _covered_s(unit.span for unit in decided)
        return _covered_s(held) / total if total > 0 else None

    def part(self, facet: str, labels: Iterable[str]) -> float | None:
        """Return the share of a facet's units, by number, that carry any of the labels or one below."""
        wanted, decided = frozenset(labels), [unit for unit in self.units(facet) if unit.label is not None]
        held = sum(_is(facet, str(unit.label), wanted) for unit in decided)
        return held / len(decided) if decided else None

    def any(self, facet: str, label: str) -> float | None:
        """Return 1 where some unit of the facet has the label, 0 where only others are there."""
        labels = {unit.label for unit in self.units(facet) if unit.label is not None}
        return float(label in labels) if labels else None


@cache
def features() -> tuple[Feature, ...]:
    """Return every feature, in the order of the row."""
    return (
        *_media(), *_editing(), *_opening(), *_picture(), *_camera(), *_subject(), *_sound(), *_text(), *_story(),
        *_hot("aspect", "diss.aspect"), *_hot("format", "narr.format"), *_hot("sound", "diss.sound"),
    )  # fmt: skip


def row(board: Storyboard) -> list[float]:
    """Return a storyboard's feature row, NaN where nothing is known."""
    known = Known(board)
    found = (feature.rule(known) for feature in features())
    return [math.nan if value is None else float(value) for value in found]


def _media() -> Iterator[Feature]:
    def video(name: str, unit: str, about: str, take: Callable[[Storyboard], float | None]) -> Feature:
        return Feature(name=name, unit=unit, low=0, high=None, about=about, rule=lambda known: take(known.board))

    yield video("duration_s", "s", "length", lambda board: board.media.duration_s)
    yield video("width_px", "px", "displayed width", lambda board: _of(board.media.video, "display_width"))
    yield video("height_px", "px", "displayed height", lambda board: _of(board.media.video, "display_height"))
    yield video("frame_rate_hz", "1/s", "frames a second", lambda board: _of(board.media.video, "frame_rate"))
    yield Feature(name="has_sound", unit="", low=0, high=1, about="whether there is an audio stream",
                  rule=lambda known: float(known.board.media.audio is not None))  # fmt: skip


def _editing() -> Iterator[Feature]:
    yield _shot("shot_count", "", "shots", len)
    yield _shot("shot_length_mean_s", "s", "mean length of a shot", lambda lengths: sum(lengths) / len(lengths))
    yield _shot("shot_length_median_s", "s", "median length of a shot", _median)
    yield _shot("shot_length_sd_s", "s", "standard deviation of the shots' lengths", _deviation)
    yield _shot("shot_length_min_s", "s", "shortest shot", min)
    yield _shot("shot_length_max_s", "s", "longest shot", max)
    yield _shot("cuts_per_10s", "1/10s", "edits between shots in ten seconds",
                lambda lengths: 10 * (len(lengths) - 1) / sum(lengths))  # fmt: skip
    yield _part("hard_cut_part", "edit.transition", "cut")
    yield _part("dissolve_part", "edit.transition", "dissolve")
    yield _part("fade_part", "edit.transition", "fade")
    yield _part("wipe_part", "edit.transition", "wipe", "push")
    yield _number("shot_share_under_1s", "edit.pacing.share_under_1s")
    yield _rank("pacing", "edit.pacing_class")
    yield _number("beat_sync", "edit.beat_sync")
    yield _number("broll_share", "edit.broll_ratio")
    yield _number("shot_reuse", "edit.shot_reuse")


def _opening() -> Iterator[Feature]:
    for event in ("cut", "text", "word", "face", "face_closeup", "motion_peak", "sound_onset", "product", "brand"):
        yield _number(f"first_{event}_s", f"narr.hook.t_first_{event}")
    for name in ("words_first_3s", "chars_on_screen_first_3s", "shots_first_3s", "motion_first_3s",
                 "luma_change_first_1s", "loudness_first_1s"):  # fmt: skip
        yield _number(name, f"narr.hook.{name}")
    yield _number("hook_end_s", "narr.hook.hook_end")
    yield Feature(name="opening_cuts", unit="", low=0, high=None,
                  about=f"edits in the first {OPENING_S:g} s", rule=_opening_cuts)  # fmt: skip


def _picture() -> Iterator[Feature]:
    for name, facet in (("light_key", "aes.light.key"), ("brightness", "aes.light.brightness"),
                        ("contrast", "aes.light.contrast"), ("saturation", "aes.color.saturation"),
                        ("warmth", "aes.color.temperature"), ("clutter", "aes.comp.clutter")):  # fmt: skip
        yield _rank(name, facet)
    for hue in vocabulary.facet("aes.color.dominant").labels:
        yield _share(f"hue_{hue}_share", "aes.color.dominant", hue)
    for name in ("blur", "noise", "blockiness", "duplicate_ratio"):
        yield _number(name, f"aes.tech.{name}")
    yield _share("full_frame_share", "aes.layout", "full_frame")


def _camera() -> Iterator[Feature]:
    yield _rank("shot_scale", "camera.scale")
    yield _share("close_share", "camera.scale", "MCU", "CU", "ECU")
    yield _rank("unsteadiness", "camera.steadiness")
    yield _rank("camera_speed", "camera.speed")
    moves = {"static": ("static",), "lateral": ("lateral_left", "lateral_right"), "inward": ("inward",),
             "vertical": ("vertical_up", "vertical_down"), "outward": ("outward",), "whip": ("whip",),
             "tracking": ("tracking",), "virtual": ("virtual",)}  # fmt: skip
    for name, labels in moves.items():
        yield _share(f"move_{name}_share", "camera.movement", *labels)


def _subject() -> Iterator[Feature]:
    yield _share("person_share", "subject.kind", "person", "face", "body_part", "crowd")
    yield _share("face_share", "subject.kind", "face")
    yield _share("product_share", "subject.kind", "product")
    yield _share("text_graphic_share", "subject.kind", "text_graphic")
    yield _share("to_camera_share", "subject.address", "to_camera")
    yield _rank("motion_energy", "subject.motion_energy")
    yield _number("salient_area", "subject.saliency_track")


def _sound() -> Iterator[Feature]:
    for name in ("integrated", "range", "true_peak", "onset_jump"):
        yield _number(f"loudness_{name}", f"aes.audio.loudness.{name}")
    yield _number("tempo_bpm", "aes.audio.tempo")
    for label in vocabulary.facet("aes.audio.dominant").labels:
        yield _share(f"audio_{label}_share", "aes.audio.dominant", label)
    for name in ("speech_rate", "pause_ratio", "filler_rate"):
        yield _number(name, f"subject.{name}")
    yield _number("silent_start_s", "diss.silent_start")
    yield _number("sound_off_score", "diss.sound_off_score")


def _text() -> Iterator[Feature]:
    def overlay(name: str, unit: str, high: float | None, about: str,
                take: Callable[[list[Unit], float], float]) -> Feature:  # fmt: skip
        def rule(known: Known) -> float | None:
            units = [unit for unit in known.units("diss.overlay") if unit.label != "scene_text"]
            return take(units, known.duration_s) if (units or _read(known.board)) and known.duration_s else None

        return Feature(name=name, unit=unit, low=0, high=high, about=about, rule=rule)

    yield overlay("overlay_share", "share", 1, "time with anything laid over the picture",
                  lambda units, length: _covered_s(unit.span for unit in units) / length)  # fmt: skip
    yield overlay("overlays_per_10s", "1/10s", None, "overlays in ten seconds",
                  lambda units, length: 10 * len(units) / length)  # fmt: skip
    yield overlay("overlay_area", "share", None, "area of the overlays, mean over the video's time",
                  lambda units, length: sum(unit.region.box.area * unit.span.duration_s for unit in units
                                            if unit.region is not None) / length)  # fmt: skip
    yield _number("readability", "diss.readability")
    yield _rank("unsafe_area", "diss.safe_area")
    yield _part("subtitle_part", "diss.overlay.kind", "subtitle_full", "subtitle_phrase", "subtitle_word_karaoke")


def _story() -> Iterator[Feature]:
    yield _number("tension", "narr.tension")
    yield Feature(name="tension_peak_at", unit="share", low=0, high=1,
                  about="where in the video the highest `narr.tension.peak` lies", rule=_peak_at)  # fmt: skip
    yield _share("hook_share", "narr.beat", "hook")
    yield _share("payoff_share", "narr.beat", "reveal_payoff", "climax")
    yield _number("payoff_delay_s", "narr.payoff_delay")
    yield _rank("valence", "narr.valence")
    for name, facet in (("cta_count", "diss.cta.count"), ("cta_first_s", "diss.cta.first_at"),
                        ("brand_share", "diss.brand.share_of_time"), ("brand_mentions", "diss.brand.mentions"),
                        ("loopability", "diss.loopability"), ("novelty", "diss.retention.novelty_curve"),
                        ("interrupts_per_10s", "diss.retention.interrupts_per_10s"),
                        ("longest_static_gap_s", "diss.retention.longest_static_gap")):  # fmt: skip
        yield _number(name, facet)


def _number(name: str, facet: str) -> Feature:
    known = vocabulary.facet(facet)
    low, high = known.valid or (None, None)
    return Feature(name=name, unit=known.unit or "", low=low, high=high, about=f"`{facet}`",
                   rule=lambda said: said.number(facet))  # fmt: skip


def _rank(name: str, facet: str) -> Feature:
    ranks = vocabulary.facet(facet).ranks
    about = f"`{facet}`, mean over time: {ranks[0]} is 0, {ranks[-1]} is 1"
    return Feature(name=name, unit="rank", low=0, high=1, about=about, rule=lambda said: said.rank(facet))


def _share(name: str, facet: str, *labels: str) -> Feature:
    return Feature(name=name, unit="share", low=0, high=1, about=f"time of `{facet}` {' or '.join(labels)}",
                   rule=lambda said: said.share(facet, labels))  # fmt: skip


def _part(name: str, facet: str, *labels: str) -> Feature:
    return Feature(name=name, unit="share", low=0, high=1, about=f"part of all `{facet}` that is {' or '.join(labels)}",
                   rule=lambda said: said.part(facet, labels))  # fmt: skip


def _hot(prefix: str, facet: str) -> Iterator[Feature]:
    """Yield one feature a label, 0 or 1, named so that SQL needs no quotes: `aspect_9x16`."""
    for label in vocabulary.facet(facet).labels:
        name = f"{prefix}_{label}".replace(":", "x").replace(".", "_")
        yield Feature(name=name, unit="", low=0, high=1, about=f"`{facet}` is {label}", rule=_one_of(facet, label))


def _one_of(facet: str, label: str) -> Callable[[Known], float | None]:
    return lambda known: known.any(facet, label)


def _shot(name: str, unit: str, about: str, take: Callable[[list[float]], float]) -> Feature:
    def rule(known: Known) -> float | None:
        lengths = [one.span.duration_s for one in known.units("edit.shot")]
        return take(lengths) if lengths and sum(lengths) > 0 else None

    return Feature(name=name, unit=unit, low=0, high=None, about=about, rule=rule)


def _opening_cuts(known: Known) -> float | None:
    if not known.units("edit.shot"):
        return None
    start_s = known.board.media.span.start_s
    return sum(0 < unit.span.start_s - start_s < OPENING_S for unit in known.units("edit.shot"))


def _peak_at(known: Known) -> float | None:
    peaks = [unit for unit in known.units("narr.tension.peak") if unit.value is not None]
    if not peaks or not known.duration_s:
        return None
    top = max(peaks, key=lambda unit: float(unit.value or 0))
    return (top.span.middle_s - known.board.media.span.start_s) / known.duration_s


def _read(board: Storyboard) -> bool:
    """Return whether the picture was searched for text."""
    return "ocr" in board.transcript.engines or bool(board.transcript.screen)


def _of(stream: object, field: str) -> float | None:
    value = getattr(stream, field, None)
    return None if value is None else float(value)


def _is(facet: str, label: str, wanted: frozenset[str]) -> bool:
    if label in wanted:
        return True
    known = vocabulary.facet(facet)
    return known.type == "tree" and known.is_label(label) and not wanted.isdisjoint(vocabulary.ancestors(facet, label))


def _mean(units: list[Unit], take: Callable[[Unit], float | None]) -> float | None:
    """Return the mean weighted by time; of instants, the plain mean."""
    values = [float(take(unit) or 0) for unit in units]
    weights = [unit.span.duration_s for unit in units]
    if not values:
        return None
    if not any(weights):
        return math.fsum(values) / len(values)
    return math.fsum(w * v for w, v in zip(weights, values, strict=True)) / math.fsum(weights)


def _covered_s(spans: Iterable[Span]) -> float:
    """Return the length of the union of spans."""
    total, end = 0.0, -math.inf
    for span in sorted(spans, key=lambda one: one.start_s):
        total += max(0.0, span.end_s - max(end, span.start_s))
        end = max(end, span.end_s)
    return total


def _median(values: list[float]) -> float:
    ordered, half = sorted(values), len(values) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def _deviation(values: list[float]) -> float:
    mean = sum(values) / len(values)
    return math.sqrt(math.fsum((value - mean) ** 2 for value in values) / len(values))


_NO_EDITS = (("edit.transition", "start"), ("edit.transition", "end"))

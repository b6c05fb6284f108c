"""True focus, motion blur, texture and medium: known from the look that a script asks for."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from sestina.core import vocabulary
from sestina.core.storyboard import Level, Unit
from sestina.core.time import Span
from sestina.render.script import Shot
from sestina.render.truth.bands import undecided
from sestina.render.truth.made import Made, unit
from sestina.render.truth.paths import Path

F64 = npt.NDArray[np.float64]

FACETS = ("aes.focus.state", "camera.motion_blur", "aes.texture", "aes.medium")

SOFT, DEFOCUS = (0.0042, 0.0060), 0.0085
"""Sigma of a blur, frame widths, that is soft (within) and that is defocus (from): two to three, and four,
pixels of 480."""
STREAK_NONE, STREAK_CLEAR = 0.0008, 0.008
"""Way of a picture's middle while the shutter is open, frame widths, that cannot be seen, and that must be."""
CLEAN_MAX, ROUGH_MIN = 1.0, 7.0
"""Deviation of noise, 8-bit steps, of a clean picture and of one that surely shows it."""
CLEAN_CRF, BLOCKS_CRF = 26, 44
VIGNETTE_NONE, VIGNETTE_MIN = 0.12, 0.5
OUTSIDE = ("photo", "image", "clip")
"""Pictures whose own sharpness and grain nobody knows."""
BUSY = frozenset({"noise"})
"""Painters whose picture itself looks like noise."""
LEAST_RACK = 0.005
"""Blur, frame widths, that both planes of a rack of focus lose and gain at least."""


def units(made: Made) -> Iterator[Unit]:
    """Yield what every shot's optics and sensor did."""
    for number, shot in enumerate(made.script.shots):
        span = made.timeline.shot_span(number)
        path = Path(made.timeline, number)
        streaks = path.speeds(shot.source.far_depth) * shot.look.shutter * path.step_s
        if shot.source.kind in OUTSIDE or shot.layout.kind != "full_frame" or made.script.padding is not None:
            for facet in FACETS:
                level: Level = "event" if facet == "aes.focus.state" else "shot"
                if facet != "aes.medium":
                    yield undecided(facet, number, level, span, "a picture from outside, or one of several")
        else:
            yield from _focus(made, number, span, streaks)
            yield _motion_blur(number, span, streaks)
            yield from _texture(made, number, span)
        if _is_still(shot):
            yield unit("aes.medium", number, "shot", span, label="still_photo")
        else:
            yield undecided("aes.medium", number, "shot", span, "a rendered scene may pass for several media")


def _is_still(shot: Shot) -> bool:
    legs = shot.camera.legs
    moved = bool(legs) and all(leg.move.startswith("ken_burns") for leg in legs)
    return shot.source.kind in ("photo", "image") and moved and not shot.subjects and shot.layout.kind == "full_frame"


def _focus(made: Made, number: int, span: Span, streaks: F64) -> Iterator[Unit]:
    look, facet = made.script.shots[number].look, "aes.focus.state"
    streak = float(np.median(streaks))
    if look.rack is not None:
        yield from _racked(made, number, span)
    elif streak >= STREAK_CLEAR and look.aperture == look.defocus == 0 and streaks.min() >= STREAK_CLEAR / 2:
        yield unit(facet, number, "event", span, label="motion_blur")
    elif streaks.max() > STREAK_NONE * 2:
        yield undecided(facet, number, "event", span, "the picture smears for a part of the time, or a little")
    elif look.aperture > 0 and 0 < look.defocus < SOFT[0]:
        yield undecided(facet, number, "event", span, "blurred in more than one way")
    elif look.defocus >= DEFOCUS:
        yield unit(facet, number, "event", span, label="defocus")
    elif SOFT[0] <= look.defocus <= SOFT[1]:
        yield unit(facet, number, "event", span, label="soft")
    elif look.defocus == 0 and (look.aperture == 0 or look.focus in (None, made.script.shots[number].source.far_depth)):
        yield unit(facet, number, "event", span, label="sharp")
    else:
        yield undecided(facet, number, "event", span, "how sharp the picture is lies near a limit")


def _racked(made: Made, number: int, span: Span) -> Iterator[Unit]:
    """Yield a rack of focus between the far picture and what is near, in its window, and sharpness beside it."""
    shot, facet = made.script.shots[number], "aes.focus.state"
    look, far = shot.look, shot.source.far_depth
    ends = (look.focus or far, look.focus_to or far)
    near = shot.source.near_depth if shot.source.near else min((s.depth or far for s in shot.subjects), default=far)
    blur = look.aperture * abs(1 - max(far / near, near / far)) if near != far else 0.0
    start_s, end_s = (t - shot.offset_s for t in look.rack or (0.0, 0.0))
    quick = end_s - start_s <= vocabulary.threshold(facet, "rack_duration_max_s")
    plain = not shot.camera.legs and not shot.speeds and look.defocus == 0
    if not (quick and plain and sorted(ends) == sorted((far, near)) and blur >= LEAST_RACK):
        yield undecided(facet, number, "event", span, "focus moves, but not as the vocabulary's rack does")
        return
    rack = made.timeline.inside(number, start_s, end_s)
    yield unit(facet, f"{number}.rack", "event", rack, label="rack_focus")
    for name, part in (("before", Span.of(span.start_s, rack.start_s)), ("after", Span.of(rack.end_s, span.end_s))):
        if part.duration_s >= 0.5:
            yield unit(facet, f"{number}.{name}", "event", part, label="sharp")


def _motion_blur(number: int, span: Span, streaks: F64) -> Unit:
    streak = float(np.median(streaks))
    if STREAK_NONE < streak < STREAK_CLEAR:
        return undecided("camera.motion_blur", number, "shot", span, "the picture smears a little")
    return unit("camera.motion_blur", number, "shot", span, label="true" if streak >= STREAK_CLEAR else "false")


def _texture(made: Made, number: int, span: Span) -> Iterator[Unit]:
    shot, facet = made.script.shots[number], "aes.texture"
    look, crf = shot.look, made.script.crf
    known = 0
    for label, value, none, least in (
        ("noise", look.noise, CLEAN_MAX, ROUGH_MIN), ("grain", look.grain, 0.3, ROUGH_MIN),
        ("compression_block", crf, CLEAN_CRF, BLOCKS_CRF), ("vignette", look.vignette, VIGNETTE_NONE, VIGNETTE_MIN),
    ):  # fmt: skip
        if value >= least:
            yield unit(facet, f"{number}.{label}", "shot", span, label=label)
        known += value <= none or value >= least
    bare = look.noise <= CLEAN_MAX and look.grain <= 0.3 and crf <= CLEAN_CRF
    if known < 4 or shot.source.kind in BUSY:
        yield undecided(facet, number, "shot", span, "a texture may be seen or not")
    elif bare:
        yield unit(facet, f"{number}.clean", "shot", span, label="clean")

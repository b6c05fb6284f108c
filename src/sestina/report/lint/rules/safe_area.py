"""Safe area: what is written under the platform's own interface."""

from __future__ import annotations

from collections.abc import Iterator

from sestina.core import vocabulary
from sestina.core.card import Card
from sestina.core.evidence import Box
from sestina.core.profiles import Profile, aspect_of
from sestina.core.storyboard import Unit
from sestina.report.lint.case import Case, quoted
from sestina.report.lint.finding import Finding, Severity
from sestina.report.lint.lint import rules

SOURCE = "platform profiles (data with version, source and date); shares of `diss.safe_area`"
HINT = "move it into the free area of the profile, or put nothing there that must be read"


@rules.register(
    "safe_area",
    card=Card(
        summary="At least half of an overlay lies under the platform's interface.",
        source=SOURCE,
    ),
)
class Covered:
    """Finds overlays that cannot be read there, and says so where the picture's shape makes it undecidable."""

    severity: Severity = "warning"

    def __call__(self, case: Case) -> Iterator[Finding]:
        """Yield the covered overlays, or why nobody knows."""
        video = case.board.media.video
        if video is None:
            return
        shape = aspect_of(video.display_width, video.display_height)
        if not case.examined("ocr", "diss.overlay"):
            yield case.unjudged(
                "what is written under the interface; no text was read",
                "analyze the video without skipping ocr", "diss.overlay", stages=("ocr",),
            )  # fmt: skip
        elif shape not in case.profile.aspects:
            if overlays(case):
                yield case.unjudged(
                    f"what {case.profile.id} covers: it is laid out for {', '.join(case.profile.aspects)}, "
                    f"and the picture is {shape}",
                    "choose a profile for this shape, or reframe the video first", units=overlays(case),
                )  # fmt: skip
        else:
            least = vocabulary.threshold("diss.safe_area", "occluded_min")
            yield from _under(case, least, 1.01)


@rules.register(
    "safe_area-touches",
    card=Card(
        summary="Less than half of an overlay lies under the interface.",
        source=SOURCE,
    ),
)
class Touches:
    """Finds overlays that reach under the interface."""

    severity: Severity = "note"

    def __call__(self, case: Case) -> Iterator[Finding]:
        """Yield the overlays that touch; `safe_area` says where nobody knows."""
        video = case.board.media.video
        if video is None or aspect_of(video.display_width, video.display_height) not in case.profile.aspects:
            return
        least, most = (vocabulary.threshold("diss.safe_area", name) for name in ("touches_min", "occluded_min"))
        yield from _under(case, least, most)


def overlays(case: Case) -> list[Unit]:
    """Return what is laid over the picture and has a place in it, in order of time."""
    return [unit for unit in case.said("diss.overlay") if unit.label != "scene_text" and unit.region is not None]


def _under(case: Case, least: float, most: float) -> Iterator[Finding]:
    """Yield overlays of which a share from `least` up to, not including, `most` is covered."""
    texts = {_place(unit): unit for unit in case.said("diss.overlay.text", "diss.overlay.kind")}
    judged: dict[tuple[object, ...], list[Unit]] = {}
    for unit in case.said("diss.safe_area"):
        if unit.text == case.profile.id:
            judged.setdefault(_place(unit), []).append(unit)
    for unit in overlays(case):
        box, share = _worst(unit, case.profile)
        if least <= share < most:
            named = texts.get(_place(unit), unit)
            what = _furniture(box, case.profile)
            yield case.finding(
                f"{quoted(named)} lies to {share:.0%} under the {what} of {case.profile.id}", HINT,
                unit, *judged.get(_place(unit), []), region=box,
            )  # fmt: skip


def _place(unit: Unit) -> tuple[object, ...]:
    return unit.span.start_s, unit.span.end_s, unit.region and unit.region.box


def _worst(unit: Unit, profile: Profile) -> tuple[Box, float]:
    """Return where on its way an overlay is covered most, and the share of it that is."""
    if unit.region is None:
        raise ValueError(f"{unit.id} has no place in the picture")
    boxes = [at.box for at in unit.region.track] or [unit.region.box]
    return max(((box, profile.covered(box)) for box in boxes), key=lambda pair: pair[1])


def _furniture(box: Box, profile: Profile) -> str:
    return max(profile.furniture, key=lambda item: item.box.overlap(box)).name

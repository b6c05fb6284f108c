"""Aspect: a picture of a shape that the placement does not show whole, or padded to it."""

from __future__ import annotations

from collections.abc import Iterator

from sestina.core.card import Card
from sestina.core.profiles import aspect_of
from sestina.report.lint.case import Case
from sestina.report.lint.finding import Finding, Severity
from sestina.report.lint.lint import rules


@rules.register(
    "aspect",
    card=Card(
        summary="The placement shows pictures of another shape.",
        source="`aspects` of the profile",
    ),
)
class Aspect:
    """Compares the displayed shape with those that the placement shows."""

    severity: Severity = "warning"

    def __call__(self, case: Case) -> Iterator[Finding]:
        """Yield at most one finding; sound alone has no shape."""
        video = case.board.media.video
        if video is None:
            return
        shape = aspect_of(video.display_width, video.display_height)
        if shape not in case.profile.aspects:
            yield case.finding(
                f"the picture is {shape} ({video.display_width}x{video.display_height}), "
                f"{case.profile.id} shows {', '.join(case.profile.aspects)}",
                "reframe it, or choose another placement", *case.said("diss.aspect"), span=case.whole,
            )  # fmt: skip


@rules.register(
    "aspect-padding",
    card=Card(
        summary="Bars or a fill surround a picture of another shape.",
        source="`diss.padding`",
    ),
)
class Padding:
    """Finds a picture that was padded to the shape it has."""

    severity: Severity = "note"

    def __call__(self, case: Case) -> Iterator[Finding]:
        """Yield at most one finding."""
        padded = [unit for unit in case.said("diss.padding") if unit.label not in (None, "none")]
        if padded:
            inside = case.said("diss.aspect.active")
            shape = f" around a picture of shape {inside[0].claim}" if inside else ""
            name = str(padded[0].label).replace("_", " ")
            region = inside[0].region.box if inside and inside[0].region is not None else None
            yield case.finding(
                f"the frame is padded ({name}){shape}", "fill the frame: reframe the picture instead of padding it",
                *padded, *inside, region=region,
            )  # fmt: skip
        elif case.board.media.video is not None and not case.examined("borders", "diss.padding"):
            hint = "analyze the video with the parser dissemination.padding"
            yield case.unjudged("whether the frame is padded", hint, "diss.padding", stages=("borders",))

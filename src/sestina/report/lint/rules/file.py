"""The file: size, codec, frame rate and picture size against what the platform takes."""

from __future__ import annotations

from collections.abc import Iterator

from sestina.core.card import Card
from sestina.report.lint.case import Case
from sestina.report.lint.finding import Finding, Severity
from sestina.report.lint.lint import rules

MEGA = 1e6


@rules.register(
    "file-size",
    card=Card(
        summary="The file is larger than the platform takes.",
        source="`size_mb_max` of the profile",
    ),
)
class Size:
    """Compares the file's size with the profile's limit."""

    severity: Severity = "error"

    def __call__(self, case: Case) -> Iterator[Finding]:
        """Yield at most one finding."""
        size, most, units = case.board.media.size_bytes / MEGA, case.profile.size_mb_max, case.said("diss.file_size")
        if size <= 0:
            yield case.unjudged("the file's size; it is not known", "analyze the file itself", units=units)
        elif size > most:
            yield case.finding(
                f"the file has {size:.4g} MB, at most {most:g} MB are taken", "encode it at a lower bit rate",
                *units, span=case.whole,
            )  # fmt: skip


@rules.register(
    "file-codec",
    card=Card(
        summary="The platform does not take this video codec.",
        source="`codecs` of the profile",
    ),
)
class Codec:
    """Looks for the video codec in the profile's list; a profile without a list takes any."""

    severity: Severity = "error"

    def __call__(self, case: Case) -> Iterator[Finding]:
        """Yield at most one finding."""
        video, taken = case.board.media.video, case.profile.codecs
        if video is not None and taken and video.codec not in taken:
            yield case.finding(
                f"the video is coded as {video.codec}, {case.profile.id} takes {', '.join(taken)}",
                "encode it as h264", *case.said("diss.codec"), span=case.whole,
            )  # fmt: skip


@rules.register(
    "file-rate",
    card=Card(
        summary="The platform does not take this frame rate.",
        source="`rate_fps` of the profile",
    ),
)
class Rate:
    """Compares the frame rate with the profile's limits."""

    severity: Severity = "warning"

    def __call__(self, case: Case) -> Iterator[Finding]:
        """Yield at most one finding."""
        video, limit = case.board.media.video, case.profile.rate_fps
        if video is not None and limit is not None and not limit.holds(float(video.frame_rate)):
            yield case.finding(
                f"the video has {float(video.frame_rate):.5g} frames a second, "
                f"{limit.min:g} to {limit.max:g} are taken",
                "render it at 30 frames a second", *case.said("diss.fps"), span=case.whole,
            )  # fmt: skip


@rules.register(
    "file-resolution",
    card=Card(
        summary="The picture is smaller or larger than the platform takes.",
        source="`side_px` of the profile",
    ),
)
class Resolution:
    """Compares the displayed sides with the profile's limits."""

    severity: Severity = "warning"

    def __call__(self, case: Case) -> Iterator[Finding]:
        """Yield at most one finding."""
        video, limit = case.board.media.video, case.profile.side_px
        if video is None or limit is None:
            return
        sides = sorted((video.display_width, video.display_height))
        if sides[0] < limit.min or sides[1] > limit.max:
            yield case.finding(
                f"the picture has {video.display_width}x{video.display_height} pixels, "
                f"sides from {limit.min:g} to {limit.max:g} are taken",
                "render it at 1080 pixels on the shorter side", *case.said("diss.resolution"), span=case.whole,
            )  # fmt: skip

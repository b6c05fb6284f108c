"""Container and frame: shape, length, size, rate and codec, as the file itself says."""

from __future__ import annotations

from collections.abc import Iterator

from sestina.core.card import Card
from sestina.core.evidence import Evidence
from sestina.core.media_info import VideoInfo
from sestina.core.profiles import aspect_of
from sestina.core.reading import Reading
from sestina.core.registry import parsers
from sestina.core.storyboard import Unit

CLASSES = ("<6", "6-9", "9-15", "15-30", "30-60", "60-90", "90-180", "180-600", ">600")
MEGA = 1e6


@parsers.register(
    "dissemination.container",
    card=Card(summary="Reads shape, length, resolution, rate, codec and size from the container."),
    facets=(
        "diss.aspect", "diss.aspect.storage", "diss.duration_class", "diss.resolution", "diss.resolution.width",
        "diss.resolution.height", "diss.fps", "diss.bitrate", "diss.codec", "diss.hdr", "diss.file_size",
    ),
    kind="signal",
)  # fmt: skip
class Container:
    """Yields facts of the file as units."""

    def __call__(self, reading: Reading) -> Iterator[Unit]:
        """Yield one unit a fact."""
        yield _length(reading)
        size = reading.media.size_bytes
        if size > 0:
            yield _number(reading, "diss.file_size", size / MEGA, "size_bytes")
        if reading.media.video is not None:
            yield from _picture(reading, reading.media.video)


def duration_class(duration_s: float, edges: list[float]) -> str:
    """Return the label of `diss.duration_class`; a length on an edge belongs to the longer class."""
    return CLASSES[sum(duration_s >= edge for edge in edges)]


def _length(reading: Reading) -> Unit:
    edges = [reading.threshold("diss.duration_class", f"edge_{i}_s") for i in range(1, len(CLASSES))]
    label = duration_class(reading.media.duration_s, edges)
    evidence: list[Evidence] = [reading.metadata("span.start_s"), reading.metadata("span.end_s")]
    return reading.unit("diss.duration_class", label=label, span=reading.span, evidence=evidence)


def _number(reading: Reading, facet: str, value: float, *keys: str) -> Unit:
    return reading.unit(facet, value=value, span=reading.span, evidence=[reading.metadata(key) for key in keys])


def _picture(reading: Reading, video: VideoInfo) -> Iterator[Unit]:
    shown = ("video.display_width", "video.display_height")
    width, height = video.display_width, video.display_height
    yield reading.unit(
        "diss.aspect", label=aspect_of(width, height), span=reading.span,
        evidence=[reading.metadata(key) for key in shown], attributes={"ratio": round(width / height, 4)},
    )  # fmt: skip
    yield reading.unit(
        "diss.aspect.storage", label=aspect_of(video.width, video.height), span=reading.span,
        evidence=[reading.metadata("video.width"), reading.metadata("video.height")],
        attributes={"ratio": round(video.width / video.height, 4)},
    )  # fmt: skip
    yield _number(reading, "diss.resolution", min(width, height), *shown)
    yield _number(reading, "diss.resolution.width", width, shown[0])
    yield _number(reading, "diss.resolution.height", height, shown[1])
    yield _number(reading, "diss.fps", float(video.frame_rate), "video.frame_rate")
    yield reading.unit("diss.codec", text=video.codec, span=reading.span, evidence=[reading.metadata("video.codec")])
    yield reading.unit(
        "diss.hdr", label="true" if video.hdr else "false", span=reading.span, evidence=[reading.metadata("video.hdr")]
    )
    yield from _bit_rate(reading, video)


def _bit_rate(reading: Reading, video: VideoInfo) -> Iterator[Unit]:
    """Yield the mean bit rate of the whole file, or the stream's own where the file's size is unknown."""
    if reading.media.size_bytes > 0 and reading.media.duration_s > 0:
        rate = reading.media.size_bytes * 8 / reading.media.duration_s
        yield _number(reading, "diss.bitrate", rate / MEGA, "size_bytes", "span.start_s", "span.end_s")
    elif video.bit_rate_bps:
        yield _number(reading, "diss.bitrate", video.bit_rate_bps / MEGA, "video.bit_rate_bps")

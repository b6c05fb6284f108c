"""True facts of the file and its frame: shape, size, rate, length, what fills the borders, and frames that repeat."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from sestina.core.evidence import Region
from sestina.core.profiles import aspect_of
from sestina.core.storyboard import Unit
from sestina.core.vocabulary import facet, threshold
from sestina.render.truth.made import Made, unit

NUMBERS = {
    "diss.resolution": "px", "diss.resolution.width": "px", "diss.resolution.height": "px", "diss.fps": "1/s",
    "diss.bitrate": "Mbit/s", "diss.file_size": "MB", "aes.tech.resolution": "px", "aes.tech.fps": "1/s",
    "aes.tech.vfr_ratio": "share", "aes.tech.rotation": "deg",
}  # fmt: skip
"""Numbers of the file, and their units."""
FACETS = (
    "diss.aspect", "diss.aspect.storage", "diss.aspect.active", "diss.padding", "diss.duration_class", "diss.codec",
    "diss.hdr", "aes.tech.transfer", *NUMBERS,
)  # fmt: skip

ODD_SHARE, ODD_S = 0.02, 0.0011
"""Difference from the usual distance of frames, relative and in seconds, from which a distance differs."""


def units(made: Made) -> Iterator[Unit]:
    """Yield one unit a fact."""
    whole, script, media = made.timeline.span, made.script, made.media
    width, height = script.width, script.height
    shape = aspect_of(width, height)
    box = made.padded.box
    labels = {
        "diss.aspect": shape,
        "diss.aspect.storage": shape,
        "diss.aspect.active": aspect_of(*made.padded.size),
        "diss.padding": "none" if script.padding is None else script.padding.kind,
        "diss.duration_class": length_class(made.timeline.duration_s),
        "diss.hdr": "false",
        "aes.tech.transfer": "sdr",
    }
    for name, label in labels.items():
        inside = name == "diss.aspect.active" or (name == "diss.padding" and script.padding is not None)
        yield unit(name, 0, "video", whole, label=label, region=Region(box=box) if inside else None)
    yield unit("diss.codec", 0, "video", whole, text="h264")
    rate = len(made.timeline.kept) / made.timeline.duration_s
    shorter = float(min(width, height))
    values = {
        "diss.resolution": shorter, "diss.resolution.width": float(width), "diss.resolution.height": float(height),
        "diss.fps": rate, "diss.bitrate": media.size_bytes * 8e-6 / made.timeline.duration_s,
        "diss.file_size": media.size_bytes * 1e-6, "aes.tech.resolution": shorter, "aes.tech.fps": rate,
        "aes.tech.vfr_ratio": uneven(made), "aes.tech.rotation": 0.0,
    }  # fmt: skip
    for name, value in values.items():
        yield unit(name, 0, "video", whole, value=round(value, 6), unit=NUMBERS[name])


def length_class(duration_s: float) -> str:
    """Return the label of `diss.duration_class`; a length on an edge belongs to the longer class."""
    labels = facet("diss.duration_class").labels
    return labels[sum(duration_s >= threshold("diss.duration_class", f"edge_{k}_s") for k in range(1, len(labels)))]


def uneven(made: Made) -> float:
    """Return the share of frames, the last one too, whose distance to the next differs from the usual one."""
    timeline = made.timeline
    times = [timeline.time_s(frame) for frame in timeline.kept]
    gaps = [b - a for a, b in pairwise(times)]
    if not gaps:
        return 0.0
    usual = sorted(gaps)[len(gaps) // 2]
    return sum(abs(gap - usual) > max(ODD_SHARE * usual, ODD_S) for gap in gaps) / len(times)

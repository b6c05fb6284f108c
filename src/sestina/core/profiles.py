"""Platform profiles: versioned data files of what a platform lays over the picture and which files it takes."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Annotated

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from sestina.core.errors import DocumentError, unknown
from sestina.core.evidence import Box
from sestina.core.media_info import MediaInfo

FOLDER = Path(__file__).with_name("profiles")
ASPECTS: Mapping[str, float] = {
    "9:16": 9 / 16, "3:4": 3 / 4, "4:5": 4 / 5, "1:1": 1.0, "4:3": 4 / 3, "16:9": 16 / 9, "1.85": 1.85, "2.39": 2.39,
}  # fmt: skip
ASPECT_SLACK = 0.025
"""Relative difference within which a picture has a named shape; 16:9 and 1.85 are 4 % apart."""
GRID = 64
"""Points a side on which covered area is counted."""


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Furniture(_Frozen):
    """A rectangle that the platform covers, fractions of the picture."""

    name: str
    x: float
    y: float
    w: float
    h: float

    @property
    def box(self) -> Box:
        """The rectangle."""
        return Box.of(self.x, self.y, self.w, self.h)


class Range(_Frozen):
    """Lowest and highest value allowed."""

    min: float
    max: float

    def holds(self, value: float) -> bool:
        """Return whether `value` is allowed."""
        return self.min <= value <= self.max


class Profile(_Frozen):
    """One placement of one platform, as of `date`; `note` says how far the numbers can be trusted.

    What a platform says nothing about is None, or an empty tuple: nothing is asked of the file then.

    Args:
        aliases: further names it is asked for by.
        codecs: names of the video codecs it takes, as the container's stream is called.
        rate_fps: frames a second it takes.
        side_px: shorter and longer side of the picture: the least of the one and the most of the other, pixels.
        true_peak_dbtp_max: true peak above which its lossy coding clips.
        limits: where the limits of length, size, codec, rate and side are published.
    """

    id: str
    version: str
    date: str
    platform: str
    source: str
    note: str
    aspects: tuple[str, ...]
    furniture: Annotated[tuple[Furniture, ...], Field(min_length=1)]
    length_s: Range
    size_mb_max: float
    loudness_lufs: Range
    aliases: tuple[str, ...] = ()
    codecs: tuple[str, ...] = ()
    rate_fps: Range | None = None
    side_px: Range | None = None
    true_peak_dbtp_max: float | None = None
    limits: str = ""

    def covered(self, box: Box) -> float:
        """Return the share of `box` that lies under furniture, 0..1, counted on a grid of points."""
        if box.area <= 0:
            return 0.0
        steps = (np.arange(GRID) + 0.5) / GRID
        x, y = box.x + steps[None, :] * box.w, box.y + steps[:, None] * box.h
        hit = np.zeros((GRID, GRID), bool)
        for item in self.furniture:
            hit |= (x >= item.x) & (x <= item.x + item.w) & (y >= item.y) & (y <= item.y + item.h)
        return float(hit.mean())


@cache
def profiles() -> tuple[Profile, ...]:
    """Return every profile, by id. Raises DocumentError that names a damaged file."""
    return tuple(_read(path) for path in sorted(FOLDER.glob("*.yaml")))


def profile(name: str) -> Profile:
    """Return the profile of that id or alias, capitals and dashes aside. Raises UnknownComponent with the nearest."""
    asked = name.strip().casefold().replace("-", "_")
    for item in profiles():
        if asked == item.id or asked in item.aliases:
            return item
    raise unknown("profile", name, [known for item in profiles() for known in (item.id, *item.aliases)])


def _read(path: Path) -> Profile:
    import yaml

    try:
        return Profile.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (ValidationError, yaml.YAMLError) as error:
        raise DocumentError(f"{path.name}: not a platform profile: {error}", hint="see the other profiles") from error


def aspect_of(width: float, height: float) -> str:
    """Return the label of `diss.aspect` for a picture of that size; `other` when no named shape is near."""
    ratio = width / height
    name = min(ASPECTS, key=lambda label: abs(ASPECTS[label] / ratio - 1))
    return name if abs(ASPECTS[name] / ratio - 1) <= ASPECT_SLACK else "other"


def fitting(media: MediaInfo) -> tuple[Profile, ...]:
    """Return the profiles whose placement shows pictures of this shape; none without video."""
    if media.video is None:
        return ()
    label = aspect_of(media.video.display_width, media.video.display_height)
    return tuple(profile for profile in profiles() if label in profile.aspects)

"""The splits: which videos, where they come from, and what is true of them.

Rendered clips are made on demand into a cache, once per seed and state of the renderer. Real clips come from a
folder of the user's and are taken only when their SHA-256 is the published one.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Protocol

from sestina.bench.machine import source_digest
from sestina.core.errors import SestinaError, unknown
from sestina.core.storyboard import Storyboard
from sestina.tasks.feedbench import real

SEEDS = Path(__file__).with_name("seeds.json")
REAL = "real"


@dataclass(frozen=True, kw_only=True)
class Clip:
    """One video at hand: its gold, its file (None when missing), and why it is missing."""

    gold: Storyboard
    video: Path | None
    missing: str = ""


class Case(Protocol):
    """One video of a split, before it is made or looked for."""

    @property
    def id(self) -> str:
        """The video's id in the benchmark."""

    def open(self, cache: Path) -> Clip:
        """Return the clip; what must be made first is kept in the folder `cache`. Raises SestinaError."""


@dataclass(frozen=True, kw_only=True)
class GivenCase:
    """A video whose gold storyboard is at hand as a file."""

    id: str
    gold: Path
    video: Path | None = None

    def open(self, cache: Path) -> Clip:
        """Return the clip; raises SchemaError for a gold file that is no storyboard."""
        return Clip(gold=Storyboard.from_json(self.gold), video=self.video, missing="" if self.video else "no file")


@dataclass(frozen=True, kw_only=True)
class RenderedCase:
    """A clip that a genre and a seed determine."""

    genre: str
    seed: int

    @property
    def id(self) -> str:
        """Genre and seed."""
        return f"{self.genre}-{self.seed}"

    def open(self, cache: Path) -> Clip:
        """Return the clip, rendered now unless the cache holds it whole. Raises SestinaError when that fails."""
        from sestina.render import many

        folder = cache / f"rendered-{renderer()}"
        make_folder(folder)
        try:
            made = many.make(many.Clip(genre=self.genre, seed=self.seed, folder=folder))
        except ValueError as error:  # a script that contradicts itself: a fault of the genre, and no end of the run
            hint = "report it with its genre and seed"
            raise SestinaError(f"{self.id} cannot be rendered: {error}", hint=hint) from error
        if made.error is not None:
            raise made.error
        return Clip(gold=Storyboard.from_json(made.clip.gold), video=made.clip.video)


@dataclass(frozen=True, kw_only=True)
class RealCase:
    """A published clip with gold that people wrote; `folder` is where the user keeps such clips."""

    id: str
    folder: Path | None

    def open(self, cache: Path) -> Clip:
        """Return the clip, without a file when it is not in the folder or not the published one."""
        gold = real.gold(self.id)
        if self.folder is None:
            return Clip(gold=gold, video=None, missing="no folder of clips was named")
        path = self.folder / gold.media.name
        if not path.is_file():
            return Clip(gold=gold, video=None, missing=f"{path.name} is not in {self.folder}")
        if digest_of(path) != real.origin(self.id).sha256:
            return Clip(gold=gold, video=None, missing=f"{path.name} is not the published file")
        return Clip(gold=gold, video=path)


def splits() -> tuple[str, ...]:
    """Return the names of all splits."""
    return (*_seeds(), REAL)


def split(name: str, clips: Path | None = None) -> tuple[Case, ...]:
    """Return the cases of a split in their fixed order.

    Args:
        name: one of `splits()`.
        clips: folder of real clips; other splits ignore it.

    Rendered splits go through all genres before a genre's next seed, so that any first N are varied.

    Raises UnknownComponent for another name.
    """
    if name == REAL:
        return tuple(RealCase(id=one, folder=clips) for one in real.names())
    seeds = _seeds()
    if name not in seeds:
        raise unknown("split", name, splits())
    from sestina.render.genre import GENRES

    return tuple(RenderedCase(genre=genre, seed=seed) for seed in seeds[name] for genre in GENRES)


@cache
def _seeds() -> dict[str, Sequence[int]]:
    found: dict[str, Sequence[int]] = json.loads(SEEDS.read_text("utf-8"))["splits"]
    return found


def make_folder(folder: Path) -> None:
    """Make a folder and those above it. Raises SestinaError."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        hint = "choose another --cache"
        raise SestinaError(f"cannot make the folder {str(folder)!r}: {error.strerror}", hint=hint) from error


@cache
def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file, hexadecimal; computed once per process."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def renderer() -> str:
    """Return what identifies the state of the renderer."""
    return source_digest("render")

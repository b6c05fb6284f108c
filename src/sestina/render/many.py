"""Many clips: rendered in processes of their own, and only those that are not there yet."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from sestina.core.errors import DocumentError, SestinaError
from sestina.core.storyboard import Storyboard
from sestina.render.genre import compose
from sestina.render.render import render

GOLD = ".gold.json"
"""Ending of the gold beside a clip."""


@dataclass(frozen=True, kw_only=True)
class Clip:
    """One clip that a genre and a seed stand for, and where it lies: `GENRE-SEED.mp4` with its gold beside it."""

    genre: str
    seed: int
    folder: Path

    @property
    def name(self) -> str:
        """Genre and seed."""
        return f"{self.genre}-{self.seed:05d}"

    @property
    def video(self) -> Path:
        """The video file."""
        return self.folder / f"{self.name}.mp4"

    @property
    def gold(self) -> Path:
        """Its storyboard, written last: where it stands, the clip is complete."""
        return self.folder / f"{self.name}{GOLD}"

    def is_there(self) -> bool:
        """Return whether the clip is complete: a readable gold, and a video of the size it speaks of."""
        if not (self.gold.is_file() and self.video.is_file()):
            return False
        try:
            return Storyboard.from_json(self.gold).media.size_bytes == self.video.stat().st_size
        except DocumentError:
            return False


@dataclass(frozen=True, kw_only=True)
class Rendered:
    """What became of a clip: whether it was made now, and what went wrong, if anything."""

    clip: Clip
    fresh: bool = False
    error: SestinaError | None = None


def clips(genres: Sequence[str], first_seed: int, count: int, folder: Path) -> list[Clip]:
    """Return `count` clips, the genres by turns, every one with a seed of its own from `first_seed` on."""
    return [Clip(genre=genres[k % len(genres)], seed=first_seed + k, folder=folder) for k in range(count)]


def make(clip: Clip, progress: Callable[[str, float, float], None] | None = None) -> Rendered:
    """Render one clip unless it is there; errors of ours become part of what is returned."""
    try:
        if clip.is_there():
            return Rendered(clip=clip)
        options = {} if progress is None else {"progress": progress}
        render(compose(clip.genre, clip.seed), clip.video, clip.gold, **options)
        return Rendered(clip=clip, fresh=True)
    except SestinaError as error:
        return Rendered(clip=clip, error=error)


def make_all(wanted: Sequence[Clip], jobs: int = 1) -> Iterator[Rendered]:
    """Yield clips as they are finished, `jobs` at a time; killed at any moment, the next call goes on.

    A clip that is complete is not rendered again. A process that dies costs its own clip only.
    """
    if jobs == 1:
        yield from (make(clip) for clip in wanted)
        return
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        futures = {pool.submit(make, clip): clip for clip in wanted}
        try:
            for future in as_completed(futures):
                died = future.exception()
                if died is None:
                    yield future.result()
                else:
                    error = SestinaError(f"the process died: {died}", hint="render this clip alone")
                    yield Rendered(clip=futures[future], error=error)
        except KeyboardInterrupt:
            pool.shutdown(wait=False, cancel_futures=True)
            raise

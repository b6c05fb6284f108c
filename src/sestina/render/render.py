"""From a script to a video file and its exact storyboard."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import numpy as np
import numpy.typing as npt

from sestina.core.storyboard import Storyboard
from sestina.media.encode import VideoWriter
from sestina.render.glimpses import Glimpses
from sestina.render.gold import gold
from sestina.render.overlays import Overlays
from sestina.render.padded import Padded
from sestina.render.panes import Panes
from sestina.render.script import Script
from sestina.render.sidecar import save
from sestina.render.sound import Soundtrack, soundtrack
from sestina.render.speech import SAMPLE_RATE_HZ
from sestina.render.timeline import Timeline
from sestina.render.transitions import mixed
from sestina.render.truth.camera import tracks
from sestina.render.visible import refuse_unseen

U8 = npt.NDArray[np.uint8]


class Film:
    """Pictures of a script, frame by frame; the same script gives the same pictures."""

    def __init__(self, script: Script) -> None:
        self.script = script
        self.timeline = Timeline(script)
        self.overlays = Overlays(script.overlays, script.width, script.height, script.rate)
        self.padded = Padded(script.padding, script.width, script.height)
        self.glimpses = Glimpses(self.timeline, self.padded)
        self._shots: dict[int, Panes] = {}

    def picture(self, frame: int) -> U8:
        """Return frame `frame`, uint8 RGB [H,W,3], with overlays. Raises ValueError outside the clip."""
        if not 0 <= frame < self.timeline.frame_count:
            raise ValueError(f"frame {frame} of {self.timeline.frame_count}")
        return self.overlays.drawn(self.clean(frame), frame)

    def clean(self, frame: int) -> U8:
        """Return the same frame without its overlays."""
        return self.padded.drawn(self._inside(frame))

    def _inside(self, frame: int) -> U8:
        """Return what the frame shows within its padding."""
        mix = self.timeline.mix_at(frame)
        if mix is None:
            return self._seen(self.timeline.shot_at(frame), frame)
        last = len(self.script.shots) - 1
        old, new = max(0, mix.new - 1), min(last, mix.new)
        if mix.how.kind in ("fade_in", "fade_out"):
            old = new = new if mix.how.kind == "fade_in" else old
        first = self._seen(old, frame)
        second = first if new == old else self._seen(new, frame)
        return mixed(first, second, frame - mix.first, mix.how)

    def _seen(self, shot: int, frame: int) -> U8:
        return self._shot(shot).picture(self.timeline.since_join_s(shot, frame), self.timeline.joins[shot])

    def _shot(self, number: int) -> Panes:
        if number not in self._shots:
            # Two shots are seen at once at most, so older scenes can go.
            for old in [k for k in self._shots if k < number - 1]:
                del self._shots[old]
            script = self.script
            seed = script.seed * 1009 + number
            self._shots[number] = Panes(script.shots[number], *self.padded.size, script.rate, seed)
        return self._shots[number]


def _quiet(stage: str, done: float, total: float) -> None:
    """Report nothing."""


def render(
    script: Script,
    path: str | Path,
    gold_path: str | Path | None = None,
    *,
    progress: Callable[[str, float, float], None] = _quiet,
) -> Storyboard:
    """Write the video of `script` to `path` and return its gold storyboard, also written to `gold_path` when given,
    with the camera's poses beside it.

    `progress` is called with ("rendering", frames done, frames in all).

    Raises ValueError for a script that contradicts itself, SestinaError when a file cannot be written.
    """
    path = Path(path)
    refuse_unseen(script)
    film = Film(script)
    heard = None if script.sound is None else soundtrack(script.sound, film.timeline.duration_s)
    _write(film, heard, path, progress)
    board = gold(script, film.timeline, film.overlays, heard, film.glimpses, path)
    return board if gold_path is None else save(board, tracks(film.timeline), Path(gold_path))


def _write(film: Film, heard: Soundtrack | None, path: Path, progress: Callable[[str, float, float], None]) -> None:
    script = film.script
    vfr = bool(script.drops or script.jitter)
    with VideoWriter(
        path,
        width=script.width,
        height=script.height,
        rate=script.rate,
        sample_rate_hz=None if heard is None else SAMPLE_RATE_HZ,
        crf=script.crf,
        time_base=film.timeline.time_base,
        b_frames=0 if vfr else 3,
    ) as writer, ThreadPoolExecutor(1) as coder:
        done = 0
        coded: Future[None] | None = None
        for count, frame in enumerate(film.timeline.kept, start=1):
            picture = film.picture(frame)
            film.glimpses.add(frame, picture)
            if coded is not None:
                coded.result()
            if heard is not None:
                until = round((frame + 1) * SAMPLE_RATE_HZ / script.rate)
                writer.add_audio(heard.samples[:, done:until])
                done = until
            # One picture is coded while the next is drawn.
            coded = coder.submit(writer.add_frame, picture, film.timeline.ticks[frame])
            progress("rendering", count, len(film.timeline.kept))
        if coded is not None:
            coded.result()


def pictures(script: Script) -> Iterator[U8]:
    """Yield the script's written frames, uint8 RGB [H,W,3], in order, without a file."""
    film = Film(script)
    return (film.picture(frame) for frame in film.timeline.kept)

"""Storyboards written without any video, by a grammar for each of ten genres: material to try the objective on.

Each genre has its own taste: which labels it likes, how long its shots are, how it begins and ends. Two storyboards of
one genre are therefore neighbours, alike as two videos of one kind are.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Any

import numpy as np

from sestina.core import vocabulary
from sestina.core.evidence import Box, ContextEvidence, Region
from sestina.core.media_info import MediaInfo, VideoInfo
from sestina.core.storyboard import Level, Producer, Provenance, Storyboard, Unit
from sestina.core.time import Span

GENRES = (
    "listicle", "tutorial", "before_after", "product_demo", "story", "reaction", "talking_head", "slideshow",
    "gameplay", "news",
)  # fmt: skip
WORDS = (
    "stop", "save", "this", "habit", "morning", "coffee", "light", "walk", "knot", "rope", "never", "always", "simple",
    "best", "three", "five", "why", "how", "now",
)  # fmt: skip
FAVOURITES = 4
"""Labels of a facet that a genre prefers, and how often it takes one of them."""
TASTE = 0.75


def storyboard(genre: str, seed: int, shots: int | None = None) -> Storyboard:
    """Return the storyboard of an imagined video of a genre, always the same for a seed; `shots` where given."""
    writer = _Writer(genre, seed)
    return writer.board(shots or int(writer.rng.integers(4, 10)))


def corpus(count: int, first_seed: int = 0) -> list[Storyboard]:
    """Return `count` storyboards, the genres by turns."""
    return [storyboard(GENRES[k % len(GENRES)], first_seed + k) for k in range(count)]


class _Writer:
    """Writes one document; `rng` is the video's, `taste` the genre's."""

    def __init__(self, genre: str, seed: int) -> None:
        self.genre, self.seed = genre, seed
        self.rng = np.random.default_rng([seed, GENRES.index(genre)])
        self.units: list[Unit] = []

    def board(self, shots: int) -> Storyboard:
        """Return the whole document."""
        taste = np.random.default_rng([7, GENRES.index(self.genre)])
        lengths = self.rng.gamma(4.0, float(taste.uniform(0.4, 0.9)), shots) + 0.4
        ends = np.round(np.cumsum(lengths) * 30) / 30
        bounds = [0.0, *ends.tolist()]
        whole = Span.of(0, bounds[-1])
        self._editing(bounds)
        self._camera(bounds)
        self._story(bounds)
        self._packaging(whole)
        self._sound(whole, float(taste.uniform(80, 150)))
        video = VideoInfo(
            codec="h264", pixel_format="yuv420p", width=180, height=320, display_width=180, display_height=320,
            frame_rate=Fraction(30), frame_count_from_content=round(whole.end_s * 30), time_base=Fraction(1, 15360),
        )  # fmt: skip
        media = MediaInfo(
            path=f"{self.genre}-{self.seed}.mp4", sha256=f"{self.seed:064x}", size_bytes=1, container="mp4", span=whole,
            video=video,
        )  # fmt: skip
        settings = {"genre": self.genre, "seed": self.seed}
        made = Provenance(name="benchmarks.written", settings=settings)
        return Storyboard(media=media, items=tuple(self.units), provenance=made).canonical()

    def _editing(self, bounds: Sequence[float]) -> None:
        for start, end in pairwise(bounds):
            self._add("edit.shot", "shot", start, end, label="shot")
        for at in bounds[1:-1]:
            gradual = self.rng.random() < 0.2
            half = round(float(self.rng.uniform(0.1, 0.3)) * 30) / 30 if gradual else 0.0
            kind = self._label("edit.transition") if gradual else "hard_cut"
            kind = "cross_dissolve" if kind in ("start", "end") else kind  # those two join no shots
            self._add("edit.transition", "boundary", at - half, at + half, label=kind)
            self._add("edit.transition.duration", "boundary", at - half, at + half, value=2 * half, unit="s")
            self._add("edit.cut_function", "boundary", at, at, label=self._label("edit.cut_function"))
            self._add("edit.cut_rationale", "boundary", at, at, label=self._label("edit.cut_rationale"))
        self._add("edit.pacing.shots", "video", 0, bounds[-1], value=float(len(bounds) - 1), unit="count")

    def _camera(self, bounds: Sequence[float]) -> None:
        for start, end in pairwise(bounds):
            still = self.rng.random() < 0.4
            move = "static" if still else self._label("camera.movement")
            self._add("camera.movement", "event", start, end, label=move)
            self._add("camera.scale", "shot", start, end, label=self._label("camera.scale"))
            self._add("subject.count", "shot", start, end, label=self._label("subject.count"))
            self._add("subject.location", "shot", start, end, label=self._label("subject.location"))
            if self.rng.random() < 0.5:
                self._add("subject.action", "event", start, end, label=self._label("subject.action"))

    def _story(self, bounds: Sequence[float]) -> None:
        beats = ("hook", *(self._label("narr.beat") for _ in bounds[2:-2:2]), "cta")
        joins = [bounds[0], bounds[1], *bounds[3:-2:2], bounds[-1]]
        for (start, end), beat in zip(pairwise(joins), beats, strict=False):
            self._add("narr.beat", "segment", start, end, label=beat)
        self._add("narr.hook", "event", 0, bounds[1], label="hook")
        self._add("narr.hook.tactic", "event", 0, bounds[1], label=self._label("narr.hook.tactic"))
        self._add("narr.structure", "video", 0, bounds[-1], label=self._label("narr.structure"))
        for at in sorted(self.rng.uniform(0.5, bounds[-1] - 0.5, 2).tolist()):
            height = round(float(self.rng.uniform(0.3, 1)), 2)
            self._add("narr.tension.peak", "event", at, at, value=height, unit="share")

    def _packaging(self, whole: Span) -> None:
        for _ in range(int(self.rng.integers(3, 8))):
            start = float(self.rng.uniform(0, whole.end_s - 1.2))
            end = min(whole.end_s, start + float(self.rng.uniform(0.8, 3)))
            box = Box.of(float(self.rng.uniform(0.05, 0.3)), float(self.rng.uniform(0.05, 0.85)), 0.55, 0.08)
            said = " ".join(self.rng.choice(WORDS, int(self.rng.integers(2, 6))).tolist())
            kind = self._label("diss.overlay.kind")
            self._add("diss.overlay.kind", "overlay", start, end, label=kind, text=said, region=Region(box=box))
        self._add("diss.cta", "event", whole.end_s - 1.5, whole.end_s, label="cta")
        self._add("diss.aspect", "video", 0, whole.end_s, label="9:16")

    def _sound(self, whole: Span, bpm: float) -> None:
        bpm = round(bpm * float(self.rng.uniform(0.8, 1.25)))
        self._add("aes.audio.tempo", "video", 0, whole.end_s, value=bpm, unit="BPM")
        for number, at in enumerate(np.arange(float(self.rng.uniform(0, 0.4)), whole.end_s, 60 / bpm).tolist()):
            self._add("aes.audio.tempo.beat", "event", at, at, label="beat" if number % 4 else "downbeat")

    def _label(self, facet_id: str) -> str:
        labels = vocabulary.facet(facet_id).labels
        taste = np.random.default_rng([11, GENRES.index(self.genre), *facet_id.encode()])
        favourites = taste.choice(len(labels), min(FAVOURITES, len(labels)), replace=False)
        picked = self.rng.choice(favourites) if self.rng.random() < TASTE else self.rng.integers(len(labels))
        return labels[int(picked)]

    def _add(self, facet_id: str, level: Level, start_s: float, end_s: float, **said: Any) -> None:
        facet = vocabulary.facet(facet_id)
        quote = str(said.get("label", said.get("value")))
        unit = Unit(
            id=f"{facet_id}/{len(self.units)}", dimension=facet.dimension, facet=facet_id, level=level,
            span=Span.of(start_s, end_s), confidence=1.0, status="provided",
            producer=Producer(kind="context", name="written"), evidence=(ContextEvidence(key="script", quote=quote),),
            **said,
        )  # fmt: skip
        self.units.append(unit)

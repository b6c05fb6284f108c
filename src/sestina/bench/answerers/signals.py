"""The analyzer: one storyboard a video, read off for every question."""

from __future__ import annotations

from pathlib import Path

from sestina.bench.cases import digest_of, make_folder
from sestina.bench.machine import source_digest, versions
from sestina.bench.setting import Setting
from sestina.core.card import Card
from sestina.core.errors import SchemaError
from sestina.core.exchange import Answer, Question
from sestina.core.registry import answerers
from sestina.core.storyboard import Storyboard, digest
from sestina.pipeline.analyze import Analysis, measure
from sestina.tasks.feedbench.lookup import look_up

ROOMS = ("core", "media", "signals", "dimensions", "pipeline")
"""What an analysis depends on: when their source changes, it is made again."""


@answerers.register(
    "signals",
    card=Card(summary="Analyzes the video by signals, text rules and small detectors; reads answers off that."),
)
class Signals:
    """Sees the video. Analyses are kept in the cache by the file's SHA-256 and the state of the analyzer."""

    sees = True
    only_choices = False

    def __init__(self, setting: Setting) -> None:
        self.skip = setting.skip
        self.cache = setting.cache
        self._last: tuple[Path, Storyboard] | None = None

    def answer(self, question: Question, video: Path | None) -> Answer:
        """Return the storyboard, or the option it supports. Raises MediaError for a file that cannot be read."""
        if video is None:
            return Answer(error="no video")
        board = self._board(video)
        usage = {"analysis_s": sum(stage.wall_s for stage in board.provenance.stages)}
        if question.options:
            return Answer(choice=look_up(board, question), usage=usage)
        return Answer(storyboard=board, usage=usage)

    def _board(self, video: Path) -> Storyboard:
        if self._last is None or self._last[0] != video:
            self._last = (video, self._kept(video))
        return self._last[1]

    def _kept(self, video: Path) -> Storyboard:
        if self.cache is None:
            return with_curve(measure(video, skip=self.skip))
        state = digest({"skip": sorted(self.skip), "source": source_digest(*ROOMS), "packages": versions()})[7:15]
        path = self.cache / f"signals-{state}" / f"{digest_of(video)[:24]}.sv6d.json"
        if path.exists():
            try:
                return Storyboard.from_json(path)
            except SchemaError:  # written by another version: made again
                path.unlink()
        make_folder(path.parent)
        board = with_curve(measure(video, skip=self.skip))
        board.to_json(path)
        return board


def with_curve(analysis: Analysis) -> Storyboard:
    """Return the document whose unit of `narr.tension` carries the measured curve, as the tension task asks."""
    track = analysis.tracks.get("tension.curve")
    board = analysis.storyboard
    if track is None or len(track) < 2:
        return board
    step_s = float(track.times_s[1] - track.times_s[0])
    facts = {"curve": [round(float(value), 4) for value in track.values], "rate_hz": round(1 / step_s, 6)}
    items = tuple(
        unit.model_copy(update={"attributes": {**unit.attributes, **facts}}) if unit.facet == "narr.tension" else unit
        for unit in board.items
    )
    return board.model_copy(update={"items": items})

"""analyze: a video becomes a storyboard."""

from __future__ import annotations

import hashlib
import io
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np

from sestina.core.evidence import Evidence, FrameEvidence, FramePairEvidence
from sestina.core.files import write_atomically
from sestina.core.invariants import Problem, problems
from sestina.core.storyboard import Provenance, SignalInfo, Signals, Storyboard, Unit, digest
from sestina.core.track import BoxTrack, Track
from sestina.media.probe import probe
from sestina.media.source import resolve
from sestina.pipeline.look import look
from sestina.pipeline.parse import parse, reading_of
from sestina.pipeline.plan import Plan, make_plan
from sestina.pipeline.sweep import Gathered, Progress, silent, sweep


@dataclass(frozen=True, kw_only=True)
class Analysis:
    """A storyboard together with the numbers its evidence was computed from.

    Args:
        storyboard: the document.
        tracks: every measured and derived track, by name.
        boxes: rectangles followed over time.
        hashes: difference hash of every frame, by PTS.
    """

    storyboard: Storyboard
    tracks: dict[str, Track]
    boxes: tuple[BoxTrack, ...]
    hashes: dict[int, str]

    def save(self, path: Path) -> Storyboard:
        """Write the document to `path` and its tracks beside it (`.npz`); return the document that names them."""
        side = path.with_name(side_name(path))
        data = packed(self.tracks)
        write_atomically(side, data)
        signals = self.storyboard.signals.model_copy(
            update={"file": side.name, "sha256": "sha256:" + hashlib.sha256(data).hexdigest()}
        )
        named = self.storyboard.model_copy(update={"signals": signals})
        named.to_json(path)
        return named


def side_name(path: Path) -> str:
    """Return the name of the file that holds a document's tracks: `clip.sv6d.json` has `clip.sv6d.npz`."""
    return path.name.removesuffix(".json") + ".npz"


def packed(tracks: dict[str, Track]) -> bytes:
    """Return tracks as the bytes of an `.npz`: `NAME.times_s` and `NAME.values` for each, same tracks same bytes."""
    arrays: dict[str, np.ndarray[Any, Any]] = {}
    for name in sorted(tracks):
        arrays[f"{name}.times_s"] = tracks[name].times_s
        arrays[f"{name}.values"] = tracks[name].values
    stream = io.BytesIO()
    np.savez_compressed(stream, **arrays)  # type: ignore[arg-type]  # numpy types its keywords as one parameter
    return stream.getvalue()


def analyze(
    path: str | Path,
    *,
    only: Collection[str] = (),
    skip: Collection[str] = (),
    allow_url: bool = False,
    progress: Progress = silent,
) -> Storyboard:
    """Return the storyboard of the video at `path`.

    Args:
        path: a file, or an http(s) URL with `allow_url`.
        only: dimensions, facets or parser names to produce; empty means everything.
        skip: groups (`ocr`, `asr`, `faces`), signals or parsers to leave out.
        allow_url: whether `path` may be fetched from the network.
        progress: called with (stage, done, total).

    Raises MediaError when the file cannot be opened or holds nothing, UnknownComponent for unknown names.
    """
    return measure(path, only=only, skip=skip, allow_url=allow_url, progress=progress).storyboard


def measure(
    path: str | Path,
    *,
    only: Collection[str] = (),
    skip: Collection[str] = (),
    allow_url: bool = False,
    progress: Progress = silent,
) -> Analysis:
    """Do the work of `analyze` and return its numbers as well."""
    plan = make_plan(only=only, skip=skip)
    source = resolve(path, allow_url=allow_url)
    gathered = Gathered(media=probe(source))
    sweep(source, gathered, plan.frames, plan.audio, progress)
    units = parse(gathered, plan.early, progress=silent)
    if plan.stills and gathered.media.video is not None:
        look(source, gathered, reading_of(gathered, units), plan.stills, progress)
    units = parse(gathered, plan.late, units, progress)
    settings = {"only": sorted(only), "skip": sorted(skip)}
    storyboard = _document(gathered, [_recognisable(unit, gathered.hashes) for unit in units], plan, settings)
    return Analysis(storyboard=storyboard, tracks=gathered.tracks, boxes=tuple(gathered.boxes), hashes=gathered.hashes)


def _document(gathered: Gathered, units: Sequence[Unit], plan: Plan, settings: dict[str, list[str]]) -> Storyboard:
    notes = [
        *gathered.notes,
        *(f"{stem} did not run: {why}" for stem, why in sorted(gathered.missing.items())),
    ]
    infos = tuple(
        SignalInfo(name=track.name, unit=track.unit, kind=track.kind, count=len(track))
        for _, track in sorted(gathered.tracks.items())
    )
    versions = {entry.name: entry.version for entry in (*plan.signals, *plan.parsers)}
    made = Storyboard(
        media=gathered.media,
        items=tuple(units),
        signals=Signals(tracks=infos),
        transcript=reading_of(gathered).transcript,
        provenance=Provenance(
            version=program_version(),
            params=digest({**settings, "versions": versions}),
            settings=dict(settings),
            stages=tuple(gathered.stages),
            notes=tuple(notes),
        ),
    ).canonical()
    return _valid(made)


def _valid(made: Storyboard) -> Storyboard:
    """Return the document without units that break an invariant; each one left out is named in the notes."""
    found = [problem for problem in problems(made) if problem.unit_id]
    while found:
        made = _without(made, found)
        found = [problem for problem in problems(made) if problem.unit_id]
    return made


def _without(made: Storyboard, found: Iterable[Problem]) -> Storyboard:
    bad = {problem.unit_id: problem for problem in found}
    notes = (*made.provenance.notes, *(f"left out a unit: {problem}" for problem in bad.values()))
    kept = tuple(unit for unit in made.items if unit.id not in bad)
    return made.model_copy(update={"items": kept, "provenance": made.provenance.model_copy(update={"notes": notes})})


def _recognisable(unit: Unit, hashes: dict[int, str]) -> Unit:
    """Return the unit with the difference hash of every frame it cites."""
    changed = tuple(_hashed(item, hashes) for item in unit.evidence)
    return unit if changed == unit.evidence else unit.model_copy(update={"evidence": changed})


def _hashed(item: Evidence, hashes: dict[int, str]) -> Evidence:
    if isinstance(item, FrameEvidence) and item.pts in hashes:
        return item.model_copy(update={"dhash": hashes[item.pts]})
    if isinstance(item, FramePairEvidence) and item.pts and all(tick in hashes for tick in item.pts):
        return item.model_copy(update={"dhash": (hashes[item.pts[0]], hashes[item.pts[1]])})
    return item


def program_version() -> str:
    """Return the installed version of Sestina, or `0` when it runs from a bare checkout."""
    try:
        return version("sestina")
    except PackageNotFoundError:
        return "0"


def summary(storyboard: Storyboard) -> dict[str, int]:
    """Return how many units each dimension holds, abstentions left out."""
    return dict(Counter(unit.dimension for unit in storyboard.items if unit.status != "abstain"))

"""analyze: a real file becomes a storyboard with its side file, the same one each time."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest

from sestina.core.errors import MediaError
from sestina.core.invariants import check
from sestina.core.storyboard import Storyboard
from sestina.pipeline.analyze import Analysis, analyze, measure, packed
from tests.pipeline.conftest import ONLY
from tests.pipeline.scenes import CUT_S, FRAMES


def test_the_cut_is_found_at_its_own_frames_time(analysis: Analysis) -> None:
    board = analysis.storyboard
    assert [shot.span.start_s for shot in board.shots] == [0.0, CUT_S]
    cut = board.units(facet="edit.transition", at_s=CUT_S)[0]
    assert cut.span.start_s == cut.span.end_s == CUT_S
    check(board)


def test_nothing_is_left_out_or_noted(analysis: Analysis) -> None:
    assert analysis.storyboard.provenance.notes == ()


def test_cited_frames_carry_their_fingerprint(analysis: Analysis) -> None:
    pairs = [e for unit in analysis.storyboard for e in unit.evidence if e.type == "frame_pair"]
    assert pairs
    assert all(pair.dhash is not None for pair in pairs)


def test_the_same_file_gives_the_same_document(scene: Path, analysis: Analysis) -> None:
    again = measure(scene, only=ONLY)
    assert again.storyboard.items == analysis.storyboard.items
    assert packed(again.tracks) == packed(analysis.tracks)


def test_saving_writes_the_document_and_its_numbers(tmp_path: Path, analysis: Analysis) -> None:
    named = analysis.save(tmp_path / "scene.sv6d.json")
    side = tmp_path / "scene.sv6d.npz"
    assert named.signals.file == side.name
    assert named.signals.sha256 == "sha256:" + hashlib.sha256(side.read_bytes()).hexdigest()
    with np.load(side) as numbers:
        assert len(numbers["motion.dx.values"]) == FRAMES
    assert Storyboard.from_json(tmp_path / "scene.sv6d.json") == named.canonical()


def test_tracks_listed_are_tracks_stored(analysis: Analysis) -> None:
    listed = {info.name: info.count for info in analysis.storyboard.signals.tracks}
    assert listed == {name: len(track) for name, track in analysis.tracks.items()}


def test_provenance_says_what_ran_and_how_long(analysis: Analysis) -> None:
    stages = {stage.name for stage in analysis.storyboard.provenance.stages}
    assert {"sweep", "motion", "editing.shots"} <= stages
    assert analysis.storyboard.provenance.settings == {"only": sorted(ONLY), "skip": []}


def test_progress_moves_forward_to_its_end(scene: Path) -> None:
    seen: list[tuple[str, float, float]] = []
    analyze(scene, only=["editing.shots"], progress=lambda *step: seen.append(step))
    watched = [done for stage, done, _ in seen if stage == "pictures"]
    assert watched == sorted(watched)
    assert watched[-1] == pytest.approx(3.0)


def test_sound_alone_is_analyzed_too(tmp_path: Path) -> None:
    from tests.media.make import tone, wave

    path = wave(tmp_path / "tone.wav", tone(2.0))
    board = analyze(path)
    check(board)
    assert board.media.video is None
    assert board.units(facet="aes.audio.")


def test_what_is_no_media_is_one_media_error(tmp_path: Path) -> None:
    path = tmp_path / "notes.mp4"
    path.write_text("this is no film")
    with pytest.raises(MediaError) as caught:
        analyze(path)
    assert caught.value.hint

"""verify: what was observed holds on the same video, and every planted falsehood is caught and named."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sestina.core.evidence import FrameEvidence, FramePairEvidence, MetadataEvidence, MetricEvidence, OcrEvidence
from sestina.core.storyboard import Storyboard, Unit
from sestina.core.time import Span
from sestina.pipeline.analyze import Analysis
from sestina.pipeline.verify import VerifyReport, verify
from tests.pipeline.scenes import write_scene


@pytest.fixture(scope="module")
def report(scene: Path, analysis: Analysis) -> VerifyReport:
    return verify(analysis.storyboard, scene)


def test_everything_observed_holds_on_its_own_video(report: VerifyReport, analysis: Analysis) -> None:
    observed = analysis.storyboard.units(status="observed")
    assert report.ok, report.to_dict()
    assert len(report.verdicts) == len(observed) > 5
    assert report.same_media


def changed(board: Storyboard, unit: Unit, **changes: Any) -> Storyboard:
    items = tuple(u.model_copy(update=changes) if u.id == unit.id else u for u in board.items)
    return board.model_copy(update={"items": items})


def with_evidence(board: Storyboard, kind: type, **changes: Any) -> tuple[Storyboard, Unit]:
    """Return the document with one piece of evidence of `kind` falsified, and the unit it belongs to."""
    unit = next(u for u in board.items if any(isinstance(e, kind) for e in u.evidence) and u.status == "observed")
    index = next(i for i, e in enumerate(unit.evidence) if isinstance(e, kind))
    evidence = list(unit.evidence)
    evidence[index] = evidence[index].model_copy(update=changes)
    return changed(board, unit, evidence=tuple(evidence)), unit


@pytest.mark.parametrize(
    ("kind", "changes", "why"),
    [
        (MetricEvidence, {"value": 123.0}, "not 123"),
        (MetricEvidence, {"signal": "motion.dream"}, "no longer be measured"),
        (FramePairEvidence, {"dhash": ("0" * 16, "f" * 16)}, "another picture"),
        (FramePairEvidence, {"at_s": (0.0, 1.013)}, "no frame has the time"),
    ],
)
def test_false_evidence_is_caught(
    scene: Path, analysis: Analysis, kind: type, changes: dict[str, Any], why: str
) -> None:
    board, unit = with_evidence(analysis.storyboard, kind, **changes)
    verdicts = {verdict.unit.id: verdict for verdict in verify(board, scene).verdicts}
    assert not verdicts[unit.id].holds
    assert why in verdicts[unit.id].why


def test_a_false_label_on_true_evidence_is_caught(scene: Path, analysis: Analysis) -> None:
    unit = analysis.storyboard.units(facet="camera.movement", status="observed")[0]
    other = "roll_cw" if unit.label != "roll_cw" else "roll_ccw"
    found = verify(changed(analysis.storyboard, unit, label=other), scene)
    assert [verdict.unit.id for verdict in found.failed] == [unit.id]
    assert "no longer draws this conclusion" in found.failed[0].why


@pytest.mark.parametrize(
    "evidence",
    [OcrEvidence(quote="BUY NOW", at_s=1.0), MetadataEvidence(key="video.width", value=999), FrameEvidence(at_s=1.013)],
)
def test_invented_quotes_and_facts_are_caught(scene: Path, analysis: Analysis, evidence: Any) -> None:
    unit = analysis.storyboard.units(facet="camera.movement", status="observed")[0]
    found = verify(changed(analysis.storyboard, unit, evidence=(*unit.evidence, evidence)), scene)
    assert unit.id in {verdict.unit.id for verdict in found.failed}


def test_another_video_is_told_and_fails(tmp_path: Path, analysis: Analysis) -> None:
    found = verify(analysis.storyboard, write_scene(tmp_path / "other.mp4", seed=9))
    assert not found.same_media
    assert found.failed


def test_a_broken_document_is_reported_beside_its_evidence(scene: Path, analysis: Analysis) -> None:
    shot = analysis.storyboard.shots[0]
    found = verify(changed(analysis.storyboard, shot, span=Span.of(0, 1)), scene)
    assert any("tiling" in problem for problem in found.problems)


def test_the_document_verifies_itself(scene: Path, analysis: Analysis) -> None:
    assert analysis.storyboard.verify(scene).ok

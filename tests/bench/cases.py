"""Tiny benchmarks for tests: golds as files, no videos."""

from __future__ import annotations

from pathlib import Path

from sestina.bench.cases import GivenCase
from sestina.bench.prior import measure
from sestina.bench.run import Plan
from sestina.core.storyboard import Storyboard
from tests.tasks.golds import board, full, unit


def golds(count: int) -> dict[str, Storyboard]:
    """Return varied golds: the full one with its moves, scales and format turned round."""
    moves, scales = ("pan_left", "zoom_in", "tilt_up", "roll_cw"), ("MS", "CU", "LS")
    found = {}
    for number in range(count):
        kept = [one for one in full() if one.facet not in ("camera.movement", "camera.scale", "narr.format")]
        shots = [one.span for one in full().shots]
        turned = [
            one
            for k, span in enumerate(shots)
            for one in (
                unit("camera.movement", span.start_s, span.end_s, moves[(k + number) % 4]),
                unit("camera.scale", span.start_s, span.end_s, scales[(k + number) % 3]),
            )
        ]
        form = unit("narr.format", 0, 10, ("listicle", "review", "interview", "skit")[number % 4])
        found[f"v{number}"] = board(*kept, *turned, form)
    return found


def cases(folder: Path, count: int) -> tuple[GivenCase, ...]:
    """Return cases whose golds were written into `folder`."""
    found = []
    for video, gold in golds(count).items():
        path = folder / f"{video}.gold.json"
        gold.to_json(path)
        found.append(GivenCase(id=video, gold=path))
    return tuple(found)


def plan(folder: Path, answerer: str = "oracle", **changes: object) -> Plan:
    """Return the plan of a run over such cases."""
    return Plan(answerer=answerer, split="given", cache=folder, prior=measure(golds(12)), **changes)  # type: ignore[arg-type]  # fields of Plan

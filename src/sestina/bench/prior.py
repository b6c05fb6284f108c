"""What the dev split looks like on average: all that a baseline without eyes can know.

`prior.json` beside this file was measured on the split `rendered-dev` (`python -m scripts.feedbench_prior`).
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path
from statistics import fmean, median
from typing import Any

from sestina.core.storyboard import Storyboard, Unit
from sestina.tasks.feedbench.qa import count_labels

COUNTED_MIN = 3
"""A label that was the answer less often is asked nothing elsewhere: its true rate is not known well enough."""
FILE = Path(__file__).with_name("prior.json")


@dataclass(frozen=True, kw_only=True)
class FacetPrior:
    """One facet on average.

    Args:
        level: the usual level of its units.
        labels: how often each label occurs.
        value, unit: the median number, and in what.
        text: the commonest text.
        share: share of videos that have a unit of it.
        per_video: units in a video that has any.
        length_s: mean length of a unit.
        start: mean start of a unit, as a share of the video.
        box: the median box of units that have one: left, top, width, height.
    """

    level: str
    labels: Mapping[str, int] = field(default_factory=dict)
    value: float | None = None
    unit: str | None = None
    text: str | None = None
    share: float = 0.0
    per_video: float = 0.0
    length_s: float = 0.0
    start: float = 0.0
    box: tuple[float, float, float, float] | None = None


@dataclass(frozen=True, kw_only=True)
class Prior:
    """The averages of a set of videos.

    Args:
        videos: how many.
        facets: averages by facet.
        questions: how often each label is the answer among questions that look alike.
    """

    videos: int
    facets: Mapping[str, FacetPrior]
    questions: Mapping[str, Mapping[str, int]]

    def to_json(self) -> str:
        """Return the averages as JSON text."""
        return json.dumps(asdict(self), indent=1, sort_keys=True) + "\n"

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Prior:
        """Return the averages that `to_json` wrote. Raises KeyError or TypeError for anything else."""
        facets = {name: FacetPrior(**_with_box(one)) for name, one in data["facets"].items()}
        return cls(videos=data["videos"], facets=facets, questions=data["questions"])


def _with_box(data: Mapping[str, Any]) -> dict[str, Any]:
    return {**data, "box": tuple(data["box"])} if data.get("box") else dict(data)


@cache
def dev_prior() -> Prior:
    """Return the averages of the split `rendered-dev`, as shipped."""
    return Prior.from_dict(json.loads(FILE.read_text("utf-8")))


def measure(golds: Mapping[str, Storyboard]) -> Prior:
    """Return the averages of these videos."""
    units: dict[str, list[tuple[str, Unit, float]]] = defaultdict(list)
    for video, gold in golds.items():
        length_s = max(gold.media.duration_s, 1e-6)
        for unit in gold.items:
            if unit.status != "abstain":
                units[unit.facet].append((video, unit, (unit.span.start_s - gold.media.span.start_s) / length_s))
    facets = {facet: _facet([u for _, u, _ in found], [s for *_, s in found], {v for v, *_ in found}, len(golds))
              for facet, found in sorted(units.items())}  # fmt: skip
    return Prior(videos=len(golds), facets=facets, questions=_known(count_labels(golds)))


def _known(counts: Mapping[str, Mapping[str, int]]) -> dict[str, dict[str, int]]:
    """Return the counts of labels that were counted often enough, where at least two are left to choose from."""
    often = {place: {label: n for label, n in one.items() if n >= COUNTED_MIN} for place, one in counts.items()}
    return {place: one for place, one in often.items() if len(one) > 1}


def _facet(units: list[Unit], starts: list[float], videos: set[str], count: int) -> FacetPrior:
    values = [unit.value for unit in units if unit.value is not None]
    texts = Counter(unit.text for unit in units if unit.text)
    boxes = [unit.region.box for unit in units if unit.region is not None]
    sides = [[getattr(box, side) for box in boxes] for side in "xywh"] if boxes else []
    return FacetPrior(
        level=Counter(unit.level for unit in units).most_common(1)[0][0],
        labels=dict(sorted(Counter(unit.label for unit in units if unit.label is not None).items())),
        value=median(values) if values else None,
        unit=next((unit.unit for unit in units if unit.unit), None),
        text=texts.most_common(1)[0][0] if texts else None,
        share=round(len(videos) / count, 4),
        per_video=round(len(units) / len(videos), 4),
        length_s=round(fmean(unit.span.duration_s for unit in units), 4),
        start=round(fmean(starts), 4),
        box=(*(round(median(side), 4) for side in sides),) if sides else None,
    )

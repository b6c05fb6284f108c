"""The score that the storyboard of another video gets in each facet: what is known without looking.

Measured, not chosen: `python -m benchmarks.chance` scores every document of a folder against the others and writes
`chance.json` beside this file. A facet that no document had takes the mean of the facets of its type and usual level.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from sestina.core.facet import Facet

FILE = Path(__file__).with_suffix(".json")


def of_facet(facet: Facet) -> float:
    """Return the facet's chance score, in [0, 1)."""
    known = table()
    return known["facets"].get(facet.id, known["kinds"].get(kind(facet), 0.0))


def kind(facet: Facet) -> str:
    """Return the facet's type and usual level, e.g. `num/video`."""
    return f"{facet.type}/{facet.levels[0]}"


@cache
def table() -> Mapping[str, Mapping[str, float]]:
    """Return the measured table: `facets` by id, `kinds` by type and level."""
    found: dict[str, dict[str, float]] = json.loads(FILE.read_text("utf-8"))
    return found

"""The sheets of `csv` with tabs between cells."""

from __future__ import annotations

from collections.abc import Iterable
from typing import BinaryIO

from sestina.core.card import Card
from sestina.core.correction import Correction
from sestina.core.registry import exporters, importers
from sestina.core.storyboard import Storyboard
from sestina.export.csv import corrections, csv_shots, csv_units, csv_wide

SOURCE = "own; text/tab-separated-values (IANA, 1993), with the quotes of RFC 4180 (2005)"


@exporters.register("tsv-units", suffix=".units.tsv", card=Card(summary="A row a unit, tab-separated.", source=SOURCE))
def tsv_units(storyboard: Storyboard, file: BinaryIO, *, facet: str = "", bom: bool = False) -> None:
    """Write `csv-units` with tabs."""
    csv_units(storyboard, file, facet=facet, dialect="tab", bom=bom)


@exporters.register("tsv-shots", suffix=".shots.tsv", card=Card(summary="A row a shot, tab-separated.", source=SOURCE))
def tsv_shots(storyboard: Storyboard, file: BinaryIO, *, bom: bool = False) -> None:
    """Write `csv-shots` with tabs."""
    csv_shots(storyboard, file, dialect="tab", bom=bom)


@exporters.register(
    "tsv-wide", suffix=".tags.tsv", many=True, card=Card(summary="A row a video, tab-separated.", source=SOURCE)
)
def tsv_wide(storyboards: Iterable[Storyboard], file: BinaryIO, *, facets: str = "", bom: bool = False) -> None:
    """Write `csv-wide` with tabs."""
    csv_wide(storyboards, file, facets=facets, dialect="tab", bom=bom)


@importers.register(
    "tsv", suffix=".tsv", reads=("tsv-units",),
    card=Card(summary="A units sheet that a person corrected, tab-separated.", source=SOURCE),
)  # fmt: skip
def tsv_corrections(file: BinaryIO, onto: Storyboard, *, deleted: bool = True) -> Iterable[Correction]:
    """Yield what `csv` yields: separators are found by looking."""
    found: Iterable[Correction] = corrections(file, onto, deleted=deleted)
    return found

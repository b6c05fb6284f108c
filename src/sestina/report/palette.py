"""Colours and reading names of the page: the only colour on it is that of the six dimensions."""

from __future__ import annotations

from sestina.core import vocabulary
from sestina.core.errors import UnknownComponent
from sestina.core.facet import Facet

COLOURS = {
    "subject": "#e8695f",
    "aesthetics": "#d9962b",
    "camera": "#3f9b5c",
    "editing": "#2f86c9",
    "narrative": "#8a63c9",
    "dissemination": "#c9549c",
}
"""The six dimensions, in the same colours as in the terminal."""

SPELLED = {
    "av": "A/V", "bg": "background", "color": "colour", "comp": "composition", "cta": "CTA",
    "ctr": "click-through rate",
    "dof": "depth of field", "fps": "frames per second", "hdr": "HDR", "pii": "personal data", "pct": "%",
    "sd": "spread of", "t": "", "tech": "technical", "vfr": "VFR",
}  # fmt: skip
"""Parts of facet ids that are spelled out for reading."""


def reading_name(facet_id: str) -> str:
    """Return a facet's id as a reader would say it: `edit.cut_rationale.primary` is `Cut rationale · primary`."""
    parts = [_words(part) for part in facet_id.split(".")[1:]] or [_words(facet_id)]
    said = " · ".join(part for part in parts if part)
    return said if said[:3].isupper() else said[:1].upper() + said[1:]


def _words(part: str) -> str:
    return " ".join(word for word in (SPELLED.get(word, word) for word in part.split("_")) if word)


def known_facet(facet_id: str) -> Facet | None:
    """Return the facet, or None when the vocabulary does not hold it (a document may come from elsewhere)."""
    try:
        return vocabulary.facet(facet_id)
    except UnknownComponent:
        return None


def whole_of(facet_id: str) -> tuple[str, ...]:
    """Return the facets that `facet_id` is a part of, nearest first: `narr.hook` for `narr.hook.modality`."""
    parts = facet_id.split(".")
    above = [".".join(parts[:count]) for count in range(len(parts) - 1, 1, -1)]
    return tuple(name for name in above if known_facet(name) is not None)

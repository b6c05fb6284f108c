"""What makes a sketch impossible: each contradiction by name, with the id of the unit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from sestina.core import vocabulary
from sestina.core.errors import UnknownComponent
from sestina.core.time import Span
from sestina.render.wanted import Wanted

NEAR_S = 0.05
"""How far from a join a boundary may lie and still be meant for it, seconds; also the gap that shots may leave."""


def contradictions(wanted: Wanted) -> list[str]:
    """Return every contradiction as one line, `unit id: name: what is wrong`; an empty list means none was found."""
    return [line for rule in RULES for line in rule(wanted)]


def _ids(wanted: Wanted) -> Iterator[str]:
    for name, count in Counter(want.id for want in wanted.wants).items():
        if count > 1:
            yield f"{name}: duplicated-id: {count} units share it"


def _vocabulary(wanted: Wanted) -> Iterator[str]:
    for want in wanted.wants:
        try:
            facet = vocabulary.facet(want.facet)
            if want.label is not None:
                facet.canonical(want.label)
        except UnknownComponent as error:
            yield f"{want.id}: unknown-name: {error} ({error.hint})"


def _times(wanted: Wanted) -> Iterator[str]:
    whole = Span.of(0.0, wanted.duration_s)
    for want in wanted.wants:
        if want.span is not None and not whole.covers(want.span):
            yield f"{want.id}: time-outside: {_said(want.span)} leaves the {wanted.duration_s:g} s of the clip"


def _boxes(wanted: Wanted) -> Iterator[str]:
    for want in wanted.wants:
        if want.box is not None:
            x, y, w, h = want.box
            if min(want.box) < 0 or x + w > 1.001 or y + h > 1.001 or w * h == 0:
                yield f"{want.id}: box-outside: {list(want.box)} is empty or leaves the picture"


def _tiling(wanted: Wanted) -> Iterator[str]:
    for facet in ("edit.shot", "narr.beat"):
        parts = [want for want in wanted.of(facet) if want.span is not None]
        for before, after in pairwise(parts):
            gap_s = after.span.start_s - before.span.end_s if after.span and before.span else 0.0
            if gap_s > NEAR_S:
                yield f"{after.id}: gap: nothing for {gap_s:.3f} s after {before.id}"
            elif gap_s < -NEAR_S:
                yield f"{after.id}: overlap: begins {-gap_s:.3f} s before {before.id} ends"
        if parts and parts[0].span and parts[0].span.start_s > NEAR_S:
            yield f"{parts[0].id}: gap: nothing before it"
        if parts and parts[-1].span and wanted.duration_s - parts[-1].span.end_s > NEAR_S:
            yield f"{parts[-1].id}: gap: nothing after it until {wanted.duration_s:g} s"


def _boundaries(wanted: Wanted) -> Iterator[str]:
    shots = [want.span for want in wanted.of("edit.shot") if want.span is not None]
    edits = [want for want in wanted.of("edit.transition") if want.span and want.label not in ("start", "end")]
    joins = [0.0, *(shot.end_s for shot in shots)] if shots else []
    for edit in edits:
        if joins and edit.span and not any(edit.span.start_s - NEAR_S <= j <= edit.span.end_s + NEAR_S for j in joins):
            yield f"{edit.id}: off-join: no shot begins or ends at {_said(edit.span)}"
        if edit.span and any(edit.span.covers(shot) and shot.duration_s > 0 for shot in shots):
            yield f"{edit.id}: too-long: the transition covers a whole shot"
    for before, after in pairwise(edits):
        if before.span and after.span and (before.span.overlaps(after.span) or before.span == after.span):
            yield f"{after.id}: two-transitions: it shares time with {before.id}"


def _one_label(wanted: Wanted) -> Iterator[str]:
    """Facets with one label at a time: the picture cannot be both."""
    for facet in ("camera.movement", "edit.speed", "aes.light.brightness", "aes.color.temperature", "diss.aspect"):
        said = wanted.of(facet)
        for number, one in enumerate(said):
            for other in said[number + 1 :]:
                same_time = one.span is None or other.span is None or _share(one.span, other.span)
                if same_time and one.label != other.label:
                    yield f"{other.id}: two-labels: {other.label} while {one.id} says {one.label}"


def _share(one: Span, other: Span) -> bool:
    return one.overlap_s(other) > NEAR_S


def _overlays(wanted: Wanted) -> Iterator[str]:
    for want in wanted.of("diss.overlay.kind"):
        if want.label is None:
            yield f"{want.id}: no-kind: an overlay names its kind"
        if want.span is not None and want.span.is_instant:
            yield f"{want.id}: no-time: an overlay shows for some time"


def _said(span: Span) -> str:
    return f"{span.start_s:g} s" if span.is_instant else f"{span.start_s:g} to {span.end_s:g} s"


RULES = (_ids, _vocabulary, _times, _boxes, _tiling, _boundaries, _one_label, _overlays)
"""Every rule, in the order in which they are reported."""


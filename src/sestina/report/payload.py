"""Everything the page knows, as one compact JSON value: the document, its curves, its pictures, its findings."""

from __future__ import annotations

import base64
import json
from collections.abc import Collection, Mapping, Sequence
from itertools import pairwise
from typing import Any

from sestina.core import vocabulary
from sestina.core.storyboard import DIMENSIONS, Storyboard, Unit
from sestina.core.time import FrameTable
from sestina.core.track import Track
from sestina.report.curves import cited, cut_rate, is_drawable, pack_track, shown_curves
from sestina.report.findings import findings
from sestina.report.frames import Stills
from sestina.report.palette import COLOURS, known_facet, reading_name, whole_of
from sestina.report.video import Film

DROPPED = {"pts", "dhash"}
"""Fields of evidence that help to verify and not to look."""


def payload(
    board: Storyboard, *, film: Film, stills: Stills, tracks: Mapping[str, Track] | None, notes: Sequence[str] = ()
) -> dict[str, Any]:
    """Return the page's data as plain JSON values.

    Args:
        board: the document.
        film: how the page reaches the video.
        stills: pictures of cited frames and the filmstrip.
        tracks: the numbers; None when they are not at hand.
        notes: what the page has to say about itself (no video, no numbers).
    """
    board = board.canonical()
    table = board.media.frame_table()
    known = {**(tracks or {}), "cut_rate": cut_rate(board)}
    curves = shown_curves(known)
    names = sorted({*cited(board), *(curve["track"] for curve in curves)} & known.keys())
    return {
        "media": _media(board),
        "time": _time(table),
        "dimensions": [{"id": name, "colour": COLOURS[name]} for name in DIMENSIONS],
        "facets": _facets(board),
        "units": _units(board),
        "words": [[word.text, word.start_s, word.end_s] for word in board.transcript.words],
        "screen": [[t.text, t.span.start_s, t.span.end_s, t.id] for t in board.transcript.screen],
        "tracks": {name: pack_track(known[name], board.media.span) for name in names if is_drawable(known[name])},
        "curves": curves,
        "cards": findings(board, known),
        "stills": _stills(stills),
        "film": {"source": film.source, "mime": film.mime, "playable": film.playable},
        "notes": [*notes, *board.media.problems, *board.provenance.notes],
        "made": _made(board),
    }


def _media(board: Storyboard) -> dict[str, Any]:
    media, video, audio = board.media, board.media.video, board.media.audio
    facts: dict[str, Any] = {
        "name": media.name,
        "path": media.path,
        "sha256": media.sha256,
        "container": media.container,
        "size_bytes": media.size_bytes,
        "span": [media.span.start_s, media.span.end_s],
        "flat": _flat(media.model_dump(mode="json", exclude_none=True, exclude={"video": {"frame_times"}})),
    }
    if video is not None:
        facts["video"] = {
            "codec": video.codec,
            "width": video.display_width,
            "height": video.display_height,
            "rate": [video.frame_rate.numerator, video.frame_rate.denominator],
            "vfr": video.vfr,
            "frames": video.frame_count,
        }
    if audio is not None:
        facts["audio"] = {"codec": audio.codec, "rate_hz": audio.rate_hz, "channels": audio.channels}
    return facts


def _flat(data: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for key, value in data.items():
        if isinstance(value, Mapping):
            flat |= _flat(value, f"{prefix}{key}.")
        elif isinstance(value, str | int | float | bool):
            flat[prefix + key] = value
    return flat


def _time(table: FrameTable | None) -> dict[str, Any] | None:
    """Return the frame table: ticks as runs of `[step, count]` after the first, and the time base."""
    if table is None:
        return None
    runs: list[list[int]] = []
    ticks = table.pts.tolist()
    for earlier, later in pairwise(ticks):
        if runs and runs[-1][0] == later - earlier:
            runs[-1][1] += 1
        else:
            runs.append([later - earlier, 1])
    base = table.time_base
    return {"base": [base.numerator, base.denominator], "first": ticks[0], "end": table.end_pts, "runs": runs}


def _facets(board: Storyboard) -> dict[str, Any]:
    """Return name, definition and place in the vocabulary of every facet the document uses, and of its labels."""
    used: dict[str, set[str]] = {}
    for unit in board.items:
        used.setdefault(unit.facet, set()).add(unit.label or "")
    places = {facet_id: place for place, facet_id in enumerate(vocabulary.load().ids)}
    return {facet_id: _facet(facet_id, labels, places) for facet_id, labels in used.items()}


def _facet(facet_id: str, used: Collection[str], places: Mapping[str, int]) -> dict[str, Any]:
    facet = known_facet(facet_id)
    found: dict[str, Any] = {"name": reading_name(facet_id), "definition": "", "labels": {}}
    if facet is None:
        return found
    labels = {label: text for label, text in facet.label_evidence.items() if label in used}
    return {**found, "definition": facet.description or facet.evidence, "labels": labels, "order": places[facet_id]}


def _units(board: Storyboard) -> list[dict[str, Any]]:
    inside = folded(board)
    return [{**_unit(unit), **({"in": inside[unit.id]} if unit.id in inside else {})} for unit in board.items]


def _unit(unit: Unit) -> dict[str, Any]:
    data = unit.model_dump(mode="json", exclude_none=True, exclude_defaults=True)
    data["span"] = [unit.span.start_s, unit.span.end_s]
    data["claim"] = unit.claim
    data["producer"] = f"{unit.producer.kind}: {unit.producer.name} {unit.producer.version}"
    data["evidence"] = [item.model_dump(mode="json", exclude_none=True, exclude=DROPPED) for item in unit.evidence]
    return data


def folded(board: Storyboard) -> dict[str, str]:
    """Return the units that are drawn as part of another one: id -> id.

    A unit of `diss.overlay.text` tells a part of the `diss.overlay` unit with its span and its place in the picture.
    """
    wholes: dict[tuple[str, float, float], list[Unit]] = {}
    for unit in board.items:
        wholes.setdefault((unit.facet, unit.span.start_s, unit.span.end_s), []).append(unit)
    inside: dict[str, str] = {}
    for unit in board.items:
        for facet in whole_of(unit.facet):
            near = wholes.get((facet, unit.span.start_s, unit.span.end_s), [])
            same = [other for other in near if other.region == unit.region] or (near if len(near) == 1 else [])
            if same and unit.level != "video":
                inside[unit.id] = same[0].id
                break
    return inside


def _stills(stills: Stills) -> dict[str, Any]:
    return {
        "frames": {str(index): base64.b64encode(data).decode() for index, data in sorted(stills.frames.items())},
        "strip": stills.strip,
        "sheet": base64.b64encode(stills.sheet).decode(),
        "cell": list(stills.cell),
        "columns": stills.columns,
        "left_out": stills.left_out,
    }


def _made(board: Storyboard) -> dict[str, Any]:
    made = board.provenance
    return {
        "by": f"{made.name} {made.version}".strip(),
        "sv6d": board.sv6d,
        "stages": [[stage.name, round(stage.wall_s, 3)] for stage in made.stages],
        "signals": [[info.name, info.unit, info.count] for info in board.signals.tracks],
    }


def as_script(data: object) -> str:
    """Return JSON that is inert inside a `<script>` block: no tag, comment or line separator can begin in it."""
    text = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    for mark in "<>&\u2028\u2029":
        text = text.replace(mark, f"\\u{ord(mark):04x}")
    # Lone surrogates (undecodable file names) have no UTF-8 form; as escapes they are still JSON.
    return text.encode("utf-8", "backslashreplace").decode()

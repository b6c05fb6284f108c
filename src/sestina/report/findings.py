"""The four things that are easily missed, up front: the hook, why the cuts, the tension, the packaging."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from sestina.core.evidence import AsrEvidence, OcrEvidence
from sestina.core.storyboard import Storyboard, Unit
from sestina.core.track import Track
from sestina.report.curves import real_cuts
from sestina.report.palette import reading_name

MOST_EXAMPLES = 3
MOST_ROWS = 8
MOST_BOXES = 40
OPENING_S = 5.0
"""The opening that the hook card draws, seconds."""

OPENING_EVENTS = {
    "narr.hook.t_first_cut": "cut",
    "narr.hook.t_first_text": "text",
    "narr.hook.t_first_word": "word",
    "narr.hook.t_first_face": "face",
    "narr.hook.t_first_motion_peak": "motion",
    "narr.hook.t_first_sound_onset": "sound",
    "narr.hook.t_first_product": "product",
    "narr.hook.t_first_brand": "brand",
}
OPENING_COUNTS = {
    "narr.hook.shots_first_3s": "shots in 3 s",
    "narr.hook.words_first_3s": "words in 3 s",
    "narr.hook.chars_on_screen_first_3s": "letters in 3 s",
    "narr.hook.motion_first_3s": "motion in 3 s",
    "narr.hook.loudness_first_1s": "loudness in 1 s",
    "narr.hook.luma_change_first_1s": "luma change in 1 s",
}
NEEDS = {
    "hook": ("ocr", "speech", "asr", "faces", "voice", "onsets", "motion", "narrative", "hook", "opening"),
    "cuts": ("cut", "editing", "difference", "motion", "shots", "tempo"),
    "tension": ("tension", "motion", "loudness", "colour", "narrative"),
    "packaging": ("ocr", "text", "faces", "dissemination", "overlay", "packaging"),
}
"""Words by which a note of the analysis is recognised as bearing on a card."""


def findings(board: Storyboard, tracks: Mapping[str, Track]) -> dict[str, Any]:
    """Return the four cards as JSON values, each with the ids of the units it rests on.

    A card without a finding has `missing`: what was looked for, and the analysis' own notes on why it is not there.
    """
    return {
        "hook": _hook(board),
        "cuts": _cuts(board),
        "tension": _tension(board, tracks),
        "packaging": _packaging(board),
    }


def _said(board: Storyboard, *facets: str) -> list[Unit]:
    return [unit for facet in facets for unit in board.units(facet=facet) if unit.status != "abstain"]


def _ids(units: Sequence[Unit]) -> list[str]:
    return list(dict.fromkeys(unit.id for unit in units))


def _missing(board: Storyboard, card: str, what: str, *facets: str) -> dict[str, Any]:
    reasons = [
        f"{reading_name(unit.facet)}: {unit.reason}"
        for facet in facets
        for unit in board.units(facet=facet, status="abstain")
        if unit.reason
    ]
    notes = [note for note in board.provenance.notes if any(word in note.lower() for word in NEEDS[card])]
    settings = board.provenance.settings
    chosen = [f"only {', '.join(settings['only'])} was asked for"] if settings.get("only") else []
    chosen += [f"{', '.join(settings['skip'])} was left out"] if settings.get("skip") else []
    return {"missing": what, "why": list(dict.fromkeys([*reasons, *chosen, *notes]))[:4]}


def _hook(board: Storyboard) -> dict[str, Any]:
    hooks = _said(board, "narr.hook") or [u for u in _said(board, "narr.beat") if u.label == "hook"]
    tactics = _said(board, "narr.hook.tactic.primary", "narr.hook.tactic")
    devices = _said(board, "narr.hook.visual_device")
    marks = [(OPENING_EVENTS[u.facet], u) for u in _said(board, *OPENING_EVENTS) if u.value is not None]
    counts = [(OPENING_COUNTS[u.facet], u) for u in _said(board, *OPENING_COUNTS) if u.value is not None]
    if not (hooks or tactics or devices or marks or counts):
        facets = ("narr.hook", "narr.hook.tactic", "narr.hook.visual_device")
        return _missing(board, "hook", "No hook was found, and the opening was not measured.", *facets)
    span = hooks[0].span if hooks else None
    quote, source = _quote([*tactics, *hooks, *devices])
    return {
        "span": [span.start_s, span.end_s] if span else None,
        "opening_s": min(OPENING_S, board.media.duration_s),
        "tactics": _labels(tactics),
        "devices": _labels(devices),
        "modalities": _labels(_said(board, "narr.hook.modality")),
        "quote": quote,
        "quote_unit": source,
        "marks": [{"name": name, "at": u.value, "unit": u.id} for name, u in sorted(marks, key=_by_value)],
        "counts": [{"name": name, "value": u.value, "per": u.unit, "unit": u.id} for name, u in counts],
        "units": _ids([*hooks, *tactics, *devices, *(u for _, u in marks), *(u for _, u in counts)]),
        "note": "" if hooks else "No single span was called the hook; these are the facts of the opening.",
    }


def _by_value(mark: tuple[str, Unit]) -> tuple[float, str]:
    return mark[1].value or 0.0, mark[0]


def _labels(units: Sequence[Unit]) -> list[dict[str, str]]:
    seen: dict[str, str] = {}
    for unit in units:
        if unit.label is not None:
            seen.setdefault(unit.label, unit.id)
    return [{"label": label, "unit": unit_id} for label, unit_id in seen.items()]


def _quote(units: Sequence[Unit]) -> tuple[str, str]:
    for unit in units:
        for item in unit.evidence:
            if isinstance(item, OcrEvidence | AsrEvidence):
                return item.quote, unit.id
    return "", ""


def _cuts(board: Storyboard) -> dict[str, Any]:
    cuts = real_cuts(board)
    functions = _said(board, "edit.cut_function")
    reasons = _said(board, "edit.cut_rationale")
    if not (cuts or functions or reasons):
        shots = len(board.shots)
        what = "One shot and no cut: there is nothing to give reasons for." if shots == 1 else "No cut was found."
        return _missing(board, "cuts", what, "edit.transition", "edit.cut_function", "edit.cut_rationale")
    return {
        "cuts": len(cuts),
        "shots": len(board.shots),
        "types": _counted(cuts),
        "functions": _counted(functions),
        "rationales": _counted(reasons),
        "examples": _examples(board, [*_said(board, "edit.cut_rationale.primary"), *(reasons or functions or cuts)]),
        "units": _ids([*reasons, *functions, *cuts]),
        "note": "" if reasons or functions else "The cuts were found; no reason or function could be read off them.",
    }


def _counted(units: Sequence[Unit]) -> list[dict[str, Any]]:
    counts = Counter(unit.label for unit in units if unit.label is not None)
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return [
        {"label": label, "count": count, "units": _ids([u for u in units if u.label == label])}
        for label, count in ranked[:MOST_ROWS]
    ]


def _examples(board: Storyboard, units: Sequence[Unit]) -> list[dict[str, Any]]:
    """Return a few explained cuts, the surest first, each of another kind while there are other kinds."""
    table = board.media.frame_table()
    ranked = sorted(units, key=lambda unit: (-unit.confidence, unit.span.start_s, unit.id))
    first_of_kind = list({unit.label: unit for unit in reversed(ranked)}.values())[::-1]
    places: dict[float, Unit] = {}
    for unit in [*first_of_kind, *ranked]:
        places.setdefault(unit.span.start_s, unit)
    rows = []
    for start_s, unit in sorted(list(places.items())[:MOST_EXAMPLES]):
        before = start_s
        if table is not None:
            before = table.time_s(max(0, table.index_at(start_s) - 1))
        rows.append({"label": unit.label, "facet": unit.facet, "unit": unit.id, "pair": [before, unit.span.end_s]})
    return rows


def _tension(board: Storyboard, tracks: Mapping[str, Track]) -> dict[str, Any]:
    peaks = _said(board, "narr.tension.peak")
    whole = _said(board, "narr.tension")
    shots = _said(board, "narr.shot_tension")
    if not (peaks or whole or shots or "tension.curve" in tracks):
        return _missing(board, "tension", "No tension curve was computed.", "narr.tension", "narr.tension.peak")
    highest = sorted(peaks, key=lambda unit: -(unit.value or 0.0))
    return {
        "mean": whole[0].value if whole else None,
        "peaks": [{"at": u.span.middle_s, "value": u.value, "unit": u.id} for u in highest[:MOST_ROWS]],
        "shots": [{"label": u.label, "span": [u.span.start_s, u.span.end_s], "unit": u.id} for u in shots],
        "arc": _labels(_said(board, "narr.emotion_arc", "narr.structure")),
        "units": _ids([*highest, *whole, *shots]),
    }


def _packaging(board: Storyboard) -> dict[str, Any]:
    overlays = _said(board, "diss.overlay")
    kinds = _said(board, "diss.overlay.kind")
    issues = _said(board, "diss.readability.issues")
    fits = _said(board, "diss.platform_fit")
    unsafe = [unit for unit in _said(board, "diss.safe_area") if unit.label != "clear"]
    calls = _said(board, "diss.cta", "diss.cta.target")
    facts = _said(board, "diss.aspect", "diss.duration_class", "diss.platform", "diss.loopability")
    if not (overlays or kinds or issues or fits or unsafe or calls or facts):
        facets = ("diss.overlay", "diss.cta", "diss.safe_area", "diss.aspect")
        return _missing(board, "packaging", "Nothing is known of the packaging.", *facets)
    drawn = [unit for unit in kinds or overlays if unit.region is not None][:MOST_BOXES]
    return {
        "overlays": len(overlays or kinds),
        "kinds": _counted(kinds or overlays),
        "calls": [{"text": _call(board, unit), "at": unit.span.start_s, "unit": unit.id} for unit in calls[:3]],
        "issues": [{**row, "kind": "readability"} for row in _counted(issues)]
        + [{**row, "kind": "safe area"} for row in _counted(unsafe)]
        + [{**row, "kind": "platform"} for row in _counted(fits)],
        "checked": bool(_said(board, "diss.readability", "diss.safe_area") or issues or fits),
        "boxes": [{"box": list(u.region.box.model_dump().values()), "unit": u.id} for u in drawn if u.region],
        "facts": [{"name": reading_name(u.facet), "unit": u.id} for u in facts],
        "units": _ids([*calls, *issues, *unsafe, *fits, *overlays, *kinds, *facts]),
    }


def _call(board: Storyboard, unit: Unit) -> str:
    quote, _ = _quote([unit])
    return quote or unit.text or unit.claim

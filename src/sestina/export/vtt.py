"""WebVTT: speech and on-screen text at its place, chapters, and a metadata track whose cues carry units as JSON.

Source: WebVTT, W3C Candidate Recommendation (2019).
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from itertools import chain
from typing import BinaryIO, Literal

from sestina.core.card import Card
from sestina.core.evidence import Region
from sestina.core.registry import exporters
from sestina.core.storyboard import Storyboard
from sestina.export._chapters import By, chapters, on_grid
from sestina.export._cues import milliseconds, rules_for, speech_cues
from sestina.export._facets import checked
from sestina.export._json import compact
from sestina.export._shown import shown, stretch_ms
from sestina.export._subrip import stamp
from sestina.export._wrap import one_line

SOURCE = "WebVTT, W3C Candidate Recommendation (2019)"

CueText = tuple[int, int, str, str, str]
"""(start, end) in milliseconds, id, settings, payload."""


@exporters.register(
    "vtt", suffix=".vtt", card=Card(summary="WebVTT subtitles: speech, on-screen text at its place, or both.",
                                    source=SOURCE),
)  # fmt: skip
def vtt(
    storyboard: Storyboard,
    file: BinaryIO,
    *,
    what: Literal["speech", "screen", "both"] = "speech",
    line_chars: int | None = None,
    lines: int = 2,
    longest_s: float = 7.0,
    shortest_s: float = 0.8,
    pause_s: float = 0.5,
) -> None:
    """Write subtitles; speakers are voice spans, on-screen texts stand at the top and middle of their box.

    Args:
        storyboard: what to write.
        file: where.
        what: what is said, what is on the screen, or both; only on-screen texts may show at the same time.
        line_chars, lines, longest_s, shortest_s, pause_s: see `_cues.Rules`; by default 42 columns, 26 upright.
    """
    rules = rules_for(
        storyboard, line_chars=line_chars, lines=lines, longest_s=longest_s, shortest_s=shortest_s, pause_s=pause_s
    )
    found: list[CueText] = []
    if what != "screen":
        for number, cue in enumerate(speech_cues(storyboard, rules), 1):
            voice = f"<v {_escaped(one_line(cue.speaker))}>" if cue.speaker and one_line(cue.speaker) else ""
            text = voice + "\n".join(map(_escaped, cue.lines))
            found.append((cue.start_ms, cue.end_ms, f"s{number}", "", text))
    if what != "speech":
        for one in shown(storyboard):
            found.append((*stretch_ms(one.span), one.id, _place(one.region), _escaped(one.text)))
    found.sort(key=lambda cue: cue[:2])
    _write(file, found)


@exporters.register(
    "vtt-chapters", suffix=".chapters.vtt",
    card=Card(summary="WebVTT chapters of beats, scenes or shots, for <track kind=chapters>.", source=SOURCE),
)  # fmt: skip
def vtt_chapters(storyboard: Storyboard, file: BinaryIO, *, by: By = "beats") -> None:
    """Write chapters; the track is empty where the storyboard has none of the kind.

    Args:
        storyboard: what to write.
        file: where.
        by: beats, scenes or shots.
    """
    cues = on_grid(chapters(storyboard, by), 1000)
    _write(file, ((start, end, str(number), "", _escaped(title)) for number, (start, end, title) in enumerate(cues, 1)))


@exporters.register(
    "vtt-metadata", suffix=".metadata.vtt",
    card=Card(summary="WebVTT cues that carry units as JSON, for <track kind=metadata>.", source=SOURCE),
)  # fmt: skip
def vtt_metadata(
    storyboard: Storyboard, file: BinaryIO, *, facet: str | None = None, min_confidence: float = 0.0
) -> None:
    """Write one cue a unit, its payload the unit as in the document; an instant lasts one millisecond.

    Args:
        storyboard: what to write.
        file: where.
        facet: only this one, or with a dot at its end all below it (`diss.overlay.`).
        min_confidence: only units at least this sure.
    """
    found = storyboard.units(facet=facet, min_confidence=min_confidence)
    if not found:
        checked(facet or "")
    units = sorted(found, key=lambda unit: (milliseconds(unit.span.start_s), *unit.order))
    _write(
        file,
        (
            (*stretch_ms(unit.span), unit.id, "", _json(unit.model_dump(mode="json", exclude_none=True)))
            for unit in units
        ),
    )


def _write(file: BinaryIO, cues: Iterable[CueText]) -> None:
    file.write(b"WEBVTT\n")
    for start, end, name, settings, text in cues:
        times = f"{stamp(start, point='.')} --> {stamp(end, point='.')}"
        name = one_line(name).replace("-->", "->")
        name = f"#{name}" if name.startswith(("NOTE", "STYLE", "REGION")) else name  # they begin other blocks
        head = " ".join(part for part in (times, settings) if part)
        file.write("\n".join(chain([""], [name] if name else [], [head, text, ""])).encode())


def _escaped(text: str) -> str:
    """Return cue text in which nothing is markup, so that no line holds an arrow."""
    return html.escape(text, quote=False)


def _json(value: object) -> str:
    """Return JSON that holds no arrow and nothing that any reader takes for the end of a line."""
    text = compact(value)
    return re.sub("[>\x85\u2028\u2029]", lambda found: f"\\u{ord(found.group()):04x}", text)


def _place(region: Region | None) -> str:
    """Return cue settings: the text's first line at the top of its box, its middle at the box's middle."""
    if region is None:
        return ""
    box = region.box
    across, down = min(max(box.x + box.w / 2, 0.0), 1.0), min(max(box.y, 0.0), 1.0)
    return f"line:{100 * down:.2f}% position:{100 * across:.2f}% align:center"

"""SubRip subtitles of what is said, or of what is written on the screen, and their corrections back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO, Literal

from sestina.core.card import Card
from sestina.core.correction import Correction
from sestina.core.registry import exporters, importers
from sestina.core.storyboard import Storyboard
from sestina.export._cues import Cue, rules_for, speech_cues
from sestina.export._respoken import respoken
from sestina.export._rewritten import rewritten
from sestina.export._shown import shown, together
from sestina.export._subrip import guarded, read, stamp


@exporters.register(
    "srt",
    suffix=".srt",
    card=Card(
        summary="SubRip subtitles of what is said, or with what=screen of what is written on the screen.",
        source="SubRip's habits as players read them; BBC Subtitle Guidelines 1.2 (2024)",
        deviations="styles and positions are lost; literal markup is defused with U+2060",
    ),
)
def srt(
    storyboard: Storyboard,
    file: BinaryIO,
    *,
    what: Literal["speech", "screen"] = "speech",
    line_chars: int | None = None,
    lines: int = 2,
    longest_s: float = 7.0,
    shortest_s: float = 0.8,
    pause_s: float = 0.5,
) -> None:
    """Write cues that never overlap; the file is empty where nothing is said or written.

    Args:
        storyboard: what to write.
        file: where.
        what: what is said, wrapped by the rules below, or what is on the screen, one text a line from top to bottom.
        line_chars, lines, longest_s, shortest_s, pause_s: see `_cues.Rules`; by default 42 columns, 26 upright.
    """
    rules = rules_for(
        storyboard, line_chars=line_chars, lines=lines, longest_s=longest_s, shortest_s=shortest_s, pause_s=pause_s
    )
    cues = speech_cues(storyboard, rules) if what == "speech" else _screen(storyboard)
    for number, cue in enumerate(cues, 1):
        text = "\n".join(map(guarded, cue.lines))
        file.write(f"{number}\n{stamp(cue.start_ms)} --> {stamp(cue.end_ms)}\n{text}\n\n".encode())


def _screen(board: Storyboard) -> Iterator[Cue]:
    texts = shown(board)
    for start, end, numbers in together(texts):
        yield Cue(start_ms=start, end_ms=end, lines=tuple(texts[number].line for number in numbers))


@importers.register(
    "srt",
    suffix=".srt",
    card=Card(summary="Corrected SubRip subtitles: speech as subject.utterance, screen text as diss.overlay.text."),
)
def corrections(
    file: BinaryIO,
    onto: Storyboard,
    *,
    what: Literal["speech", "screen"] = "speech",
    missing: Literal["keep", "remove"] = "keep",
    line_chars: int | None = None,
    lines: int = 2,
    longest_s: float = 7.0,
    shortest_s: float = 0.8,
    pause_s: float = 0.5,
) -> Iterator[Correction]:
    """Yield what a person changed; cues are recognised by text and time, since the format carries no ids.

    Args:
        file: SubRip in UTF-8.
        onto: the storyboard that was exported.
        what: what the export held.
        missing: whether a cue that is not there any more was removed, or the file just is a part.
        line_chars, lines, longest_s, shortest_s, pause_s: as in the export.

    Raises SchemaError, with the line, for a file that is not SubRip.
    """
    cues = list(read(file))
    if what == "screen":
        return rewritten(cues, onto, remove=missing == "remove")
    rules = rules_for(
        onto, line_chars=line_chars, lines=lines, longest_s=longest_s, shortest_s=shortest_s, pause_s=pause_s
    )
    return respoken(cues, onto, rules, remove=missing == "remove")

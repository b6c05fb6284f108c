"""Captions: speech that cannot be followed without sound."""

from __future__ import annotations

from collections.abc import Iterator

from sestina.core.card import Card
from sestina.core.storyboard import Unit
from sestina.report.lint.case import Case
from sestina.report.lint.finding import Finding, Severity
from sestina.report.lint.lint import rules

SCORE, HEARD, KIND = "diss.sound_off_score", "aes.audio.dominant", "diss.overlay.kind"
SUBTITLES = ("subtitle_full", "subtitle_phrase", "subtitle_word_karaoke")
SPOKEN = ("speech", "mixed")
LEAST = 0.5
"""Share of speech that must stand on screen: a choice, not a measurement."""
SPEECH_MIN_S = 1.0
"""Less speech than this is an exclamation."""
HINT = "add captions"


@rules.register(
    "captions",
    card=Card(
        summary="Something is said, and less than half of it can be read.",
        source="own; `diss.sound_off_score`; WCAG 2.2 success criterion 1.2.2 asks for captions",
    ),
)
class Captions:
    """Looks for speech without captions: by the words where they were recognised, else by the voice."""

    severity: Severity = "warning"

    def __call__(self, case: Case) -> Iterator[Finding]:
        """Yield at most one finding."""
        if case.board.media.video is None or case.board.media.audio is None:
            return
        score = case.value(SCORE)
        voices = [unit for unit in case.said(HEARD) if unit.label in SPOKEN]
        speech_s = sum(unit.span.duration_s for unit in voices)
        if score is not None and score.value is not None:
            if score.value < LEAST:
                message = f"{score.value:.0%} of what is said can be read on screen"
                yield case.finding(message, HINT, score, *_captions(case), span=case.whole)
        elif not voices and not case.examined("speech", "voice", HEARD):
            yield case.unjudged("whether anything is said", "analyze the video with its sound", HEARD, SCORE,
                                stages=("speech", "voice"))  # fmt: skip
        elif (speech_s >= SPEECH_MIN_S or case.board.transcript.words) and not _captions(case):
            yield self._without(case, voices, speech_s)

    def _without(self, case: Case, voices: list[Unit], speech_s: float) -> Finding:
        """Return that nothing written stands beside a voice, or that no text was read."""
        if case.examined("ocr", KIND):
            return case.finding(f"somebody speaks for {speech_s:.1f} s and no caption was found", HINT, *voices,
                                span=case.whole)  # fmt: skip
        return case.unjudged("whether what is said can be read; no text was read",
                             "analyze the video without skipping ocr", KIND, stages=("ocr",), units=voices)  # fmt: skip


def _captions(case: Case) -> list[Unit]:
    return [unit for unit in case.said(KIND) if unit.label in SUBTITLES]

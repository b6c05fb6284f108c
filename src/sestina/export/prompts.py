"""Prompts: every shot told in words, by a template with a version, for whatever makes pictures from words.

Nothing here is tuned to, or tested with, one model; a template is a data file that anybody can write.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from typing import Any, BinaryIO

from sestina.core import vocabulary
from sestina.core.card import Card
from sestina.core.profiles import aspect_of
from sestina.core.registry import exporters
from sestina.core.storyboard import Storyboard
from sestina.export._json import line
from sestina.export._template import Template, load
from sestina.export._told import Told, said, shot_facts, shots

QUOTED = 120
"""Letters of a text that a prompt quotes."""


@exporters.register(
    "prompts-text",
    suffix=".prompts.txt",
    card=Card(summary="One line a shot: what it shows and how, in the words of a template."),
)
def prompts_text(storyboard: Storyboard, file: BinaryIO, *, template: str = "plain") -> None:
    """Write one prompt a line: line n is shot n.

    Args:
        storyboard: with video.
        file: where to.
        template: name of a built-in template, or path of a YAML file.
    """
    found = load(template)
    for told in shots(storyboard):
        file.write((_Prompt(storyboard, told, found).text + "\n").encode())


@exporters.register(
    "prompts-jsonl",
    suffix=".prompts.jsonl",
    card=Card(summary="One JSON object a shot: its prompt, times, frames, the template's version and the units used."),
)
def prompts_jsonl(storyboard: Storyboard, file: BinaryIO, *, template: str = "plain") -> None:
    """Write one JSON object a line; options as in `prompts-text`."""
    found = load(template)
    for row in _rows(storyboard, found):
        file.write((line(row) + "\n").encode())


def _rows(board: Storyboard, template: Template) -> Iterator[dict[str, Any]]:
    for told in shots(board):
        prompt = _Prompt(board, told, template)
        yield {
            **shot_facts(told.shot),
            "prompt": prompt.text,
            "template": template.id,
            "template_version": template.version,
            "units": prompt.units,
        }


class _Prompt:
    """One shot in the words of a template, and the ids of the units that the words come from."""

    def __init__(self, board: Storyboard, told: Told, template: Template) -> None:
        self._board = board
        self._told = told
        self._template = template
        self._behind: dict[str, list[str]] = {}
        self.text, names = template.told(self._known)
        self.units = list(dict.fromkeys(unit for name in names for unit in self._behind.get(name, ())))

    def _known(self, name: str) -> str | None:
        """Return what a template's name stands for in this shot."""
        told = self._told
        if name == "seconds":
            return f"{told.shot.unit.span.duration_s:g}"
        if name == "aspect":
            video = self._board.media.video
            return None if video is None else aspect_of(video.display_width, video.display_height)
        if name == "said":
            return quoted(told.said) if told.said else None
        if name == "texts":
            self._behind[name] = [one.unit for one in told.texts if one.unit is not None]
            return ", ".join(quoted(one.text) for one in told.texts if one.text.strip()) or None
        if name == "speed":
            return self._claim("camera.speed", name) if self._moves() else None
        return self._claim(name, name)

    def _claim(self, facet: str, name: str) -> str | None:
        unit = next(iter(self._told.claims(facet)), None)
        if unit is None:
            return None
        self._behind[name] = [unit.id]
        if unit.label is not None:
            return self._template.word(facet, unit.label)
        claim = said(unit)
        return plain(claim) if isinstance(claim, str) else None if claim is None else f"{claim:g}"

    def _moves(self) -> bool:
        """Whether the movement that is told is one: a speed of a camera that stands still is none."""
        labels = [unit.label for unit in self._told.claims("camera.movement")[:1] if unit.label is not None]
        facet = vocabulary.facet("camera.movement")
        return any("static" not in (label, *facet.ancestors(label)) for label in labels)


def plain(text: str) -> str:
    """Return a text on one line without control characters, cut to a quotable length."""
    words = " ".join("".join(" " if unicodedata.category(letter) == "Cc" else letter for letter in text).split())
    return words if len(words) <= QUOTED else words[: QUOTED - 1] + "…"


def quoted(text: str) -> str:
    """Return a text on one line in quotation marks; marks inside are turned into single ones."""
    return '"' + plain(text).replace('"', "'") + '"'

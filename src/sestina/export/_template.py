"""Prompt templates: data files that say in which words a shot is told, so that wording has a version of its own."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from sestina.core import vocabulary
from sestina.core.errors import DocumentError, SestinaError, unknown

FOLDER = Path(__file__).with_name("templates")
NAME = re.compile(r"\{([\w.]+)\}")
SPECIAL = ("texts", "said", "speed", "seconds", "aspect")
"""Names that are no facets."""


class Template(BaseModel):
    """How a shot is told.

    Args:
        id, version, date, note: which wording this is.
        join, end: what stands between the parts, and behind the last.
        parts: each is told by the first of its wordings whose every name is known.
        words: facet to label to how it is called; None: it is not told.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    version: str
    date: str
    note: str = ""
    join: str = ", "
    end: str = ""
    parts: Annotated[tuple[tuple[str, ...], ...], Field(min_length=1)]
    words: dict[str, dict[str, str | None]] = {}

    def told(self, known: Callable[[str], str | None]) -> tuple[str, tuple[str, ...]]:
        """Return the prompt and the names it used; `known` gives what a name stands for, or None."""
        parts = [found for wordings in self.parts if (found := _part(wordings, known)) is not None]
        text = self.join.join(words for words, _ in parts)
        names = tuple(name for _, used in parts for name in used)
        return (text[:1].upper() + text[1:] + self.end if text and self.end else text), names

    def word(self, facet: str, label: str) -> str | None:
        """Return what a label is called: its own word, else its own name in plain letters; None: it is not told."""
        named = self.words.get(facet, {})
        return named[label] if label in named else label.rpartition(".")[2].replace("_", " ")


def _part(wordings: Sequence[str], known: Callable[[str], str | None]) -> tuple[str, list[str]] | None:
    """Return the first wording whose every name is known, filled in, and its names."""
    for wording in wordings:
        values = {name: known(name) for name in NAME.findall(wording)}
        if all(values.values()):
            # Put together from pieces, so that braces in a text are never taken for names.
            pieces = NAME.split(wording)
            words = (str(values[piece]) if number % 2 else piece for number, piece in enumerate(pieces))
            return "".join(words), list(values)
    return None


def load(name: str) -> Template:
    """Return the built-in template of that name, or the one in the file of that path (ending in .yaml).

    Raises UnknownComponent with the nearest names, SestinaError for a file that cannot be read, and DocumentError for
    one that is no template, or that names unknown facets or labels.
    """
    is_file = name.endswith((".yaml", ".yml"))
    if not is_file and name not in names():
        raise unknown("template", name, names())
    path = Path(name) if is_file else FOLDER / f"{name}.yaml"
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SestinaError(f"cannot read the template {name!r}: {error}", hint="check the path") from error
    return _parsed(text, path.name)


def names() -> tuple[str, ...]:
    """Return the names of the built-in templates."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.yaml")))


def _parsed(text: str, where: str) -> Template:
    import yaml

    hint = "see docs/exports/generation.md for what a template holds"
    try:
        found = Template.model_validate(yaml.safe_load(text))
    except (ValidationError, yaml.YAMLError) as error:
        raise DocumentError(f"{where}: not a prompt template: {error}", hint=hint) from error
    used = {name for part in found.parts for wording in part for name in NAME.findall(wording)} - set(SPECIAL)
    for facet in sorted(used | set(found.words)):
        for label in found.words.get(facet, {}):
            vocabulary.facet(facet).canonical(label)
        vocabulary.facet(facet)
    return found

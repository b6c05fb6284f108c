"""Every error Sestina raises on purpose, and what to do about each.

    SestinaError                 .hint says what to do next, .exit_code is the command line's: 2
    ├── MediaError               a file or stream: 3
    │   ├── OpenError            missing, unreadable, not a video
    │   ├── DecodeError          opened, but the content is damaged
    │   ├── SeekError            no frame at the time asked for
    │   └── EmptyError           opened, but there is nothing in it
    ├── ComponentError           a name in a registry
    │   ├── UnknownComponent     with the nearest names
    │   ├── DuplicateComponent
    │   ├── MissingExtra         names the extra that brings it
    │   └── MissingFont          no font here can draw a text; names the letters
    ├── QueryError               an expression over labels; names the column
    └── DocumentError            a storyboard
        ├── SchemaError          unknown or newer version, damaged JSON
        ├── InvariantError       carries every broken rule with its unit's id
        └── ScriptError          a script that cannot be rendered; carries every reason with its unit's id

Mistakes of the programmer stay `TypeError` and `ValueError`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches


class SestinaError(Exception):
    """Base of all errors raised on purpose.

    On the command line 1 means findings, so what could not be done ends with 2, as with `diff` and `grep`.

    Args:
        message: what happened, with the value received.
        hint: what the reader can do next; shown on its own line by the command line.
    """

    exit_code = 2

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class MediaError(SestinaError):
    """A media file or stream could not be used."""

    exit_code = 3


class OpenError(MediaError):
    """The file is missing, unreadable, or not a media file."""


class DecodeError(MediaError):
    """The file opened, but its content is damaged."""


class SeekError(MediaError):
    """There is no frame at the time that was asked for."""


class EmptyError(MediaError):
    """The file opened, but holds no picture or sound."""


class ComponentError(SestinaError):
    """A name could not be resolved to a component."""


class UnknownComponent(ComponentError):
    """No component, facet or label has that name."""


class DuplicateComponent(ComponentError):
    """Two components claim one name."""


class MissingExtra(ComponentError):
    """A component needs a package that an optional extra installs."""


class MissingFont(ComponentError):
    """No font of this machine can draw a text, or Pillow cannot join its letters."""


class QueryError(SestinaError):
    """An expression over labels cannot be read.

    Args:
        column: where in the expression, from 1.
    """

    def __init__(self, message: str, *, hint: str = "", column: int) -> None:
        super().__init__(message, hint=hint)
        self.column = column


class DocumentError(SestinaError):
    """A storyboard document could not be used."""


class SchemaError(DocumentError):
    """The document is not valid JSON, not a storyboard, or of an unknown version."""


class InvariantError(DocumentError):
    """The document breaks rules of SV6D.

    Args:
        problems: one line per broken rule, each beginning with the unit's id.
    """

    def __init__(self, problems: Sequence[str]) -> None:
        shown = "; ".join(problems[:3]) + (f"; and {len(problems) - 3} more" if len(problems) > 3 else "")
        super().__init__(f"{len(problems)} broken invariant(s): {shown}")
        self.problems = tuple(problems)


class ScriptError(DocumentError):
    """A script contradicts itself or asks for what cannot be rendered.

    Args:
        problems: one line per reason, each beginning with the unit's id or the field's path.
    """

    def __init__(self, problems: Sequence[str], *, hint: str = "") -> None:
        shown = "; ".join(problems[:3]) + (f"; and {len(problems) - 3} more" if len(problems) > 3 else "")
        super().__init__(f"the script cannot be rendered: {shown}", hint=hint)
        self.problems = tuple(problems)


def unknown(kind: str, name: str, known: Iterable[str]) -> UnknownComponent:
    """Return the error for an unknown name, listing the nearest three known ones."""
    names = sorted(known)
    near = get_close_matches(name, names, n=3, cutoff=0.4) or names[:3]
    return UnknownComponent(f"unknown {kind} {name!r}", hint=f"nearest: {', '.join(near)}" if near else "none is known")

"""Storyboards as the command line is given them: documents and folders of them, read with errors that name the file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sestina.core.errors import DocumentError, SestinaError
from sestina.core.storyboard import Storyboard

SUFFIX = ".sv6d.json"


def documents(given: Sequence[Path]) -> list[Path]:
    """Return every document that is named, and those in folders by name, each once.

    Raises SestinaError for a folder without any.
    """
    found: list[Path] = []
    for path in given:
        inside = sorted(one for one in path.rglob(f"*{SUFFIX}") if one.is_file()) if path.is_dir() else [path]
        if not inside:
            raise SestinaError(f"{str(path)!r} holds no {SUFFIX} file", hint="make some with `sestina analyze`")
        found += inside
    return list({path.absolute(): path for path in found}.values())


def read(path: Path) -> Storyboard:
    """Return the storyboard in a file. Raises SestinaError, with the file's name."""
    try:
        return Storyboard.from_json(path.read_bytes())
    except OSError as error:
        hint = "make one with `sestina analyze`" if not path.exists() else ""
        raise SestinaError(f"cannot read {str(path)!r}: {error.strerror}", hint=hint) from error
    except DocumentError as error:
        raise type(error)(f"{path}: {error}", hint=error.hint) from error


def video_of(path: Path, board: Storyboard) -> Path | None:
    """Return the video of a document: where it says, from here or from its own folder, or beside it by name."""
    media = board.media
    places = (Path(media.path), path.parent / media.path, path.parent / media.name)
    return next((place for place in places if place.is_file()), None)

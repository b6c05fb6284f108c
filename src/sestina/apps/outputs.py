"""What a command writes: a file, a folder or stdout, whole or not at all, and nothing taken away unasked."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from sestina.core.errors import SestinaError
from sestina.core.files import is_special


def refuse_loss(target: Path, needed: Sequence[Path], *, folder: bool, replace: bool, force: bool) -> None:
    """Raise SestinaError where writing `target` would take away what the user may want to keep, or cannot be done.

    Args:
        target: a file, a folder, or `-` for stdout.
        needed: files that are still needed, whatever is forced: what the export is made of.
        folder: whether a folder is written.
        replace: whether a file that is there may be replaced.
        force: the same, also for a folder that holds something.
    """
    try:
        _refuse_loss(target, needed, folder=folder, replace=replace, force=force)
    except OSError as error:
        raise SestinaError(f"cannot write {str(target)!r}: {error.strerror}", hint="choose another -o") from error


def _refuse_loss(target: Path, needed: Sequence[Path], *, folder: bool, replace: bool, force: bool) -> None:
    if str(target) == "-" or is_special(target):
        if folder:
            raise SestinaError("this format writes a folder, which cannot go to a stream", hint="name one with -o")
        return
    here = target.resolve()
    for path in needed:
        if here == path.resolve() or (folder and here in path.resolve().parents):
            raise SestinaError(f"{str(target)!r} would take the place of {str(path)!r}", hint="choose another -o")
    if folder and target.is_dir():
        if here == Path.cwd() or here in Path.cwd().parents:
            raise SestinaError(f"{str(target)!r} is where you are", hint="name a new folder with -o")
        if not force and any(target.iterdir()):
            raise SestinaError(f"{str(target)!r} is not empty", hint="choose another -o, or --force to replace it")
    elif target.exists() and folder != target.is_dir():
        is_folder = "a folder" if target.is_dir() else "a file"
        raise SestinaError(f"{str(target)!r} is {is_folder} already", hint="choose another -o")
    elif target.exists() and not (replace or force):
        raise SestinaError(f"{str(target)!r} is there already", hint="name it with -o, or --force to replace it")


@contextmanager
def opened(target: Path, *, folder: bool) -> Iterator[Any]:
    """Give a binary file that can be sought in, or an empty folder, which takes its name when all was written.

    Raises SestinaError where it cannot be written; then what was there before still is.
    """
    if str(target) == "-" or is_special(target):
        with tempfile.TemporaryFile() as stream:
            yield stream
            stream.seek(0)
            _pour(stream, target)
        return
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        made = Path(tempfile.mkdtemp(prefix=f".{target.name[:40]}.", suffix=".part", dir=target.parent))
    except OSError as error:
        raise SestinaError(f"cannot write {str(target)!r}: {error.strerror}", hint="choose another -o") from error
    inside = made / "new"
    try:
        if folder:
            inside.mkdir()
            yield inside
        else:
            with inside.open("wb") as stream:
                yield stream
        _named(inside, target, made / "old")
    except OSError as error:
        raise SestinaError(f"cannot write {str(target)!r}: {error.strerror or error}", hint="is there room?") from error
    finally:
        shutil.rmtree(made, ignore_errors=True)


def _named(inside: Path, target: Path, old: Path) -> None:
    """Give what was written its name; a folder of that name steps aside first and comes back if that fails."""
    if not inside.is_dir() or not target.exists():
        inside.replace(target.resolve())
        return
    target.replace(old)
    try:
        inside.replace(target)
    except OSError:
        old.replace(target)
        raise


def _pour(stream: BinaryIO, target: Path) -> None:
    """Copy a finished file to stdout, a pipe or a device."""
    if str(target) == "-":
        shutil.copyfileobj(stream, sys.stdout.buffer)
        sys.stdout.buffer.flush()
        return
    try:
        with target.open("wb") as out:
            shutil.copyfileobj(stream, out)
    except OSError as error:
        raise SestinaError(f"cannot write {str(target)!r}: {error.strerror}", hint="choose another -o") from error

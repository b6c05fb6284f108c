"""Writing a file so that a reader sees all of it or none of it."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from sestina.core.errors import SestinaError


def write_atomically(path: Path, data: bytes) -> None:
    """Write `data` to a temporary file beside `path`, then rename it into place; to a pipe or device as it is.

    Raises SestinaError (a full disk, no permission, a missing folder) and leaves no partial file behind.
    """
    temporary = None
    try:
        if is_special(path):
            path.write_bytes(data)
            return
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:40]}.", suffix=".part")
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
        os.chmod(temporary, 0o666 & ~_umask())
        os.replace(temporary, path)
    except OSError as error:
        if temporary is not None and os.path.exists(temporary):
            os.unlink(temporary)
        reason = error.strerror or str(error)
        raise SestinaError(
            f"cannot write {str(path)!r}: {reason}", hint="free some space or choose another -o"
        ) from error


def is_special(path: Path) -> bool:
    """Return whether a path is a pipe or a device, such as `/dev/null`, whose place no file may take."""
    return path.exists() and not path.is_file() and not path.is_dir()


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask

"""`sestina.toml`: which model labels and answers, where it is, and what it is shown, for flags that are not given.

    model = "http:qwen3-vl"
    base_url = "http://127.0.0.1:8000/v1"
    frames = 32
    selector = "schedule"
    cache = ".sestina-replies"
    facets = ["mascot.yaml"]

The file is looked for in the working folder and in those above it; `--config` names another. It never holds a key.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from sestina.core.errors import SestinaError, unknown
from sestina.core.registry import selectors
from sestina.pipeline.ask import FRAMES

NAME = "sestina.toml"


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What the file says; "" and None where it says nothing.

    Args:
        model: `kind` or `kind:name`.
        base_url: address of the model's server.
        device: for local models.
        frames: that a model is shown at most.
        selector: how they are chosen.
        cache: folder of kept replies; None: beside each document.
        facets: files that define facets of the user's.
    """

    model: str = ""
    base_url: str = ""
    device: str = ""
    frames: int = FRAMES
    selector: str = "schedule"
    cache: Path | None = None
    facets: tuple[Path, ...] = ()


def settings(config: Path | None, **given: Any) -> Settings:
    """Return the settings: what was given on the command line (not None, not ""), else the file's, else the defaults.

    Args:
        config: the file; None: `sestina.toml` here or above, where there is one.
        given: settings by name.

    Raises SestinaError for a file that cannot be read, UnknownComponent for a name that is no setting.
    """
    path = config if config is not None else _found()
    said = {} if path is None else _read(path)
    return Settings(**{**said, **{name: value for name, value in given.items() if value not in (None, "")}})


def _found() -> Path | None:
    here = Path.cwd()
    return next((folder / NAME for folder in (here, *here.parents) if (folder / NAME).is_file()), None)


def _read(path: Path) -> dict[str, Any]:
    try:
        said = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SestinaError(f"cannot read {str(path)!r}: {error.strerror}", hint="check --config") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SestinaError(f"{path}: not TOML: {error}", hint='model = "http:name"') from error
    known = [field.name for field in fields(Settings)]
    for name, value in said.items():
        if name not in known:
            raise unknown(f"setting of {path}", name, known)
        good, wanted = KINDS.get(name, KINDS[""])
        if not good(value):
            raise SestinaError(f"{path}: {name} is {wanted}, not {value!r}", hint="see docs/ask.md")
    if "selector" in said:
        selectors.get(said["selector"])
    if "cache" in said:
        said["cache"] = path.parent / said["cache"]
    if "facets" in said:
        said["facets"] = tuple(path.parent / one for one in said["facets"])
    return said


KINDS: dict[str, tuple[Callable[[Any], bool], str]] = {
    "frames": (lambda value: type(value) is int and value > 0, "a number of at least 1"),
    "facets": (lambda value: isinstance(value, list) and all(isinstance(one, str) for one in value), "a list of files"),
    "": (lambda value: isinstance(value, str), "a text in quotes"),
}
"""Setting to what its value must be, in words; the last is that of all others."""

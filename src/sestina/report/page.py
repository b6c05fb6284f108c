"""The page: one HTML file with everything in it, that asks nothing of the network."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path

from sestina.core.errors import SestinaError
from sestina.core.files import write_atomically
from sestina.core.storyboard import Storyboard
from sestina.core.track import Track
from sestina.report.curves import load_tracks
from sestina.report.frames import Stills, take_stills
from sestina.report.payload import as_script, payload
from sestina.report.script import joined
from sestina.report.video import EMBED_BYTES, Film, find_film

STYLES = ("base", "player", "cards", "timeline", "inspector", "list", "print")


def write_report(
    board: Storyboard,
    path: Path,
    *,
    video: str | Path | None = None,
    tracks: Mapping[str, Track] | None = None,
    side: Path | None = None,
    embed_bytes: int = EMBED_BYTES,
) -> None:
    """Write `board` to `path` as one self-contained HTML page; the same input gives the same bytes.

    Args:
        board: the document.
        path: where the page goes.
        video: the video, when it is not where the document says. Without it the page has no pictures, and says so.
        tracks: the numbers; None: read from the file that the document names, in the folder `side`. Without them
            curves are left out, and the page says so.
        side: folder of the document's side file.
        embed_bytes: a video up to this size is carried inside the page where browsers can play it; a larger one is
            linked by its relative path.

    Raises SestinaError when the page cannot be written.
    """
    path = Path(path)
    film = find_film(board, path, video, side, embed_bytes)
    stills, problem = _stills(board, film)
    if tracks is None:
        tracks = load_tracks(board, side)
    numbers = "" if tracks is not None else "The measured numbers are not at hand, so there are no curves."
    notes = [note for note in (film.note, problem, numbers) if note]
    data = payload(board, film=film, stills=stills, tracks=tracks, notes=notes)
    write_atomically(path, page_html(board.media.name, as_script(data), film.data).encode("utf-8", "backslashreplace"))


def _stills(board: Storyboard, film: Film) -> tuple[Stills, str]:
    if film.path is None:
        return Stills(), ""
    try:
        return take_stills(board, film.path, sharp_strip=not film.playable), ""
    except SestinaError as error:
        return Stills(), f"The page is without pictures: {error}."


def page_html(title: str, data: str, film: str = "") -> str:
    """Return the page's HTML.

    Args:
        title: of the document window.
        data: the payload, made inert by `as_script`.
        film: base64 of the video, or nothing.
    """
    from jinja2 import Environment

    folder = files("sestina.report") / "template"
    style = "\n".join((folder / f"{name}.css").read_text(encoding="utf-8") for name in STYLES)
    modules = [entry for entry in folder.iterdir() if entry.name.endswith(".js")]
    script = joined({entry.name.removesuffix(".js"): entry.read_text(encoding="utf-8") for entry in modules})
    template = Environment(autoescape=True, keep_trailing_newline=True).from_string(
        (folder / "page.html.jinja").read_text(encoding="utf-8")
    )
    return template.render(
        title=title,
        data=data,
        film=film,
        style=style,
        script=script,
        style_hash=source_hash(style),
        script_hash=source_hash(script),
    )


def source_hash(text: str) -> str:
    """Return the CSP source expression that lets this very text run, and nothing else."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()

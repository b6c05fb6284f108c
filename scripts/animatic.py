"""Draw docs/images/animatic.png: a sketch, the frames rendered from it, and the storyboard recovered from the video.

    python -m scripts.animatic
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageDraw

from sestina.core.storyboard import Storyboard, Unit
from sestina.pipeline.analyze import measure
from sestina.render.packaging.fonts import face_for, opened
from sestina.render.plan import plan
from sestina.render.render import Film, render
from sestina.render.script import Script

ROOT = Path(__file__).parents[1]
SKETCH, PICTURE = ROOT / "docs/examples/habits.json", ROOT / "docs/images/animatic.png"
WIDTH, LEFT, LANE, FRAMES = 1600, 190, 34, 8
PAPER, INK, SOFT = (250, 249, 246), (34, 36, 44), (128, 130, 138)
LANES = (
    ("edit.shot", "shots", (196, 215, 232)), ("edit.transition", "edits", (47, 134, 201)),
    ("camera.movement", "camera", (63, 155, 92)), ("diss.overlay.kind", "overlays", (201, 84, 156)),
)  # fmt: skip


def main() -> None:
    """Plan, render, analyze, draw."""
    script = plan(json.loads(SKETCH.read_text("utf-8"))).script
    with tempfile.TemporaryDirectory() as folder:
        video = Path(folder) / "habits.mp4"
        gold = render(script, video)
        found = measure(video).storyboard
    sheet = Image.new("RGB", (WIDTH, 24 + 2 * (40 + LANE * len(LANES)) + 138), PAPER)
    pen = ImageDraw.Draw(sheet)
    below = _lanes(pen, 16, "asked for", gold)
    below = _frames(sheet, below + 8, script)
    _lanes(pen, below + 8, "recovered", found)
    sheet.save(PICTURE, optimize=True)


def _lanes(pen: Any, top: int, title: str, board: Storyboard) -> int:
    """Draw one storyboard's lanes from `top` down; return where they end, pixels."""
    pen.text((18, top), title, INK, _font(20))
    scale = (WIDTH - LEFT - 20) / board.media.duration_s
    for facet, name, tone in LANES:
        top += LANE
        pen.text((18, top + 5), name, SOFT, _font(17))
        for unit in board.units(facet=facet):
            if unit.status != "abstain" and unit.label not in ("start", "end", "locked", "static"):
                _bar(pen, unit, LEFT, top, scale, tone)
    return top + LANE + 6


def _bar(pen: Any, unit: Unit, left: int, top: int, scale: float, tone: tuple[int, int, int]) -> None:
    x0, x1 = left + unit.span.start_s * scale, left + unit.span.end_s * scale
    pen.rounded_rectangle((x0 + 1, top + 3, max(x1 - 1, x0 + 5), top + LANE - 3), 4, fill=tone)
    words = "" if unit.facet == "edit.shot" else unit.text or str(unit.label)
    light = INK if unit.facet in ("edit.shot", "edit.transition") else PAPER
    pen.text((x1 + 5 if unit.facet == "edit.transition" else x0 + 8, top + 7), words, light, _font(16))


def _frames(sheet: Any, top: int, script: Script) -> int:
    """Paste frames of the clip in a row; return where they end, pixels."""
    film = Film(script)
    wide = (WIDTH - LEFT - 20) // FRAMES
    high = round(wide * script.height / script.width)
    for k in range(FRAMES):
        picture = film.picture(int((k + 0.5) / FRAMES * film.timeline.frame_count))
        small = Image.fromarray(np.ascontiguousarray(picture)).resize((wide - 4, high))
        sheet.paste(small, (LEFT + k * wide, top))
    return top + high


def _font(size: int) -> Any:
    return opened(face_for("animatic", weight="regular"), size)


if __name__ == "__main__":
    main()

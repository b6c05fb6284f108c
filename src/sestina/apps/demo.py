"""The demo: a rendered clip, its storyboard and its page, without any file of the user's."""

from __future__ import annotations

from pathlib import Path

from sestina.apps import console
from sestina.core.storyboard import Storyboard
from sestina.pipeline.analyze import measure, summary
from sestina.render.demo import demo_script
from sestina.render.render import render
from sestina.report.page import write_report


def run_demo(folder: Path, seed: int) -> Storyboard:
    """Write `demo.mp4`, its gold, `demo.sv6d.json` and `demo.html` into `folder`; return the storyboard."""
    clip, document, page = folder / "demo.mp4", folder / "demo.sv6d.json", folder / "demo.html"
    with console.stage_bars("demo") as bars:
        render(demo_script(seed), clip, folder / "demo.gold.json", progress=bars)
        analysis = measure(clip, progress=bars)
        board = analysis.save(document)
        write_report(board, page, video=str(clip), tracks=analysis.tracks)
    found = summary(board)
    counts = ", ".join(f"{count} {dimension}" for dimension, count in found.items())
    console.err.print(f"found {len(board.shots)} shots and {sum(found.values())} units: {counts}", soft_wrap=True)
    console.err.print(f"look at {page} (the storyboard itself is {document})", markup=False, soft_wrap=True)
    return board

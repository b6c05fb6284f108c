"""Every benchmark in one run: shot boundaries, camera movement, overlays, speed and memory.

    python -m benchmarks [--clips FOLDER] [--cuts FILE] [--folder FOLDER] [--quick] [--parts boundaries,speed] [--log]

Prints Markdown, each part as soon as it is done; `--log` also puts it at the top of the log (`--out`, default
docs/log.md) under the date and the facts of the machine. Real clips come from --clips or SESTINA_CLIPS; without them
the parts that need them say so. Rendered sets are kept in --folder and made once. `--quick` shows that everything
runs: fewer clips, shorter videos, one repetition; its figures mean little.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks import boundaries, camera, overlays, speed
from benchmarks.detectors import detectors
from benchmarks.machine import facts, today
from benchmarks.rendered import TEST_SEEDS, camera_set, overlay_set, transitions_set

NO_CLIPS = "Not measured: no folder of real clips was named (--clips or SESTINA_CLIPS)."
QUICK_STEP = 5
QUICK_LENGTHS_S = (10, 30)


@dataclass(frozen=True, kw_only=True)
class Setting:
    """What all parts are told.

    Args:
        clips: folder of real clips, None without.
        cuts: their truth, None without.
        folder: where clips made here are kept.
        quick: whether to do little.
    """

    clips: Path | None
    cuts: Path | None
    folder: Path
    quick: bool

    def size(self, full: int, quick: int) -> int:
        """Return how many of something to do."""
        return quick if self.quick else full

    def place(self, name: str) -> Path:
        """Return the folder of one rendered set."""
        return self.folder / (f"{name}-quick" if self.quick else name)


def real_cuts(given: Setting) -> str:
    """Return the report on hard cuts of real clips."""
    if given.clips is None:
        return NO_CLIPS
    if given.cuts is None:
        return "Not measured: no file of true cuts was named (--cuts), and none lies beside the folder."
    return boundaries.real_report(given.clips, given.cuts, detectors(), given.size(1, QUICK_STEP), boundaries.tell)


def rendered_edits(given: Setting) -> str:
    """Return the report on gradual edits, cuts and tempting shots of a rendered set no threshold was tuned on."""
    seed = TEST_SEEDS[0]
    made = transitions_set(seed, given.place(f"transitions-{seed}"), given.size(72, 9))
    return f"Seed {seed}. " + boundaries.rendered_report(made, detectors(), boundaries.tell)


def camera_movement(given: Setting) -> str:
    """Return the report on rendered camera paths and on tripod clips."""
    seed = TEST_SEEDS[0]
    folder = given.place(f"camera-{seed}")
    camera_set(seed, folder, given.size(80, 16))
    tripod = camera.tripod_report(given.clips) if given.clips else f"## Tripod clips\n\n{NO_CLIPS}"
    return f"{camera.rendered_report(folder)}\n\n{tripod}"


def overlay_text(given: Setting) -> str:
    """Return the report on overlays of a rendered set."""
    seed = TEST_SEEDS[0]
    folder = given.place(f"overlay-{seed}")
    overlay_set(seed, folder, given.size(40, 6))
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        overlays.main([str(folder)])
    return f"Seed {seed}.\n\n```\n{said.getvalue().strip()}\n```"


def analysis_speed(given: Setting) -> str:
    """Return the report on time against decoding alone."""
    return speed.speed(speed.full_hd(given.folder, given.clips), given.size(3, 1))


def peak_memory(given: Setting) -> str:
    """Return the report on memory against length."""
    return speed.memory(given.folder, QUICK_LENGTHS_S if given.quick else speed.LENGTHS_S)


PARTS: dict[str, tuple[tuple[str, Callable[[Setting], str]], ...]] = {
    "boundaries": (("Hard cuts of real clips", real_cuts), ("Edits of rendered clips", rendered_edits)),
    "camera": (("Camera movement", camera_movement),),
    "overlays": (("Overlays", overlay_text),),
    "speed": (("Time of analysis", analysis_speed), ("Peak memory", peak_memory)),
}
"""Headings and reports by part, in order."""


def nested(text: str) -> str:
    """Return a report with its own headings below those given here."""
    return re.sub(r"^#+ ", "#### ", text, flags=re.MULTILINE)


def measured(given: Setting, parts: list[str]) -> str:
    """Return all reports as Markdown, each printed as soon as it is there."""
    texts = []
    for part in parts:
        for heading, report in PARTS[part]:
            boundaries.tell(f"== {heading}")
            began = time.perf_counter()
            text = f"### {heading}\n\n{nested(report(given))}\n"
            boundaries.tell(f"   {time.perf_counter() - began:.0f} s")
            print(text, flush=True)
            texts.append(text)
    return "\n".join(texts)


def log(path: Path, entry: str) -> None:
    """Put an entry above the newest one in the log, below its heading and introduction."""
    old = path.read_text("utf-8") if path.exists() else "# Log of measurements\n"
    intro, mark, rest = old.partition("\n## ")
    path.write_text(f"{intro.rstrip()}\n\n{entry.rstrip()}\n{mark}{rest}", "utf-8")


def command(given: argparse.Namespace) -> str:
    """Return the command as anybody may type it: without the folders of this machine."""
    words = ["python -m benchmarks", *(["--quick"] if given.quick else [])]
    words += [f"--parts {given.parts}"] if given.parts != ",".join(PARTS) else []
    return " ".join(words)


def main() -> None:
    """Measure, print, and log when asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clips", type=Path, help="folder of real clips (default: SESTINA_CLIPS)")
    parser.add_argument("--cuts", type=Path, help="their true cuts (default: cuts.json beside the folder)")
    parser.add_argument("--folder", type=Path, default=Path("out/bench"), help="where clips made here are kept")
    parser.add_argument("--quick", action="store_true", help="do little, to see that everything runs")
    parser.add_argument("--parts", default=",".join(PARTS), help=f"some of {', '.join(PARTS)}")
    parser.add_argument("--log", action="store_true", help="put the results into the log")
    parser.add_argument("--out", type=Path, default=Path("docs/log.md"), help="the log")
    given = parser.parse_args()
    parts = given.parts.split(",")
    if unknown := sorted(set(parts) - set(PARTS)):
        parser.error(f"no part {', '.join(unknown)}; there are {', '.join(PARTS)}")
    given.folder.mkdir(parents=True, exist_ok=True)
    clips = boundaries.clips_of(given.clips)
    cuts = boundaries.cuts_of(given.cuts, clips) if clips else None
    about = facts()
    print(f"{about}\n", flush=True)
    text = measured(Setting(clips=clips, cuts=cuts, folder=given.folder, quick=given.quick), parts)
    if given.log:
        real = " with a folder of real clips" if clips else ""
        log(given.out, f"## {today()}: `{command(given)}`{real}\n\n{about}\n\n{text}")


if __name__ == "__main__":
    main()

"""Shot boundaries against truth, ours and peers in one run: hard cuts of real clips, gradual edits of rendered ones.

    python -m benchmarks.boundaries --clips FOLDER [--cuts cuts.json] [--rendered FOLDER] [--only sestina,ffmpeg]

`FOLDER` may come from SESTINA_CLIPS; the truth is `cuts.json` beside the folder unless named. Prints Markdown. Every
clip goes through all detectors in turn, so that drifts of the machine's speed cancel in the comparison; speeds count
everything from opening the file to the answer.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.detectors import Detector, Spotted, detectors, family, spotted_in, table_of
from benchmarks.overlays import pairs
from benchmarks.rendered import TEST_SEEDS, Clip, transitions_set
from benchmarks.tables import table
from sestina.core.time import Span
from sestina.media.probe import probe
from sestina.objective.boundaries import Tally, Truth, pooled, scored

TOLERANCES = (0, 1, 2)
"""Frames that a cut may be off."""
JUDGED = 1
"""Tolerance of the target, and of every table that shows one only."""
IOU_MIN = 0.5
UNCUT = "uncut"
"""How names of rendered clips without any cut begin."""


@dataclass(frozen=True, kw_only=True)
class Run:
    """What every detector said of one clip and how long each took.

    Args:
        clip: name of the file.
        truth: what it is compared with.
        duration_s: length of the clip.
        said: answers by detector.
        wall_s: seconds by detector.
    """

    clip: str
    truth: Truth
    duration_s: float
    said: dict[str, Spotted]
    wall_s: dict[str, float]

    def score(self, name: str, tolerance: int = JUDGED) -> Tally:
        """Return the score of one detector's cuts."""
        return scored(self.truth, self.said[name].cuts, tolerance)


def is_tuned(clip: str) -> bool:
    """Return whether our detector's weights were learned with that clip in sight: even first byte of SHA-256 of the
    file name. Peers know nothing of this split; their figures on both halves show how hard each half is."""
    return hashlib.sha256(clip.encode()).digest()[0] % 2 == 0


def truths(path: Path) -> dict[str, Truth]:
    """Return the truth of every clip in a file of cuts, in order of name."""
    clips = json.loads(path.read_text("utf-8"))["clips"]

    def stretches(raw: Iterable[Sequence[int]]) -> tuple[tuple[int, int], ...]:
        return tuple((int(first), int(last)) for first, last in raw)

    return {
        name: Truth(
            cuts=tuple(clips[name]["cuts"]),
            gradual=stretches(clips[name]["gradual"]),
            unjudged=stretches(clips[name]["ignore"]),
        )
        for name in sorted(clips)
    }


def run(path: Path, truth: Truth, able: Sequence[Detector]) -> Run:
    """Return what the detectors say of one clip."""
    info = probe(path)
    said, wall_s = {}, {}
    for detector in able:
        began = time.perf_counter()
        said[detector.name] = detector.find(path, info)
        wall_s[detector.name] = time.perf_counter() - began
    return Run(clip=path.name, truth=truth, duration_s=info.duration_s, said=said, wall_s=wall_s)


def speed(runs: Sequence[Run], name: str) -> str:
    """Return how many times faster than real time a detector was, decoding included."""
    spent = sum(one.wall_s[name] for one in runs)
    return f"{sum(one.duration_s for one in runs) / spent:.1f}"


def a_minute(runs: Sequence[Run], name: str) -> str:
    """Return how many cuts a detector calls falsely in a minute of these clips, `-` where there are none."""
    minutes = sum(one.duration_s for one in runs) / 60
    return f"{len(_all(runs, name).false) / minutes:.2f}" if minutes else "-"


def _all(runs: Iterable[Run], name: str, tolerance: int = JUDGED) -> Tally:
    return pooled(one.score(name, tolerance) for one in runs)


def _three(score: Tally) -> str:
    return f"{score.precision:.3f} / {score.recall:.3f} / {score.f1:.3f}"


def _counts(score: Tally) -> str:
    return f"{score.f1:.3f} (-{len(score.missed)} +{len(score.false)})"


def pooled_table(runs: Sequence[Run], able: Sequence[Detector]) -> str:
    """Return the table of all clips together, and of the two halves."""
    halves = [[one for one in runs if is_tuned(one.clip) is half] for half in (True, False)]
    uncut = [one for one in runs if not one.truth.cuts and not one.truth.gradual]
    rows = [
        [
            one.name,
            *(_three(_all(runs, one.name, tolerance)) for tolerance in TOLERANCES),
            *(_counts(_all(half, one.name)) for half in halves),
            a_minute(uncut, one.name),
            speed(runs, one.name),
        ]
        for one in able
    ]
    sizes = [f"{len(half)} clips, {sum(len(one.truth.cuts) for one in half)} cuts" for half in halves]
    head = [
        "hard cuts: P / R / F1, frames off", *(f"±{tolerance}" for tolerance in TOLERANCES),
        f"tuned half ±{JUDGED} ({sizes[0]})", f"held-out half ±{JUDGED} ({sizes[1]})",
        f"false cuts a minute ({len(uncut)} clips without any cut)", "x real time",
    ]  # fmt: skip
    return table(rows, head)


def clip_table(runs: Sequence[Run], able: Sequence[Detector]) -> str:
    """Return a row for every clip that some detector got wrong: cuts missed (-) and falsely called (+)."""
    rows = []
    for one in runs:
        scores = [one.score(detector.name) for detector in able]
        if any(score.missed or score.false for score in scores):
            half = "tuned" if is_tuned(one.clip) else "held out"
            rows.append([one.clip, half, len(one.truth.cuts), *(_wrong(score) for score in scores)])
    rest = f"All detectors are right on the other {len(runs) - len(rows)} clips."
    return table(rows, ["clip", "half", "cuts", *(one.name for one in able)]) + f"\n\n{rest}"


def _wrong(score: Tally) -> str:
    parts = [f"-{len(score.missed)}" if score.missed else "", f"+{len(score.false)}" if score.false else ""]
    return " ".join(part for part in parts if part)


def wrong_frames(runs: Sequence[Run], name: str) -> list[str]:
    """Return a heading and the list of frames at which one detector missed a cut or called one falsely."""
    lines = []
    for one in runs:
        score = one.score(name)
        for word, frames in (("missed", score.missed), ("false", score.false)):
            if frames:
                lines.append(f"* {one.clip}: {word} {', '.join(map(str, frames))}")
    return [f"Hard cuts that {name} got wrong, frames (±{JUDGED}):", "\n".join(lines) or "None."]


def real_report(
    clips: Path, cuts: Path, every: Sequence[Detector], step: int = 1, progress: Callable[[str], None] = lambda _: None
) -> str:
    """Return the Markdown report on real clips; `step` 5 takes every fifth clip only."""
    able = [one for one in every if not one.missing]
    runs, absent = [], []
    for name, truth in list(truths(cuts).items())[::step]:
        if not (clips / name).exists():
            absent.append(name)
            continue
        progress(name)
        runs.append(run(clips / name, truth, able))
    if not runs:
        return f"No clip of the {len(absent)} in {cuts.name} is there."
    total, length_s = sum(len(one.truth.cuts) for one in runs), sum(one.duration_s for one in runs)
    notes = [f"{len(runs)} clips, {length_s:.0f} s, {total} hard cuts; gradual and doubtful stretches are not judged."]
    notes += [f"{one.name} left out: {one.missing}." for one in every if one.missing]
    notes += [f"Not there: {', '.join(absent)}."] if absent else []
    parts = ["\n".join(notes), pooled_table(runs, able), clip_table(runs, able)]
    return "\n\n".join([*parts, *wrong_frames(runs, able[0].name)])


@dataclass(frozen=True, kw_only=True)
class Gradual:
    """One gradual edit of the truth and what a detector made of it.

    Args:
        label: its type.
        iou: intersection over union with the detector's nearest gradual edit, 0 without.
        said: that one's label.
        touched: whether any boundary, cut or gradual, was put inside it.
    """

    label: str
    iou: float
    said: str
    touched: bool


def graduals(true: Spotted, said: Spotted, times_s: Sequence[float]) -> list[Gradual]:
    """Return every gradual edit of the truth with its partner, paired one to one by overlap."""
    ious = [[span.iou(other) for other, _ in said.gradual] for span, _ in true.gradual]
    partner = dict(pairs(ious))
    found = []
    for number, (span, label) in enumerate(true.gradual):
        other = partner.get(number)
        inside = any(span.start_s <= times_s[cut] <= span.end_s for cut in said.cuts if cut < len(times_s))
        iou, name = (ious[number][other], said.gradual[other][1]) if other is not None else (0.0, "")
        found.append(Gradual(label=label, iou=iou, said=name, touched=inside or other is not None))
    return found


def _share(flags: Sequence[bool]) -> str:
    return f"{sum(flags)}/{len(flags)} ({sum(flags) / len(flags):.0%})" if flags else "-"


def gradual_row(found: Sequence[Gradual], knows: bool, types: bool) -> list[str]:
    """Return touched, span, type and family shares; `-` where the detector cannot say."""
    spans = _share([one.iou >= IOU_MIN for one in found]) if knows else "-"
    exact = _share([one.said == one.label for one in found]) if types else "-"
    kin = _share([bool(one.said) and family(one.said) == family(one.label) for one in found]) if types else "-"
    return [_share([one.touched for one in found]), spans, exact, kin]


def rendered_report(clips: Sequence[Clip], every: Sequence[Detector], progress: Callable[[str], None]) -> str:
    """Return the Markdown report on rendered clips with their gold beside them."""
    able = [one for one in every if not one.missing]
    runs: list[Run] = []
    found: dict[str, list[Gradual]] = {one.name: [] for one in able}
    for clip in clips:
        progress(clip.name)
        frames = table_of(probe(clip.video))
        true = spotted_in(clip.board().boundaries, frames)
        runs.append(run(clip.video, truth_of(true, frames.index_at), able))
        for one in able:
            found[one.name] += graduals(true, runs[-1].said[one.name], list(frames.times_s))
    parts = [_summary(runs, found, able), *(_kinds(found[one.name], one.name) for one in able if one.knows_types)]
    return "\n\n".join([*parts, *wrong_frames(runs, able[0].name)])


def truth_of(true: Spotted, index_at: Callable[[float], int]) -> Truth:
    """Return gold in frames."""

    def ends(span: Span) -> tuple[int, int]:
        return index_at(span.start_s), index_at(span.end_s)

    return Truth(cuts=true.cuts, gradual=tuple(ends(span) for span, _ in true.gradual))


def _summary(runs: Sequence[Run], found: dict[str, list[Gradual]], able: Sequence[Detector]) -> str:
    uncut = [one for one in runs if one.clip.startswith(UNCUT)]
    cut = [one for one in runs if not one.clip.startswith(UNCUT)]
    minutes = sum(one.duration_s for one in uncut) / 60
    rows = []
    for one in able:
        lasting = sum(len(each.said[one.name].gradual) for each in uncut)
        rows.append(
            [one.name, *gradual_row(found[one.name], one.knows_gradual, one.knows_types), _three(_all(cut, one.name)),
             a_minute(uncut, one.name),
             f"{lasting / minutes:.2f}" if minutes and one.knows_gradual else "-", speed(runs, one.name)]
        )  # fmt: skip
    count, hard = len(found[able[0].name]), sum(len(one.truth.cuts) for one in runs)
    note = f"{len(runs)} clips: {count} gradual edits, {hard} hard cuts; {minutes:.1f} min without any cut "
    note += "(flashes, whip pans, handheld shake, things passing the lens)."
    head = [
        "gradual edits", "boundary inside", f"span IoU ≥ {IOU_MIN}", "type right", "family right",
        f"hard cuts ±{JUDGED}: P / R / F1", "false cuts a minute, uncut", "false gradual a minute, uncut",
        "x real time",
    ]  # fmt: skip
    return f"{note}\n\n{table(rows, head)}"


def _kinds(found: Sequence[Gradual], name: str) -> str:
    labels = sorted({one.label for one in found})
    rows = []
    for label in labels:
        some = [one for one in found if one.label == label]
        wrong = sorted({one.said or ("a cut" if one.touched else "nothing") for one in some if one.said != label})
        rows.append([label, *gradual_row(some, True, True), ", ".join(wrong)])
    head = [name, "boundary inside", f"span IoU ≥ {IOU_MIN}", "type right", "family right", "said instead"]
    return table(rows, head)


def clips_of(given: Path | None) -> Path | None:
    """Return the folder of real clips: as given, else from SESTINA_CLIPS."""
    named = os.environ.get("SESTINA_CLIPS")
    return given or (Path(named) if named else None)


def cuts_of(given: Path | None, clips: Path) -> Path | None:
    """Return the file of cuts: as given, else `cuts.json` beside the folder where there is one."""
    beside = clips.resolve().parent / "cuts.json"
    return given or (beside if beside.exists() else None)


def tell(text: str) -> None:
    """Say on standard error how far the run is."""
    print(text, file=sys.stderr, flush=True)


def main() -> None:
    """Print the reports."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clips", type=Path, help="folder of real clips")
    parser.add_argument("--cuts", type=Path, help="their truth")
    parser.add_argument("--rendered", type=Path, help="folder of a rendered set, made there when it is not")
    parser.add_argument("--seed", type=int, default=TEST_SEEDS[0], help="seed of the rendered set")
    parser.add_argument("--count", type=int, default=72, help="gradual edits in the rendered set")
    parser.add_argument("--only", default="", help="detectors whose names hold one of these words, comma separated")
    given = parser.parse_args()
    words = given.only.lower().split(",")
    every = [one for one in detectors() if any(word in one.name.lower() for word in words)]
    clips = clips_of(given.clips)
    if clips and (cuts := cuts_of(given.cuts, clips)):
        print(f"## Hard cuts of real clips\n\n{real_report(clips, cuts, every, progress=tell)}\n")
    if given.rendered:
        made = transitions_set(given.seed, given.rendered, given.count)
        print(f"## Edits of rendered clips, seed {given.seed}\n\n{rendered_report(made, every, tell)}")


if __name__ == "__main__":
    main()

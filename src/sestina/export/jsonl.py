"""Rows for trainers of vision-language models, one JSON object a line: questions about a video and their answers.

The rows are one (`_tasks` writes them); each trainer reads them in a form of its own. Formats of ms-swift 4.6,
LLaMA-Factory 0.9.5, TRL 1.16, verl 0.9.1 and EasyR1, as their own readers take them.
"""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Literal

from sestina.core.card import Card
from sestina.core.errors import SestinaError
from sestina.core.registry import exporters
from sestina.core.storyboard import Storyboard
from sestina.export import _corpus as corpus
from sestina.export import _tasks
from sestina.export._json import compact

Json = dict[str, Any]
Media = Literal["video", "frames"]


@dataclass(frozen=True, kw_only=True)
class Row:
    """One question and its answer, before a trainer's form.

    Args:
        question: in words, with the frames that are shown and their times.
        answer: JSON.
        paths: of the video, or of its frames in order of time.
        as_video: which of the two.
        sampling: how the frames were chosen.
        facts: task, template, licence, split and the numbers of the frames: further columns.
    """

    question: str
    answer: str
    paths: tuple[str, ...]
    as_video: bool
    sampling: corpus.Sampling
    facts: Json

    @property
    def asked(self) -> str:
        """The question after the tags that trainers replace by what is seen."""
        return ("<video>" if self.as_video else "<image>" * len(self.paths)) + self.question

    @property
    def seen(self) -> Json:
        """The column with the paths."""
        return {"videos" if self.as_video else "images": list(self.paths)}


def _msswift(row: Row) -> Json:
    turns = [{"role": "user", "content": row.asked}, {"role": "assistant", "content": row.answer}]
    return {"messages": turns, **row.seen, "solution": row.answer, **row.facts}


def _llamafactory(row: Row) -> Json:
    """Frames are one video, given as the list of its pictures."""
    turns = [{"from": "human", "value": f"<video>{row.question}"}, {"from": "gpt", "value": row.answer}]
    return {"conversations": turns, "videos": list(row.paths) if row.as_video else [list(row.paths)], **row.facts}


def _trl(row: Row) -> Json:
    """TRL puts the pictures before the text by itself, and reads no videos."""
    if row.as_video:
        raise SestinaError("the trainers of TRL read pictures, not videos", hint="leave it at --set media=frames")
    turns = {"prompt": ("user", row.question), "completion": ("assistant", row.answer)}
    said = {name: [{"role": role, "content": text}] for name, (role, text) in turns.items()}
    return {**said, "images": list(row.paths), "solution": row.answer, **row.facts}


def _verl(row: Row) -> Json:
    how = {"fps": row.sampling.fps, "max_frames": row.sampling.most}
    video = [{"video": path, **how} for path in row.paths]
    return {
        "data_source": "sestina",
        "prompt": [{"role": "user", "content": row.asked}],
        **({"videos": video} if row.as_video else {"images": [{"image": path} for path in row.paths]}),
        "ability": row.facts["task"],
        "reward_model": {"style": "rule", "ground_truth": row.answer},
        "extra_info": row.facts,
    }


def _easyr1(row: Row) -> Json:
    return {"problem": row.asked, "answer": row.answer, **row.seen, **row.facts}


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What is asked, of which units, how the video is shown, and how the rows are filed: see `_exporter`."""

    tasks: tuple[_tasks.Task, ...]
    statuses: frozenset[str]
    min_confidence: float
    media: Media
    sampling: corpus.Sampling
    side: int
    root: str
    shares: corpus.Shares
    license: str
    shard_mb: int

    @property
    def options(self) -> Json:
        """The options as they were given."""
        return {
            "tasks": [task.name for task in self.tasks], "statuses": sorted(self.statuses),
            "min_confidence": self.min_confidence, "media": self.media, "fps": self.sampling.fps,
            "max_frames": self.sampling.most, "side": self.side, "root": self.root, "val": self.shares.val,
            "test": self.shares.test, "license": self.license, "shard_mb": self.shard_mb,
        }  # fmt: skip


def _exporter(name: str, form: Callable[[Row], Json], seen: Media) -> Callable[..., None]:
    """Return the exporter of one trainer's form: it takes any number of storyboards, one at a time.

    Its options:

        tasks: names of templates, in a list with commas; default: all.
        statuses: units with these answer; those that abstain never do.
        min_confidence: units at least this sure answer.
        media: whether a row names the video, or its sampled frames, which are then written as JPEG.
        fps, max_frames: frames sampled a second, spread evenly, and most of them of one video.
        side: longer side of a frame, pixels.
        root: folder that paths begin with, as the trainer sees it.
        val, test: shares of videos for validation and for the test.
        license: licence of the videos; default: what each file's tags say.
        shard_mb: size of a file, megabytes.
        video: file of the first storyboard.
        videos: folder with the videos by name.

    A shot of which no frame is shown is not asked about. Storyboards without pictures or answers are left out, and
    named in `dataset.json`. Raises SestinaError for impossible options, a video that is wanted and not found, and a
    corpus of which nothing is left.
    """

    def export(
        storyboards: Iterable[Storyboard],
        folder: Path,
        *,
        tasks: str = "",
        statuses: str = "observed,inferred,provided,human",
        min_confidence: float = 0.0,
        media: Media = seen,
        fps: float = 2.0,
        max_frames: int = 64,
        side: int = 448,
        root: str = "",
        val: float = 0.1,
        test: float = 0.1,
        license: str = "",
        shard_mb: int = 256,
        video: Path | None = None,
        videos: Path | None = None,
    ) -> None:
        """Write `train/00000.jsonl`, `val/...`, `test/...`, `dataset.json`, and `frames/` where they are wanted."""
        plan = Plan(
            tasks=_tasks.named(tasks), statuses=corpus.chosen(statuses), min_confidence=min_confidence, media=media,
            sampling=corpus.Sampling(fps=fps, most=max_frames), side=side, root=root,
            shares=corpus.Shares(val=val, test=test), license=license, shard_mb=shard_mb,
        )  # fmt: skip
        shards = _write(storyboards, folder, name, form, plan, corpus.Videos(video, videos))
        if form is _llamafactory:
            _write_dataset_info(folder, shards)

    return export


FORMS: tuple[tuple[str, Callable[[Row], Json], Media, str], ...] = (
    ("jsonl-msswift", _msswift, "video", "ms-swift: messages, videos or images, and the solution for rewards."),
    ("jsonl-llamafactory", _llamafactory, "video", "LLaMA-Factory: ShareGPT turns, videos, and dataset_info.json."),
    ("jsonl-trl", _trl, "frames", "TRL: conversational prompt and completion with images."),
    ("jsonl-verl", _verl, "video", "verl: prompt, videos or images, reward_model and extra_info."),
    ("jsonl-easyr1", _easyr1, "video", "EasyR1: problem, answer, and videos or images."),
)
for _name, _form, _seen, _summary in FORMS:
    exporters.register(_name, many=True, card=Card(summary=f"Training rows for {_summary}"))(
        _exporter(_name, _form, _seen)
    )


def _write(
    storyboards: Iterable[Storyboard],
    folder: Path,
    name: str,
    form: Callable[[Row], Json],
    plan: Plan,
    videos: corpus.Videos,
) -> corpus.Shards:
    """Write the rows of every storyboard and what was done; return the files and their counts."""
    left_out = []
    with corpus.Shards(folder, "{split}/{number:05d}.jsonl", plan.shard_mb) as shards:
        for number, board in enumerate(storyboards):
            table = board.media.frame_table()
            shown = plan.sampling.frames(table)
            found = _tasks.items(board, plan.tasks, plan.statuses, plan.min_confidence)
            asked = _visible(found, corpus.times_of(table, shown))
            if not asked:
                left_out.append(corpus.file_name(board.media))
                continue
            paths: tuple[str, ...] = (corpus.public_path(board.media, plan.root),)
            if plan.media == "frames":
                inside = f"frames/{corpus.key(number, board)}"
                pictures = corpus.stills(board, videos.of(board), shown, plan.side)
                paths = tuple(_written(folder, inside, plan.root, pictures))
            split = plan.shares.split(board.media.sha256)
            for row in _rows(board, plan, asked, shown, paths):
                shards.write(split, _line(form(row)))
    if not any(shards.samples.values()):
        hint = "choose other tasks or statuses; what has no pictures goes into jsonl-units or hf"
        raise SestinaError("nothing that can be asked of these pictures has an answer", hint=hint)
    facts = {"format": name, "version": _tasks.VERSION, "options": plan.options, "left_out": left_out}
    corpus.write_manifest(folder, shards, **facts)
    return shards


def _visible(items: Iterable[_tasks.Item], times_s: Sequence[float]) -> list[_tasks.Item]:
    """Return the items of whose stretch a frame is shown: nobody can answer for what cannot be seen."""
    found = []
    for item in items:
        first, after = bisect_left(times_s, item.span.start_s), bisect_left(times_s, item.span.end_s)
        if first < after:
            found.append(item)
    return found


def _rows(
    board: Storyboard, plan: Plan, items: Iterable[_tasks.Item], shown: Sequence[int], paths: tuple[str, ...]
) -> Iterator[Row]:
    """Yield a row for every item."""
    times = corpus.times_of(board.media.frame_table(), shown)
    text = _shown(board, shown, times)
    facts = {
        "split": plan.shares.split(board.media.sha256), "license": corpus.license_of(board, plan.license),
        "sha256": board.media.sha256, "fps": corpus.rate_of(shown, board.media.span),
        "frame_indices": list(shown), "frame_times_s": times,
    }  # fmt: skip
    for item in items:
        task = {"task": item.task, "template": f"{item.task}/{_tasks.VERSION}"}
        yield Row(
            question=f"{text}\n{item.question}",
            answer=item.answer,
            paths=paths,
            as_video=plan.media == "video",
            sampling=plan.sampling,
            facts={**task, "span": [item.span.start_s, item.span.end_s], **facts},
        )


def _written(folder: Path, inside: str, root: str, pictures: Iterable[tuple[int, bytes]]) -> Iterator[str]:
    """Write the frames of one video and yield their paths as rows name them."""
    (folder / inside).mkdir(parents=True)
    prefix = f"{root.rstrip('/')}/" if root else ""
    for frame, data in pictures:
        (folder / inside / f"{frame:06d}.jpg").write_bytes(data)
        yield f"{prefix}{inside}/{frame:06d}.jpg"


def _shown(board: Storyboard, shown: Sequence[int], times: Sequence[float]) -> str:
    """Return which frames of the video are shown, and when each is: what a model cannot see in the pictures."""
    video, span = board.media.video, board.media.span
    rate = f"{float(video.frame_rate):.6g}{' (variable)' if video.vfr else ''}" if video is not None else "?"
    count = video.frame_count if video is not None else 0
    frames = ", ".join(f"{frame} at {time_s:.3f} s" for frame, time_s in zip(shown, times, strict=True))
    return (
        f"The video runs from {span.start_s:.3f} s to {span.end_s:.3f} s and has {count} frames, {rate} a second. "
        f"Shown are {len(shown)} of them, {corpus.rate_of(shown, span):.3g} a second: {frames}."
    )


def _line(value: Json) -> bytes:
    """Return one line of JSON, free of all that some reader takes for the end of a line."""
    text = compact(value)
    for end in ("\x85", "\u2028", "\u2029"):
        text = text.replace(end, f"\\u{ord(end):04x}")
    return text.encode() + b"\n"


def _write_dataset_info(folder: Path, shards: corpus.Shards) -> None:
    """Write the file by which LLaMA-Factory knows data sets: `sestina_train`, `sestina_val`, `sestina_test`."""
    columns = {"messages": "conversations", "videos": "videos"}
    info = {
        f"sestina_{split}": {"file_name": split, "formatting": "sharegpt", "columns": columns}
        for split in corpus.SPLITS
        if shards.samples[split]
    }
    (folder / "dataset_info.json").write_text(json.dumps(info, indent=1) + "\n", encoding="utf-8")


@exporters.register(
    "jsonl-units",
    suffix=".units.jsonl",
    many=True,
    card=Card(summary="One unit a line, with its video, frames and split: for programs that filter and count."),
)
def units(
    storyboards: Iterable[Storyboard],
    file: BinaryIO,
    *,
    statuses: str = "observed,inferred,provided,human,abstain",
    val: float = 0.1,
    test: float = 0.1,
    license: str = "",
) -> None:
    """Write every unit of these statuses as one line.

    A line has the unit's own fields, the video's `sha256` and `name`, `split`, `license`, and, where there are
    pictures, `frames`: the first frame of its span and the first after it.
    Raises SestinaError for impossible options.
    """
    wanted, shares = corpus.chosen(statuses), corpus.Shares(val=val, test=test)
    for board in storyboards:
        table = board.media.frame_table()
        about = {
            "sha256": board.media.sha256, "name": corpus.file_name(board.media),
            "split": shares.split(board.media.sha256), "license": corpus.license_of(board, license),
        }  # fmt: skip
        for unit in board.canonical().items:
            if unit.status in wanted:
                frames = {} if table is None else {"frames": corpus.frames_of(table, unit.span)}
                file.write(_line({**about, **frames, **unit.model_dump(mode="json", exclude_none=True)}))

"""WebDataset (Aizman et al., 'High performance I/O for large scale deep learning', 2019): tar shards for streaming.

A sample is the files that share a name up to the first dot: `KEY.json`, and one `KEY.NNN.jpg` a frame where frames
are wanted. A tar file is blocks one after the other, so each sample is made as bytes and added to its shard.
"""

from __future__ import annotations

import tarfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Literal

from sestina.core.card import Card
from sestina.core.registry import exporters
from sestina.core.storyboard import Storyboard
from sestina.export import _corpus as corpus
from sestina.export._json import compact

VERSION = "1"
"""Raised whenever what a sample holds changes."""
END = bytes(2 * tarfile.BLOCKSIZE)


@exporters.register(
    "webdataset",
    many=True,
    card=Card(
        summary="Tar shards for streaming into training: one sample a video or a shot, JSON and frames.",
        source="https://github.com/webdataset/webdataset",
    ),
)
def webdataset(
    storyboards: Iterable[Storyboard],
    folder: Path,
    *,
    sample: Literal["video", "shot"] = "video",
    statuses: str = "observed,inferred,provided,human,abstain",
    frames: bool = False,
    fps: float = 2.0,
    max_frames: int = 64,
    side: int = 448,
    val: float = 0.1,
    test: float = 0.1,
    license: str = "",
    shard_mb: int = 256,
    video: Path | None = None,
    videos: Path | None = None,
) -> None:
    """Write `train-000000.tar`, `val-000000.tar`, ... and `dataset.json`.

    Args:
        storyboards: any number, taken one at a time.
        folder: exists and is empty.
        sample: what one sample is.
        statuses: units with these, in a list with commas.
        frames: whether the sampled frames are put in as JPEG; needs the videos.
        fps: frames sampled a second, spread evenly.
        max_frames: most frames sampled of one sample.
        side: longer side of a frame, pixels.
        val: share of videos for validation.
        test: share of videos for the test.
        license: licence of the videos, as a name or an SPDX identifier; default: what each file's tags say.
        shard_mb: size of a shard, megabytes.
        video: file of the first storyboard.
        videos: folder with the videos by name.

    Raises SestinaError for impossible options and a video that is wanted and not found, MediaError for a damaged one.
    """
    shares, sampling = corpus.Shares(val=val, test=test), corpus.Sampling(fps=fps, most=max_frames)
    wanted, found = corpus.chosen(statuses), corpus.Videos(video, videos)
    with corpus.Shards(folder, "{split}-{number:06d}.tar", shard_mb, END) as shards:
        for number, board in enumerate(storyboards):
            split = shares.split(board.media.sha256)
            path = found.of(board) if frames and board.media.video is not None else None
            facts = {"split": split, "license": corpus.license_of(board, license)}
            table = board.media.frame_table()
            for part in corpus.parts(board, sample, wanted):
                key = corpus.key(number, board, part)
                shown = sampling.frames(table, None if part.number is None else part.span)
                seen: dict[str, Any] = {"fps": corpus.rate_of(shown, part.span), "frame_indices": shown}
                seen["frame_times_s"] = corpus.times_of(table, shown)
                members = [("json", _json({**facts, **seen, **_part(board, part)}))]
                if path is not None:
                    pictures = corpus.stills(board, path, shown, side)
                    members += [(f"{place:03d}.jpg", data) for place, (_, data) in enumerate(pictures)]
                shards.write(split, b"".join(_member(f"{key}.{suffix}", data) for suffix, data in members))
    options = {
        "sample": sample, "statuses": sorted(wanted), "frames": frames, "fps": fps, "max_frames": max_frames,
        "side": side, "val": val, "test": test, "license": license,
    }  # fmt: skip
    corpus.write_manifest(folder, shards, format="webdataset", version=VERSION, options=options)


def _part(board: Storyboard, part: corpus.Part) -> dict[str, Any]:
    """Return what a sample's JSON says of the storyboard: a part of it, with the document's own names."""
    media = board.media.model_dump(mode="json", exclude_none=True, exclude={"path", "problems"})
    if media.get("video"):
        media["video"].pop("frame_times", None)
    return {
        "sv6d": board.sv6d,
        "media": {"name": corpus.file_name(board.media), **media},
        "span": part.span.model_dump(),
        "shot": part.number,
        "units": [unit.model_dump(mode="json", exclude_none=True) for unit in part.units],
        "words": [word.model_dump(mode="json", exclude_none=True) for word in part.words],
    }


def _json(value: object) -> bytes:
    return compact(value).encode()


def _member(name: str, data: bytes) -> bytes:
    """Return one file of a tar as its blocks: no owner, no time, so that equal contents are equal bytes."""
    info = tarfile.TarInfo(name)
    info.size = len(data)
    padding = -len(data) % tarfile.BLOCKSIZE
    return info.tobuf(tarfile.USTAR_FORMAT) + data + bytes(padding)

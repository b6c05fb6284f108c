"""The video cut into clips by shot, beat or label expression: copied where that is exact, encoded where not.

A clip holds exactly the frames whose time lies in its span, each at its own distance from the first, so a variable
frame rate stays one. A copy is checked by decoding before it counts as one.
"""

from __future__ import annotations

import json
import wave
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from sestina.core.card import Card
from sestina.core.errors import MediaError, SestinaError
from sestina.core.registry import exporters
from sestina.core.storyboard import Storyboard
from sestina.core.time import seconds
from sestina.export._film import Film, Sound
from sestina.export._pieces import Piece, pieces
from sestina.media.cutting import PacketTable, Run, copy_run, uncopiable
from sestina.media.decode import pictures
from sestina.media.encode import VideoWriter
from sestina.media.probe import probe

INDEX = "index.json"
WORST_CRF = 51
"""Of x264, at 8 bits a sample."""


@exporters.register(
    "clips",
    suffix="",
    card=Card(summary="The video cut by shots, beats or a label expression: frame-exact, stream copy where exact."),
)
def clips(
    storyboard: Storyboard,
    folder: Path,
    *,
    by: str = "shots",
    video: Path | None = None,
    copy: bool = True,
    crf: int = 18,
) -> None:
    """Write one file a part into `folder`, and an `index.json` that lists spans, frames and how each was cut.

    Args:
        storyboard: the document.
        folder: exists and is empty.
        by: `shots`, `beats`, or an expression over labels (see `core.query`).
        video: the storyboard's video.
        copy: whether streams may be copied where that is exact; otherwise everything is encoded.
        crf: quality of what is encoded, 0 (lossless) .. 51 (x264).

    Raises QueryError for the expression, SestinaError without the video, MediaError where it is damaged.
    """
    if not 0 <= crf <= WORST_CRF:
        raise SestinaError(f"crf={crf} is no quality of x264", hint=f"from 0, lossless, to {WORST_CRF}")
    parts = pieces(storyboard, by)
    found: dict[str, dict[str, Any]] = {}
    film = Film(storyboard, video) if parts else None
    if film is not None and film.info.video is None:
        found = {part.name: _heard(film, part, folder) for part in parts}
    elif film is not None:
        reasons = dict(_copied(film, parts, folder)) if copy else {}
        left = [part for part in parts if reasons.get(part.name, "copying was switched off")]
        _encode(film, left, folder, crf)
        for part in parts:
            reason = reasons.get(part.name, "copying was switched off")
            found[part.name] = {"file": f"{part.name}.mp4", "cut": "encoded" if reason else "copied"}
            if reason:
                found[part.name] |= {"reason": reason, "changed": _changed(film)}
    index = {
        "format": "sestina clips 1",
        "video": storyboard.media.name,
        "sha256": storyboard.media.sha256,
        "same_file": film is None or film.is_same_file,
        "by": by,
        "clips": [{**found[part.name], **part.facts()} for part in parts],
    }
    (folder / INDEX).write_text(json.dumps(index, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _copied(film: Film, parts: tuple[Piece, ...], folder: Path) -> Iterator[tuple[str, str]]:
    """Copy what can be copied; yield every part's name, and why it could not be, "" for a copy that was checked."""
    never = uncopiable(film.info)
    packets = None if never else PacketTable(film.source, film.video)
    plan: list[tuple[Piece, Run]] = []
    for part in parts:
        run = packets.run(*_ticks(film, part), part.after - part.first) if packets is not None else never
        if isinstance(run, str):
            yield part.name, run
        else:
            plan.append((part, run))
    ends = [number for part, _ in plan for number in (part.first, part.after - 1)]
    truth = film.frames(ends)
    for part, run in plan:
        target = folder / f"{part.name}.mp4"
        wanted = [next(truth).rgb, next(truth).rgb]
        try:
            copy_run(film.source, film.info, run, target)
            wrong = _difference(film, part, target, wanted)
        except MediaError as error:
            wrong = str(error)
        yield part.name, f"the copy was not exact: {wrong}" if wrong else ""


def _ticks(film: Film, part: Piece) -> tuple[int, int]:
    """Return the tick of a part's first frame, and that at which its last one stops being shown."""
    table = film.table
    return int(table.pts[part.first]), int(table.pts[part.after]) if part.after < len(table) else table.end_pts


def _difference(film: Film, part: Piece, target: Path, wanted: list[Any]) -> str:
    """Return how a clip differs from its part: number and times of the frames, first and last picture; "" if not."""
    info = probe(target)
    table = info.frame_table()
    if table is None or len(table) != part.after - part.first:
        return "another number of frames"
    ours = film.table.pts[part.first : part.after] - film.table.pts[part.first]
    ratio = film.table.time_base / table.time_base
    if any(tick * ratio.denominator != own * ratio.numerator for tick, own in zip(table.pts, ours, strict=True)):
        return "other times"
    shown = pictures(target, info, [table.time_s(0), table.time_s(len(table) - 1)])
    same = all(np.array_equal(one.rgb, other) for one, other in zip(shown, wanted, strict=True))
    return "" if same else "other pictures"


def _encode(film: Film, parts: list[Piece], folder: Path, crf: int) -> None:
    """Encode parts one after another in one pass over the video and its sound."""
    sound = Sound(film) if film.info.audio is not None else None
    numbers = [number for part in parts for number in range(part.first, part.after)]
    shown = film.frames(numbers)
    table = film.table
    width, height = film.video.display_width, film.video.display_height
    for part in parts:
        start_pts, _ = _ticks(film, part)
        with VideoWriter(
            folder / f"{part.name}.mp4",
            width=width,
            height=height,
            rate=film.video.frame_rate,
            time_base=table.time_base,
            sample_rate_hz=sound.rate_hz if sound is not None else None,
            channels=sound.channels if sound is not None else 2,
            crf=crf,
            pixel_format="yuv444p" if width % 2 or height % 2 else "yuv420p",
            b_frames=0 if film.video.vfr else 3,
        ) as writer:
            for number in range(part.first, part.after):
                writer.add_frame(next(shown).rgb, pts=int(table.pts[number]) - start_pts)
                if sound is not None:
                    writer.add_audio(sound.read(table.time_s(number), table.time_s(number + 1)))


def _changed(film: Film) -> list[str]:
    """Return what encoding changes beside the loss of a generation."""
    video, audio = film.video, film.info.audio
    odd = bool(video.display_width % 2 or video.display_height % 2)
    says = {
        "HDR shown as SDR": video.hdr,
        f"{video.bit_depth} bits a sample to 8": video.bit_depth > 8,
        f"turned upright by {video.rotation_deg} degrees": video.rotation_deg != 0,
        "pixels made square": video.sar != 1,
        "colour at full size, since a side is odd": odd,
        "alpha laid over black": video.has_alpha,
        "interlaced lines woven": video.interlaced,
        f"{audio.channels if audio else 0} channels mixed to 2": audio is not None and audio.channels > 2,
    }
    return [said for said, holds in says.items() if holds]


def _heard(film: Film, part: Piece, folder: Path) -> dict[str, Any]:
    """Write a part of a file of sound alone as WAV, exact to the sample."""
    sound = Sound(film)
    samples = sound.read(part.span.start_s, part.span.end_s)
    name = f"{part.name}.wav"
    with wave.open(str(folder / name), "wb") as file:
        file.setnchannels(sound.channels)
        file.setsampwidth(2)
        file.setframerate(sound.rate_hz)
        file.writeframes(np.rint(np.clip(samples, -1, 1) * 32767).astype("<i2").T.tobytes())
    return {"file": name, "cut": "decoded", "duration_s": seconds(samples.shape[1] / sound.rate_hz)}

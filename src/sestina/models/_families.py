"""How families of local models are shown a video: as one video or as pictures, with which words, and who tells time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np

from sestina.core.frames import Picture
from sestina.core.prompting import Prompt
from sestina.models._wording import question_text, time_label

TICKS_HZ = 1000
"""Times are told to processors as numbers of frames of a video of so many frames a second."""


@dataclass(frozen=True, kw_only=True)
class Family:
    """One family.

    Args:
        sees: several frames as one `video`, or as `images` each after its time; a single frame is an image to all.
        tells_time: whether the family's own processor writes times to the tenth of a second.
        system: who it was trained to be, where it was always told so.
        frames: most frames it was trained on, 0 where that is no fixed number.
    """

    sees: Literal["video", "images"] = "images"
    tells_time: bool = False
    system: str = ""
    frames: int = 0


FAMILIES: Mapping[str, Family] = {
    # Cho et al., 2025: 32 frames, no times, one sentence of system; single pictures in tiles.
    "perception_lm": Family(
        sees="video", frames=32,
        system="You are a helpful language and vision assistant. You are able to understand the visual content that "
        "the user provides, and assist the user with a variety of tasks using natural language.",
    ),
    "qwen2_5_vl": Family(sees="video"),
    "qwen3_vl": Family(sees="video", tells_time=True),
    "qwen3_vl_moe": Family(sees="video", tells_time=True),
    # Its processor writes minutes and whole seconds.
    "smolvlm": Family(sees="video"),
    "internvl": Family(sees="video"),
}  # fmt: skip
OTHER = Family()
"""Any other model that takes pictures and words."""


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A prompt as a processor takes it: turns of the chat, pictures, and videos with their metadata."""

    turns: list[dict[str, Any]]
    images: list[Any]
    videos: list[Any]
    metadata: list[dict[str, Any]]

    def then(self, *turns: dict[str, Any]) -> Shown:
        """Return it with further turns."""
        return replace(self, turns=[*self.turns, *turns])


def shown(prompt: Prompt, family: Family, *, times: str) -> Shown:
    """Return how a family is shown a prompt.

    `times` says whether the frames' times are listed in words: `listed`, `none`, or `auto`, which lists them where a
    reply of a given form is wanted and the family is not told times otherwise. A bare question stays as trained.

    Raises ValueError for frames of different sizes in one video.
    """
    content: list[dict[str, Any]] = []
    images: list[Any] = []
    videos: list[Any] = []
    if len(prompt.frames) > 1 and family.sees == "video":
        videos.append(np.stack([frame.rgb for frame in prompt.frames]))
        content.append({"type": "video"})
        told = family.tells_time
    else:
        told = bool(prompt.frames) and family is OTHER
        for frame in prompt.frames:
            content += [text_part(time_label(frame))] if told else []
            content.append({"type": "image"})
            images.append(frame.rgb)
    listed = times == "listed" or (times == "auto" and prompt.schema is not None and not told)
    content.append(text_part(question_text(prompt, schema_in_words=True, times_in_words=listed)))
    system = prompt.system or family.system
    turns = [{"role": "system", "content": [text_part(system)]}] if system else []
    metadata = [metadata_of(prompt.frames)] if videos else []
    return Shown(turns=[*turns, {"role": "user", "content": content}], images=images, videos=videos, metadata=metadata)


def text_part(text: str) -> dict[str, Any]:
    """Return words as a part of a turn."""
    return {"type": "text", "text": text}


def metadata_of(frames: Sequence[Picture]) -> dict[str, Any]:
    """Return the metadata of a video whose frames lie at their own times, in milliseconds.

    The number of frames is chosen so that the rate that processors take from it is that of the mean distance.
    """
    ticks = [round(frame.time_s * TICKS_HZ) for frame in frames]
    step = max(1.0, (ticks[-1] - ticks[0]) / max(1, len(ticks) - 1))
    height, width = frames[0].rgb.shape[:2]
    return {
        "fps": float(TICKS_HZ), "frames_indices": ticks, "total_num_frames": round(step * len(ticks)),
        "duration": ticks[-1] / TICKS_HZ, "height": height, "width": width,
    }  # fmt: skip

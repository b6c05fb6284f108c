"""How long analysis takes against decoding alone, and how much memory against the length of the video.

Everything runs on one machine in one call, turn by turn, so that drifts of its speed cancel in the ratios.

    python -m benchmarks.speed --clips FOLDER      # a 1080p30 clip made from real ones in FOLDER
    python -m benchmarks.speed                     # the same from a rendered clip
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from benchmarks.tables import table
from sestina.media.decode import sweep
from sestina.media.encode import VideoWriter
from sestina.media.probe import probe
from sestina.media.source import resolve
from sestina.pipeline.analyze import Analysis, measure

REAL = ("sam2__01_dog.mp4", "sam2__04_coffee.mp4")
"""720p clips that are scaled up and joined where a folder of real clips is given: 19 s of people, hands and a dog."""
WIDTH, HEIGHT = 1920, 1080
DETECTORS = ("ocr", "asr", "faces", "voice")
"""Left out of the row that counts pixel and audio signals only."""
LENGTHS_S = (30, 120, 480)


def full_hd(folder: Path, clips: Path | None) -> Path:
    """Return a 1080p30 clip with sound, made once in `folder` from real clips or from the renderer's demo."""
    path = folder / ("real1080p30.mp4" if clips else "rendered1080p30.mp4")
    if path.exists():
        return path
    sources = [clips / name for name in REAL] if clips else [_demo(folder)]
    with VideoWriter(
        path, width=WIDTH, height=HEIGHT, rate=Fraction(30), sample_rate_hz=48_000, crf=23, gop=120
    ) as writer:
        for source in sources:
            _copy(source, writer)
    return path


def _demo(folder: Path) -> Path:
    from sestina.render.demo import demo_script
    from sestina.render.render import render

    path = folder / "demo.mp4"
    if not path.exists():
        render(demo_script(7), path)
    return path


def _copy(source: Path, writer: VideoWriter) -> None:
    with av.open(str(source)) as container:
        for count, frame in enumerate(container.decode(video=0), start=1):
            seconds = count / 30
            rgb = frame.reformat(width=WIDTH, height=HEIGHT, format="rgb24").to_ndarray()
            writer.add_frame(np.ascontiguousarray(rgb))
    tone = 0.1 * np.sin(2 * np.pi * 220 * np.arange(round(seconds * 48_000)) / 48_000)
    writer.add_audio(np.stack([tone, tone]).astype(np.float32))


def decode_only(path: Path) -> None:
    """Decode every frame and touch no pixel: the floor."""
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        stream.thread_type = "AUTO"
        stream.thread_count = 2
        for _ in container.decode(stream):
            pass


def sweep_only(path: Path) -> None:
    """Decode and shrink, with nobody looking."""
    source = resolve(path)
    for _ in sweep(source, probe(source)):
        pass


def timed(work: Callable[[], object]) -> float:
    """Return the wall seconds of `work()`."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def speed(path: Path, runs: int = 3) -> str:
    """Return a table of each job's median wall time, its ratio to decoding alone, and how many times real time."""
    source = resolve(path)
    duration_s = probe(source).duration_s
    last: dict[str, Analysis] = {}
    jobs: dict[str, Callable[[], object]] = {
        "decode only": lambda: decode_only(path),
        "decode and shrink": lambda: sweep_only(path),
        "pixel and audio signals": lambda: last.update(signals=measure(path, skip=DETECTORS)),
        "everything": lambda: last.update(everything=measure(path)),
    }
    spent: dict[str, list[float]] = {name: [] for name in jobs}
    for run in range(runs + 1):
        for name, job in jobs.items():
            seconds = timed(job)
            if run:
                spent[name].append(seconds)
    floor = statistics.median(spent["decode only"])
    rows = [
        (name, f"{(m := statistics.median(times)):.2f}", f"{m / floor:.2f}", f"{duration_s / m:.1f}")
        for name, times in spent.items()
    ]
    head = ("job", "wall s (median)", "x decode only", "x real time")
    return f"{path.name}, {duration_s:.1f} s\n\n{table(rows, head)}\n\n{stages(last['everything'])}"


def stages(analysis: Analysis) -> str:
    """Return a table of what each stage of one analysis took, the longest first."""
    found = sorted(analysis.storyboard.provenance.stages, key=lambda stage: -stage.wall_s)
    rows = [(stage.name, f"{stage.wall_s:.3f}") for stage in found if stage.wall_s >= 0.005]
    return table(rows, ("stage", "wall s"))


def memory(folder: Path, lengths_s: Sequence[int] = LENGTHS_S) -> str:
    """Return a table of the peak memory of a whole analysis, in a process of its own, against the video's length.

    The kernel's `VmHWM` and not `ru_maxrss`, which a new process inherits from the one that started it.
    """
    rows = []
    for length in lengths_s:
        path = _long(folder, length)
        code = (
            "import json,sys; from sestina.pipeline.analyze import measure; b=measure(sys.argv[1]);"
            "kb=next(int(line.split()[1]) for line in open('/proc/self/status') if line.startswith('VmHWM'));"
            "print(json.dumps([kb/1024, len(b.storyboard.items)]))"
        )
        done = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True)
        peak, units = json.loads(done.stdout)
        rows.append((f"{length}", f"{peak:.0f}", f"{units}"))
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return table(rows, ("video s", "peak MB", "units")) + f"\n\n(this process: {own:.0f} MB)"


def _long(folder: Path, length_s: int) -> Path:
    """Return a 720p30 video of `length_s` seconds with a cut every 4 s, written once."""
    path = folder / f"long{length_s}.mp4"
    if path.exists():
        return path
    rng = np.random.default_rng(3)
    scenes = [rng.integers(0, 255, (12, 20, 3), np.uint8) for _ in range(16)]
    tone = (0.1 * np.sin(2 * np.pi * 330 * np.arange(48_000) / 48_000)).astype(np.float32)
    with VideoWriter(path, width=1280, height=720, rate=Fraction(30), sample_rate_hz=48_000, crf=28) as writer:
        for second in range(length_s):
            large = np.kron(scenes[second // 4 % 16], np.ones((64, 72, 1), np.uint8))
            for frame in range(30):
                shift = 2 * (second % 4 * 30 + frame) % 150
                writer.add_frame(np.ascontiguousarray(large[:720, shift : shift + 1280]))
            writer.add_audio(np.stack([tone, tone]))
    return path


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clips", type=Path, help="folder of real clips")
    parser.add_argument("--folder", type=Path, help="where the clips made here are kept")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--no-memory", action="store_true")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = given.folder or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        print(speed(full_hd(folder, given.clips), given.runs))
        if not given.no_memory:
            print()
            print(memory(folder))


if __name__ == "__main__":
    main()
